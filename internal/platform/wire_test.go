package platform

import (
	"context"
	"crypto/aes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

// old is a relying party of a wire, played by hand.
type old struct {
	*world
	wire ClientWire
	key  *rsa.PrivateKey
}

func (w *world) old(kind ClientWire, edit func(*Client)) *old {
	w.t.Helper()
	o := &old{world: w, wire: kind}
	c := Client{ID: "old", Secret: rpSecret, RedirectURIs: []string{rpBack}, Scopes: []string{"profile", "vneid:id"}, Wire: kind}
	if kind == Envelope {
		var err error
		if o.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			w.t.Fatal(err)
		}
		if c.Keys, err = jwx.Marshal(jwx.Key{Public: o.key.Public(), Use: "enc"}); err != nil {
			w.t.Fatal(err)
		}
	}
	if edit != nil {
		edit(&c)
	}
	w.register(c)
	return o
}

// ask is the request as integrators write it.
func (o *old) ask() string {
	return pathsOf(o.wire).authorize + "?response_type=code&client_id=old&scope=openid&state=s-1&acr_values=LoA1&redirect_uri=" + url.QueryEscape(rpBack)
}

// callback is the raw query that the browser brings to the relying party.
func (o *old) callback(handle string) string {
	o.t.Helper()
	b := o.browser(handle)
	at := ""
	b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), rpBack) {
			at = r.URL.RawQuery
			return http.ErrUseLastResponse
		}
		return nil
	}
	b.walk(b.get(o.ask()))
	return at
}

// raw reads a query without decoding, as the wires need.
func raw(query, name string) string {
	for _, pair := range strings.Split(query, "&") {
		if v, ok := strings.CutPrefix(pair, name+"="); ok {
			return v
		}
	}
	return ""
}

// open decrypts an envelope by the standard library alone.
func (o *old) open(key, data string) string {
	o.t.Helper()
	wrapped, err1 := base64.StdEncoding.DecodeString(key)
	blocks, err2 := base64.StdEncoding.DecodeString(data)
	if err1 != nil || err2 != nil || len(blocks)%16 != 0 || len(blocks) == 0 {
		o.t.Fatal("no envelope", err1, err2)
	}
	secret, err := rsa.DecryptPKCS1v15(nil, o.key, wrapped)
	if err != nil || len(secret) != 32 {
		o.t.Fatal("no AES key of 256 bits", err)
	}
	c, err := aes.NewCipher(secret)
	if err != nil {
		o.t.Fatal(err)
	}
	for i := 0; i < len(blocks); i += 16 {
		c.Decrypt(blocks[i:], blocks[i:i+16])
	}
	return string(blocks[:len(blocks)-int(blocks[len(blocks)-1])])
}

// form is the token request for a callback.
func (o *old) form(query string) url.Values {
	o.t.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "redirect_uri": {rpBack}, "client_id": {"old"}, "client_secret": {rpSecret}, "code": {raw(query, "code")}}
	if o.wire == Envelope {
		form.Set("code", o.open(raw(query, "encrypt_key"), raw(query, "code")))
		form.Set("encrypt_key", raw(query, "encrypt_key"))
	}
	return form
}

func (o *old) token(form url.Values) answer { return o.postForm(pathsOf(o.wire).token, form, nil) }

// plain is the JSON of an answer, out of its envelope.
func (o *old) plain(a answer) object {
	o.t.Helper()
	if o.wire != Envelope {
		return a.body
	}
	if len(a.body) != 2 {
		o.t.Fatalf("%d %s", a.status, a.raw)
	}
	out := object{}
	if err := json.Unmarshal([]byte(o.open(a.text("key"), a.text("data"))), &out); err != nil {
		o.t.Fatal(err)
	}
	return out
}

func (o *old) userinfo(path, access string) answer {
	o.t.Helper()
	req, err := http.NewRequest("GET", o.url+path, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+access)
	return o.call(req)
}

// access is the access token of a whole login.
func (o *old) access() string {
	s, _ := o.plain(o.token(o.form(o.callback("level2"))))["access_token"].(string)
	return s
}

