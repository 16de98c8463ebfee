// An Identity is not its citizen, and a citizen has not logged in.
package program

import (
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func serve(vneid.Citizen) {}
func admit(*sso.Identity) {}

func visit(id *sso.Identity, c vneid.Citizen) {
	serve(id.Citizen()) // ok
	serve(id)           // want "cannot use id"
	admit(id)           // ok
	admit(&c)           // want "cannot use &c"
}
