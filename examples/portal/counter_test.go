package main

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

var bigNumber = regexp.MustCompile(`<p class="big code" role="status">([0-9]{2})</p>`)

// ask has the clerk type a person's number, and returns the one on the screen.
func (w *world) ask(handle string) (number string) {
	w.t.Helper()
	who, _ := personas.Get(handle)
	a := w.post("/counter", url.Values{"number": {who.Record.ID}})
	m := bigNumber.FindStringSubmatch(a.body)
	if m == nil {
		w.t.Fatalf("no number to compare: %d %s", a.status, a.body)
	}
	a.must(w.t, 200, "Đang chờ")
	if secs, err := strconv.Atoi(a.header.Get("Refresh")); err != nil || secs < 1 || secs > 30 {
		w.t.Errorf("Refresh: %q", a.header.Get("Refresh"))
	}
	return m[1]
}

// confirm has the person type a number into the app.
func (w *world) confirm(handle, number string) error {
	w.t.Helper()
	waiting, err := w.site.Platform.Prompts(w.t.Context(), handle)
	if err != nil || len(waiting) != 1 {
		w.t.Fatalf("%d prompts wait: %v", len(waiting), err)
	}
	if !strings.Contains(waiting[0].Message, "Quay 3") {
		w.t.Errorf("the telephone says %q", waiting[0].Message)
	}
	return w.site.Platform.Approve(w.t.Context(), handle, waiting[0].ID, platform.Approval{Number: number, Password: personas.Password, Face: true})
}

// another number than the one on the screen.
func other(number string) string {
	if number == "47" {
		return "48"
	}
	return "47"
}

func TestTheCounterAsksTheTelephoneAndShowsWhoConfirmed(t *testing.T) {
	for _, mode := range []Mode{Standard, FAPI2} {
		w := newWorldOf(t, mode)
		w.get("/counter").must(t, 200, "Xác thực tại quầy")
		number := w.ask("level2")
		w.clock.Advance(6 * time.Second)
		if a := w.get("/counter"); !strings.Contains(a.body, number) || strings.Contains(a.body, "Nguyễn Văn An") {
			t.Errorf("%q: not waiting any more, or with a name", mode)
		}
		if err := w.confirm("level2", number); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(6 * time.Second)
		for range 2 { // a reload asks nobody again
			w.get("/counter").must(t, 200, "Nguyễn Văn An", "*********001", "14/02/1990", "Tài khoản mức độ 2", "đối chiếu")
		}
		if a := w.post("/counter/end", nil); strings.Contains(a.body, "Nguyễn Văn An") {
			t.Error("the next person sees who was here")
		}
		// Nobody is logged in at the clerk's browser by it.
		if a := w.get("/"); strings.Contains(a.body, "Đang đăng nhập") {
			t.Error("the clerk has the citizen's session")
		}
		w.discreet()
	}
}

func TestTheClerksScreenForgetsTheOutcome(t *testing.T) {
	w := newWorld(t)
	if err := w.confirm("level2", w.ask("level2")); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(6 * time.Second)
	w.get("/counter").must(t, 200, "Nguyễn Văn An")
	w.clock.Advance(2*time.Minute + resultLife)
	a := w.get("/counter")
	a.must(t, 200, `name="number"`)
	if strings.Contains(a.body, "Nguyễn Văn An") {
		t.Error("the name stays on the screen")
	}
}

func TestWhoTypesAnotherNumberConfirmsNothing(t *testing.T) {
	w := newWorld(t)
	number := w.ask("level2")
	if err := w.confirm("level2", other(number)); err == nil {
		t.Error("the app takes another number")
	}
	w.clock.Advance(6 * time.Second)
	a := w.get("/counter")
	a.must(t, 403, "bị từ chối", `name="number"`)
	if strings.Contains(a.body, "Nguyễn Văn An") {
		t.Error("the page names the person")
	}
	w.discreet()
}

func TestATelephoneThatNobodyAnswersEndsByItself(t *testing.T) {
	w := newWorld(t)
	w.ask("level2")
	w.clock.Advance(2*time.Minute + time.Second)
	w.get("/counter").must(t, 403, "Đã hết hiệu lực")
	w.ask("level2") // and the next attempt may ring
	w.discreet()
}

func TestOneTelephoneRingsForOneRequest(t *testing.T) {
	w := newWorld(t)
	w.ask("level2")
	w.post("/counter/end", nil)
	w.post("/counter", url.Values{"number": {"999090000001"}}).must(t, 503, "Chưa kiểm tra được")
	if waiting, _ := w.site.Platform.Prompts(t.Context(), "level2"); len(waiting) != 1 {
		t.Errorf("%d prompts", len(waiting))
	}
	w.discreet()
}

func TestWhomNobodyKnowsIsNotAsked(t *testing.T) {
	w := newWorld(t)
	for _, number := range []string{"999090999999", "x"} {
		w.post("/counter", url.Values{"number": {number}}).must(t, 403, "Không có ai nhận được yêu cầu")
	}
	w.post("/counter", url.Values{"number": {""}}).must(t, 400)
	if strings.Contains(w.log.String(), "999090999999") {
		t.Error("the log has the number that was typed")
	}
	w.discreet()
}

func TestAClerksScreenIsOneBrowsersAndItsFormsAreThisSites(t *testing.T) {
	w := newWorld(t)
	number := w.ask("level2")
	still := *w.Client
	still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := still.PostForm(w.portal+"/counter", url.Values{"number": {"999191000011"}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if k := res.Cookies(); len(k) != 1 || !k[0].HttpOnly || k[0].SameSite != http.SameSiteStrictMode || k[0].Path != "/counter" ||
		strings.Contains(res.Header.Get("Location"), k[0].Value) {
		t.Errorf("the ticket is kept as %v", k)
	}
	second := *w
	jar, _ := cookiejar.New(nil)
	second.Client = &http.Client{Jar: jar}
	if a := second.get("/counter"); strings.Contains(a.body, ">"+number+"<") {
		t.Error("another browser sees the number")
	}
	a := w.do("POST", w.portal+"/counter", "application/x-www-form-urlencoded", "number=999090000003", "Sec-Fetch-Site", "cross-site")
	if a.status != http.StatusForbidden {
		t.Errorf("another site's form: status %d", a.status)
	}
	if waiting, _ := w.site.Platform.Prompts(t.Context(), "namesake"); len(waiting) != 0 {
		t.Error("another site made a telephone ring")
	}
}
