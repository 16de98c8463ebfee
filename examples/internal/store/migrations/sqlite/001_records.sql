-- +goose Up
CREATE TABLE IF NOT EXISTS record (
	tbl   TEXT NOT NULL,
	key   BLOB NOT NULL,
	value BLOB NOT NULL,
	until INTEGER, -- nanoseconds since 1970; null: for good
	PRIMARY KEY (tbl, key)
) STRICT;
CREATE INDEX IF NOT EXISTS record_until ON record (until) WHERE until IS NOT NULL;

-- +goose Down
DROP TABLE record;
