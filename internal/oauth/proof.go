package oauth

import (
	"crypto"
	"errors"
	"slices"
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

	// Verify checks the signature by the key in the proof, which has passed
	// jws.CheckKey. Nil: jws.Verify.
	Verify func(alg string, key crypto.PublicKey, input, sig []byte) error

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
	token, err := proofs.Parse(raw)
	if err != nil {
		return Proof{}, refused(err)
	}
	defer token.Free()
	if !want.takes(token.Alg) {
		return Proof{}, fault.New(vneid.ErrUntrusted, "the algorithm is not accepted")
	}
	claims, err := token.Claims()
	if err != nil {
		return Proof{}, refused(err)
	}
	key, err := proofKeyOf(&token)
	if err != nil {
		return Proof{}, err
	}
	verify := want.Verify
	if verify == nil {
		verify = jws.Verify
	}
	if err := verify(token.Alg, key.public, token.Input, token.Signature); err != nil {
		return Proof{}, refused(err)
	}
	return want.check(&claims, key.thumbprint)
}

var (
	proofs   = jws.NewParser(jws.Rules{Types: []string{proofType}, Headers: []string{"jwk"}, MaxSize: maxSize})
	fapiAlgs = []string{"PS256", "ES256", "EdDSA"}
)

// takes reports whether proofs may be by an algorithm, which is never called Ed25519
// here.
func (want *ProofRules) takes(alg string) bool {
	algs := want.Algs
	if len(algs) == 0 {
		algs = fapiAlgs
	}
	return slices.Contains(algs, alg) || alg == "EdDSA" && slices.Contains(algs, "Ed25519")
}

// proofKey is the key that a proof brings along.
type proofKey struct {
	public     crypto.PublicKey
	thumbprint string
}

// proofKeyOf reads it once for the proofs of a login, whose headers are the same.
func proofKeyOf(token *jws.Token) (*proofKey, error) {
	if key, ok := token.Note().(*proofKey); ok {
		return key, nil
	}
	key, err := readProofKey(token.Header("jwk"), token.Alg)
	if err != nil {
		return nil, err
	}
	token.Leave(key)
	return key, nil
}

func readProofKey(text, alg string) (*proofKey, error) {
	if text == "" {
		return nil, fault.New(vneid.ErrMalformed, "the proof has no jwk")
	}
	object, err := jws.ParseObject(text)
	if err != nil {
		return nil, refused(err)
	}
	for name := range jws.Fields(text) {
		switch name {
		case `"kty"`, `"crv"`, `"x"`, `"y"`, `"n"`, `"e"`, `"kid"`, `"alg"`, `"use"`, `"key_ops"`, `"ext"`:
		default:
			return nil, fault.New(vneid.ErrMalformed, "the proof's jwk has a member that no public key needs")
		}
	}
	key, err := jwx.KeyOf(&object)
	thumbprint := ""
	if err == nil {
		thumbprint, err = jwx.ThumbprintOf(&object, &key)
	}
	if err != nil || !key.Signs(alg) {
		return nil, fault.New(vneid.ErrUntrusted, "the proof's jwk cannot be used")
	}
	return &proofKey{key.Public, thumbprint}, nil
}

// check compares what the proof says with the request it came with.
func (want *ProofRules) check(c *jws.Object, thumbprint string) (Proof, error) {
	p := Proof{thumbprint, c.String("jti"), c.Time("iat")}
	htm, htu, ath, nonce := c.String("htm"), c.String("htu"), c.String("ath"), c.String("nonce")
	if c.Err() != nil {
		return Proof{}, refused(c.Err())
	}
	for _, name := range [...]string{"jti", "htm", "htu", "iat"} {
		if !c.Has(name) {
			return Proof{}, fault.New(vneid.ErrMalformed, "the proof has no %s", name)
		}
	}
	err := want.request(p.ID, htm, htu)
	if err == nil {
		err = want.fresh(p.Issued, nonce)
	}
	switch {
	case err != nil:
	case want.Access != "" && !same(ath, string(appendHash(nil, want.Access))):
		err = fault.New(vneid.ErrMismatch, "the proof is for another access token")
	case want.Thumbprint != "" && !same(thumbprint, want.Thumbprint):
		err = fault.New(vneid.ErrMismatch, "the proof is of another key than the one bound")
	}
	if err != nil {
		return Proof{}, err
	}
	return p, nil
}

// request checks that the proof was made for this request.
func (want *ProofRules) request(id, htm, htu string) error {
	to, said, ok := target{}, target{}, true
	if htu != want.URL || !plainURL(htu) { // else nothing needs to be normalised
		if to, ok = parseTarget(want.URL); !ok {
			return errors.New("ProofRules: URL is none of a request")
		}
		said, ok = parseTarget(htu)
	}
	switch {
	case want.Method == "":
		return errors.New("ProofRules: Method is none of a request")
	case id == "" || len(id) > maxID:
		return fault.New(vneid.ErrMalformed, "the proof has no usable jti")
	case htm != want.Method: // methods have case (RFC 9110 §9.1)
		return fault.New(vneid.ErrMismatch, "the proof is for another method")
	case !ok || said != to:
		return fault.New(vneid.ErrMismatch, "the proof is for another URL")
	}
	return nil
}

// fresh checks that the proof was made just now. The nonce comes first: without it
// the client has to make another proof anyway.
func (want *ProofRules) fresh(issued time.Time, nonce string) error {
	if want.Nonce != nil {
		if err := want.Nonce(nonce); hasKind(err) {
			return err
		} else if err != nil {
			return fault.Wrap(vneid.ErrExpired, err, "the proof has no nonce of this server")
		}
	}
	skew, age := skewOf(want.Skew), want.MaxAge
	if age <= 0 {
		age = time.Minute
	}
	switch {
	case issued.After(want.Now.Add(skew)):
		return &vneid.TimeError{NotBefore: issued, Now: want.Now}
	case issued.Add(age + skew).Before(want.Now):
		return &vneid.TimeError{NotAfter: issued.Add(age), Now: want.Now}
	}
	return nil
}
