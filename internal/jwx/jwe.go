package jwx

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwe"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// Encrypted tokens (JWE, RFC 7516) are read as strictly as signed ones before jwx
// sees them:
//
//	size     at most MaxJWE bytes
//	form     compact, five parts, each strict base64url; the encrypted key empty
//	         for ECDH-ES and of the right length otherwise, initialisation vector
//	         and tag as long as enc wants them
//	header   alg, enc, kid, typ, cty, epk, apu, apv, and iss, sub and aud as copies
//	         of what is inside; anything else is refused, zip, crit, p2c and jku
//	         among it
//	alg      RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A256KW; RSA1_5, PBES2
//	         and dir are not
//	enc      A128GCM, A256GCM, A128CBC-HS256, A256CBC-HS512, with a content key of
//	         exactly its length
//	epk      a public point on the curve of our own key
//	inside   a compact JWS (cty JWT or absent): what is only encrypted is from anybody

// MaxJWE is the size limit of an encrypted token: one of jws.DefaultMaxSize fits.
const MaxJWE = 32 << 10

// PrivateKey opens what was encrypted to its public half.
type PrivateKey struct {
	ID string // kid; "": for tokens of any kid

	// Key is a crypto.Decrypter for RSA, in memory or in hardware, or an
	// *ecdsa.PrivateKey. It serves nothing else: an oracle for one use would be
	// one for all (RFC 8725 §3.5).
	Key crypto.PrivateKey
}

// Format prints the key's name and nothing else of it.
func (k PrivateKey) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "jwx.PrivateKey %q", k.ID) }

// LogValue logs what Format prints.
func (k PrivateKey) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(k)) }

// MarshalText refuses, for encoding/json and others.
func (k PrivateKey) MarshalText() ([]byte, error) {
	return nil, errors.New("jwx: refusing to encode a PrivateKey")
}

// Check refuses a key that opens nothing or is weak.
func (k PrivateKey) Check() error {
	public := publicOf(k.Key)
	if public == nil {
		return errors.New("neither an RSA crypto.Decrypter nor an *ecdsa.PrivateKey")
	}
	return jws.CheckKey(public)
}

// publicOf is the public half of a key that can open tokens, else nil.
func publicOf(key crypto.PrivateKey) crypto.PublicKey {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		if k != nil {
			return &k.PublicKey
		}
	case *ecdsa.PrivateKey:
		if k != nil {
			return &k.PublicKey
		}
	case crypto.Decrypter:
		if public, ok := k.Public().(*rsa.PublicKey); ok && public != nil {
			return public
		}
	}
	return nil
}

// ErrDecrypt is the one error of Decrypt: whoever sends a token learns nothing from
// the way in which it fails.
var ErrDecrypt = errors.New("the token cannot be decrypted")

// Decrypt opens a compact JWE with the key that its kid names, or with any of the
// keys if it names none, and returns the compact JWS inside, which nobody has
// checked yet.
func Decrypt(token string, keys ...PrivateKey) (string, error) {
	s, plain, err := open(token, keys)
	if err != nil || !looksSigned(string(plain)) || !s.repeats(string(plain)) {
		return "", ErrDecrypt
	}
	return string(plain), nil
}

// repeats reports whether the claims in the header are those of the signed token
// inside (RFC 7519 §5.3): else nobody signed them.
func (s *sealed) repeats(signed string) bool {
	if len(s.copies) == 0 {
		return true
	}
	payload, _ := jws.DecodeBase64(strings.Split(signed, ".")[1])
	claims, err := jws.ParseObject(string(payload))
	if err != nil {
		return false
	}
	for _, c := range s.copies {
		raw := claims.Raw(c.name)
		outside, text := jws.Text(c.raw)
		inside, same := jws.Text(raw)
		if text != same || text && outside != inside || !text && c.raw != raw {
			return false
		}
	}
	return true
}

// Open opens a compact JWE whatever is inside, which may be from anybody. It is for
// vectors of others: a token is for Decrypt.
func Open(token string, keys ...PrivateKey) ([]byte, error) {
	_, plain, err := open(token, keys)
	return plain, err
}

func open(token string, keys []PrivateKey) (*sealed, []byte, error) {
	s, ok := parseSealed(token)
	if !ok {
		return nil, nil, ErrDecrypt
	}
	for _, k := range keys {
		if s.kid != "" && k.ID != "" && k.ID != s.kid {
			continue
		}
		if plain, ok := s.open(token, k.Key); ok {
			return s, plain, nil
		}
	}
	return nil, nil, ErrDecrypt
}

// open opens the token with one key.
func (s *sealed) open(token string, key crypto.PrivateKey) ([]byte, bool) {
	public := publicOf(key)
	if public == nil || !s.fits(public) {
		return nil, false
	}
	var cek []byte
	with := any(key)
	if d, ok := key.(crypto.Decrypter); ok {
		with = unwrapper{d, s.content}
	}
	plain, err := jwe.Decrypt([]byte(token), jwe.WithKey(jwa.KeyEncryptionAlgorithm(s.alg), with), jwe.WithCEK(&cek))
	return plain, err == nil && len(cek) == s.content.key
}

// unwrapper opens content keys with RSA-OAEP-256, through whatever holds the key.
type unwrapper struct {
	key     crypto.Decrypter
	content content
}

// DecryptKey implements jwe.KeyDecrypter.
func (u unwrapper) DecryptKey(_ jwa.KeyEncryptionAlgorithm, wrapped []byte, _ jwe.Recipient, _ *jwe.Message) ([]byte, error) {
	cek, err := u.key.Decrypt(nil, wrapped, &rsa.OAEPOptions{Hash: crypto.SHA256})
	if err != nil || len(cek) != u.content.key {
		return nil, ErrDecrypt // before jwx picks a cipher by the key's length
	}
	return cek, nil
}

// looksSigned reports whether text has the form of a compact JWS. Package jws reads
// it after us; here only what is not one at all is kept from passing for decrypted.
func looksSigned(text string) bool {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return false
	}
	for _, part := range parts {
		if _, ok := jws.DecodeBase64(part); !ok || part == "" {
			return false
		}
	}
	return true
}
