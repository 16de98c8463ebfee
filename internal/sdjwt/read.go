package sdjwt

import (
	"crypto"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// Defaults of Rules.
const (
	DefaultMaxSize        = 64 << 10
	DefaultMaxDisclosures = 128
	maxDigests            = 1024
	maxBinding            = 4 << 10 // of a key-binding JWT
)

// Media types of the JWTs.
const (
	Type        = "dc+sd-jwt" // SD-JWT VC §2.2.1; the older vc+sd-jwt is not accepted
	BindingType = "kb+jwt"    // RFC 9901 §4.3
	ListType    = "statuslist+jwt"
)

// Rules say which documents a Reader lets through.
type Rules struct {
	Algs           []string // of issuers; empty: ES256, ES384, ES512 and EdDSA
	BindingAlgs    []string // of holders; empty: the same four
	Open           []string // further claims that must not be selectively disclosable
	MaxSize        int      // in bytes, of the whole; 0: DefaultMaxSize
	MaxDisclosures int      // 0: DefaultMaxDisclosures
}

// A Reader reads documents by fixed rules. It is safe for concurrent use.
type Reader struct {
	want    Rules
	open    []string
	issuer  *jws.Parser
	binding *jws.Parser
	rules
}

// alwaysOpen are the claims of SD-JWT VC §2.2.2.2.
var alwaysOpen = []string{"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"}

var curves = []string{"ES256", "ES384", "ES512", "EdDSA"}

// NewReader returns a Reader. Do not change the slices of rules afterwards.
func NewReader(want Rules) *Reader {
	if want.MaxSize <= 0 {
		want.MaxSize = DefaultMaxSize
	}
	if want.MaxDisclosures <= 0 {
		want.MaxDisclosures = DefaultMaxDisclosures
	}
	if len(want.Algs) == 0 {
		want.Algs = curves
	}
	if len(want.BindingAlgs) == 0 {
		want.BindingAlgs = curves
	}
	return &Reader{
		want:    want,
		open:    append(slices.Clip(alwaysOpen), want.Open...),
		issuer:  jws.NewParser(jws.Rules{Algs: want.Algs, Types: []string{Type}, MaxSize: want.MaxSize}),
		binding: jws.NewParser(jws.Rules{Algs: want.BindingAlgs, Types: []string{BindingType}, MaxSize: maxBinding}),
	}
}

// Signed is what the caller's function looks at: a signature, and what it needs for
// finding the key. Issuer and Kind are claims that nobody has checked; they choose
// among keys that the caller trusts already.
type Signed struct {
	Issuer string // iss; "" where a status list has none
	Kind   string // vct, or a status list's URI
	Alg    string
	KeyID  string // kid, "" if absent

	Input, Signature []byte // good only until the function returns
}

// Expect says whose signatures hold and what a key binding must have been made for.
type Expect struct {
	// Verify looks for a trusted key of that issuer for that kind and checks the
	// signature (jws.Verify does). Its error is returned as it is.
	Verify func(Signed) error

	Audience string // of the key binding: the relying party
	Nonce    string // likewise: of the transaction
	Now      time.Time
	MaxAge   time.Duration // of the key binding; 0: five minutes
	Skew     time.Duration // 0: one minute; negative: none
}

// Document is a document whose issuer's signature, disclosures and key binding hold.
// The zero Document says nothing.
type Document struct {
	claims jws.Object
	issuer string
	kind   string
	text   string // all but the key binding
	holder crypto.PublicKey
	shown  int
}

// Claims returns what the document says: what was always open and what was disclosed,
// in one object without digests.
func (d Document) Claims() jws.Object { return d.claims }

// Issuer returns iss.
func (d Document) Issuer() string { return d.issuer }

// Kind returns vct.
func (d Document) Kind() string { return d.kind }

// Disclosed tells how many disclosures there were.
func (d Document) Disclosed() int { return d.shown }

// Digest returns the SHA-256 of the issuer's JWT with its disclosures: all but the
// key binding.
func (d Document) Digest() [sha256.Size]byte { return sha256.Sum256([]byte(d.text)) }

// Holder returns the key that the document is bound to, nil if to none.
func (d Document) Holder() crypto.PublicKey { return d.holder }

// Read checks raw and returns what it says.
func (r *Reader) Read(raw string, want Expect) (Document, error) {
	p, err := r.split(raw)
	if err != nil {
		return Document{}, err
	}
	payload, err := r.signed(p.jwt, want)
	if err != nil {
		return Document{}, err
	}
	list, err := readDisclosures(p.disclosures, p.count)
	if err != nil {
		return Document{}, err
	}
	claims, err := r.disclose(&payload, list)
	if err != nil {
		return Document{}, err
	}
	d := Document{
		claims: claims, issuer: payload.String("iss"), kind: payload.String("vct"),
		text: p.bound, shown: p.count,
	}
	if d.holder, err = r.bound(&payload, p.binding, p.bound, want); err != nil {
		return Document{}, err
	}
	return d, nil
}

// parts are those of RFC 9901 §4.
type parts struct {
	jwt         string
	disclosures string // each with its "~"
	count       int
	binding     string // "" if absent
	bound       string // all but binding
}

func (r *Reader) split(raw string) (p parts, err error) {
	if len(raw) > r.want.MaxSize {
		return p, malformed("the document is too long")
	}
	first, last := strings.IndexByte(raw, '~'), strings.LastIndexByte(raw, '~')
	if first < 0 {
		return p, malformed("not an SD-JWT")
	}
	p = parts{jwt: raw[:first], disclosures: raw[first+1 : last+1], binding: raw[last+1:], bound: raw[:last+1]}
	p.count = strings.Count(p.disclosures, "~")
	return p, r.hold(checkDisclosures, p.count > r.want.MaxDisclosures)
}

// signed reads the issuer's JWT and lets the caller judge its signature.
func (r *Reader) signed(jwt string, want Expect) (claims jws.Object, err error) {
	if want.Verify == nil {
		return claims, errors.New("Expect.Verify is nil")
	}
	token, err := r.issuer.Parse(jwt)
	if err != nil {
		return claims, err
	}
	defer token.Free()
	if claims, err = token.Claims(); err != nil {
		return jws.Object{}, err
	}
	iss, vct := claims.String("iss"), claims.String("vct")
	if claims.Err() != nil {
		return jws.Object{}, claims.Err()
	}
	err = first(r.hold(checkIssuer, iss == ""), r.hold(checkVCT, vct == ""))
	if err == nil {
		err = want.Verify(Signed{Issuer: iss, Kind: vct, Alg: token.Alg, KeyID: token.KeyID, Input: token.Input, Signature: token.Signature})
	}
	if err != nil {
		return jws.Object{}, err
	}
	return claims, nil
}

// isOpen tells whether a top-level claim must not be selectively disclosable.
func (r *Reader) isOpen(name string) bool { return slices.Contains(r.open, name) }
