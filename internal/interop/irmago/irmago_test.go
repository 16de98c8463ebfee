// Package irmago lets the Go library of that name, which shares no code with ours,
// read our documents and status lists, and ours read its. It is a module of its own:
// what irmago requires must not lift the versions of the other peers.
package irmago

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/privacybydesign/irmago/eudi/credentials/statuslist"
	irma "github.com/privacybydesign/irmago/eudi/sdjwt"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
)

const (
	client = "portal"
	nonce  = "n-0S6_WzA2Mj"
	uri    = "https://status.example/lists/1"
	name   = "Nguyễn Văn Mẫu \"\\\u0001😀"
)

// The peer looks at its own clock.
var now = time.Now().Truncate(time.Second)

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func by(key crypto.PublicKey) func(sdjwt.Signed) error {
	return func(s sdjwt.Signed) error { return jws.Verify(s.Alg, key, s.Input, s.Signature) }
}

func decode(t *testing.T, text string) (v map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// theirs is how irmago reads a document that is bound to no key.
func theirs(text string, key *ecdsa.PublicKey) (map[string]any, error) {
	jwt, list, err := irma.Split(irma.SdJwt(text))
	if err != nil {
		return nil, err
	}
	payload, err := irma.NewJwxJwtVerifier().Verify(string(jwt), key, jwa.ES256())
	if err != nil {
		return nil, err
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		return nil, err
	}
	processed, _, err := irma.VerifyAndProcessDisclosures("sha-256", &claims, list)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(processed)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	return out, json.Unmarshal(b, &out)
}

// tampered are changes of a document that nobody may accept.
func tampered(text string) []string {
	jwt, rest, _ := strings.Cut(text, "~")
	dot := strings.IndexByte(jwt, '.')
	return []string{
		flip(text, dot+40), flip(text, len(jwt)-9),
		jwt + "~" + base64.RawURLEncoding.EncodeToString([]byte(`["salt","role","admin"]`)) + "~" + rest,
	}
}

func flip(s string, i int) string {
	b := []byte(s)
	if b[i] == 'A' {
		b[i] = 'B'
	} else {
		b[i] = 'A'
	}
	return string(b)
}

func TestOurDocumentsHoldWithThem(t *testing.T) {
	key := newKey(t)
	m := func(name string, value any) jws.Member { return jws.Member{Name: name, Value: value} }
	hide := func(v any) sdjwt.Hidden { return sdjwt.Hidden{Value: v} }
	issued, err := sdjwt.Issuer{Alg: "ES256", Signer: key, Decoys: 3}.Issue(
		m("iss", "https://authority.example"), m("vct", "urn:vn:gov:doc:gplx:1"), m("iat", now),
		m("name", hide(name)), m("number", hide(1500)),
		m("address", hide([]jws.Member{m("street", hide("12 Phố Thử")), m("ward", hide([]jws.Member{m("code", 999), m("name", hide("Phường Mẫu"))}))})),
		m("classes", []any{"A1", hide("B"), hide([]jws.Member{m("class", "C"), m("since", 2012)})}),
	)
	if err != nil {
		t.Fatal(err)
	}
	r, want := sdjwt.NewReader(sdjwt.Rules{}), sdjwt.Expect{Verify: by(key.Public())}
	for _, paths := range [][]string{{}, {"/name"}, {"/address/ward"}, {"/classes/2"}, {"/classes", "/address", "/name", "/number"}} {
		text, err := issued.Show(paths...)
		if err != nil {
			t.Fatal(err)
		}
		d, err := r.Read(text, want)
		if err != nil {
			t.Fatal(err)
		}
		o := d.Claims()
		got, err := theirs(text, &key.PublicKey)
		if err != nil || !reflect.DeepEqual(got, decode(t, o.Text())) {
			t.Errorf("%q: they read %v, %v, we %s", paths, got, err, o.Text())
		}
		for i, bad := range tampered(text) {
			if _, err := r.Read(bad, want); err == nil {
				t.Errorf("%q: we accept tampering %d", paths, i)
			}
			if _, err := theirs(bad, &key.PublicKey); err == nil {
				t.Errorf("%q: they accept tampering %d", paths, i)
			}
		}
	}
}

// irmago looks for no digests inside a disclosed array element, where RFC 9901 §4.2.6
// lets them be and where we and @sd-jwt find them. It refuses, which is safe; should
// it learn to read them, this test says so.
func TestWhereTheyReadLess(t *testing.T) {
	key := newKey(t)
	inner := sdjwt.Hidden{Value: []jws.Member{{Name: "since", Value: sdjwt.Hidden{Value: 2012}}}}
	issued, err := sdjwt.Issuer{Alg: "ES256", Signer: key}.Issue(
		jws.Member{Name: "iss", Value: "https://authority.example"}, jws.Member{Name: "vct", Value: "urn:vn:gov:doc:gplx:1"},
		jws.Member{Name: "classes", Value: []any{inner}},
	)
	if err != nil {
		t.Fatal(err)
	}
	d, err := sdjwt.NewReader(sdjwt.Rules{}).Read(issued.All(), sdjwt.Expect{Verify: by(key.Public())})
	if o := d.Claims(); err != nil || o.Raw("classes") != `[{"since":2012}]` {
		t.Error(o.Text(), err)
	}
	if got, err := theirs(issued.All(), &key.PublicKey); err == nil {
		t.Errorf("they read it: %v", got)
	}
}

// plainCreator signs as irmago does, without the certificates that its Builder always
// writes, be there any or not: our documents' keys come from configuration.
type plainCreator struct{ irma.JwtCreator }

func (c plainCreator) CreateSignedJwt(header map[string]any, payload string) (string, error) {
	delete(header, "x5c")
	return c.JwtCreator.CreateSignedJwt(header, payload)
}

func TestTheirDocumentsHoldWithUs(t *testing.T) {
	key, binder := newKey(t), irma.NewDefaultKeyBinderWithInMemoryStorage()
	holder, err := binder.CreateKeyPairs(1)
	if err != nil {
		t.Fatal(err)
	}
	cnf, err := irma.HolderKeyClaim(holder[0])
	if err != nil {
		t.Fatal(err)
	}
	issue := func(creator irma.JwtCreator) irma.SdJwt {
		text, err := irma.NewBuilder().WithTyp(sdjwt.Type).WithPayload(
			irma.Claim("iss", "https://authority.example"), irma.Claim("vct", "urn:vn:gov:doc:gplx:1"), cnf,
			irma.SdClaim("name", name),
			irma.SdObject("address", irma.SdClaim("street", "12 Phố Thử"), irma.Claim("province", "999")),
			irma.Array("classes", irma.Item("A1"), irma.SdItem("B")),
		).Build(creator)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	bind := func(text irma.SdJwt) string {
		proof, err := irma.CreateKbJwt(text, binder, nonce, client)
		if err != nil {
			t.Fatal(err)
		}
		return string(irma.AddKeyBindingJwt(text, proof))
	}
	text := bind(issue(plainCreator{irma.NewJwtCreator(key)}))
	r, want := sdjwt.NewReader(sdjwt.Rules{}), sdjwt.Expect{Verify: by(key.Public()), Audience: client, Nonce: nonce, Now: time.Now()}
	d, err := r.Read(text, want)
	if err != nil {
		t.Fatal(err)
	}
	o := d.Claims()
	got := decode(t, o.Text())
	delete(got, "cnf")
	if !reflect.DeepEqual(got, map[string]any{
		"iss": "https://authority.example", "vct": "urn:vn:gov:doc:gplx:1", "name": name,
		"address": map[string]any{"street": "12 Phố Thử", "province": "999"}, "classes": []any{"A1", "B"},
	}) || d.Holder() == nil {
		t.Errorf("we read %s", o.Text())
	}
	for i, bad := range append(tampered(text), flip(text, len(text)-9)) {
		if _, err := r.Read(bad, want); err == nil {
			t.Errorf("we accept tampering %d", i)
		}
	}
}

// served answers every request with one list.
type served string

func (s served) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Request: r,
		Header: http.Header{"Content-Type": {"application/statuslist+jwt"}},
		Body:   io.NopCloser(bytes.NewReader([]byte(s))),
	}, nil
}

