package share_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// recorded is an answer of 22 November 2026, with the keys and status lists of then.
func recorded() (bundle []byte, keys map[string]json.RawMessage, lists files) {
	var f struct {
		Keys  map[string]json.RawMessage
		Lists files
		Cases map[string]struct{ Bundle string }
	}
	b, err := os.ReadFile("testdata/accepted/bundles.json")
	if err == nil {
		err = json.Unmarshal(b, &f)
	}
	if err != nil {
		panic(err)
	}
	return []byte(f.Cases["in the clear"].Bundle), f.Keys, f.Lists
}

type files map[string]string

func (f files) Fetch(_ context.Context, uri string) ([]byte, error) { return []byte(f[uri]), nil }

func verifier(keys map[string]json.RawMessage, lists files) *share.Verifier {
	set := func(issuer string, uses ...vneid.Use) vneid.KeySet {
		s, err := jwks.Parse(keys[issuer], issuer, uses...)
		if err != nil {
			panic(err)
		}
		return s
	}
	const police, insurance = "https://vneid.example/issuer/police", "https://insurance.example"
	now := time.Date(2026, 11, 22, 5, 0, 30, 0, time.UTC)
	return &share.Verifier{
		Platform: "https://vneid.example", Client: "portal",
		Keys: set("https://vneid.example", share.UseEnvelope, share.UseReceipt),
		Issuers: map[string]share.Trust{
			police:    {Keys: set(police, share.UseDocument, vneid.UseStatus), Kinds: []document.Kind{document.Identity, document.DriverLicence}},
			insurance: {Keys: set(insurance, share.UseDocument, vneid.UseStatus), Kinds: []document.Kind{document.HealthInsurance}},
		},
		Status: lists, // &share.RemoteStatus{Issuers: []string{police, insurance}} over the network
		Replay: vneid.NewMemoryReplay(0, func() time.Time { return now.Add(-time.Hour) }),
		Now:    func() time.Time { return now },
	}
}

func asked() share.Expect {
	return share.Expect{
		Request: share.Request{
			Purpose: share.Purpose{Code: "car-rental", VI: "Thuê xe"}, RetentionDays: 30, Store: true,
			Documents: []share.Want{
				{Kind: document.Identity, Claims: []share.Claim{{Name: "name"}, {Name: "birth"}, {Name: "id"}}},
				{Kind: document.DriverLicence, Claims: []share.Claim{{Name: "number"}, {Name: "name"}, {Name: "classes"}},
					Predicates: []share.Predicate{share.AgeAtLeast(18), share.LicenceIncludes("B")}},
				{Kind: document.HealthInsurance, Claims: []share.Claim{{Name: "number"}}, Optional: true},
			},
		},
		Txn: "txn-1", Grant: "grant-1", Nonce: "nonce-1", // a Client knows these
	}
}

func ExampleVerifier_Verify() {
	bundle, keys, lists := recorded()
	v := verifier(keys, lists)
	r, err := v.Verify(context.Background(), bundle, asked())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r)
	for _, d := range r.Documents() {
		vi, _ := d.Kind().Label()
		fmt.Println(vi, "– đã được xác thực:", d.Verified())
	}
	yes, known := r.Holds(share.AgeAtLeast(18))
	fmt.Println("age>=18:", yes, known)

	licence, _ := r.Get(document.DriverLicence)
	plain, err := share.Reveal[paper.DriverLicence](licence)
	fmt.Println(plain.Classes[0].Class, err)

	_, err = v.Verify(context.Background(), bundle, asked())
	fmt.Println(errors.Is(err, vneid.ErrReplayed))
	// Output:
	// 3 documents of a citizen *********001
	// Thông tin nhân thân – đã được xác thực: true
	// Giấy phép lái xe – đã được xác thực: true
	// Thẻ BHYT – đã được xác thực: true
	// age>=18: true true
	// B <nil>
	// true
}

func ExampleVerifier_Evidence() {
	bundle, keys, lists := recorded()
	r, err := verifier(keys, lists).Verify(context.Background(), bundle, asked())
	if err != nil {
		fmt.Println(err)
		return
	}
	evidence, err := r.Evidence()
	if err != nil {
		fmt.Println(err)
		return
	}
	archive, _ := json.Marshal(evidence) // to the vault

	// Years later, with pinned keys and no network:
	var old share.Evidence
	if err := json.Unmarshal(archive, &old); err != nil {
		fmt.Println(err)
		return
	}
	report, err := verifier(keys, nil).Evidence(context.Background(), old)
	if err != nil {
		fmt.Println(err)
		return
	}
	vi, en := report.Lines()
	fmt.Println(vi[0])
	fmt.Println(en[len(en)-1])
	// Output:
	// Câu trả lời đã được kiểm tra lúc 22/11/2026 12:00:30 (UTC+7); mọi chữ ký và ràng buộc vẫn đúng tại thời điểm đó.
	// This proves what was received then. It is no new authentication and is not offered to third parties (Decree 69/2024/NĐ-CP Art. 19.4).
}
