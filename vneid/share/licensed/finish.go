package licensed

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/ending"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// Finish is for the page that VNeID comes back to: it takes the Session of that browser
// or app and the raw query of its request (r.URL.RawQuery). What the callback says is
// only a hint, since nothing protects it: the gateway is asked at once, and a
// *share.Pending says that it knows of no end yet.
func (c *Client) Finish(ctx context.Context, s *Session, rawQuery string) (share.Records, error) {
	r, err := c.finish(ctx, s, rawQuery)
	if err != nil {
		return share.Records{}, prefixed(err)
	}
	return r, nil
}

func (c *Client) finish(ctx context.Context, s *Session, rawQuery string) (share.Records, error) {
	p := s.look()
	if err := c.mine(&p); err != nil {
		return share.Records{}, err
	}
	txn, h, err := readCallback(rawQuery)
	if err != nil {
		return share.Records{}, err
	}
	if c.on("transaction") && !decoupled.Same(txn, p.Txn) {
		return share.Records{}, fault.New(vneid.ErrMismatch, "the callback is of another transaction")
	}
	return c.ask(ctx, s, h, true)
}

// Poll asks the gateway what became of the transaction, once and not before it is time:
// a *share.Pending says when that is. After the end each call gets the same Records or
// the same refusal.
func (c *Client) Poll(ctx context.Context, s *Session) (share.Records, error) {
	p := s.look()
	err := c.mine(&p)
	var r share.Records
	if err == nil {
		r, err = c.ask(ctx, s, noHint, false)
	}
	if err != nil {
		return share.Records{}, prefixed(err)
	}
	return r, nil
}

// mine refuses a session that this client did not begin.
func (c *Client) mine(p *pending) error {
	switch {
	case c.made() != nil:
		return c.made()
	case p.Txn == "":
		return fault.New(vneid.ErrMismatch, "there is no request under way")
	case c.on("session") && (p.Gateway != c.cfg.Gateway || p.Client != c.cfg.ClientID):
		return fault.New(vneid.ErrMismatch, "the session is of another gateway or client")
	}
	return nil
}

// The names under which the callback's value was seen.
var callbackNames = []string{"transitionCode", "transition_code", "transactionCode"}

// readCallback reads txnId|result. Some gateways escape the "|" twice.
func readCallback(raw string) (txn string, h hint, err error) {
	malformed := fault.New(vneid.ErrMalformed, "the callback has no transaction and result that can be read")
	q, err := relying.ParseQuery(raw)
	if err != nil {
		return "", noHint, err
	}
	value, found := "", false
	for _, name := range callbackNames {
		if v, there := q[name]; there {
			if found {
				return "", noHint, malformed
			}
			value, found = v, true
		}
	}
	value = strings.NewReplacer("%7C", "|", "%7c", "|").Replace(value)
	txn, result, both := strings.Cut(value, "|")
	if !goodTxn(txn) {
		return "", noHint, malformed
	}
	if !both {
		return txn, noHint, nil
	}
	switch result {
	case "1":
		return txn, agreed, nil
	case "2":
		return txn, declined, nil
	case "3":
		return txn, expired, nil
	}
	return "", noHint, malformed
}

// ask brings the transaction to its end if the gateway knows one; now does not wait for
// the interval, since somebody said that there is something to ask for.
func (c *Client) ask(ctx context.Context, s *Session, h hint, now bool) (share.Records, error) {
	p := s.look()
	return c.ended.Once(ctx, p.name(), ending.Remember, func(ctx context.Context, left *progress) (share.Records, error) {
		if left.data == "" {
			if err := c.inquire(ctx, s, &p, h, now, left); err != nil {
				return share.Records{}, err
			}
		}
		r, err := c.records(&p, left.data)
		return r, err
	})
}

// inquire makes the call if it is time for one.
func (c *Client) inquire(ctx context.Context, s *Session, p *pending, h hint, ring bool, left *progress) error {
	now := c.cfg.Now()
	if !now.Before(p.Until) && c.on("time") {
		c.desk.End(p.key(), c.bell(p), !c.on("open"))
		return &vneid.TimeError{NotAfter: p.Until, Now: now}
	}
	if wait := p.Next.Sub(now); wait > 0 && wait <= c.cfg.Interval && !ring {
		return &share.Pending{Again: wait}
	}
	// Even a callback is no reason to ask faster than this: anybody can call it.
	if wait := c.desk.Pace(p.key(), now, time.Second); wait > 0 {
		return &share.Pending{Again: wait}
	}
	data, err := c.call(ctx, http.MethodGet, c.cfg.StatusPath+p.Txn, nil)
	next := *p
	next.Next = c.cfg.Now().Add(c.cfg.Interval)
	s.put(next)
	if err == nil {
		err = c.settled(&data, h)
	}
	if err == nil {
		left.data = data.Text()
	}
	if _, pending := err.(*share.Pending); !pending && !isUnavailable(err) {
		c.desk.End(p.key(), c.bell(p), !c.on("open"))
	}
	return err
}

// settled says what the gateway's state means; nil is an answer.
func (c *Client) settled(data *jws.Object, h hint) error {
	state := data.String("status")
	switch {
	case data.Err() != nil || state == "":
		return fault.New(vneid.ErrMalformed, "the gateway's answer has no status")
	case strings.EqualFold(state, stateGood):
		return nil
	case strings.EqualFold(state, statePending):
		return &share.Pending{Again: c.cfg.Interval}
	}
	return c.cfg.ended(state, h)
}

// records makes the answer of what the gateway gave.
func (c *Client) records(p *pending, text string) (share.Records, error) {
	data, err := jws.ParseObject(text)
	if err != nil {
		return share.Records{}, fault.New(vneid.ErrMalformed, "the gateway's data is not one strict JSON object")
	}
	who := data
	if c.cfg.Person != "" {
		if who = data.Object(c.cfg.Person); data.Err() != nil {
			return share.Records{}, fault.New(vneid.ErrMalformed, "the gateway's data has no person")
		}
	}
	person, err := c.cfg.person(&who)
	if err != nil {
		return share.Records{}, err
	}
	if c.on("person") && c.hash(person.number) != p.Who {
		return share.Records{}, fault.New(vneid.ErrMismatch, "the gateway answered about somebody else")
	}
	u := share.Unsigned{Issuer: c.cfg.Gateway, Txn: p.Txn, Received: c.cfg.Now(), Assurance: c.promised(p.Begun), Papers: person.papers}
	return u.Records(p.Request, seal.Own())
}
