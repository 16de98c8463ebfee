package stays

import (
	"bytes"
	"context"
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services"
)

// Config is who notifies.
type Config struct {
	Client *services.Client

	// Secret makes the keys by which a row that is sent twice counts once: at least 32
	// random bytes, the same for all processes and for good. With another one the
	// platform refuses repetitions as duplicates instead.
	Secret []byte
}

// Desk notifies the stays of a relying party's facilities. It is safe for concurrent
// use. New makes one; the zero value refuses everything.
type Desk struct {
	client *services.Client
	secret func() []byte // a func, which no print opens
}

// New checks the configuration and calls nobody. An error has no kind and names the
// field.
func New(c Config) (*Desk, error) {
	if c.Client == nil {
		return nil, errors.New("stays: Config.Client is nil")
	}
	if len(c.Secret) < 32 {
		return nil, errors.New("stays: Config.Secret is shorter than 32 bytes")
	}
	secret := bytes.Clone(c.Secret)
	return &Desk{client: c.Client, secret: func() []byte { return secret }}, nil
}

// maxStays bounds one call of Submit.
const maxStays = 1000

// Submit notifies stays, an evening's or one, and answers for each row in its place. A
// row is refused alone, with Answer.Err; so is a foreigner (*ForeignerError), who is
// never sent. A row that could not be asked about is ErrUnavailable: submit the same
// rows again, and those that were taken are answered as before (Answer.Again).
//
// The error of the call is for more than 1,000 rows and for a Desk that New did not make.
func (d *Desk) Submit(ctx context.Context, stays []Stay) ([]Answer, error) {
	if d == nil || d.secret == nil {
		return nil, errZero
	}
	if len(stays) > maxStays {
		return nil, fault.New(vneid.ErrMalformed, "stays: more than 1,000 rows in one call")
	}
	keys := d.keys(stays)
	answers := make([]Answer, len(stays))
	var send []int
	for i := range stays {
		answers[i] = Answer{Row: i + 1, Err: fault.Prefix("stays", d.check(stays, keys, i))}
		answers[i].Deadline, _ = Deadline(stays[i].Arrive)
		if answers[i].Err == nil {
			send = append(send, i)
		}
	}
	d.send(ctx, stays, keys, order(stays, send), answers)
	return answers, nil
}

// order puts adults before children, who name them.
func order(stays []Stay, rows []int) []int {
	var adults, children []int
	for _, i := range rows {
		if stays[i].With > 0 {
			children = append(children, i)
		} else {
			adults = append(adults, i)
		}
	}
	return append(adults, children...)
}

// check says what is wrong with a row before anybody is asked.
func (d *Desk) check(stays []Stay, keys []string, i int) error {
	s := stays[i]
	switch {
	case s.bad != nil:
		return s.bad
	case s.Guest.Foreign() && !s.Guest.IsZero():
		return &ForeignerError{}
	case s.With < 0 || s.With > len(stays) || s.With == i+1:
		return rowError(servicewire.NoNumber, "")
	}
	if code := s.row(keys, i).Check(d.client.Now()); code != "" {
		return rowError(code, "")
	}
	if s.With > 0 { // a child cannot come with somebody who is refused
		adult := stays[s.With-1]
		if adult.bad != nil || adult.With > 0 || adult.Guest.Foreign() || adult.row(keys, s.With-1).Check(d.client.Now()) != "" {
			return rowError(servicewire.NoNumber, "")
		}
	}
	return nil
}

// send asks in portions. What fails keeps its rows' errors; later portions are tried
// only while the platform answers.
func (d *Desk) send(ctx context.Context, stays []Stay, keys []string, rows []int, answers []Answer) {
	var down error
	for len(rows) > 0 {
		n := min(len(rows), servicewire.MaxRows)
		portion := rows[:n]
		rows = rows[n:]
		var got []servicewire.Answer
		err := down
		if err == nil {
			got, err = d.ask(ctx, stays, keys, portion)
		}
		for j, i := range portion {
			if err != nil {
				answers[i].Err = fault.Prefix("stays", err)
				continue
			}
			answers[i] = answer(got[j], i+1, answers[i].Deadline)
		}
		down = err
	}
}
