// Package matrix has only tests: every sort of signed object that this module meets,
// offered to every verifier that it has. Each is signed well, by one key that may sign
// everything, names the right issuer and the audience that the verifier expects, and
// is fresh; so what tells them apart is what is left: the type, and the claims that
// only one sort has (RFC 8725 §3.11, §3.12). Only the diagonal passes.
//
// A sort that no verifier reads yet is offered all the same. Who adds a verifier adds it
// to the list in verifiers_test.go.
package matrix

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/qrissue"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	issuer  = "https://op.example"
	client  = "portal"
	person  = "pairwise-1"
	access  = "access-token-of-the-login"
	backURL = "https://portal.example/callback"
	apiURL  = "https://api.example/records"
)

// The sorts.
const (
	idToken       = "ID token"
	counterToken  = "ID token of a counter"
	accessToken   = "access token"
	logoutToken   = "logout token"
	response      = "JARM response"
	userinfo      = "signed userinfo"
	introspection = "introspection JWT"
	event         = "SET"
	otherEvent    = "SET of another profile"
	proof         = "DPoP proof"
	assertion     = "client assertion"
	request       = "request object"
	counterAsk    = "CIBA request"
	code          = "QR JWS"
	document      = "document"
	receipt       = "receipt"
	envelope      = "envelope"
	statusList    = "status list"
	paperCode     = "QR JWS of a document"
	bundle        = "trust bundle"
)

var sorts = []string{idToken, counterToken, accessToken, logoutToken, response, userinfo, introspection, event, otherEvent, proof,
	assertion, request, counterAsk, code, document, receipt, envelope, statusList, paperCode, bundle}

// one is the key of everybody, and a key set that lets it sign everything.
type one struct {
	key    *ecdsa.PrivateKey
	public jws.Raw
	typ    string // instead of every sort's own; "" for that
	full   bool   // see expected
}

func newOne(t testing.TB) *one {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := jwx.MarshalKey(jwx.Key{Public: &key.PublicKey})
	if err != nil {
		t.Fatal(err)
	}
	return &one{key: key, public: jws.Raw(public)}
}

// Verify looks at nothing but the signature: no use of a key may be what decides here.
func (o *one) Verify(_ context.Context, s vneid.Signed) error {
	if jws.Verify(s.Alg, &o.key.PublicKey, s.Input, s.Signature) != nil {
		return vneid.ErrSignature
	}
	return nil
}

// honest signs every sort under its own type.
func (o *one) honest() *one { return &one{key: o.key, public: o.public} }

