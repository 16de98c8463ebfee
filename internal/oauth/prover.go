package oauth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Prover shows servers that the client holds a key (DPoP, RFC 9449). Access tokens
// are bound to the key, so it must live as long as they do. It is safe for
// concurrent use. NewProver makes one.
type Prover struct {
	alg, thumbprint string
	head            string // the protected header, encoded: it is the same in every proof
	// A func, not the key: no print of a Prover shows a func's variables.
	sign func(input []byte) ([]byte, error)
	now  func() time.Time

	mu     sync.Mutex
	nonces map[string]string // by origin
}

// Bounds of what servers make us remember.
const (
	maxNonce   = 512
	maxOrigins = 16
)

// NewProver returns a Prover with k, an RSA, P-256 or Ed25519 key in memory or in
// hardware; nil is a fresh P-256 key. now is the clock; nil is time.Now.
func NewProver(k crypto.Signer, now func() time.Time) (*Prover, error) {
	if k == nil {
		fresh, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		k = fresh
	}
	key := Key{Signer: k}
	if err := key.Check(); err != nil {
		return nil, err
	}
	alg := key.alg()
	thumbprint, err := jwx.Thumbprint(k.Public())
	if err != nil {
		return nil, err
	}
	public, err := jwx.MarshalKey(jwx.Key{Public: k.Public()})
	if err != nil {
		return nil, err
	}
	head, err := jws.Encode(jws.Member{Name: "alg", Value: alg}, jws.Member{Name: "typ", Value: proofType}, jws.Member{Name: "jwk", Value: jws.Raw(public)})
	if err != nil {
		return nil, err
	}
	if now == nil {
		now = time.Now
	}
	return &Prover{
		alg: alg, thumbprint: thumbprint, now: now, nonces: map[string]string{},
		head: base64.RawURLEncoding.EncodeToString(head) + ".",
		sign: func(input []byte) ([]byte, error) { return jws.Sign(alg, k, input) },
	}, nil
}

// Thumbprint is the SHA-256 thumbprint of the key (RFC 7638): dpop_jkt of a
// request, jkt of what is bound to it.
func (p *Prover) Thumbprint() string { return p.thumbprint }

// Alg is the algorithm of the proofs.
func (p *Prover) Alg() string { return p.alg }

// Proof makes the DPoP header of one request. access is the access token that goes
// with it, "" if none does. Every request needs a proof of its own.
func (p *Prover) Proof(method, target, access string) (string, error) {
	to, ok := parseTarget(target)
	if !ok || !isMethod(method) {
		return "", errors.New("no proof can be made for what is not a request to an absolute URL")
	}
	var room [1 << 10]byte
	claims := p.claims(room[:0], method, to, access)
	b := make([]byte, 0, len(p.head)+base64.RawURLEncoding.EncodedLen(len(claims))+100)
	b = base64.RawURLEncoding.AppendEncode(append(b, p.head...), claims)
	sig, err := p.sign(b)
	if err != nil {
		return "", fault.Wrap(vneid.ErrUnavailable, err, "the client's key did not sign")
	}
	return string(base64.RawURLEncoding.AppendEncode(append(b, '.'), sig)), nil
}

// claims writes what a proof says to b. None of the values can hold a character that
// JSON escapes: a method is of letters, a target is escaped as a URL, a nonce is of
// NQCHARs, the rest is ours. That is for the bound on what a proof may cost.
func (p *Prover) claims(b []byte, method string, to target, access string) []byte {
	b = appendID(append(b, `{"jti":"`...))
	b = append(append(append(b, `","htm":"`...), method...), `","htu":"`...)
	b = append(append(append(b, to.origin...), to.path...), `","iat":`...)
	b = strconv.AppendInt(b, p.now().Unix(), 10)
	if access != "" {
		b = append(appendHash(append(b, `,"ath":"`...), access), '"')
	}
	if nonce := p.nonce(to.origin); nonce != "" {
		b = append(append(append(b, `,"nonce":"`...), nonce...), '"')
	}
	return append(b, '}')
}

// isMethod takes the methods that there are (RFC 9110 §16.1), and any of letters.
func isMethod(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return s != ""
}

// appendHash writes ath (RFC 9449 §4.2).
func appendHash(b []byte, access string) []byte {
	sum := sha256.Sum256([]byte(access))
	return base64.RawURLEncoding.AppendEncode(b, sum[:])
}

func (p *Prover) nonce(origin string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.nonces[origin]
}

// Learn notes the DPoP-Nonce of an answer for the next proofs to that origin
// (RFC 9449 §8.2). What is no nonce is not noted.
func (p *Prover) Learn(target, nonce string) {
	to, ok := parseTarget(target)
	if !ok || nonce == "" || len(nonce) > maxNonce || strings.ContainsFunc(nonce, notNQCHAR) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.nonces[to.origin]; !known && len(p.nonces) >= maxOrigins {
		clear(p.nonces) // a nonce that is gone costs one more round trip
	}
	p.nonces[to.origin] = nonce
}

// notNQCHAR reports what RFC 6749 Appendix A keeps out of a nonce.
func notNQCHAR(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }
