package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

// again fetches the documents once more, as the person agreed. The platform and the
// ledger are asked first: after a withdrawal or during a lock nothing comes.
func (s *site) again(w http.ResponseWriter, r *http.Request) {
	c := s.receiptOf(w, r)
	if c == nil {
		return
	}
	s.listen(r.Context())
	err := s.refetch(r.Context(), c)
	switch {
	case err == nil:
		http.Redirect(w, r, "/receipts/"+c.id, http.StatusSeeOther)
		return
	case errors.Is(err, vneid.ErrRevoked) && s.standing(r, c) == nil: // not the consent: a document
		s.doubt(r.Context(), c)
	}
	s.log.WarnContext(r.Context(), "rental: not fetched again", "why", err)
	v := verdict.Of(err)
	if errors.Is(err, vneid.ErrNotYetValid) {
		v.Reason = ui.Text{Vi: "Chưa đến kỳ lấy lại", En: "Too early to fetch again"}
		v.Advice = ui.Text{Vi: "Dữ liệu hiện có vẫn dùng được.", En: "What is here can still be used."}
	}
	s.showReceipt(w, r, verdict.Status(err), c, &v)
}

// doubt finds out which document was taken back. Where nobody says it none is used.
func (s *site) doubt(ctx context.Context, c *consent) {
	if _, err := s.rental.heard.Poll(ctx); err != nil {
		s.log.WarnContext(ctx, "events: cannot be fetched", "why", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.receipt.Granted {
		if c.revoked[string(p.Kind)] {
			return
		}
	}
	for _, p := range c.receipt.Granted {
		c.revoked[string(p.Kind)] = true
	}
}

func (s *site) refetch(ctx context.Context, c *consent) error {
	c.mu.Lock()
	grant := c.grant
	c.mu.Unlock()
	// What a platform replaces is kept at once: the former token is spent by then.
	answer, err := s.rental.client.Refetch(ctx, grant, func(_ context.Context, fresh *share.Grant) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.grant = fresh
		return nil
	})
	if err != nil {
		return err
	}
	e, err := answer.Evidence()
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended != live { // meanwhile
		return vneid.ErrRevoked
	}
	c.grant = answer.Consent()
	c.take(answer, e)
	return nil
}

// contract is what obliges this site to keep a signed contract. Basis, provision and end
// are the relying party's to know and to answer for; this law is invented.
func contract(now time.Time) events.Hold {
	return events.Hold{
		Basis: "Lưu giữ hợp đồng thuê xe đã ký", Citation: "Luật Thử Nghiệm, Điều 2 (ví dụ)", Until: now.AddDate(5, 0, 0),
	}
}

// sign makes a contract of it, which the law of the example wants to be kept.
func (s *site) sign(w http.ResponseWriter, r *http.Request) {
	c := s.receiptOf(w, r)
	if c == nil {
		return
	}
	s.listen(r.Context())
	if v := s.standing(r, c); v != nil {
		s.showReceipt(w, r, http.StatusForbidden, c, v)
		return
	}
	c.mu.Lock()
	ok := fits(c.records) && len(c.revoked) == 0
	if ok && c.hold.Until.IsZero() {
		c.hold = contract(s.rental.now())
	}
	c.mu.Unlock()
	if !ok {
		s.showReceipt(w, r, http.StatusForbidden, c, nil)
		return
	}
	http.Redirect(w, r, "/receipts/"+r.PathValue("grant")+"?signed", http.StatusSeeOther)
}

// giveUp ends the access that this site has, and deletes what it may.
func (s *site) giveUp(w http.ResponseWriter, r *http.Request) {
	c := s.receiptOf(w, r)
	if c == nil {
		return
	}
	c.mu.Lock()
	grant := c.grant
	c.mu.Unlock()
	if err := s.rental.client.GiveUp(r.Context(), grant); err != nil {
		s.log.WarnContext(r.Context(), "rental: not given up", "why", err)
		v := verdict.Of(err)
		s.showReceipt(w, r, verdict.Status(err), c, &v)
		return
	}
	c.mu.Lock()
	if c.ended == live {
		c.ended, c.endedAt = given, s.rental.now()
	}
	c.mu.Unlock()
	http.Redirect(w, r, "/receipts/"+r.PathValue("grant"), http.StatusSeeOther)
}
