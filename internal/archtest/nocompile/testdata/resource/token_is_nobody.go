// A Token is written down by nobody, and says who called, not who a person is.
package program

import (
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/resource"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func serve(*resource.Token) {}
func admit(*sso.Identity)   {}
func meet(vneid.Citizen)    {}

var (
	none    = resource.Token{}             // ok
	named   = resource.Token{Subject: "s"} // want "unknown field Subject in struct literal of type resource.Token"
	guessed = resource.Token{f: nil}       // want "cannot refer to unexported field f in struct literal of type resource.Token"
)

func call(t *resource.Token, raw string) {
	serve(t)   // ok
	serve(raw) // want "cannot use raw"
	admit(t)   // want "cannot use t"
	meet(t)    // want "cannot use t"
}
