package vneid_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// verified stands for what sso, qr or chip return after a verification.
func verified() vneid.Citizen {
	birth, _ := vneid.ParseDate("06/05/1990")
	return vneid.NewCitizen(vneid.Record{
		ID: "999190000001", OldID: "000000001", FormerIDs: []string{"999090000001"},
		Name: "Nguyễn Thị Hòa", Birth: birth, Sex: vneid.Female,
		Residence: vneid.Address{Text: "1 Phố Thử, Dĩ An, Bình Dương"},
	}, seal.Own())
}

func Example() {
	citizen := verified()

	// Printing and logging show three digits; encoding is refused.
	fmt.Println(citizen)
	_, err := json.Marshal(citizen)
	fmt.Println(err != nil)

	// Keep the fields that the purpose needs, and only those.
	r := citizen.Reveal()
	kept, _ := json.Marshal(map[string]any{"name": r.Name, "birth": r.Birth})
	fmt.Println(string(kept))
	// Output:
	// citizen *********001
	// true
	// {"birth":"1990-05-06","name":"Nguyễn Thị Hòa"}
}

func ExampleKind() {
	err := fmt.Errorf("qr: %w", vneid.ErrExpired) // as Verifier.Verify returns it

	if errors.Is(err, vneid.ErrExpired) {
		fmt.Println("ask for a fresh code")
	}
	var kind vneid.Kind
	if errors.As(err, &kind) {
		fmt.Println("refused:", kind)
	}
	// Output:
	// ask for a fresh code
	// refused: expired
}

func ExampleAdvice() {
	got := vneid.Assurance{Level: 1, Auth: 2}
	vi, en := vneid.Advice(got.Check(vneid.Assurance{Level: 2}))
	fmt.Println(vi)
	fmt.Println(en)
	// Output:
	// Dịch vụ này cần tài khoản định danh điện tử mức độ 2. Đăng nhập lại không nâng được mức độ tài khoản; công dân làm thủ tục tại Công an xã/phường/đặc khu hoặc nơi làm thủ tục cấp căn cước.
	// This service needs an account of level 2. Logging in again does not raise it; it is granted at the police of the commune, ward or special zone, or where identity cards are issued.
}

func ExampleParseDate() {
	for _, s := range []string{"19900506", "06051990", "06/05/1990", "05/1990", "không thời hạn", "31/04/1990"} {
		d, err := vneid.ParseDate(s)
		fmt.Printf("%q %q %v\n", d, d.Printed(), err)
	}
	// Output:
	// "1990-05-06" "06/05/1990" <nil>
	// "1990-05-06" "06/05/1990" <nil>
	// "1990-05-06" "06/05/1990" <nil>
	// "1990-05" "05/1990" <nil>
	// "Không thời hạn" "Không thời hạn" <nil>
	// "" "" vneid: not a date in an expected layout
}

func ExampleDate_Age() {
	birth, _ := vneid.ParseDate("2008") // the day is not known
	today, _ := vneid.NewDate(time.Date(2026, 5, 6, 0, 0, 0, 0, time.UTC).Date())
	least, most, ok := birth.Age(today)
	fmt.Println(least, most, ok)
	// Output: 17 18 true
}

func ExampleCompareNames() {
	fmt.Println(vneid.CompareNames("Nguyễn Thị Hòa", "NGUYỄN THỊ HOÀ"))
	fmt.Println(vneid.CompareNames("Nguyễn Thị Hòa", "NGUYEN THI HOA"))
	fmt.Println(vneid.CompareNames("Nguyễn Thị Hòa", "Hòa Nguyễn Thị"))
	fmt.Println(vneid.CompareNames("Nguy?n Th? Hòa", "Nguy?n Th? Hòa"))
	// Output:
	// equal
	// equal without diacritics
	// different
	// different
}

func ExampleHistory_Match() {
	h := verified().History()
	for _, number := range []string{"999190000001", "999090000001", "000000001", "090000001", "123456789"} {
		fmt.Println(h.Match(number))
	}
	// Output:
	// current
	// former
	// CMND-9
	// ambiguous
	// none
}

func ExampleAddress_SameProvince() {
	card := vneid.Address{Text: "1 Phố Thử, Dĩ An, Bình Dương"}
	card.AsOf, _ = vneid.ParseDate("2022-05-06")
	eid := vneid.Address{Text: "1 Phố Thử, phường Dĩ An, TP. Hồ Chí Minh"}
	eid.AsOf, _ = vneid.ParseDate("2026-05-06")
	fmt.Println(card.SameProvince(eid))
	// Output: true true
}

func ExampleProvince() {
	id, _ := vneid.ParseCitizenID("015190000001")
	born, _ := vneid.ParseDate("1990")
	now, _ := vneid.ParseDate("2026")
	fmt.Println(id.Province().Name(born))            // where the birth was registered
	fmt.Println(id.Province().Successor().Name(now)) // where that is today
	// Output:
	// Yên Bái
	// Lào Cai
}
