package share

import (
	"errors"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

// A lock that was over when the answer was sealed holds nobody up, however late the
// unlock comes; one that is newer than the answer does.
func TestAnAnswerOutdatesOlderLocks(t *testing.T) {
	finish := func(seq int64, off string) (late bool, err error) {
		o := newOP(t) // its answers have seq 7
		ledger := events.NewMemoryLedger(0, 0, o.clock)
		c := o.client(func(cfg *Config) { cfg.Ledger = ledger })
		c.off = off
		if _, err := ledger.Heard(t.Context(), events.Event{Name: events.Heartbeat, Issuer: o.issuer, Issued: o.clock()}); err != nil {
			t.Fatal(err)
		}
		lock := events.Event{Name: events.EIDLocked, Issuer: o.issuer, Subject: person, Seq: seq}
		if _, err := ledger.Apply(t.Context(), lock); err != nil {
			t.Fatal(err)
		}
		_, s, err := c.Begin(t.Context(), request())
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Finish(t.Context(), s, o.callback())
		newest, again := ledger.Apply(t.Context(), lock)
		if again != nil {
			t.Fatal(again)
		}
		return !newest, err
	}
	if late, err := finish(6, ""); err != nil || !late {
		t.Errorf("an older lock: %v, late %v", err, late)
	}
	if late, err := finish(8, ""); !errors.Is(err, vneid.ErrLocked) || late {
		t.Errorf("a newer lock: %v, late %v", err, late)
	}
	if _, err := finish(6, "learn"); !errors.Is(err, vneid.ErrLocked) {
		t.Errorf("an older lock, and the ledger does not learn: %v", err)
	}
	if _, err := finish(8, "ledger"); err != nil {
		t.Errorf("a newer lock, and nobody asks the ledger: %v", err)
	}
}
