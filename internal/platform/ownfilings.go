package platform

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// What people file in the app itself goes the way of what relying parties file for them:
// the same rules, the same office. The app is no registered client; its rows stand under a
// name with a blank in it, which no client's id has.

const (
	ownApp = "the app"

	tableTicketsOf = "tickets" // account id / time → ticket id
)

// ownName is what others see where a client's name would stand.
const ownName = "Ứng dụng công dân"

// FilingError says by a code of internal/servicewire why a filing or a stay was refused.
type FilingError struct{ Code string }

func (e *FilingError) Error() string { return "platform: refused: " + e.Code }

// asFiling turns a refusal of a service into a FilingError.
func asFiling(err error) error {
	var e *oauthError
	if errors.As(err, &e) {
		return &FilingError{e.Code}
	}
	return err
}

// NewKey returns a key for one filing or stay: what is sent twice under it counts once.
func NewKey() string { return random() }

// FileOwn files something in the app, as who is logged in.
func (p *Platform) FileOwn(ctx context.Context, by Session, f servicewire.Filing) error {
	f.Applicant = by.Account.Record.ID
	if f.Applicant == "" && f.Kind == servicewire.SecurityReport {
		return &FilingError{servicewire.Unknown} // no report in nobody's name from an app that somebody is logged in to
	}
	o, err := objectOf(f)
	if err == nil {
		_, err = p.fileTicket(ctx, &Client{ID: ownApp, Name: ownName}, o)
	}
	return asFiling(err)
}

// OwnTickets lists what was filed for a person, here or at a relying party, newest first.
func (p *Platform) OwnTickets(ctx context.Context, account string, limit int) (out []Ticket, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out = nil
		ids, err := list[string](tx, tableTicketsOf, account+"/", limit)
		for _, id := range ids {
			t, err := load[Ticket](tx, tableTickets, id)
			if err != nil {
				return err
			}
			if t != nil && t.Account == account {
				out = append(out, *t)
			}
		}
		return err
	})
	return out, err
}

func objectOf(v any) (jws.Object, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return jws.Object{}, err
	}
	return jws.ParseObject(string(text))
}

// OwnStay is a notice of a stay that somebody gave in the app, for a guest at their home
// or for themselves where the host does not (Luật Cư trú Art. 30).
type OwnStay struct {
	ID      string
	State   string
	Version int
	Late    bool
	Stay    servicewire.Stay
}

// ownHome is the facility of what people notify for themselves.
const ownHome = "home"

func appOf(a Account, place string) *Client {
	return &Client{ID: ownApp + ":" + a.ID, Name: ownName, Facilities: []Facility{{Code: ownHome, Name: place, Kind: Household}}}
}

// NotifyStay files a notice of a stay in the app. The place is the address of the row's
// Room-less facility: where the guest stays.
func (p *Platform) NotifyStay(ctx context.Context, by Session, place string, row servicewire.Stay) error {
	if place == "" || !servicewire.Plain(place, 200) {
		return &FilingError{servicewire.Malformed}
	}
	row.Facility, row.Source = ownHome, "typed"
	o, err := objectOf(row)
	if err != nil {
		return err
	}
	if err := p.admit(ctx); err != nil {
		return err
	}
	code := ""
	err = p.store.Update(ctx, func(tx Tx) error {
		a, err := p.fileStay(tx, appOf(by.Account, place), o)
		code = a.Error
		return err
	})
	if err == nil && code != "" {
		return &FilingError{code}
	}
	return err
}

// OwnStays lists the notices that somebody gave in the app, the latest arrival first.
func (p *Platform) OwnStays(ctx context.Context, account string, limit int) (out []OwnStay, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out = nil
		all, err := list[stay](tx, tableStays, ownApp+":"+account+"/"+ownHome+"/", maxStaysOfDay)
		for i := len(all) - 1; i >= 0 && len(out) < limit; i-- {
			s := all[i]
			out = append(out, OwnStay{s.ID, s.State, s.Version, s.Late, s.Row})
		}
		return err
	})
	return out, err
}

// CancelStay takes a notice back.
func (p *Platform) CancelStay(ctx context.Context, by Session, id string, version int) error {
	o, err := objectOf(struct {
		ID      string `json:"id"`
		Version int    `json:"version"`
	}{id, version})
	if err == nil {
		_, err = p.cancelStay(ctx, appOf(by.Account, ""), o)
	}
	return asFiling(err)
}
