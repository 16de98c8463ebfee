package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// ErrNewer is returned for a database that a newer program has changed.
var ErrNewer = errors.New("the database has a newer schema than this program knows")

// migrate brings a database up to date. Processes that start at the same moment
// wait for each other: in Postgres by a lock, in SQLite by its own and because the
// steps do nothing the second time.
func migrate(ctx context.Context, kind string, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations/"+kind)
	if err != nil {
		return err
	}
	dialect, options := goose.DialectSQLite3, []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if kind == "postgres" {
		session, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		dialect, options = goose.DialectPostgres, append(options, goose.WithSessionLocker(session))
	}
	p, err := goose.NewProvider(dialect, db, files, options...)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bringing the schema up to date: %w", err)
	}
	have, know, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > know {
		return ErrNewer
	}
	return nil
}
