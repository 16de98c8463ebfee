package platform

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/audit"
	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// entries reads the whole log of a platform.
func (w *world) entries() (out []audit.Entry) {
	w.t.Helper()
	err := w.store.View(context.Background(), func(tx Tx) error {
		rows, err := tx.List(tableAudit, "", "", 1<<20)
		for _, row := range rows {
			e, bad := audit.ParseLine(row.Value)
			err = errors.Join(err, bad)
			out = append(out, e)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// since lists kinds and actors of the entries that f makes.
func (w *world) since(f func()) (out []string) {
	w.t.Helper()
	before := len(w.entries())
	f()
	for _, e := range w.entries()[before:] {
		var body struct{ Actor, Account, Client string }
		if err := json.Unmarshal(e.Body, &body); err != nil {
			w.t.Fatal(err)
		}
		out = append(out, strings.TrimSpace(e.Kind+" "+body.Actor+" "+body.Account+" "+body.Client))
	}
	return out
}

func TestEveryChangeStandsInTheAuditLog(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, one := range []struct {
		name string
		act  func()
		want string
	}{
		{"a login", func() { w.login("level2", nil) }, "consent citizen level2 rp, read client level2 rp"},
		{"a lock", func() { must(w.SetLocks(ctx, "level2", Locks{EID: true})) }, "locked system level2"},
		{"the same lock", func() { must(w.SetLocks(ctx, "level2", Locks{EID: true})) }, ""},
		{"an unlock", func() { must(w.SetLocks(ctx, "level2", Locks{})) }, "unlocked system level2"},
		{"a level", func() { must(w.SetLevel(ctx, "level2", 1)) }, "level-granted system level2"},
		{"a telephone", func() { must(w.ChangePhone(ctx, "level2", "0900000009")) }, "phone-changed system level2"},
		{"a device", func() { must(w.ChangeDevice(ctx, "level2")) }, "device-changed system level2"},
		{"a number", func() { must(w.ReissueNumber(ctx, "level2", "999090999999")) }, "number-reissued system level2"},
		{"a number, by a decision", func() {
			must(w.AssignNumber(ctx, w.staff("co-quan"), "level2", "999090999998", "Quyết định 31 (ví dụ)"))
		}, "number-reissued co-quan level2"},
		{"a card", func() { must(w.ReplaceCard(ctx, "level2")) }, "card-replaced system level2"},
		{"consent taken back", func() { must(w.Forget(ctx, "level2")) }, "withdrawn citizen level2 rp"},
		{"a death", func() { must(w.Died(ctx, "level2")) }, "died system level2, ground-placed system level2, locked system level2"},
		{"a client", func() { w.register(Client{ID: "other", RedirectURIs: []string{rpBack}, Public: true}) }, "client-registered system  other"},
	} {
		if got := strings.Join(w.since(one.act), ", "); got != one.want {
			t.Errorf("%s is written down as %q, not %q", one.name, got, one.want)
		}
	}
}

func TestAChangeThatFailsIsNotWrittenDown(t *testing.T) {
	w := newWorld(t)
	if got := w.since(func() {
		if err := w.ReissueNumber(context.Background(), "level2", personas.All()[1].Record.ID); err == nil {
			t.Error("a number of somebody else is taken")
		}
	}); len(got) != 0 {
		t.Error("a refused change is written down:", got)
	}
}

func TestNoPersonalNumberStandsInTheAuditLog(t *testing.T) {
	w := newWorld(t)
	w.login("level2", nil)
	for _, e := range w.entries() {
		for _, who := range personas.All() {
			if n := who.Record.ID; n != "" && strings.Contains(string(e.Body), n) {
				t.Fatalf("entry %d, %s, holds a personal number", e.Seq, e.Kind)
			}
		}
	}
}

// What a login costs for being written down: the history entry, its twin in the log and
// the end of the chain.
func BenchmarkWrite(b *testing.B) {
	w := newWorldOn(b, NewMemory())
	c := Client{ID: "rp", Name: "Cổng thử nghiệm"}
	scopes := []string{"openid", "profile", "vneid:id"}
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if err := w.store.Update(ctx, func(tx Tx) error { return w.write(tx, "level2", &c, ReadLogin, scopes) }); err != nil {
			b.Fatal(err)
		}
	}
}

func TestWhoAgreedForAChildStandsInTheAuditLog(t *testing.T) {
	a := newWorld(t).asker(nil)
	w := a.world
	before := len(w.entries())
	a.waitFor("teen", schoolDetails(nil))
	one := w.awaited("guardian")
	w.err(w.DecideShare(t.Context(), w.sessionOf("guardian", 2), one.Grant, one.Terms.Ticked))
	var said []string
	for _, e := range w.entries()[before:] {
		if e.Kind == auditConsent {
			said = append(said, string(e.Body))
		}
	}
	if len(said) != 2 || strings.Contains(said[0], `"guardian"`) || !strings.Contains(said[1], `{"by":"guardian","who":"guardian"}`) {
		t.Errorf("%q", said)
	}
}

func TestKeysOfTheLogSortAsNumbersDo(t *testing.T) {
	for seq, want := range map[uint64]string{0: "00000000000000000000", 7: "00000000000000000007", 1<<64 - 1: "18446744073709551615"} {
		if got := auditKey(seq); got != want {
			t.Errorf("%d: %s", seq, got)
		}
	}
}
