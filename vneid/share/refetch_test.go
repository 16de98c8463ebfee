package share

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// monthly is request once a month until the end of January.
func monthly() Request {
	r := request()
	until, err := vneid.ParseDate("2027-01-31")
	if err != nil {
		panic(err)
	}
	r.Periodic = &Period{Until: until, Days: 30}
	return r
}

// periodic makes the platform's receipts those of monthly.
func periodic(o *op) {
	before := o.bundle
	o.bundle = func(s *spec) {
		p := s.purpose()
		p["collection_method"] = "periodic"
		p["validity_end"] = time.Date(2027, 1, 31, 17, 0, 0, 0, time.UTC).Unix()
		if before != nil {
			before(s)
		}
	}
}

func nowhere(context.Context, *Grant) error { return nil }

// granted is a grant whose next fetch is due.
func grantedTo(t *testing.T, edits ...func(*Config)) (*op, *Client, *Grant) {
	t.Helper()
	o := newOP(t)
	periodic(o)
	c := o.client(edits...)
	r, err := o.share(c, monthly())
	if err != nil {
		t.Fatal(err)
	}
	if !r.Consent().Renewable() || !r.Consent().Next().Equal(noon.AddDate(0, 0, 30)) || r.Consent().Until().In(time.UTC) != time.Date(2027, 1, 31, 17, 0, 0, 0, time.UTC) {
		t.Fatalf("next %v, until %v", r.Consent().Next(), r.Consent().Until())
	}
	_, err = c.Refetch(t.Context(), r.Consent(), nowhere)
	refusedAs(t, err, vneid.ErrNotYetValid)
	o.advance(30 * 24 * time.Hour)
	o.fresh()
	return o, c, r.Consent()
}

// fresh signs the status lists anew.
func (o *op) fresh() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lists[policeURI] = o.policeStatus.sign("statuslist+jwt", o.list(policeURI, police))
	o.lists[healthURI] = o.insuranceStatus.sign("statuslist+jwt", o.list(healthURI, insurance))
}

func TestAPeriodicGrantIsFetchedAgain(t *testing.T) {
	o, c, g := grantedTo(t)
	text, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	kept := new(Grant)
	if err := json.Unmarshal(text, kept); err != nil {
		t.Fatal(err)
	}
	r, err := c.Refetch(t.Context(), kept, nowhere)
	if err != nil {
		t.Fatal(err)
	}
	if r.Subject() != person || r.Txn() == "txn-0000000000000000000000" || !r.Consent().Next().Equal(o.clock().AddDate(0, 0, 30)) {
		t.Errorf("%q, next %v", r.Txn(), r.Consent().Next())
	}
	again, err := c.Refetch(t.Context(), kept, nowhere)
	if err != nil || again.a != r.a || o.count("/share/v1/bundle") != 2 {
		t.Errorf("%v: %d fetches", err, o.count("/share/v1/bundle"))
	}
	o.advance(refetchShare)
	if _, err := c.Refetch(t.Context(), kept, nowhere); err != nil || o.count("/share/v1/bundle") != 3 {
		t.Errorf("%v: a minute later it is another fetch: %d", err, o.count("/share/v1/bundle"))
	}
}

func TestAGrantIsReadBackOrRefused(t *testing.T) {
	_, _, g := grantedTo(t)
	text, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"no object": `[]`, "no grant": `{"iss":"x"}`, "no issuer": `{"grant":"x"}`, "a number for a name": `{"iss":"x","grant":7}`,
	} {
		if err := json.Unmarshal([]byte(bad), new(Grant)); err == nil {
			t.Errorf("%s is read", name)
		}
	}
	if err := json.Unmarshal(text, new(Grant)); err != nil {
		t.Errorf("the twin: %v", err)
	}
	if n := (*Grant)(nil); n.ID() != "" || n.Renewable() || n.String() == "" {
		t.Error("nothing is something")
	}
}

func TestAReplacedRefreshTokenIsSavedBeforeAnythingIsFetched(t *testing.T) {
	o, c, g := grantedTo(t)
	o.token = func(a j) { a["refresh_token"] = "refresh-2" }
	fails := true
	var saved []string
	save := func(_ context.Context, g *Grant) error {
		if fails {
			return errors.New("canary: no space left on 10.0.0.1")
		}
		if o.count("/share/v1/bundle") != 1 {
			t.Error("the fetch came before the save")
		}
		saved = append(saved, g.get().Refresh)
		return nil
	}
	for range 2 {
		_, err := c.Refetch(t.Context(), g, save)
		refusedAs(t, err, vneid.ErrUnavailable)
		if strings.Contains(err.Error(), "canary") {
			t.Errorf("the store's words are repeated: %v", err)
		}
	}
	fails = false
	r, err := c.Refetch(t.Context(), g, save)
	if err != nil {
		t.Fatal(err)
	}
	if len(saved) != 1 || saved[0] != "refresh-2" || r.Consent().get().Refresh != "refresh-2" || o.count("/token") != 2 {
		t.Errorf("saved %v, %d token calls", saved, o.count("/token"))
	}
}

func TestRefetchesAtOnceAreOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, c, g := grantedTo(t)
		results := make(chan error, 8)
		for range cap(results) {
			go func() {
				_, err := c.Refetch(context.Background(), g, nowhere)
				results <- err
			}()
		}
		for range cap(results) {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		if o.count("/token") != 2 || o.count("/share/v1/bundle") != 2 {
			t.Errorf("%d token calls, %d fetches", o.count("/token"), o.count("/share/v1/bundle"))
		}
	})
}

