package legacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/envelope"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// errSealed is the one answer to everything that can be wrong with an envelope. It is
// one value: whoever compares two refusals compares it with itself.
var errSealed = fault.New(vneid.ErrMalformed, "what the provider encrypted cannot be opened: it is damaged, or sealed for another key or key length")

// answer reads the object in an answer: exactly {data, key}, both texts. The shape is
// the answer's own and no secret; nothing falls back to the body as it came.
func answer(a *oauth.Answer, opener *envelope.Opener, allowPlain bool) (jws.Object, error) {
	if !a.IsJSON {
		return jws.Object{}, errNoObject
	}
	data, isText := jws.Text(a.Object.Raw("data"))
	key, isText2 := jws.Text(a.Object.Raw("key"))
	switch {
	case len(a.Object.Names()) == 2 && isText && isText2:
	case a.Object.Has("data") || a.Object.Has("key"):
		return jws.Object{}, fault.New(vneid.ErrMalformed, "the provider's answer has data or key, but is not exactly these two texts")
	case allowPlain:
		return a.Object, nil
	default:
		return jws.Object{}, fault.New(vneid.ErrMalformed, "the provider's answer is not encrypted, and Envelope.PlainAnswers does not allow that")
	}
	text, ok := opener.Open(key, data)
	if !ok {
		return jws.Object{}, errSealed
	}
	o, err := jws.ParseObject(text)
	if err != nil {
		return jws.Object{}, errSealed
	}
	return o, nil
}

// mender puts the + of base64 back where something on the path took it for a space
// or escaped it once too often, and / and = with it. None of these spellings occurs
// in base64, so an unharmed text passes as it is.
var mender = strings.NewReplacer(" ", "+", "%20", "+", "%2B", "+", "%2b", "+", "%2F", "/", "%2f", "/", "%3D", "=", "%3d", "=")

// mended is for code and encrypt_key, and for nothing else.
func mended(field string) string { return mender.Replace(field) }

// subject names a person to this client alone. The number itself would tie accounts
// to something that other people know and that the state may change.
func subject(key []byte, client string, r vneid.Record) (string, error) {
	number := r.ID
	if number == "" {
		number = r.ForeignerID
	}
	if number == "" {
		return "", fault.New(vneid.ErrMalformed, "userinfo has no personal number to make a subject of")
	}
	h := hmac.New(sha256.New, key)
	for _, part := range []string{"vneid legacy subject", client, number} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)), nil
}
