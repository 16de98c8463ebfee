package rp_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

func TestEveryPartyIsRegisteredByItsClass(t *testing.T) {
	w := open(t)
	classes := map[platform.ClientClass]bool{}
	for _, id := range all {
		c, err := w.site.Platform.Client(t.Context(), id)
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		classes[c.Class] = true
		if !strings.HasSuffix(c.Name, "(mô phỏng)") {
			t.Errorf("%s is called %s: not marked as a stand-in", id, c.Name)
		}
		if business := c.Class == platform.ClassBusiness; business != (c.Channel == platform.ChannelProvider) || business != (c.Provider != "") {
			t.Errorf("%s: class %s, channel %s", id, c.Class, c.Channel)
		}
	}
	if len(classes) != 4 {
		t.Errorf("classes %v", classes)
	}
}

var subject = regexp.MustCompile(`<code class="small">([A-Za-z0-9_-]{43})</code>`)

func TestSomebodyLogsInAtEveryPartyAndHasAnotherNameAtEach(t *testing.T) {
	w := open(t)
	p := w.person("level2")
	who, _ := personas.Get("level2")
	names := map[string]string{}
	for _, id := range all {
		if a := p.get("/rp/" + id); a.status != 200 || !strings.Contains(a.body, platform.Banner) || !strings.Contains(a.body, "/login") {
			t.Fatalf("%s: first page %d", id, a.status)
		}
		a := p.walk(p.get("/rp/" + id + "/login"))
		if a.status != 200 || a.path != "/rp/"+id+"/profile" || !strings.Contains(a.body, who.Record.Name) {
			t.Fatalf("%s: %d at %s\n%s", id, a.status, a.path, a.body)
		}
		if strings.Contains(a.body, who.Record.ID) {
			t.Errorf("%s shows the whole number", id)
		}
		sub := subject.FindStringSubmatch(a.body)
		if sub == nil {
			t.Fatalf("%s: no subject", id)
		}
		if other := names[sub[1]]; other != "" {
			t.Errorf("%s and %s know the person by one name", id, other)
		}
		names[sub[1]] = id
		if a := p.walk(p.get("/rp/" + id + "/level2")); a.status != 200 || a.path != "/rp/"+id+"/level2" {
			t.Errorf("%s: level 2: %d at %s", id, a.status, a.path)
		}
	}
	if a := p.get("/rp/bank"); !strings.Contains(a.body, "Đã đăng nhập") {
		t.Error("the first page does not know who is there")
	}
}

func TestAccountLevelOneIsRefusedBelowLevelTwo(t *testing.T) {
	w := open(t)
	for handle, want := range map[string]int{"level2": 200, "level1": 403, "eid-locked": 403} {
		p := w.person(handle)
		if a := p.walk(p.get("/rp/public-security/login")); a.status != 200 {
			t.Fatalf("%s: the login: %d", handle, a.status)
		}
		if a := p.walk(p.get("/rp/public-security/level2")); a.status != want {
			t.Errorf("%s: %d", handle, a.status)
		}
	}
}

func TestALogoutEndsBothSessions(t *testing.T) {
	w := open(t)
	for _, id := range []string{"union", "bank"} {
		p := w.person("level2")
		p.walk(p.get("/rp/" + id + "/login"))
		a := p.walk(p.post("/rp/"+id+"/logout", nil))
		if a.path == "/logout" { // the platform asks, since no hint tells whose session it is
			a = p.post("/logout?"+p.sent[len(p.sent)-1].URL.RawQuery, url.Values{"csrf": {csrf.FindStringSubmatch(a.body)[1]}, "decision": {"allow"}})
		}
		if a.status != 200 || a.path != "/rp/"+id+"/bye" {
			t.Errorf("%s: %d at %s", id, a.status, a.path)
		}
		if a := p.get("/rp/" + id + "/profile"); !strings.HasPrefix(a.path, "/interaction/") {
			t.Errorf("%s: afterwards at %s", id, a.path)
		}
	}
	// A logout at one party ends what the person has at another, by way of the platform.
	p := w.person("level2")
	p.walk(p.get("/rp/union/login"))
	p.walk(p.get("/rp/ministry/login"))
	if err := w.site.Platform.EndSessions(t.Context(), "level2"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.site.Platform.Deliver(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"union", "ministry"} {
		if a := p.get("/rp/" + id + "/profile"); !strings.HasPrefix(a.path, "/interaction/") {
			t.Errorf("%s: after the end of all sessions at %s with %d", id, a.path, a.status)
		}
	}
}

// No cookie of the platform's reaches a party's pages by name, and none of a party's
// leaves its path.
func TestCookiesOfThePartiesAreApart(t *testing.T) {
	w := open(t)
	p := w.person("level2")
	p.walk(p.get("/rp/bank/login"))
	p.walk(p.get("/rp/hotel/login"))
	p.sent = nil
	p.get("/rp/bank/profile")
	p.get("/me")
	for _, r := range p.sent {
		for _, c := range r.Cookies() {
			ours := strings.HasPrefix(c.Name, "rp-bank.")
			if ours != strings.HasPrefix(r.URL.Path, "/rp/bank") && c.Name[:3] == "rp-" {
				t.Errorf("%s is sent to %s", c.Name, r.URL.Path)
			}
		}
	}
	u, err := url.Parse(w.base)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/rp/bank": "rp-bank.", "/rp/hotel": "rp-hotel.", "/rp": "", "/me": ""} {
		u.Path = path
		got := ""
		for _, c := range p.Client.Jar.Cookies(u) {
			if strings.HasPrefix(c.Name, "rp-") {
				got = c.Name
			}
		}
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("at %s there is %q", path, got)
		}
	}
}

