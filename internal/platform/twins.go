package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/vneid-sdk/vneid-go/internal/audit"
)

// ErrTwins is for a usage history that is not what the audit log says it is.
var ErrTwins = errors.New("platform: the usage history is not what the audit log says")

// CompareHistory holds the usage history of a store against its twins in the audit log,
// which VerifyAudit has found whole: an entry that was taken out of somebody's history, put
// into it or changed is ErrTwins, which names the log's entry if there is one. It reads one
// consistent state, and answers how many entries there are.
func CompareHistory(ctx context.Context, store Store) (entries int, err error) {
	err = store.View(ctx, func(tx Tx) error {
		entries = 0
		err := eachRow(tx, tableAudit, func(row Record) error {
			is, err := hasTwin(tx, row)
			if is {
				entries++
			}
			return err
		})
		if err != nil {
			return err
		}
		left := entries
		if err := eachRow(tx, tableHistory, func(Record) error { left--; return nil }); err != nil {
			return err
		}
		if left != 0 { // every twin was found, so there can only be too many
			return fmt.Errorf("%w: %d entries more", ErrTwins, -left)
		}
		return nil
	})
	return entries, err
}

// hasTwin looks up the history entry that a line of the log is the twin of.
func hasTwin(tx Tx, row Record) (bool, error) {
	e, err := audit.ParseLine(row.Value)
	if err != nil || e.Kind != auditRead || e.Forgotten() {
		return false, err
	}
	var said struct {
		Details struct {
			Key  string
			Read json.RawMessage
		}
	}
	if err := json.Unmarshal(e.Body, &said); err != nil {
		return false, errors.New("the store holds a damaged audit entry")
	}
	there, err := tx.Get(tableHistory, said.Details.Key)
	if err == nil && !bytes.Equal(there, said.Details.Read) {
		err = fmt.Errorf("%w: entry %d of the log", ErrTwins, e.Seq)
	}
	return true, err
}

// eachRow calls f with every row of a table, in the order of keys.
func eachRow(tx Tx, table string, f func(Record) error) error {
	for after := ""; ; {
		rows, err := tx.List(table, "", after, auditPage)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := f(row); err != nil {
				return err
			}
		}
		after = rows[len(rows)-1].Key
	}
}
