package main

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/sso"
)

var ends = regexp.MustCompile(`Hết hạn lúc</dt><dd>([^<]+)<`)

func (a answer) ends(t *testing.T) string {
	t.Helper()
	m := ends.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("%s does not say when the token ends", a.url.Path)
	}
	return m[1]
}

func TestTheAPIAnswersForThePersonByTheirToken(t *testing.T) {
	for mode, words := range map[Mode]string{Standard: "bất kỳ ai có nó (bearer)", FAPI2: "chỉ trang này, vì gắn với khóa của trang (DPoP)"} {
		w := newWorldOf(t, mode)
		w.logIn("/papers", "level2").must(t, 200, "Đăng ký tạm trú", "Access token", words)
		w.discreet()
	}
}

func TestTheAPIIsClosedToWhoeverBringsNoToken(t *testing.T) {
	w := newWorld(t)
	w.logIn("/papers", "level2").must(t, 200)
	// The browser's session is no access token, and neither is a word.
	for _, header := range [][]string{nil, {"Authorization", "Bearer nonsense"}} {
		a := w.do("GET", w.portal+"/api/papers", "", "", header...)
		if a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") == "" || strings.Contains(a.body, "tạm trú") {
			t.Errorf("%q: status %d, %q", header, a.status, a.body)
		}
	}
}

// bearer logs a person in as the client of the Standard mode and returns an HTTP
// client with the access token, which is bound to nothing.
func (w *world) bearer(handle string) *http.Client {
	w.t.Helper()
	client, err := sso.New(sso.Config{
		Issuer: w.site.Platform.Issuer(), ClientID: "portal", ClientSecret: TestSecret, RedirectURL: w.portal + "/callback", Now: w.clock.Now,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	to, session, err := client.Begin(w.t.Context(), sso.Ask{})
	if err != nil {
		w.t.Fatal(err)
	}
	away, back := *w, ""
	stop := *w.Client
	stop.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), w.portal) {
			back = r.URL.RawQuery
			return http.ErrUseLastResponse
		}
		return nil
	}
	away.Client = &stop
	away.walk(away.do("GET", to, "", ""), handle)
	id, err := client.Finish(w.t.Context(), session, back)
	if err != nil {
		w.t.Fatal(err)
	}
	api, err := client.Access(id.Tokens(), func(context.Context, *sso.Tokens) error { return nil }, w.portal)
	if err != nil {
		w.t.Fatal(err)
	}
	return api
}

func TestTheAPIOfFAPI2TakesNoBearerToken(t *testing.T) {
	for mode, want := range map[Mode]int{Standard: http.StatusOK, FAPI2: http.StatusUnauthorized} {
		w := newWorldOf(t, mode)
		res, err := w.bearer("level2").Get(w.portal + "/api/papers")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%q: status %d, want %d", mode, res.StatusCode, want)
		}
		w.discreet()
	}
}

func TestATokenThatIsAboutToEndIsReplacedOnTheWay(t *testing.T) {
	for _, mode := range []Mode{Standard, FAPI2} {
		w := newWorldOf(t, mode)
		first := w.logIn("/papers", "level2").ends(t)
		if again := w.get("/papers"); again.ends(t) != first || strings.Contains(again.body, "đã được thay") {
			t.Errorf("%q: replaced although it is good", mode)
		}
		w.clock.Advance(4*time.Minute + 45*time.Second)
		a := w.get("/papers")
		a.must(t, 200, "Đăng ký tạm trú", "nên đã được thay trong lúc gọi API")
		if a.ends(t) == first {
			t.Errorf("%q: not replaced", mode)
		}
		if b := w.get("/papers"); b.ends(t) != a.ends(t) {
			t.Errorf("%q: the session did not keep the new token", mode)
		}
		w.discreet()
	}
}

func TestTheButtonReplacesTheTokenAndIsForFormsOfThisSiteOnly(t *testing.T) {
	w := newWorld(t)
	first := w.logIn("/papers", "level2").ends(t)
	w.clock.Advance(time.Minute)
	if a := w.do("POST", w.portal+"/papers/refresh", "", "", "Sec-Fetch-Site", "cross-site"); a.status != http.StatusForbidden {
		t.Errorf("another site's form: status %d", a.status)
	}
	if w.get("/papers").ends(t) != first {
		t.Error("another site's form replaced the token")
	}
	a := w.post("/papers/refresh", nil)
	a.must(t, 200, "Đã thay token")
	if a.ends(t) == first {
		t.Error("the button does nothing")
	}
	w.discreet()
}

func TestALockedAccountGetsNoFreshToken(t *testing.T) {
	w := newWorld(t)
	w.logIn("/papers", "level2").must(t, 200)
	if err := w.site.Platform.SetLocks(t.Context(), "level2", platform.Locks{Account: true}); err != nil {
		t.Fatal(err)
	}
	w.post("/papers/refresh", nil).must(t, 403)
	w.discreet()
}

func TestTheAPICanAskForAStrongerLogin(t *testing.T) {
	w := newWorld(t)
	w.logIn("/papers", "level2").must(t, 200, "cần Xác thực mức độ 2")
	to := w.redirect("/papers/full")
	if !strings.HasPrefix(to, w.site.Platform.Issuer()+"/authorize?") {
		t.Fatalf("the API's demand leads to %q", to)
	}
	a := w.logIn("/papers/full", "level2")
	a.must(t, 200, "Xác nhận thông tin hộ tịch")
	if a.url.Path != "/papers/full" {
		t.Errorf("the person came back to %s", a.url.Path)
	}
	w.discreet()
}
