package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

// mockpass is npm's @opengovsg/mockpass. Where its version has FAPI it does that login,
// by its metadata: PAR, private_key_jwt, DPoP, PKCE, an ID token signed and encrypted. An
// older one does its fullest: private_key_jwt and an ID token signed and encrypted,
// without PAR, DPoP, PKCE. Neither has userinfo for it, sessions, consent, history, or
// looks whether a code, an assertion or a proof was used before.
type mockpass struct {
	*process
	host, base, version string
	fapi                bool
	relying             identity
	open                jwx.PrivateKey
}

// start.cjs of this directory keeps it on loopback.
func startMockpass(dir string) (*mockpass, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	m := &mockpass{host: addr, base: "/singpass/v2"}
	names := [2]string{"oidc-v2-rp-secret.json", "oidc-v2-rp-secret.json"}
	if _, err := os.Stat(filepath.Join(dir, "lib/express/fapi")); err == nil {
		m.fapi, m.base, names[0] = true, "/singpass/v3/fapi", "fapi-rp-private.json"
	}
	pkg, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return nil, err
	}
	var about struct{ Version string }
	if err := json.Unmarshal(pkg, &about); err != nil {
		return nil, err
	}
	m.version = about.Version
	if err := m.readKeys(filepath.Join(dir, "static/certs", names[0])); err != nil {
		return nil, err
	}
	_, port, _ := strings.Cut(addr, ":")
	cmd := exec.Command("node", "start.cjs", dir, port)
	cmd.Env = append(os.Environ(), "NODE_ENV=production")
	m.process, err = start(addr, cmd)
	return m, err
}

// readKeys reads the keys of the relying party that mockpass ships for its tests.
func (m *mockpass) readKeys(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var set struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(text, &set); err != nil {
		return err
	}
	m.relying = identity{client: "mock-fapi-client-id", audience: "http://" + m.host + m.base}
	for _, raw := range set.Keys {
		var k struct{ Use, Alg, Kid string }
		if err := json.Unmarshal(raw, &k); err != nil {
			return err
		}
		key, err := private(raw)
		if err != nil {
			return err
		}
		if k.Use == "sig" {
			m.relying.alg, m.relying.kid, m.relying.key = k.Alg, k.Kid, key
		} else {
			m.open = jwx.PrivateKey{ID: k.Kid, Key: key}
		}
	}
	if m.relying.key == nil || m.open.Key == nil {
		return errors.New("mockpass has no keys for a relying party")
	}
	return nil
}

func (m *mockpass) name() string {
	if m.fapi {
		return "mockpass " + m.version + ", FAPI"
	}
	return "mockpass " + m.version + ", OpenID Connect"
}

// sit makes the two connections.
func (m *mockpass) sit(int) (client, error) {
	return &visitor{m: m, browser: conn{host: m.host}, rp: conn{host: m.host}}, nil
}

type visitor struct {
	m           *mockpass
	browser, rp conn
}

func (v *visitor) close() { v.browser.close(); v.rp.close() }

func (v *visitor) post(path, form string, by *prover) (jws.Object, int, error) {
	assertion, err := v.m.relying.assertion()
	if err != nil {
		return jws.Object{}, 0, err
	}
	var fields []field
	if by != nil {
		proof, err := by.proof("POST", "http://"+v.m.host+path, "", "")
		if err != nil {
			return jws.Object{}, 0, err
		}
		fields = append(fields, field{"DPoP", proof})
	}
	r, err := v.rp.do("POST", path, form+"&client_assertion_type="+assertionType+"&client_assertion="+assertion, fields...)
	if err != nil {
		return jws.Object{}, 0, err
	}
	o, err := jws.ParseObject(string(r.body))
	return o, r.status, err
}

func (v *visitor) login() error {
	state, nonce, verifier := token(24), token(24), token(32)
	to := v.m.base + "/authorize?response_type=code&scope=openid&client_id=" + v.m.relying.client + "&redirect_uri=" + url.QueryEscape(callback) + "&state=" + state + "&nonce=" + nonce
	var by *prover
	if v.m.fapi {
		var err error
		if by, err = newProver(); err != nil {
			return err
		}
		o, status, err := v.post(v.m.base+"/par", "response_type=code&scope=openid&client_id="+v.m.relying.client+"&redirect_uri="+url.QueryEscape(callback)+
			"&state="+state+"&nonce="+nonce+"&code_challenge_method=S256&code_challenge="+hash(verifier), by)
		if err != nil || status != http.StatusCreated {
			return errors.Join(err, refusedBy("par", status, o))
		}
		to = v.m.base + "/auth?client_id=" + v.m.relying.client + "&request_uri=" + url.QueryEscape(o.String("request_uri"))
	}
	code, err := v.browse(to, state)
	if err != nil {
		return err
	}
	o, status, err := v.post(v.m.base+"/token", "grant_type=authorization_code&client_id="+v.m.relying.client+"&code="+url.QueryEscape(code)+
		"&redirect_uri="+url.QueryEscape(callback)+"&code_verifier="+verifier, by)
	if err != nil || status != http.StatusOK {
		return errors.Join(err, refusedBy("token", status, o))
	}
	return v.check(o.String("id_token"), nonce)
}

// way is where its page of people leads for the first of them.
var way = regexp.MustCompile(`data-asserturl="([^"]+)"`)

// browse goes to its authorization endpoint, which has no sessions: with FAPI it answers
// a page of people with a code for each, of whom the first is taken; without it the
// browser is sent back at once.
func (v *visitor) browse(to, state string) (code string, err error) {
	r, err := v.browser.do("GET", to, "")
	if err != nil {
		return "", err
	}
	back := r.header.Get("Location")
	if m := way.FindSubmatch(r.body); m != nil {
		back = html.UnescapeString(string(m[1]))
	}
	u, err := url.Parse(back)
	if err != nil || u.Query().Get("state") != state || u.Query().Get("code") == "" {
		return "", fmt.Errorf("mockpass's authorization endpoint answers %d without a code", r.status)
	}
	return u.Query().Get("code"), nil
}

// check opens the ID token and reads it. Its signature is left unchecked: that is the
// relying party's time and not the server's.
func (v *visitor) check(text, nonce string) error {
	inside, err := jwx.Open(text, v.m.open)
	if err != nil {
		return err
	}
	payload, _ := jws.DecodeBase64(strings.Split(string(inside), ".")[1])
	claims, err := jws.ParseObject(string(payload))
	if err == nil && claims.String("nonce") != nonce {
		err = errors.New("mockpass's ID token is of another login")
	}
	return err
}
