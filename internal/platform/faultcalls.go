package platform

import (
	"crypto"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/qrissue"
)

// at limits a fault to a path; "" is any.
func at(path string, act func(w http.ResponseWriter)) handlerFault {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if path != "" && r.URL.Path != path {
			return false
		}
		act(w)
		return true
	}
}

func down(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "7")
	w.WriteHeader(http.StatusServiceUnavailable)
}

func page(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	// Only a broken connection fails here, as in every write below.
	_, _ = io.WriteString(w, "<!doctype html><title>"+Banner+"</title><h1>502 Bad Gateway</h1>")
}

func broken(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"sub":"cut off he`)
}

func flood(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"padding":"`+strings.Repeat("x", 4<<20)+`"}`)
}

func away(w http.ResponseWriter) {
	w.Header().Set("Location", elsewhere+"/token")
	w.WriteHeader(http.StatusTemporaryRedirect)
}

// slowness is longer than a patient caller's own time-out in a test.
const slowness = 3 * time.Second

// slow waits, or until the caller has gone, and then lets the request through.
func slow(_ http.ResponseWriter, r *http.Request) bool {
	t := time.NewTimer(slowness)
	defer t.Stop()
	select {
	case <-t.C:
		return false
	case <-r.Context().Done():
		return true
	}
}

// callFaults are the token and userinfo endpoints gone wrong.
func callFaults() []fault {
	errorCode := func(status int, code string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { writeJSON(w, status, &oauthError{Code: code}) }
	}
	set := func(name string, value any) func(*members) { return func(m *members) { m.set(name, value) } }
	drop := func(name string) func(*members) { return func(m *members) { m.drop(name) } }
	return []fault{
		{name: "token-down", about: "the token endpoint answers 503", call: at(pathToken, down)},
		{name: "token-page", about: "a proxy answers the token call with a page", call: at(pathToken, page)},
		{name: "token-cut", about: "the token answer breaks off", call: at(pathToken, broken)},
		{name: "token-flood", about: "the token answer has 4 MiB", call: at(pathToken, flood)},
		{name: "token-redirect", about: "the token endpoint sends the caller, and its secret, elsewhere", call: at(pathToken, away)},
		{name: "token-refused", about: "the code is refused", call: at(pathToken, errorCode(400, "invalid_grant"))},
		{name: "token-unauthorized", about: "the client's secret is refused", call: at(pathToken, errorCode(401, "invalid_client"))},
		{name: "missing-id-token", about: "the token answer has no ID token", token: drop("id_token")},
		{name: "missing-access-token", about: "the token answer has no access token", token: drop("access_token")},
		{name: "wrong-token-type", about: "the access token is of an unknown type", token: set("token_type", "mac")},
		{name: "userinfo-other-sub", about: "userinfo describes somebody else", userinfo: set("sub", "somebody-else")},
		{name: "userinfo-missing-sub", about: "userinfo does not say whom it describes", userinfo: drop("sub")},
		{name: "userinfo-bad-number", about: "the personal number has eleven digits", userinfo: set("citizen_id", "99909000000")},
		{name: "userinfo-bad-date", about: "the birth date is no date", userinfo: set("birthdate", "1990-02-30")},
		{name: "userinfo-locked", about: "the account was locked after the ID token", userinfo: set("account_status", "locked")},
		{name: "userinfo-eid-locked", about: "the electronic identity card was locked after the ID token", userinfo: set("eid_status", "locked")},
		{name: "userinfo-down", about: "userinfo answers 503", call: at(pathUserinfo, down)},
		{name: "userinfo-page", about: "a proxy answers the userinfo call with a page", call: at(pathUserinfo, page)},
		{name: "userinfo-cut", about: "the userinfo answer breaks off", call: at(pathUserinfo, broken)},
		{name: "userinfo-flood", about: "the userinfo answer has 4 MiB", call: at(pathUserinfo, flood)},
		{name: "userinfo-denied", about: "userinfo answers 403", call: at(pathUserinfo, errorCode(403, "access_denied"))},
		{name: "redeem-down", about: "redeeming a QR code answers 503", call: at(pathQRRedeem, down)},
		{name: "redeem-replayed", about: "every QR code was redeemed before", call: at(pathQRRedeem, errorCode(409, "replayed"))},
		{name: "slow-token", about: "the token endpoint takes three seconds", call: func(w http.ResponseWriter, r *http.Request) bool {
			return r.URL.Path == pathToken && slow(w, r)
		}},
	}
}

// keyFaults are what everybody's metadata and keys can suffer.
func keyFaults() []fault {
	constant := func(s string) func([]byte) []byte { return func([]byte) []byte { return []byte(s) } }
	set := func(name string, value any) func(*members) { return func(m *members) { m.set(name, value) } }
	return []fault{
		{name: "down", about: "the whole platform answers 503", serve: at("", down)},
		{name: "slow", about: "every answer takes three seconds", serve: slow},
		{name: "discovery-down", about: "the metadata answers 503", serve: at(pathDiscovery, down)},
		{name: "discovery-page", about: "a proxy answers for the metadata with a page", serve: at(pathDiscovery, page)},
		{name: "discovery-wrong-issuer", about: "the metadata is somebody else's", discovery: set("issuer", elsewhere)},
		{name: "discovery-foreign-token", about: "the metadata sends codes and secrets elsewhere", discovery: set("token_endpoint", elsewhere+pathToken)},
		{name: "discovery-no-keys", about: "the metadata names no key set", discovery: func(m *members) { m.drop("jwks_uri") }},
		{name: "jwks-down", about: "the login's key set answers 503", serve: at(pathJWKS, down)},
		{name: "jwks-page", about: "a proxy answers for the login's key set with a page", serve: at(pathJWKS, page)},
		{name: "qr-jwks-down", about: "the key set of QR codes answers 503", serve: at(pathQRJWKS, down)},
		{name: "jwks-empty", about: "both key sets are empty", jwks: constant(`{"keys":[]}`)},
		{name: "jwks-cut", about: "both key sets break off", jwks: func(b []byte) []byte { return b[:len(b)/2] }},
		{name: "jwks-flood", about: "both key sets have 4 MiB", jwks: constant(`{"keys":[],"padding":"` + strings.Repeat("x", 4<<20) + `"}`)},
		{name: "jwks-odd-keys", about: "both key sets hold keys of unknown and secret types besides", jwks: func(b []byte) []byte {
			odd := `{"keys":[{"kty":"MOON","kid":"odd"},{"kty":"oct","kid":"secret","k":"AAAA"},`
			return append([]byte(odd), strings.TrimPrefix(string(b), `{"keys":[`)...)
		}},
	}
}

// codeFaults are QR codes that no verifier may accept, signed with the right key
// unless the name says otherwise.
func codeFaults() []fault {
	claim := func(f func(*qrissue.Claims)) func(*qrissue.Claims, *signingKey) (*signingKey, error) {
		return func(c *qrissue.Claims, k *signingKey) (*signingKey, error) {
			f(c)
			return k, nil
		}
	}
	return []fault{
		{name: "qr-expired", about: "QR codes are an hour old", code: claim(func(c *qrissue.Claims) {
			life := c.Expires.Sub(c.Issued)
			c.Issued = c.Issued.Add(-time.Hour - life)
			c.Expires = c.Issued.Add(life)
		})},
		{name: "qr-future", about: "QR codes begin in an hour", code: claim(func(c *qrissue.Claims) {
			c.Issued, c.Expires = c.Issued.Add(time.Hour), c.Expires.Add(time.Hour)
		})},
		{name: "qr-long-life", about: "QR codes live ten years", code: claim(func(c *qrissue.Claims) { c.Expires = c.Issued.AddDate(10, 0, 0) })},
		{name: "qr-wrong-issuer", about: "QR codes name another issuer", code: claim(func(c *qrissue.Claims) { c.Issuer = elsewhere })},
		{name: "qr-wrong-audience", about: "QR codes are for another verifier", code: claim(func(c *qrissue.Claims) { c.Audience = "another-verifier" })},
		{name: "qr-no-number", about: "QR codes name nobody", code: claim(func(c *qrissue.Claims) { c.Citizen.ID, c.Citizen.ForeignerID = "", "" })},
		{name: "qr-unknown-key", about: "QR codes are signed by a key that nobody published", code: func(_ *qrissue.Claims, k *signingKey) (*signingKey, error) {
			return generate(k.alg)
		}},
		{name: "qr-wrong-key", about: "QR codes name the right key and are signed by another", code: func(_ *qrissue.Claims, k *signingKey) (*signingKey, error) {
			other, err := generate(k.alg)
			if err != nil {
				return nil, err
			}
			return &signingKey{kid: k.kid, alg: k.alg, signer: impostor{k.signer.Public(), other.signer}}, nil
		}},
	}
}

// impostor claims one key and signs with another.
type impostor struct {
	public crypto.PublicKey
	crypto.Signer
}

// Public implements crypto.Signer.
func (i impostor) Public() crypto.PublicKey { return i.public }
