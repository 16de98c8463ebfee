package vneidtest_test

import (
	"testing"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

func TestEveryCardTextIsRead(t *testing.T) {
	p := vneidtest.New(t)
	cards := 0
	for _, who := range vneidtest.People() {
		text := p.CardText(who.Handle)
		if (text == "") != (who.Handle == "foreigner" || who.Handle == "birth-year-only") {
			t.Errorf("%s: %q", who.Handle, text)
		}
		if text == "" {
			continue
		}
		cards++
		card, err := qr.ParseCard(text)
		if err != nil {
			t.Errorf("%s: %v", who.Handle, err)
			continue
		}
		got := card.Reveal()
		if got.ID != who.Record.ID || got.Name != who.Record.Name || got.Birth != who.Record.Birth || got.Sex != who.Record.Sex ||
			got.CardIssued != who.Record.CardIssued || got.Residence.Text != who.Record.Residence.Text {
			t.Errorf("%s: read otherwise", who.Handle)
		}
		if !card.Exact() || len(card.Warnings(p.Now())) > 0 {
			t.Errorf("%s: not exact: %v", who.Handle, card.Warnings(p.Now()))
		}
	}
	if cards < 12 {
		t.Errorf("%d cards", cards)
	}
}
