package sso

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/relying"
)

// scopeToken reports whether s is a scope-token of RFC 6749 §3.3.
func scopeToken(s string) bool {
	return s != "" && relying.Printable(s) && !strings.ContainsAny(s, `"\`)
}
