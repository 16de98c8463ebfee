package crash

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/store"
	"github.com/vneid-sdk/vneid-go/internal/audit"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// found is what a store says, by account where it is about one.
type found struct {
	agreed  map[string]int // account/client → consents in the audit log
	last    map[string]time.Time
	consent map[string]time.Time // account/client → the consent that stands
	read    map[string]int       // account/client/kind → entries of the usage history
	twins   map[string]int       // the same, in the audit log
	stays   map[string][]string  // key → states
	records int
}

// look reads a store whole.
func look(s store.Store) (*found, error) {
	f := &found{map[string]int{}, map[string]time.Time{}, map[string]time.Time{}, map[string]int{}, map[string]int{}, map[string][]string{}, 0}
	return f, s.Each(context.Background(), func(table, key string, value []byte, _ time.Time) error {
		f.records++
		switch table {
		case "audit":
			return f.entry(value)
		case "consent":
			var c struct {
				At time.Time `json:"at"`
			}
			err := json.Unmarshal(value, &c)
			f.consent[key] = c.At
			return err
		case "history":
			var r platform.Read
			err := json.Unmarshal(value, &r)
			f.read[key[:strings.IndexByte(key, '/')]+"/"+r.Client+"/"+string(r.Kind)]++
			return err
		case "stay":
			var s struct {
				State string `json:"state"`
				Row   struct {
					Key string `json:"key"`
				} `json:"row"`
			}
			err := json.Unmarshal(value, &s)
			f.stays[s.Row.Key] = append(f.stays[s.Row.Key], s.State)
			return err
		}
		return nil
	})
}

// entry reads one entry of the audit log.
func (f *found) entry(line []byte) error {
	e, err := audit.ParseLine(line)
	if err != nil {
		return err
	}
	var body struct {
		Account string `json:"account"`
		Client  string `json:"client"`
		Details struct {
			At   time.Time     `json:"at"`
			Read platform.Read `json:"read"`
		} `json:"details"`
	}
	if e.Kind == "consent" || e.Kind == "read" {
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return err
		}
	}
	who := body.Account + "/" + body.Client
	switch e.Kind {
	case "consent":
		f.agreed[who]++
		f.last[who] = body.Details.At
	case "read":
		f.twins[who+"/"+string(body.Details.Read.Kind)]++
	}
	return nil
}

// verified checks the audit log by its own rules.
func verified(s store.Store, issuer string, keys []byte) error {
	_, err := platform.VerifyAudit(platform.AuditLines(context.Background(), s), platform.AuditTrust{Issuer: issuer, Keys: keys, Now: time.Now()})
	return err
}

// auditKeys are the keys that the log is signed with, while the platform lives.
func (p *process) auditKeys() ([]byte, error) {
	res, err := http.Get(p.issuer + "/audit/jwks.json")
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return io.ReadAll(res.Body)
}

// compare finds what the store says otherwise than everybody was told.
func (w *world) compare(f *found) (err error) {
	wrong := func(format string, args ...any) { err = errors.Join(err, fmt.Errorf(format, args...)) }
	for _, a := range w.actors {
		// between reports whether a number is what was acknowledged, and what is out
		// beside it.
		between := func(what, where string, n, least, more int) {
			if n < least || n > least+more {
				wrong("%s: %d of %s, and %s has %d (%d out)", a.name, least, what, where, n, more)
			}
		}
		out := func(what string) int {
			if a.out[what] {
				return 1
			}
			return 0
		}
		who := a.name + "/portal-fapi2"
		between("consent", "the log", f.agreed[who], a.got["consent"], out("consent"))
		between("login", "the history", f.read[who+"/login"], a.got["login"], out("login"))
		if stands, there := f.consent[who]; f.agreed[who] > 0 && (!there || !stands.Equal(f.last[who])) || there && f.agreed[who] == 0 {
			wrong("%s: the consent that stands is not the last of the log", a.name)
		}
		who = a.name + "/portal-share"
		between("agreement", "the log", f.agreed[who], a.got["agreement"], out("agreement"))
		between("documents", "the history", f.read[who+"/share"], a.got["documents"], a.got["fetches"]-a.got["documents"])
		for key, withdrawn := range a.keys {
			if states := f.stays[key]; len(states) != 1 || withdrawn && states[0] != "cancelled" {
				wrong("%s: a stay that was acknowledged is there as %v", a.name, states)
			}
		}
	}
	for who, n := range f.read {
		if f.twins[who] != n {
			wrong("%s: %d in the history, %d in the log", who, n, f.twins[who])
		}
	}
	for who, n := range f.twins {
		if f.read[who] != n {
			wrong("%s: %d in the log, %d in the history", who, n, f.read[who])
		}
	}
	for key, states := range f.stays {
		if len(states) != 1 {
			wrong("the stay %.8s… is there %d times", key, len(states))
		}
	}
	return err
}

// copied is the SQLite database as the dead process left it, beside the original, which
// the next life has to mend by itself.
func copied(name, dir string) (string, error) {
	to := filepath.Join(dir, "copy.db")
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(name + suffix)
		if errors.Is(err, os.ErrNotExist) && suffix != "" {
			err = os.RemoveAll(to + suffix)
		}
		if err == nil && b != nil {
			err = os.WriteFile(to+suffix, b, 0o600)
		}
		if err != nil {
			return "", err
		}
	}
	return to, os.RemoveAll(to + "-shm")
}

// sound asks SQLite whether the file is in order.
func sound(name string) error {
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return err
	}
	defer db.Close()
	var word string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&word); err != nil || word != "ok" {
		return fmt.Errorf("integrity_check: %q %w", word, err)
	}
	return nil
}
