package platform

import "time"

// memoryTx works on the tables themselves and remembers how to undo it.
type memoryTx struct {
	m     *Memory
	write bool
	undo  []written
}

// written is what stood where the transaction wrote.
type written struct {
	table *memoryTable
	key   string
	value []byte // nil: nothing
	until int64
}

func (tx *memoryTx) rollBack() {
	for i := len(tx.undo) - 1; i >= 0; i-- {
		u := &tx.undo[i]
		tx.m.set(u.table, u.key, u.value, u.until)
	}
}

func (tx *memoryTx) Get(table, key string) ([]byte, error) { return tx.m.get(table, key), nil }

func (tx *memoryTx) Put(table, key string, value []byte, until time.Time) error {
	if !tx.write {
		return errReadOnly
	}
	t := tx.m.tables[table]
	if t == nil {
		t = &memoryTable{rows: map[string]*memoryRow{}}
		tx.m.tables[table] = t
	}
	if value == nil {
		value = []byte{} // nothing is a value too
	}
	tx.set(t, key, value, nanos(until))
	return nil
}

func (tx *memoryTx) Delete(table, key string) error {
	if !tx.write {
		return errReadOnly
	}
	if t := tx.m.tables[table]; t != nil {
		tx.set(t, key, nil, 0)
	}
	return nil
}

func (tx *memoryTx) set(t *memoryTable, key string, value []byte, until int64) {
	was, wasUntil := tx.m.set(t, key, value, until)
	tx.undo = append(tx.undo, written{t, key, was, wasUntil})
}

// List costs what it returns, but for the first one of a table.
func (tx *memoryTx) List(table, prefix, after string, limit int) (found []Record, err error) {
	t := tx.m.tables[table]
	if t == nil || limit <= 0 {
		return nil, nil
	}
	t.ordered().list(prefix, after, func(key string) bool {
		found = append(found, Record{key, t.rows[key].value})
		return len(found) < limit
	})
	return found, nil
}
