package sso

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// fapi makes o a provider of FAPI 2.0: pushed requests, a key instead of a secret,
// bound tokens, and signed responses for whoever asks. It reads assertions and
// proofs by itself, so that the client's never meet only this module's eyes.
type fapi struct {
	client *ecdsa.PublicKey      // what the client registered
	pushed map[string]url.Values // request_uri → the request, until it is used
	bound  string                // jkt of the last access token
	nonce  string                // demanded in proofs; "" for none
	jtis   map[string]bool       // of assertions and proofs

	// What a test changes.
	answer   func(object) // to a pushed request
	response func(object) // claims of a signed response
	header   func(object) // its header
	signed   func(string) string
}

// newFAPI is a provider and the client registered at it.
func newFAPI(t testing.TB, set ...func(*Config)) (*op, *Client) {
	t.Helper()
	o := newOP(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o.fapi = &fapi{client: &key.PublicKey, pushed: map[string]url.Values{}, jtis: map[string]bool{}, nonce: "nonce-1"}
	c := newClient(t, o, append([]func(*Config){func(c *Config) {
		c.Profile, c.ClientSecret, c.Key, c.KeyID = FAPI2, "", key, "rp-1"
	}}, set...)...)
	return o, c
}

func jarm(c *Config) { c.JARM = true }

// fapiMetadata is what the provider adds to what it says of itself.
func (o *op) fapiMetadata(m object) object {
	m["pushed_authorization_request_endpoint"] = o.srv.URL + "/par"
	m["require_pushed_authorization_requests"] = true
	m["token_endpoint_auth_methods_supported"] = []string{"private_key_jwt"}
	m["token_endpoint_auth_signing_alg_values_supported"] = []string{"PS256", "ES256", "EdDSA"}
	m["dpop_signing_alg_values_supported"] = []string{"ES256", "PS256", "EdDSA"}
	m["response_modes_supported"] = []string{"query", "jwt"}
	return m
}

// taken is a request's form after the checks of client and proof; "" means good.
func (o *op) taken(w http.ResponseWriter, r *http.Request, access string) (jkt string, ok bool) {
	jkt, problem := o.proof(r, access)
	if problem != "" {
		if problem == "use_dpop_nonce" {
			w.Header().Set("DPoP-Nonce", o.fapi.nonce)
		}
		status := http.StatusBadRequest
		if access != "" {
			status = http.StatusUnauthorized
			w.Header().Set("WWW-Authenticate", `dpop error="`+problem+`"`) // any case will do
		}
		o.refuse(w, status, problem)
		return "", false
	}
	if access == "" && !o.assertion(r) {
		o.refuse(w, http.StatusUnauthorized, "invalid_client")
		return "", false
	}
	return jkt, true
}

func (o *op) refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error":%q,"error_description":"canary-description"}`, code)
}

// jwt takes a compact JWS apart and checks it with the key that pick finds.
func jwt(raw string, pick func(head object) *ecdsa.PublicKey) (head, claims object, ok bool) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return nil, nil, false
	}
	var b [3][]byte
	for i, p := range parts {
		var err error
		if b[i], err = base64.RawURLEncoding.Strict().DecodeString(p); err != nil {
			return nil, nil, false
		}
	}
	if json.Unmarshal(b[0], &head) != nil || json.Unmarshal(b[1], &claims) != nil || len(b[2]) != 64 || head["alg"] != "ES256" {
		return nil, nil, false
	}
	key := pick(head)
	h := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	return head, claims, key != nil && ecdsa.Verify(key, h[:], new(big.Int).SetBytes(b[2][:32]), new(big.Int).SetBytes(b[2][32:]))
}

// assertion checks private_key_jwt as FAPI 2.0 has it: one audience, the issuer.
func (o *op) assertion(r *http.Request) bool {
	if r.PostFormValue("client_id") != "portal:1" || r.PostFormValue("client_secret") != "" || r.Header.Get("Authorization") != "" {
		o.t.Error("client authentication by something else than the assertion")
	}
	head, c, ok := jwt(r.PostFormValue("client_assertion"), func(object) *ecdsa.PublicKey { return o.fapi.client })
	if !ok {
		return false
	}
	life := c["exp"].(float64) - c["iat"].(float64)
	jti, _ := c["jti"].(string)
	if c["aud"] != o.srv.URL || c["iss"] != "portal:1" || c["sub"] != "portal:1" || life > 60 || len(jti) < 20 || head["kid"] != "rp-1" || head["jwk"] != nil {
		o.t.Errorf("an assertion of %v and %v", head, c)
	}
	return o.once(jti)
}

func (o *op) once(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	seen := o.fapi.jtis[id]
	o.fapi.jtis[id] = true
	return !seen
}

