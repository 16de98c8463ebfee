package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

var b64 = base64.RawURLEncoding

// token is n random bytes as text.
func token(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return b64.EncodeToString(b)
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return b64.EncodeToString(sum[:])
}

// jwk writes a public key of P-256, with members after it.
func jwk(k *ecdsa.PublicKey, more string) string {
	point, err := k.Bytes() // 04 ‖ x ‖ y
	if err != nil {
		panic(err) // a key that this program made
	}
	return `{"kty":"EC","crv":"P-256","x":"` + b64.EncodeToString(point[1:33]) + `","y":"` + b64.EncodeToString(point[33:]) + `"` + more + `}`
}

// compact signs the texts of a header and its claims.
func compact(alg string, key crypto.Signer, head, claims string) (string, error) {
	input := b64.EncodeToString([]byte(head)) + "." + b64.EncodeToString([]byte(claims))
	sig, err := jws.Sign(alg, key, []byte(input))
	return input + "." + b64.EncodeToString(sig), err
}

// identity is how a relying party shows who it is (private_key_jwt).
type identity struct {
	client, audience string
	alg, kid         string
	key              crypto.Signer
}

func (i *identity) assertion() (string, error) {
	now := time.Now().Unix()
	return compact(i.alg, i.key, `{"alg":"`+i.alg+`","typ":"JWT","kid":"`+i.kid+`"}`,
		`{"iss":"`+i.client+`","sub":"`+i.client+`","aud":"`+i.audience+`","jti":"`+token(16)+`","iat":`+strconv.FormatInt(now, 10)+
			`,"exp":`+strconv.FormatInt(now+60, 10)+`}`)
}

// prover is a fresh key that the tokens of one login are bound to (DPoP).
type prover struct {
	key  *ecdsa.PrivateKey
	head string
}

func newProver() (*prover, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return &prover{key, `{"alg":"ES256","typ":"dpop+jwt","jwk":` + jwk(&key.PublicKey, "") + `}`}, nil
}

func (p *prover) proof(method, url, access, nonce string) (string, error) {
	claims := `{"jti":"` + token(16) + `","htm":"` + method + `","htu":"` + url + `","iat":` + strconv.FormatInt(time.Now().Unix(), 10)
	if access != "" {
		claims += `,"ath":"` + hash(access) + `"`
	}
	if nonce != "" {
		claims += `,"nonce":"` + nonce + `"`
	}
	return compact("ES256", p.key, p.head, claims+"}")
}

// private reads the private key of a JWK, on P-256 or P-521.
func private(text []byte) (*ecdsa.PrivateKey, error) {
	var k struct{ Crv, X, Y, D string }
	if err := json.Unmarshal(text, &k); err != nil {
		return nil, err
	}
	curve := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-521": elliptic.P521()}[k.Crv]
	if curve == nil {
		return nil, fmt.Errorf("a key on %q", k.Crv)
	}
	d, ok := jws.DecodeBase64(k.D)
	if !ok {
		return nil, errors.New("a private key that is not base64url")
	}
	full := make([]byte, (curve.Params().BitSize+7)/8)
	return ecdsa.ParseRawPrivateKey(curve, new(big.Int).SetBytes(d).FillBytes(full))
}
