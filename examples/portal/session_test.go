package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// post presses a button of this site.
func (w *world) post(path string, form url.Values) answer {
	w.t.Helper()
	return w.do("POST", w.portal+path, "application/x-www-form-urlencoded", form.Encode(), "Sec-Fetch-Site", "same-origin")
}

// discreet fails if the log has anything of a person or a login.
func (w *world) discreet() {
	w.t.Helper()
	log := w.log.String()
	for _, who := range personas.All() {
		for _, secret := range []string{who.Record.ID, who.Record.Name, who.Record.OldID, who.Account.Password} {
			if secret != "" && strings.Contains(log, secret) {
				w.t.Errorf("the log has %q", secret)
			}
		}
	}
	for _, token := range []string{"eyJ", "state=", "code=", TestSecret} {
		if strings.Contains(log, token) {
			w.t.Errorf("the log has %q:\n%s", token, log)
		}
	}
}

func TestALogoutHereEndsTheSessionAtTheProviderToo(t *testing.T) {
	for _, mode := range []Mode{Standard, FAPI2} {
		w := newWorldOf(t, mode)
		w.logIn("/profile", "level2").must(t, 200, "Nguyễn Văn An")
		w.get("/").must(t, 200, "Đang đăng nhập", "Nguyễn Văn An", "Đăng xuất")
		a := w.post("/logout", nil)
		a.must(t, 200, "Phiên tại trang này và phiên trên nền tảng định danh đều đã kết thúc")
		if !strings.HasPrefix(a.url.String(), w.portal+"/logged-out") {
			t.Errorf("%q: the logout ended at %s", mode, a.url)
		}
		w.get("/").must(t, 200, `href="/login"`)
		if to := w.do("GET", w.site.Platform.Issuer()+"/me", "", ""); to.url.Path == "/me" {
			t.Errorf("%q: the platform still knows the person", mode)
		}
		w.discreet()
	}
}

// awayLogout logs the person out at the platform, in another browser than the
// portal's.
func (w *world) awayLogout(handle string) {
	w.t.Helper()
	if err := w.site.Platform.EndSessions(w.t.Context(), handle); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.site.Platform.Deliver(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func TestALogoutAtTheProviderEndsTheSessionHereAndThePagesSayIt(t *testing.T) {
	for _, mode := range []Mode{Standard, FAPI2} {
		w := newWorldOf(t, mode)
		w.logIn("/profile", "level2").must(t, 200, "Nguyễn Văn An")
		w.awayLogout("namesake") // somebody else's
		w.get("/profile").must(t, 200, "Nguyễn Văn An")

		w.awayLogout("level2")
		a := w.get("/")
		a.must(t, 200, "Phiên của bạn tại trang này đã bị kết thúc", `href="/login"`)
		if strings.Contains(a.body, "Nguyễn Văn An") {
			t.Errorf("%q: the page still names the person", mode)
		}
		for _, path := range []string{"/profile", "/level2", "/papers", "/account"} {
			w.get(path).must(t, 401, "Phiên đã kết thúc", `href="/login?return=%2f`+path[1:])
		}
		w.post("/papers/refresh", nil).must(t, 401, "Phiên đã kết thúc", `href="/login?return=%2f"`)
		if log := w.log.String(); !strings.Contains(log, "the provider ended sessions") {
			t.Errorf("%q: the log does not say it:\n%s", mode, log)
		}
		a = w.logIn("/login?return=%2fpapers", "level2")
		a.must(t, 200, "Đăng ký tạm trú")
		w.get("/").must(t, 200, "Đang đăng nhập")
		w.discreet()
	}
}

func TestALockOfTheAccountEndsTheSessionHereToo(t *testing.T) {
	w := newWorld(t)
	w.logIn("/profile", "level2").must(t, 200, "Nguyễn Văn An")
	if err := w.site.Platform.SetLocks(t.Context(), "level2", platform.Locks{Account: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.site.Platform.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.get("/profile").must(t, 401, "Phiên đã kết thúc")
	w.discreet()
}

func TestANoticeThatTheProviderDidNotSignEndsNothing(t *testing.T) {
	w := newWorld(t)
	w.logIn("/profile", "level2")
	for _, token := range []string{"", "nonsense", "eyJhbGciOiJub25lIiwidHlwIjoibG9nb3V0K2p3dCJ9.e30."} {
		a := w.do("POST", w.portal+"/backchannel", "application/x-www-form-urlencoded", url.Values{"logout_token": {token}}.Encode())
		if a.status != http.StatusBadRequest {
			t.Errorf("%q: status %d", token, a.status)
		}
	}
	w.get("/profile").must(t, 200, "Nguyễn Văn An")
	if !strings.Contains(w.log.String(), "logout token refused") {
		t.Error("the log does not say that somebody tried")
	}
	w.discreet()
}

func TestAFormMayLeadToTheProviderAndNowhereElse(t *testing.T) {
	w := newWorld(t)
	policy := w.get("/").header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "form-action 'self' "+w.site.Platform.Issuer()+";") {
		t.Errorf("policy %q: browsers hold the redirect of a logout to form-action", policy)
	}
}

func TestWhoWasNotSentAwayDoesNotComeBackFromALogout(t *testing.T) {
	w := newWorld(t)
	w.logIn("/profile", "level2")
	w.get("/left").must(t, 403, "Cấp cho đơn vị hoặc giao dịch khác")
	w.get("/left?state=guessed").must(t, 403)
	w.get("/profile").must(t, 200, "Nguyễn Văn An") // and nobody was logged out by it
	w.discreet()
}

func TestTheHomePageSaysWhoIsLoggedInAndSendsNobodyAway(t *testing.T) {
	w := newWorld(t)
	a := w.get("/")
	a.must(t, 200, `href="/login"`, "OpenID Connect")
	if strings.Contains(a.body, "Đang đăng nhập") || len(a.header.Values("Set-Cookie")) > 0 {
		t.Error("a stranger is somebody, or got a cookie")
	}
	w.logIn("/profile", "level2")
	w.get("/").must(t, 200, "Đang đăng nhập", "Nguyễn Văn An")
	w.clock.Advance(2 * time.Hour)
	if a := w.get("/"); strings.Contains(a.body, "Đang đăng nhập") {
		t.Error("a session that is over is still shown")
	}
}

func TestFAPI2AsksForAKeyAndKnowsTheSamePerson(t *testing.T) {
	w := newWorldOf(t, FAPI2)
	still := *w.Client
	still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := still.Get(w.portal + "/login")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	to, err := res.Location()
	if err != nil {
		t.Fatal(err)
	}
	if q := to.Query(); len(q) != 2 || !q.Has("client_id") || !q.Has("request_uri") {
		t.Errorf("the browser carries %s, not just the name of a pushed request", to)
	}
	a := w.logIn("/level2", "level2")
	a.must(t, 200, "Nguyễn Văn An", "Đủ điều kiện", "Xác thực mức độ 2")
	w.get("/").must(t, 200, "FAPI 2.0")
	w.discreet()
}

func TestRefusalsAreLoggedWithoutThePerson(t *testing.T) {
	w := newWorld(t)
	w.logIn("/profile", "account-locked").must(t, 403)
	w.get("/callback?state=x&code=secret-code-of-a-test").must(t, 403)
	log := w.log.String()
	if !strings.Contains(log, "refused") || !strings.Contains(log, "page=/callback") {
		t.Errorf("the log lacks the refusals:\n%s", log)
	}
	if strings.Contains(log, "secret-code") {
		t.Errorf("the log has a code:\n%s", log)
	}
	w.discreet()
}
