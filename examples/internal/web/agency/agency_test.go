package agency_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/webtest"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// desk is a browser in which somebody of the staff is logged in, or nobody.
type desk struct {
	*webtest.Browser
	*web.Site
}

func open(t *testing.T) func(id string) *desk {
	t.Helper()
	var site *web.Site
	base := webtest.Serve(t, func(base string) (_ http.Handler, err error) {
		site, err = web.New(t.Context(), web.Config{Issuer: base, PasswordRounds: 1})
		return site, err
	})
	return func(id string) *desk {
		d := &desk{webtest.New(t, base), site}
		if id != "" {
			d.Staff(id, personas.Password, "/agency")
		}
		return d
	}
}

func (d *desk) holds() int {
	d.T.Helper()
	all, err := d.Platform.Holds(d.T.Context(), "", platform.Hold{}, 100)
	if err != nil {
		d.T.Fatal(err)
	}
	return len(all)
}

const (
	file     = "/agency/of/level2"
	decision = "Quyết định 12/QĐ-CQĐT ngày 22/11/2026 (ví dụ)"
)

func TestTheAgencyHoldsLiftsAndCloses(t *testing.T) {
	d := open(t)("co-quan")
	who, _ := personas.Get("level2")
	res, page := d.Post("/agency", url.Values{"number": {who.Username()}})
	if res.Request.URL.Path != file || !strings.Contains(page, who.Record.Name) || strings.Contains(page, who.Username()) || !strings.Contains(page, ui.Banner) {
		t.Fatalf("%s: %s", res.Request.URL, page)
	}
	res, page = d.Post(file+"/hold", url.Values{"citation": {`về việc 999090000001 "x"`}})
	if res.StatusCode != http.StatusUnprocessableEntity || d.holds() != 0 || !strings.Contains(page, `aria-invalid="true"`) || !strings.Contains(page, "<title>Lỗi: ") ||
		!strings.Contains(page, `value="về việc 999090000001 &#34;x&#34;"`) {
		t.Errorf("a citation with a number: %d %s", res.StatusCode, page)
	}
	res, page = d.Post(file+"/hold", url.Values{"citation": {decision}})
	if res.Request.URL.Path != file || d.holds() != 1 || !strings.Contains(page, decision) {
		t.Fatalf("no hold: %s", page)
	}
	if _, page := d.Get("/agency"); !strings.Contains(page, decision) || !strings.Contains(page, file) {
		t.Error("the desk does not list it")
	}
	id := url.Values{"id": {regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(page)[1]}}
	if res, page := d.Post(file+"/lift", id); res.StatusCode != http.StatusUnprocessableEntity || d.holds() != 1 || !strings.Contains(page, "<details open>") {
		t.Errorf("lifted without a citation: %d", res.StatusCode)
	}
	id.Set("citation", decision)
	if d.Post(file+"/lift", id); d.holds() != 0 {
		t.Error("not lifted")
	}
	if res, _ := d.Post(file+"/lift", id); res.StatusCode != http.StatusConflict {
		t.Errorf("lifted twice: %d", res.StatusCode)
	}
	_, page = d.Post(file+"/close", url.Values{"citation": {decision}})
	if a, err := d.Platform.Account(t.Context(), "level2"); err != nil || a.Level != 0 || !strings.Contains(page, "Tài khoản đã đóng") {
		t.Errorf("not closed: %v %s", err, page)
	}
	if res, _ := d.Post(file+"/close", url.Values{"citation": {decision}}); res.StatusCode != http.StatusConflict {
		t.Errorf("closed twice: %d", res.StatusCode)
	}
	if res, _ := d.Post("/agency", url.Values{"number": {who.Username()}}); res.Request.URL.Path != file {
		t.Error("nobody is found behind a closed account")
	}
}

func TestNobodyElseIsLetIn(t *testing.T) {
	as := open(t)
	form := url.Values{"citation": {decision}, "id": {"x"}, "number": {"999090000001"}}
	for _, path := range []string{"/agency", file, file + "/hold", file + "/lift", file + "/close", file + "/number"} {
		get := func(d *desk) (*http.Response, string) { return d.Get(path) }
		post := func(d *desk) (*http.Response, string) { return d.Post(path, form) }
		for _, ask := range []func(*desk) (*http.Response, string){get, post} {
			if res, _ := ask(as("")); res.StatusCode < 400 && res.Request.URL.Path != "/staff/login" {
				t.Errorf("a stranger at %s", res.Request.URL)
			}
			for _, id := range []string{"can-bo-phuong", "nhan-vien-portal"} {
				if res, _ := ask(as(id)); res.StatusCode < 400 {
					t.Errorf("%s at %s: %d", id, path, res.StatusCode)
				}
			}
		}
		if res, _ := as("co-quan").Post(path, form, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
			t.Errorf("another site posts to %s: %d", path, res.StatusCode)
		}
	}
	if d := as("co-quan"); d.holds() != 0 {
		t.Error("somebody placed a hold")
	}
}

