package platform

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// How events reach a client: pushed to the address that it registered (RFC 8935), or
// fetched by it (RFC 8936). Either way an event waits in the store until the client
// has taken it, and comes again as long as it has not.
const (
	beat      = 4 * time.Minute // between signs of life on a stream that is pushed
	pushBatch = 50              // events told in one go
	pollMost  = 100             // events answered at once
)

// openStream begins the signs of life of a client that is pushed to: they tell it, by
// their absence, that something keeps events from it.
func (p *Platform) openStream(tx Tx, c Client) error {
	if c.EventsURI == "" {
		return nil
	}
	was, err := tx.Get(tableStreams, c.ID)
	if err != nil || was != nil {
		return err
	}
	return errors.Join(tx.Put(tableStreams, c.ID, []byte("1"), time.Time{}),
		p.enter(tx, &notice{Client: c.ID, Stream: true, Beat: true}, p.now().Add(beat)))
}

// deliverStream pushes what waits, in its order, and a sign of life where nothing
// does and one is due. What fails stays, and is tried again for as long as it takes.
func (p *Platform) deliverStream(ctx context.Context, n notice) {
	c, err := p.client(ctx, n.Client)
	if err != nil {
		return
	}
	if c == nil || c.EventsURI == "" {
		_ = p.store.Update(context.WithoutCancel(ctx), func(tx Tx) error {
			return errors.Join(tx.Delete(tableNotices, n.key), tx.Delete(tableStreams, n.Client))
		})
		return
	}
	more, err := p.pushAll(ctx, c)
	if err == nil && !more && n.Beat {
		err = p.pushBeat(ctx, c)
	}
	if err != nil {
		return
	}
	_ = p.store.Update(context.WithoutCancel(ctx), func(tx Tx) error {
		if err := tx.Delete(tableNotices, n.key); err != nil {
			return err
		}
		switch {
		case n.Beat:
			return p.enter(tx, &notice{Client: c.ID, Stream: true, Beat: true}, p.now().Add(beat))
		case more:
			return p.tell(tx, notice{Client: c.ID, Stream: true})
		}
		return nil
	})
}

// pushAll pushes what waits; more says that something was left.
func (p *Platform) pushAll(ctx context.Context, c *Client) (more bool, err error) {
	var all []event
	err = p.store.View(ctx, func(tx Tx) (err error) {
		all, err = p.unacknowledged(tx, c.ID, pushBatch+1)
		return err
	})
	for i, e := range all {
		if i == pushBatch {
			return true, err
		}
		// A refusal for good would block everything behind it: the event is set aside, and
		// the client notices by the count that it lacks one.
		refused, err := p.push1(ctx, c, e)
		if err != nil {
			return false, err
		}
		if err := p.settled(ctx, e, refused); err != nil {
			return false, err
		}
	}
	return false, err
}

// pushBeat pushes a sign of life: everything that happened until now, so many events,
// was taken or refused.
func (p *Platform) pushBeat(ctx context.Context, c *Client) error {
	e := event{ID: random()[:22], Name: wire.EventHeartbeat, At: p.now()}
	err := p.store.View(ctx, func(tx Tx) (err error) {
		e.Told, err = counted(tx, toldTo(c.ID))
		return err
	})
	if err != nil {
		return err
	}
	_, err = p.push1(ctx, c, e)
	return err
}

// push1 pushes one event (RFC 8935 §2). refused says that the client will never take it.
func (p *Platform) push1(ctx context.Context, c *Client, e event) (refused bool, err error) {
	token, err := p.eventToken(c, e)
	if err != nil {
		return false, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.EventsURI, strings.NewReader(token))
	if err != nil {
		return false, err
	}
	req.Header.Set("Content-Type", wire.MediaEvent)
	req.Header.Set("Accept", "application/json")
	began := time.Now()
	status, err := p.callStatus(req)
	if err == nil && status != http.StatusAccepted && status != http.StatusBadRequest {
		err = errors.New("the relying party did not take it")
	}
	p.noteTold(c.ID, "events_uri", e.Name, began, status, 0, err)
	return status == http.StatusBadRequest, err
}

