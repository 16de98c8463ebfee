// Nobody can write a Document down, and say that its chip is genuine.
package program

import (
	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/vneid"
)

var somebody vneid.Citizen

var (
	nobody  = chip.Document{}                  // ok
	genuine = chip.Document{Genuine: true}     // want "unknown field Genuine in struct literal of type chip.Document"
	person  = chip.Document{Citizen: somebody} // want "unknown field Citizen in struct literal of type chip.Document"
	guessed = chip.Document{d: nil}            // want "cannot refer to unexported field d in struct literal of type chip.Document"
)
