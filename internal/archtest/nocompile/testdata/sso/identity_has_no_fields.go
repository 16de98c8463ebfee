// Nobody can write an Identity down.
package program

import (
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

var somebody vneid.Citizen

var (
	nobody  = sso.Identity{}                  // ok
	named   = sso.Identity{Subject: "s"}      // want "unknown field Subject in struct literal of type sso.Identity"
	person  = sso.Identity{Citizen: somebody} // want "unknown field Citizen in struct literal of type sso.Identity"
	guessed = sso.Identity{f: nil}            // want "cannot refer to unexported field f in struct literal of type sso.Identity"
)
