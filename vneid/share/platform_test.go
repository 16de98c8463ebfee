package share_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// The client at the reference platform, whose provider shares no line with the one of
// these tests: over real connections, with real consent pages.

func licence() share.Request {
	return share.Request{
		Purpose: vneidtest.Purpose, RetentionDays: 30, Store: true,
		Documents: []share.Want{{
			Kind: document.DriverLicence, Claims: []share.Claim{{Name: "number"}, {Name: "points", Optional: true}},
			Predicates: []share.Predicate{share.AgeAtLeast(18)},
		}},
	}
}

// site is a relying party's web server.
func site(t *testing.T, p *vneidtest.Platform, edit func(*share.Config)) (url string, client *share.Client) {
	t.Helper()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	cfg := p.Share(srv.URL + "/callback")
	if edit != nil {
		edit(&cfg)
	}
	client, err := share.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/ask", client.Start(func(*http.Request) (share.Request, error) { return licence(), nil }))
	mux.Handle("/callback", client.Callback(func(w http.ResponseWriter, _ *http.Request, r share.Records) {
		doc, _ := r.Get(document.DriverLicence)
		found, err := share.Reveal[paper.DriverLicence](doc)
		adult, known := r.Holds(share.AgeAtLeast(18))
		fmt.Fprintf(w, "%s, %d characters, adult: %v %v, %v", r.Decision(), len(found.Number), adult, known, err)
	}))
	return srv.URL, client
}

func get(t *testing.T, c *http.Client, url string) (status int, page string) {
	t.Helper()
	res, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func TestABrowserSharesAtTheHandlers(t *testing.T) {
	p := vneidtest.New(t)
	url, _ := site(t, p, nil)
	if status, page := get(t, p.Browser("level2"), url+"/ask"); status != 200 || page != "approved, 12 characters, adult: true true, <nil>" {
		t.Errorf("%d: %s", status, page)
	}
	p.Decline("level2")
	status, page := get(t, p.Browser("level2"), url+"/ask")
	if vi, _ := vneid.Advice(vneid.ErrDenied); status != http.StatusForbidden || !strings.Contains(page, vi) {
		t.Errorf("refused: %d: %s", status, page)
	}
}

// before runs something in the moment before one path is called.
type before struct {
	path string
	run  func()
}

func (b before) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == b.path {
		b.run()
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestALockBetweenConsentAndFetchStopsTheFetch(t *testing.T) {
	for name, lock := range map[string]func(*vneidtest.Platform){
		"eID": func(p *vneidtest.Platform) { p.LockEID("level2") }, "account": func(p *vneidtest.Platform) { p.LockAccount("level2") },
	} {
		p := vneidtest.New(t)
		cfg := p.Share("https://portal.example/callback")
		if _, err := p.Ask("level2", cfg, licence()); err != nil {
			t.Fatalf("the twin: %v", err)
		}
		cfg.HTTP = &http.Client{Transport: before{"/share/v1/bundle", func() { lock(p) }}}
		r, err := p.Ask("level2", cfg, licence())
		var locked *vneid.LockError
		if !r.IsZero() || !errors.Is(err, vneid.ErrLocked) || !errors.As(err, &locked) || locked.EID != (name == "eID") {
			t.Errorf("%s: %v", name, err)
		}
		if got := p.History("level2"); len(got) != 1 {
			t.Errorf("%s: %d entries in the history, of one read", name, len(got))
		}
	}
}

func TestThePlatformsWebhookWakesWhoWaits(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.Share("https://portal.example/callback")
	cfg.WebhookSecret = []byte("a webhook secret of more than 32 bytes")
	client, err := share.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	statuses := make(chan int, 10)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		client.Notify().ServeHTTP(rec, r)
		w.WriteHeader(rec.Code)
		statuses <- rec.Code
	}))
	t.Cleanup(srv.Close)
	p.Webhook(cfg, srv.URL)
	s, err := client.Ask(t.Context(), licence(), p.Person("level2").Username, "quay 3")
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan error, 1)
	go func() {
		r, err := client.Wait(context.Background(), s)
		if err == nil && len(r.Documents()) != 1 {
			err = errors.New("not one document")
		}
		got <- err
	}()
	if err := p.Approve("level2", s.Number()); err != nil {
		t.Fatal(err)
	}
	if status := <-statuses; status != http.StatusNoContent {
		t.Errorf("the webhook got %d", status)
	}
	select {
	case err := <-got:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second): // Wait would ask by itself in half a minute
		t.Error("nobody woke up")
	}
}

func TestALedgerOfEventsStopsWhatTheConsentAllowed(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.Share("https://portal.example/callback")
	ledger := events.NewMemoryLedger(0, time.Hour, p.Now)
	receiver, err := events.New(events.Config{
		Issuer: p.Issuer(), ClientID: cfg.ClientID, Ledger: ledger, Now: p.Now,
		Keys: &jwks.Remote{URL: p.Issuer() + "/share/jwks.json", Issuer: p.Issuer(), Uses: []vneid.Use{vneid.UseEvent}, Now: p.Now},
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(receiver.Push())
	t.Cleanup(srv.Close)
	p.Events(cfg, srv.URL)
	if _, err := ledger.Heard(t.Context(), events.Event{Name: events.Heartbeat, Issuer: p.Issuer(), Issued: p.Now()}); err != nil {
		t.Fatal(err)
	}
	cfg.Ledger = ledger
	client, err := share.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	asked := licence()
	until, err := vneid.ParseDate("2027-01-31")
	if err != nil {
		t.Fatal(err)
	}
	asked.Periodic = &share.Period{Until: until, Days: 1}
	r, err := p.AskWith("level2", client, cfg.RedirectURL, asked)
	if err != nil {
		t.Fatal(err)
	}
	keep := func(context.Context, *share.Grant) error { return nil }
	p.Advance(25 * time.Hour)
	r, err = client.Refetch(t.Context(), r.Consent(), keep)
	if err != nil {
		t.Fatalf("the twin: %v", err)
	}
	p.LockEID("level2")
	p.Advance(25 * time.Hour)
	if _, err := ledger.Heard(t.Context(), events.Event{Name: events.Heartbeat, Issuer: p.Issuer(), Issued: p.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := ledger.Allows(t.Context(), p.Issuer(), r.Subject(), r.Grant()); !errors.Is(err, vneid.ErrLocked) {
		t.Fatalf("the event did not come: %v", err)
	}
	if _, err := client.Refetch(t.Context(), r.Consent(), keep); !errors.Is(err, vneid.ErrLocked) {
		t.Errorf("%v", err)
	}
}
