package platform

import (
	"context"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/internal/viet"
)

const (
	tableStays      = "stay"     // client id / facility / day / id → stay
	tableStayIDs    = "stay-id"  // client id / id → key of the stay
	tableStayKeys   = "stay-key" // keyed hash of (client, key) → id, and keyed hash of the row
	tableStayGuests = "stay-who" // keyed hash of (client, facility, guest, night) → id

	// keepStays is how long notices stay: no text that was at hand says how long the
	// police keep them, so this is the project's choice.
	keepStays = 365 * 24 * time.Hour

	maxStaysOfDay = 1000 // of one facility, that a query shows
)

// stay is a notice. Its person is known by the row alone, which a relying party sent:
// the platform never answers whether it knows them.
type stay struct {
	ID      string           `json:"id"`
	State   string           `json:"state"`
	Version int              `json:"version"`
	At      time.Time        `json:"at"`
	Late    bool             `json:"late,omitempty"`
	Row     servicewire.Stay `json:"row"`
	Guest   string           `json:"guest"` // key in tableStayGuests
}

// filed is what a key stands for.
type filed struct {
	ID   string `json:"id"`
	Body string `json:"body"`
}

func (s *stay) answer(again bool) servicewire.Answer {
	until, _ := servicewire.Deadline(s.Row.Arrive)
	return servicewire.Answer{Key: s.Row.Key, ID: s.ID, State: s.State, Version: s.Version, Late: s.Late, Again: again, Deadline: until, At: s.At}
}

// fileStays takes the rows of an evening. All of them are one transaction, so that an
// answer that gets lost is answered again as it was.
func (p *Platform) fileStays(ctx context.Context, c *Client, o jws.Object) (members, error) {
	rows := o.Objects("rows")
	if o.Err() != nil || len(o.Names()) != 1 || len(rows) == 0 || len(rows) > servicewire.MaxRows {
		return nil, errShape
	}
	for range rows {
		if err := p.admit(ctx); err != nil {
			return nil, err
		}
	}
	return p.effect(ctx, nil, func(tx Tx) (members, error) {
		var answers []jws.Raw
		for _, row := range rows {
			a, err := p.fileStay(tx, c, row)
			if err != nil {
				return nil, err
			}
			b, err := jws.Encode(a.Members()...)
			if err != nil {
				return nil, err
			}
			answers = append(answers, jws.Raw(b))
		}
		return members{is("rows", jws.Raw(array(answers)))}, nil
	})
}

// array writes encoded values as a JSON array.
func array(values []jws.Raw) string {
	out := "["
	for i, v := range values {
		if i > 0 {
			out += ","
		}
		out += string(v)
	}
	return out + "]"
}

// fileStay takes one row, or says why not. An error is the store's alone.
func (p *Platform) fileStay(tx Tx, c *Client, o jws.Object) (servicewire.Answer, error) {
	row, err := servicewire.ReadStay(o)
	if err != nil {
		return servicewire.Answer{Key: o.String("key"), Error: servicewire.Malformed}, nil
	}
	no := func(code string) (servicewire.Answer, error) {
		return servicewire.Answer{Key: row.Key, Error: code}, nil
	}
	now := p.now()
	key, body := p.mac("stay key", c.ID, row.Key), p.mac("stay row", o.Text())
	was, err := load[filed](tx, tableStayKeys, key)
	if err != nil {
		return servicewire.Answer{}, err
	}
	if was != nil {
		s, err := p.stayOf(tx, c, was.ID)
		switch {
		case err != nil:
			return servicewire.Answer{}, err
		case was.Body != body && p.on("stay-body"):
			return no(servicewire.KeyReused)
		case s != nil:
			return s.answer(true), nil
		}
	}
	if code, err := p.judgeStay(tx, c, row); err != nil || code != "" {
		a, _ := no(code)
		return a, err
	}
	guest := p.stayGuest(c, row)
	other, err := load[string](tx, tableStayGuests, guest)
	if err != nil {
		return servicewire.Answer{}, err
	}
	if other != nil && p.on("stay-duplicate") {
		return servicewire.Answer{Key: row.Key, Error: servicewire.Duplicate, ID: *other}, nil
	}
	until, _ := servicewire.Deadline(row.Arrive)
	s := &stay{ID: random()[:22], State: servicewire.StateFiled, Version: 1, At: now, Late: !now.Before(until), Row: row, Guest: guest}
	if err := p.saveStay(tx, c, s, key, body); err != nil {
		return servicewire.Answer{}, err
	}
	return s.answer(false), p.tellGuest(tx, c, s)
}

// judgeStay holds a row to the rules, and to what the client is registered for.
func (p *Platform) judgeStay(tx Tx, c *Client, row servicewire.Stay) (code string, err error) {
	f, known := c.facility(row.Facility)
	switch code := row.Check(p.now()); {
	case code == servicewire.Foreigner && !p.on("stay-foreigner"):
	case code == servicewire.Residence && !p.on("stay-residence"):
	case code == servicewire.Future && !p.on("stay-future"):
	case code == servicewire.TooOld && !p.on("stay-old"):
	case code == servicewire.NoNumber && !p.on("stay-number"):
	case code != "":
		return code, nil
	}
	_, number := row.Document()
	switch {
	case !known && p.on("stay-facility"):
		return servicewire.UnknownFacility, nil
	case row.Family && f.Kind != Household && p.on("stay-household"):
		return servicewire.NotHousehold, nil
	case number != "" || row.With == "" || !p.on("stay-adult"):
		return "", nil
	}
	// A child came with somebody who is notified at the same facility.
	with, err := load[filed](tx, tableStayKeys, p.mac("stay key", c.ID, row.With))
	if err != nil || with == nil {
		return servicewire.NoNumber, err
	}
	adult, err := p.stayOf(tx, c, with.ID)
	if err != nil || adult == nil || adult.State == servicewire.StateCancelled || adult.Row.With != "" || adult.Row.Facility != row.Facility {
		return servicewire.NoNumber, err
	}
	return "", nil
}

// stayGuest is the name of a guest's night at a facility, whatever key it came under.
func (p *Platform) stayGuest(c *Client, row servicewire.Stay) string {
	sort, number := row.Document()
	who := []string{c.ID, row.Facility, row.Night(), sort, number}
	if number == "" {
		who = append(who, viet.Fold(row.Name), row.Birth.String(), row.With)
	}
	return p.mac("stay guest", who...)
}

func stayKey(c *Client, s *stay) string {
	return c.ID + "/" + s.Row.Facility + "/" + servicewire.Day(s.Row.Arrive).String() + "/" + s.ID
}

// saveStay enters a new notice under its three names.
func (p *Platform) saveStay(tx Tx, c *Client, s *stay, key, body string) error {
	until := s.At.Add(keepStays)
	for _, r := range []struct {
		table, key string
		v          any
	}{
		{tableStays, stayKey(c, s), s}, {tableStayIDs, c.ID + "/" + s.ID, stayKey(c, s)},
		{tableStayKeys, key, filed{s.ID, body}}, {tableStayGuests, s.Guest, s.ID},
	} {
		if err := save(tx, r.table, r.key, r.v, until); err != nil {
			return err
		}
	}
	return nil
}

// stayOf finds a notice of the client; nil for none.
func (p *Platform) stayOf(tx Tx, c *Client, id string) (*stay, error) {
	key, err := load[string](tx, tableStayIDs, c.ID+"/"+id)
	if err != nil || key == nil {
		return nil, err
	}
	return load[stay](tx, tableStays, *key)
}
