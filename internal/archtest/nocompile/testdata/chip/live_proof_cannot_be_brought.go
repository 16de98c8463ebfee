// What a process saw a chip prove is in no field that another could fill.
package program

import "github.com/vneid-sdk/vneid-go/chip"

var (
	empty  = chip.Dump{}          // ok
	forged = chip.Dump{live: nil} // want "unknown field live in struct literal of type chip.Dump"
	inner  = chip.Dump{d: nil}    // want "cannot refer to unexported field d in struct literal of type chip.Dump"
	access = chip.Access{a: nil}  // want "cannot refer to unexported field a in struct literal of type chip.Access"
)
