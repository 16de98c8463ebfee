package share

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// tokens is what the token endpoint gave for one fetch.
type tokens struct {
	access, refresh string
	granted         sharewire.Details
}

// readTokens reads a successful answer of the token endpoint (RFC 6749 §5.1, RFC 9396
// §7), whatever was traded for it, and holds it to what was asked.
func (c *Client) readTokens(o *jws.Object, asked sharewire.Details) (*tokens, error) {
	t := &tokens{access: o.String("access_token"), refresh: o.String("refresh_token")}
	kind := o.String("token_type")
	switch {
	case o.Err() != nil:
		return nil, malformed("the token response has a member of a wrong type")
	case t.access == "" || !relying.Printable(t.access) || !relying.Printable(t.refresh):
		return nil, malformed("the token response has no usable access_token")
	case c.on("bound") && !strings.EqualFold(kind, "DPoP"):
		return nil, fault.New(vneid.ErrUntrusted, "the access token is not bound to the client's key (DPoP), which was asked for")
	case !o.Has(wire.Details):
		return nil, malformed("the token response does not say what was granted")
	}
	var err error
	if t.granted, err = sharewire.DecodeGranted(o.Raw(wire.Details)); err != nil {
		return nil, fault.New(vneid.ErrMalformed, "what the token response says was granted is not what it should be: %v", err)
	}
	if t.granted.Within(asked) != nil && c.on("wider") {
		return nil, mismatch("more was granted than asked for, or on other terms")
	}
	// Nothing is fetched then, since nobody may use it.
	if kinds := t.granted.Missing(asked); len(kinds) > 0 && c.on("missing") {
		return nil, fault.New(vneid.ErrDenied, "declined, or not there, though essential: %v", kinds)
	}
	if asked.Periodic == nil {
		t.refresh = "" // nobody asked for it, so nobody keeps it
	}
	return t, nil
}
