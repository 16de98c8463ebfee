// A card's text is no credential, nor can one be made of it.
package program

import "github.com/vneid-sdk/vneid-go/qr"

func admit(*qr.Credential) {}

func counter(card *qr.Card, credential *qr.Credential) {
	admit(credential)               // ok
	admit(card)                     // want "cannot use card"
	admit((*qr.Credential)(card))   // want "cannot convert card"
	admit(&qr.Credential{Level: 2}) // want "unknown field Level"
	admit(&qr.Credential{d: nil})   // want "cannot refer to unexported field d"
	admit(&qr.Credential{})         // ok
}
