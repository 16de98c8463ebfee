package platform

import "time"

// memoryTx works on the tables themselves and remembers how to undo it.
type memoryTx struct {
	m     *Memory
	write bool
	undo  []written
	room  [12]written // what most transactions need
}

// written is what stood where the transaction wrote.
type written struct {
	table *memoryTable
	key   string
	old   memoryRow
	was   bool
}

func (tx *memoryTx) rollBack() {
	for i := len(tx.undo) - 1; i >= 0; i-- {
		u := &tx.undo[i]
		tx.m.set(u.table, u.key, u.old, u.was)
	}
}

func (tx *memoryTx) Get(table, key string) ([]byte, error) {
	if t := tx.m.tables[table]; t != nil {
		return t.rows[key].value, nil
	}
	return nil, nil
}

func (tx *memoryTx) Put(table, key string, value []byte, until time.Time) error {
	if !tx.write {
		return errReadOnly
	}
	t := tx.m.tables[table]
	if t == nil {
		t = &memoryTable{rows: map[string]memoryRow{}}
		tx.m.tables[table] = t
	}
	tx.set(t, key, memoryRow{append([]byte{}, value...), until}, true) // nothing is a value too
	return nil
}

func (tx *memoryTx) Delete(table, key string) error {
	if !tx.write {
		return errReadOnly
	}
	if t := tx.m.tables[table]; t != nil {
		tx.set(t, key, memoryRow{}, false)
	}
	return nil
}

func (tx *memoryTx) set(t *memoryTable, key string, row memoryRow, there bool) {
	old, was := tx.m.set(t, key, row, there)
	tx.undo = append(tx.undo, written{t, key, old, was})
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

// expiry is when a record may be dropped.
type expiry struct {
	until time.Time
	table *memoryTable
	key   string
}

// expiries is a heap: none is before the one at half its place. A record that is written
// over or deleted leaves its entry until that time.
type expiries []expiry

// first is the earliest, or a time after all others.
func (e expiries) first() time.Time {
	if len(e) == 0 {
		return time.Unix(1<<40, 0)
	}
	return e[0].until
}

func (e *expiries) push(x expiry) {
	h := append(*e, x)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !x.until.Before(h[up].until) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = x
	*e = h
}

func (e *expiries) pop() expiry {
	h := *e
	top, x := h[0], h[len(h)-1]
	h[len(h)-1] = expiry{}
	h = h[:len(h)-1]
	*e = h
	for i := 0; len(h) > 0; {
		down := 2*i + 1
		if down+1 < len(h) && h[down+1].until.Before(h[down].until) {
			down++
		}
		if down >= len(h) || !h[down].until.Before(x.until) {
			h[i] = x
			break
		}
		h[i] = h[down]
		i = down
	}
	return top
}
