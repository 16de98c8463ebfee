package sso

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/relying"
)

// What a sealed cookie is for. An envelope of one purpose opens as no other.
const (
	forLogin   = "vneid-sso login v1"
	forSession = "vneid-sso session v1"
	forStore   = "vneid-sso stored v1 " // and the name under which it is kept
)

// maxStored bounds an envelope that is no cookie.
const maxStored = 64 << 10

// sealer seals for one client: its issuer, its identifier and its redirect URI.
type sealer struct{ box relying.Box }

func newSealer(c Config) sealer {
	return sealer{relying.NewBox("vneid-sso cookie", c.CookieKeys, c.Issuer, c.ClientID, c.RedirectURL)}
}

func (s sealer) seal(purpose string, plain []byte) (string, error) { return s.box.Seal(purpose, plain) }

func (s sealer) open(purpose, envelope string) ([]byte, bool) {
	limit := maxCookie
	if strings.HasPrefix(purpose, forStore) {
		limit = maxStored
	}
	return s.box.Open(purpose, envelope, limit)
}
