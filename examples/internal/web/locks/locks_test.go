package locks_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

type house struct {
	*web.Site
	t     *testing.T
	base  string
	clock platform.Clock
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t}
	h.clock.Set(time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)) // a Friday
	srv := httptest.NewUnstartedServer(nil)
	h.base = "http://" + srv.Listener.Addr().String()
	site, err := web.New(t.Context(), web.Config{Issuer: h.base, Now: h.clock.Now, PasswordRounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	h.Site, srv.Config.Handler = site, site
	srv.Start()
	t.Cleanup(srv.Close)
	return h
}

// clerk is a browser in which somebody of the staff is logged in.
type clerk struct {
	*house
	client *http.Client
}

func (h *house) clerk(id string) *clerk {
	h.t.Helper()
	jar, _ := cookiejar.New(nil)
	c := &clerk{h, &http.Client{Jar: jar}}
	if id != "" {
		if res, _ := c.send("/staff/login", url.Values{"id": {id}, "password": {personas.Password}, "return": {"/counter/locks"}}); res.StatusCode >= 500 {
			h.t.Fatalf("%s cannot log in: %d", id, res.StatusCode)
		}
	}
	return c
}

// send posts a form, or without one gets a page.
func (c *clerk) send(path string, form url.Values, header ...string) (*http.Response, string) {
	c.t.Helper()
	req, err := http.NewRequest("GET", c.base+path, nil)
	if form != nil {
		req, err = http.NewRequest("POST", c.base+path, strings.NewReader(form.Encode()))
	}
	if err != nil {
		c.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.client.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return res, string(body)
}

func (h *house) locks(handle string) platform.Locks {
	h.t.Helper()
	a, err := h.Platform.Account(h.t.Context(), handle)
	if err != nil {
		h.t.Fatal(err)
	}
	return platform.Locks{EID: a.EIDLocked, Account: a.AccountLocked}
}

const file = "/counter/locks/of/level2"

func TestAnOfficerLocksAndUnlocksOnTheForm(t *testing.T) {
	h := open(t)
	c := h.clerk("can-bo-phuong")
	who, _ := personas.Get("level2")
	res, page := c.send("/counter/locks", url.Values{"number": {who.Username()}})
	if res.Request.URL.Path != file || !strings.Contains(page, who.Record.Name) || strings.Contains(page, who.Username()) || !strings.Contains(page, ui.Banner) {
		t.Fatalf("%s: %s", res.Request.URL, page)
	}
	if strings.Contains(page, `value="b"`) || strings.Contains(page, `value="d"`) || !strings.Contains(page, `value="a"`) || !strings.Contains(page, `value="c"`) {
		t.Error("an officer is offered other grounds than those of a counter")
	}
	if res, _ := c.send(file+"/place", url.Values{"ground": {"a"}}); res.StatusCode != http.StatusUnprocessableEntity || h.locks("level2") != (platform.Locks{}) {
		t.Errorf("nothing chosen: %d", res.StatusCode)
	}
	_, page = c.send(file+"/place", url.Values{"ground": {"a"}, "lock": {"eid", "account"}, "reason": {"Đến trực tiếp"}})
	if h.locks("level2") != (platform.Locks{EID: true, Account: true}) || !strings.Contains(page, "TK03") || !strings.Contains(page, "can-bo-phuong") {
		t.Fatalf("not locked: %s", page)
	}
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(page)
	if c.send(file+"/lift", url.Values{"id": {id[1]}}); h.locks("level2") != (platform.Locks{}) {
		t.Error("not unlocked")
	}
	if res, _ := c.send(file+"/lift", url.Values{"id": {id[1]}}); res.StatusCode != http.StatusConflict {
		t.Errorf("unlocked twice: %d", res.StatusCode)
	}
	c.send(file+"/place", url.Values{"ground": {"c"}, "reason": {"Thẻ bị giữ"}})
	if h.locks("level2") != (platform.Locks{EID: true}) {
		t.Error("a card that is held locks nothing")
	}
	if c.send(file+"/card", url.Values{}); h.locks("level2") != (platform.Locks{}) {
		t.Error("the card is back, and the lock stays")
	}
}

func TestWhoMayNotIsRefused(t *testing.T) {
	h := open(t)
	lock := url.Values{"ground": {"a"}, "lock": {"eid"}}
	for _, path := range []string{"/counter/locks", file} {
		if res, _ := h.clerk("").send(path, nil); res.Request.URL.Path != "/staff/login" {
			t.Errorf("a stranger at %s", res.Request.URL)
		}
	}
	h.clerk("").send(file+"/place", lock)
	for id, want := range map[string]int{"nhan-vien-portal": http.StatusForbidden, "can-bo-huyen": http.StatusForbidden, "can-bo-xnc": http.StatusForbidden} {
		c := h.clerk(id)
		if res, page := c.send(file, nil); res.StatusCode != want || strings.Contains(page, "Nguyễn Văn An") {
			t.Errorf("%s sees the file: %d", id, res.StatusCode)
		}
		if res, _ := c.send(file+"/place", lock); res.StatusCode != want {
			t.Errorf("%s locks: %d", id, res.StatusCode)
		}
	}
	c := h.clerk("can-bo-phuong")
	for _, ground := range []string{"b", "d", "đ", "p", "x", ""} {
		if res, _ := c.send(file+"/place", url.Values{"ground": {ground}, "lock": {"eid"}}); res.StatusCode != http.StatusForbidden {
			t.Errorf("an officer places %q: %d", ground, res.StatusCode)
		}
	}
	for path, form := range map[string]url.Values{file + "/place": lock, file + "/card": {}, file + "/lift": {"id": {"x"}}, "/counter/locks": {"number": {"1"}}, file + "/request": {"body": {"x"}}, "/counter/locks/requests/x": {"do": {"grant"}}} {
		if res, _ := c.send(path, form, "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s from another site: %d", path, res.StatusCode)
		}
	}
	if h.locks("level2") != (platform.Locks{}) {
		t.Error("and yet it is locked")
	}
	for _, nobody := range []string{"/counter/locks/of/nobody", "/counter/locks/of/no-account"} {
		if res, _ := c.send(nobody, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", nobody, res.StatusCode)
		}
	}
	if res, _ := c.send("/counter/locks", url.Values{"number": {"999999999999"}}); res.StatusCode != http.StatusNotFound {
		t.Errorf("a number of nobody: %d", res.StatusCode)
	}
}

func TestAnotherBodysRequestGoesItsWay(t *testing.T) {
	h := open(t)
	officer, agency, elsewhere := h.clerk("can-bo-phuong"), h.clerk("co-quan"), h.clerk("can-bo-xa")
	_, page := officer.send(file+"/request", url.Values{"ground": {"đ"}, "body": {"Cơ quan điều tra Mẫu"}, "reference": {"01/YC"}, "lock": {"eid"}, "until": {"2026-12-31"}})
	id := regexp.MustCompile(`/counter/locks/requests/([^"]+)"`).FindStringSubmatch(page)
	if id == nil || !strings.Contains(page, "23:59:59 23/11/2026") || !strings.Contains(page, "23:59:59 25/11/2026") {
		t.Fatalf("the terms are not shown: %s", page)
	}
	at := "/counter/locks/requests/" + id[1]
	if _, page := elsewhere.send("/counter/locks", nil); strings.Contains(page, "Cơ quan điều tra Mẫu") {
		t.Error("another unit sees the request")
	}
	if res, _ := elsewhere.send(at, url.Values{"do": {"forward"}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("another unit hands it on: %d", res.StatusCode)
	}
	if res, _ := agency.send(at, url.Values{"do": {"grant"}}); res.StatusCode != http.StatusConflict {
		t.Errorf("decided before it is there: %d", res.StatusCode)
	}
	officer.send(at, url.Values{"do": {"forward"}})
	if res, _ := officer.send(at, url.Values{"do": {"grant"}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("the officer decides: %d", res.StatusCode)
	}
	if _, page := agency.send(at, url.Values{"do": {"grant"}, "note": {"Đúng thẩm quyền"}}); h.locks("level2") != (platform.Locks{EID: true}) || !strings.Contains(page, "Đã khóa") {
		t.Error("not locked")
	}
	if res, _ := officer.send(file+"/request", url.Values{"ground": {"đ"}, "body": {""}, "lock": {"eid"}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a request of nobody is received: %d", res.StatusCode)
	}
	h.clock.Set(time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC)) // the next day in Vietnam
	if n, err := h.Platform.ReviewLocks(t.Context()); n != 1 || err != nil || h.locks("level2") != (platform.Locks{}) {
		t.Errorf("the term is over: %d %v", n, err)
	}
}
