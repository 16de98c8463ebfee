// What a document's code says is nobody's identity, and a card's text no document.
package program

import (
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

func welcome(vneid.Citizen) {}

func note(paper.DriverLicence) {}

func inspect(card *qr.Card, credential *qr.Credential) {
	licence, _ := qr.Reveal[paper.DriverLicence](credential)
	note(licence)                               // ok
	welcome(licence)                            // want "cannot use licence"
	_, _ = qr.Reveal[paper.DriverLicence](card) // want "cannot use card"
	_, _ = qr.Reveal[vneid.Record](credential)  // want "does not satisfy"
}