func TestTheAgencyGivesAnotherNumber(t *testing.T) {
	d := open(t)("co-quan")
	const fresh = "999090000099"
	was, _ := personas.Get("level2")
	send := func(number, citation string) (*http.Response, string) {
		return d.Post(file+"/number", url.Values{"number": {number}, "citation": {citation}})
	}
	for number, why := range map[string]string{
		"99909000009": "eleven digits", "999190000099": "another sex", "999091000099": "another year", "99909000009x": "a letter",
	} {
		res, page := send(number, decision)
		if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `id="error-new"`) || !strings.Contains(page, `value="`+number+`"`) || strings.Contains(page, "error-number") {
			t.Errorf("%s: %d", why, res.StatusCode)
		}
	}
	if res, page := send(fresh, "về số "+fresh); res.StatusCode != http.StatusUnprocessableEntity || strings.Contains(page, `id="error-new"`) || !strings.Contains(page, "error-number") {
		t.Errorf("a citation with a number: %d", res.StatusCode)
	}
	if res, _ := send("999090000003", decision); res.StatusCode != http.StatusConflict {
		t.Errorf("somebody else's number: %d", res.StatusCode)
	}
	if a, err := d.Platform.Account(t.Context(), "level2"); err != nil || a.Record.ID != was.Record.ID {
		t.Fatalf("what was refused was done: %v", err)
	}
	res, page := send(fresh, decision)
	if res.Request.URL.Path != file || strings.Contains(page, fresh) || strings.Contains(page, was.Record.ID) || !strings.Contains(page, "Số đã hủy") {
		t.Errorf("%d %s", res.StatusCode, page)
	}
	a, err := d.Platform.Account(t.Context(), "level2")
	if err != nil || a.Record.ID != fresh || len(a.Record.FormerIDs) == 0 || a.Record.FormerIDs[0] != was.Record.ID {
		t.Errorf("%v %v", a.Record.ID, err)
	}
	if res, _ := send(was.Record.ID, decision); res.StatusCode != http.StatusConflict {
		t.Errorf("a cancelled number is given out again: %d", res.StatusCode)
	}
	if res, _ := d.Post("/agency/of/foreigner/number", url.Values{"number": {fresh}, "citation": {decision}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a foreigner: %d", res.StatusCode)
	}
}

func TestManyHoldsArePaged(t *testing.T) {
	d := open(t)("co-quan")
	by := platform.Staff{ID: "co-quan", Role: platform.RoleAgency}
	for range 60 {
		if _, err := d.Platform.PlaceHold(t.Context(), by, "level2", decision); err != nil {
			t.Fatal(err)
		}
	}
	_, page := d.Get("/agency")
	next := regexp.MustCompile(`href="(/agency\?[^"]+)" rel="next"`).FindStringSubmatch(page)
	if next == nil || strings.Count(page, "<tr><th scope=\"row\">") != 50 {
		t.Fatalf("no next page: %s", page)
	}
	if _, page = d.Get(strings.ReplaceAll(next[1], "&amp;", "&")); strings.Count(page, "<tr><th scope=\"row\">") != 10 || strings.Contains(page, `rel="next"`) {
		t.Error(page)
	}
}

func TestNobodysFileIsNotThere(t *testing.T) {
	d := open(t)("co-quan")
	for _, form := range []string{"/hold", "/close", "/lift"} {
		want := map[string]int{"/hold": http.StatusNotFound, "/close": http.StatusNotFound, "/lift": http.StatusConflict}[form]
		if res, _ := d.Post("/agency/of/nobody"+form, url.Values{"citation": {decision}, "id": {"x"}}); res.StatusCode != want {
			t.Errorf("%s: %d", form, res.StatusCode)
		}
	}
	if res, _ := d.Post(file+"/hold", url.Values{"citation": {"về việc 999 090 000 001"}}); res.StatusCode != http.StatusUnprocessableEntity || d.holds() != 0 {
		t.Errorf("a number in groups: %d", res.StatusCode)
	}
}

func TestMoreHoldsThanOneAccountHasAreRefusedInWords(t *testing.T) {
	d := open(t)("co-quan")
	for range 100 {
		if _, err := d.Platform.PlaceHold(t.Context(), platform.Staff{ID: "co-quan", Role: platform.RoleAgency}, "level2", decision); err != nil {
			t.Fatal(err)
		}
	}
	if res, page := d.Post(file+"/hold", url.Values{"citation": {decision}}); res.StatusCode != http.StatusConflict || !strings.Contains(page, "quá nhiều") {
		t.Errorf("%d", res.StatusCode)
	}
}
