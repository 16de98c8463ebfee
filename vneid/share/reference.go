package share

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
)

const requestURN = "urn:ietf:params:oauth:request_uri:" // RFC 9126 §2.2

// Reference returns the name by which the platform's list of the day calls a request
// (package reconcile): a hash of what it gave the request out as. redirect is what Begin
// returned; "" for a request of Ask. It opens nothing.
func (s *Session) Reference(redirect string) string {
	name := s.look().ID
	if redirect != "" {
		u, err := url.Parse(redirect)
		if err != nil {
			return ""
		}
		name = strings.TrimPrefix(u.Query().Get("request_uri"), requestURN)
	}
	if name == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(name))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}
