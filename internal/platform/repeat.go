package platform

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// A call that carries an Idempotency-Key may be sent again when its answer was lost:
// see the package comment. What was answered is written in the transaction of the
// call's effect, so that there is never one without the other.

const (
	tableRepeats = "repeat" // keyed hash of (client, key) → answered

	// keepRepeats is how long an answer can be had again. Where it is worth less, it
	// is kept shorter.
	keepRepeats = 24 * time.Hour
)

// answered is the answer to a call that may come again.
type answered struct {
	Call   string    `json:"call"`   // keyed hash of what was asked
	Answer string    `json:"answer"` // concealed
	Until  time.Time `json:"until"`
}

// repeat is a call that may be one again; nil: its client does not say so.
type repeat struct {
	row, call string
	life      time.Duration
}

var errKeyReused = refuse(http.StatusUnprocessableEntity, "idempotency_key_reused", "the key came with another request before")

// repeatable reads the key of a call that this client makes; what says what it asks
// for.
func (p *Platform) repeatable(r *http.Request, c *Client, life time.Duration, what ...string) (*repeat, error) {
	keys := r.Header.Values("Idempotency-Key")
	if len(keys) == 0 {
		return nil, nil
	}
	if len(keys) > 1 || !visible(keys[0], 128) || len(keys[0]) < 16 {
		return nil, badRequest("Idempotency-Key is not 16 to 128 visible characters")
	}
	// Whoever sees one call of a public client could have its answer by repeating it.
	if c.Public && p.on("repeat-public") {
		return nil, nil
	}
	who := c.ID
	if !p.on("repeat-client") {
		who = ""
	}
	return &repeat{p.mac("repeat", who, keys[0]), p.mac("repeated", append(what, r.URL.Path)...), life}, nil
}

// repeatableForm is repeatable for a form. How the client authenticates is new each
// time; the key that it proves is not.
func (p *Platform) repeatableForm(r *http.Request, c *Client, life time.Duration, form url.Values, jkt string) (*repeat, error) {
	if len(r.Header.Values("Idempotency-Key")) == 0 {
		return nil, nil
	}
	what := []string{jkt}
	for name, values := range form {
		if !slices.Contains([]string{"client_assertion", "client_assertion_type", "client_secret"}, name) {
			what = append(what, name+"="+strings.Join(values, "\x00"))
		}
	}
	slices.Sort(what[1:])
	return p.repeatable(r, c, life, what...)
}

type repeatKey struct{}

// repeating hands a call's key to the transaction that the call is about.
func repeating(ctx context.Context, q *repeat) context.Context {
	if q == nil {
		return ctx
	}
	return context.WithValue(ctx, repeatKey{}, q)
}

// effect runs what a call is about in one transaction, and answers a call that comes
// again as the first time. What proved the caller is new each time, and spent.
func (p *Platform) effect(ctx context.Context, marks []mark, f func(Tx) (members, error)) (out members, err error) {
	q, _ := ctx.Value(repeatKey{}).(*repeat)
	err = p.store.Update(ctx, func(tx Tx) (err error) {
		if err := p.spendMarks(tx, marks); err != nil {
			return err
		}
		if out, err = p.answeredBefore(tx, q); err != nil || out != nil {
			return err
		}
		if out, err = f(tx); err != nil {
			return err
		}
		return p.keepAnswer(tx, q, out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// answeredBefore returns the answer that a call has had, nil for none.
func (p *Platform) answeredBefore(tx Tx, q *repeat) (members, error) {
	if q == nil {
		return nil, nil
	}
	was, err := load[answered](tx, tableRepeats, q.row)
	if err != nil || was == nil || !p.now().Before(was.Until) {
		return nil, err
	}
	if was.Call != q.call && p.on("repeat-call") {
		return nil, errKeyReused
	}
	text, err := p.reveal(was.Answer)
	if err != nil {
		return nil, err
	}
	o, err := jws.ParseObject(text)
	if err != nil {
		return nil, errors.New("the store holds a damaged answer")
	}
	out := members{}
	for _, name := range o.Names() {
		out = append(out, is(name, jws.Raw(o.Raw(name))))
	}
	return out, nil
}

// keepAnswer notes the answer to a call.
func (p *Platform) keepAnswer(tx Tx, q *repeat, out members) error {
	if q == nil {
		return nil
	}
	text, err := jws.Encode(out...)
	if err != nil {
		return err
	}
	until := p.now().Add(q.life)
	return save(tx, tableRepeats, q.row, answered{q.call, p.conceal(string(text)), until}, until)
}
