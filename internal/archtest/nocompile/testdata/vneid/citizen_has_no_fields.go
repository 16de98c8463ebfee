// Nobody can write a Citizen down.
package program

import "github.com/vneid-sdk/vneid-go/vneid"

var (
	nobody  = vneid.Citizen{}                      // ok
	named   = vneid.Citizen{ID: "999090000001"}    // want "unknown field ID in struct literal of type vneid.Citizen"
	guessed = vneid.Citizen{r: nil}                // want "cannot refer to unexported field r in struct literal of type vneid.Citizen"
	blind   = vneid.Citizen{nil}                   // want "implicit assignment to unexported field r in struct literal of type vneid.Citizen"
	made    = vneid.Record{ID: "999090000001"}.ID  // ok
	forced  = vneid.Citizen{}.Reveal().ID == "999" // ok
)
