package platform

import (
	"bytes"
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// watched is what nobody changes without an entry in the audit log: accounts and what
// opens and locks them, consents, documents, clients, staff, keys, and the history. Every
// transaction of every test of this package is held to it.
var watched = []string{
	tableAccounts, tablePasswords, tableUsernames, tableConsents, tablePapers, tableClients, tableStaff, tableKeys,
	tableGrounds, tableHolds, tableTombstones, tableHistory, tableDevices,
}

// watch is a store that notices changes that nobody wrote down. Tests that change the
// store themselves are no business of its.
type watch struct {
	Store
	tell  func(who string, what []string)
	tests bool // whether their own changes count
}

// watching is a store whose changes are watched in a test.
func watching(t testing.TB, s Store) watch {
	return watch{Store: s, tell: func(who string, what []string) { t.Errorf("%s changes %v, and no audit entry says so", who, what) }}
}

func (s watch) Update(ctx context.Context, f func(Tx) error) error {
	var seen *watchTx
	err := s.Store.Update(ctx, func(tx Tx) error {
		seen = &watchTx{Tx: tx}
		return f(seen)
	})
	if err == nil && len(seen.changed) > 0 && !seen.audited {
		if who := caller(); s.tests || !strings.HasSuffix(who.File, "_test.go") && !strings.HasSuffix(who.Function, ".empty") { // a reset
			s.tell(who.Function, seen.changed)
		}
	}
	return err
}

// caller is who asked for the transaction.
func caller() runtime.Frame {
	pc := make([]uintptr, 32)
	frames := runtime.CallersFrames(pc[:runtime.Callers(3, pc)])
	for {
		f, more := frames.Next()
		if !more || !strings.HasSuffix(f.Function, "Platform).change") && !strings.HasSuffix(f.Function, "keyring).change") {
			return f
		}
	}
}

type watchTx struct {
	Tx
	changed []string
	audited bool
}

func (tx *watchTx) note(table, key string, value []byte) error {
	if table == tableAudit {
		tx.audited = true
	}
	if !slices.Contains(watched, table) || slices.Contains(tx.changed, table) {
		return nil
	}
	was, err := tx.Get(table, key)
	if !bytes.Equal(was, value) {
		tx.changed = append(tx.changed, table)
	}
	return err
}

func (tx *watchTx) Put(table, key string, value []byte, until time.Time) error {
	if err := tx.note(table, key, value); err != nil {
		return err
	}
	return tx.Tx.Put(table, key, value, until)
}

func (tx *watchTx) Delete(table, key string) error {
	if err := tx.note(table, key, nil); err != nil {
		return err
	}
	return tx.Tx.Delete(table, key)
}

// memory is the store below.
func (w *world) memory() *Memory { return w.store.(watch).Store.(*Memory) }

func TestAChangeThatNobodyWritesDownIsNoticed(t *testing.T) {
	w := newWorld(t)
	var told []string
	s := watch{Store: w.memory(), tests: true, tell: func(_ string, what []string) { told = append(told, what...) }}
	put := func(table string, more func(tx Tx) error) {
		w.err(s.Update(t.Context(), func(tx Tx) error {
			if err := tx.Put(table, "somebody", []byte("{}"), time.Time{}); err != nil || more == nil {
				return err
			}
			return more(tx)
		}))
	}
	put(tableNews, nil)
	put(tableAccounts, func(tx Tx) error { return w.record(tx, entry{Kind: auditRegistered}) })
	put(tableAccounts, nil) // as it was
	if len(told) != 0 {
		t.Errorf("told of %v", told)
	}
	put(tablePasswords, nil)
	if !slices.Equal(told, []string{tablePasswords}) {
		t.Errorf("told of %v", told)
	}
}
