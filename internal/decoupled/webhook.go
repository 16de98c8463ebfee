package decoupled

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Signed reports whether a webhook's one signature header is "sha256=" and the hex
// HMAC-SHA256 of its raw body, comparing in constant time.
func Signed(secret, body []byte, headers []string) bool {
	if len(headers) != 1 {
		return false
	}
	digits, ok := strings.CutPrefix(headers[0], "sha256=")
	got, err := hex.DecodeString(digits)
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	return ok && err == nil && hmac.Equal(got, mac.Sum(nil))
}
