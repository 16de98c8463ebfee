package paper_test

import (
	"encoding/json"
	"fmt"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

func ExampleHolds() {
	today, _ := vneid.ParseDate("2026-11-22")
	var licence paper.DriverLicence
	err := json.Unmarshal([]byte(`{
		"birth": "2008-11", "issued": "2024-05-06", "expires": "2034-05-06",
		"classes": [{"class": "B2"}], "exam_centre": "…"}`), &licence)
	fmt.Println(err, licence.Classes[0].Class, len(licence.Extra))

	// Born in November 2008: perhaps 18 since the first, perhaps not before the 30th.
	for _, ask := range []document.Predicate{document.AgeAtLeast(17), document.AgeAtLeast(18), document.LicenceIncludes("B"), document.LicenceIncludes("C1")} {
		fmt.Println(ask, paper.Holds(ask, licence, today))
	}
	// Output:
	// <nil> B2 1
	// age>=17 true
	// age>=18 false
	// licence:B true
	// licence:C1 false
}

func ExampleClaims() {
	for _, claim := range paper.Claims(document.Dependants) {
		vi, en := paper.Label(claim)
		fmt.Printf("%s: %s / %s\n", claim, vi, en)
	}
	// Output:
	// count: Số người phụ thuộc / Number of dependants
	// people: Người phụ thuộc / Dependants
	// representatives: Người đại diện / Representatives
}
