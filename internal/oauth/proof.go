package oauth

import (
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	proofType = "dpop+jwt"
	maxSize   = 8 << 10 // of a proof or an assertion
)

// ProofRules say which request a proof must have been made for.
type ProofRules struct {
	Method string
	URL    string // of the request, from configuration: never from its Host header

	Access     string   // the access token that came with the proof; "" where there is none
	Thumbprint string   // the key that the token, code or request is bound to; "" if not yet bound
	Algs       []string // none: PS256, ES256 and EdDSA

	// Nonce says whether the proof's nonce, "" if absent, is one that this server
	// gave. Its error is returned as it is if it has a kind, and otherwise found
	// by errors.Is in one of kind ErrExpired. Nil: nonces are not asked for.
	Nonce func(nonce string) error

	Now    time.Time
	MaxAge time.Duration // 0: one minute
	Skew   time.Duration // 0: one minute, which is the most; negative: none
}

// Proof is what a proof says that held.
type Proof struct {
	Thumbprint string    // of the key
	ID         string    // jti
	Issued     time.Time // iat
}

// VerifyProof makes the checks of RFC 9449 §4.3 on the value of the one DPoP header
// of a request, but for the last: whether ID was seen before is for the caller to
// ask, after everything else about the request holds.
func VerifyProof(raw string, want ProofRules) (Proof, error) {
	algs := want.Algs
	if len(algs) == 0 {
		algs = []string{"PS256", "ES256", "EdDSA"}
	}
	token, err := jws.NewParser(jws.Rules{
		Algs: algs, Types: []string{proofType}, Headers: []string{"jwk"}, MaxSize: maxSize,
	}).Parse(raw)
	if err != nil {
		return Proof{}, refused(err)
	}
	claims, err := token.Claims()
	if err != nil {
		return Proof{}, refused(err)
	}
	key, err := proofKey(token.Header("jwk"), token.Alg)
	if err != nil {
		return Proof{}, err
	}
	if err := jws.Verify(token.Alg, key.Public, token.Input, token.Signature); err != nil {
		return Proof{}, refused(err)
	}
	thumbprint, err := jwx.Thumbprint(key.Public)
	if err != nil {
		return Proof{}, refused(err)
	}
	p := Proof{thumbprint, claims.String("jti"), claims.Time("iat")}
	if err := want.request(&claims); err != nil {
		return Proof{}, err
	}
	return p, want.bound(&claims, p)
}

// proofKey reads the key that a proof brings along.
func proofKey(text, alg string) (jwx.Key, error) {
	if text == "" {
		return jwx.Key{}, fault.New(vneid.ErrMalformed, "the proof has no jwk")
	}
	object, err := jws.ParseObject(text)
	if err != nil {
		return jwx.Key{}, refused(err)
	}
	for _, name := range object.Names() {
		switch name {
		case "kty", "crv", "x", "y", "n", "e", "kid", "alg", "use", "key_ops", "ext":
		default:
			return jwx.Key{}, fault.New(vneid.ErrMalformed, "the proof's jwk has a member that no public key needs")
		}
	}
	key, err := jwx.ParseKey(text)
	if err != nil || !key.Signs(alg) {
		return jwx.Key{}, fault.New(vneid.ErrUntrusted, "the proof's jwk cannot be used")
	}
	return key, nil
}

// request checks that the proof was made for this request.
func (want *ProofRules) request(c *jws.Object) error {
	to, ok := parseTarget(want.URL)
	if !ok || want.Method == "" {
		return fault.New(nil, "ProofRules.URL or Method is none of a request")
	}
	htu, nonce := c.String("htu"), c.String("nonce")
	for _, name := range [...]string{"jti", "htm", "htu", "iat"} {
		if !c.Has(name) {
			return fault.New(vneid.ErrMalformed, "the proof has no %s", name)
		}
	}
	said, ok := parseTarget(htu)
	switch {
	case c.String("jti") == "" || len(c.String("jti")) > maxID:
		return fault.New(vneid.ErrMalformed, "the proof has no usable jti")
	case c.String("htm") != want.Method || c.Err() != nil:
		return fault.New(vneid.ErrMismatch, "the proof is for another method")
	case !ok || said != to:
		return fault.New(vneid.ErrMismatch, "the proof is for another URL")
	}
	if want.Nonce == nil {
		return nil
	}
	if err := want.Nonce(nonce); err != nil && !hasKind(err) {
		return fault.Wrap(vneid.ErrExpired, err, "the proof has no nonce of this server")
	} else {
		return err
	}
}

// bound checks the proof's time, token and key.
func (want *ProofRules) bound(c *jws.Object, p Proof) error {
	skew, age := skewOf(want.Skew), want.MaxAge
	if age <= 0 {
		age = time.Minute
	}
	ath := c.String("ath")
	switch {
	case c.Err() != nil:
		return refused(c.Err())
	case p.Issued.After(want.Now.Add(skew)):
		return &vneid.TimeError{NotBefore: p.Issued, Now: want.Now}
	case p.Issued.Add(age + skew).Before(want.Now):
		return &vneid.TimeError{NotAfter: p.Issued.Add(age), Now: want.Now}
	case want.Access != "" && !same(ath, hashOf(want.Access)):
		return fault.New(vneid.ErrMismatch, "the proof is for another access token")
	case want.Thumbprint != "" && !same(p.Thumbprint, strings.Clone(want.Thumbprint)):
		return fault.New(vneid.ErrMismatch, "the proof is of another key than the one bound")
	}
	return nil
}
