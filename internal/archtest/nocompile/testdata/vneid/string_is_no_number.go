// Digits become a number only through its parser.
package program

import "github.com/vneid-sdk/vneid-go/vneid"

var (
	parsed, _                 = vneid.ParseCitizenID("999090000001") // ok
	converted                 = vneid.CitizenID("999090000001")      // want "cannot convert"
	assigned  vneid.CitizenID = "999090000001"                       // want "cannot use"
	old, _                    = vneid.ParseOldID("000000001")        // ok
	oldToo                    = vneid.OldID("000000001")             // want "cannot convert"
)
