package platform

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/audit"
)

// trust is what somebody has who kept the platform's keys.
func (w *world) trust(heads ...audit.Head) AuditTrust {
	return AuditTrust{Issuer: w.cfg.Issuer, Keys: w.audit.JWKS(), Heads: heads, Now: w.now()}
}

// audited verifies the store, and an export of it, which must agree.
func (w *world) audited(t AuditTrust) (audit.Report, error) {
	w.t.Helper()
	live, err1 := VerifyAudit(AuditLines(w.t.Context(), w.store), t)
	var file bytes.Buffer
	if err := ExportAudit(w.t.Context(), w.store, &file); err != nil {
		w.t.Fatal(err)
	}
	filed, err2 := VerifyAudit(audit.Lines(&file), t)
	if live != filed || fmt.Sprint(err1) != fmt.Sprint(err2) {
		w.t.Errorf("the store: %+v, %v\nits export: %+v, %v", live, err1, filed, err2)
	}
	return live, err1
}

// headOf is the place that a consent receipt names.
func headOf(receipt object) (h audit.Head) {
	place, _ := receipt["history"].(map[string]any)
	position, _ := place["position"].(string)
	hash, _ := place["head"].(string)
	h.Seq, _ = strconv.ParseUint(position, 10, 64)
	h.Hash, _ = audit.ParseHash(hash)
	return h
}

// edit changes the store behind the platform's back.
func (w *world) edit(f func(tx Tx) error) {
	w.t.Helper()
	w.err(w.store.Update(w.t.Context(), f))
}

func TestTamperingWithTheStoreIsFound(t *testing.T) {
	row := func(tx Tx, seq uint64) []byte {
		b, err := tx.Get(tableAudit, auditKey(seq))
		if err != nil || b == nil {
			panic("no such entry")
		}
		return b
	}
	for _, one := range []struct {
		name   string
		do     func(tx Tx, n, point uint64) error
		seq    func(n, point uint64) uint64
		reason audit.Reason
	}{
		{"an entry's words", func(tx Tx, _, point uint64) error {
			return tx.Put(tableAudit, auditKey(point), bytes.Replace(row(tx, point), []byte(`"actor":"`), []byte(`"actor":"x`), 1), time.Time{})
		}, func(_, point uint64) uint64 { return point }, audit.Changed},
		{"an entry taken out", func(tx Tx, _, point uint64) error { return tx.Delete(tableAudit, auditKey(point)) },
			func(_, point uint64) uint64 { return point }, audit.Missing},
		{"an entry put in twice", func(tx Tx, _, point uint64) error {
			return tx.Put(tableAudit, auditKey(point)+"a", row(tx, point), time.Time{})
		}, func(_, point uint64) uint64 { return point + 1 }, audit.Missing},
		{"two entries in each other's place", func(tx Tx, n, _ uint64) error {
			a, b := row(tx, n), row(tx, n-1)
			return errors.Join(tx.Put(tableAudit, auditKey(n-1), a, time.Time{}), tx.Put(tableAudit, auditKey(n), b, time.Time{}))
		}, func(n, _ uint64) uint64 { return n - 1 }, audit.Missing},
		{"an entry forgotten that stays for good", func(tx Tx, _, _ uint64) error {
			e, err := audit.ParseLine(row(tx, 1))
			e.Forget()
			return errors.Join(err, tx.Put(tableAudit, auditKey(1), e.Line(), time.Time{}))
		}, func(_, _ uint64) uint64 { return 1 }, audit.Forgotten},
		{"the tail cut off", func(tx Tx, n, _ uint64) error { return tx.Delete(tableAudit, auditKey(n)) },
			func(n, _ uint64) uint64 { return n }, audit.Cut},
		{"the tail cut off before a checkpoint, and the end put back", func(tx Tx, n, point uint64) error {
			var err error
			for i := point; i <= n; i++ {
				err = errors.Join(err, tx.Delete(tableAudit, auditKey(i)))
			}
			e, bad := audit.ParseLine(row(tx, point-1))
			return errors.Join(err, bad, tx.Put(tableHead, "audit", e.Head().Line(), time.Time{}))
		}, func(_, point uint64) uint64 { return point }, audit.Cut},
		{"a checkpoint of somebody else", func(tx Tx, _, point uint64) error {
			b, err := tx.Get(tablePoints, auditKey(point))
			i := bytes.LastIndexByte(b, '.') + 1
			return errors.Join(err, tx.Put(tablePoints, auditKey(point), slices.Concat(b[:i], []byte(b64(make([]byte, 64))), b[len(b)-2:]), time.Time{}))
		}, func(_, point uint64) uint64 { return point }, audit.Unsigned},
	} {
		w := newWorld(t)
		w.login("level2", nil)
		w.err(w.Checkpoint(t.Context()))
		w.login("namesake", nil)
		r, err := w.audited(w.trust())
		if err != nil || r.Checkpoints != 1 || r.Entries != r.Last.Seq || r.Covered >= r.Entries {
			t.Fatalf("as it is: %+v, %v", r, err)
		}
		w.edit(func(tx Tx) error { return one.do(tx, r.Entries, r.Covered) })
		_, err = w.audited(w.trust())
		var e *audit.Error
		if want := one.seq(r.Entries, r.Covered); !errors.As(err, &e) || e.Seq != want || e.Reason != one.reason {
			t.Errorf("%s: %v, not entry %d: %s", one.name, err, want, one.reason)
		}
	}
}

