package oauth

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Bounds of an assertion's life: ours, and the longest that is accepted.
const (
	assertionLife = time.Minute
	maxAssertion  = 5 * time.Minute
)

// AssertionType is the client_assertion_type of a JWT (RFC 7523 §2.2).
const AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// Assertion makes the JWT with which a client shows who it is (private_key_jwt,
// RFC 7523 §3). The audience is the server's issuer identifier, as one string: an
// assertion that several servers take could be used by one of them at another
// (FAPI 2.0 Security Profile §5.3.3.1).
func Assertion(k Key, client, audience string, now time.Time) (string, error) {
	if err := k.Check(); err != nil {
		return "", err
	}
	claims, err := jws.Encode(
		jws.Member{Name: "iss", Value: client},
		jws.Member{Name: "sub", Value: client},
		jws.Member{Name: "aud", Value: audience},
		jws.Member{Name: "jti", Value: string(appendID(nil))},
		jws.Member{Name: "iat", Value: now},
		jws.Member{Name: "exp", Value: now.Add(assertionLife)},
	)
	if err != nil {
		return "", errors.New("the client's or the server's identifier is not UTF-8")
	}
	header := []jws.Member{{Name: "typ", Value: "JWT"}}
	if k.ID != "" {
		header = append(header, jws.Member{Name: "kid", Value: k.ID})
	}
	token, err := jws.Compact(k.alg(), k.Signer, header, claims)
	if err != nil {
		return "", fault.Wrap(vneid.ErrUnavailable, err, "the client's key did not sign")
	}
	return token, nil
}

// appendID writes an identifier of 128 random bits.
func appendID(b []byte) []byte {
	var id [16]byte
	rand.Read(id[:]) // never fails
	return base64.RawURLEncoding.AppendEncode(b, id[:])
}

// AssertionRules say what an assertion must be.
type AssertionRules struct {
	Client   string // who must have made it
	Audience string // this server's issuer identifier
	Now      time.Time
	Skew     time.Duration // 0: one minute, which is the most; negative: none

	// Verify checks the signature with a key that the client registered.
	Verify func(alg, kid string, input, sig []byte) error
}

// Asserted is an assertion that is well-formed, and that nobody has verified yet.
type Asserted struct {
	token  jws.Token
	claims jws.Object
}

var assertions = jws.NewParser(jws.Rules{
	Algs: fapiAlgs, Types: []string{"", "JWT", "client-authentication+jwt"}, MaxSize: maxSize,
})

// ReadAssertion reads an assertion, to find out whose it says it is.
func ReadAssertion(raw string) (*Asserted, error) {
	token, err := assertions.Parse(raw)
	if err != nil {
		return nil, refused(err)
	}
	claims, err := token.Claims()
	if err != nil {
		return nil, refused(err)
	}
	return &Asserted{token, claims}, nil
}

// Says returns a claim that is a string, before anything is verified.
func (a *Asserted) Says(name string) string {
	s, _ := jws.Text(a.claims.Raw(name))
	return s
}

// VerifyAssertion checks a client's assertion and returns its jti, which the caller
// spends (vneid.Replay) as the last of its checks, and when the assertion ends for
// every clock within Skew.
func VerifyAssertion(raw string, want AssertionRules) (id string, until time.Time, err error) {
	a, err := ReadAssertion(raw)
	if err != nil {
		return "", time.Time{}, err
	}
	return a.Verify(want)
}

// Verify is VerifyAssertion of what was read, once.
func (a *Asserted) Verify(want AssertionRules) (id string, until time.Time, err error) {
	if want.Verify == nil {
		return "", time.Time{}, errors.New("AssertionRules.Verify is nil")
	}
	defer a.token.Free()
	if err := want.Verify(a.token.Alg, a.token.KeyID, a.token.Input, a.token.Signature); err != nil {
		return "", time.Time{}, refused(err)
	}
	return want.claims(&a.claims)
}

// claims applies the rules to what the client signed.
func (want *AssertionRules) claims(c *jws.Object) (id string, until time.Time, err error) {
	iss, sub, id := c.String("iss"), c.String("sub"), c.String("jti")
	aud, many := c.Strings("aud"), c.Raw("aud") != "" && c.Raw("aud")[0] == '['
	exp, iat, nbf := c.Time("exp"), c.Time("iat"), c.Time("nbf")
	skew := skewOf(want.Skew)
	switch {
	case c.Err() != nil:
		err = refused(c.Err())
	case id == "" || len(id) > maxID:
		err = fault.New(vneid.ErrMalformed, "the assertion has no usable jti")
	case exp.IsZero():
		err = fault.New(vneid.ErrMalformed, "the assertion has no exp")
	case want.Client == "" || !same(iss, want.Client) || !same(sub, want.Client):
		err = fault.New(vneid.ErrMismatch, "the assertion is of another client")
	case many || want.Audience == "" || len(aud) != 1 || !same(aud[0], want.Audience):
		err = fault.New(vneid.ErrMismatch, "the assertion is for another server, or for several")
	case !want.Now.Before(exp.Add(skew)):
		err = &vneid.TimeError{NotAfter: exp, Now: want.Now}
	case exp.After(want.Now.Add(maxAssertion + skew)):
		err = fault.New(vneid.ErrUntrusted, "the assertion lives longer than five minutes")
	case iat.After(want.Now.Add(skew)):
		err = &vneid.TimeError{NotBefore: iat, Now: want.Now}
	case nbf.After(want.Now.Add(skew)):
		err = &vneid.TimeError{NotBefore: nbf, Now: want.Now}
	}
	if err != nil {
		return "", time.Time{}, err
	}
	return id, exp.Add(skew), nil
}

// skewOf holds a tolerance to what FAPI 2.0 allows: what is dated more than a
// minute ahead must be refused (Security Profile §5.3.2.1).
func skewOf(d time.Duration) time.Duration {
	switch {
	case d < 0:
		return 0
	case d == 0 || d > time.Minute:
		return time.Minute
	}
	return d
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
