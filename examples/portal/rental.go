package main

import (
	"context"
	"crypto"
	"errors"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/examples/internal/testkeys"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

// Asking is the client that asks people for documents, and whom it trusts to sign them.
type Asking struct {
	ID, KeyID string
	Key       crypto.Signer
	Verifier  *share.Verifier // nil, without a Key: the test platform's
}

// rental is the service that asks for documents: a car rental, without paper. It keeps
// what people agreed to, and hears from the platform what happens to them afterwards.
type rental struct {
	issuer string
	client *share.Client
	heard  *events.Receiver
	ledger *events.MemoryLedger
	book   *receipts
	now    func() time.Time
}

// quiet is after how long without a word from the platform the portal asks by itself.
// It is less than the ledger's limit, past which no data is used.
const quiet = events.DefaultMaxSilence / 3

func newRental(s *site, cfg Config) (*rental, error) {
	r := &rental{issuer: cfg.Issuer, now: cfg.Now, book: newReceipts()}
	if r.now == nil {
		r.now = time.Now
	}
	ask := cfg.Asking
	if ask.Key == nil {
		ask = Asking{ID: asking.Client, Key: testkeys.Signing(), KeyID: testkeys.ID, Verifier: asking.Verifier(cfg.Issuer, cfg.Now)}
	}
	r.ledger = events.NewMemoryLedger(0, 0, cfg.Now)
	var err, err2 error
	r.client, err = share.New(share.Config{
		Issuer: cfg.Issuer, ClientID: ask.ID, RedirectURL: s.origin + "/rental/callback", Key: ask.Key, KeyID: ask.KeyID,
		Verifier: ask.Verifier, Need: vneid.Assurance{Level: 2}, Ledger: r.ledger, ErrorPage: s.rentalRefused, Now: cfg.Now,
	})
	r.heard, err2 = events.New(events.Config{
		Issuer: cfg.Issuer, ClientID: ask.ID, Keys: asking.Keys(cfg.Issuer, cfg.Now, vneid.UseEvent), Ledger: r.ledger,
		On: r.happened, Refused: func(err error) { s.log.Warn("event refused", "why", err) },
		PollURL: cfg.Issuer + "/share/v1/events", Key: ask.Key, KeyID: ask.KeyID, Now: cfg.Now,
	})
	return r, errors.Join(err, err2)
}

func (s *site) routeRental(mux *http.ServeMux) {
	inside := func(page http.HandlerFunc) http.Handler { return s.member(sso.Ask{}, page) }
	button := func(do http.Handler) http.Handler { return s.login.Require(sso.Ask{}, do) }
	mux.Handle("GET /rental", inside(s.rentalPage))
	mux.Handle("POST /rental/ask", button(s.listening(s.rental.client.Start(s.rentalRequest))))
	mux.Handle("GET /rental/callback", s.listening(s.rental.client.Callback(s.answered)))
	mux.Handle("POST /rental/events", s.rental.heard.Push())
	mux.Handle("GET /receipts", inside(s.receiptsPage))
	mux.Handle("GET /receipts/{grant}", inside(s.receiptPage))
	mux.Handle("GET /receipts/{grant}/{file}", inside(s.receiptFile))
	mux.Handle("POST /receipts/{grant}/again", button(http.HandlerFunc(s.again)))
	mux.Handle("POST /receipts/{grant}/sign", button(http.HandlerFunc(s.sign)))
	mux.Handle("POST /receipts/{grant}/give-up", button(http.HandlerFunc(s.giveUp)))
}

// listening makes sure that the portal would have heard of a lock before it uses data:
// events are pushed to it, and when none came for a while it asks for them.
func (s *site) listening(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.listen(r.Context())
		next.ServeHTTP(w, r)
	})
}

// listen polls when the stream was silent. What fails is only logged: the ledger then
// says that it cannot tell, and nothing is used.
func (s *site) listen(ctx context.Context) {
	state, err := s.rental.ledger.State(ctx, s.rental.issuer, "")
	if err == nil && s.rental.now().Sub(state.Heard) < quiet {
		return
	}
	for more, rounds := true, 0; more && err == nil && rounds < 10; rounds++ {
		more, err = s.rental.heard.Poll(ctx)
	}
	if err != nil {
		s.log.WarnContext(ctx, "events: cannot be fetched", "why", err)
	}
}

// happened reacts to events before the platform is told that they arrived: what may not
// be kept is gone by then.
func (r *rental) happened(ctx context.Context, e events.Event) error {
	if e.Name == events.DocumentRevoked {
		r.book.revoke(e.Subject, e.Document.Kind)
		return nil
	}
	state, err := r.ledger.State(ctx, r.issuer, e.Subject)
	if err != nil {
		return err
	}
	for _, c := range r.book.of(e.Subject) {
		c.settle(state, r.now())
	}
	return nil
}

// rentalRequest asks the person who is logged in, and nobody else.
func (s *site) rentalRequest(r *http.Request) (share.Request, error) {
	id, ok := sso.FromContext(r.Context())
	if !ok { // Require lets nobody through without one
		return share.Request{}, vneid.ErrDenied
	}
	return asking.RentalRequest(id.Subject(), s.rental.now()), nil
}

// answered keeps an answer and shows its receipt. A callback that came twice is kept
// once.
func (s *site) answered(w http.ResponseWriter, r *http.Request, answer share.Records) {
	c, err := newConsent(answer)
	if err == nil {
		err = s.rental.book.keep(c, s.rental.now())
	}
	if err != nil {
		s.rentalRefused(w, r, err)
		return
	}
	http.Redirect(w, r, "/receipts/"+answer.Grant(), http.StatusSeeOther)
}
