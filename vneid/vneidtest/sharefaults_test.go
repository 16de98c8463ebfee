package vneidtest_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// shareFaults say what package share makes of each defect of a data request.
var shareFaults = map[string]error{
	"share-nobody-agreed": vneid.ErrDenied,
	"share-clock-behind":  vneid.ErrExpired, "share-document-expired": vneid.ErrExpired, "share-document-old": vneid.ErrExpired,
	"share-envelope-expired":    vneid.ErrExpired,
	"share-envelope-weak-acr":   vneid.ErrLevel,
	"share-envelope-eid-locked": vneid.ErrLocked,
	"share-bundle-cut":          vneid.ErrMalformed, "share-bundle-other-recipient": vneid.ErrMalformed, "share-bundle-page": vneid.ErrMalformed,
	"share-bundle-receipt-swapped": vneid.ErrMalformed, "share-document-cnf": vneid.ErrMalformed, "share-document-disclosed-twice": vneid.ErrMalformed,
	"share-document-forged": vneid.ErrMalformed, "share-document-key-proof": vneid.ErrMalformed, "share-document-no-audience": vneid.ErrMalformed,
	"share-document-no-exp": vneid.ErrMalformed, "share-document-no-state": vneid.ErrMalformed, "share-document-no-status": vneid.ErrMalformed,
	"share-document-odd-kind": vneid.ErrMalformed, "share-document-odd-state": vneid.ErrMalformed, "share-document-wrong-typ": vneid.ErrMalformed,
	"share-envelope-double-claim": vneid.ErrMalformed, "share-envelope-endless": vneid.ErrMalformed, "share-envelope-id-token": vneid.ErrMalformed,
	"share-envelope-late-login": vneid.ErrMalformed, "share-envelope-more-audiences": vneid.ErrMalformed, "share-envelope-no-grant": vneid.ErrMalformed,
	"share-envelope-no-jti": vneid.ErrMalformed, "share-envelope-no-kid": vneid.ErrMalformed, "share-envelope-no-lock": vneid.ErrMalformed,
	"share-envelope-no-login": vneid.ErrMalformed, "share-envelope-no-seq": vneid.ErrMalformed, "share-envelope-no-sub": vneid.ErrMalformed,
	"share-envelope-odd-acr": vneid.ErrMalformed, "share-envelope-odd-approval": vneid.ErrMalformed, "share-envelope-odd-decision": vneid.ErrMalformed,
	"share-envelope-wrong-typ": vneid.ErrMalformed, "share-granted-missing": vneid.ErrMalformed, "share-granted-odd": vneid.ErrMalformed,
	"share-receipt-no-decision": vneid.ErrMalformed, "share-receipt-no-purpose": vneid.ErrMalformed, "share-receipt-odd-version": vneid.ErrMalformed,
	"share-receipt-wrong-typ": vneid.ErrMalformed, "share-status-no-ttl": vneid.ErrMalformed, "share-status-not-packed": vneid.ErrMalformed,
	"share-status-odd-bits": vneid.ErrMalformed, "share-status-wrong-typ": vneid.ErrMalformed,
	"share-document-beyond-status": vneid.ErrMismatch, "share-document-more": vneid.ErrMismatch, "share-document-other-sub": vneid.ErrMismatch,
	"share-document-wrong-audience": vneid.ErrMismatch, "share-document-wrong-txn": vneid.ErrMismatch, "share-envelope-no-approvals": vneid.ErrMismatch,
	"share-envelope-no-nonce": vneid.ErrMismatch, "share-envelope-other-sub": vneid.ErrMismatch, "share-envelope-wrong-audience": vneid.ErrMismatch,
	"share-envelope-wrong-grant": vneid.ErrMismatch, "share-envelope-wrong-nonce": vneid.ErrMismatch, "share-envelope-wrong-txn": vneid.ErrMismatch,
	"share-granted-longer": vneid.ErrMismatch, "share-granted-other": vneid.ErrMismatch, "share-granted-wider": vneid.ErrMismatch,
	"share-receipt-later": vneid.ErrMismatch, "share-receipt-less": vneid.ErrMismatch, "share-receipt-other-sub": vneid.ErrMismatch,
	"share-receipt-wrong-audience": vneid.ErrMismatch, "share-receipt-wrong-basis": vneid.ErrMismatch,
	"share-receipt-wrong-controller": vneid.ErrMismatch, "share-receipt-wrong-grant": vneid.ErrMismatch,
	"share-receipt-wrong-purpose": vneid.ErrMismatch, "share-receipt-wrong-retention": vneid.ErrMismatch, "share-receipt-wrong-txn": vneid.ErrMismatch,
	"share-status-other-uri": vneid.ErrMismatch,
	"share-clock-ahead":      vneid.ErrNotYetValid, "share-document-future": vneid.ErrNotYetValid, "share-envelope-future": vneid.ErrNotYetValid,
	"share-status-odd": vneid.ErrRevoked, "share-status-revoked": vneid.ErrRevoked, "share-status-suspended": vneid.ErrRevoked,
	"share-bundle-cut-document": vneid.ErrSignature, "share-bundle-short": vneid.ErrSignature, "share-bundle-turned": vneid.ErrSignature,
	"share-bundle-twice": vneid.ErrSignature, "share-document-wrong-key": vneid.ErrSignature, "share-envelope-bad-signature": vneid.ErrSignature,
	"share-envelope-no-digests": vneid.ErrSignature, "share-envelope-wrong-digest": vneid.ErrSignature, "share-envelope-wrong-key": vneid.ErrSignature,
	"share-envelope-wrong-receipt": vneid.ErrSignature, "share-receipt-wrong-key": vneid.ErrSignature, "share-status-wrong-key": vneid.ErrSignature,
	"share-bundle-down": vneid.ErrUnavailable, "share-bundle-flood": vneid.ErrUnavailable, "share-bundle-redirect": vneid.ErrUnavailable,
	"share-status-expired": vneid.ErrUnavailable, "share-status-stale": vneid.ErrUnavailable,
	"share-bundle-in-the-clear": vneid.ErrUntrusted, "share-document-foreign-status": vneid.ErrUntrusted,
	"share-document-other-issuer": vneid.ErrUntrusted, "share-document-other-kind": vneid.ErrUntrusted,
	"share-document-platform-key": vneid.ErrUntrusted, "share-document-sd-alg": vneid.ErrUntrusted, "share-document-unknown-issuer": vneid.ErrUntrusted,
	"share-document-unknown-key": vneid.ErrUntrusted, "share-envelope-alg-hs256": vneid.ErrUntrusted, "share-envelope-alg-none": vneid.ErrUntrusted,
	"share-envelope-unknown-key": vneid.ErrUntrusted, "share-envelope-wrong-issuer": vneid.ErrUntrusted, "share-receipt-alg-none": vneid.ErrUntrusted,
	"share-receipt-wrong-issuer": vneid.ErrUntrusted, "share-status-unsigned": vneid.ErrUntrusted,
}

