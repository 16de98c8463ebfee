package console_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/webtest"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// clerk is a browser in which somebody of the staff is logged in.
type clerk struct{ *webtest.Browser }

// open starts a platform that knows two relying parties with staff each.
func open(t *testing.T) (site *web.Site, base string) {
	t.Helper()
	bank := platform.Client{ID: "bank", Name: "Ngân hàng Mẫu", Class: platform.ClassBusiness, Channel: platform.ChannelProvider, Provider: "Đơn vị Mẫu",
		Secret: "bank-secret-for-tests-only", RedirectURIs: []string{"https://bank.example/cb"}}
	base = webtest.Serve(t, func(base string) (_ http.Handler, err error) {
		site, err = web.New(t.Context(), web.Config{Issuer: base, Clients: []platform.Client{web.Portal("http://127.0.0.1:1/callback"), bank}, PasswordRounds: 1})
		return site, err
	})
	other := platform.Staff{ID: "nv-bank", Name: "Người của ngân hàng", Role: platform.RoleClient, Client: "bank"}
	if err := site.Platform.AddStaff(t.Context(), other, personas.Password); err != nil {
		t.Fatal(err)
	}
	return site, base
}

func enter(t *testing.T, base, id, password string) *clerk {
	t.Helper()
	c := &clerk{webtest.New(t, base)}
	if id != "" {
		if res, _ := c.Staff(id, password, "/console"); !strings.HasPrefix(res.Request.URL.Path, "/console") {
			t.Fatalf("%s came to %s with %d", id, res.Request.URL, res.StatusCode)
		}
	}
	return c
}

func (c *clerk) get(path string) (status int, at, page string) {
	c.T.Helper()
	res, page := c.Get(path)
	return res.StatusCode, res.Request.URL.Path, page
}

func (c *clerk) post(path string, form url.Values, header ...string) (status int, at, page string) {
	c.T.Helper()
	res, page := c.Post(path, form, header...)
	return res.StatusCode, res.Request.URL.Path, page
}

var pages = []string{"/console", "/console/keys", "/console/purposes", "/console/calls", "/console/events", "/console/reconciliation"}

func TestEveryPageOfTheConsoleIsItsStaffsAlone(t *testing.T) {
	_, base := open(t)
	portal, bank := enter(t, base, "nhan-vien-portal", personas.Password), enter(t, base, "nv-bank", personas.Password)
	agency, nobody := enter(t, base, "co-quan", personas.Password), enter(t, base, "", "")
	officer := enter(t, base, "can-bo-phuong", personas.Password) // comes to a page that is not theirs
	for _, path := range pages {
		for _, lang := range []string{"vi", "en"} {
			status, _, page := portal.get(path + "?lang=" + lang)
			if status != 200 || !strings.Contains(page, ">portal<") || !strings.Contains(page, platform.Banner) || strings.Contains(page, "bank") {
				t.Errorf("%s in %s for the portal's staff: %d", path, lang, status)
			}
		}
		if status, _, page := bank.get(path); status != 200 || !strings.Contains(page, ">bank<") || strings.Contains(page, ">portal<") {
			t.Errorf("%s for the bank's staff: %d", path, status)
		}
		if status, at, _ := nobody.get(path); status != 200 || at != "/staff/login" {
			t.Errorf("%s for nobody: %d at %s", path, status, at)
		}
		if status, _, page := officer.get(path); status != 403 || strings.Contains(page, ">portal<") {
			t.Errorf("%s for an officer: %d", path, status)
		}
		if status, at, _ := agency.get(path); path != "/console" && status != 403 || path == "/console" && at != "/console/clients" {
			t.Errorf("%s for the agency: %d at %s", path, status, at)
		}
	}
	for _, who := range []*clerk{portal, bank, officer} {
		if status, _, _ := who.get("/console/clients"); status != 403 {
			t.Errorf("the agency's page: %d", status)
		}
	}
	if _, at, _ := nobody.post("/console", url.Values{"redirects": {"https://evil.example/"}}); at != "/staff/login" {
		t.Errorf("nobody's form led to %s", at)
	}
	if status, _, _ := agency.get("/console/calls.har"); status != 403 {
		t.Errorf("the agency reads the calls: %d", status)
	}
}

