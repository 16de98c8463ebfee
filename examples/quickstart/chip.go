package main

import (
	"context"
	"fmt"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
)

// chip reads the card of the person who logged in. The card is software that
// answers the commands of a real one; a reader or a telephone would take its place.
func (w *world) chip(ctx context.Context) (row, error) {
	return w.readChip(ctx, chiptest.Card{}, ui.Text{Vi: "Chip của thẻ (thẻ mô phỏng)", En: "The card's chip (emulated card)"}, func(commands int) ui.Text {
		return ui.Text{
			Vi: fmt.Sprintf("nơi cấp ký dữ liệu, chip ký thử thách; %d lệnh", commands),
			En: fmt.Sprintf("the issuer signed the data, the chip a challenge; %d commands", commands),
		}
	})
}

// copiedChip has every byte of a card's data and not its keys.
func (w *world) copiedChip(ctx context.Context) (row, error) {
	return w.readChip(ctx, chiptest.Card{Faults: []string{"clone-mute"}}, ui.Text{Vi: "Bản sao của một chip như vậy", En: "A copy of such a chip"}, func(int) ui.Text {
		return ui.Text{Vi: "khóa riêng không sao chép được", En: "its private keys cannot be copied"}
	})
}

// readChip is a terminal and a server in one: the server makes a challenge, the
// terminal reads, the server judges.
func (w *world) readChip(ctx context.Context, c chiptest.Card, evidence ui.Text, proof func(commands int) ui.Text) (row, error) {
	card, err := chiptest.New(c)
	if err != nil {
		return row{}, err
	}
	v, err := chip.New(chip.Config{Anchors: []chip.Anchor{{Certificates: card.Anchor(), Country: "VN", Label: "test"}}})
	if err != nil {
		return row{}, err
	}
	const session = "quickstart"
	challenge, err := v.Challenge(session)
	if err != nil {
		return row{}, err
	}
	access, err := chip.CAN(card.Access().CAN)
	if err != nil {
		return row{}, err
	}
	dump, err := chip.Read(ctx, card, access, chip.ReadOptions{Challenge: &challenge, MaxResponse: 65536})
	if err != nil {
		return row{}, err
	}
	doc, err := v.Verify(ctx, dump, chip.VerifyOptions{Session: session})
	r := row{Evidence: evidence, Verdict: verdict.OfChip(doc, err), Proof: proof(len(card.Exchanges())), Err: err}
	if err == nil {
		r.About = about(doc.Citizen())
	}
	return r, nil
}
