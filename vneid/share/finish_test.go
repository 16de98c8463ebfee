package share

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestARequestThroughABrowser(t *testing.T) {
	o := newOP(t)
	c := o.client()
	to, s, err := c.Begin(t.Context(), request())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(to, platform+"/authorize?client_id=portal&request_uri=urn") {
		t.Errorf("the browser carries %q", to)
	}
	r, err := c.Finish(t.Context(), s, o.callback())
	if err != nil {
		t.Fatal(err)
	}
	if r.Subject() != person || r.Decision() != "approved" || len(r.Documents()) != 3 || r.Consent().ID() != consent || r.Consent().Renewable() {
		t.Errorf("%v of %q, %v", r, r.Subject(), r.Decision())
	}
	if form := o.pushed; form.Get("acr_values") != "urn:vneid:acr:l2:a2 urn:vneid:acr:l2:a3 urn:vneid:acr:l2:a4" || form.Get("nonce") == form.Get("state") {
		t.Errorf("%v", form)
	}
}

func TestADoubledCallbackGetsTheSameAndFetchesOnce(t *testing.T) {
	o := newOP(t)
	c := o.client()
	_, s, err := c.Begin(t.Context(), request())
	if err != nil {
		t.Fatal(err)
	}
	query := o.callback()
	first, err := c.Finish(t.Context(), s, query)
	if err != nil {
		t.Fatal(err)
	}
	o.advance(rememberTime - time.Second)
	second, err := c.Finish(t.Context(), s, query)
	if err != nil || second.a != first.a || o.count("/share/v1/bundle") != 1 || o.count("/token") != 1 {
		t.Errorf("%v: %d fetches", err, o.count("/share/v1/bundle"))
	}
	o.advance(time.Second)
	_, err = c.Finish(t.Context(), s, query)
	refusedAs(t, err, vneid.ErrExpired)
}

func TestADoubledRefusalStays(t *testing.T) {
	o := newOP(t)
	o.bundle = func(s *spec) { s.envelope["aud"] = "another" }
	c := o.client()
	_, s, _ := c.Begin(t.Context(), request())
	query := o.callback()
	_, first := c.Finish(t.Context(), s, query)
	refusedAs(t, first, vneid.ErrMismatch)
	o.bundle = nil
	if _, err := c.Finish(t.Context(), s, query); err == nil || err.Error() != first.Error() || o.count("/share/v1/bundle") != 1 {
		t.Errorf("%v, then %v", first, err)
	}
	// And a denial does not turn into an answer by another callback.
	_, s, _ = c.Begin(t.Context(), request())
	denied := "error=access_denied&state=" + s.State() + "&iss=" + platform
	_, err := c.Finish(t.Context(), s, denied)
	refusedAs(t, err, vneid.ErrDenied)
	_, err = c.Finish(t.Context(), s, o.callback())
	refusedAs(t, err, vneid.ErrDenied)
}

func TestTwoCallbacksAtOnceAreOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		c := o.client()
		_, s, err := c.Begin(t.Context(), request())
		if err != nil {
			t.Fatal(err)
		}
		query := o.callback()
		results := make(chan error, 8)
		for range cap(results) {
			go func() {
				_, err := c.Finish(context.Background(), s, query)
				results <- err
			}()
		}
		for range cap(results) {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		if o.count("/token") != 1 || o.count("/share/v1/bundle") != 1 {
			t.Errorf("%d exchanges, %d fetches", o.count("/token"), o.count("/share/v1/bundle"))
		}
	})
}

// What is away when the callback comes is asked for again by the next call, from where
// the first one stopped: nothing that can be spent once is spent twice.
func TestWhatIsUnavailableGoesOnWhereItStopped(t *testing.T) {
	for _, away := range []string{"/share/v1/bundle", "status", "ledger"} {
		t.Run(away, func(t *testing.T) {
			o := newOP(t)
			l := &ledger{}
			c := o.client(func(cfg *Config) { cfg.Ledger = l })
			_, s, err := c.Begin(t.Context(), request())
			if err != nil {
				t.Fatal(err)
			}
			query, kept := o.callback(), o.lists
			switch away {
			case "status":
				c.verifier().Status = lists{}
			case "ledger":
				l.err = vneid.ErrUnavailable
			default:
				o.reach(away, true)
			}
			_, err = c.Finish(t.Context(), s, query)
			refusedAs(t, err, vneid.ErrUnavailable)
			c.verifier().Status, l.err = kept, nil
			o.reach(away, false)
			if _, err := c.Finish(t.Context(), s, query); err != nil {
				t.Fatal(err)
			}
			if o.count("/token") != 1 || o.count("/share/v1/bundle") != 1 {
				t.Errorf("%d exchanges, %d fetches", o.count("/token"), o.count("/share/v1/bundle"))
			}
		})
	}
	t.Run("a lost answer to the code ends it", func(t *testing.T) {
		o := newOP(t)
		c := o.client()
		_, s, _ := c.Begin(t.Context(), request())
		query := o.callback()
		o.reach("/token", true)
		_, err := c.Finish(t.Context(), s, query)
		refusedAs(t, err, vneid.ErrUnavailable)
		o.reach("/token", false)
		_, err = c.Finish(t.Context(), s, query)
		refusedAs(t, err, vneid.ErrUnavailable)
		if o.count("/token") != 0 {
			t.Error("the code was sent again")
		}
	})
}

type ledger struct {
	err   error
	asked []string
}

func (l *ledger) Allows(_ context.Context, issuer, subject, grant string) error {
	l.asked = append(l.asked, issuer+" "+subject+" "+grant)
	return l.err
}