// Forms name no client; one that does changes nothing elsewhere.
func TestAFormChangesNobodyElsesRegistration(t *testing.T) {
	site, base := open(t)
	bank := enter(t, base, "nv-bank", personas.Password)
	before, err := site.Platform.Client(t.Context(), "portal")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/console", "/console/keys", "/console/purposes", "/console/calls", "/console/events"} {
		bank.post(path, url.Values{"client": {"portal"}, "id": {"portal"}, "client_id": {"portal"}, "redirects": {"https://bank.example/cb2"}, "do": {"secret"}, "event": {"all"}})
	}
	after, err := site.Platform.Client(t.Context(), "portal")
	if err != nil || strings.Join(before.RedirectURIs, " ") != strings.Join(after.RedirectURIs, " ") {
		t.Errorf("%v, then %v: %v", before.RedirectURIs, after.RedirectURIs, err)
	}
	if status, _, _ := bank.post("/console/clients/portal", url.Values{"class": {"business"}, "channel": {"provider"}, "provider": {"x"}}); status != 403 {
		t.Errorf("the agency's form: %d", status)
	}
	own, err := site.Platform.Client(t.Context(), "bank")
	if err != nil || own.RedirectURIs[0] != "https://bank.example/cb2" {
		t.Errorf("their own: %v %v", own.RedirectURIs, err)
	}
}

func TestTheRegistrationIsChangedWithinTheRules(t *testing.T) {
	site, base := open(t)
	c := enter(t, base, "nhan-vien-portal", personas.Password)
	good := url.Values{"redirects": {"https://a.example/cb\r\n\r\n  https://a.example/cb2 "}, "scope": {"profile"}, "logouts": {""},
		"login_vi": {" Xem kết quả "}, "login_en": {"To see results"}, "login_days": {"45"}}
	if status, at, page := c.post("/console", good); status != 200 || at != "/console" || !strings.Contains(page, "https://a.example/cb2") {
		t.Errorf("%d at %s", status, at)
	}
	now, err := site.Platform.Client(t.Context(), "portal")
	if err != nil || len(now.RedirectURIs) != 2 || len(now.Scopes) != 1 || now.Class != platform.ClassPublicService || now.Login != (platform.LoginPurpose{Vi: "Xem kết quả", En: "To see results", RetentionDays: 45}) {
		t.Errorf("%+v %v", now, err)
	}
	for name, form := range map[string]url.Values{
		"an address without scheme": {"redirects": {"//evil"}},
		"http elsewhere":            {"redirects": {"http://a.example/cb"}},
		"a purpose in one language": {"redirects": {"https://a.example/cb"}, "login_vi": {"Xem"}},
		"no number of days":         {"redirects": {"https://a.example/cb"}, "login_vi": {"Xem"}, "login_en": {"See"}, "login_days": {"x"}},
		"a fragment":                {"redirects": {"https://a.example/cb#x"}},
		"a bad address of webhooks": {"redirects": {"https://a.example/cb"}, "notify": {"http://a.example/hook"}},
		"a bad address of events":   {"redirects": {"https://a.example/cb"}, "backchannel": {"ftp://a.example"}},
	} {
		status, _, page := c.post("/console", form)
		if status != 422 || !strings.Contains(page, `role="alert"`) || !strings.Contains(page, "Client.") {
			t.Errorf("%s: %d", name, status)
		}
	}
	if again, err := site.Platform.Client(t.Context(), "portal"); err != nil || len(again.RedirectURIs) != 2 {
		t.Errorf("a refused change changed something: %+v %v", again, err)
	}
}

func TestAWebhookIsEntered(t *testing.T) {
	site, base := open(t)
	c := enter(t, base, "nhan-vien-portal", personas.Password)
	for _, step := range []struct {
		counter, notify string
		want            platform.CIBAMode
	}{{"yes", "", platform.Poll}, {"yes", "https://a.example/hook", platform.Ping}, {"", "https://a.example/hook", platform.Ping}, {"", "", ""}} {
		form := url.Values{"redirects": {"https://a.example/cb"}, "notify": {step.notify}}
		if step.counter != "" {
			form.Set("counter", step.counter)
		}
		status, _, page := c.post("/console", form)
		now, err := site.Platform.Client(t.Context(), "portal")
		if err != nil || status != 200 || now.CIBA != step.want || now.NotificationURI != step.notify || !strings.Contains(page, `name="notify" value="`+step.notify+`"`) {
			t.Errorf("%+v: %d, %q %q %v", step, status, now.CIBA, now.NotificationURI, err)
		}
	}
}

var code = regexp.MustCompile(`id="shown">([^<]+)<`)

