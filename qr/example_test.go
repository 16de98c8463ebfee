package qr_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
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

// An inspection asks for a driving licence and nothing else. The code was made by a
// foreign signer (testdata/make_documents.py).
func ExampleReveal() {
	const issuer = "https://qr.vneid.example"
	keys, err := jwks.Parse([]byte(exampleKeys), issuer, vneid.UseQR)
	if err != nil {
		fmt.Println(err)
		return
	}
	verifier, err := qr.New(qr.Config{
		Issuers: []string{issuer}, Keys: keys,
		Document: document.DriverLicence,
		Signs:    map[string][]document.Kind{issuer: {document.DriverLicence}},
		Now:      func() time.Time { return time.Date(2026, 1, 15, 3, 0, 0, 0, time.UTC) }, // only in examples
		Replay:   rememberNothing{},                                                        // only in examples
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	credential, err := verifier.Verify(context.Background(), licenceCode)
	var show *qr.PaperError
	switch {
	case errors.As(err, &show):
		fmt.Println("show the paper")
		return
	case err != nil:
		fmt.Println(err)
		return
	}
	licence, err := qr.Reveal[paper.DriverLicence](credential)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, held := range licence.Classes {
		fmt.Printf("%s/%s/%s\n", held.Class, held.Expires.Printed(), held.Limit)
	}
	// Output:
	// A1/Không thời hạn/
	// B//
	// C1/04/03/2030/số tự động
	// BE//thử
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

const licenceCode = `VN1:RRQ5KA 60GO0ZQNTTFE O72RA32X/EEC6FABH:K98FA9DIWENPEJ/5HFEE*51/DPED.%5$9FQ$DTVDFN0TED18BWY0TEDL6BR-0746QF60R6J%6%47CG7VR75*7/E7V50S30Y50JB04H0/E7V50L90W50IB0LJ0OA7GA7FA7646646746JP0LK3ONE%QNM-D8UA7OSLQH8UA7OS+*L1-9:8D7OSJ5H1T0X60I4LWY0%60B9WI+0+60Y%G:21J7ADXO3/D/348XOP347OS*%K$XG/ICF96+X0:JSDDCJRGBM8.C3$Z6O32ATE2WNS447OSTHMB%O7OS%HJ*3D:ICOW87$CTBDUWN7C127B* 94/OD4F$VAX4VRJD2BFN9Q 9SW48MK8TZP*+IAK3B9AI35 %83P5APGGV7V5C931 G5:0SURIF7AHIBA6299E$BT+D5B9I`
