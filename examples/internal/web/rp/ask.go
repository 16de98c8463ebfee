package rp

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

// desk asks people for documents, keeps the last answer of each for an hour, and hears
// from the platform what happens to them meanwhile.
type desk struct {
	client *share.Client
	heard  *events.Receiver
	ledger *events.MemoryLedger

	mu      sync.Mutex
	answers map[string]kept // by subject
}

type kept struct {
	records share.Records
	until   time.Time
}

const (
	keepAnswer = time.Hour
	maxAnswers = 1000

	// quiet is after how long without a word from the platform the party asks by itself:
	// less than the ledger's limit, past which no data is used.
	quiet = events.DefaultMaxSilence / 3
)

func (s *site) openDesk() error {
	if s.asks == nil {
		return nil
	}
	d := &desk{ledger: events.NewMemoryLedger(0, 0, s.now), answers: map[string]kept{}}
	var err, err2 error
	d.client, err = share.New(share.Config{
		Issuer: s.issuer, ClientID: s.id, RedirectURL: s.url("/ask/callback"), Key: s.keys.sign, KeyID: signID, DPoPKey: s.keys.bind,
		Verifier: s.verifier(), Need: s.need(), Ledger: d.ledger, CookieKeys: [][]byte{s.keys.cookies}, ErrorPage: s.unanswered, HTTP: s.http, Now: s.now,
	})
	d.heard, err2 = events.New(events.Config{
		Issuer: s.issuer, ClientID: s.id, Keys: s.keySet("/share/jwks.json", vneid.UseEvent), Ledger: d.ledger,
		PollURL: s.issuer + "/share/v1/events", Key: s.keys.sign, KeyID: signID, HTTP: s.http, Now: s.now,
	})
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	s.desk = d
	in := func(page http.HandlerFunc) http.Handler { return s.login.Require(sso.Ask{}, page) }
	s.rooms["ask"], s.rooms["answer"], s.rooms["events"] = in(s.askPage), in(s.answerPage), d.heard.Push()
	s.rooms["send"] = s.login.Require(sso.Ask{}, s.listening(d.client.Start(s.request)))
	s.rooms["answered"] = s.listening(d.client.Callback(s.answered))
	return nil
}

func (s *site) need() vneid.Assurance { return vneid.Assurance{Level: vneid.Level(s.asks.level())} }

// keySet are keys of the platform's for what they may sign, never those of its logins.
func (s *site) keySet(path string, uses ...vneid.Use) *jwks.Remote {
	return &jwks.Remote{URL: s.issuer + path, Issuer: s.issuer, Uses: uses, HTTP: s.http, Now: s.now}
}

// verifier trusts the platform for what it seals, and each issuer for its kinds.
func (s *site) verifier() *share.Verifier {
	status := &share.RemoteStatus{HTTP: s.http, Now: s.now}
	v := &share.Verifier{
		Platform: s.issuer, Client: s.id, Keys: s.keySet("/share/jwks.json", share.UseEnvelope, share.UseReceipt),
		Issuers: map[string]share.Trust{}, Status: status, Decrypt: []share.DecryptKey{{ID: openID, Key: s.keys.open}},
		Replay: vneid.NewMemoryReplay(0, s.now), Now: s.now,
	}
	for path, kinds := range asking.Kinds {
		issuer := s.issuer + path
		v.Issuers[issuer] = share.Trust{Kinds: slices.Clone(kinds), Keys: &jwks.Remote{
			URL: issuer + "/jwks.json", Issuer: issuer, Uses: []vneid.Use{share.UseDocument, vneid.UseStatus}, HTTP: s.http, Now: s.now,
		}}
		status.Issuers = append(status.Issuers, issuer)
	}
	return v
}

// request asks the person who is logged in, and nobody else.
func (s *site) request(r *http.Request) (share.Request, error) {
	id, ok := sso.FromContext(r.Context())
	if !ok { // Require lets nobody through without one
		return share.Request{}, vneid.ErrDenied
	}
	return share.Request{
		Purpose: s.asks.purpose, RetentionDays: s.asks.retention, Store: true, Subject: id.Subject(), Need: s.need(), Documents: s.asks.documents,
	}, nil
}

// answered keeps the answer for its page.
func (s *site) answered(w http.ResponseWriter, r *http.Request, answer share.Records) {
	s.desk.keep(answer, s.now())
	http.Redirect(w, r, s.at("/answer"), http.StatusSeeOther)
}

func (d *desk) keep(answer share.Records, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for sub, k := range d.answers {
		if !now.Before(k.until) || len(d.answers) >= maxAnswers {
			delete(d.answers, sub)
		}
	}
	d.answers[answer.Subject()] = kept{answer, now.Add(keepAnswer)}
}

func (d *desk) find(subject string, now time.Time) (share.Records, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	k, ok := d.answers[subject]
	return k.records, ok && now.Before(k.until)
}

// listening makes sure that the party would have heard of a lock before it uses data:
// events are pushed to it, and when none came for a while it asks for them. What fails is
// no matter here: the ledger then says that it cannot tell, and nothing is used.
func (s *site) listening(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.listen(r.Context())
		next.ServeHTTP(w, r)
	})
}

func (s *site) listen(ctx context.Context) {
	state, err := s.desk.ledger.State(ctx, s.issuer, "")
	if err == nil && s.now().Sub(state.Heard) < quiet {
		return
	}
	for more, rounds := true, 0; more && err == nil && rounds < 10; rounds++ {
		more, err = s.desk.heard.Poll(ctx)
	}
}

// unanswered is the page of everything that brings no data. That somebody declined is
// their right: the page says what the way without it is.
func (s *site) unanswered(w http.ResponseWriter, r *http.Request, err error) {
	v, status := verdict.Of(err), verdict.Status(err)
	if errors.Is(err, vneid.ErrDenied) {
		v.Class, status = "warn", http.StatusOK // an answer like any other
		v.Reason = ui.Text{Vi: "Không có giấy tờ nào được chia sẻ", En: "Nothing was shared"}
		v.Advice = ui.Text{
			Vi: "Bạn đã không chọn một mục bắt buộc, hoặc mục đó không có. Trang này không biết là trường hợp nào. Bạn có thể nộp bản giấy tại quầy.",
			En: "You did not tick something that is essential, or it does not exist; this site cannot tell which. You can bring paper to the counter instead.",
		}
	}
	s.pages.Render(w, r, status, "refusal", struct {
		At string
		verdict.Verdict
	}{s.at(""), v})
}
