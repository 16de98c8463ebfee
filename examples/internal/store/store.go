// Package store keeps a platform's records in SQLite or Postgres, and copies them
// from one kind of store to another.
//
//	s, err := store.Open(ctx, "sqlite:platform.db")
//	s, err := store.Open(ctx, "postgres://platform@127.0.0.1:5432/platform?sslmode=disable")
//	s, err := store.Open(ctx, "memory:")
//
// All three keep the contract of platform.Store, which internal/platform/storetest
// tests.
//
// # One table
//
// Both databases have one table of four columns: tbl, key, value, until. Keys are
// bytes, in the order of their bytes; until is nanoseconds since 1970, or null for
// what is kept for good. The schema is made and brought up to date when a store is
// opened (migrations/, by goose); a schema that is newer than the program is refused.
//
// # Updates
//
// Updates run one after the other, over all processes that share a database. What an
// update writes stays in memory until its function has returned nil, so that a
// function that fails or panics leaves no trace. Updates that wait meanwhile share one
// transaction: each sees what those before it wrote, and none is answered before the
// transaction has been committed and is on the disk (synchronous=FULL in SQLite,
// synchronous_commit in Postgres). If it cannot be committed, all of them fail. An
// error while committing leaves open whether the database did it: who calls again
// must be able to see what they did the first time.
//
// # SQLite
//
// One file, readable by its owner alone, and beside it the files -wal and -shm of
// the write-ahead log, which belong to it. Several processes of one machine may share
// it; a network file system will not do. Readers have connections of their own and
// wait for nobody; the connection that writes remembers the rows it saw last, until another
// process has written. What is deleted is overwritten in the file (secure_delete). Sharing
// transactions pays: eight updates at a time that each read two records and write three
// took 0.3 ms each, and 1.2 ms one by one, where a write to the disk takes 0.2 ms.
//
// # Postgres
//
// Tested with version 15. Updates take one advisory lock for each transaction, which
// makes them wait for each other where SERIALIZABLE would make them try again: with
// eight at a time that all add to one chain, 0.14 ms each against 0.74 ms. Reads are
// REPEATABLE READ. The role needs to own its schema.
//
// # Copies
//
// Backup writes every record of one consistent state, while the store is in use, and
// Restore reads it into an empty store of any kind. The file (project format):
//
//	"VNEID-RECORDS 1\n"
//	for each record, by table and key:
//	  table  length and bytes     never empty
//	  key    length and bytes
//	  until  nanoseconds since 1970, 0 for what is kept for good
//	  value  length and bytes
//	an empty table                the end
//	number of records
//	SHA-256 of everything before, 32 bytes
//
// Lengths and numbers are unsigned varints of encoding/binary (until a signed one).
// Restore reads the file twice: a file that was cut short, changed or lengthened
// anywhere changes nothing. The sum finds accidents, not forgers: a file holds what
// the store holds, and belongs into the same hands. A restore that was interrupted
// leaves a store that Open refuses.
package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// Store is a platform's store that can be copied and closed.
type Store interface {
	platform.Store

	// Each calls f with every record, in the order of tables and keys, of one
	// consistent state. f must not use the store.
	Each(ctx context.Context, f func(table, key string, value []byte, until time.Time) error) error

	// Close ends the store. Nothing may be using it.
	Close() error
}

// Open opens the store that a URL names, and makes it if there is none. An error
// names no password.
func Open(ctx context.Context, url string) (Store, error) {
	s, err := open(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if err := whole(ctx, s); err != nil {
		return nil, errors.Join(fmt.Errorf("store: %w", err), s.Close())
	}
	return s, nil
}

func open(ctx context.Context, url string) (Store, error) {
	kind, rest, _ := strings.Cut(url, ":")
	switch kind {
	case "memory":
		return memory{platform.NewMemory()}, nil
	case "sqlite":
		return openSQLite(ctx, rest)
	case "postgres", "postgresql":
		return openPostgres(ctx, url)
	}
	return nil, errors.New("the URL is of none of these kinds: memory, sqlite, postgres")
}

// memory is the store that forgets.
type memory struct{ *platform.Memory }

// Close implements Store.
func (memory) Close() error { return nil }
