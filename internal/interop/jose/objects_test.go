package jose

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/resource"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

const back = "https://rp.example/callback"

// signedObject is one object of the platform's and what its reader wants to find.
type signedObject struct {
	Sort       string `json:"sort"`
	Token      string `json:"token"`
	Audience   string `json:"audience"`
	Thumbprint string `json:"thumbprint,omitempty"`
	State      string `json:"state,omitempty"`
}

// objectsOf logs a person in at the platform, and out, and keeps what it signs on the
// way: the response (JARM), the access token, the logout token.
func objectsOf(t *testing.T, p *vneidtest.Platform, cfg sso.Config, api string) map[string]signedObject {
	t.Helper()
	out := map[string]signedObject{}
	told := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		out["logout"] = signedObject{Sort: "logout", Token: r.PostFormValue("logout_token"), Audience: cfg.ClientID}
	}))
	defer told.Close()
	p.BackchannelLogout(cfg, told.URL)
	client, err := sso.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	where, session, err := client.Begin(t.Context(), sso.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	b := p.Browser("level2")
	b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), back) {
			return http.ErrUseLastResponse
		}
		return nil
	}
	res, err := b.Get(where)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	_, query, _ := strings.Cut(res.Header.Get("Location"), "?")
	if q, _ := url.ParseQuery(query); cfg.JARM {
		out["response"] = signedObject{Sort: "response", Token: q.Get("response"), Audience: cfg.ClientID, State: session.State()}
	}
	id, err := client.Finish(t.Context(), session, query)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := json.Marshal(id.Tokens())
	var in struct{ Access, JKT string }
	if err == nil {
		err = json.Unmarshal(kept, &in)
	}
	if err != nil {
		t.Fatal(err)
	}
	out["access"] = signedObject{Sort: "access", Token: in.Access, Audience: api, Thumbprint: in.JKT}
	p.LogOut("level2")
	return out
}

// setOf fetches the keys as anybody does.
func setOf(t *testing.T, issuer string) (set json.RawMessage) {
	t.Helper()
	var metadata struct {
		JWKS string `json:"jwks_uri"`
	}
	for _, step := range []struct {
		url string
		to  any
	}{{issuer + "/.well-known/openid-configuration", &metadata}, {"", &set}} {
		if step.url == "" {
			step.url = metadata.JWKS
		}
		res, err := http.Get(step.url)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err == nil {
			err = json.Unmarshal(text, step.to)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return set
}

func TestWhatThePlatformSignsIsRead(t *testing.T) {
	node(t)
	const api = "https://api.example/"
	p := vneidtest.New(t)
	jarm := p.FAPI2(back)
	jarm.JARM = true
	for name, cfg := range map[string]sso.Config{"Standard": p.SSO(back), "FAPI2": jarm} {
		t.Run(name, func(t *testing.T) {
			p.API(api+name, cfg)
			objects := objectsOf(t, p, cfg, api+name)
			for sort, o := range maps.Clone(objects) {
				if o.Token == "" {
					t.Fatalf("no %s", sort)
				}
				if (o.Thumbprint != "") != (sort == "access" && cfg.Profile == sso.FAPI2) {
					t.Errorf("%s is bound to %q", sort, o.Thumbprint)
				}
				bad := func(why string, change func(*signedObject)) {
					was := o
					change(&was)
					objects["bad: "+sort+" "+why] = was
				}
				bad("altered", func(o *signedObject) { o.Token = altered(o.Token) })
				bad("for another party", func(o *signedObject) { o.Audience += "x" })
				for _, other := range []string{"logout", "access", "response"} {
					if other != sort {
						bad("as "+other, func(o *signedObject) { o.Sort = other })
					}
				}
			}
			verdicts := map[string]string{}
			ask(t, map[string]any{"jwks": setOf(t, p.Issuer()), "issuer": p.Issuer(), "objects": objects}, &verdicts, "node", "objects.mjs")
			theirVerdicts(t, "object", len(objects), verdicts)
			t.Logf("%d, good and bad", len(objects))
		})
	}
}

// TestWeReadWhatJoseSigns: logout tokens at the handler of package sso, access tokens at
// an API of package resource, and each sort refused in the other's place.
func TestWeReadWhatJoseSigns(t *testing.T) {
	node(t)
	api := httptest.NewServer(nil)
	defer api.Close()
	prover, err := oauth.NewProver(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	replay := vneid.NewMemoryReplay(0, nil) // which takes no token that is older than itself
	want := map[string]any{"algs": []string{"RS256", "PS256", "ES256", "EdDSA"}, "client": "portal", "api": api.URL, "thumbprint": prover.Thumbprint()}
	var made struct {
		JWKS   json.RawMessage
		Tokens map[string]map[string]string
	}
	ask(t, map[string]any{"issuer": issuer, "make": want}, &made, "node", "objects.mjs")
	if len(made.Tokens) != 4 {
		t.Fatal(len(made.Tokens))
	}
	logout, records := readers(t, made.JWKS, api.URL, replay)
	api.Config.Handler = records
	holder := oauth.Party{HTTP: oauth.HTTP(nil, api.URL), Prover: prover}
	bearer := holder
	bearer.Prover = nil
	calls := func(who *oauth.Party, token string) bool {
		t.Helper()
		a, err := who.Get(t.Context(), api.URL+"/records", token)
		if err != nil {
			t.Fatal(err)
		}
		return a.Status == http.StatusOK
	}
	for alg, tokens := range made.Tokens {
		for sort, token := range tokens {
			for name, try := range map[string]func(string) bool{
				"logout": logout,
				"access": func(token string) bool { return calls(&bearer, token) },
				"bound":  func(token string) bool { return calls(&holder, token) },
			} {
				if try(token) != (name == sort) || try(altered(token)) {
					t.Errorf("%s, %s as %s: %v", alg, sort, name, name != sort)
				}
			}
		}
	}
}

// readers are what reads logout tokens and access tokens, with one set of keys for both.
func readers(t *testing.T, set json.RawMessage, api string, replay vneid.Replay) (logout func(string) bool, records http.Handler) {
	t.Helper()
	keys, err := jwks.Parse(set, issuer, vneid.UseIDToken, vneid.UseLogout, vneid.UseAccess)
	if err != nil {
		t.Fatal(err)
	}
	client, err := sso.New(sso.Config{Issuer: issuer, ClientID: "portal", RedirectURL: back, Keys: keys, Replay: replay})
	if err != nil {
		t.Fatal(err)
	}
	door, err := client.BackchannelLogout(nil)
	if err != nil {
		t.Fatal(err)
	}
	server, err := resource.New(resource.Config{Issuer: issuer, Audience: api, URL: api, Keys: keys, Need: resource.Need{Scopes: []string{"records"}}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	logout = func(token string) bool {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(url.Values{"logout_token": {token}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		return w.Code == http.StatusOK
	}
	return logout, server.Require(resource.Need{}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {}))
}