func TestDocumentsAreAskedForWithAPurpose(t *testing.T) {
	w := open(t)
	for id, want := range map[string][]string{
		"bank":            {"Căn cước điện tử", "•••", "Đã đủ 18 tuổi"},
		"ministry":        {"Giấy phép lái xe", "Đã đủ 18 tuổi"},
		"social-security": {"Nguyễn Văn An"},
		"hotel":           {"Nguyễn Văn An", "•••"},
	} {
		p := w.person("level2")
		p.walk(p.get("/rp/" + id + "/login"))
		if a := p.get("/rp/" + id + "/ask"); a.status != 200 || !strings.Contains(a.body, "Bắt buộc") {
			t.Fatalf("%s: %d", id, a.status)
		}
		a := p.walk(p.post("/rp/"+id+"/ask", nil))
		if a.status != 200 || a.path != "/rp/"+id+"/answer" {
			t.Fatalf("%s: %d at %s\n%s", id, a.status, a.path, a.body)
		}
		for _, text := range append(want, "Đã xác minh", "Biên nhận đồng ý") {
			if !strings.Contains(a.body, text) {
				t.Errorf("%s: the answer lacks %s", id, text)
			}
		}
		if who, _ := personas.Get("level2"); strings.Contains(a.body, who.Record.ID) {
			t.Errorf("%s shows the whole number", id)
		}
	}
}

func TestWhatIsDeclinedOrLockedIsNotUsed(t *testing.T) {
	w := open(t)
	p := w.person("level2")
	p.walk(p.get("/rp/bank/login"))
	p.refuse = true
	if a := p.walk(p.post("/rp/bank/ask", nil)); a.status != 200 || !strings.Contains(a.body, "Không có giấy tờ nào được chia sẻ") {
		t.Errorf("declined: %d at %s", a.status, a.path)
	}
	p.refuse = false
	if a := p.walk(p.post("/rp/bank/ask", nil)); a.path != "/rp/bank/answer" || !strings.Contains(a.body, "Mã số thuế") {
		t.Fatalf("agreed: %d at %s", a.status, a.path)
	}
	if err := w.site.Platform.SetLocks(t.Context(), "level2", platform.Locks{EID: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.site.Platform.Deliver(context.Background()); err != nil {
		t.Fatal(err)
	}
	if a := p.get("/rp/bank/answer"); strings.Contains(a.body, "Mã số thuế") || !strings.Contains(a.body, "không được dùng lúc này") {
		t.Errorf("locked: %d", a.status)
	}
	low := w.person("level1")
	low.walk(low.get("/rp/bank/login"))
	if a := low.walk(low.post("/rp/bank/ask", nil)); a.status != 403 {
		t.Errorf("account level 1: %d at %s", a.status, a.path)
	}
}

func TestAStayIsNotifiedFromALogin(t *testing.T) {
	w := open(t)
	p := w.person("level2")
	p.walk(p.get("/rp/hotel/login"))
	leave := w.site.Platform.Now().Add(48 * time.Hour).Format(time.DateOnly)
	a := p.post("/rp/hotel/stays", url.Values{"room": {"101"}, "leave": {leave}})
	if a.status != 200 || !strings.Contains(a.body, "Đã gửi thông báo lưu trú") || !strings.Contains(a.body, ">101<") {
		t.Fatalf("%d at %s\n%s", a.status, a.path, a.body)
	}
	if a := p.post("/rp/hotel/stays", url.Values{"room": {"102"}, "leave": {leave}}); a.status != 422 {
		t.Errorf("the same night twice: %d", a.status)
	}
	if a := p.post("/rp/hotel/stays", url.Values{"room": {"103"}, "leave": {"2020-01-01"}}); a.status != 422 {
		t.Errorf("leaving before coming: %d", a.status)
	}
	other := w.person("namesake")
	other.walk(other.get("/rp/hotel/login"))
	if a := other.get("/rp/hotel/stays"); strings.Contains(a.body, ">101<") {
		t.Error("another guest sees the stay")
	}
}

func TestWhatAPartyDoesNotHaveIsNotThere(t *testing.T) {
	w := open(t)
	p := w.person("level2")
	for path, want := range map[string]int{
		"/rp": 200, "/rp/bank": 200, "/rp/nobody": 404, "/rp/bank/nothing": 404, "/rp/union/ask": 404, "/rp/bank/stays": 404, "/rp/bank/old": 404, "/rp/bank/link": 404,
	} {
		if a := p.get(path); a.status != want || !strings.Contains(a.body, platform.Banner) {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for _, lang := range []string{"vi", "en"} {
		for _, id := range all {
			a := p.get("/rp/" + id + "?lang=" + lang)
			if !strings.Contains(a.body, fmt.Sprintf(`<html lang="%s"`, lang)) || strings.Contains(a.body, "<img") && strings.Contains(a.body, "logo") {
				t.Errorf("%s in %s", id, lang)
			}
		}
	}
	for _, path := range []string{"/rp/bank/logout", "/rp/bank/backchannel", "/rp/bank/events"} {
		if a := p.get(path); a.status != http.StatusMethodNotAllowed && a.status != 404 {
			t.Errorf("GET %s: %d", path, a.status)
		}
	}
}