// proof checks a DPoP proof (RFC 9449 §4.3) and returns the key's thumbprint.
func (o *op) proof(r *http.Request, access string) (jkt, problem string) {
	if len(r.Header.Values("DPoP")) != 1 {
		return "", "invalid_dpop_proof"
	}
	head, c, ok := jwt(r.Header.Get("DPoP"), func(head object) *ecdsa.PublicKey {
		k, _ := head["jwk"].(object)
		x, _ := k["x"].(string)
		y, _ := k["y"].(string)
		bx, _ := base64.RawURLEncoding.DecodeString(x)
		by, _ := base64.RawURLEncoding.DecodeString(y)
		if k["crv"] != "P-256" || k["d"] != nil || len(bx) != 32 || len(by) != 32 {
			return nil
		}
		sum := sha256.Sum256([]byte(fmt.Sprintf(`{"crv":"P-256","kty":"EC","x":%q,"y":%q}`, x, y)))
		jkt = base64.RawURLEncoding.EncodeToString(sum[:])
		pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, bx...), by...))
		if err != nil {
			return nil
		}
		return pub
	})
	now := float64(o.clock.now().Unix())
	jti, _ := c["jti"].(string)
	iat, _ := c["iat"].(float64)
	switch {
	case !ok || head["typ"] != "dpop+jwt" || c["htm"] != r.Method || c["htu"] != o.srv.URL+r.URL.Path || iat > now || iat < now-5 || !o.once(jti):
		return "", "invalid_dpop_proof"
	case o.fapi.nonce != "" && c["nonce"] != o.fapi.nonce:
		return "", "use_dpop_nonce"
	}
	if access != "" {
		sum := sha256.Sum256([]byte(access))
		if c["ath"] != base64.RawURLEncoding.EncodeToString(sum[:]) {
			return "", "invalid_dpop_proof"
		}
	}
	return jkt, ""
}

// servePAR takes a pushed request (RFC 9126 §2).
func (o *op) servePAR(w http.ResponseWriter, r *http.Request) {
	jkt, ok := o.taken(w, r, "")
	if !ok {
		return
	}
	if err := r.ParseForm(); err != nil || r.URL.RawQuery != "" || r.PostForm.Get("request_uri") != "" {
		o.refuse(w, http.StatusBadRequest, "invalid_request")
		return
	}
	if r.PostForm.Get("dpop_jkt") != jkt {
		o.t.Error("dpop_jkt is not the proof's key")
	}
	name := "urn:ietf:params:oauth:request_uri:" + random()
	o.mu.Lock()
	o.fapi.pushed[name] = r.PostForm
	o.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(change(o.fapi.answer, object{"request_uri": name, "expires_in": 60}))
}

// request returns what a browser's request stands for, and uses it up.
func (o *op) request(q url.Values) url.Values {
	if o.fapi == nil {
		return q
	}
	if len(q) != 2 || q.Get("client_id") != "portal:1" {
		o.t.Errorf("the browser carries %v", q)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	in := o.fapi.pushed[q.Get("request_uri")]
	delete(o.fapi.pushed, q.Get("request_uri"))
	return in
}

// respond is the query of a callback: plain, or a signed response for whoever asked.
func (o *op) respond(q, v url.Values) string {
	if q.Get("response_mode") != "jwt" {
		return v.Encode()
	}
	claims := object{"aud": "portal:1", "exp": o.clock.now().Add(time.Minute).Unix()}
	for name := range v {
		claims[name] = v.Get(name)
	}
	text := o.compact(change(o.fapi.header, object{"alg": "ES256", "kid": "k1"}), change(o.fapi.response, claims))
	if o.fapi.signed != nil {
		text = o.fapi.signed(text)
	}
	return url.Values{"response": {text}}.Encode()
}

// serveFAPIToken is serveToken's part for a client with a key.
func (o *op) serveFAPIToken(w http.ResponseWriter, r *http.Request) {
	jkt, ok := o.taken(w, r, "")
	if !ok {
		return
	}
	q, ok := o.redeem(r)
	if !ok || q.Get("dpop_jkt") != jkt {
		o.refuse(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	o.fapi.bound = jkt
	o.answer(w, change(o.tokens, object{
		"access_token": "at-canary-7f3a", "token_type": "DPoP", "expires_in": 300,
		"scope": q.Get("scope"), "id_token": o.mint(q.Get("nonce"), "at-canary-7f3a"),
	}))
}

// mayRead reports whether a userinfo request has the token and shows its key.
func (o *op) mayRead(w http.ResponseWriter, r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if o.fapi == nil || !strings.EqualFold(scheme, "DPoP") {
		if o.fapi != nil || scheme != "Bearer" || token != "at-canary-7f3a" || r.Method != http.MethodGet {
			w.WriteHeader(http.StatusUnauthorized)
			return false
		}
		return true
	}
	jkt, ok := o.taken(w, r, token)
	if ok && (token != "at-canary-7f3a" || jkt != o.fapi.bound) {
		o.refuse(w, http.StatusUnauthorized, "invalid_token")
		return false
	}
	return ok
}
