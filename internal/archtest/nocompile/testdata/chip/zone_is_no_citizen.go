// A machine-readable zone and the details of DG13 are text, whoever read them.
package program

import (
	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func enter(vneid.Citizen) {}

func counter(zone chip.MRZ, details chip.Details, doc *chip.Document) {
	enter(zone)          // want "cannot use zone (variable of struct type chip.MRZ) as vneid.Citizen value"
	enter(details)       // want "cannot use details (variable of struct type chip.Details) as vneid.Citizen value"
	enter(doc.Citizen()) // ok
}