// Somebody who can write to the store takes the last checkpoints away with what was
// behind them. The store alone cannot tell; whoever has a receipt can.
func TestAReceiptShowsThatTheLogWasCut(t *testing.T) {
	a := newWorld(t).asker(nil)
	w := a.world
	w.err(w.Checkpoint(t.Context()))
	before, err := w.audited(w.trust())
	if err != nil {
		t.Fatal(err)
	}
	got := headOf(a.bundle("level2", details(nil)).receipt)
	w.err(w.Checkpoint(t.Context()))
	after, err := w.audited(w.trust(got))
	if err != nil || got.Seq == 0 || got.Seq > after.Entries {
		t.Fatalf("as it is: %v, the receipt names %d of %d", err, got.Seq, after.Entries)
	}
	w.edit(func(tx Tx) error {
		var err error
		for i := before.Entries + 1; i <= after.Entries; i++ {
			err = errors.Join(err, tx.Delete(tableAudit, auditKey(i)), tx.Delete(tablePoints, auditKey(i)))
		}
		return errors.Join(err, tx.Put(tableHead, "audit", before.Last.Line(), time.Time{}))
	})
	if _, err := w.audited(w.trust()); err != nil {
		t.Errorf("the store alone shows it: %v", err) // then the package comment says too little
	}
	for name, h := range map[string]audit.Head{"the receipt": got, "the last report": after.Last} {
		_, err = w.audited(w.trust(h))
		var e *audit.Error
		if !errors.As(err, &e) || e.Seq != before.Entries+1 || e.Reason != audit.Cut {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEachReceiptNamesThePlaceOfItsOwnFetch(t *testing.T) {
	a := newWorld(t).asker(nil)
	for range 3 {
		h := headOf(a.bundle("level2", details(nil)).receipt)
		all := a.entries()
		e := all[h.Seq-1]
		if e.Hash != h.Hash || e.Kind != auditRead || !strings.Contains(string(e.Body), `"account":"level2","client":"fapi"`) {
			t.Errorf("the receipt names entry %d, %s", h.Seq, e.Kind)
		}
		a.login(nil)
	}
}

func TestALoginConsentNamesItsEntry(t *testing.T) {
	w := newWorld(t)
	w.login("level2", nil)
	w.edit(func(tx Tx) error {
		d, err := load[consent](tx, tableConsents, "level2/rp")
		if err != nil || d == nil {
			t.Fatal("no consent", err)
		}
		h, err := audit.ParseHead([]byte(d.Log))
		if err != nil || h.Seq == 0 || w.entries0(tx)[h.Seq-1].Kind != auditConsent || w.entries0(tx)[h.Seq-1].Hash != h.Hash {
			t.Errorf("%q: %v", d.Log, err)
		}
		return nil
	})
}

func (w *world) entries0(tx Tx) (out []audit.Entry) {
	rows, err := tx.List(tableAudit, "", "", 1<<20)
	for _, row := range rows {
		e, bad := audit.ParseLine(row.Value)
		err = errors.Join(err, bad)
		out = append(out, e)
	}
	w.err(err)
	return out
}

func TestACheckpointIsMadeWhenThereIsSomethingNew(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	points := func() (n int) {
		w.edit(func(tx Tx) error {
			rows, err := tx.List(tablePoints, "", "", 1000)
			n = len(rows)
			return err
		})
		return n
	}
	w.err(w.checkpoint(ctx, checkpointEvery))
	w.err(w.Checkpoint(ctx))
	if points() != 1 {
		t.Errorf("%d checkpoints where nothing was new", points())
	}
	w.login("level2", nil)
	w.err(w.checkpoint(ctx, checkpointEvery))
	if points() != 1 {
		t.Error("a checkpoint follows another at once")
	}
	w.err(w.Checkpoint(ctx))
	state, err := w.AuditState(ctx)
	if points() != 2 || err != nil || state.Covered != state.Head.Seq || state.Head.Seq == 0 {
		t.Errorf("%d checkpoints, %+v, %v", points(), state, err)
	}
}

func TestWorkLeavesNothingWithoutACheckpoint(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- w.Work(ctx) }()
	for covered := uint64(0); covered == 0; {
		state, err := w.AuditState(t.Context())
		w.err(err)
		covered = state.Covered
	}
	w.login("level2", nil)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if state, err := w.AuditState(t.Context()); err != nil || state.Covered != state.Head.Seq {
		t.Errorf("%+v, %v", state, err)
	}
	if _, err := w.audited(w.trust()); err != nil {
		t.Error(err)
	}
}

// Several processes append to one chain.
func TestOneChainOfSeveralProcesses(t *testing.T) {
	w := sharedWorld(t)
	const processes, each = 3, 300
	var all sync.WaitGroup
	for n := range processes {
		p, err := w.another(secretOfTests)
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			for i := range each {
				if err := p.Register(t.Context(), Client{ID: fmt.Sprint("c", n, "-", i), Public: true, RedirectURIs: []string{rpBack}}); err != nil {
					t.Error(err)
				}
				if i%50 == 0 {
					if err := p.Checkpoint(t.Context()); err != nil {
						t.Error(err)
					}
				}
				if _, err := VerifyAudit(AuditLines(t.Context(), p.store), w.trust()); i%100 == 0 && err != nil {
					t.Error("while it grows:", err)
				}
			}
		})
	}
	all.Wait()
	if r, err := w.audited(w.trust()); err != nil || r.Entries < processes*each || r.Checkpoints < 6 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestTheAuditKeysAreServedAndNobodyElses(t *testing.T) {
	w := newWorld(t)
	_, kids := w.published("/audit/jwks.json")
	_, login := w.published("/jwks.json")
	if len(kids) != 1 || !kids[w.kids("audit")[0]] || login[w.kids("audit")[0]] {
		t.Errorf("%v", kids)
	}
	if resp, err := http.Get(w.url + "/audit"); err != nil || resp.StatusCode != http.StatusNotFound {
		t.Error("the log itself is served", err)
	}
}
