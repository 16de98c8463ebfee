package platform

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// notice is something that a relying party has to be told at an address of its own.
// It waits in the store until Deliver has told it, or given up.
type notice struct {
	Client string `json:"client"`
	Tries  int    `json:"tries"`

	Logout *ended  `json:"logout,omitempty"`
	Ping   *pinged `json:"ping,omitempty"`
	Stream bool    `json:"stream,omitempty"` // events wait for the client
	Beat   bool    `json:"beat,omitempty"`   // and it is to hear from us even if none do

	key string // under which it waits for its next try
}

const (
	noticeTries = 5                // in a good quarter of an hour
	noticeDelay = 10 * time.Second // before the second try; each next waits three times as long
	noticeTime  = 5 * time.Second  // of one call: less than noticeDelay, so that two workers never tell one thing at once
	noticeBatch = 8                // calls at a time

	// soon is how long a person waits for the calls that their own logout causes.
	soon = 2 * time.Second

	idle = 30 * time.Second // between looks into a store that other processes write to
)

// errTold says that there is nobody to tell: a notice without an address.
var errTold = errors.New("the client has no address for this")

// tell enters a notice, due now.
func (p *Platform) tell(tx Tx, n notice) error {
	p.wake()
	return p.enter(tx, &n, p.now())
}

// wake has Work look now.
func (p *Platform) wake() {
	select {
	case p.kick <- struct{}{}:
	default:
	}
}

// enter stores a notice under the time when it is due: keys sort by it.
func (p *Platform) enter(tx Tx, n *notice, due time.Time) error {
	n.key = dueKey(due) + "-" + random()[:16]
	until := p.now().Add(time.Hour)
	if n.Stream { // an event is told however long it takes
		until = time.Time{}
	}
	return save(tx, tableNotices, n.key, n, until)
}

func dueKey(t time.Time) string { return fmt.Sprintf("%016x", t.UnixNano()) }

// dueOf reads a key; what is none is due at once.
func dueOf(key string) time.Time {
	var due int64
	if _, err := fmt.Sscanf(key, "%16x", &due); err != nil {
		return time.Time{}
	}
	return time.Unix(0, due)
}

// Deliver tells what is due, eight calls at a time, and returns when all of them have
// ended. next is when there is something to do again; zero for nothing.
func (p *Platform) Deliver(ctx context.Context) (next time.Time, err error) {
	for {
		batch, next, err := p.claim(ctx)
		if err != nil || len(batch) == 0 {
			return next, err
		}
		var calls sync.WaitGroup
		for _, n := range batch {
			calls.Go(func() { p.deliver(ctx, n) })
		}
		calls.Wait()
	}
}

// deliverSoon is Deliver while somebody waits. What fails stays in the store.
func (p *Platform) deliverSoon(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), soon)
	defer cancel()
	_, _ = p.Deliver(ctx)
}

// claim takes notices that are due, by putting each off to its next try: whoever dies
// on the way leaves it there, and no second worker sees it meanwhile.
func (p *Platform) claim(ctx context.Context) (batch []notice, next time.Time, err error) {
	if err := ctx.Err(); err != nil {
		return nil, time.Time{}, err
	}
	err = p.store.Update(ctx, func(tx Tx) error {
		batch, next = nil, time.Time{}
		rows, err := tx.List(tableNotices, "", "", noticeBatch)
		for i := 0; err == nil && i < len(rows); i++ {
			if due := dueOf(rows[i].Key); p.now().Before(due) {
				next = due
				break
			}
			err = p.putOff(tx, rows[i].Key, &batch)
		}
		return err
	})
	return batch, next, err
}

