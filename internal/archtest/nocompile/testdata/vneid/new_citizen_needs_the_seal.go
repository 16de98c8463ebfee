// NewCitizen cannot be called with anything that a consumer has.
package program

import "github.com/vneid-sdk/vneid-go/vneid"

type own struct{ own bool }

var (
	record = vneid.Record{Name: "Nguyễn Văn An"}
	none   vneid.Citizen                          // ok
	first  = vneid.NewCitizen(record)             // want "not enough arguments in call to vneid.NewCitizen"
	second = vneid.NewCitizen(record, nil)        // want "cannot use nil as seal.Seal value"
	third  = vneid.NewCitizen(record, own{true})  // want "as seal.Seal value in argument to vneid.NewCitizen"
	fourth = vneid.NewCitizen(record, struct{}{}) // want "as seal.Seal value in argument to vneid.NewCitizen"
)
