package sdjwt_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
)

// An authority issues a licence with more in it than a hotel needs; the hotel gets the
// name alone, and looks up whether the licence still holds.
func Example() {
	const list = "https://status.example/lists/1"
	now := time.Unix(1767600000, 0)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		fmt.Println(err)
		return
	}
	authority := sdjwt.Issuer{Alg: "ES256", Signer: key, KeyID: "k1", Decoys: 2}
	issued, err := authority.Issue(
		jws.Member{Name: "iss", Value: "https://authority.example"},
		jws.Member{Name: "vct", Value: "urn:vn:gov:doc:gplx:1"},
		jws.Member{Name: "status", Value: jws.Raw(`{"status_list":{"idx":7,"uri":"` + list + `"}}`)},
		jws.Member{Name: "name", Value: sdjwt.Hidden{Value: "Nguyễn Văn Mẫu"}},
		jws.Member{Name: "birthdate", Value: sdjwt.Hidden{Value: "1990-01-02"}},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	shown, err := issued.Show("/name")
	if err != nil {
		fmt.Println(err)
		return
	}

	verify := func(s sdjwt.Signed) error { return jws.Verify(s.Alg, key.Public(), s.Input, s.Signature) }
	document, err := sdjwt.NewReader(sdjwt.Rules{}).Read(shown, sdjwt.Expect{Verify: verify})
	if err != nil {
		fmt.Println(err)
		return
	}
	claims := document.Claims()
	fmt.Println(claims.Text())

	statuses, _ := sdjwt.NewStatuses(2, 1<<17)
	_ = statuses.Set(7, sdjwt.Suspended)
	token, err := authority.List(list, statuses, now, 10*time.Minute, 24*time.Hour)
	if err != nil {
		fmt.Println(err)
		return
	}
	current, err := sdjwt.NewListReader(sdjwt.ListRules{}).Read(token, sdjwt.ListExpect{Verify: verify, URI: list, Now: now})
	if err != nil {
		fmt.Println(err)
		return
	}
	where, _, _ := document.Status()
	status, err := current.At(where, now)
	fmt.Println(status == sdjwt.Suspended, err)
	// Output:
	// {"iss":"https://authority.example","vct":"urn:vn:gov:doc:gplx:1","status":{"status_list":{"idx":7,"uri":"https://status.example/lists/1"}},"name":"Nguyễn Văn Mẫu"}
	// true <nil>
}