func (p *Platform) putOff(tx Tx, key string, batch *[]notice) error {
	n, err := load[notice](tx, tableNotices, key)
	if err != nil || n == nil {
		return err
	}
	if err := tx.Delete(tableNotices, key); err != nil || n.Tries >= noticeTries && !n.Stream {
		return err // told often enough
	}
	delay := noticeDelay
	for range n.Tries {
		delay *= 3
	}
	if n.Tries++; n.Stream {
		n.Tries = min(n.Tries, 3) // four and a half minutes apart
	}
	if err := p.enter(tx, n, p.now().Add(delay)); err != nil {
		return err
	}
	*batch = append(*batch, *n)
	return nil
}

// deliver makes one call. Only an answer of 2xx is a success; what else there is to
// know of failures belongs to the relying party's own logs.
func (p *Platform) deliver(ctx context.Context, n notice) {
	ctx, cancel := context.WithTimeout(ctx, noticeTime)
	defer cancel()
	if n.Stream {
		p.deliverStream(ctx, n)
		return
	}
	began, status := time.Now(), 0
	req, err := p.noticeRequest(ctx, n)
	if err == nil {
		status, err = p.callOut(req)
	}
	p.noteTold(n.Client, n.address(), "", began, status, n.Tries, err)
	if err == nil || errors.Is(err, errTold) {
		// If this fails the relying party is told twice, which it must bear.
		_ = p.store.Update(context.WithoutCancel(ctx), func(tx Tx) error { return tx.Delete(tableNotices, n.key) })
	}
}

func (p *Platform) noticeRequest(ctx context.Context, n notice) (*http.Request, error) {
	c, err := p.client(ctx, n.Client)
	if err != nil {
		return nil, err
	}
	if c != nil && n.Ping != nil && c.NotificationURI != "" {
		return p.pingRequest(ctx, c, *n.Ping, n.Tries)
	}
	if c == nil || n.Logout == nil || c.BackchannelLogoutURI == "" {
		return nil, errTold
	}
	token, err := p.logoutToken(c, n.Logout)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.BackchannelLogoutURI, strings.NewReader(url.Values{"logout_token": {token}}.Encode()))
	if err == nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return req, err
}

// pingRequest says that an answer can be fetched (CIBA §10.2).
func (p *Platform) pingRequest(ctx context.Context, c *Client, q pinged, attempt int) (*http.Request, error) {
	id, err1 := p.reveal(q.ID)
	token, err2 := p.reveal(q.Token)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	for _, f := range p.faultsOf(c.ID) {
		if f.ping == nil {
			continue
		}
		if f.ping(&q); q.ID == "" {
			id = random()
		}
		if q.Token == "" {
			token = random()
		}
	}
	m := members{is(wire.PingRequest, id)}
	if q.Share {
		m = append(m, is(wire.PingID, q.Name), is(wire.PingAttempt, attempt))
	}
	body, err := jws.Encode(m...)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.NotificationURI, bytes.NewReader(body))
	if err == nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if err == nil && q.Share {
		err = p.signWebhook(req, c, body)
	}
	return req, err
}

// address names what the client registered the address of the notice as.
func (n *notice) address() string {
	if n.Ping != nil {
		return "backchannel_client_notification_endpoint"
	}
	return "backchannel_logout_uri"
}

// callOut makes a call that only succeeds with 2xx.
func (p *Platform) callOut(req *http.Request) (status int, err error) {
	status, err = p.callStatus(req)
	if err == nil && (status < 200 || status > 299) {
		err = errors.New("the relying party did not take it")
	}
	return status, err
}

// callStatus calls an address that a relying party registered: by the rules of package
// guard no private place but the platform's own host and, for a platform that itself
// is on loopback, loopback. Redirects are not followed.
func (p *Platform) callStatus(req *http.Request) (status int, err error) {
	origin := p.cfg.Issuer
	if !p.https && loopback(req.URL.Hostname()) {
		origin = req.URL.String()
	}
	if _, err := guard.CheckURL(req.URL.String()); err != nil {
		return 0, err
	}
	base := &http.Client{Timeout: noticeTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	client := guard.Client(base, origin)
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	_, _ = io.CopyN(io.Discard, resp.Body, 4<<10)
	resp.Body.Close()
	return resp.StatusCode, nil
}
