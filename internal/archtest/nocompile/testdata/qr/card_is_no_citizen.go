// What a card's unsigned text says cannot be handed on as a verified person.
package program

import (
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func welcome(vneid.Citizen) {}

func counter(card *qr.Card, credential *qr.Credential) {
	welcome(credential.Citizen())                        // ok
	welcome(card)                                        // want "cannot use card"
	welcome(card.Reveal())                               // want "cannot use card.Reveal()"
	welcome(card.Citizen())                              // want "card.Citizen undefined"
	welcome(vneid.Citizen(card.Reveal()))                // want "cannot convert card.Reveal()"
	welcome(vneid.Citizen(*card))                        // want "cannot convert *card"
	welcome(vneid.NewCitizen(card.Reveal(), struct{}{})) // want "cannot use struct{}{}"
}
