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
	rows map[string]*memoryRow

	listing sync.Mutex // views list at the same time
	keys    *ordered   // nil: nobody has listed it
}

// memoryRow is a record. Its until never changes: a record with another one is another row.
type memoryRow struct {
	table *memoryTable
	key   string
	value []byte     // nil: the record is gone, or in another row
	until int64      // nanoseconds since 1970; 0: for good
	next  *memoryRow // of those that may be dropped in the same minute
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

// Get implements Store.
func (m *Memory) Get(ctx context.Context, table, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.get(table, key), nil
}

func (m *Memory) get(table, key string) []byte {
	if t := m.tables[table]; t != nil {
		if row := t.rows[key]; row != nil {
			return row.value
		}
	}
	return nil
}

// Sweep implements Store. It looks at what is due and at nothing else.
func (m *Memory) Sweep(ctx context.Context, before time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.due.take(nanos(before), func(row *memoryRow) { m.set(row.table, row.key, nil, 0) })
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

// set writes a record, or with no value drops it, and returns what was in its place: no
// value for nothing.
func (m *Memory) set(t *memoryTable, key string, value []byte, until int64) (was []byte, wasUntil int64) {
	row := t.rows[key]
	switch {
	case row == nil && value == nil:
		return nil, 0
	case row == nil:
		if m.add(t, key, value, until); t.keys != nil {
			t.keys.add(key)
		}
		return nil, 0
	}
	was, wasUntil = row.value, row.until
	if value != nil && until == wasUntil {
		row.value = value
		return was, wasUntil
	}
	if row.value = nil; wasUntil != 0 {
		m.stay--
	}
	if value != nil {
		m.add(t, key, value, until)
		return was, wasUntil
	}
	if delete(t.rows, key); t.keys != nil {
		t.keys.remove(key)
	}
	return was, wasUntil
}

func (m *Memory) add(t *memoryTable, key string, value []byte, until int64) {
	row := &memoryRow{table: t, key: key, value: value, until: until}
	if t.rows[key] = row; until != 0 {
		m.stay++
		m.due.push(row)
	}
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
