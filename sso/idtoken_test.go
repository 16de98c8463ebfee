package sso

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// claim and drop change one claim of an ID token before it is signed by the
// trusted key.
func claim(name string, value any) func(*op) {
	return func(o *op) { o.claims = func(c object) { c[name] = value } }
}

// about changes what token and userinfo both say of the person.
func about(name string, value any) func(*op) {
	return func(o *op) {
		o.about[name] = value
		claim(name, value)(o)
	}
}

func drop(name string) func(*op) {
	return func(o *op) { o.claims = func(c object) { delete(c, name) } }
}

// shift moves a time claim by d from what it was.
func shift(name string, d time.Duration) func(*op) {
	return func(o *op) {
		o.claims = func(c object) { c[name] = o.clock.now().Add(d).Unix() }
	}
}

func head(name string, value any) func(*op) {
	return func(o *op) { o.header = func(h object) { h[name] = value } }
}

// text changes the finished token.
func text(f func(string) string) func(*op) { return func(o *op) { o.idToken = f } }

// payload rewrites the JSON text of the claims and signs it again.
func payload(f func(string) string) func(*op) {
	return func(o *op) {
		o.idToken = func(token string) string {
			h, rest, _ := strings.Cut(token, ".")
			p, _, _ := strings.Cut(rest, ".")
			b, err := base64.RawURLEncoding.DecodeString(p)
			if err != nil {
				o.t.Fatal(err)
			}
			input := h + "." + base64.RawURLEncoding.EncodeToString([]byte(f(string(b))))
			return input + "." + base64.RawURLEncoding.EncodeToString(signES256(o.key, input))
		}
	}
}

func replaced(old, new string) func(string) string {
	return func(s string) string {
		if !strings.Contains(s, old) {
			panic("nothing to replace: " + old)
		}
		return strings.Replace(s, old, new, 1)
	}
}

// part applies f to the n-th part of a token.
func part(n int, f func(string) string) func(string) string {
	return func(token string) string {
		p := strings.Split(token, ".")
		p[n] = f(p[n])
		return strings.Join(p, ".")
	}
}

