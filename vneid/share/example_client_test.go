package share_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// A car rental asks whether somebody may drive, at two addresses of its web site. The
// configuration names the platform, the issuers of documents and their keys.
func ExampleClient() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader) // registered with the platform
	if err != nil {
		fmt.Println(err)
		return
	}
	const platform, police = "https://vneid.example", "https://vneid.example/issuer/police"
	client, err := share.New(share.Config{
		Issuer: platform, ClientID: "car-rental", RedirectURL: "https://rental.example/callback", Key: key,
		Verifier: &share.Verifier{
			Platform: platform, Client: "car-rental",
			Keys: &jwks.Remote{URL: platform + "/share/jwks.json", Issuer: platform, Uses: []vneid.Use{share.UseEnvelope, share.UseReceipt}},
			Issuers: map[string]share.Trust{police: {
				Kinds: []document.Kind{document.DriverLicence},
				Keys:  &jwks.Remote{URL: police + "/jwks.json", Issuer: police, Uses: []vneid.Use{share.UseDocument, vneid.UseStatus}},
			}},
			Status: &share.RemoteStatus{Issuers: []string{police}},
			Replay: vneid.NewMemoryReplay(0, time.Now),
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("POST /ask", client.Start(func(*http.Request) (share.Request, error) {
		return share.Request{
			Purpose:       share.Purpose{Code: "car-rental", VI: "Cho thuê xe tự lái", EN: "Self-drive car rental"},
			RetentionDays: 30, Store: true,
			Documents: []share.Want{{
				Kind:       document.DriverLicence,
				Claims:     []share.Claim{{Name: "number"}},
				Predicates: []share.Predicate{share.LicenceIncludes("B")},
			}},
		}, nil
	}))
	mux.Handle("GET /callback", client.Callback(func(w http.ResponseWriter, _ *http.Request, answer share.Records) {
		licence, _ := answer.Get(document.DriverLicence)
		found, err := share.Reveal[paper.DriverLicence](licence)
		drives, known := answer.Holds(share.LicenceIncludes("B"))
		fmt.Fprintln(w, found.Number, drives, known, err)
	}))
	fmt.Println(client)

	// Output:
	// share.Client
}
