package platform

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// Memory is a Store that forgets everything with the process.
type Memory struct {
	mu     sync.RWMutex
	tables map[string]*memoryTable
	due    expiries
	stay   int       // records that a sweep may drop some day
	undo   []written // room for the next Update
}

const maxUndo = 1024 // writes whose room is kept

// memoryTable finds records by their keys. A table that somebody lists has its keys in
// order besides, from the first time on.
type memoryTable struct {
	rows map[string]memoryRow

	listing sync.Mutex // views list at the same time
	keys    *ordered   // nil: nobody has listed it
}

type memoryRow struct {
	value []byte
	until int64 // nanoseconds since 1970; 0: for good
}

// nanos is until as a row has it. What is beyond the years that fit is for good.
func nanos(t time.Time) int64 {
	if y := t.Year(); y < 1970 || y > 2200 {
		if t.IsZero() || y > 2200 {
			return 0
		}
		return 1 // long over
	}
	return max(t.UnixNano(), 1)
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{tables: make(map[string]*memoryTable)}
}

// Update implements Store.
func (m *Memory) Update(ctx context.Context, f func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	tx := &memoryTx{m: m, write: true, undo: m.undo}
	done := false
	defer func() {
		if !done { // f failed or panicked
			tx.rollBack()
		}
		clear(tx.undo) // nothing stays in it for the next
		if m.undo = tx.undo[:0]; cap(m.undo) > maxUndo {
			m.undo = nil
		}
	}()
	if err := f(tx); err != nil {
		return err
	}
	done = true
	return nil
}

// View implements Store.
func (m *Memory) View(ctx context.Context, f func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	return f(&memoryTx{m: m})
}

// Sweep implements Store. It looks at what is due and at nothing else.
func (m *Memory) Sweep(ctx context.Context, before time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	limit := nanos(before)
	m.due.take(limit, func(d expiry) {
		// The record may be gone, or stand there again for longer.
		if row, ok := d.table.rows[d.key]; ok && row.until != 0 && row.until < limit {
			m.set(d.table, d.key, memoryRow{}, false)
		}
	})
	return m.stay, ctx.Err()
}

// Each calls f with every record, in the order of tables and keys, of one consistent
// state: whoever copies a store needs it. f must not use the store.
func (m *Memory) Each(ctx context.Context, f func(table, key string, value []byte, until time.Time) error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, table := range slices.Sorted(maps.Keys(m.tables)) {
		for _, key := range slices.Sorted(maps.Keys(m.tables[table].rows)) {
			if err := ctx.Err(); err != nil {
				return err
			}
			row := m.tables[table].rows[key]
			until := time.Time{}
			if row.until != 0 {
				until = time.Unix(0, row.until).UTC()
			}
			if err := f(table, key, row.value, until); err != nil {
				return err
			}
		}
	}
	return nil
}

// set writes a record, or with there false drops it, and returns what was in its place.
func (m *Memory) set(t *memoryTable, key string, row memoryRow, there bool) (old memoryRow, was bool) {
	old, was = t.rows[key]
	if was && old.until != 0 {
		m.stay--
	}
	if !there {
		delete(t.rows, key)
		if was && t.keys != nil {
			t.keys.remove(key)
		}
		return old, was
	}
	t.rows[key] = row
	if !was && t.keys != nil {
		t.keys.add(key)
	}
	if row.until != 0 {
		m.stay++
		if !was || row.until != old.until {
			m.due.push(expiry{row.until, t, key})
		}
	}
	return old, was
}

// ordered is the keys in order. Views share the table, and nobody writes meanwhile.
func (t *memoryTable) ordered() *ordered {
	t.listing.Lock()
	defer t.listing.Unlock()
	if t.keys == nil {
		t.keys = newOrdered(slices.Sorted(maps.Keys(t.rows)))
	}
	return t.keys
}