// tokens are ID tokens that differ in one thing from the one that passes; unless
// the fault is the signature the trusted key signed them.
var refusedTokens = []struct {
	name string
	kind vneid.Kind
	edit func(*op)
}{
	// form
	{"empty", vneid.ErrMalformed, text(func(string) string { return "" })},
	{"two parts", vneid.ErrMalformed, text(func(s string) string { return s[:strings.LastIndexByte(s, '.')] })},
	{"four parts", vneid.ErrMalformed, text(func(s string) string { return s + ".e30" })},
	{"a line break in the signature", vneid.ErrMalformed, text(func(s string) string { return s[:len(s)-4] + "\n" + s[len(s)-4:] })},
	{"padding", vneid.ErrMalformed, text(func(s string) string { return s + "==" })},
	{"a space behind", vneid.ErrMalformed, text(func(s string) string { return s + " " })},
	{"20 KiB", vneid.ErrMalformed, claim("filler", strings.Repeat("x", 20<<10))},
	{"payload no object", vneid.ErrMalformed, payload(func(string) string { return `["iss"]` })},
	{"payload with a second object behind", vneid.ErrMalformed, payload(func(s string) string { return s + "{}" })},
	{"payload with sub twice", vneid.ErrMalformed, payload(func(s string) string { return s[:len(s)-1] + `,"sub":"pairwise-1"}` })},
	{"payload with sub twice, once escaped", vneid.ErrMalformed, payload(func(s string) string { return s[:len(s)-1] + `,"s\u0075b":"pairwise-1"}` })},
	{"payload not UTF-8", vneid.ErrMalformed, payload(replaced(`"op-session-1"`, "\"\xff\""))},
	// header
	{"alg none", vneid.ErrUntrusted, func(o *op) {
		head("alg", "none")(o)
		o.idToken = part(2, func(string) string { return "AA" })
	}},
	{"alg HS256 keyed with the public key", vneid.ErrUntrusted, func(o *op) {
		head("alg", "HS256")(o)
		o.sign = func(in string) []byte {
			b, _ := o.key.PublicKey.Bytes()
			m := hmac.New(sha256.New, b)
			m.Write([]byte(in))
			return m.Sum(nil)
		}
	}},
	{"alg ES384 for a P-256 key", vneid.ErrUntrusted, head("alg", "ES384")},
	{"alg RS256 for an EC key", vneid.ErrUntrusted, head("alg", "RS256")},
	{"alg missing", vneid.ErrUntrusted, func(o *op) { o.header = func(h object) { delete(h, "alg") } }},
	{"alg in lower case", vneid.ErrUntrusted, head("alg", "es256")},
	{"unknown kid", vneid.ErrUntrusted, head("kid", "canary-kid")},
	{"crit", vneid.ErrMalformed, head("crit", []string{"exp"})},
	{"b64", vneid.ErrMalformed, head("b64", false)},
	{"jku", vneid.ErrMalformed, head("jku", "https://evil.example/keys")},
	{"x5u", vneid.ErrMalformed, head("x5u", "https://evil.example/cert")},
	{"jwk", vneid.ErrMalformed, head("jwk", object{"kty": "EC"})},
	{"zip", vneid.ErrMalformed, head("zip", "DEF")},
	{"typ of an access token", vneid.ErrMalformed, head("typ", "at+jwt")},
	{"typ of a logout token", vneid.ErrMalformed, head("typ", "logout+jwt")},
	{"typ of a signed code", vneid.ErrMalformed, head("typ", "vneid-qr+jwt")},
	// signature
	{"the right kid, another key", vneid.ErrSignature, func(o *op) {
		other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			o.t.Fatal(err)
		}
		o.sign = func(in string) []byte { return signES256(other, in) }
	}},
	{"signature all zero", vneid.ErrSignature, func(o *op) { o.sign = func(string) []byte { return make([]byte, 64) } }},
	{"signature of 63 bytes", vneid.ErrSignature, func(o *op) { o.sign = func(in string) []byte { return o.es256(in)[:63] } }},
	{"signature of other bytes", vneid.ErrSignature, func(o *op) { o.sign = func(in string) []byte { return o.es256(in + "x") } }},
	{"payload changed after signing", vneid.ErrSignature, func(o *op) {
		o.sign = func(in string) []byte { return o.es256(strings.Replace(in, ".", ".e", 1)) }
	}},
	// issuer, parties
	{"iss missing", vneid.ErrUntrusted, drop("iss")},
	{"iss of another", vneid.ErrUntrusted, claim("iss", "https://evil.example")},
	{"iss with a slash more", vneid.ErrUntrusted, func(o *op) { o.claims = func(c object) { c["iss"] = o.srv.URL + "/" } }},
	{"iss in capitals", vneid.ErrUntrusted, payload(replaced(`"iss"`, `"ISS"`))},
	{"iss an array", vneid.ErrUntrusted, func(o *op) { o.claims = func(c object) { c["iss"] = []string{o.srv.URL} } }},
	{"aud missing", vneid.ErrMalformed, drop("aud")},
	{"aud empty", vneid.ErrMismatch, claim("aud", []string{})},
	{"aud of another party", vneid.ErrMismatch, claim("aud", "other")},
	{"aud with a second party", vneid.ErrMismatch, claim("aud", []string{"portal:1", "other"})},
	{"aud twice the same", vneid.ErrMismatch, claim("aud", []string{"portal:1", "portal:1"})},
	{"aud a number", vneid.ErrMismatch, claim("aud", 1)},
	{"aud a prefix", vneid.ErrMismatch, claim("aud", "portal:")},
	{"aud in another case", vneid.ErrMismatch, claim("aud", "PORTAL:1")},
	{"azp of another party", vneid.ErrMismatch, claim("azp", "other")},
	{"azp a list", vneid.ErrMismatch, claim("azp", []string{"portal:1"})},
	{"sub missing", vneid.ErrMalformed, drop("sub")},
	{"sub empty", vneid.ErrMalformed, claim("sub", "")},
	{"sub null", vneid.ErrMalformed, claim("sub", nil)},
	{"sub a number", vneid.ErrMalformed, claim("sub", 7)},
	{"sub of 256 characters", vneid.ErrMalformed, claim("sub", strings.Repeat("s", 256))},
	{"sub with a space", vneid.ErrMalformed, claim("sub", "a b")},
	// times
	{"sid a number", vneid.ErrMalformed, claim("sid", 1)},
	{"exp missing", vneid.ErrMalformed, drop("exp")},
	{"exp zero", vneid.ErrMalformed, claim("exp", 0)},
	{"exp negative", vneid.ErrMalformed, claim("exp", -1)},
	{"exp a string", vneid.ErrMalformed, claim("exp", "9999999999")},
	{"exp a fraction", vneid.ErrMalformed, claim("exp", 9999999999.5)},
	{"exp beyond time", vneid.ErrMalformed, claim("exp", json.RawMessage("1e300"))},
	{"expired", vneid.ErrExpired, func(o *op) {
		o.claims = func(c object) {
			c["iat"], c["exp"] = o.clock.now().Add(-59*time.Second).Unix(), o.clock.now().Add(-30*time.Second).Unix()
			o.clock.advance(40 * time.Second)
		}
	}},
	{"exp at iat", vneid.ErrMalformed, shift("exp", 0)},
	{"exp before iat", vneid.ErrMalformed, shift("exp", -time.Second)},
	{"a life of 25 hours", vneid.ErrUntrusted, shift("exp", 25*time.Hour)},
	{"iat missing", vneid.ErrMalformed, drop("iat")},
	{"iat two minutes ahead", vneid.ErrNotYetValid, shift("iat", 2*time.Minute)},
	{"iat before the login began", vneid.ErrMismatch, shift("iat", -2*time.Minute)},
	{"nbf two minutes ahead", vneid.ErrNotYetValid, shift("nbf", 2*time.Minute)},
	{"nbf a string", vneid.ErrMalformed, claim("nbf", "soon")},
	{"auth_time in the future", vneid.ErrNotYetValid, shift("auth_time", 2*time.Minute)},
	{"auth_time a string", vneid.ErrMalformed, claim("auth_time", "now")},
	// nonce and hashes
	{"nonce missing", vneid.ErrMismatch, drop("nonce")},
	{"nonce empty", vneid.ErrMismatch, claim("nonce", "")},
	{"nonce of another login", vneid.ErrMismatch, claim("nonce", strings.Repeat("n", 43))},
	{"nonce a list", vneid.ErrMismatch, func(o *op) { o.claims = func(c object) { c["nonce"] = []any{c["nonce"]} } }},
	{"at_hash of another token", vneid.ErrSignature, claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")},
	{"at_hash cut short", vneid.ErrSignature, func(o *op) { o.claims = func(c object) { c["at_hash"] = c["at_hash"].(string)[:20] } }},
	{"at_hash empty", vneid.ErrSignature, claim("at_hash", "")},
	// levels and locks
	{"account_level 0", vneid.ErrMalformed, claim("account_level", 0)},
	{"account_level 3", vneid.ErrMalformed, claim("account_level", 3)},
	{"account_level a string", vneid.ErrMalformed, claim("account_level", "2")},
	{"account_level below acr", vneid.ErrMalformed, claim("account_level", 1)},
	{"acr below account_level", vneid.ErrMalformed, claim("acr", "urn:vneid:acr:l1:a2")},
	{"acr a number", vneid.ErrMalformed, claim("acr", 2)},
	{"account locked", vneid.ErrLocked, claim(wire.Account, "locked")},
	{"account in an unknown state", vneid.ErrLocked, claim(wire.Account, "sleeping")},
	// the person
	{"citizen_id of eleven digits", vneid.ErrMalformed, about(wire.CitizenID, "99919000001")},
	{"citizen_id with a letter", vneid.ErrMalformed, about(wire.CitizenID, "99919000000l")},
	{"citizen_id a number", vneid.ErrMalformed, about(wire.CitizenID, 999190000001)},
	{"old_id of ten digits", vneid.ErrMalformed, about(wire.OldID, "0123456789")},
	{"former_ids with a bad entry", vneid.ErrMalformed, about(wire.FormerIDs, []string{"1"})},
	{"former_ids a map", vneid.ErrMalformed, about(wire.FormerIDs, object{})},
	{"birthdate the other way round", vneid.ErrMalformed, about("birthdate", "17/05/1990")},
	{"birthdate off the calendar", vneid.ErrMalformed, about("birthdate", "1990-02-30")},
	{"birthdate without end", vneid.ErrMalformed, about("birthdate", "Không thời hạn")},
	{"residence a number", vneid.ErrMalformed, about(wire.Residence, 1)},
	{"residence as of no date", vneid.ErrMalformed, about(wire.Residence, object{"text": "x", "as_of": "soon"})},
	{"name a list", vneid.ErrMalformed, about("name", []string{"x"})},
	// two statements about one person
	{"name differs in userinfo", vneid.ErrMismatch, claim("name", "Nguyễn Thị Khác")},
	{"citizen_id differs in userinfo", vneid.ErrMismatch, claim(wire.CitizenID, "999190000002")},
	{"birthdate differs in userinfo", vneid.ErrMismatch, claim("birthdate", "1990-05-18")},
	{"residence differs in userinfo", vneid.ErrMismatch, claim(wire.Residence, "Nơi khác")},
	{"former_ids differ in userinfo", vneid.ErrMismatch, func(o *op) {
		o.about[wire.FormerIDs] = []string{"999190000009"}
		claim(wire.FormerIDs, []string{"999190000008"})(o)
	}},
	{"account_type differs in userinfo", vneid.ErrMismatch, claim(wire.AccountType, "organisation")},
}

