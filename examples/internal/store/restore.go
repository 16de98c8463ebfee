package store

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// What Restore and Verify refuse.
var (
	ErrDamaged  = errors.New("the copy was cut short or changed, or is none")
	ErrNotEmpty = errors.New("the store is not empty")
	ErrUnended  = errors.New("a restore into this store was interrupted; begin again with an empty one")
)

// Verify reads a copy to its end and returns how many records it has.
func Verify(r io.Reader) (n int, err error) {
	n, err = decode(r, func(string, string, []byte, time.Time) error { return nil })
	if err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	return n, nil
}

// The record that stands in a store while a restore is under way.
const (
	restoreTable = "restore"
	restoreKey   = "under way"
)

// restoreAtOnce is how many records one transaction restores.
const restoreAtOnce = 1000

// Empty reports whether a store has no records.
func Empty(ctx context.Context, s Store) (bool, error) {
	err := s.Each(ctx, func(string, string, []byte, time.Time) error { return ErrNotEmpty })
	if errors.Is(err, ErrNotEmpty) {
		return false, nil
	}
	return err == nil, err
}

// Restore reads a copy into an empty store, after reading it to its end. It returns
// how many records it restored.
func Restore(ctx context.Context, s Store, r io.ReadSeeker) (n int, err error) {
	if n, err = restore(ctx, s, r); err != nil {
		return 0, fmt.Errorf("store: restore: %w", err)
	}
	return n, nil
}

func restore(ctx context.Context, s Store, r io.ReadSeeker) (int, error) {
	start, err := r.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	if _, err := decode(r, func(string, string, []byte, time.Time) error { return nil }); err != nil {
		return 0, err
	}
	if _, err := r.Seek(start, io.SeekStart); err != nil {
		return 0, err
	}
	if err := begin(ctx, s); err != nil {
		return 0, err
	}
	var some []func(platform.Tx) error
	flush := func() error {
		err := s.Update(ctx, func(tx platform.Tx) (err error) {
			for _, put := range some {
				err = errors.Join(err, put(tx))
			}
			return err
		})
		some = some[:0]
		return err
	}
	n, err := decode(r, func(table, key string, value []byte, until time.Time) error {
		some = append(some, func(tx platform.Tx) error { return tx.Put(table, key, value, until) })
		if len(some) < restoreAtOnce {
			return nil
		}
		return flush()
	})
	if err != nil {
		return 0, err
	}
	some = append(some, func(tx platform.Tx) error { return tx.Delete(restoreTable, restoreKey) })
	return n, flush()
}

// begin marks an empty store. What came between looking and marking is found by looking
// again, so that of many restores at once one goes on.
func begin(ctx context.Context, s Store) error {
	empty, err := Empty(ctx, s)
	if err == nil && !empty {
		err = ErrNotEmpty
	}
	if err != nil {
		return err
	}
	if err := s.Update(ctx, func(tx platform.Tx) error {
		if b, err := tx.Get(restoreTable, restoreKey); err != nil || b != nil {
			return cmp.Or(err, ErrNotEmpty)
		}
		return tx.Put(restoreTable, restoreKey, nil, time.Time{})
	}); err != nil {
		return err
	}
	err = s.Each(ctx, func(table, _ string, _ []byte, _ time.Time) error {
		if table != restoreTable {
			return ErrNotEmpty
		}
		return nil
	})
	if err == nil {
		return nil
	}
	return errors.Join(err, s.Update(ctx, func(tx platform.Tx) error { return tx.Delete(restoreTable, restoreKey) }))
}

// whole refuses a store that a restore has not filled to its end.
func whole(ctx context.Context, s Store) error {
	return s.View(ctx, func(tx platform.Tx) error {
		b, err := tx.Get(restoreTable, restoreKey)
		if err == nil && b != nil {
			err = ErrUnended
		}
		return err
	})
}

// longest is what the format allows of one key or value.
const longest = 1 << 30

// decode calls f with each record. Its error is f's, the reader's, or ErrDamaged; f
// must not believe what it got before decode returned nil.
func decode(r io.Reader, f func(table, key string, value []byte, until time.Time) error) (n int, err error) {
	d := &decoder{sum: sha256.New(), from: r}
	d.r = bufio.NewReaderSize(d, 1<<16)
	if string(d.raw(uint64(len(magic)))) != magic {
		return 0, d.fail()
	}
	for {
		table := string(d.bytes())
		if d.err != nil {
			return 0, d.fail()
		}
		if table == "" {
			break
		}
		key, ns, value := string(d.bytes()), d.int(), d.bytes()
		if d.err != nil {
			return 0, d.fail()
		}
		var until time.Time
		if ns != 0 {
			until = instant(ns)
		}
		n++
		if err := f(table, key, value, until); err != nil {
			return 0, err
		}
	}
	count := d.uint()
	sum := d.sum.Sum(nil)
	if !bytes.Equal(d.raw(sha256.Size), sum) || count != uint64(n) {
		return 0, d.fail()
	}
	if _, err := d.r.ReadByte(); err != io.EOF {
		return 0, d.fail()
	}
	return n, nil
}

// decoder reads the format, and remembers the first error.
type decoder struct {
	r    *bufio.Reader
	sum  hash.Hash
	err  error
	from io.Reader
	lost error // of from, other than that it is over
}

// Read tells a reader's trouble from a damaged copy.
func (d *decoder) Read(b []byte) (int, error) {
	n, err := d.from.Read(b)
	if err != nil && err != io.EOF {
		d.lost = err
	}
	return n, err
}

func (d *decoder) fail() error {
	if d.lost != nil {
		return d.lost
	}
	return ErrDamaged
}

// raw takes no more memory than there are bytes.
func (d *decoder) raw(n uint64) []byte {
	if d.err == nil && n > longest {
		d.err = ErrDamaged
	}
	if d.err != nil {
		return nil
	}
	var b bytes.Buffer
	if _, d.err = io.CopyN(&b, d.r, int64(n)); d.err != nil {
		return nil
	}
	d.sum.Write(b.Bytes())
	return b.Bytes()
}

func (d *decoder) bytes() []byte { return d.raw(d.uint()) }

// ReadByte lets encoding/binary read through the sum.
func (d *decoder) ReadByte() (byte, error) {
	c, err := d.r.ReadByte()
	if err == nil {
		d.sum.Write([]byte{c})
	}
	return c, err
}

func (d *decoder) uint() (n uint64) {
	if d.err == nil {
		n, d.err = binary.ReadUvarint(d)
	}
	return n
}

func (d *decoder) int() (n int64) {
	if d.err == nil {
		n, d.err = binary.ReadVarint(d)
	}
	return n
}
