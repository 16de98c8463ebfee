package platform

import (
	"context"
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

// Memory is a Store that forgets everything with the process.
type Memory struct {
	mu     sync.RWMutex
	tables map[string]map[string]memoryRow
}

type memoryRow struct {
	value []byte
	until time.Time
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{tables: make(map[string]map[string]memoryRow)}
}

// Update implements Store.
func (m *Memory) Update(ctx context.Context, f func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	tx := &memoryTx{m: m, write: true}
	done := false
	defer func() {
		if !done { // f failed or panicked
			tx.rollBack()
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

// Sweep implements Store.
func (m *Memory) Sweep(ctx context.Context, before time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	stay := 0
	for _, rows := range m.tables {
		for key, row := range rows {
			switch {
			case row.until.IsZero():
			case row.until.Before(before):
				delete(rows, key)
			default:
				stay++
			}
		}
	}
	return stay, ctx.Err()
}

// Each calls f with every record, in the order of tables and keys, of one consistent
// state: whoever copies a store needs it. f must not use the store.
func (m *Memory) Each(ctx context.Context, f func(table, key string, value []byte, until time.Time) error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, table := range slices.Sorted(maps.Keys(m.tables)) {
		for _, key := range slices.Sorted(maps.Keys(m.tables[table])) {
			if err := ctx.Err(); err != nil {
				return err
			}
			row := m.tables[table][key]
			if err := f(table, key, row.value, row.until); err != nil {
				return err
			}
		}
	}
	return nil
}

// memoryTx works on the maps themselves and remembers how to undo it.
type memoryTx struct {
	m     *Memory
	write bool
	undo  []func()
}

func (tx *memoryTx) rollBack() {
	for i := len(tx.undo) - 1; i >= 0; i-- {
		tx.undo[i]()
	}
}

func (tx *memoryTx) Get(table, key string) ([]byte, error) {
	return tx.m.tables[table][key].value, nil
}

func (tx *memoryTx) Put(table, key string, value []byte, until time.Time) error {
	if !tx.write {
		return errReadOnly
	}
	rows := tx.m.tables[table]
	if rows == nil {
		rows = make(map[string]memoryRow)
		tx.m.tables[table] = rows
	}
	tx.remember(rows, key)
	rows[key] = memoryRow{append([]byte{}, value...), until} // nothing is a value too
	return nil
}

func (tx *memoryTx) Delete(table, key string) error {
	if !tx.write {
		return errReadOnly
	}
	if rows := tx.m.tables[table]; rows != nil {
		tx.remember(rows, key)
		delete(rows, key)
	}
	return nil
}

func (tx *memoryTx) remember(rows map[string]memoryRow, key string) {
	old, was := rows[key]
	tx.undo = append(tx.undo, func() {
		if was {
			rows[key] = old
		} else {
			delete(rows, key)
		}
	})
}

func (tx *memoryTx) List(table, prefix, after string, limit int) ([]Record, error) {
	var found []Record
	for key, row := range tx.m.tables[table] {
		if strings.HasPrefix(key, prefix) && key > after {
			found = append(found, Record{key, row.value})
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].Key < found[j].Key })
	return found[:min(limit, len(found))], nil
}
