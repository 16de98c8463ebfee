// A login under way, and what was asked of whom, do not pass for somebody who
// answered.
package program

import (
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/ciba"
)

func welcome(*sso.Identity) {}

func counter(s *ciba.Session, ask ciba.Ask, id *sso.Identity) {
	welcome(id)                    // ok
	welcome(s)                     // want "cannot use s"
	welcome(&ask)                  // want "cannot use &ask"
	_ = ciba.Session{Number: "47"} // want "unknown field Number in struct literal of type ciba.Session"
}
