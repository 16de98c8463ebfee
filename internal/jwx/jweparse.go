package jwx

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// content is what RFC 7518 §5 says of an enc value: lengths in bytes.
type content struct {
	key, iv, tag int
	block        int // the ciphertext is a multiple of it
}

func contentOf(enc string) (content, bool) {
	switch enc {
	case "A128GCM":
		return content{16, 12, 16, 1}, true
	case "A256GCM":
		return content{32, 12, 16, 1}, true
	case "A128CBC-HS256":
		return content{32, 16, 16, 16}, true
	case "A256CBC-HS512":
		return content{64, 16, 32, 16}, true
	}
	return content{}, false
}

// sealed is a well-formed JWE that nobody has opened yet.
type sealed struct {
	alg, enc, kid string
	content       content
	wrapped       int              // length of the encrypted key
	ephemeral     *ecdsa.PublicKey // epk
	copies        []copied
}

// copied is a claim that the header repeats, so that whoever routes a token need not
// open it (RFC 7519 §5.3).
type copied struct{ name, raw string }

// parseSealed reads all of a JWE but its ciphertext's meaning.
func parseSealed(token string) (*sealed, bool) {
	if len(token) > MaxJWE {
		return nil, false
	}
	text := strings.Split(token, ".")
	if len(text) != 5 {
		return nil, false
	}
	var parts [5][]byte
	for i := range text {
		var ok bool
		if parts[i], ok = jws.DecodeBase64(text[i]); !ok {
			return nil, false
		}
	}
	s, ok := sealedHeader(string(parts[0]))
	if !ok {
		return nil, false
	}
	s.wrapped = len(parts[1])
	iv, ciphertext, tag := len(parts[2]), len(parts[3]), len(parts[4])
	return s, iv == s.content.iv && tag == s.content.tag && ciphertext > 0 && ciphertext%s.content.block == 0
}

func sealedHeader(text string) (*sealed, bool) {
	o, err := jws.ParseObject(text)
	if err != nil {
		return nil, false
	}
	s := &sealed{alg: o.String("alg"), enc: o.String("enc"), kid: o.String("kid")}
	for _, name := range o.Names() {
		switch name {
		case "alg", "enc", "kid", "typ", "cty":
		case "iss", "sub", "aud":
			s.copies = append(s.copies, copied{name, o.Raw(name)})
		case "epk", "apu", "apv":
			if !strings.HasPrefix(o.String("alg"), "ECDH-ES") {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	var ok bool
	if s.content, ok = contentOf(s.enc); !ok {
		return nil, false
	}
	if cty := o.String("cty"); o.Has("cty") && !strings.EqualFold(cty, "JWT") || !isText(o.Raw("typ")) {
		return nil, false
	}
	for _, name := range [...]string{"apu", "apv"} {
		if octets, ok := jws.DecodeBase64(o.String(name)); !ok || len(octets) > 512 {
			return nil, false
		}
	}
	return s, s.agreement(&o) && o.Err() == nil
}

func isText(raw string) bool { return raw == "" || raw[0] == '"' }

// agreement reads epk where alg has one.
func (s *sealed) agreement(o *jws.Object) bool {
	switch s.alg {
	case "RSA-OAEP-256":
		return true
	case "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW":
		key, err := ParseKey(o.Raw("epk"))
		if err != nil {
			return false
		}
		var ok bool
		s.ephemeral, ok = key.Public.(*ecdsa.PublicKey)
		return ok
	}
	return false
}

// fits reports whether the token can have been made for a key: by its type, its
// curve, and the length of the encrypted key.
func (s *sealed) fits(public crypto.PublicKey) bool {
	switch k := public.(type) {
	case *rsa.PublicKey:
		return s.alg == "RSA-OAEP-256" && s.wrapped == k.Size()
	case *ecdsa.PublicKey:
		if s.ephemeral == nil || s.ephemeral.Curve != k.Curve {
			return false
		}
		if s.alg == "ECDH-ES" {
			return s.wrapped == 0
		}
		return s.wrapped == s.content.key+8 // RFC 3394 §2.2.1
	}
	return false
}
