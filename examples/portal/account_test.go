package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var ticketField = regexp.MustCompile(`name="ticket" value="([^"]+)"`)

// old fills in the form of the account page.
func (a answer) old(t *testing.T, user, password string) url.Values {
	t.Helper()
	m := ticketField.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("%s has no candidate:\n%s", a.url.Path, a.body)
	}
	return url.Values{"ticket": {m[1]}, "username": {user}, "password": {password}}
}

func TestAnOldAccountIsLinkedByALoginToItAndStaysSo(t *testing.T) {
	w := newWorld(t)
	a := w.logIn("/account", "level2")
	a.must(t, 200, "có thể là của bạn", "số định danh cá nhân hiện tại", "*********001")
	if strings.Contains(a.body, "TK-001") {
		t.Error("the page shows the account before anybody proved that it is theirs")
	}
	w.post("/account/link", a.old(t, "an", TestPassword)).must(t, 200, "Đã liên kết", "TK-001")
	w.post("/logout", nil)
	w.logIn("/account", "level2").must(t, 200, "TK-001") // by the login alone
	w.discreet()
}

func TestWhatDoesNotProveTheOldAccountLinksNothing(t *testing.T) {
	w := newWorld(t)
	a := w.logIn("/account", "level2")
	later := a.old(t, "an", TestPassword)
	for name, form := range map[string]url.Values{
		"a wrong password":                  a.old(t, "an", "guess"),
		"a name that nobody has":            a.old(t, "nobody", TestPassword),
		"a login to somebody else's":        a.old(t, "giang", TestPassword),
		"no ticket":                         {"username": {"an"}, "password": {TestPassword}},
		"a ticket of nobody's making":       {"ticket": {"AAAA"}, "username": {"an"}, "password": {TestPassword}},
		"a new account while there is one?": nil,
	} {
		path := "/account/link"
		if form == nil {
			path = "/account/new"
		}
		if b := w.post(path, form); b.status != http.StatusForbidden || strings.Contains(b.body, "TK-0") {
			t.Errorf("%s: status %d", name, b.status)
		}
	}
	if b := w.do("POST", w.portal+"/account/link", "application/x-www-form-urlencoded", later.Encode(), "Sec-Fetch-Site", "cross-site"); b.status != http.StatusForbidden {
		t.Errorf("another site's form: status %d", b.status)
	}
	w.clock.Advance(rest) // longer than a ticket lives
	w.post("/account/link", later).must(t, 403, "Chưa liên kết: đã quá lâu")
	b := w.get("/account")
	b.must(t, 200, "có thể là của bạn") // still only a candidate: none of it linked
	w.post("/account/link", b.old(t, "an", TestPassword)).must(t, 200, "Đã liên kết")
	w.discreet()
}

func TestATicketOfAnotherPersonsLinksNothing(t *testing.T) {
	w := newWorld(t)
	planted := w.logIn("/account", "level2").old(t, "an", TestPassword)
	w.post("/logout", nil)
	w.logIn("/account", "guardian").must(t, 200, "khác với thông tin định danh")
	if a := w.post("/account/link", planted); a.status != http.StatusForbidden || strings.Contains(a.body, "TK-001") {
		t.Errorf("status %d", a.status)
	}
	w.post("/logout", nil)
	w.logIn("/account", "level2").must(t, 200, "có thể là của bạn")
	w.discreet()
}

func TestTwoOldAccountsAreForAClerk(t *testing.T) {
	w := newWorld(t)
	a := w.logIn("/account", "namesake")
	a.must(t, 200, "không liên kết tài khoản nào", "quầy")
	if strings.Contains(a.body, "TK-0") {
		t.Error("the page names other accounts")
	}
	if !strings.Contains(w.log.String(), "TK-003") {
		t.Error("the log does not say which accounts a clerk must look at")
	}
	w.discreet()
}

func TestWhoIsUnknownGetsAnAccountOfTheirOwn(t *testing.T) {
	w := newWorld(t)
	w.logIn("/account", "no-app").must(t, 200, "chưa có tài khoản nào")
	w.post("/account/new", nil).must(t, 200, "Đã liên kết")
	w.get("/account").must(t, 200, "Tài khoản của bạn")
	w.discreet()
}

func TestLevel1LinksNothing(t *testing.T) {
	w := newWorld(t)
	w.logIn("/account", "level1").must(t, 403, "Công an xã/phường/đặc khu")
	w.discreet()
}

func TestGuessingOldPasswordsEnds(t *testing.T) {
	w := newWorld(t)
	a := w.logIn("/account", "level2")
	wrong := [][2]string{{"an", "guess"}, {"nobody", TestPassword}, {"giang", TestPassword}, {"an2", TestPassword}, {"", ""}}
	for _, try := range wrong[:maxFailed] { // another's right password looks like a wrong one
		w.post("/account/link", a.old(t, try[0], try[1])).must(t, 403, "không đúng, hoặc")
	}
	w.post("/account/link", a.old(t, "an", TestPassword)).must(t, 403, "Sai quá nhiều lần")
	w.clock.Advance(rest)
	w.post("/account/link", w.get("/account").old(t, "an", TestPassword)).must(t, 200, "Đã liên kết")
}
