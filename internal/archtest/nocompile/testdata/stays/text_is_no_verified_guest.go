// What was typed or printed cannot be filed as a guest whom a signature vouches for.
package program

import (
	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

func reception(citizen vneid.Citizen, record vneid.Record, card *qr.Card, code *qr.Credential, document *chip.Document, dump *chip.Dump) []stays.Guest {
	return []stays.Guest{
		stays.FromLogin(citizen),   // ok
		stays.FromCode(code),       // ok
		stays.FromChip(document),   // ok
		stays.FromCard(card),       // ok
		stays.Typed(record, ""),    // ok
		stays.FromLogin(record),    // want "cannot use record"
		stays.FromCode(card),       // want "cannot use card"
		stays.FromChip(dump),       // want "cannot use dump"
		stays.Guest{g: nil},        // want "cannot refer to unexported field g"
		stays.Guest(record),        // want "cannot convert record"
		{Source: stays.SourceChip}, // want "unknown field Source"
	}
}
