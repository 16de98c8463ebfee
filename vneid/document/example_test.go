package document_test

import (
	"fmt"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

func ExampleEstimateExpiry() {
	birth, _ := vneid.ParseDate("06/05/1990")
	issued, _ := vneid.ParseDate("01/07/2021")
	expiry, ok := document.EstimateExpiry(birth, issued)
	fmt.Println(expiry.Printed(), ok)
	// Output: 06/05/2030 true
}

func ExampleLicenceClass() {
	issued, _ := vneid.ParseDate("2023-05-06")
	class := document.LicenceClass("B2")
	fmt.Println("an old class:", class.IssuedOn(issued))
	for _, e := range class.Exchanges() {
		fmt.Println("exchanged for", e.Class)
	}
	// Output:
	// an old class: true
	// exchanged for B
	// exchanged for C1
}

func ExampleParsePlate() {
	p, err := document.ParsePlate("29-B1 234.56")
	now, _ := vneid.ParseDate("2026")
	fmt.Println(p, p.Series, p.Province().Successor().Name(now), err)

	_, err = document.ParsePlate("29B12345") // a car or a motorcycle?
	fmt.Println(err)
	// Output:
	// 29B1-234.56 B1 Hà Nội <nil>
	// document: not a civil registration plate, or one that needs its separators
}

func ExampleLicenceClass_Includes() {
	// B1 was for cars until 2024, and is for tricycles since.
	for _, day := range []string{"2024-12-31", "2025-01-01", ""} {
		var issued vneid.Date
		if err := issued.UnmarshalText([]byte(day)); err != nil {
			fmt.Println(err)
		}
		fmt.Println(document.LicenceClass("B1").Includes("B", issued), document.LicenceClass("B1").Includes("A1", issued))
	}
	// Output:
	// true false
	// false true
	// false false
}
