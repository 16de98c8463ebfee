package store

import (
	"context"
	"database/sql/driver"
)

// beginWrite waits for other processes. What it remembers of rows is good if no other
// connection has committed since (PRAGMA data_version), and none can until the end.
func (s *sqliteStore) beginWrite(context.Context) (writer, error) {
	version := int64(0)
	err := s.writer.exec("BEGIN IMMEDIATE")
	if err == nil {
		err = s.writer.query("PRAGMA data_version", func(row []driver.Value) error {
			version, _ = row[0].(int64)
			return nil
		})
	}
	if err != nil { // perhaps the end of the one before failed
		_ = s.writer.exec("ROLLBACK")
	}
	if err != nil || version != s.recent.version {
		s.recent.forget()
		s.recent.version = version
	}
	return sqliteWriter{s.writer, &s.recent}, err
}

type sqliteWriter struct {
	*sqliteConn
	recent *recent
}

func (w sqliteWriter) Get(table, key string) ([]byte, error) {
	name := rowName{table, key}
	if value, ok := w.recent.find(name); ok {
		return value, nil
	}
	value, err := w.sqliteConn.Get(table, key)
	if err == nil && value != nil {
		w.recent.keep(name, value)
	}
	return value, err
}

func (w sqliteWriter) abort() { _ = w.exec("ROLLBACK") }

func (w sqliteWriter) commit(all changes) error {
	err := w.write(all)
	if err != nil {
		w.recent.forget()
		w.abort()
		return err
	}
	for table, rows := range all {
		for key, c := range rows {
			w.recent.keep(rowName{table, key}, c.value)
		}
	}
	return nil
}

func (w sqliteWriter) write(all changes) (err error) {
	for table, rows := range all {
		for key, c := range rows {
			if c.value == nil {
				err = w.exec("DELETE FROM record WHERE tbl = ? AND key = ?", table, []byte(key))
			} else {
				err = w.exec("INSERT INTO record (tbl, key, value, until) VALUES (?, ?, ?, ?) "+
					"ON CONFLICT DO UPDATE SET value = excluded.value, until = excluded.until", table, []byte(key), c.value, nano(c.until))
			}
			if err != nil {
				return err
			}
		}
	}
	return w.exec("COMMIT")
}
