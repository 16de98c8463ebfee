package counter

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// What lies on the counter's reader. The reading is real, by package chip; the card is an
// emulated one, signed by an authority that is made for the one reading, or whatever a
// telephone relays.
const (
	cardOwn   = "own"   // the citizen's card
	cardOther = "other" // somebody else's
	cardCopy  = "copy"  // right data on another chip
	cardAlien = "alien" // signed by an authority that nobody here trusts
	cardGone  = "gone"  // taken away while it is read
	cardPhone = "phone" // a telephone lends its NFC field
)

type cardChoice struct {
	Value string
	Text  ui.Text
}

var cardChoices = []cardChoice{
	{cardOwn, ui.Text{Vi: "Thẻ của công dân (mô phỏng)", En: "The citizen's card (emulated)"}},
	{cardPhone, ui.Text{Vi: "Thẻ trên điện thoại có NFC (chuyển tiếp)", En: "A card at a telephone with NFC (relayed)"}},
	{cardOther, ui.Text{Vi: "Để thử: thẻ của người khác", En: "To try: somebody else's card"}},
	{cardCopy, ui.Text{Vi: "Để thử: bản sao, chip khác", En: "To try: a copy on another chip"}},
	{cardAlien, ui.Text{Vi: "Để thử: nơi ký không được tin cậy", En: "To try: an authority that nobody trusts"}},
	{cardGone, ui.Text{Vi: "Để thử: rút thẻ khi đang đọc", En: "To try: taken away while it is read"}},
}

// errReader is for a card that could not be read at all: no verdict came of it.
var errReader = errors.New("counter: the card could not be read")

// readingTime is how long a reading may take, and a telephone may let wait.
const readingTime = 2 * time.Minute

// reading is one at a case: what a page shows of it while it goes on and afterwards.
type reading struct {
	mu    sync.Mutex
	steps []readStep
	token string // what the telephone has to say
	ended bool
	err   error
}

// readStep is one step, with how long it took.
type readStep struct {
	Name, File string
	Took       time.Duration
	began      time.Time
}

// note is chip.ReadOptions.Trace.
func (g *reading) note(e chip.Event) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if n := len(g.steps); n > 0 {
		last := &g.steps[n-1]
		if last.Took = now.Sub(last.began); last.Name == e.Step && last.File == e.File {
			return
		}
	}
	if len(g.steps) < 64 {
		g.steps = append(g.steps, readStep{Name: e.Step, File: e.File, began: now})
	}
}

func (g *reading) end(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ended, g.err = true, err
}

// readings are the last ones of this process, for its pages: whatever counts of them
// stands in the case.
type readings struct {
	mu  sync.Mutex
	all map[string]*reading // by case
}

func (s *readings) begin(id, token string) *reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil || len(s.all) >= 256 {
		s.all = map[string]*reading{}
	}
	g := &reading{token: token}
	s.all[id] = g
	return g
}

func (s *readings) of(id string) *reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[id]
}

// read reads the card that was chosen and enters what came of it into the case. With a
// telephone it goes on behind the page, which looks again.
func (d *desk) read(ctx context.Context, by platform.Staff, ref platform.CaseRef, what string) error {
	c, err := d.Platform.Case(ctx, by, ref.ID)
	if err != nil {
		return err
	}
	issuer, err := chiptest.NewIssuer(chiptest.Authority{Now: d.Platform.Now})
	if err != nil {
		return err
	}
	verifier, err := chip.New(chip.Config{Now: d.Platform.Now, Anchors: append([]chip.Anchor{{Certificates: issuer.Anchor(), Country: "VN", Label: "test: emulated cards of the counter"}}, d.anchors...)})
	if err != nil {
		return err
	}
	if what == cardPhone {
		return d.overPhone(by, ref, verifier, c)
	}
	card, err := d.card(ctx, c, issuer, what)
	if err != nil {
		return err
	}
	return d.finish(ctx, d.readings.begin(c.ID, ""), by, ref, verifier, c, card)
}

