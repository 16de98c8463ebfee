-- +goose Up
CREATE TABLE record (
	tbl   text COLLATE "C" NOT NULL,
	key   bytea NOT NULL,
	value bytea NOT NULL,
	until bigint, -- nanoseconds since 1970; null: for good
	PRIMARY KEY (tbl, key)
);
CREATE INDEX record_until ON record (until) WHERE until IS NOT NULL;

-- +goose Down
DROP TABLE record;
