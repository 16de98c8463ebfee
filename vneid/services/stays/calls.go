package stays

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

var errZero = errors.New("stays: a zero Desk, which New did not make")

// errAnswer is for an answer that is not to what was asked.
var errAnswer = fault.New(vneid.ErrUnavailable, "the platform's answer does not fit what was asked")

// ask sends one portion and holds the answer against it, row by row.
func (d *Desk) ask(ctx context.Context, stays []Stay, keys []string, portion []int) ([]servicewire.Answer, error) {
	request := struct {
		Rows []servicewire.Stay `json:"rows"`
	}{}
	for _, i := range portion {
		request.Rows = append(request.Rows, stays[i].row(keys, i))
	}
	o, err := d.client.Call(ctx, seal.Own(), servicewire.PathStays, request, "") // each row has a key of its own
	if err != nil {
		return nil, err
	}
	rows := o.Objects("rows")
	if o.Err() != nil || len(rows) != len(portion) {
		return nil, errAnswer
	}
	out := make([]servicewire.Answer, len(rows))
	for j, row := range rows {
		a, err := servicewire.ReadAnswer(row)
		if err != nil || a.Key != keys[portion[j]] {
			return nil, errAnswer
		}
		out[j] = a
	}
	return out, nil
}

// answer is a row's answer for the caller.
func answer(a servicewire.Answer, row int, deadline time.Time) Answer {
	if a.Error != "" {
		return Answer{Row: row, Err: fault.Prefix("stays", rowError(a.Error, a.ID)), Deadline: deadline}
	}
	return Answer{Row: row, Deadline: a.Deadline, ID: a.ID, State: State(a.State), Version: a.Version, Late: a.Late, Again: a.Again, At: a.At}
}

// Correct replaces the details of a notice: the room, the days, the spelling of the
// name. version is the one that the caller has seen, so that nobody's correction is
// lost; the guest stays the same person, and a child's adult too. Where no answer came
// the same call may be made again for a day, and changes nothing twice.
func (d *Desk) Correct(ctx context.Context, id string, version int, s Stay) (Answer, error) {
	if d == nil || d.secret == nil {
		return Answer{}, errZero
	}
	with := s.With
	s.With = 0
	keys := d.keys([]Stay{s})
	row := s.row(keys, 0)
	if with != 0 {
		return Answer{}, fault.Prefix("stays", rowError(servicewire.OtherGuest, ""))
	}
	if s.bad == nil && s.Guest.Foreign() {
		return Answer{}, fault.Prefix("stays", &ForeignerError{})
	}
	if code := row.Check(d.client.Now()); s.bad != nil || code != "" && code != servicewire.NoNumber && code != servicewire.TooOld {
		return Answer{}, fault.Prefix("stays", rowError(cmp.Or(code, servicewire.Malformed), ""))
	}
	return d.one(ctx, servicewire.PathCorrect, struct {
		ID      string           `json:"id"`
		Version int              `json:"version"`
		Row     servicewire.Stay `json:"row"`
	}{id, version, row})
}

// Cancel withdraws a notice for good: the guest never came, or it was filed twice.
// It may be made again as Correct may.
func (d *Desk) Cancel(ctx context.Context, id string, version int) (Answer, error) {
	if d == nil || d.secret == nil {
		return Answer{}, errZero
	}
	return d.one(ctx, servicewire.PathCancel, struct {
		ID      string `json:"id"`
		Version int    `json:"version"`
	}{id, version})
}

func (d *Desk) one(ctx context.Context, path string, request any) (Answer, error) {
	text, err := json.Marshal(request)
	if err != nil {
		return Answer{}, errAnswer
	}
	o, err := d.client.Call(ctx, seal.Own(), path, request, d.mac("change", path, string(text)))
	var api *vneid.APIError
	if errors.As(err, &api) && api.Code != "" && api.Status < 500 {
		if _, known := servicewire.KindOf(api.Code); known {
			err = rowError(api.Code, "")
		}
	}
	if err != nil {
		return Answer{}, fault.Prefix("stays", err)
	}
	a, err := servicewire.ReadAnswer(o)
	if err != nil || a.Error != "" {
		return Answer{}, fault.Prefix("stays", errAnswer)
	}
	return answer(a, 1, a.Deadline), nil
}

// Notice is a notice as the platform has it. It names nobody: the hotel's own book does.
type Notice struct {
	Answer
	Facility, Room string
	Source         string // as Source.String
	Arrive         time.Time
	Leave          vneid.Date
}

// Notices returns the notices of one facility for the arrivals of one day, oldest first,
// at most 1,000.
func (d *Desk) Notices(ctx context.Context, facility string, day vneid.Date) ([]Notice, error) {
	if d == nil || d.secret == nil {
		return nil, errZero
	}
	o, err := d.client.Call(ctx, seal.Own(), servicewire.PathStayQuery, struct {
		Facility string     `json:"facility"`
		Day      vneid.Date `json:"day"`
	}{facility, day}, "")
	if err != nil {
		return nil, fault.Prefix("stays", err)
	}
	var out []Notice
	for i, row := range o.Objects("rows") {
		a, err := servicewire.ReadAnswer(row)
		if err != nil || a.Error != "" || a.Facility != facility {
			return nil, fault.Prefix("stays", errAnswer)
		}
		out = append(out, Notice{answer(a, i+1, a.Deadline), a.Facility, a.Room, a.Source, a.Arrive, a.Leave})
	}
	if o.Err() != nil || !o.Has("rows") {
		return nil, fault.Prefix("stays", errAnswer)
	}
	return out, nil
}
