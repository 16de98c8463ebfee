package rp_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/web/rp"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/registers"
)

var vietnam = time.FixedZone("UTC+7", 7*60*60)

func (w *world) at(t time.Time) {
	w.t.Helper()
	if err := w.site.Platform.SetClock(w.t.Context(), "", t); err != nil {
		w.t.Fatal(err)
	}
}

func oldForm(user, password string, more ...string) url.Values {
	v := url.Values{"username": {user}, "password": {password}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

const portal = "/rp/national-portal"

// Whoever agrees to a login and to nothing else is logged in all the same, and walked
// round in no circle.
func TestWhoKeepsTheirNameBackIsLoggedIn(t *testing.T) {
	p := open(t).person("level2")
	for _, party := range []string{portal, "/rp/hotel"} {
		a := p.get(party + "/login")
		for n := 0; csrf.MatchString(a.body) && n < 4; n++ {
			form := p.fill(a.body)
			form.Del("scope")
			a = p.post(a.path, form)
		}
	}
	if a := p.get("/rp/hotel/stays"); a.status != 200 || a.path != "/rp/hotel/stays" || !strings.Contains(a.body, "chưa gửi được thông báo") || strings.Contains(a.body, `name="room"`) {
		t.Errorf("the hotel: %d at %s", a.status, a.path)
	}
	for _, path := range []string{portal, portal + "/dossiers", portal + "/link"} {
		if a := p.get(path); a.status != 200 || a.path != path || !strings.Contains(a.body, "không chia sẻ họ tên") || strings.Contains(a.body, `class="button" href="/rp/national-portal/login"`) {
			t.Errorf("%s: %d at %s", path, a.status, a.path)
		}
	}
}

func TestThePortalsOwnPasswordsEndWithTheThirtiethOfJune(t *testing.T) {
	w := open(t)
	w.at(time.Date(2024, 6, 30, 23, 59, 30, 0, vietnam))
	p := w.person("level2")
	if a := p.post(portal+"/old", oldForm("nguyen-van-an", "sai")); a.status != 401 {
		t.Errorf("a wrong password: %d", a.status)
	}
	if a := p.post(portal+"/old", oldForm("nobody", rp.Password)); a.status != 401 {
		t.Errorf("nobody's name: %d", a.status)
	}
	a := p.post(portal+"/old", oldForm("nguyen-van-an", rp.Password))
	if a.status != 200 || a.path != portal+"/dossiers" || !strings.Contains(a.body, "DVC-0001") || !strings.Contains(a.body, "khớp CSDL dân cư") {
		t.Fatalf("a minute before: %d at %s", a.status, a.path)
	}
	if a := w.person("level2").get(portal + "/dossiers"); a.path != portal+"/old" {
		t.Errorf("a stranger came to %s", a.path)
	}
	w.at(time.Date(2024, 7, 1, 0, 0, 0, 0, vietnam))
	if a := p.get(portal + "/dossiers"); strings.Contains(a.body, "DVC-0001") {
		t.Error("the old session outlives the passwords")
	}
	if a := p.post(portal+"/old", oldForm("nguyen-van-an", rp.Password)); a.status != 403 || !strings.Contains(a.body, "30/06/2024") {
		t.Errorf("at midnight: %d", a.status)
	}
	if a := p.get(portal + "/old"); strings.Contains(a.body, `name="password"`) {
		t.Error("the form is still there")
	}
	if a := p.walk(p.get(portal + "/login")); a.status != 200 || a.path != portal+"/profile" {
		t.Errorf("VNeID: %d at %s", a.status, a.path)
	}
}

func TestTooManyWrongPasswordsWait(t *testing.T) {
	w := open(t)
	w.at(time.Date(2024, 6, 1, 12, 0, 0, 0, vietnam))
	p := w.person("level2")
	for range 5 {
		p.post(portal+"/old", oldForm("nguyen-van-an", "sai"))
	}
	if a := p.post(portal+"/old", oldForm("nguyen-van-an", rp.Password)); a.status != 429 {
		t.Errorf("the sixth: %d", a.status)
	}
	w.at(time.Date(2024, 6, 1, 12, 16, 0, 0, vietnam))
	if a := p.post(portal+"/old", oldForm("nguyen-van-an", rp.Password)); a.status != 200 {
		t.Errorf("a quarter of an hour later: %d", a.status)
	}
}

var ticket = regexp.MustCompile(`name="ticket" value="([^"]+)"`)

func TestAnOldAccountIsLinkedByItsMatchedNumber(t *testing.T) {
	w := open(t)
	p := w.person("level2")
	a := p.walk(p.get(portal + "/link"))
	found := ticket.FindStringSubmatch(a.body)
	if a.path != portal+"/link" || found == nil || strings.Contains(a.body, "DVC-") {
		t.Fatalf("%d at %s\n%s", a.status, a.path, a.body)
	}
	for name, form := range map[string]url.Values{
		"a wrong password": oldForm("nguyen-van-an", "sai", "ticket", found[1]),
		"another account":  oldForm("tran-thi-binh", rp.Password, "ticket", found[1]),
		"no ticket":        oldForm("nguyen-van-an", rp.Password),
	} {
		if a := p.post(portal+"/link", form); a.status != 403 || strings.Contains(a.body, "DVC-") {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	found = ticket.FindStringSubmatch(p.get(portal + "/link").body)
	if a := p.post(portal+"/link", oldForm("nguyen-van-an", rp.Password, "ticket", found[1])); a.status != 200 || !strings.Contains(a.body, "DVC-0001") {
		t.Fatalf("%d at %s", a.status, a.path)
	}
	if a := p.get(portal + "/dossiers"); !strings.Contains(a.body, "DVC-0001") {
		t.Error("the filings are not those of the account")
	}
	// Who did not do that learns of it.
	list, err := w.site.Platform.Inbox(t.Context(), "level2", 10)
	if err != nil || len(list) != 1 || !strings.Contains(list[0].Body.Vi+list[0].Title.Vi, "mô phỏng") {
		t.Errorf("%+v %v", list, err)
	}
	if a := w.person("level1"); true {
		if got := a.walk(a.get(portal + "/link")); got.status != 403 {
			t.Errorf("account level 1 links: %d", got.status)
		}
	}
}

func TestANumberThatFitsNoRegisterIsInConflict(t *testing.T) {
	w := open(t)
	who, _ := personas.Get("no-app")
	p := w.person("level2")
	p.walk(p.get(portal + "/login"))
	number := func(user, number string) answer {
		return p.post(portal+"/number", oldForm(user, rp.Password, "number", number))
	}
	for name, a := range map[string]answer{
		"nobody's number":             number("chua-co-so", "999090999998"),
		"somebody else's number":      number("chua-co-so", "999090000001"),
		"no number":                   number("chua-co-so", "12"),
		"a number under another name": number("so-sai", who.Record.ID),
	} {
		if a.status != 409 || !strings.Contains(a.body, `role="alert"`) {
			t.Errorf("%s: %d at %s", name, a.status, a.path)
		}
	}
	if a := number("chua-co-so", who.Record.ID); a.status != 200 || a.path != portal+"/link" {
		t.Errorf("their own number: %d at %s", a.status, a.path)
	}

	// The account holds a number that is somebody else's: its own password does not help.
	other, _ := personas.Get("guardian")
	victim := ""
	for _, q := range personas.All() {
		if q.Record.ID == "999090000003" {
			victim = q.Handle
		}
	}
	if victim == "" || victim == other.Handle {
		t.Fatal("nobody has that number")
	}
	v := w.person(victim)
	a := v.walk(v.get(portal + "/link"))
	found := ticket.FindStringSubmatch(a.body)
	if found == nil {
		t.Fatalf("%d at %s", a.status, a.path)
	}
	if a := v.post(portal+"/link", oldForm("so-nguoi-khac", rp.Password, "ticket", found[1])); a.status != 409 {
		t.Errorf("an account with somebody else's number: %d", a.status)
	}
	if err := w.site.Platform.SetWeather("register population", platform.Weather{Down: true}); err != nil {
		t.Fatal(err)
	}
	if a := number("chua-co-so", who.Record.ID); a.status != 503 || !w.site.Platform.Registers().Off(registers.Population) {
		t.Errorf("the register is off: %d", a.status)
	}
}

func TestThePartiesGoOnWhenTheClockIsPutBack(t *testing.T) {
	w := open(t)
	p := w.person("level2")
	if a := p.walk(p.get("/rp/bank/login")); a.status != 200 {
		t.Fatalf("%d", a.status)
	}
	w.at(time.Date(2024, 5, 1, 9, 0, 0, 0, vietnam))
	q := w.person("namesake")
	if a := q.walk(q.get("/rp/bank/login")); a.status != 200 || a.path != "/rp/bank/profile" {
		t.Errorf("two years earlier: %d at %s", a.status, a.path)
	}
}