// shareStories are the faults that show in more than one request, with tests of their
// own below.
var shareStories = map[string]bool{"share-blind": true, "share-child-alone": true, "share-envelope-replayed": true, "share-swapped": true}

// eventFaults say what package events makes of each defect of an event.
var eventFaults = map[string]error{
	"share-event-wrong-key": vneid.ErrSignature, "share-event-alg-none": vneid.ErrUntrusted, "share-event-wrong-typ": vneid.ErrMalformed,
	"share-event-wrong-issuer": vneid.ErrUntrusted, "share-event-wrong-audience": vneid.ErrMismatch, "share-event-no-jti": vneid.ErrMalformed,
	"share-event-future": vneid.ErrNotYetValid, "share-event-no-seq": vneid.ErrMalformed, "share-event-no-told": vneid.ErrMalformed, "share-event-no-subject": vneid.ErrMalformed,
	"share-event-with-exp": vneid.ErrMalformed, "share-event-two": vneid.ErrMalformed, "share-event-old-seq": nil,
}

// rent asks for two documents, of which one may not be older than a day.
func rent() share.Request {
	r := rental()
	r.Documents[0].MaxAgeDays = 1
	r.Need = vneid.Assurance{Level: 2, Auth: 2}
	return r
}

func TestEveryFaultOfAShareHasItsKind(t *testing.T) {
	p, n := vneidtest.New(t), 0
	for _, f := range vneidtest.Faults() {
		if !strings.HasPrefix(f.Name, "share-") {
			continue
		}
		n++
		want, known := shareFaults[f.Name]
		if _, event := eventFaults[f.Name]; !known && !event && !shareStories[f.Name] {
			t.Errorf("%s: no test knows this fault", f.Name)
		}
		if !known {
			continue
		}
		cfg := p.Share(back)
		if _, err := p.Ask("level2", cfg, rent()); err != nil {
			t.Fatalf("%s: the twin does not pass: %v", f.Name, err)
		}
		cfg = p.Share(back) // has fetched no keys yet
		p.Break(f.Name)
		r, err := p.Ask("level2", cfg, rent())
		p.Heal()
		verdict(t, f.Name, err, want, r.IsZero())
	}
	if n < 60 {
		t.Errorf("%d faults", n)
	}
	t.Logf("%d faults of data requests, each refused with its kind", n)
}

