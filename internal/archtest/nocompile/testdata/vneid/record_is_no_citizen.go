// A Record, which anyone can fill in, does not pass for a Citizen.
package program

import "github.com/vneid-sdk/vneid-go/vneid"

func welcome(vneid.Citizen) {}

func visit(citizen vneid.Citizen, record vneid.Record) {
	welcome(citizen)                // ok
	welcome(record)                 // want "as vneid.Citizen value"
	welcome(vneid.Citizen(record))  // want "cannot convert record"
	welcome(vneid.Citizen(citizen)) // ok
}
