// What a terminal read is not what a verifier found.
package program

import (
	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func welcome(*chip.Document) {}
func enter(vneid.Citizen)    {}
func counter(d *chip.Dump, doc *chip.Document) {
	welcome(d)              // want "cannot use d (variable of type *chip.Dump) as *chip.Document value"
	welcome(doc)            // ok
	enter(d.Citizen())      // want "d.Citizen undefined"
	enter(doc.Citizen())    // ok
	_ = (*chip.Document)(d) // want "cannot convert d"
}
