package platform

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// handleReconciliation gives a client the list that it holds its own against.
func (p *Platform) handleReconciliation(w http.ResponseWriter, r *http.Request) {
	c, err := p.bearerClient(w, r)
	var q url.Values
	if err == nil {
		q, err = queryOf(w, r)
	}
	var day time.Time
	if err == nil {
		if day, err = time.ParseInLocation(time.DateOnly, q.Get("day"), vietnam); err != nil {
			err = badRequest("day is not a day, yyyy-MM-dd")
		}
	}
	var rows []members
	if err == nil {
		rows, err = p.reconciliation(r.Context(), c.ID, day)
	}
	texts := make([]string, len(rows))
	for i := 0; i < len(rows) && err == nil; i++ {
		var text []byte
		text, err = jws.Encode(rows[i]...)
		texts[i] = string(text)
	}
	if err != nil {
		fail(w, err)
		return
	}
	writeMembers(w, members{is(wire.ReconDay, day.Format(time.DateOnly)), is(wire.ReconRows, rawArray(texts))})
}

// maxRows bounds a day's list: a client with more asks per purpose, one day.
const maxRows = 100_000

// ReconRow is one line of the list that a client holds its own against.
type ReconRow struct {
	Request, Kind, Outcome string
	At                     time.Time
	Billable               bool
}

// Reconciliation is the list of one day (UTC+7) as the client's console shows it.
func (p *Platform) Reconciliation(ctx context.Context, client string, day vneid.Date) (out []ReconRow, err error) {
	rows, err := p.reconciliation(ctx, client, time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, vietnam))
	for _, m := range rows {
		row := ReconRow{}
		row.Request, _ = m.get(wire.ReconRequest).(string)
		row.Kind, _ = m.get(wire.ReconKind).(string)
		row.Outcome, _ = m.get(wire.ReconOutcome).(string)
		row.At, _ = m.get(wire.ReconAt).(time.Time)
		row.Billable, _ = m.get(wire.ReconBillable).(bool)
		out = append(out, row)
	}
	return out, err
}

// reconciliation lists what became of a client's requests of one day (UTC+7): one row
// for each kind that was asked for, without personal data. A document that was declined
// and one that does not exist read the same.
func (p *Platform) reconciliation(ctx context.Context, client string, day time.Time) (out []members, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out = nil
		ids, err := list[string](tx, tableSharesByDay, p.rowsOf(client)+day.Format(time.DateOnly)+"/", maxRows)
		for _, id := range ids {
			s, err := load[sharing](tx, tableSharings, id)
			if err != nil {
				return err
			}
			if s == nil {
				continue
			}
			for _, d := range s.Ask.Documents {
				out = append(out, p.reconRow(s, d))
			}
		}
		return err
	})
	return out, err
}

func (p *Platform) reconRow(s *sharing, d shareDoc) members {
	outcome := string(s.now(p.now()))
	got := findDoc(s.Granted, d.Kind) != nil
	if s.live() && !got {
		outcome = "declined"
	}
	at := s.Made
	if !s.Last.IsZero() {
		at = s.Last
	} else if !s.Decided.IsZero() {
		at = s.Decided
	}
	m := members{is(wire.ReconRequest, s.Request)}
	if s.Txn != "" {
		m = append(m, is(wire.ReconTxn, s.Txn))
	}
	if s.Account != "" && s.State != shareDenied {
		m = append(m, is(wire.ReconGrant, s.ID))
	}
	return append(m, is(wire.ReconKind, string(d.Kind)), is(wire.ReconOutcome, outcome), is(wire.ReconAt, at),
		is(wire.ReconBillable, got && s.Fetches > 0))
}