func TestTheWiresSpeakAsPublicIntegrationsRead(t *testing.T) {
	guids := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	for kind, want := range map[ClientWire]map[string]any{
		VNConnect: {"LoaiTaiKhoan": "1", "HoVaTen": "Nguyễn Văn An", "SoDinhDanh": "999090000001", "NgayThangNamSinh": "19900214", "loginIdp": "BCA"},
		Envelope:  {"accountType": "1", "accountLevel": "2", "fullName": "Nguyễn Văn An", "citizenPid": "999090000001", "birthDate": "14/02/1990"},
	} {
		o := newWorld(t).old(kind, nil)
		plus := false
		for range 8 {
			query := o.callback("level2")
			plus = plus || strings.Contains(raw(query, "code")+raw(query, "encrypt_key"), "+")
			if raw(query, "state") != "s-1" || strings.Contains(query, "iss=") || strings.Contains(query, "%2B") || strings.Contains(query, "%2F") {
				t.Errorf("%s: the callback is %s", kind, query)
			}
			form := o.form(query)
			if !guids.MatchString(form.Get("code")) {
				t.Errorf("%s: the code is no GUID", kind)
			}
			tokens := o.plain(o.token(form))
			if tokens["token_type"] != "Bearer" || tokens["expires_in"] != 1800.0 || tokens["id_token"] != nil {
				t.Errorf("%s: %v", kind, tokens)
			}
			access, _ := tokens["access_token"].(string)
			who := o.plain(o.userinfo(pathsOf(kind).userinfo, access))
			for name, value := range want {
				if who[name] != value {
					t.Errorf("%s: %s is %v, want %v", kind, name, who[name], value)
				}
			}
			if kind == VNConnect {
				for _, name := range []string{"sub", "TechID"} {
					if s, _ := who[name].(string); !guids.MatchString(s) {
						t.Errorf("%s is %v", name, who[name])
					}
				}
			} else if who["sub"] != nil {
				t.Error("Envelope has a subject")
			}
		}
		if plus != (kind == Envelope) {
			t.Errorf("%s: + unescaped: %v", kind, plus)
		}
	}
}

func TestTokenRequestsOfAWireThatAreRefused(t *testing.T) {
	set := func(name, value string) func(url.Values) { return func(f url.Values) { f.Set(name, value) } }
	for name, c := range map[string]struct {
		edit   func(url.Values)
		status int
		only   ClientWire
	}{
		"as it must be":          {func(url.Values) {}, 200, ""},
		"another secret":         {set("client_secret", "wrong"), 401, ""},
		"another redirect_uri":   {set("redirect_uri", rpBack+"/"), 400, ""},
		"a code of nobody":       {set("code", guid()), 400, ""},
		"another grant":          {set("grant_type", "password"), 400, ""},
		"no encrypt_key":         {func(f url.Values) { f.Del("encrypt_key") }, 400, Envelope},
		"another encrypt_key":    {set("encrypt_key", "AAAA"), 400, Envelope},
		"a verifier too much":    {set("code_verifier", verifier0), 200, ""},
		"an unknown client":      {set("client_id", "nobody"), 401, ""},
		"a client of no wire":    {func(f url.Values) { f.Set("client_id", "rp"); f.Set("client_secret", rpSecret) }, 401, ""},
		"redirect_uri left away": {func(f url.Values) { f.Del("redirect_uri") }, 400, ""},
	} {
		for _, kind := range []ClientWire{VNConnect, Envelope} {
			if c.only != "" && c.only != kind {
				continue
			}
			o := newWorld(t).old(kind, nil)
			form := o.form(o.callback("level2"))
			c.edit(form)
			if a := o.token(form); a.status != c.status {
				t.Errorf("%s: %s: %d %s", kind, name, a.status, a.raw)
			}
		}
	}
}

func TestAWireTakesFormsAlone(t *testing.T) {
	for _, kind := range []ClientWire{VNConnect, Envelope} {
		o := newWorld(t).old(kind, nil)
		form := o.form(o.callback("level2"))
		body, err := json.Marshal(map[string]string{"code": form.Get("code"), "client_id": "old", "client_secret": rpSecret})
		if err != nil {
			t.Fatal(err)
		}
		a := o.postForm(pathsOf(kind).token, nil, func(r *http.Request) {
			r.Header.Set("Content-Type", "application/json")
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(string(body))), int64(len(body))
		})
		if a.status != 415 {
			t.Errorf("%s: JSON gets %d", kind, a.status)
		}
		if a := o.token(form); a.status != 200 {
			t.Errorf("%s: and spent the code: %d", kind, a.status)
		}
	}
}

func TestAnAddressThatIsNotOnTheListGetsWhatAWrongSecretGets(t *testing.T) {
	for list, status := range map[string]int{"127.0.0.0/8": 200, "192.0.2.0/24": 401} {
		for _, kind := range []ClientWire{VNConnect, Envelope} {
			o := newWorld(t).old(kind, func(c *Client) { c.Addresses = []string{list} })
			form := o.form(o.callback("level2"))
			a := o.token(form)
			if a.status != status {
				t.Errorf("%s: %s: %d", kind, list, a.status)
			}
			form.Set("client_secret", "wrong")
			if wrong := o.token(form); status == 401 && string(wrong.raw) != string(a.raw) {
				t.Errorf("%s: %s and %s", kind, a.raw, wrong.raw)
			}
		}
	}
}

