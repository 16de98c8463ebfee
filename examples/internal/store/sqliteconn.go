package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"

	"modernc.org/sqlite"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// sqliteConn is one connection with its prepared statements.
type sqliteConn struct {
	conn  driver.Conn
	stmts map[string]driver.Stmt // nil: it is closed
}

func dialSQLite(dsn string) (*sqliteConn, error) {
	c, err := new(sqlite.Driver).Open(dsn)
	if err != nil {
		return nil, err
	}
	return &sqliteConn{c, make(map[string]driver.Stmt)}, nil
}

func (c *sqliteConn) close() error {
	for _, s := range c.stmts {
		_ = s.Close()
	}
	c.stmts = nil
	return c.conn.Close()
}

var errClosed = errors.New("the store is closed")

func (c *sqliteConn) stmt(query string) (driver.Stmt, error) {
	if c.stmts == nil {
		return nil, errClosed
	}
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	s, err := c.conn.Prepare(query)
	if err == nil {
		c.stmts[query] = s
	}
	return s, err
}

func (c *sqliteConn) exec(query string, args ...driver.Value) error {
	_, err := c.change(query, args...)
	return err
}

func (c *sqliteConn) change(query string, args ...driver.Value) (int64, error) {
	s, err := c.stmt(query)
	if err != nil {
		return 0, err
	}
	res, err := s.(driver.StmtExecContext).ExecContext(context.Background(), named(args))
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// query calls f with each row, whose values f must not keep.
func (c *sqliteConn) query(query string, f func(row []driver.Value) error, args ...driver.Value) error {
	s, err := c.stmt(query)
	if err != nil {
		return err
	}
	rows, err := s.(driver.StmtQueryContext).QueryContext(context.Background(), named(args))
	if err != nil {
		return err
	}
	defer rows.Close()
	row := make([]driver.Value, len(rows.Columns()))
	for {
		switch err := rows.Next(row); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if err := f(row); err != nil {
			return err
		}
	}
}

func named(args []driver.Value) []driver.NamedValue {
	out := make([]driver.NamedValue, len(args))
	for i, v := range args {
		out[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return out
}

func (c *sqliteConn) Get(table, key string) (value []byte, err error) {
	return value, c.query("SELECT value FROM record WHERE tbl = ? AND key = ?", func(row []driver.Value) error {
		v, _ := row[0].([]byte)
		value = append([]byte{}, v...)
		return nil
	}, table, []byte(key))
}

func (c *sqliteConn) List(table, prefix, after string, limit int) (out []platform.Record, err error) {
	query, args := "SELECT key, value FROM record WHERE tbl = ? AND key >= ?", []driver.Value{table, []byte(prefix)}
	if after >= prefix {
		query, args[1] = "SELECT key, value FROM record WHERE tbl = ? AND key > ?", []byte(after)
	}
	if end := behind(prefix); end != nil {
		query, args = query+" AND key < ?", append(args, end)
	}
	return out, c.query(query+" ORDER BY key LIMIT ?", func(row []driver.Value) error {
		key, _ := row[0].([]byte)
		value, _ := row[1].([]byte)
		out = append(out, platform.Record{Key: string(key), Value: append([]byte{}, value...)})
		return nil
	}, append(args, int64(limit))...)
}
