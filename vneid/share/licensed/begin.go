package licensed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// Begin asks the gateway to ask the person with this personal number (số định danh cá
// nhân), and returns the link that opens VNeID on their telephone, where a notice waits
// too, and the Session to keep. While a request to the same person is open it refuses
// with vneid.ErrUnavailable, a *vneid.APIError with RetryAfter.
//
// A Request with a refused Finding, or for what this wire does not carry, is refused
// without a kind, as what it is: a mistake of the program's.
func (c *Client) Begin(ctx context.Context, r share.Request, number string) (link string, s *Session, err error) {
	link, s, err = c.begin(ctx, r, number)
	if err != nil {
		return "", nil, prefixed(err)
	}
	return link, s, nil
}

func (c *Client) begin(ctx context.Context, r share.Request, number string) (string, *Session, error) {
	if err := c.made(); err != nil {
		return "", nil, err
	}
	if err := carried(r); err != nil {
		return "", nil, err
	}
	id, err := vneid.ParseCitizenID(number)
	if err != nil {
		return "", nil, fault.New(vneid.ErrMalformed, "the number is no personal number of twelve digits")
	}
	now := c.cfg.Now()
	if c.promised(now).Check(r.Need) != nil {
		return "", nil, errors.New("the Request needs more than Config.Assurance promises")
	}
	p := pending{Gateway: c.cfg.Gateway, Client: c.cfg.ClientID, Who: c.hash(id.Reveal()), Request: r, Begun: now, Until: now.Add(c.cfg.Life), Next: now}
	if err := c.desk.Enter(p.Who, now, !c.on("open")); err != nil {
		return "", nil, err
	}
	if p.Txn, err = c.init(ctx, id.Reveal()); err != nil {
		if !errors.Is(err, vneid.ErrUnavailable) || errors.As(err, new(*vneid.APIError)) {
			c.desk.Leave(p.Who) // else nobody answered, and the telephone may have rung
		}
		return "", nil, err
	}
	c.desk.Hold(p.key(), p.Next, p.Until)
	if len(c.webhook()) > 0 {
		sum := decoupled.Sum(p.Txn)
		c.desk.Hang(sum, p.Until)
		c.desk.Tune(sum, p.Txn, p.Until)
	}
	return c.cfg.Link + url.PathEscape(p.Txn), newSession(p), nil
}

// promised is what the contract says of the answer to a request that began then.
func (c *Client) promised(begun time.Time) vneid.Assurance {
	a := c.cfg.Assurance
	if a.Level > 0 || a.Auth > 0 {
		a.At = begun
	}
	return a
}

// carried refuses what the wire cannot answer.
func carried(r share.Request) error {
	for _, f := range r.Check() {
		if f.Refused {
			return fmt.Errorf("the Request is refused: %s: %s", f.Where, f.EN)
		}
	}
	switch {
	case r.Periodic != nil:
		return errors.New("the Request is periodic, which this wire is not")
	case r.Subject != "":
		return errors.New("the Request names a Subject, which this wire knows nobody by")
	}
	for i, w := range r.Documents {
		if fields[w.Kind] == nil {
			return fmt.Errorf("the Request's documents[%d] is of a kind that this wire does not carry", i)
		}
		if len(w.Predicates) > 0 {
			return fmt.Errorf("the Request's documents[%d] has predicates, which this wire does not answer", i)
		}
		for _, claim := range w.Claims {
			if !w.Optional && !claim.Optional && !slices.ContainsFunc(fields[w.Kind], func(f field) bool { return f.claim == claim.Name }) && slices.Contains(paper.Claims(w.Kind), claim.Name) {
				return fmt.Errorf("the Request's documents[%d] needs a claim that this wire does not carry", i)
			}
		}
	}
	return nil
}

// init makes the call that begins a transaction.
func (c *Client) init(ctx context.Context, number string) (txn string, err error) {
	body, err := json.Marshal(map[string]string{"citizenPid": number, "serviceCode": c.cfg.Service})
	if err != nil {
		return "", err
	}
	data, err := c.call(ctx, http.MethodPost, c.cfg.InitPath+"?code="+url.QueryEscape(c.cfg.Code), body)
	if err != nil {
		return "", err
	}
	txn = data.String("txnId")
	if data.Err() != nil || !goodTxn(txn) {
		return "", fault.New(vneid.ErrMalformed, "the gateway's answer has no usable txnId")
	}
	return txn, nil
}

// goodTxn reports whether s can stand in a URL and beside a "|".
func goodTxn(s string) bool {
	return s != "" && len(s) <= 128 && relying.Printable(s) && url.PathEscape(s) == s && s != "." && s != ".."
}