func TestIDTokensWithOneFaultAreRefused(t *testing.T) {
	t.Logf("%d tokens, %d callbacks", len(refusedTokens), len(callbacks))
	for _, test := range refusedTokens {
		t.Run(test.name, func(t *testing.T) {
			o := newOP(t)
			c := newClient(t, o)
			mustLogin(t, c, o, Ask{}) // the twin, signed by the same key
			o.clock.advance(time.Minute)
			test.edit(o)
			id, err := logIn(c, o, Ask{})
			refusedAs(t, err, test.kind)
			if id != nil {
				t.Error("an Identity next to an error")
			}
		})
	}
}

// What looks odd and is right must pass, so that strictness is no excuse.
func TestIDTokensThatAreRightArePassed(t *testing.T) {
	for _, test := range []struct {
		name string
		edit func(*op)
	}{
		{"aud an array of one (OpenID Connect Core §2)", claim("aud", []string{"portal:1"})},
		{"azp that names us", claim("azp", "portal:1")},
		{"no typ", func(o *op) { o.header = func(h object) { delete(h, "typ") } }},
		{"typ in lower case", head("typ", "jwt")},
		{"typ as a media type", head("typ", "application/jwt")},
		{"no kid while there is one key (§10.1)", func(o *op) { o.header = func(h object) { delete(h, "kid") } }},
		{"no at_hash (§3.1.3.6)", drop("at_hash")},
		{"no auth_time when none was asked for", drop("auth_time")},
		{"no sid", drop("sid")},
		{"no acr when none was asked for", drop("acr")},
		{"an acr of another scheme when none was asked for", claim("acr", "LoA1")},
		{"no account_level", drop("account_level")},
		{"a null name", claim("name", nil)},
		{"a year of birth", func(o *op) { o.about["birthdate"] = "1990" }},
		{"a card without end", func(o *op) { o.about[wire.CardExpires] = "Không thời hạn" }},
		{"an unknown gender", func(o *op) { o.about["gender"] = "unknown" }},
		{"a foreigner", func(o *op) { delete(o.about, wire.CitizenID); o.about[wire.ForeignerID] = "F-0001" }},
		{"former and old numbers", func(o *op) {
			o.about[wire.FormerIDs], o.about[wire.OldID] = []string{"999190000009"}, "012345678"
		}},
		{"the same name in token and userinfo", claim("name", "Nguyễn Thị Thử")},
		{"the eID locked, level 2 granted, level 1 stated", func(o *op) {
			o.claims = func(c object) { c[wire.EIDStatus], c["acr"] = "locked", "urn:vneid:acr:l1:a2" }
		}},
		{"50 seconds of clock difference", func(o *op) {
			o.claims = func(c object) { c["iat"], c["nbf"] = c["iat"].(int64)+50, c["iat"].(int64)+50 }
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := newOP(t)
			test.edit(o)
			mustLogin(t, newClient(t, o), o, Ask{})
		})
	}
}

