package platform

import (
	"net/url"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// A person agrees to a scope and may keep single claims of it back. The relying party
// cannot tell a claim that was kept back from one that there is nothing to say about:
// both are absent (OpenID Connect Core §5.3.2).

// wholeClaims are the claims that their scope is about, so that keeping one back is refusing
// the scope.
var wholeClaims = map[string]bool{
	wire.CitizenID: true, wire.ForeignerID: true,
	"phone_number": true, "phone_number_verified": true, "email": true, "email_verified": true,
}

// freeClaims are those of a scope that may be kept back.
func freeClaims(scope string) []string {
	return slices.DeleteFunc(slices.Clone(scopeClaims[scope]), func(c string) bool { return wholeClaims[c] })
}

// withheld are the claims of the granted scopes that a form keeps back. A name that is
// none of them is ignored: it could only keep back what nobody asks for.
func withheld(granted []string, form url.Values) (out []string) {
	for _, scope := range granted {
		for _, c := range freeClaims(scope) {
			if slices.Contains(form[FieldWithout], c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// given are the claims that scopes of a grant give.
func (g *grant) given(scopes []string) (out []string) {
	for _, scope := range scopes {
		for _, c := range scopeClaims[scope] {
			if !slices.Contains(g.Without, c) {
				out = append(out, c)
			}
		}
	}
	return out
}