// Neither the metadata nor any endpoint of OpenID Connect knows these clients, and
// the reverse.
func TestTheWiresAreApart(t *testing.T) {
	w := newWorld(t)
	discovery := w.call(must(http.NewRequest("GET", w.url+pathDiscovery, nil)))
	for _, kind := range []ClientWire{VNConnect, Envelope} {
		at := pathsOf(kind)
		for _, path := range []string{at.authorize, at.token, at.userinfo, "vnconnect", "encrypt_key"} {
			if strings.Contains(string(discovery.raw), `"`+w.url+path+`"`) || strings.Contains(string(discovery.raw), "encrypt_key") {
				t.Errorf("the metadata name %s", path)
			}
		}
		o := w.old(kind, nil)
		if got := w.browser("level2").authorize(request(map[string]string{"client_id": "old", "scope": "openid"})); got != nil {
			t.Errorf("%s: /authorize answers %v", kind, got)
		}
		form := o.form(o.callback("level2"))
		form.Set("code_verifier", verifier0)
		if a := w.postForm("/token", form, nil); a.status != 401 {
			t.Errorf("%s: /token answers %d", kind, a.status)
		}
		access := o.access()
		if a := w.userinfo(access); a.status != 401 {
			t.Errorf("%s: /userinfo answers %d", kind, a.status)
		}
		ours := w.login("level2", nil).text("access_token")
		if a := o.userinfo(at.userinfo, ours); a.status != 401 {
			t.Errorf("%s: userinfo answers a token of OpenID Connect: %d", kind, a.status)
		}
		for _, path := range []string{"/revoke", "/introspect", "/par", "/qr/redeem"} {
			if a := w.postForm(path, url.Values{"client_id": {"old"}, "client_secret": {rpSecret}, "token": {access}}, nil); a.status != 401 {
				t.Errorf("%s: %s answers %d", kind, path, a.status)
			}
		}
		other := Envelope
		if kind == Envelope {
			other = VNConnect
		}
		if a := o.userinfo(pathsOf(other).userinfo, access); a.status != 401 {
			t.Errorf("%s: the other wire's userinfo answers %d", kind, a.status)
		}
		if got := w.browser("level2"); got.walk(got.get(strings.Replace(o.ask(), at.authorize, pathsOf(other).authorize, 1))) != nil || got.last().Step != StepError {
			t.Errorf("%s: the other wire lets it in", kind)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestAWireGivesWhatThePersonAgreedTo(t *testing.T) {
	for kind, number := range map[ClientWire]string{VNConnect: "SoDinhDanh", Envelope: "citizenPid"} {
		o := newWorld(t).old(kind, nil)
		b := o.browser("level2")
		b.forms[StepConsent] = map[string]string{FieldScope: "profile"}
		at := ""
		b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
			if strings.HasPrefix(r.URL.String(), rpBack) {
				at = r.URL.RawQuery
				return http.ErrUseLastResponse
			}
			return nil
		}
		b.walk(b.get(o.ask()))
		access, _ := o.plain(o.token(o.form(at)))["access_token"].(string)
		if who := o.plain(o.userinfo(pathsOf(kind).userinfo, access)); len(who) == 0 || who[number] != nil {
			t.Errorf("%s: %v", kind, who)
		}
	}
}

func TestRegistrationsOfAWire(t *testing.T) {
	key := must(jwx.Marshal(jwx.Key{Public: must(rsa.GenerateKey(rand.Reader, 2048)).Public(), Use: "enc"}))
	for name, c := range map[string]struct {
		edit func(*Client)
		want string
	}{
		"as it must be":   {func(*Client) {}, ""},
		"an unknown wire": {func(c *Client) { c.Wire = "soap" }, "Client.Wire"},
		"no secret":       {func(c *Client) { c.Secret, c.Public = "", true }, "Client.Wire"},
		"DPoP":            {func(c *Client) { c.DPoP = true }, "Client.Wire"},
		"refresh tokens":  {func(c *Client) { c.Refresh = true }, "Client.Wire"},
		"no key":          {func(c *Client) { c.Keys = nil }, "Client.Keys"},
		"a key of an elliptic": {func(c *Client) {
			c.Keys = must(jwx.Marshal(jwx.Key{Public: must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)).Public(), Use: "enc"}))
		}, "Client.Keys"},
		"a key of VNConnect":   {func(c *Client) { c.Wire = VNConnect }, "Client.Keys"},
		"a bad address":        {func(c *Client) { c.Addresses = []string{"127.0.0.1"} }, "Client.Addresses"},
		"addresses of no wire": {func(c *Client) { c.Wire, c.Keys, c.Addresses = "", nil, []string{"127.0.0.0/8"} }, "Client.Addresses"},
	} {
		reg := Client{ID: "old", Secret: rpSecret, RedirectURIs: []string{rpBack}, Wire: Envelope, Keys: key}
		c.edit(&reg)
		err := newWorld(t).Register(context.Background(), reg)
		if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
