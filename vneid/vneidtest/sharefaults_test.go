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
	"github.com/vneid-sdk/vneid-go/vneid/share/sharetest"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// shareStories are the faults that show in more than one request, or to one who looks,
// with tests of their own below.
var shareStories = map[string]bool{"share-blind": true, "share-child-alone": true}

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

// What package share makes of a defect is a case of sharetest, which passes there.
func TestEveryFaultOfAShareIsACase(t *testing.T) {
	cases := map[string]bool{}
	for _, c := range sharetest.Cases() {
		if name, ok := strings.CutPrefix(c.Name, "fault/"); ok {
			cases[name] = true
		}
	}
	n := 0
	for _, f := range vneidtest.Faults() {
		if !strings.HasPrefix(f.Name, "share-") {
			continue
		}
		n++
		if _, event := eventFaults[f.Name]; !cases[f.Name] && !event && !shareStories[f.Name] {
			t.Errorf("%s: no test knows this fault", f.Name)
		}
		delete(cases, f.Name)
	}
	if n < 60 || len(cases) > 0 {
		t.Errorf("%d faults; cases of faults that there are not: %v", n, cases)
	}
	t.Logf("%d faults of data requests", n)
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
