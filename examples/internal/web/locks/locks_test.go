package locks_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/webtest"
	"github.com/vneid-sdk/vneid-go/internal/calendar"
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
	h.base = webtest.Serve(t, func(base string) (_ http.Handler, err error) {
		h.Site, err = web.New(t.Context(), web.Config{Issuer: base, Now: h.clock.Now, PasswordRounds: 1})
		return h.Site, err
	})
	return h
}

// clerk is a browser in which somebody of the staff is logged in, or nobody.
func (h *house) clerk(id string) *webtest.Browser {
	h.t.Helper()
	b := webtest.New(h.t, h.base)
	if id != "" {
		b.Staff(id, personas.Password, "/counter/locks")
	}
	return b
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
	res, page := c.Post("/counter/locks", url.Values{"number": {who.Username()}})
	if res.Request.URL.Path != file || !strings.Contains(page, who.Record.Name) || strings.Contains(page, who.Username()) || !strings.Contains(page, ui.Banner) {
		t.Fatalf("%s: %s", res.Request.URL, page)
	}
	if strings.Contains(page, `value="b"`) || strings.Contains(page, `value="d"`) || !strings.Contains(page, `value="a"`) || !strings.Contains(page, `value="c"`) {
		t.Error("an officer is offered other grounds than those of a counter")
	}
	if res, _ := c.Post(file+"/place", url.Values{"ground": {"a"}}); res.StatusCode != http.StatusUnprocessableEntity || h.locks("level2") != (platform.Locks{}) {
		t.Errorf("nothing chosen: %d", res.StatusCode)
	}
	_, page = c.Post(file+"/place", url.Values{"ground": {"a"}, "lock": {"eid", "account"}, "reason": {"Đến trực tiếp"}})
	if h.locks("level2") != (platform.Locks{EID: true, Account: true}) || !strings.Contains(page, "TK03") || !strings.Contains(page, "can-bo-phuong") {
		t.Fatalf("not locked: %s", page)
	}
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(page)
	if c.Post(file+"/lift", url.Values{"id": {id[1]}}); h.locks("level2") != (platform.Locks{}) {
		t.Error("not unlocked")
	}
	if res, _ := c.Post(file+"/lift", url.Values{"id": {id[1]}}); res.StatusCode != http.StatusConflict {
		t.Errorf("unlocked twice: %d", res.StatusCode)
	}
	c.Post(file+"/place", url.Values{"ground": {"c"}, "reason": {"Thẻ bị giữ"}})
	if h.locks("level2") != (platform.Locks{EID: true}) {
		t.Error("a card that is held locks nothing")
	}
	if c.Post(file+"/card", url.Values{}); h.locks("level2") != (platform.Locks{}) {
		t.Error("the card is back, and the lock stays")
	}
}

func TestWhoMayNotIsRefused(t *testing.T) {
	h := open(t)
	lock := url.Values{"ground": {"a"}, "lock": {"eid"}}
	for _, path := range []string{"/counter/locks", file} {
		if res, _ := h.clerk("").Get(path); res.Request.URL.Path != "/staff/login" {
			t.Errorf("a stranger at %s", res.Request.URL)
		}
	}
	h.clerk("").Post(file+"/place", lock)
	for id, want := range map[string]int{"nhan-vien-portal": http.StatusForbidden, "can-bo-huyen": http.StatusForbidden, "can-bo-xnc": http.StatusForbidden} {
		c := h.clerk(id)
		if res, page := c.Get(file); res.StatusCode != want || strings.Contains(page, "Nguyễn Văn An") {
			t.Errorf("%s sees the file: %d", id, res.StatusCode)
		}
		if res, _ := c.Post(file+"/place", lock); res.StatusCode != want {
			t.Errorf("%s locks: %d", id, res.StatusCode)
		}
	}
	c := h.clerk("can-bo-phuong")
	for _, ground := range []string{"b", "d", "đ", "p", "x", ""} {
		if res, _ := c.Post(file+"/place", url.Values{"ground": {ground}, "lock": {"eid"}}); res.StatusCode != http.StatusForbidden {
			t.Errorf("an officer places %q: %d", ground, res.StatusCode)
		}
	}
	for path, form := range map[string]url.Values{file + "/place": lock, file + "/card": {}, file + "/lift": {"id": {"x"}}, "/counter/locks": {"number": {"1"}}, file + "/request": {"body": {"x"}}, "/counter/locks/requests/x": {"do": {"grant"}}} {
		if res, _ := c.Post(path, form, "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s from another site: %d", path, res.StatusCode)
		}
	}
	if h.locks("level2") != (platform.Locks{}) {
		t.Error("and yet it is locked")
	}
	for _, nobody := range []string{"/counter/locks/of/nobody", "/counter/locks/of/no-account"} {
		if res, _ := c.Get(nobody); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", nobody, res.StatusCode)
		}
	}
	if res, _ := c.Post("/counter/locks", url.Values{"number": {"999999999999"}}); res.StatusCode != http.StatusNotFound {
		t.Errorf("a number of nobody: %d", res.StatusCode)
	}
}

