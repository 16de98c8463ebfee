package share_test

import (
	"fmt"

	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

func ExampleRequest_Check() {
	request := share.Request{
		Purpose:       share.Purpose{Code: "car-rental", VI: "Cho thuê xe tự lái", EN: "Self-drive car rental"},
		RetentionDays: 30, Store: true,
		Documents: []share.Want{
			{
				Kind:       document.DriverLicence,
				Claims:     []share.Claim{{Name: "number"}, {Name: "birth"}},
				Predicates: []share.Predicate{share.AgeAtLeast(18), share.LicenceIncludes("B")},
			},
			{Kind: document.Residence, Claims: []share.Claim{{Name: "province"}, {Name: "permanent", Optional: true}}},
		},
	}
	for _, f := range request.Check() {
		fmt.Println(f.Refused, f.Where)
		fmt.Println(" ", f.VI)
		fmt.Println(" ", f.EN)
	}
	// Output:
	// false documents[0].claims[1]
	//   mục đích là độ tuổi: hãy hỏi đủ tuổi hay không (age>=n) thay cho ngày sinh
	//   this is about an age: ask whether it is reached (age>=n) instead of the date of birth
	// false documents[1].claims[1]
	//   permanent nói nhiều hơn province đã yêu cầu: hãy chọn cái ít hơn nếu đủ
	//   permanent says more than province, which is asked for too: choose the lesser if it does
}
