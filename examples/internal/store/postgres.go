package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// pgStore is a database that several processes may share.
type pgStore struct {
	line
	pool *pgxpool.Pool
}

// pgPatience is how long one transaction may take, waiting for others included.
const pgPatience = 20 * time.Second

// pgLine is the advisory lock that every writing transaction takes: "vneid" in
// ASCII. It is one for each database.
const pgLine = 0x766e656964

func openPostgres(ctx context.Context, url string) (*pgStore, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("postgres: the URL cannot be read") // the cause quotes it
	}
	cfg.MaxConns = max(cfg.MaxConns, 9) // one of them writes
	// A process that hangs must not keep the others waiting.
	cfg.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = fmt.Sprint(pgPatience.Milliseconds())
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	db := stdlib.OpenDBFromPool(pool)
	err = migrate(ctx, "postgres", db)
	if err := errors.Join(err, db.Close()); err != nil {
		pool.Close()
		return nil, err
	}
	s := &pgStore{pool: pool}
	s.begin = s.beginWrite
	return s, nil
}

// pgTx is a transaction. What has several statements is sent at once, so that it
// costs one round trip.
type pgTx struct {
	ctx  context.Context
	end  context.CancelFunc
	conn *pgxpool.Conn
}

// start begins a transaction by several statements. It does not end with the
// caller's context: others may share it.
func (s *pgStore) start(ctx context.Context, statements ...string) (*pgTx, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithTimeout(context.WithoutCancel(ctx), pgPatience)
	tx := &pgTx{ctx, end, conn}
	var b pgx.Batch
	for _, q := range statements {
		b.Queue(q)
	}
	if err := tx.send(&b); err != nil {
		tx.abort()
		return nil, err
	}
	return tx, nil
}

func (s *pgStore) beginWrite(ctx context.Context) (writer, error) {
	tx, err := s.startWrite(ctx)
	if err != nil {
		return nil, err
	}
	return tx, nil
}

func (s *pgStore) startWrite(ctx context.Context) (*pgTx, error) {
	return s.start(ctx, "BEGIN", fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", pgLine))
}

func (tx *pgTx) send(b *pgx.Batch) error { return tx.conn.SendBatch(tx.ctx, b).Close() }

// abort gives the connection back; a connection in a transaction is closed then.
func (tx *pgTx) abort() {
	_, _ = tx.conn.Exec(tx.ctx, "ROLLBACK")
	tx.release()
}

func (tx *pgTx) release() {
	tx.conn.Release()
	tx.end()
}

func (tx *pgTx) commit(all changes) error {
	var b pgx.Batch
	for table, rows := range all {
		for key, c := range rows {
			if c.value == nil {
				b.Queue("DELETE FROM record WHERE tbl = $1 AND key = $2", table, []byte(key))
			} else {
				b.Queue("INSERT INTO record (tbl, key, value, until) VALUES ($1, $2, $3, $4) "+
					"ON CONFLICT (tbl, key) DO UPDATE SET value = excluded.value, until = excluded.until", table, []byte(key), c.value, nano(c.until))
			}
		}
	}
	b.Queue("COMMIT")
	if err := tx.send(&b); err != nil {
		tx.abort()
		return err
	}
	tx.release()
	return nil
}

func (tx *pgTx) Get(table, key string) (value []byte, err error) {
	err = tx.conn.QueryRow(tx.ctx, "SELECT value FROM record WHERE tbl = $1 AND key = $2", table, []byte(key)).Scan(&value)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return value, err
}

func (tx *pgTx) List(table, prefix, after string, limit int) ([]platform.Record, error) {
	query, args := "SELECT key, value FROM record WHERE tbl = $1 AND key >= $2", []any{table, []byte(prefix), limit}
	if after >= prefix {
		query, args[1] = "SELECT key, value FROM record WHERE tbl = $1 AND key > $2", []byte(after)
	}
	if end := behind(prefix); end != nil {
		query, args = query+" AND key < $4", append(args, end)
	}
	rows, err := tx.conn.Query(tx.ctx, query+" ORDER BY key LIMIT $3", args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r platform.Record, err error) {
		var key []byte
		err = row.Scan(&key, &r.Value)
		r.Key = string(key)
		return r, err
	})
}

// View implements platform.Store.
func (s *pgStore) View(ctx context.Context, f func(platform.Tx) error) error {
	return s.read(ctx, func(tx *pgTx) error {
		view := &readOnly{reader: tx}
		defer func() { view.over = true }()
		return f(view)
	})
}

// Get implements platform.Store. One statement needs no transaction around it.
func (s *pgStore) Get(ctx context.Context, table, key string) (value []byte, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	ctx, end := context.WithTimeout(context.WithoutCancel(ctx), pgPatience)
	tx := &pgTx{ctx, end, conn}
	defer tx.release()
	if value, err = tx.Get(table, key); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return value, nil
}

func (s *pgStore) read(ctx context.Context, f func(*pgTx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := s.start(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer tx.abort()
	return f(tx)
}

// Sweep implements platform.Store. It stands in line as updates do: the rows of two
// transactions, locked in different orders, would be a deadlock.
func (s *pgStore) Sweep(ctx context.Context, before time.Time) (stay int, err error) {
	for gone := int64(sweepAtOnce); gone >= sweepAtOnce; {
		if gone, err = s.sweepSome(ctx, before); err != nil {
			return 0, fmt.Errorf("store: %w", err)
		}
	}
	if err := s.pool.QueryRow(ctx, "SELECT count(*) FROM record WHERE until IS NOT NULL").Scan(&stay); err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	return stay, nil
}

func (s *pgStore) sweepSome(ctx context.Context, before time.Time) (gone int64, err error) {
	tx, err := s.startWrite(ctx)
	if err != nil {
		return 0, err
	}
	tag, err := tx.conn.Exec(tx.ctx, "DELETE FROM record WHERE (tbl, key) IN (SELECT tbl, key FROM record WHERE until < $1 LIMIT $2)", nano(before), sweepAtOnce)
	if err != nil {
		tx.abort()
		return 0, err
	}
	return tag.RowsAffected(), tx.commit(nil)
}

// Each implements Store.
func (s *pgStore) Each(ctx context.Context, f func(table, key string, value []byte, until time.Time) error) error {
	return s.read(ctx, func(tx *pgTx) error {
		rows, err := tx.conn.Query(ctx, "SELECT tbl, key, value, until FROM record ORDER BY tbl, key")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var table string
			var key, value []byte
			var until *int64
			if err := rows.Scan(&table, &key, &value, &until); err != nil {
				return err
			}
			var end any
			if until != nil {
				end = *until
			}
			if err := f(table, string(key), value, instant(end)); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// Close implements Store.
func (s *pgStore) Close() error {
	s.pool.Close()
	return nil
}
