// Whether a login suffices is an error with a reason, never a bool that reads
// well when negated by mistake.
package program

import (
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

var (
	id   = new(sso.Identity)
	need = vneid.Assurance{Level: 2}

	why error = id.Check(need)  // ok
	yes bool  = id.Check(need)  // want "cannot use id.Check(need)"
	no        = !id.Check(need) // want "operator ! not defined"
)
