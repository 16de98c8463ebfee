package vneidgo_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// A web service with a page for citizens whose account has level 2.
func Example_login() {
	secret := "from your secret store"

	client, err := sso.New(sso.Config{
		Issuer:       "https://sso.example",
		ClientID:     "clinic",
		ClientSecret: secret,
		RedirectURL:  "https://clinic.example/callback",
		Scopes:       []string{"profile", "vneid:id"},
		Need:         vneid.Assurance{Level: 2},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("GET /callback", client.Callback(nil))
	mux.Handle("POST /logout", client.Logout("/"))
	mux.Handle("GET /records", client.Require(sso.Ask{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, _ := sso.FromContext(r.Context())
		fmt.Fprintln(w, "Xin chào", id.Citizen().Name())
	})))

	fmt.Println("nothing was called yet")
	// Output: nothing was called yet
}

// A counter that checks the signed code on a citizen's phone.
func Example_qrCode() {
	ctx := context.Background()
	t := new(example)
	defer t.end()
	platform := vneidtest.New(t)
	cfg := platform.QR()
	issuer, keySet := cfg.Issuers[0], cfg.Keys

	verifier, err := qr.New(qr.Config{
		Issuers: []string{issuer},
		Keys:    keySet, // jwks.Remote, or jwks.Parse of a file
		Need:    2,      // account level
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	code, err := platform.IssueQR("level2", vneidtest.Code{})
	if err != nil {
		fmt.Println(err)
		return
	}

	credential, err := verifier.Verify(ctx, code)
	if err != nil {
		vi, en := vneid.Advice(err) // what to tell the person at the counter
		fmt.Println(err, vi, en)
		return
	}
	fmt.Println(credential.Citizen().Name(), credential.Citizen().Birth().Printed())

	_, err = verifier.Verify(ctx, code)
	fmt.Println(errors.Is(err, vneid.ErrReplayed))

	// Output:
	// Nguyễn Văn An 14/02/1990
	// true
}

// What is printed on a card is text that anybody can print.
func Example_cardText() {
	text := "999190000001|000000001|Nguyễn Thị Mẫu|31011990|Nữ|Xã Thử, Tỉnh Không Có|04032021"

	card, err := qr.ParseCard(text) // a *qr.Card, never a vneid.Citizen
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(card.Reveal().Name, card.Exact())

	fmt.Println(card)
	// Output:
	// Nguyễn Thị Mẫu true
	// unsigned card text of *********001
}

// A reception that reads a card's chip and verifies it. Reading and verifying may
// stand on two machines: the Dump between them is JSON.
func Example_chip() {
	ctx := context.Background()
	card, err := chiptest.New(chiptest.Card{Person: "level2"}) // or pcsc.Open of a reader
	if err != nil {
		fmt.Println(err)
		return
	}
	csca, session := card.Anchor(), "counter 7"

	verifier, err := chip.New(chip.Config{
		Anchors: []chip.Anchor{{Certificates: csca, Country: "VN", Label: "test"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	challenge, err := verifier.Challenge(session)
	if err != nil {
		fmt.Println(err)
		return
	}
	access, err := chip.CAN(card.Access().CAN) // the last six digits of the number
	if err != nil {
		fmt.Println(err)
		return
	}

	dump, err := chip.Read(ctx, card, access, chip.ReadOptions{Challenge: &challenge})
	if err != nil {
		fmt.Println(err)
		return
	}
	document, err := verifier.Verify(ctx, dump, chip.VerifyOptions{Session: session})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(document.Citizen().Name(), document.Genuine())

	zone := document.MRZ()
	fmt.Println(vneid.CompareNames(zone.Name(), document.Citizen().Name()))

	// Output:
	// Nguyễn Văn An true
	// equal without diacritics
}

// Your own handler, tested against a fake VNeID: no contract, no network.
func Example_unitTest() {
	t := new(example) // in a test of yours: its *testing.T
	defer t.end()

	platform := vneidtest.New(t)
	mux := http.NewServeMux()
	portal := httptest.NewServer(mux)
	defer portal.Close()

	client, err := sso.New(platform.SSO(portal.URL + "/callback"))
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("GET /callback", client.Callback(nil))
	mux.Handle("GET /records", client.Require(sso.Ask{Need: vneid.Assurance{Level: 2}}, http.NotFoundHandler()))

	answer, err := platform.Browser("level1").Get(portal.URL + "/records") // logs in on the way
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	fmt.Println(answer.Status)

	// Output: 403 Forbidden
}

// Keys come from a file, or from where their issuer publishes them.
func Example_keys() {
	remote := &jwks.Remote{
		URL:    "https://issuer.example/jwks.json",
		Issuer: "https://issuer.example",
		Uses:   []vneid.Use{vneid.UseQR},
	}
	_, err := qr.New(qr.Config{Issuers: []string{"https://issuer.example"}, Keys: remote})
	fmt.Println(err)
	// Output: <nil>
}

// example stands in for the *testing.T of a test.
type example struct {
	testing.TB
	ends []func()
}

func (t *example) Helper()          {}
func (t *example) Cleanup(f func()) { t.ends = append(t.ends, f) }
func (t *example) Fatal(args ...any) {
	fmt.Println(args...)
}
func (t *example) Fatalf(format string, args ...any) { fmt.Printf(format, args...) }
func (t *example) end() {
	for i := len(t.ends) - 1; i >= 0; i-- {
		t.ends[i]()
	}
}