func (o *one) sign(t testing.TB, typ string, header []jws.Member, claims map[string]any) string {
	t.Helper()
	head := []jws.Member{{Name: "kid", Value: "k1"}}
	if o.typ != "" {
		typ = o.typ
	}
	if typ != "" {
		head = append(head, jws.Member{Name: "typ", Value: typ})
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jws.Compact("ES256", crypto.Signer(o.key), append(head, header...), payload)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// expected is what a verifier wants to find.
type expected struct {
	audience     string
	nonce, state string
	method, url  string

	receipt   string   // which an envelope speaks of
	documents []string // likewise, and a receipt

	// What a sort's specification leaves open is filled in as other sorts need it.
	full bool
}

func half(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

func whole(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// parts are type, header and claims of a sort, as its specification has them.
func (o *one) parts(sort string, want expected, now time.Time) (typ string, header []jws.Member, claims map[string]any) {
	claims = map[string]any{
		"iss": issuer, "aud": want.audience, "sub": person, "iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(),
		"jti": whole(time.Now().String() + sort), "sid": "session-1", "client_id": client,
	}
	with := func(typ string, more map[string]any) (string, []jws.Member, map[string]any) {
		for name, v := range more {
			if claims[name] = v; v == nil {
				delete(claims, name)
			}
		}
		return typ, header, claims
	}
	login := map[string]any{"auth_time": now.Unix(), "acr": "urn:vneid:acr:l2:a3", "at_hash": half(access), "azp": client, "nonce": want.nonce}
	switch sort {
	case idToken:
		return with("JWT", login)
	case counterToken:
		login["nonce"] = nil
		return with("JWT", login)
	case accessToken: // RFC 9068
		return with("at+jwt", map[string]any{"scope": "records", "acr": "urn:vneid:acr:l2:a3", "auth_time": now.Unix()})
	case logoutToken:
		return with("logout+jwt", map[string]any{"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}})
	case response: // JARM §2.1
		if !want.full {
			claims = map[string]any{"iss": issuer, "aud": want.audience, "exp": claims["exp"]}
		}
		return with("", map[string]any{"code": "code-1", "state": want.state})
	case userinfo: // OpenID Connect Core §5.3.2
		if want.full { // but for auth_time, which makes it an ID token to both verifiers
			return with("JWT", map[string]any{"acr": "urn:vneid:acr:l2:a3", "name": "Nguyễn Văn Mẫu"})
		}
		claims = map[string]any{"iss": issuer, "aud": want.audience, "sub": person}
		return with("JWT", map[string]any{"name": "Nguyễn Văn Mẫu"})
	case introspection: // RFC 9701
		return with("token-introspection+jwt", map[string]any{"token_introspection": map[string]any{"active": true, "iss": issuer, "sub": person}})
	case event: // RFC 8417, as vneid/share/events has it
		return with("secevent+jwt", map[string]any{"sub": nil, "exp": nil, "seq": 1, "told": 1, "sub_id": map[string]any{"format": "iss_sub", "iss": issuer, "sub": person},
			"events": map[string]any{"urn:vneid:event:eid-unlocked": map[string]any{}}})
	case otherEvent: // of a sort that ends logins too
		return with("secevent+jwt", map[string]any{"events": map[string]any{"https://schemas.openid.net/secevent/risc/event-type/account-disabled": map[string]any{}}})
	case proof: // RFC 9449
		header = []jws.Member{{Name: "jwk", Value: o.public}}
		return with("dpop+jwt", map[string]any{"htm": want.method, "htu": want.url, "ath": whole(access), "nonce": want.nonce})
	case assertion: // RFC 7523
		return with("JWT", map[string]any{"iss": client, "sub": client})
	case request: // RFC 9101
		return with("oauth-authz-req+jwt", map[string]any{"iss": client, "sub": nil, "redirect_uri": backURL, "state": want.state,
			"nonce": want.nonce, "scope": "openid", "response_type": "code"})
	case counterAsk: // CIBA §7.1.1
		return with("JWT", map[string]any{"iss": client, "sub": nil, "nbf": now.Unix(), "scope": "openid", "login_hint": "999090000001"})
	case document: // SD-JWT VC, as vneid/share has it
		return with("dc+sd-jwt", map[string]any{"vct": "urn:vneid:document:identity:1", "txn": "txn-1", "sid": nil, "client_id": nil,
			"status":       map[string]any{"status_list": map[string]any{"idx": 1, "uri": issuer + "/status"}},
			"verification": map[string]any{"state": "verified", "at": now.Unix(), "source": "register"}})
	case receipt:
		return with("consent-receipt+jwt", map[string]any{"txn": "txn-1", "grant": "grant-1", "schema_version": "urn:vneid:consent-receipt:1", "record_id": "c-1",
			"purposes": []any{map[string]any{"purpose": "matrix", "vi": "Thử", "lawful_basis": "consent", "processing_method": "view", "retention_period_days": 0,
				"collection_method": "once", "validity_start": now.Unix(), "pii_controller": want.audience, "pii_information": agreed(want.documents)}},
			"events": []any{map[string]any{"event_type": "decided", "event_state": "given", "event_time": now.Unix(), "by": "self"}}})
	case envelope:
		digests := []string{}
		for _, d := range want.documents {
			digests = append(digests, whole(d))
		}
		return with("vneid-envelope+jwt", map[string]any{"txn": "txn-1", "grant": "grant-1", "nonce": want.nonce, "acr": "urn:vneid:acr:l2:a3", "auth_time": now.Unix(),
			"decision": "approved", "documents": digests, "declined": []any{}, "receipt": whole(want.receipt), "eid_locked": false, "seq": 1,
			"approvals": []any{map[string]any{"by": "self", "at": now.Unix()}}})
	case statusList:
		return with("statuslist+jwt", map[string]any{"sub": issuer + "/status", "ttl": 300, "status_list": map[string]any{"bits": 1, "lst": "eNrbuRgAAhcBXQ"}})
	case bundle: // which has no audience: what it does not know it refuses
		claims = map[string]any{"iss": issuer, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "seq": 1}
		return with("vneid-trust-bundle+jwt", nil)
	}
	return "", nil, nil
}

// agreed is what a receipt says of documents.
func agreed(documents []string) []any {
	out := []any{}
	for range documents {
		out = append(out, map[string]any{"pii_type": "identity"})
	}
	return out
}

// make signs a fresh object.
func (o *one) make(t testing.TB, sort string, want expected) string {
	t.Helper()
	now := time.Now().Truncate(time.Second)
	if sort == code || sort == paperCode {
		said := qrissue.Claims{
			Kind: qr.Dynamic, Issuer: issuer, Issued: now, Expires: now.Add(time.Minute), Level: 2, Audience: want.audience,
			Citizen: vneid.Record{ID: "999090000001", Name: "Nguyễn Văn Mẫu"},
		}
		if sort == paperCode {
			said.Kind, said.Citizen = qr.Document, vneid.Record{}
			said.Paper = &qrissue.Paper{Kind: "driver-licence", State: "verified", Claims: []byte(`{"number":"999000000001"}`)}
		}
		text, err := qrissue.JWS(said, "k1", o.key)
		if err != nil {
			t.Fatal(err)
		}
		if o.typ != "" {
			payload, _ := base64.RawURLEncoding.DecodeString(strings.Split(text, ".")[1])
			var claims map[string]any
			if err := json.Unmarshal(payload, &claims); err != nil {
				t.Fatal(err)
			}
			text = o.sign(t, o.typ, nil, claims)
		}
		return text
	}
	typ, header, claims := o.parts(sort, want, now)
	return o.sign(t, typ, header, claims)
}