func TestAnotherPersonCannotStepUp(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o)
	mustLogin(t, c, o, Ask{Subject: "pairwise-1"})
	_, err := logIn(c, o, Ask{Subject: "pairwise-2"})
	refusedAs(t, err, vneid.ErrMismatch)
}

func TestVerifyIDTokenIsForThisModule(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o, func(c *Config) { c.Keys = oneKey{pub: &o.key.PublicKey} })
	_, s, err := c.Begin(context.Background(), Ask{})
	if err != nil {
		t.Fatal(err)
	}
	id, err := c.VerifyIDToken(context.Background(), o.mint(s.data().Nonce, "at"), s, sealOwn)
	if err != nil || id.Subject() != "pairwise-1" {
		t.Fatal(err)
	}
	if o.count("/jwks") != 0 {
		t.Error("keys were fetched although the caller has its own")
	}
	_, err = c.VerifyIDToken(context.Background(), o.mint(s.data().Nonce, "at"), s, sealNone)
	refusedAs(t, err, vneid.ErrUntrusted)
	_, err = c.VerifyIDToken(context.Background(), o.mint("other", "at"), s, sealOwn)
	refusedAs(t, err, vneid.ErrMismatch)
	_, err = c.VerifyIDToken(context.Background(), o.mint(s.data().Nonce, "at"), nil, sealOwn)
	refusedAs(t, err, vneid.ErrMismatch)
	elsewhere := newClient(t, o, func(c *Config) { c.Keys, c.RedirectURL = oneKey{pub: &o.key.PublicKey}, "https://portal.example/other" })
	_, err = elsewhere.VerifyIDToken(context.Background(), o.mint(s.data().Nonce, "at"), s, sealOwn)
	refusedAs(t, err, vneid.ErrMismatch)
}

