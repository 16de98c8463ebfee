package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// sqliteStore is one file. Its connections are used without database/sql, whose
// pool and conversions cost more than the statements do.
type sqliteStore struct {
	line
	dsn     string
	writer  *sqliteConn
	recent  recent           // of writer
	readers chan *sqliteConn // those that nobody uses; nil: not opened yet
}

// sqliteReaders is how many reads run at a time.
const sqliteReaders = 8

const busyTimeout = 10 * time.Second

// The settings of every connection. busy_timeout is how long a process waits for
// another that writes; the log goes into the file every 4000 pages (16 MiB); what is
// deleted is overwritten, since a purge means it; the cache is in KiB.
var sqlitePragmas = []string{
	fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()), "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)",
	"wal_autocheckpoint(4000)", "journal_size_limit(67108864)", "cache_size(-32768)", "temp_store(MEMORY)",
}

func openSQLite(ctx context.Context, path string) (*sqliteStore, error) {
	if path == "" {
		return nil, errors.New("sqlite: names no file")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	// The library would make it readable for others; -wal and -shm take its mode.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	f.Close()
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: url.Values{"_pragma": sqlitePragmas}.Encode()}
	s := &sqliteStore{dsn: u.String(), readers: make(chan *sqliteConn, sqliteReaders)}
	if err := migrateSQLite(ctx, s.dsn); err != nil {
		return nil, err
	}
	for range sqliteReaders {
		s.readers <- nil
	}
	s.begin = s.beginWrite
	s.writer, err = dialSQLite(s.dsn)
	return s, err
}

// migrateSQLite brings a file up to date. Of processes that begin with a new one at the
// same moment, some are told that it is busy without being let wait, since it is no longer
// what they read: they try again for as long as busy_timeout.
func migrateSQLite(ctx context.Context, dsn string) error {
	db, err := sql.Open("sqlite", dsn+"&_txlock=immediate")
	if err != nil {
		return err
	}
	for end := time.Now().Add(busyTimeout); ; {
		if err = migrate(ctx, "sqlite", db); err == nil || !isBusy(err) || ctx.Err() != nil || time.Now().After(end) {
			return errors.Join(err, db.Close())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func isBusy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

// View implements platform.Store.
func (s *sqliteStore) View(ctx context.Context, f func(platform.Tx) error) error {
	return s.read(ctx, func(c *sqliteConn) error {
		tx := &readOnly{reader: c}
		defer func() { tx.over = true }()
		return f(tx)
	})
}

// Get implements platform.Store. One statement needs no transaction around it.
func (s *sqliteStore) Get(ctx context.Context, table, key string) (value []byte, err error) {
	return value, s.reader(ctx, func(c *sqliteConn) error {
		value, err = c.Get(table, key)
		return err
	})
}

// read runs f in a transaction of a reader's connection.
func (s *sqliteStore) read(ctx context.Context, f func(*sqliteConn) error) error {
	return s.reader(ctx, func(c *sqliteConn) (err error) {
		if err := c.exec("BEGIN"); err != nil {
			return err
		}
		defer func() { // f may panic
			if c.exec("ROLLBACK") != nil {
				_ = c.close()
			}
		}()
		return f(c)
	})
}

// reader lends a reader's connection.
func (s *sqliteStore) reader(ctx context.Context, f func(*sqliteConn) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	var c *sqliteConn
	open := true
	select {
	case c, open = <-s.readers:
	case <-ctx.Done():
		return ctx.Err()
	}
	if !open {
		return errClosed
	}
	defer func() { // f may panic
		if c != nil && c.stmts == nil { // it was closed
			c = nil
		}
		s.readers <- c
	}()
	if c == nil {
		if c, err = dialSQLite(s.dsn + "&_pragma=query_only(ON)"); err != nil {
			return err
		}
	}
	return f(c)
}

// sweepAtOnce bounds how long a sweep keeps updates waiting.
const sweepAtOnce = 2000

// Sweep implements platform.Store.
func (s *sqliteStore) Sweep(ctx context.Context, before time.Time) (stay int, err error) {
	for {
		var gone int64
		if err = ctx.Err(); err == nil {
			err = s.alone(func() (err error) {
				s.recent.forget()
				gone, err = s.writer.change("DELETE FROM record WHERE rowid IN "+
					"(SELECT rowid FROM record WHERE until < ? LIMIT ?)", nano(before), int64(sweepAtOnce))
				return err
			})
		}
		if err != nil {
			return 0, fmt.Errorf("store: %w", err)
		}
		if gone < sweepAtOnce {
			break
		}
	}
	err = s.read(ctx, func(c *sqliteConn) error {
		return c.query("SELECT count(*) FROM record WHERE until IS NOT NULL", func(row []driver.Value) error {
			n, _ := row[0].(int64)
			stay = int(n)
			return nil
		})
	})
	return stay, err
}

// Each implements Store.
func (s *sqliteStore) Each(ctx context.Context, f func(table, key string, value []byte, until time.Time) error) error {
	return s.read(ctx, func(c *sqliteConn) error {
		return c.query("SELECT tbl, key, value, until FROM record ORDER BY tbl, key", func(row []driver.Value) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			table, _ := row[0].(string)
			key, _ := row[1].([]byte)
			value, _ := row[2].([]byte)
			return f(table, string(key), append([]byte{}, value...), instant(row[3]))
		})
	})
}

// Close implements Store.
func (s *sqliteStore) Close() error {
	err := s.alone(s.writer.close)
	for range sqliteReaders {
		if c := <-s.readers; c != nil {
			err = errors.Join(err, c.close())
		}
	}
	close(s.readers)
	return err
}
