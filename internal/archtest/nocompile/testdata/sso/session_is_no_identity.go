// A login under way, an answer's raw claims and a login's name do not pass for
// somebody who logged in.
package program

import "github.com/vneid-sdk/vneid-go/sso"

func welcome(*sso.Identity) {}

func visit(id *sso.Identity, s *sso.Session, l *sso.Login) {
	welcome(id)                  // ok
	welcome(s)                   // want "cannot use s"
	welcome(l)                   // want "cannot use l"
	welcome((*sso.Identity)(s))  // want "cannot convert s"
	welcome((*sso.Identity)(id)) // ok
}