func TestTheLedgerStopsARefetchBeforeItBegins(t *testing.T) {
	for _, kind := range []vneid.Kind{vneid.ErrLocked, vneid.ErrRevoked, vneid.ErrUnavailable} {
		l := &ledger{}
		o, c, g := grantedTo(t, func(cfg *Config) { cfg.Ledger = l })
		if _, err := c.Refetch(t.Context(), g, nowhere); err != nil {
			t.Fatalf("the twin: %v", err)
		}
		o.advance(refetchShare)
		before := o.count("/token")
		l.err, l.asked = kind, nil
		_, err := c.Refetch(t.Context(), g, nowhere)
		refusedAs(t, err, kind)
		if o.count("/token") != before || len(l.asked) != 1 || l.asked[0] != platform+" "+person+" "+consent {
			t.Errorf("%v: %d calls, asked %v", kind, o.count("/token")-before, l.asked)
		}
		c.off = "ledger"
		if _, err := c.Refetch(t.Context(), g, nowhere); err != nil {
			t.Errorf("without its check: %v", err)
		}
	}
}

func TestWhatCannotBeFetchedAgain(t *testing.T) {
	o, c, g := grantedTo(t)
	_, err := o.share(c, request())
	refusedAs(t, err, vneid.ErrMismatch) // the receipt is a periodic one's
	o.bundle = nil
	once, err := o.share(c, request())
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Refetch(t.Context(), once.Consent(), nowhere)
	refusedAs(t, err, vneid.ErrExpired)
	_, err = c.Refetch(t.Context(), nil, nowhere)
	refusedAs(t, err, vneid.ErrMismatch)
	_, err = o.client().Refetch(t.Context(), g, nowhere) // another DPoP key
	refusedAs(t, err, vneid.ErrMismatch)
	if _, err = c.Refetch(t.Context(), g, nil); err == nil || errors.As(err, new(vneid.Kind)) {
		t.Errorf("without a save: %v", err)
	}
	o.advance(60 * 24 * time.Hour)
	_, err = c.Refetch(t.Context(), g, nowhere)
	refusedAs(t, err, vneid.ErrExpired)
}

func TestAGrantIsGivenUp(t *testing.T) {
	o, c, g := grantedTo(t)
	var seen *http.Request
	o.override = map[string]http.HandlerFunc{"/share/v1/grants/": func(w http.ResponseWriter, r *http.Request) {
		seen = r
		o.end(w, r)
	}}
	if err := c.GiveUp(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	if seen.Method != http.MethodDelete || seen.URL.Path != "/share/v1/grants/"+consent {
		t.Errorf("%s %s", seen.Method, seen.URL.Path)
	}
	for status, kind := range map[int]vneid.Kind{401: vneid.ErrUntrusted, 503: vneid.ErrUnavailable, 302: vneid.ErrUnavailable} {
		o.override["/share/v1/grants/"] = func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) }
		refusedAs(t, c.GiveUp(t.Context(), g), kind)
	}
	o.override["/share/v1/grants/"] = func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(404) }
	if err := c.GiveUp(t.Context(), g); err != nil {
		t.Errorf("one that is over already: %v", err)
	}
	stranger := o.client(func(cfg *Config) {
		cfg.ClientID = "another"
		cfg.Verifier.Client = "another"
	})
	refusedAs(t, stranger.GiveUp(t.Context(), g), vneid.ErrMismatch)
}

func TestATokenThatBroughtNothingIsNotTriedForEver(t *testing.T) {
	o, c, g := grantedTo(t)
	o.reach("/share/v1/bundle", true)
	_, err := c.Refetch(t.Context(), g, nowhere)
	refusedAs(t, err, vneid.ErrUnavailable)
	o.advance(accessTime)
	_, err = c.Refetch(t.Context(), g, nowhere)
	refusedAs(t, err, vneid.ErrUnavailable)
	if n := o.count("/token"); n != 2 {
		t.Errorf("the token is still good: %d calls", n)
	}
	o.advance(time.Second)
	o.reach("/share/v1/bundle", false)
	if _, err := c.Refetch(t.Context(), g, nowhere); err != nil || o.count("/token") != 3 {
		t.Errorf("%v after %d token calls", err, o.count("/token"))
	}
}

func TestARefreshTokenOfOneGrantBringsNoOther(t *testing.T) {
	for _, off := range []string{"", "same-grant"} {
		o, c, g := grantedTo(t)
		const other = "grant-bbbbbbbbbbbbbbbbbbbbbb"
		o.grants = func(d j) { d["grant"] = other }
		o.bundle = func(s *spec) {
			s.purpose()["collection_method"] = "periodic"
			s.purpose()["validity_end"] = time.Date(2027, 1, 31, 17, 0, 0, 0, time.UTC).Unix()
			s.envelope["grant"], s.receipt["grant"] = other, other
		}
		c.off = off
		_, err := c.Refetch(t.Context(), g, nowhere)
		if off == "" {
			refusedAs(t, err, vneid.ErrMismatch)
		} else if err != nil {
			t.Errorf("without its check: %v", err)
		}
	}
}
