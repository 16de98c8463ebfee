// Five results are not two: inconclusive must not read as true.
package program

import "github.com/vneid-sdk/vneid-go/chip"

func welcome(bool) {}

func counter(doc *chip.Document) {
	welcome(doc.Check("digests").Status)                // want "cannot use doc.Check"
	welcome(doc.Check("digests").Status == chip.Passed) // ok
	welcome(doc.Checks() == chip.Passed)                // want "mismatched types"
	welcome(doc.Genuine())                              // ok
}
