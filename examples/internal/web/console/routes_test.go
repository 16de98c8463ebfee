package console_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/routes"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/webtest"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// publicKeys is a JWK Set with a key of its own that signs.
func publicKeys(t *testing.T, kid string) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	part := func(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
	return fmt.Sprintf(`{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":%q,"x":%q,"y":%q}]}`, kid, part(point[1:33]), part(point[33:]))
}

// victim is the relying party whose affairs are its own, with something on every page.
const victim = "hotel"

// canaries stand on the victim's pages, and nowhere else.
var canaries = []string{"canary", "Khách sạn", "Tạ Văn Phòng", ">hotel<", "/token\""}

// affairs is a platform with two relying parties of the same sort, and what it keeps of
// the victim.
type affairs struct {
	t    *testing.T
	site *web.Site
	kept platform.Store
	base string
}

func openAffairs(t *testing.T) *affairs {
	t.Helper()
	a := &affairs{t: t, kept: platform.NewMemory()}
	a.base = webtest.Serve(t, func(base string) (_ http.Handler, err error) {
		a.site, err = web.New(t.Context(), web.Config{Issuer: base, Store: a.kept, Secret: make([]byte, 32), PasswordRounds: 1})
		return a.site, err
	})
	err := a.site.Platform.Amend(t.Context(), "co-quan", victim, func(c *platform.Client) error {
		c.RedirectURIs = append(c.RedirectURIs, a.base+"/rp/hotel/canary")
		more := c.Purposes[0]
		more.Code, more.Vi, more.En = "canary", "Lời canary", "Words of a canary"
		c.Purposes = append(c.Purposes, more)
		return c.AddKeys([]byte(publicKeys(t, "canary")))
	})
	if err != nil {
		t.Fatal(err)
	}
	a.calls()
	return a
}

// calls has somebody call in the victim's name, unless there are such calls.
func (a *affairs) calls() {
	a.t.Helper()
	if len(a.site.Platform.Calls(victim)) > 0 {
		return
	}
	c := enter(a.t, a.base, "", "")
	c.post("/token", url.Values{"client_id": {victim}, "grant_type": {"authorization_code"}, "canary": {"x"}})
	if len(a.site.Platform.Calls(victim)) == 0 {
		a.t.Fatal("no call was written down")
	}
}

// state is all that is kept of the victim, its secrets as they are kept too.
func (a *affairs) state() string {
	a.t.Helper()
	var row []byte
	err := a.kept.View(a.t.Context(), func(tx platform.Tx) (err error) {
		row, err = tx.Get("client", victim)
		return err
	})
	if err != nil || len(row) == 0 {
		a.t.Fatalf("no registration: %v", err)
	}
	return fmt.Sprint(string(row), len(a.site.Platform.Calls(victim)))
}

// prints are the fingerprints of the victim's keys, as its own page has them.
func (a *affairs) prints() (out []string) {
	a.t.Helper()
	c, err := a.site.Platform.Client(a.t.Context(), victim)
	if err != nil {
		a.t.Fatal(err)
	}
	keys, err := c.KeyList()
	if err != nil {
		a.t.Fatal(err)
	}
	for _, k := range keys {
		out = append(out, k.Thumbprint)
	}
	return out
}

// forms are what a form of each route can be made to say.
func (a *affairs) forms() map[string][]url.Values {
	purpose := url.Values{"code": {"taken"}, "vi": {"Lấy"}, "en": {"Taken"}, "days": {"1"}, "kind": {"residence"}}
	keys := []url.Values{{"do": {"add"}, "jwks": {publicKeys(a.t, "taken")}}, {"do": {"webhook"}}}
	for _, print := range a.prints() {
		keys = append(keys, url.Values{"do": {"drop"}, "key": {print}})
	}
	return map[string][]url.Values{
		"POST /console":          {{"redirects": {a.base + "/rp/hotel/taken"}, "scope": {"profile"}}},
		"POST /console/keys":     keys,
		"POST /console/purposes": {purpose, {"drop": {"canary"}}},
		"POST /console/calls":    {{}},
		"POST /console/events":   {{"event": {"all"}}},
		// The agency's.
		"POST /console/clients":          {{"id": {victim}, "name": {"Lấy"}, "class": {"state"}, "channel": {"direct"}, "redirects": {"https://taken.example/cb"}}},
		"POST /console/clients/{client}": {{"class": {"political"}, "channel": {"provider"}, "provider": {"Taken"}}},
	}
}

// quiet are routes whose form changes nothing of a relying party that refused no event,
// or that is registered already.
var quiet = []string{"POST /console/events", "POST /console/clients"}

// TestNobodyHasAnythingOfAnothersConsole walks all routes of the console, by the staff of
// another relying party, by officers and by nobody, with the victim's name and the names
// of what it has put wherever they fit.
func TestNobodyHasAnythingOfAnothersConsole(t *testing.T) {
	all, err := routes.In(".")
	if err != nil {
		t.Fatal(err)
	}
	a := openAffairs(t)
	owner, agency := enter(t, a.base, "nhan-vien-hotel", personas.Password), enter(t, a.base, "co-quan", personas.Password)
	strangers := map[string]*clerk{"": enter(t, a.base, "", "")}
	for _, id := range []string{"nhan-vien-bank", "nhan-vien-dvc", "can-bo-phuong"} {
		strangers[id] = enter(t, a.base, id, personas.Password)
	}
	forms := a.forms()
	for _, route := range all {
		method, path, _ := strings.Cut(route, " ")
		path = strings.ReplaceAll(path, "{client}", victim)
		if method == "GET" {
			whose := owner
			if strings.HasPrefix(path, "/console/clients") {
				whose = agency
			}
			if _, _, page := whose.get(path); !anyOf(page, canaries) {
				t.Errorf("%s says nothing of the victim to whom it may: %s", path, page)
			}
			for id, c := range strangers {
				for _, q := range []string{"", "?client=hotel&id=hotel&client_id=hotel&party=hotel&staff=nhan-vien-hotel"} {
					if _, at, page := c.get(path + q); anyOf(page, canaries) && at != "/staff/login" { // which introduces everybody
						t.Errorf("%s shows %q something of the victim", path+q, id)
					}
				}
			}
			continue
		}
		if len(forms[route]) == 0 {
			t.Errorf("%s is a route that no test walks: put a form of it into the table", route)
		}
		for _, form := range forms[route] {
			a.calls()
			before := a.state()
			for id, c := range strangers {
				named := maps.Clone(form)
				for _, field := range []string{"client", "client_id", "party"} {
					named[field] = []string{victim}
				}
				if named.Get("id") == "" {
					named.Set("id", victim)
				}
				for _, q := range []string{"", "?client=hotel&id=hotel&client_id=hotel"} {
					if _, at, page := c.post(path+q, named); anyOf(page, canaries) && at != "/staff/login" {
						t.Errorf("%s answers %q with something of the victim", route, id)
					}
					if a.state() != before {
						t.Fatalf("%s %v of %q changed the victim", route, form, id)
					}
				}
			}
			whose := owner
			if strings.HasPrefix(path, "/console/clients") {
				whose = agency
			}
			whose.post(path, form)
			if !slices.Contains(quiet, route) && a.state() == before {
				t.Errorf("%s %v does nothing for whom it is", route, form)
			}
		}
	}
	for route := range forms {
		if !slices.Contains(all, route) {
			t.Errorf("%s is no route", route)
		}
	}
}

func anyOf(page string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(page, w) })
}
