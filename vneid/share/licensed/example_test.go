package licensed_test

import (
	"fmt"

	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/licensed"
)

// A bank asks by way of its provider, and says by name that it takes an answer that
// nobody signed.
func Example() {
	client, err := licensed.New(licensed.Config{
		Gateway: "https://gateway.example", Code: "TCDN-1", ClientID: "bank", ClientSecret: "from-the-contract",
		Link: "https://link.example/share/",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	request := share.Request{
		Documents:     []share.Want{{Kind: document.Identity, Claims: []share.Claim{{Name: "id"}, {Name: "name"}}}},
		Purpose:       share.Purpose{Code: "onboarding", VI: "Mở tài khoản thanh toán", EN: "Opening a payment account"},
		RetentionDays: 30, Store: true,
	}
	for _, finding := range request.Check() {
		fmt.Println(finding.Where, finding.EN)
	}
	fmt.Println(client)
	// link, session, err := client.Begin(ctx, request, number)
	// answer, err := client.Wait(ctx, session)
	// err = answer.Check(vneid.Assurance{}, share.TransportOnly)

	// Output:
	// licensed.Client
}
