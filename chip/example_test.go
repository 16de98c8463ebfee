package chip_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// A terminal reads a card, and a server verifies what it sends. The card is one of
// package chiptest, so the anchor is a test authority's.
func Example() {
	ctx := context.Background()
	card, err := chiptest.New(chiptest.Card{})
	if err != nil {
		panic(err)
	}

	// Server: whom to trust, and a challenge for this session.
	verifier, err := chip.New(chip.Config{
		Anchors: []chip.Anchor{{Certificates: card.Anchor(), Country: "VN", Label: "test"}},
	})
	if err != nil {
		panic(err)
	}
	challenge, err := verifier.Challenge("session 42")
	if err != nil {
		panic(err)
	}

	// Terminal: the number is typed in, its last six digits open the chip.
	id, err := vneid.ParseCitizenID("999090000001")
	if err != nil {
		panic(err)
	}
	access, err := chip.CANOf(id)
	if err != nil {
		panic(err)
	}
	dump, err := chip.Read(ctx, card, access, chip.ReadOptions{Challenge: &challenge})
	if err != nil {
		panic(err)
	}
	sent, err := json.Marshal(dump)
	if err != nil {
		panic(err)
	}

	// Server: the verdict.
	received := new(chip.Dump)
	if err := json.Unmarshal(sent, received); err != nil {
		panic(err)
	}
	document, err := verifier.Verify(ctx, received, chip.VerifyOptions{Session: "session 42"})
	if err != nil {
		panic(err)
	}
	fmt.Println(document)
	fmt.Println("genuine chip:", document.Genuine(), "anchor:", document.Anchor())
	fmt.Println("card status:", document.Check("card-status").Status)
	fmt.Println("name:", document.Citizen().Name())
	// Output:
	// chip document of citizen *********001
	// genuine chip: true anchor: test
	// card status: unavailable
	// name: Nguyễn Văn An
}

// A verdict that is no pass tells which check decided, and all the others.
func ExampleVerifyError() {
	card, err := chiptest.New(chiptest.Card{})
	if err != nil {
		panic(err)
	}
	access, err := chip.CAN(card.Access().CAN)
	if err != nil {
		panic(err)
	}
	dump, err := chip.Read(context.Background(), card, access, chip.ReadOptions{})
	if err != nil {
		panic(err)
	}
	nobody, err := chip.New(chip.Config{}) // trusts nobody
	if err != nil {
		panic(err)
	}
	_, err = nobody.Verify(context.Background(), dump, chip.VerifyOptions{})
	var verdict *chip.VerifyError
	if errors.As(err, &verdict) {
		fmt.Println(verdict.Name, verdict.Reason, errors.Is(err, vneid.ErrUntrusted))
		for _, c := range verdict.Checks[:3] {
			fmt.Println(c.Name, c.Status)
		}
	}
	// Output:
	// certificate-chain no-anchor true
	// sod-signature passed
	// digests passed
	// certificate-chain inconclusive
}

// Number, date of birth and date of expiry open a chip as the whole zone does.
func ExampleMRZFields_Access() {
	id, _ := vneid.ParseCitizenID("999090000001")
	birth, _ := vneid.ParseDate("14/02/1990")
	expires, _ := vneid.ParseDate("14/02/2030")
	access, err := chip.MRZFields{ID: id, Birth: birth, Expires: expires}.Access()
	fmt.Println(access, err)
	// Output: MRZ <nil>
}

// A progress bar counts bytes; it never sees any.
func ExampleReadOptions() {
	card, err := chiptest.New(chiptest.Card{})
	if err != nil {
		panic(err)
	}
	access, err := chip.CAN(card.Access().CAN)
	if err != nil {
		panic(err)
	}
	done := 0
	_, err = chip.Read(context.Background(), card, access, chip.ReadOptions{
		Groups:      []int{1, 13},
		MaxResponse: 65536, // reader and card take extended length
		Trace: func(e chip.Event) {
			if e.Step == "read" && e.Read == e.Size {
				done++
			}
		},
	})
	fmt.Println(done, "files", err)
	// Output: 4 files <nil>
}