// settled takes an event out of the stream that the client has, or refused for good.
func (p *Platform) settled(ctx context.Context, e event, refused bool) error {
	return p.store.Update(context.WithoutCancel(ctx), func(tx Tx) error {
		if refused {
			return p.setAside(tx, e)
		}
		return tx.Delete(tableEvents, e.key)
	})
}

// pollRequest is RFC 8936 §2.2.
type pollRequest struct {
	MaxEvents *int                       `json:"maxEvents"`
	Return    bool                       `json:"returnImmediately"` // as if it were set: nobody is kept waiting
	Ack       []string                   `json:"ack"`
	Errors    map[string]json.RawMessage `json:"setErrs"`
}

// handleEvents lets a client fetch events and say which it has (RFC 8936). It
// authenticates by a client assertion as bearer token: there is no form to put one in.
func (p *Platform) handleEvents(w http.ResponseWriter, r *http.Request) {
	c, err := p.bearerClient(w, r)
	if err == nil && p.breakCall(w, r, c.ID) {
		return
	}
	var q pollRequest
	if err == nil {
		q, err = readPoll(w, r)
	}
	if err != nil {
		fail(w, err)
		return
	}
	limit := pollMost
	if q.MaxEvents != nil {
		limit = max(0, min(*q.MaxEvents, pollMost))
	}
	var all []event
	var told uint64
	err = p.store.Update(r.Context(), func(tx Tx) error {
		if err := p.settle(tx, c.ID, q); err != nil {
			return err
		}
		all, err = p.unacknowledged(tx, c.ID, limit+1)
		if err == nil {
			told, err = counted(tx, toldTo(c.ID))
		}
		return err
	})
	if err != nil {
		fail(w, err)
		return
	}
	p.writeEvents(w, c, all, limit, told)
}

func readPoll(w http.ResponseWriter, r *http.Request) (q pollRequest, err error) {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
		return q, refuse(http.StatusUnsupportedMediaType, "invalid_request", "the body must be application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return q, refuse(http.StatusRequestEntityTooLarge, "invalid_request", "the body is too long or broken off")
	}
	if _, err := jws.ParseObject(string(body)); err != nil || json.Unmarshal(body, &q) != nil || len(q.Ack)+len(q.Errors) > 1000 {
		return q, badRequest("the body is not a poll of RFC 8936 §2.2")
	}
	return q, nil
}

// settle takes away what the client has, or will never take.
func (p *Platform) settle(tx Tx, client string, q pollRequest) error {
	if len(q.Ack)+len(q.Errors) == 0 {
		return nil
	}
	all, err := p.unacknowledged(tx, client, 10*pollMost)
	for _, e := range all {
		if _, refused := q.Errors[e.ID]; refused {
			err = errors.Join(err, p.setAside(tx, e))
		} else if slices.Contains(q.Ack, e.ID) {
			err = errors.Join(err, tx.Delete(tableEvents, e.key))
		}
	}
	return err
}

func (p *Platform) writeEvents(w http.ResponseWriter, c *Client, all []event, limit int, told uint64) {
	sets := []jws.Member{}
	for _, e := range all[:min(limit, len(all))] {
		token, err := p.eventToken(c, e)
		if err != nil {
			fail(w, err)
			return
		}
		sets = append(sets, is(e.ID, token))
	}
	writeMembers(w, members{is(wire.PollSets, sets), is(wire.PollMore, len(all) > limit), is(wire.EventTold, told)})
}

// bearerClient authenticates a call by a client assertion in the Authorization header.
func (p *Platform) bearerClient(w http.ResponseWriter, r *http.Request) (*Client, error) {
	assertion, bound, ok := presented(r)
	if !ok || bound {
		return nil, errClient
	}
	c, marks, err := p.assertedClient(w, r, url.Values{"client_assertion": {assertion}, "client_assertion_type": {oauth.AssertionType}}, true)
	if err == nil {
		err = p.spendNow(r.Context(), marks...)
	}
	if err == nil && len(c.Purposes) == 0 {
		err = refuse(http.StatusForbidden, "unauthorized_client", "")
	}
	return c, err
}
