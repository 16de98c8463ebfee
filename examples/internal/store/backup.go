package store

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
	"time"
)

// magic is the first line of a copy.
const magic = "VNEID-RECORDS 1\n"

// Backup writes every record of one state to w, and returns how many there are.
func Backup(ctx context.Context, s Store, w io.Writer) (n int, err error) {
	out := &encoder{w: bufio.NewWriterSize(w, 1<<16), sum: sha256.New()}
	out.raw([]byte(magic))
	err = s.Each(ctx, func(table, key string, value []byte, until time.Time) error {
		n++
		out.record(table, key, value, until)
		return out.err
	})
	if err == nil {
		out.uint(0)
		out.uint(uint64(n))
		out.raw(out.sum.Sum(nil))
		err = out.flush()
	}
	if err != nil {
		return 0, fmt.Errorf("store: backup: %w", err)
	}
	return n, nil
}

// encoder writes the format, and remembers the first error.
type encoder struct {
	w   *bufio.Writer
	sum hash.Hash
	err error
}

func (e *encoder) raw(b []byte) {
	if e.err == nil {
		e.sum.Write(b)
		_, e.err = e.w.Write(b)
	}
}

func (e *encoder) flush() error {
	if e.err == nil {
		e.err = e.w.Flush()
	}
	return e.err
}

func (e *encoder) uint(n uint64) { e.raw(binary.AppendUvarint(nil, n)) }

func (e *encoder) bytes(b []byte) {
	e.uint(uint64(len(b)))
	e.raw(b)
}

func (e *encoder) record(table, key string, value []byte, until time.Time) {
	e.bytes([]byte(table))
	e.bytes([]byte(key))
	n, _ := nano(until).(int64)
	e.raw(binary.AppendVarint(nil, n))
	e.bytes(value)
}