func TestOurListsHoldWithThem(t *testing.T) {
	key := newKey(t)
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	did := "did:jwk:" + b64([]byte(`{"crv":"P-256","kty":"EC","x":"`+b64(point[1:33])+`","y":"`+b64(point[33:])+`"}`))
	s, err := sdjwt.NewStatuses(2, 4096)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4096 {
		if err := s.Set(i, sdjwt.Status(i*i*7919>>3%4)); err != nil {
			t.Fatal(err)
		}
	}
	token, err := sdjwt.Issuer{Alg: "ES256", Signer: key, KeyID: did + "#0", Name: did}.List(uri, s, now, 10*time.Minute, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	l, err := sdjwt.NewListReader(sdjwt.ListRules{}).Read(token, sdjwt.ListExpect{Verify: by(key.Public()), URI: uri, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	checker := statuslist.NewChecker(statuslist.VerificationContext{HTTPClient: &http.Client{Transport: served(token)}}, nil)
	for _, i := range []uint32{0, 1, 2, 3, 5, 77, 1000, 4095} {
		ours, err := l.At(sdjwt.Reference{URI: uri, Index: i}, now)
		if err != nil {
			t.Fatal(err)
		}
		got, err := checker.Check(t.Context(), statuslist.Reference{URI: uri, Index: uint64(i)})
		if err != nil || got != statuslist.StatusValid+statuslist.Status(ours) {
			t.Errorf("at %d: they read %v, %v, we %d", i, got, err, ours)
		}
	}
	if _, err := checker.Check(t.Context(), statuslist.Reference{URI: uri, Index: 4096}); err == nil {
		t.Error("they find a status beyond the end")
	}
	forged := statuslist.NewChecker(statuslist.VerificationContext{HTTPClient: &http.Client{Transport: served(flip(token, len(token)-9))}}, nil)
	if _, err := forged.Check(t.Context(), statuslist.Reference{URI: uri}); err == nil {
		t.Error("they accept another signature")
	}
}