func TestANewSecretIsShownOnceAndWorks(t *testing.T) {
	_, base := open(t)
	c := enter(t, base, "nhan-vien-portal", personas.Password)
	status, _, page := c.post("/console/keys", url.Values{"do": {"secret"}})
	found := code.FindStringSubmatch(page)
	if status != 200 || found == nil {
		t.Fatalf("%d", status)
	}
	if _, _, page := c.get("/console/keys"); strings.Contains(page, found[1]) {
		t.Error("the secret is shown twice")
	}
	known := func(secret string) bool {
		res, err := http.PostForm(base+"/revoke", url.Values{"client_id": {"portal"}, "client_secret": {secret}, "token": {"x"}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode == 200
	}
	if !known(found[1]) || known("portal-secret-for-tests-only") {
		t.Error("the new secret does not work, or the old one does")
	}
	if status, _, _ := c.post("/console/keys", url.Values{"do": {"add"}, "jwks": {`{"keys":[{"kty":"EC","crv":"P-256","d":"x"}]}`}}); status != 422 {
		t.Errorf("a private key: %d", status)
	}
	if status, _, _ := c.post("/console/keys", url.Values{"do": {"webhook"}}); status != 422 {
		t.Errorf("a webhook secret without purposes: %d", status)
	}
	_, _, page = c.get("/console/calls")
	if !strings.Contains(page, "/revoke") || !strings.Contains(page, "invalid_client") || strings.Contains(page, found[1]) {
		t.Error("the calls are not listed, or with the secret")
	}
}

func TestTheArchiveIsOneThatToolsRead(t *testing.T) {
	_, base := open(t)
	c := enter(t, base, "nhan-vien-portal", personas.Password)
	res, err := http.PostForm(base+"/token", url.Values{"client_id": {"portal"}, "client_secret": {"portal-secret-for-tests-only"}, "grant_type": {"authorization_code"}, "code": {"a-code-of-nobody"}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	status, _, body := c.get("/console/calls.har")
	if status != 200 || strings.Contains(body, "a-code-of-nobody") || strings.Contains(body, "secret-for-tests") || !strings.Contains(body, platform.Banner) {
		t.Fatalf("%d %s", status, body)
	}
	var har struct {
		Log struct {
			Version string
			Creator struct{ Name, Version string }
			Entries []struct {
				StartedDateTime string
				Time            float64
				Request         struct {
					Method, URL, HTTPVersion string
					Headers, QueryString     []struct{ Name, Value string }
					PostData                 struct {
						Params []struct{ Name, Value string }
					}
				}
				Response struct {
					Status     int
					StatusText string
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(body), &har); err != nil {
		t.Fatal(err)
	}
	if har.Log.Version != "1.2" || har.Log.Creator.Name == "" || len(har.Log.Entries) != 1 {
		t.Fatalf("%+v", har)
	}
	e := har.Log.Entries[0]
	if e.Request.URL != base+"/token" || e.Response.Status != 400 || e.Response.StatusText != "invalid_request" || len(e.Request.PostData.Params) != 4 || e.StartedDateTime == "" {
		t.Errorf("%+v", e)
	}
	c.post("/console/calls", nil)
	if _, _, body := c.get("/console/calls.har"); strings.Contains(body, "/token") {
		t.Error("the list was not emptied")
	}
}

func TestTheAgencyRegistersARelyingPartyWhoseStaffComesIn(t *testing.T) {
	site, base := open(t)
	agency := enter(t, base, "co-quan", personas.Password)
	form := func(edits ...string) url.Values {
		v := url.Values{"id": {"ubnd-mau"}, "name": {"UBND xã Mẫu"}, "class": {"state"}, "channel": {"direct"}, "redirects": {"https://ubnd.example/cb"}}
		for i := 0; i < len(edits); i += 2 {
			v.Set(edits[i], edits[i+1])
		}
		return v
	}
	for name, bad := range map[string]url.Values{
		"a business, directly": form("class", "business"), "no provider": form("channel", "provider"), "an id with a stroke": form("id", "a/b"),
		"an id that is taken": form("id", "bank"), "a bad address": form("redirects", "x"), "no class": form("class", "club"),
	} {
		if status, _, page := agency.post("/console/clients", bad); status != 422 || !strings.Contains(page, `role="alert"`) {
			t.Errorf("%s: %d", name, status)
		}
	}
	status, _, page := agency.post("/console/clients", form())
	words := regexp.MustCompile(`<dd><code>([^<]+)</code></dd>`).FindAllStringSubmatch(page, -1)
	if status != 200 || len(words) != 4 {
		t.Fatalf("%d, %v", status, words)
	}
	c := enter(t, base, words[2][1], words[3][1])
	if _, _, page := c.get("/console"); !strings.Contains(page, ">ubnd-mau<") || !strings.Contains(page, "https://ubnd.example/cb") {
		t.Error("the new staff does not see their registration")
	}
	if status, _, _ := agency.post("/console/clients/ubnd-mau", url.Values{"class": {"business"}, "channel": {"direct"}}); status != 422 {
		t.Errorf("made a business with a direct channel: %d", status)
	}
	if status, _, _ := agency.post("/console/clients/ubnd-mau", url.Values{"class": {"political"}, "channel": {"provider"}, "provider": {"P"}}); status != 200 {
		t.Errorf("%d", status)
	}
	if status, _, page := agency.get("/console/clients/ubnd-mau"); status != 200 || !strings.Contains(page, "UBND xã Mẫu") {
		t.Errorf("%d", status)
	}
	for _, id := range []string{"nobody", "%2e%2e"} {
		if status, _, _ := agency.get("/console/clients/" + id); status != 404 {
			t.Errorf("%s: %d", id, status)
		}
	}
	now, err := site.Platform.Client(t.Context(), "ubnd-mau")
	if err != nil || now.Class != platform.ClassPolitical || now.Provider != "P" {
		t.Errorf("%+v %v", now, err)
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	_, base := open(t)
	c := enter(t, base, "nhan-vien-portal", personas.Password)
	for site, want := range map[string]int{"same-origin": 200, "cross-site": 403} {
		if status, _, _ := c.post("/console/calls", nil, "Sec-Fetch-Site", site); status != want {
			t.Errorf("%s: %d", site, status)
		}
	}
}

func TestPurposesAreAddedWithinTheRules(t *testing.T) {
	site, base := open(t)
	renting, err := web.Asking("http://127.0.0.1:1/callback")
	if err != nil {
		t.Fatal(err)
	}
	if err := site.Platform.Register(t.Context(), renting); err != nil {
		t.Fatal(err)
	}
	if err := site.Platform.AddStaff(t.Context(), platform.Staff{ID: "nv-rental", Name: "N", Role: platform.RoleClient, Client: renting.ID}, personas.Password); err != nil {
		t.Fatal(err)
	}
	c := enter(t, base, "nv-rental", personas.Password)
	form := func(edits ...string) url.Values {
		v := url.Values{"code": {"loan"}, "vi": {"Vay tiền"}, "en": {"A loan"}, "days": {"30"}, "kind": {"tax-code", "residence"}}
		for i := 0; i < len(edits); i += 2 {
			v.Set(edits[i], edits[i+1])
		}
		return v
	}
	for name, bad := range map[string]url.Values{
		"no code": form("code", ""), "no words": form("vi", ""), "an odd number of days": form("days", "x"), "too many days": form("days", "99999"),
		"what nobody may ask for": form("kind", "biometrics"), "no document": form("kind", "nothing"),
	} {
		if status, _, page := c.post("/console/purposes", bad); status != 422 || !strings.Contains(page, "Client.Purposes") {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, _, page := c.post("/console/purposes", form()); status != 200 || !strings.Contains(page, "Vay tiền") {
		t.Errorf("%d", status)
	}
	if status, _, _ := c.post("/console/purposes", form()); status != 422 {
		t.Errorf("twice: %d", status)
	}
	if status, _, page := c.post("/console/purposes", url.Values{"drop": {"loan"}}); status != 200 || strings.Contains(page, "Vay tiền") {
		t.Errorf("dropped: %d", status)
	}
	now, err := site.Platform.Client(t.Context(), renting.ID)
	if err != nil || len(now.Purposes) != len(renting.Purposes) {
		t.Errorf("%+v %v", now.Purposes, err)
	}
	status, _, page := c.post("/console/keys", url.Values{"do": {"webhook"}})
	if status != 200 || code.FindStringSubmatch(page) == nil {
		t.Errorf("a webhook secret: %d", status)
	}
	if status, _, _ := c.get("/console/reconciliation?day=2026-01-31"); status != 200 {
		t.Errorf("a day: %d", status)
	}
	if status, _, _ := c.get("/console/reconciliation?day=31/01/2026"); status != 200 {
		t.Errorf("no day: %d", status)
	}
	if status, at, page := c.post("/console/events", url.Values{"event": {"all"}}); status != 200 || at != "/console/events" || !strings.Contains(page, "Không có gì để gửi lại") {
		t.Errorf("nothing to send again: %d", status)
	}
}