func TestAnotherBodysRequestGoesItsWay(t *testing.T) {
	h := open(t)
	officer, agency, elsewhere := h.clerk("can-bo-phuong"), h.clerk("co-quan"), h.clerk("can-bo-xa")
	_, page := officer.Post(file+"/request", url.Values{"ground": {"đ"}, "body": {"Cơ quan điều tra Mẫu"}, "reference": {"01/YC"}, "lock": {"eid"}, "until": {"2026-12-31"}})
	id := regexp.MustCompile(`/counter/locks/requests/([^"]+)"`).FindStringSubmatch(page)
	if id == nil || !strings.Contains(page, "23:59:59 23/11/2026") || !strings.Contains(page, "23:59:59 25/11/2026") {
		t.Fatalf("the terms are not shown: %s", page)
	}
	at := "/counter/locks/requests/" + id[1]
	if _, page := elsewhere.Get("/counter/locks"); strings.Contains(page, "Cơ quan điều tra Mẫu") {
		t.Error("another unit sees the request")
	}
	if res, _ := elsewhere.Post(at, url.Values{"do": {"forward"}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("another unit hands it on: %d", res.StatusCode)
	}
	if res, _ := agency.Post(at, url.Values{"do": {"grant"}}); res.StatusCode != http.StatusConflict {
		t.Errorf("decided before it is there: %d", res.StatusCode)
	}
	officer.Post(at, url.Values{"do": {"forward"}})
	if res, _ := officer.Post(at, url.Values{"do": {"grant"}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("the officer decides: %d", res.StatusCode)
	}
	if _, page := agency.Post(at, url.Values{"do": {"grant"}, "note": {"Đúng thẩm quyền"}}); h.locks("level2") != (platform.Locks{EID: true}) || !strings.Contains(page, "Đã khóa") {
		t.Error("not locked")
	}
	if res, _ := officer.Post(file+"/request", url.Values{"ground": {"đ"}, "body": {""}, "lock": {"eid"}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a request of nobody is received: %d", res.StatusCode)
	}
	h.clock.Set(time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC)) // the next day in Vietnam
	if n, err := h.Platform.ReviewLocks(t.Context()); n != 1 || err != nil || h.locks("level2") != (platform.Locks{}) {
		t.Errorf("the term is over: %d %v", n, err)
	}
}

func (h *house) staff(id string) platform.Staff {
	h.t.Helper()
	all, err := h.Platform.StaffMembers(h.t.Context(), 100)
	for _, s := range all {
		if s.ID == id {
			return s
		}
	}
	h.t.Fatalf("no staff %s: %v", id, err)
	return platform.Staff{}
}

// However many were decided, what waits is on the page; of those that are done the last.
func TestARequestIsSeenBehindManyThatWereDecided(t *testing.T) {
	h := open(t)
	agency, ctx := h.staff("co-quan"), t.Context()
	for range 600 {
		q, err := h.Platform.RequestLock(ctx, agency, platform.LockRequest{Account: "level2", Ground: platform.GroundParty, Body: "Đã xong"})
		if err == nil {
			err = h.Platform.DecideLock(ctx, agency, q.ID, false, "")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	_, page := h.clerk("can-bo-phuong").Post(file+"/request", url.Values{"ground": {"đ"}, "body": {"Cơ quan điều tra Mẫu"}, "lock": {"eid"}})
	if !strings.Contains(page, "Cơ quan điều tra Mẫu") {
		t.Error("the officer does not see what they received")
	}
	_, page = h.clerk("co-quan").Get("/counter/locks")
	if n := strings.Count(page, "Đã xong"); !strings.Contains(page, "Cơ quan điều tra Mẫu") || n == 0 || n > 100 {
		t.Errorf("the agency sees %d that are done", n)
	}
}

func TestTheHeirOfAUnitSeesItsRequests(t *testing.T) {
	h := open(t)
	h.clock.Set(time.Date(2025, 6, 30, 8, 0, 0, 0, time.UTC))
	district := h.staff("can-bo-huyen")
	if _, err := h.Platform.RequestLock(t.Context(), district, platform.LockRequest{Account: "level2", Ground: platform.GroundBody, Body: "Cơ quan điều tra Mẫu", Locks: platform.Locks{EID: true}}); err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(24 * time.Hour)
	unit := h.Platform.Units().Holder(district.Unit, calendar.Day(h.Platform.Now()))
	heir := platform.Staff{ID: "heir", Name: "H", Unit: unit, Role: platform.RoleOfficer}
	if err := h.Platform.AddStaff(t.Context(), heir, personas.Password); err != nil {
		t.Fatal(err)
	}
	if _, page := h.clerk("heir").Get("/counter/locks"); !strings.Contains(page, "Cơ quan điều tra Mẫu") || !strings.Contains(page, `value="forward"`) {
		t.Error("the heir does not see it")
	}
}

func TestWhatWasWrongStandsAtItsFieldAndNothingTypedIsLost(t *testing.T) {
	h := open(t)
	c := h.clerk("can-bo-phuong")
	for _, one := range []struct {
		name, form string
		typed      url.Values
		at, kept   string
	}{
		{"no lock chosen", "/place", url.Values{"ground": {"a"}, "reason": {"Mất điện thoại"}}, `<fieldset aria-describedby="problem">`, `value="Mất điện thoại"`},
		{"a term that is over", "/place", url.Values{"ground": {"c"}, "until": {"2020-01-31"}}, `name="until" value="2020-01-31" aria-invalid="true" aria-describedby="problem"`, `value="2020-01-31"`},
		{"a day that no record holds", "/place", url.Values{"ground": {"c"}, "until": {"9999-12-31"}}, `value="9999-12-31" aria-invalid="true"`, ""},
		{"no day", "/request", url.Values{"ground": {"đ"}, "body": {"Cơ quan Mẫu"}, "lock": {"eid"}, "until": {"mai"}}, `value="mai" aria-invalid="true"`, `value="eid" checked`},
		{"nobody asks", "/request", url.Values{"ground": {"đ"}, "reference": {"01/YC"}, "lock": {"account"}}, `name="body" maxlength="200" required autocomplete="off" aria-invalid="true"`, `value="01/YC"`},
		{"a request to lock nothing", "/request", url.Values{"ground": {"đ"}, "body": {"Cơ quan Mẫu"}}, `<fieldset aria-describedby="problem">`, `value="Cơ quan Mẫu"`},
	} {
		for lang, title := range map[string]string{"vi": "<title>Lỗi: ", "en": "<title>Error: "} {
			res, page := c.Post(file+one.form+"?lang="+lang, one.typed)
			if res.StatusCode != http.StatusUnprocessableEntity || strings.Count(page, `id="problem" role="alert"`) != 1 || !strings.Contains(page, one.at) || !strings.Contains(page, one.kept) || !strings.Contains(page, title) {
				t.Errorf("%s: %d %s", one.name, res.StatusCode, page)
			}
		}
	}
	if res, page := c.Post(file+"/lift", url.Values{"id": {"x"}}); res.StatusCode != http.StatusConflict || !strings.Contains(page, `<p class="notice bad" role="alert">`) || !strings.Contains(page, "Nguyễn Văn An") {
		t.Errorf("a ground that is gone: %d", res.StatusCode)
	}
	if all, err := h.Platform.LockRequests(t.Context(), platform.Staff{Role: platform.RoleAgency}, false, 10); err != nil || len(all) != 0 || h.locks("level2") != (platform.Locks{}) {
		t.Errorf("and yet: %v %v", all, err)
	}
	for _, nobody := range []string{"nobody", "no-account"} {
		at := "/counter/locks/of/" + nobody
		if res, _ := c.Post(at+"/request", url.Values{"ground": {"đ"}, "body": {"Cơ quan Mẫu"}, "lock": {"eid"}}); res.StatusCode != http.StatusNotFound {
			t.Errorf("a request about %s: %d", nobody, res.StatusCode)
		}
	}
	if res, _ := c.Post("/counter/locks/of/nobody/place", url.Values{"ground": {"a"}, "lock": {"eid"}}); res.StatusCode != http.StatusNotFound {
		t.Errorf("a lock of nobody: %d", res.StatusCode)
	}
}

func TestWhoDecidesSeesWhoseFileItIs(t *testing.T) {
	h := open(t)
	h.clerk("can-bo-phuong").Post(file+"/request", url.Values{"ground": {"đ"}, "body": {"Cơ quan điều tra Mẫu"}, "lock": {"eid"}})
	agency := h.clerk("co-quan")
	_, page := agency.Get("/counter/locks")
	if !strings.Contains(page, `href="`+file+`"`) {
		t.Fatalf("no way to the file: %s", page)
	}
	if strings.Contains(page, `href="/counter/done"`) || !strings.Contains(page, `<p class="back"><a href="/agency">`) {
		t.Error("the agency is led to pages that are not its own")
	}
	agency.Post(file+"/place", url.Values{"ground": {"b"}})
	id := regexp.MustCompile(`name="id" value="([^"]+)"`)
	_, page = agency.Get(file)
	_, page = agency.Post(file+"/lift", url.Values{"id": {id.FindStringSubmatch(page)[1]}})
	if !strings.Contains(page, "· co-quan</dd>") {
		t.Errorf("who lifted it is not said: %s", page)
	}
	h.clerk("can-bo-phuong").Post(file+"/place", url.Values{"ground": {"c"}})
	if _, page := agency.Post(file+"/card", nil); strings.Contains(page, "· system") || !strings.Contains(page, "· hệ thống tự rà soát</dd>") {
		t.Errorf("the review has no words: %s", page)
	}
}
