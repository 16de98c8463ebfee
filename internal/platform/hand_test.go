package platform

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// What a client makes itself, by hand and by the standard library alone, so that
// the platform does not only meet this module's own client.

// device is a client's P-256 key.
type device struct{ key *ecdsa.PrivateKey }

func newDevice(t testing.TB) device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return device{key}
}

type object = map[string]any

func (d device) jwk() object {
	point, err := d.key.PublicKey.Bytes() // 04 ‖ x ‖ y
	if err != nil {
		return nil
	}
	return object{"kty": "EC", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])}
}

// thumbprint is RFC 7638 §3 for such a key.
func (d device) thumbprint() string {
	k := d.jwk()
	sum := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"` + k["x"].(string) + `","y":"` + k["y"].(string) + `"}`))
	return b64(sum[:])
}

// sign makes a compact JWS by ES256, whatever alg the header names.
func (d device) sign(header, claims object) string {
	h, _ := json.Marshal(header)
	c, _ := json.Marshal(claims)
	input := b64(h) + "." + b64(c)
	sum := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, d.key, sum[:])
	if err != nil {
		return ""
	}
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	return input + "." + b64(sig)
}

func jwkSet(keys ...object) json.RawMessage {
	b, _ := json.Marshal(object{"keys": keys})
	return b
}

// apply replaces or (by nil) removes members.
func apply(to, edits object) object {
	for name, value := range edits {
		if value == nil {
			delete(to, name)
		} else {
			to[name] = value
		}
	}
	return to
}

// fapi is a client of the FAPI2 profile with a key to authenticate and one to bind
// tokens to. It remembers the last nonce, as a client must.
type fapi struct {
	*world
	id    string
	auth  device
	bound device
	nonce string
}

const fapiID = "fapi"

func (w *world) fapi(edit func(*Client)) *fapi {
	w.t.Helper()
	f := &fapi{world: w, id: fapiID, auth: newDevice(w.t), bound: newDevice(w.t)}
	key := apply(f.auth.jwk(), object{"kid": "k1", "alg": "ES256", "use": "sig"})
	c := Client{ID: fapiID, Name: "Ngân hàng thử nghiệm", Profile: FAPI2, Keys: jwkSet(key), RedirectURIs: []string{rpBack},
		Scopes: []string{"profile", "vneid:id"}, Refresh: true}
	if edit != nil {
		edit(&c)
	}
	f.id = c.ID
	w.register(c)
	return f
}

func (f *fapi) assertion(header, claims object) string {
	now := f.clock.Now()
	return f.auth.sign(apply(object{"alg": "ES256", "kid": "k1", "typ": "JWT"}, header), apply(object{
		"iss": f.id, "sub": f.id, "aud": f.url, "jti": random(), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}, claims))
}

func (f *fapi) proofBy(d device, method, path, access string, header, claims object) string {
	c := object{"jti": random(), "htm": method, "htu": f.url + path, "iat": f.clock.Now().Unix()}
	if f.nonce != "" {
		c["nonce"] = f.nonce
	}
	if access != "" {
		sum := sha256.Sum256([]byte(access))
		c["ath"] = b64(sum[:])
	}
	return d.sign(apply(object{"alg": "ES256", "typ": "dpop+jwt", "jwk": d.jwk()}, header), apply(c, claims))
}

// send posts a form with a good assertion and, where there is a device, a good
// proof; once more if a nonce is wanted.
func (f *fapi) send(path string, form url.Values, d *device) answer {
	f.t.Helper()
	for again := false; ; again = true {
		full := url.Values{"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
			"client_assertion": {f.assertion(nil, nil)}, "client_id": {f.id}}
		for name, values := range form {
			full[name] = values
		}
		a := f.postForm(path, full, func(r *http.Request) {
			if d != nil {
				r.Header.Set("DPoP", f.proofBy(*d, "POST", path, "", nil, nil))
			}
		})
		if n := a.header.Get("DPoP-Nonce"); n != "" {
			f.nonce = n
		}
		if again || a.body["error"] != "use_dpop_nonce" {
			return a
		}
	}
}

// ask is request for this client, without client_id.
func (f *fapi) ask(edits map[string]string) url.Values {
	q := request(edits)
	q.Del("client_id")
	return q
}

// push pushes a request and returns the reference.
func (f *fapi) push(edits map[string]string) string {
	f.t.Helper()
	a := f.send("/par", f.ask(edits), nil)
	uri, _ := a.body["request_uri"].(string)
	if a.status != http.StatusCreated || uri == "" {
		f.t.Fatalf("the request was not pushed: %d %s", a.status, a.raw)
	}
	return uri
}

func (f *fapi) refer(uri string) url.Values {
	return url.Values{"client_id": {f.id}, "request_uri": {uri}}
}

// code logs level2 in.
func (f *fapi) code(edits map[string]string) string {
	f.t.Helper()
	b := f.browser("level2")
	got := b.authorize(f.refer(f.push(edits)))
	if got.Get("code") == "" {
		f.t.Fatalf("no code: %v, last page %+v", got, b.last())
	}
	return got.Get("code")
}

func codeForm(code string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {rpBack}, "code_verifier": {verifier0}}
}

// tokens is a whole login with bound tokens.
func (f *fapi) login(edits map[string]string) answer {
	f.t.Helper()
	a := f.send("/token", codeForm(f.code(edits)), &f.bound)
	if a.status != http.StatusOK {
		f.t.Fatalf("token endpoint: %d %s", a.status, a.raw)
	}
	return a
}

func (a answer) text(name string) string {
	s, _ := a.body[name].(string)
	return s
}

// userinfoBy asks with a token under a scheme, with a proof unless it is empty.
func (w *world) userinfoBy(scheme, access, proof string) answer {
	w.t.Helper()
	req, err := http.NewRequest("GET", w.url+"/userinfo", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", scheme+" "+access)
	if proof != "" {
		req.Header.Set("DPoP", proof)
	}
	return w.call(req)
}

func (f *fapi) userinfo(access string) answer {
	f.t.Helper()
	return f.userinfoBy("DPoP", access, f.proofBy(f.bound, "GET", "/userinfo", access, nil, nil))
}

// header decodes the header of a compact token.
func headerOf(t testing.TB, token any) map[string]any {
	t.Helper()
	s, _ := token.(string)
	head, rest, _ := strings.Cut(s, ".")
	return claimsOf(t, "."+head+"."+strings.Repeat("x", min(1, len(rest))))
}

// checkSignature verifies ES256 and PS256 by the standard library.
func checkSignature(t testing.TB, key signingKey, token string) bool {
	t.Helper()
	i := strings.LastIndexByte(token, '.')
	sig, err := base64.RawURLEncoding.DecodeString(token[i+1:])
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(token[:i]))
	switch pub := key.signer.Public().(type) {
	case *ecdsa.PublicKey:
		return len(sig) == 64 && ecdsa.Verify(pub, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:]))
	case *rsa.PublicKey:
		return rsa.VerifyPSS(pub, crypto.SHA256, sum[:], sig, nil) == nil
	}
	return false
}

// postPublic posts to the token endpoint without authentication.
func (f *fapi) postPublic(form url.Values, d *device) answer {
	f.t.Helper()
	return f.postForm("/token", form, func(r *http.Request) {
		if d != nil {
			r.Header.Set("DPoP", f.proofBy(*d, "POST", "/token", "", nil, nil))
		}
	})
}
