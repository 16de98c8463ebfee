package platform

import (
	"context"
	"encoding/json"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// issueEID makes the electronic identity card (căn cước điện tử) of a citizen who has
// account level 2: both are granted in one act, and the card stays for good. The caller
// saves the account; the audit entry is that of the level. Whoever has one, or cannot have one, keeps what they have: it is for
// Vietnamese citizens, not for foreigners or organisations (Luật Căn cước Art. 31).
func (p *Platform) issueEID(tx Tx, a *Account) error {
	if a.Level < 2 || a.Record.ID == "" || !a.EIDIssued.IsZero() {
		return nil
	}
	a.EIDIssued = p.now()
	key := a.ID + "/" + string(document.ElectronicID)
	if there, err := tx.Get(tablePapers, key); err != nil || there != nil {
		return err // the register held it before this platform began to count
	}
	claims, err := json.Marshal(paper.ElectronicID{Record: a.Record, Living: a.Record.Residence})
	if err != nil {
		return err
	}
	return save(tx, tablePapers, key, Paper{
		Kind: document.ElectronicID, Claims: claims, State: wire.StateVerified, At: a.EIDIssued, Source: "CSDL quốc gia về dân cư",
	}, time.Time{})
}

// EIDCard is the electronic identity card as it is shown: by the template of the day,
// with what the platform knows now.
type EIDCard struct {
	Template DisplayTemplate
	Fields   []EIDField
	Issued   time.Time  // with account level 2
	Ends     vneid.Date // of the card on plastic
	Warning  CardWarning
}

// EIDField is one line of the card. Empty ones are left out.
type EIDField struct {
	DisplayField
	Value string // as Vietnamese documents print it
}

// CardWarning says how near the end of a card is.
type CardWarning string

// The warnings: none, for the last sixty days, and behind the last day.
const (
	CardGood  CardWarning = ""
	CardEnds  CardWarning = "ends"
	CardEnded CardWarning = "ended"
)

// EIDCard returns the account's electronic identity card. One that is locked is shown to
// nobody, its holder included: the refusal is a *vneid.LockError, and a *vneid.LevelError
// for whoever has none.
func (p *Platform) EIDCard(ctx context.Context, account string) (EIDCard, error) {
	a, err := p.Account(ctx, account)
	switch {
	case err != nil:
		return EIDCard{}, err
	case a.EIDLocked || a.AccountLocked:
		return EIDCard{}, &vneid.LockError{EID: a.EIDLocked, Account: a.AccountLocked}
	case a.Level < 2 || a.EIDIssued.IsZero():
		return EIDCard{}, &vneid.LevelError{Got: vneid.Assurance{Level: a.Level}, Want: vneid.Assurance{Level: 2}}
	}
	now := p.now()
	card := EIDCard{Template: TemplateAt(now), Issued: a.EIDIssued, Ends: a.Record.CardExpires, Warning: warningOf(a.Record.CardExpires, now)}
	for _, f := range card.Template.Fields {
		if v := f.of(a.Record); v != "" {
			card.Fields = append(card.Fields, EIDField{f, v})
		}
	}
	return card, nil
}

func warningOf(end vneid.Date, now time.Time) CardWarning {
	switch {
	case end.Ended(now):
		return CardEnded
	case end.Ended(now.Add(expiryWarning)):
		return CardEnds
	}
	return CardGood
}

// NumberSort says what a number in a person's history is.
type NumberSort string

// The sorts of numbers.
const (
	NumberCurrent   NumberSort = "current"   // số định danh cá nhân
	NumberCancelled NumberSort = "cancelled" // số định danh đã hủy: never given to anybody again
	NumberCMND      NumberSort = "cmnd"      // số CMND cũ
	NumberForeigner NumberSort = "foreigner"
)

// HeldNumber is a number that a person has or had.
type HeldNumber struct {
	Sort   NumberSort
	Number string
	Until  time.Time // when it was cancelled; zero where nobody knows, and of the current one
}

// Numbers lists the numbers of a person, the current one first.
func (a Account) Numbers() (out []HeldNumber) {
	r := a.Record
	if r.ID != "" {
		out = append(out, HeldNumber{Sort: NumberCurrent, Number: r.ID})
	}
	if r.ForeignerID != "" {
		out = append(out, HeldNumber{Sort: NumberForeigner, Number: r.ForeignerID})
	}
	for _, former := range r.FormerIDs {
		n := HeldNumber{Sort: NumberCancelled, Number: former}
		for _, c := range a.Cancelled {
			if c.Number == former {
				n.Until = c.At
			}
		}
		out = append(out, n)
	}
	if r.OldID != "" {
		out = append(out, HeldNumber{Sort: NumberCMND, Number: r.OldID})
	}
	return out
}
