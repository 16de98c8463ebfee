package share

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Pending says that the person has not answered yet, and when it makes sense to ask
// again. It matches vneid.ErrUnavailable.
type Pending struct {
	Again time.Duration
}

func (e *Pending) Error() string {
	return fmt.Sprintf("the person has not answered yet; ask again in %v", e.Again.Round(time.Second))
}

// Unwrap makes the error match its kind.
func (e *Pending) Unwrap() error { return vneid.ErrUnavailable }

// Advice is for vneid.Advice.
func (e *Pending) Advice() (vi, en string) {
	return "Công dân chưa trả lời đề nghị cung cấp thông tin trên ứng dụng VNeID. Đề nghị công dân mở ứng dụng và chọn đúng số đang hiển thị tại quầy.",
		"The citizen has not answered the request for data in the VNeID app yet. Ask them to open it and to pick the number shown at the counter."
}

// Poll asks whether the person has answered, once and not before it is time: a *Pending
// says when that is, and s has changed and is to be kept anew. A request ends once, as
// Finish has it: after its end each call gets the same Records or the same refusal.
func (c *Client) Poll(ctx context.Context, s *Session) (Records, error) {
	r, err := c.poll(ctx, s, false)
	if err != nil {
		return Records{}, fault.Prefix("share", err)
	}
	return r, nil
}

// poll asks; ring, because the platform rang, does not wait for the interval.
func (c *Client) poll(ctx context.Context, s *Session, ring bool) (Records, error) {
	if err := c.made(); err != nil {
		return Records{}, err
	}
	p := s.look()
	if err := c.ours(&p); err != nil {
		return Records{}, err
	}
	if p.ID == "" {
		return Records{}, mismatch("the session is of Begin: Finish ends it")
	}
	return c.ended.Once(ctx, p.name(), rememberTime, func(ctx context.Context, left *progress) (Records, error) {
		if left.tokens == nil {
			if err := c.inquire(ctx, s, ring, left); err != nil {
				return Records{}, err
			}
		}
		want, err := p.expect()
		if err != nil {
			return Records{}, err
		}
		return c.collect(ctx, want, left)
	})
}

// inquire asks for the tokens if it is time, and notes in s what that brought. outcomes
// lets one caller in at a time.
func (c *Client) inquire(ctx context.Context, s *Session, ring bool, left *progress) error {
	p, now := s.look(), c.cfg.Now()
	switch {
	case p.Over:
		left.spent = true
		return fault.New(vneid.ErrReplayed, "this request is over")
	case !now.Before(p.until()):
		left.spent = true
		c.desk.End(p.key(), p.bell(), !c.on("open"))
		return over(p.until(), now)
	case now.Before(p.next()) && !ring:
		// A clock that was set back must not keep the person waiting for ever.
		if wait := p.next().Sub(now); wait <= p.every() {
			return &Pending{Again: wait}
		}
	}
	if wait := c.desk.Pace(p.key(), now, p.every()); wait > 0 && !ring {
		return &Pending{Again: wait}
	}
	err := c.tokensOf(ctx, &p, left)
	if p.Over {
		c.desk.End(p.key(), p.bell(), !c.on("open"))
	} else {
		c.desk.Paced(p.key(), p.next())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(p)
	return err
}

func (p *pending) every() time.Duration { return time.Duration(p.Every) * time.Second }

// slow waits longer: the platform said so, or cannot be reached.
func (p *pending) slow(now time.Time) {
	p.Every = int64(min(p.every()+decoupled.Slower, decoupled.MaxInterval) / time.Second)
	p.Next = now.Add(p.every()).Unix()
}

// tokensOf makes one token request (CIBA §10.1).
func (c *Client) tokensOf(ctx context.Context, p *pending, left *progress) error {
	md, err := c.platform.Get(ctx)
	if err != nil {
		return err
	}
	// The tokens are given once: where the answer was lost the same question is asked again.
	if p.Again == "" {
		p.Again = rand.Text()
	}
	party := c.party()
	party.Again = p.Again
	a, err := party.Post(ctx, md.token, url.Values{"grant_type": {grantCIBA}, "auth_req_id": {p.ID}})
	now := c.cfg.Now()
	p.Next = now.Add(p.every()).Unix()
	if err == nil && a.Status < http.StatusInternalServerError {
		p.Again = ""
	}
	switch {
	case err != nil && errors.Is(err, vneid.ErrUnavailable):
		p.slow(now)
		return err
	case err != nil:
	case a.Status != http.StatusOK:
		return p.unanswered(&a, now, left)
	case !a.IsJSON:
		err = malformed("the token response is not a JSON object")
	default:
		var asked sharewire.Details
		if asked, err = p.asked(); err == nil {
			left.tokens, err = c.readTokens(&a.Object, asked)
		}
	}
	p.Over, left.spent = true, true // the platform gives the tokens once
	return err
}

// unanswered reads an error of the token endpoint (CIBA §11).
func (p *pending) unanswered(a *oauth.Answer, now time.Time, left *progress) error {
	switch code := a.Code(); {
	case code == "authorization_pending":
		return &Pending{Again: p.every()}
	case code == "slow_down":
		p.slow(now)
		return &Pending{Again: p.every()}
	case code == "" && a.Status >= http.StatusInternalServerError, a.Status == http.StatusTooManyRequests, code == "temporarily_unavailable":
		p.slow(now)
		return a.Failed(vneid.ErrUnavailable)
	}
	p.Over, left.spent = true, true
	return refusal(a, p.need())
}
