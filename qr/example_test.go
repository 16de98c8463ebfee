package qr_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// A counter of an agency checks what its scanner types. The code of this example
// was made by a foreign signer (testdata/make_vectors.py) with a test key.
func Example() {
	keys, err := jwks.Parse([]byte(exampleKeys), "https://qr.vneid.example", vneid.UseQR)
	if err != nil {
		fmt.Println(err)
		return
	}
	verifier, err := qr.New(qr.Config{
		Issuers: []string{"https://qr.vneid.example"},
		Keys:    keys,
		Need:    2,
		Now:     func() time.Time { return time.Date(2026, 1, 15, 3, 0, 0, 0, time.UTC) }, // only in examples
		Replay:  rememberNothing{},                                                        // only in examples
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	credential, err := verifier.Verify(context.Background(), exampleCode)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(credential.Citizen(), "level", credential.Level())
	fmt.Println(credential.Citizen().Name(), credential.Citizen().Birth().Printed())
	// Output:
	// citizen *********001 level 2
	// Trần Thị Thử Nghiệm 31/01/1990
}

func ExampleClassify() {
	for _, text := range []string{
		"999190000001|000000001|Nguyễn Thị Mẫu|31011990|Nữ|Xã Thử, Tỉnh Không Có|04032021",
		exampleCode,
		"https://vneid.example/login",
	} {
		switch qr.Classify(text) {
		case qr.CardText:
			fmt.Println("text of a card: ParseCard")
		case qr.Signed:
			fmt.Println("signed code: Verify")
		case qr.Opaque:
			fmt.Println("perhaps a code of the VNeID app")
		default:
			fmt.Println("something else")
		}
	}
	// Output:
	// text of a card: ParseCard
	// signed code: Verify
	// something else
}

// The text of a card fills in a form. Nothing in it is verified, so what is
// unusual is a hint for the clerk and not a verdict.
func ExampleParseCard() {
	card, err := qr.ParseCard("999190000001|000000001|Nguyeexn Thij Maaxu|31011990|Nuwx|Xax Thuwr, Tirnh Khoong Cos|04032021\r\n")
	if err != nil {
		fmt.Println(err)
		return
	}
	r := card.Reveal()
	fmt.Println(r.Name, r.Birth.Printed(), r.Residence.Text)
	fmt.Println("exact:", card.Exact())
	for _, w := range card.Warnings(time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)) {
		_, en := w.Text()
		fmt.Printf("%s: %s\n", w, en)
	}
	// Output:
	// Nguyễn Thị Mẫu 31/01/1990 Xã Thử, Tỉnh Không Có
	// exact: false
	// retyped-telex: The scanner typed Telex keys; the text was restored, compare it with the card.
}

// Each refusal has one kind, and advice for the person at the counter.
func ExampleVerifier_Verify_refused() {
	keys, err := jwks.Parse([]byte(exampleKeys), "https://qr.vneid.example", vneid.UseQR)
	if err != nil {
		fmt.Println(err)
		return
	}
	verifier, err := qr.New(qr.Config{
		Issuers: []string{"https://qr.vneid.example"},
		Keys:    keys,
		Now:     func() time.Time { return time.Date(2026, 1, 15, 3, 2, 0, 0, time.UTC) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = verifier.Verify(context.Background(), exampleCode)
	fmt.Println(err, errors.Is(err, vneid.ErrExpired))
	vi, _ := vneid.Advice(err)
	fmt.Println(vi)
	// Output:
	// qr: expired 1m0s ago true
	// Đã hết hiệu lực. Mời công dân mở mã mới, đăng nhập lại hoặc xuất trình giấy tờ còn hạn.
}

// rememberNothing lets this example run twice in one process. A real verifier
// leaves Config.Replay nil, or shares a store.
type rememberNothing struct{}

func (rememberNothing) Use(context.Context, vneid.Once) error { return nil }

const exampleKeys = `{
 "keys": [
  {
   "kty": "OKP",
   "crv": "Ed25519",
   "x": "9vEZg6pCmKI_QvozM8lxHNdlQkUM42jibaC2d8AsnBc",
   "kid": "qr-ed"
  },
  {
   "kty": "EC",
   "crv": "P-256",
   "x": "V8975Zpofo8HcpIgoUpn6rVog3UOXsxtm66hEaoMyZw",
   "y": "lA4JjyQsW6yV7GYWTnvoZbn6ugU5S6f_8vGiLNhD_k4",
   "kid": "qr-ec"
  }
 ]
}`

const exampleCode = "VN1:RRQ5KA 60GO0ZQNTTFE O72RA32X/EEC6V9BV%K98FA9DIWENPEJ/5HFEE*51/DPED.%5$9FQ$DTVDFN0TED18BWY0TEDL6B" +
	"R-0746QF60R6J%6%47CG7VR75*7/E7V50X30W50JB04H02T0000FA0MOE4DK*81LK3ONE%QNM-D8UA7OSLQH8UA7OS+*L1-9:8D7" +
	"OSJ5HLC1X60I4LSH1E$1P*77OSRFIX96I64DJIBGMEWN3/D/348XOP347OST*KO442BDBGMEWN3/DY346OSIUL1Q5-YE*VN4/DW3" +
	"4:ADK MU1DMP8CUMV68-KOYYK0B1UT0$56+%OEZUG+ERKO7%VWS6ZB4A$B3 NUUV9Q03F4:-BHZ9B+3M I:$K2LN-3IG98RYKW1S" +
	"UXHMPTQT1SK1A0"