func TestAKeySetThatCannotSayWhyIsUnavailable(t *testing.T) {
	o := newOP(t)
	cause := errors.New("canary from a store")
	c := newClient(t, o, func(c *Config) { c.Keys = oneKey{err: cause} })
	_, err := logIn(c, o, Ask{})
	refusedAs(t, err, vneid.ErrUnavailable)
	if !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
}

func TestTheHashOfAnAccessTokenFollowsTheAlgorithm(t *testing.T) {
	half := func(sum []byte) string { return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2]) }
	s256, s384, s512 := sha256.Sum256([]byte("token")), sha512.Sum384([]byte("token")), sha512.Sum512([]byte("token"))
	for alg, want := range map[string]string{
		"RS256": half(s256[:]), "PS384": half(s384[:]), "ES512": half(s512[:]), "EdDSA": half(s512[:]),
	} {
		o, err := jws.ParseObject(`{"at_hash":"` + want + `"}`)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkAccessHash(&o, alg, "token"); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
		if err := checkAccessHash(&o, alg, "token2"); !errors.Is(err, vneid.ErrSignature) {
			t.Errorf("%s with another token: %v", alg, err)
		}
	}
}

func TestKeysOfAProviderThatIsDownAreUnavailable(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o)
	_, s, err := c.Begin(context.Background(), Ask{})
	if err != nil {
		t.Fatal(err)
	}
	o.override[wellKnown] = says(500, "text/plain", "")
	again := newClient(t, o)
	_, err = again.VerifyIDToken(context.Background(), o.mint(s.data().Nonce, "at"), s, sealOwn)
	refusedAs(t, err, vneid.ErrUnavailable)
}

func TestAlgorithmsBeyondTheUsualFourMustBeNamed(t *testing.T) {
	o := newOP(t)
	withRSA(o, "RS512", crypto.SHA512)
	o.claims = func(c object) { delete(c, "at_hash") } // which would follow SHA-512 too
	mustLogin(t, newClient(t, o, func(c *Config) { c.Algs = []string{"RS512"} }), o, Ask{})
	_, err := logIn(newClient(t, o), o, Ask{})
	refusedAs(t, err, vneid.ErrUntrusted)
}

// quiet is a KeySet that does not say beforehand whether it is configured.
type quiet struct{ vneid.KeySet }

func TestARefusalOfTheKeySetHasOneKindOrNamesTheField(t *testing.T) {
	o := newOP(t)
	good := vneid.KeySet(oneKey{pub: &o.key.PublicKey})
	mustLogin(t, newClient(t, o, func(c *Config) { c.Keys = quiet{good} }), o, Ask{})
	for name, test := range map[string]struct {
		err  error
		want vneid.Kind
	}{
		"two kinds":        {errors.Join(errors.New("canary"), vneid.ErrSignature, vneid.ErrUnavailable), vneid.ErrSignature},
		"a typed second":   {errors.Join(vneid.ErrUntrusted, &vneid.APIError{Status: 500}), vneid.ErrUntrusted},
		"one kind, a text": {fmt.Errorf("canary: %w", vneid.ErrUntrusted), vneid.ErrUntrusted},
		"an unknown kind":  {vneid.Kind(77), vneid.ErrUnavailable},
	} {
		_, err := logIn(newClient(t, o, func(c *Config) { c.Keys = oneKey{err: test.err} }), o, Ask{})
		t.Log(name)
		refusedAs(t, err, test.want)
	}
	wrong := &jwks.Remote{URL: "http://op.example/jwks", Issuer: o.srv.URL, Uses: []vneid.Use{vneid.UseIDToken}}
	_, err := logIn(newClient(t, o, func(c *Config) { c.Keys = quiet{wrong} }), o, Ask{})
	if err == nil || errors.As(err, new(vneid.Kind)) || !strings.HasPrefix(err.Error(), "sso: Remote.URL is ") {
		t.Errorf("a set that is not configured: %v", err)
	}
}

func TestAnEmptyListOfAlgorithmsIsTheDefault(t *testing.T) {
	for _, algs := range [][]string{nil, {}} {
		o := newOP(t)
		c := newClient(t, o, func(c *Config) { c.Algs = algs })
		mustLogin(t, c, o, Ask{})
		withRSA(o, "RS512", crypto.SHA512)
		_, err := logIn(c, o, Ask{})
		refusedAs(t, err, vneid.ErrUntrusted)
	}
}
