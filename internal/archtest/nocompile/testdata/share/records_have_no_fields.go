// Nobody can write an answer or a document down.
package program

import (
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

var somebody vneid.Citizen

var (
	none    = share.Records{}                  // ok
	named   = share.Records{Subject: "s"}      // want "unknown field Subject in struct literal of type share.Records"
	person  = share.Records{Citizen: somebody} // want "unknown field Citizen in struct literal of type share.Records"
	guessed = share.Records{a: nil}            // want "cannot refer to unexported field a in struct literal of type share.Records"
	paper   = share.Document{p: nil}           // want "cannot refer to unexported field p in struct literal of type share.Document"
)
