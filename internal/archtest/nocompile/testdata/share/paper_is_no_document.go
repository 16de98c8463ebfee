// A paper that somebody filled in is no verified document, and not every type is one.
package program

import (
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

func hand(share.Document) {}

func desk(d share.Document, typed paper.DriverLicence) {
	hand(d)                                // ok
	hand(typed)                            // want "cannot use typed"
	_, _ = share.Reveal[paper.Identity](d) // ok
	_, _ = share.Reveal[string](d)         // want "string does not satisfy"
}
