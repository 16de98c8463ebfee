package store

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// reader is what a transaction reads from.
type reader interface {
	Get(table, key string) ([]byte, error)
	List(table, prefix, after string, limit int) ([]platform.Record, error)
}

// change is what becomes of one record.
type change struct {
	value []byte // nil: the record goes
	until time.Time
}

// changes are what a transaction wrote: table → key → change.
type changes map[string]map[string]change

// overlay is a transaction whose writes stay in memory, over what it reads from.
type overlay struct {
	under   reader
	changes changes
	over    bool // its function has returned
}

var errOver = errors.New("a transaction was used after its function returned")

func (o *overlay) Get(table, key string) ([]byte, error) {
	if o.over {
		return nil, errOver
	}
	if c, ok := o.changes[table][key]; ok {
		return c.value, nil
	}
	return o.under.Get(table, key)
}

func (o *overlay) Put(table, key string, value []byte, until time.Time) error {
	if value == nil {
		value = []byte{} // nothing is a value too
	}
	return o.set(table, key, change{value, until})
}

func (o *overlay) Delete(table, key string) error {
	return o.set(table, key, change{})
}

func (o *overlay) set(table, key string, c change) error {
	if o.over {
		return errOver
	}
	if o.changes == nil {
		o.changes = make(changes)
	}
	rows := o.changes[table]
	if rows == nil {
		rows = make(map[string]change)
		o.changes[table] = rows
	}
	rows[key] = c
	return nil
}

// List asks below for as many more records as were deleted here.
func (o *overlay) List(table, prefix, after string, limit int) ([]platform.Record, error) {
	if o.over {
		return nil, errOver
	}
	var ours []platform.Record
	gone := 0
	for key, c := range o.changes[table] {
		switch {
		case !strings.HasPrefix(key, prefix) || key <= after:
		case c.value == nil:
			gone++
		default:
			ours = append(ours, platform.Record{Key: key, Value: c.value})
		}
	}
	rows, err := o.under.List(table, prefix, after, limit+gone)
	if err != nil || len(o.changes[table]) == 0 {
		return rows, err
	}
	rows = slices.DeleteFunc(rows, func(r platform.Record) bool {
		_, changed := o.changes[table][r.Key]
		return changed
	})
	rows = append(rows, ours...)
	slices.SortFunc(rows, func(a, b platform.Record) int { return cmp.Compare(a.Key, b.Key) })
	return rows[:min(limit, len(rows))], nil
}

// take lays another's changes over its own, for good: the other is over.
func (o *overlay) take(c changes) {
	if o.changes == nil {
		o.changes = c
		return
	}
	for table, rows := range c {
		if o.changes[table] == nil {
			o.changes[table] = rows
			continue
		}
		maps.Copy(o.changes[table], rows)
	}
}

// readOnly is a transaction that writes nothing.
type readOnly struct {
	reader
	over bool
}

var errReadOnly = errors.New("write in a View")

func (r *readOnly) Get(table, key string) ([]byte, error) {
	if r.over {
		return nil, errOver
	}
	return r.reader.Get(table, key)
}

func (r *readOnly) List(table, prefix, after string, limit int) ([]platform.Record, error) {
	if r.over {
		return nil, errOver
	}
	return r.reader.List(table, prefix, after, limit)
}

func (r *readOnly) Put(string, string, []byte, time.Time) error { return errReadOnly }
func (r *readOnly) Delete(string, string) error                 { return errReadOnly }