// card is the emulated card that was chosen.
func (d *desk) card(ctx context.Context, c platform.Case, issuer *chiptest.Issuer, what string) (chip.Card, error) {
	a, err := d.Platform.Account(ctx, c.Account)
	if err != nil {
		return nil, err
	}
	made := chiptest.Card{Record: a.Record, Issuer: issuer, Now: d.Platform.Now}
	switch what {
	case cardOwn, cardGone:
	case cardOther:
		other := "long-name"
		if who, _ := personas.Get(other); who.Record.ID == c.Number {
			other = "level2"
		}
		made = chiptest.Card{Person: other, Issuer: issuer, Now: d.Platform.Now}
	case cardCopy:
		made.NoCA, made.Faults = true, []string{"clone"}
	case cardAlien:
		made.Issuer = nil
	default:
		return nil, platform.ErrForm
	}
	card, err := chiptest.New(made)
	if err != nil || what != cardGone {
		return card, err
	}
	return &leaving{Card: card, left: 12}, nil
}

// leaving is a card that goes after some commands.
type leaving struct {
	chip.Card
	left int
}

func (l *leaving) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if l.left--; l.left < 0 {
		return nil, errReader
	}
	return l.Card.Transmit(ctx, command)
}

// overPhone waits for a telephone in the background, for as long as a reading may take.
func (d *desk) overPhone(by platform.Staff, ref platform.CaseRef, verifier *chip.Verifier, c platform.Case) error {
	session, err := d.phones.Expect()
	if err != nil {
		return err
	}
	g := d.readings.begin(c.ID, session.Token())
	go func() {
		defer session.Close()
		ctx, cancel := context.WithTimeout(context.Background(), readingTime)
		defer cancel()
		card, err := session.Card(ctx)
		if err != nil {
			g.end(err)
			return
		}
		_ = d.finish(ctx, g, by, ref, verifier, c, card) // the page finds it in g
	}()
	return nil
}

// finish reads, verifies and enters the verdict. The access number is the number's last
// six digits: whoever was read that does not open by it is not the person's.
func (d *desk) finish(ctx context.Context, g *reading, by platform.Staff, ref platform.CaseRef, verifier *chip.Verifier, c platform.Case, card chip.Card) (err error) {
	defer func() { g.end(err) }()
	access, err := chip.CAN(c.Number[max(0, len(c.Number)-6):])
	if err != nil {
		return platform.ErrForm
	}
	if e, ok := card.(*chiptest.Emulator); ok { // whatever lies there says its own number to the officer
		if access, err = chip.CAN(e.Access().CAN); err != nil {
			return err
		}
	}
	challenge, err := verifier.Challenge(c.ID)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, readingTime)
	defer cancel()
	dump, err := chip.Read(ctx, card, access, chip.ReadOptions{Challenge: &challenge, MaxResponse: 65536, Trace: g.note, Now: d.Platform.Now})
	if err != nil {
		return errors.Join(errReader, err)
	}
	doc, err := verifier.Verify(ctx, dump, chip.VerifyOptions{Session: c.ID})
	return d.Platform.CaseChip(ctx, by, ref, doc, err)
}

// shownReading is a reading as the page shows it.
type shownReading struct {
	Steps   []readStep
	Waits   bool
	Address string
	Token   string
	Problem *ui.Text
}

func (d *desk) shown(id string) *shownReading {
	g := d.readings.of(id)
	if g == nil {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	out := &shownReading{Steps: append([]readStep(nil), g.steps...), Waits: !g.ended}
	if out.Waits {
		out.Token = g.token
		out.Address = strings.Replace(d.Platform.Issuer(), "http", "ws", 1) + relayPath
	}
	if g.err != nil {
		why := refusals.Of(g.err)
		out.Problem = &why.Text
	}
	return out
}

const relayPath = "/counter/relay"
