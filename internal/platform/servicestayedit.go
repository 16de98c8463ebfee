package platform

import (
	"context"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// changeStay changes a notice of the client that is as the caller saw it, and not
// cancelled.
func (p *Platform) changeStay(ctx context.Context, c *Client, o jws.Object, change func(tx Tx, s *stay) (code string, err error)) (members, error) {
	id, version := o.String("id"), int(o.Int("version"))
	if o.Err() != nil || !servicewire.Code(id) {
		return nil, errShape
	}
	return p.effect(ctx, nil, func(tx Tx) (members, error) {
		s, err := p.stayOf(tx, c, id)
		if err != nil {
			return nil, err
		}
		code := ""
		switch {
		case s == nil:
			code = servicewire.Unknown
		case s.State == servicewire.StateCancelled && p.on("stay-sticky"):
			code = servicewire.Cancelled
		case s.Version != version && p.on("stay-version"):
			code = servicewire.Changed
		default:
			code, err = change(tx, s)
		}
		if err != nil {
			return nil, err
		}
		if code != "" {
			return nil, refuseCode(code)
		}
		return s.answer(false).Members(), nil
	})
}

// correctStay replaces the details of a notice. The guest and the facility stay.
func (p *Platform) correctStay(ctx context.Context, c *Client, o jws.Object) (members, error) {
	row, err := servicewire.ReadStay(o.Object("row"))
	if err != nil || !onlyNames(o, "id", "version", "row") {
		return nil, errShape
	}
	return p.changeStay(ctx, c, o, func(tx Tx, s *stay) (string, error) {
		row.Key, row.With = s.Row.Key, s.Row.With
		now := p.now()
		if now.Sub(s.Row.Arrive) > servicewire.MaxAge { // it could be filed then, so it can be corrected
			now = s.At
		}
		code := row.Check(now)
		switch {
		case code != "":
			return code, nil
		case row.Facility != s.Row.Facility:
			return servicewire.UnknownFacility, nil
		case !sameGuest(row, s.Row) && p.on("stay-guest"):
			return servicewire.OtherGuest, nil
		}
		return p.replaceStay(tx, c, s, row)
	})
}

// sameGuest reports whether a correction is about the same person: by the document, of
// a child without one by the date of birth.
func sameGuest(a, b servicewire.Stay) bool {
	return a.Number == b.Number && a.Passport == b.Passport && a.Family == b.Family && (b.Number+b.Passport != "" || a.Birth == b.Birth)
}

// replaceStay moves a notice to the day and night that it has now.
func (p *Platform) replaceStay(tx Tx, c *Client, s *stay, row servicewire.Stay) (code string, err error) {
	guest := p.stayGuest(c, row)
	if guest != s.Guest {
		other, err := load[string](tx, tableStayGuests, guest)
		if err != nil {
			return "", err
		}
		if other != nil {
			return servicewire.Duplicate, nil
		}
	}
	if err := tx.Delete(tableStays, stayKey(c, s)); err != nil {
		return "", err
	}
	if err := tx.Delete(tableStayGuests, s.Guest); err != nil {
		return "", err
	}
	s.Row, s.Guest, s.State, s.Version = row, guest, servicewire.StateCorrected, s.Version+1
	until := s.At.Add(keepStays)
	if err := save(tx, tableStays, stayKey(c, s), s, until); err != nil {
		return "", err
	}
	if err := save(tx, tableStayIDs, c.ID+"/"+s.ID, stayKey(c, s), until); err != nil {
		return "", err
	}
	return "", save(tx, tableStayGuests, guest, s.ID, until)
}

// cancelStay withdraws a notice for good. The guest's night is free for another one,
// under a key of its own.
func (p *Platform) cancelStay(ctx context.Context, c *Client, o jws.Object) (members, error) {
	if !onlyNames(o, "id", "version") {
		return nil, errShape
	}
	return p.changeStay(ctx, c, o, func(tx Tx, s *stay) (string, error) {
		s.State, s.Version = servicewire.StateCancelled, s.Version+1
		if err := save(tx, tableStays, stayKey(c, s), s, s.At.Add(keepStays)); err != nil {
			return "", err
		}
		return "", tx.Delete(tableStayGuests, s.Guest)
	})
}

// queryStays shows a facility's notices of one day of arrival: nothing of the guests,
// whom the hotel's own book names.
func (p *Platform) queryStays(ctx context.Context, c *Client, o jws.Object) (members, error) {
	facility := o.String("facility")
	day, err := vneid.ParseDate(o.String("day"))
	if err != nil || day.Day() == 0 || o.Err() != nil || !onlyNames(o, "facility", "day") {
		return nil, errShape
	}
	if _, known := c.facility(facility); !known {
		return nil, refuseCode(servicewire.UnknownFacility)
	}
	var rows []jws.Raw
	err = p.store.View(ctx, func(tx Tx) error {
		rows = rows[:0]
		found, err := list[stay](tx, tableStays, c.ID+"/"+facility+"/"+day.String()+"/", maxStaysOfDay)
		if err != nil {
			return err
		}
		for _, s := range found {
			a := s.answer(false)
			a.Facility, a.Room, a.Source, a.Arrive, a.Leave = s.Row.Facility, s.Row.Room, s.Row.Source, s.Row.Arrive, s.Row.Leave
			b, err := jws.Encode(a.Members()...)
			if err != nil {
				return err
			}
			rows = append(rows, jws.Raw(b))
		}
		return nil
	})
	return members{is("rows", jws.Raw(array(rows)))}, err
}
