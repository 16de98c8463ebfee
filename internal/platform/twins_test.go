package platform

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

func TestAHistoryThatIsNotWhatTheLogSaysIsFound(t *testing.T) {
	for name, do := range map[string]func(tx Tx, row Record) error{
		"an entry taken out": func(tx Tx, row Record) error { return tx.Delete(tableHistory, row.Key) },
		"an entry changed": func(tx Tx, row Record) error {
			return tx.Put(tableHistory, row.Key, bytes.Replace(row.Value, []byte(`"userinfo"`), []byte(`"login"`), 1), time.Time{})
		},
		"an entry put in": func(tx Tx, row Record) error {
			return tx.Put(tableHistory, row.Key+"x", row.Value, time.Time{})
		},
		"an entry moved to somebody else": func(tx Tx, row Record) error {
			return errors.Join(tx.Delete(tableHistory, row.Key), tx.Put(tableHistory, "namesake"+row.Key[len("level2"):], row.Value, time.Time{}))
		},
	} {
		a := newWorld(t).asker(nil)
		w := a.world
		w.use("namesake")
		w.clock.advance(5 * 366 * 24 * time.Hour)
		w.swept() // what is forgotten has no twin any more
		a.bundle("level2", details(nil))
		w.userinfo(w.login("level2", nil).body["access_token"].(string))
		if n, err := CompareHistory(t.Context(), w.store); err != nil || n != 3 {
			t.Fatalf("as it is: %d, %v", n, err)
		}
		w.edit(func(tx Tx) error {
			rows, err := tx.List(tableHistory, "level2/", "", 10)
			if err != nil || len(rows) != 3 {
				t.Fatal(len(rows), err)
			}
			return do(tx, rows[0])
		})
		if _, err := CompareHistory(t.Context(), w.store); !errors.Is(err, ErrTwins) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