func TestAnAnswerIsTakenOnce(t *testing.T) {
	for name, want := range map[string]error{"share-envelope-replayed": vneid.ErrReplayed, "share-swapped": vneid.ErrMismatch} {
		p := vneidtest.New(t)
		cfg := p.Share(back)
		client, err := share.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		p.Break(name)
		if _, err := p.AskWith("level2", client, back, rent()); err != nil {
			t.Fatalf("%s: the first one is right: %v", name, err)
		}
		r, err := p.AskWith("level2", client, back, rent())
		verdict(t, name, err, want, r.IsZero())
	}
}

// Also an answer without a date of birth tells that it is about a child.
func TestAChildsOwnApprovalIsNotEnough(t *testing.T) {
	p := vneidtest.New(t)
	if _, err := p.Ask("teen", p.Share(back), health()); err != nil {
		t.Fatal(err)
	}
	p.Break("share-child-alone")
	r, err := p.Ask("teen", p.Share(back), health())
	verdict(t, "share-child-alone", err, vneid.ErrDenied, r.IsZero())
}

// stream is a relying party that is pushed to.
type stream struct {
	ledger  *events.MemoryLedger
	refused []error
	late    []bool
}

func (s *stream) listen(t *testing.T, p *vneidtest.Platform, cfg share.Config) {
	t.Helper()
	s.ledger = events.NewMemoryLedger(0, 0, p.Now)
	r, err := events.New(events.Config{
		Issuer: p.Issuer(), ClientID: cfg.ClientID, Ledger: s.ledger, Now: p.Now,
		Keys:    &jwks.Remote{URL: p.Issuer() + "/share/jwks.json", Issuer: p.Issuer(), Uses: []vneid.Use{vneid.UseEvent}, Now: p.Now},
		Refused: func(err error) { s.refused = append(s.refused, err) },
		On:      func(_ context.Context, e events.Event) error { s.late = append(s.late, e.Late); return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(r.Push())
	t.Cleanup(srv.Close)
	p.Events(cfg, srv.URL)
	p.Advance(5 * time.Minute) // a sign of life
}

func TestEveryFaultOfAnEventHasItsKind(t *testing.T) {
	for name, want := range eventFaults {
		p, s := vneidtest.New(t), &stream{}
		cfg := p.Share(back)
		s.listen(t, p, cfg)
		r, err := p.Ask("level2", cfg, rent())
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		p.LockEID("level2")
		if err := s.ledger.Allows(ctx, p.Issuer(), r.Subject(), ""); !errors.Is(err, vneid.ErrLocked) || len(s.refused) > 0 {
			t.Fatalf("%s: the twin is not taken: %v %v", name, err, s.refused)
		}
		p.Break(name)
		p.Unlock("level2")
		if err := s.ledger.Allows(ctx, p.Issuer(), r.Subject(), ""); !errors.Is(err, vneid.ErrLocked) {
			t.Errorf("%s: the lock was opened: %v", name, err)
		}
		if want == nil {
			if len(s.refused) > 0 || len(s.late) != 2 || !s.late[1] {
				t.Errorf("%s: %v %v", name, s.refused, s.late)
			}
			continue
		}
		if len(s.refused) == 0 {
			t.Errorf("%s: not refused", name)
			continue
		}
		verdict(t, name, s.refused[0], want, true)
	}
}

// A platform that forgot to look gives data out after a withdrawal; who keeps a ledger
// does not take it.
func TestALedgerStopsWhatThePlatformShouldHaveStopped(t *testing.T) {
	for _, withLedger := range []bool{false, true} {
		p, s, ctx := vneidtest.New(t), &stream{}, context.Background()
		cfg := p.Share(back)
		s.listen(t, p, cfg)
		if withLedger {
			cfg.Ledger = s.ledger
		}
		client, err := share.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		until, err := vneid.ParseDate(p.Now().AddDate(0, 6, 0).Format(time.DateOnly))
		if err != nil {
			t.Fatal(err)
		}
		asked := health()
		asked.Store, asked.RetentionDays, asked.Periodic = true, 30, &share.Period{Until: until, Days: 1}
		r, err := p.AskWith("level2", client, back, asked)
		if err != nil {
			t.Fatal(err)
		}
		p.Withdraw("level2", r.Grant())
		p.Break("share-blind")
		p.Advance(25 * time.Hour)
		_, err = client.Refetch(ctx, r.Consent(), func(context.Context, *share.Grant) error { return nil })
		if withLedger != errors.Is(err, vneid.ErrRevoked) || withLedger == (err == nil) {
			t.Errorf("with a ledger %v: %v", withLedger, err)
		}
	}
}
