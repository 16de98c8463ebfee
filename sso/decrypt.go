package sso

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// decrypted takes the encryption off a token of the provider (RFC 7516). With keys
// in Config.Decrypt an ID token that comes without is refused: anybody on its way
// could have read it, and the provider was registered to encrypt. must says whether
// that holds for this token. Why a ciphertext does not open is told to nobody.
func (c *Client) decrypted(what, token string, must bool) (string, error) {
	encrypted := strings.Count(token, ".") == 4
	switch {
	case len(c.decrypt()) == 0:
		return token, nil // five parts are no JWS, which is what comes next
	case !encrypted && must && c.on("encrypted"):
		return "", fault.New(vneid.ErrUntrusted, "%s is not encrypted, and Config.Decrypt asks for that", what)
	case !encrypted:
		return token, nil
	}
	plain, err := jwx.Decrypt(token, c.decrypt()...)
	if err != nil {
		return "", fault.New(vneid.ErrMalformed, "%s cannot be decrypted", what)
	}
	return plain, nil
}
