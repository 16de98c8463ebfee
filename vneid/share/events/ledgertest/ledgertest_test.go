package ledgertest_test

import (
	"context"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid/share/events"
	"github.com/vneid-sdk/vneid-go/vneid/share/events/ledgertest"
)

func TestMemoryLedger(t *testing.T) {
	ledgertest.Test(t, func(_ testing.TB, now func() time.Time) events.Ledger { return events.NewMemoryLedger(0, 0, now) })
}

func TestAMemoryLedgerThatIsKeptSurvives(t *testing.T) {
	var l *events.MemoryLedger
	ledgertest.Reopened(t, func(_ testing.TB, now func() time.Time) events.Ledger {
		if l == nil {
			l = events.NewMemoryLedger(0, 0, now)
		}
		return l
	})
}

func TestAFullLedgerRefuses(t *testing.T) {
	l := events.NewMemoryLedger(1, 0, nil)
	for i, want := range []bool{true, true, false} {
		_, err := l.Apply(context.Background(), events.Event{Name: events.EIDLocked, Issuer: "i", Subject: []string{"a", "a", "b"}[i], Seq: int64(i + 1)})
		if (err == nil) != want {
			t.Errorf("%d: %v", i, err)
		}
	}
	if heard(l, "i") != nil || heard(l, "j") == nil {
		t.Error("issuers have no bound")
	}
}

func TestTheZeroLedgerSaysWhatIsWrong(t *testing.T) {
	for _, l := range []*events.MemoryLedger{nil, {}} {
		_, apply := l.Apply(t.Context(), events.Event{})
		_, state := l.State(t.Context(), "i", "s")
		for _, err := range []error{apply, state, heard(l, "i"), l.Allows(t.Context(), "i", "s", "")} {
			if err == nil {
				t.Error("it works")
			}
		}
	}
}

func heard(l events.Ledger, issuer string) error {
	_, err := l.Heard(context.Background(), events.Event{Name: events.Heartbeat, Issuer: issuer, Issued: time.Now()})
	return err
}
