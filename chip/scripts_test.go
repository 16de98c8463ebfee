package chip_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/internal/raced"
)

// metered counts what a card costs its reader: commands, and the bytes that were
// allocated outside the card.
type metered struct {
	card     chip.Card
	commands int
	inside   uint64
}

func (m *metered) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	before := allocated()
	defer func() { m.inside += allocated() - before }()
	m.commands++
	return m.card.Transmit(ctx, command)
}

func allocated() uint64 {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.TotalAlloc
}

// outcome is what came of one card, and what it cost.
type outcome struct {
	doc      *chip.Document
	err      error
	commands int
	bytes    uint64
}

// played reads and verifies a card in a time of its own, in which a minute of
// silence takes nothing. A reader that waits for what never comes would block for
// ever there, and synctest says so.
func played(t *testing.T, c chiptest.Card) (o outcome) {
	t.Helper()
	now := time.Now()
	clock := func() time.Time { return now }
	c.Now = clock
	card := newCard(t, c)
	v := trusting(t, card, func(cfg *chip.Config) { cfg.Now = clock })
	access := byMRZ(t, card)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		challenge, err := v.Challenge(session)
		if err != nil {
			t.Fatal(err)
		}
		m := &metered{card: card}
		before := allocated()
		d, err := chip.Read(ctx, m, access, chip.ReadOptions{Challenge: &challenge, MaxResponse: 65536, Now: clock})
		if o.err = err; err == nil {
			o.doc, o.err = v.Verify(ctx, d, chip.VerifyOptions{Session: session})
		}
		o.commands, o.bytes = m.commands, allocated()-before-m.inside
	})
	return o
}

func (o outcome) String() string {
	if o.err == nil {
		return "passes"
	}
	return o.err.Error()
}

// allowance is what a reader may cost that a card tries to keep busy: four times the
// commands of the card's honest twin, and twice the largest Dump. One card hands
// out, 256 bytes at a time, the longest answer that there can be.
func allowance(f chiptest.Fault, honest outcome) (commands int, bytes uint64) {
	commands = 4 * honest.commands
	if f.Name == "card-more-61-full" {
		commands += 65536 / 256
	}
	return commands, 2 * (2 << 20)
}

// aimed tells whether a verdict let what a fault aims at pass.
func aimed(f chiptest.Fault, v *chip.VerifyError) (passed bool) {
	check := map[string]string{chiptest.StageDowngrade: "card-access", chiptest.StageChip: "chip-genuine"}[f.Stage]
	return slices.ContainsFunc(v.Checks, func(c chip.Check) bool {
		return c.Status == chip.Passed && (c.Name == check || c.Name == v.Name)
	})
}

// TestNoScriptOfAFaultyCardPasses plays every fault of chiptest against the reader
// and the verifier. The twin of each passes first; the script is never accepted,
// the check that it aims at never passed, and it costs the reader no more than it
// may. With -v it prints the list.
func TestNoScriptOfAFaultyCardPasses(t *testing.T) {
	honest := map[string]outcome{}
	var accepted int
	var worst outcome
	var names []string
	for _, f := range raced.Some(chiptest.Faults()) {
		key := fmt.Sprintf("%#v", f.Twin)
		if _, known := honest[key]; !known {
			o := played(t, f.Twin)
			if o.err != nil || !o.doc.Genuine() {
				t.Fatalf("%s: the twin: %v", f.Name, o)
			}
			honest[key] = o
		}
		twin, o := honest[key], played(t, f.Card())
		names = append(names, f.Name)
		if o.err == nil || o.doc != nil {
			accepted++
			t.Errorf("%s passes", f.Name)
		}
		var verdict *chip.VerifyError
		if errors.As(o.err, &verdict) && aimed(f, verdict) {
			t.Errorf("%s: what it aims at passes: %+v", f.Name, verdict.Checks)
		}
		if waits := strings.HasPrefix(f.Name, "card-silent") || f.Name == "card-slow"; waits != errors.Is(o.err, context.DeadlineExceeded) {
			t.Errorf("%s and the caller's deadline: %v", f.Name, o)
		}
		if commands, bytes := allowance(f, twin); o.commands > commands || o.bytes > bytes {
			t.Errorf("%s takes %d commands, of %d, and %d bytes, of %d", f.Name, o.commands, commands, o.bytes, bytes)
		}
		t.Logf("%-10s %-28s %3d commands (honest %2d) %7d bytes (honest %d): %v", f.Stage, f.Name, o.commands, twin.commands, o.bytes, twin.bytes, o)
		worst.commands, worst.bytes = max(worst.commands, o.commands), max(worst.bytes, o.bytes)
	}
	if raced.On { // all are played without it
		return
	}
	for _, name := range []string{"sm-plain-status", "sm-status-differs", "pace-reflected", "com-drops-dg15"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is missing", name)
		}
	}
	if len(names) < 250 {
		t.Errorf("only %d scripts", len(names))
	}
	t.Logf("%d scripts, %d accepted as genuine, at most %d commands and %d bytes", len(names), accepted, worst.commands, worst.bytes)
}
