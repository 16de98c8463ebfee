package jwks_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

func TestAStormOfUnknownKeysCostsTwoFetches(t *testing.T) {
	known := newSigner("known")
	p, c := publish(document(known)), newClock()
	r := remote(p, c)
	good := known.sign(t)
	var next, untrusted, later atomic.Int64
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for n := next.Add(1); n <= 10_000; n = next.Add(1) {
				bad := good
				bad.KeyID = fmt.Sprintf("unknown-%d", n)
				err := r.Verify(t.Context(), bad)
				switch verdict(t, err) {
				case vneid.ErrUntrusted:
					untrusted.Add(1)
				case vneid.ErrUnavailable:
					later.Add(1)
					var api *vneid.APIError
					if !errors.As(err, &api) || api.RetryAfter <= 0 || api.RetryAfter > 30*time.Second {
						t.Errorf("no usable retry time: %v", err)
					}
				default:
					t.Errorf("an unknown key: %v", err)
				}
				if n%50 == 0 {
					expect(t, r, good, 0)
				}
			}
		})
	}
	wg.Wait()
	if n := p.count(); n > 2 {
		t.Errorf("%d fetches", n)
	}
	if untrusted.Load()+later.Load() != 10_000 || untrusted.Load() == 0 || later.Load() == 0 {
		t.Errorf("%d untrusted, %d unavailable", untrusted.Load(), later.Load())
	}
}

func TestUnknownKeysCauseOneFetchInThirtySeconds(t *testing.T) {
	known := newSigner("known")
	p, c := publish(document(known), "Cache-Control", "max-age=86400"), newClock()
	r := remote(p, c)
	expect(t, r, known.sign(t), 0)
	stranger := newSigner("stranger").sign(t)
	good := known.sign(t)
	for second := range 600 { // ten minutes
		r.Verify(t.Context(), stranger)
		if second%20 == 0 {
			expect(t, r, good, 0)
		}
		c.advance(time.Second)
	}
	if n := p.count(); n != 1+20 {
		t.Errorf("%d fetches in ten minutes, want 21", n)
	}
}

func TestWhoIsLateForAFetchStartsNoOther(t *testing.T) {
	known := newSigner("known")
	p := publish(document(known))
	r := remote(p, newClock())
	expect(t, r, known.sign(t), 0)
	if err := r.FetchLate(t.Context()); err != nil || p.count() != 1 {
		t.Errorf("%v after %d fetches", err, p.count())
	}
}

func TestACallerThatGivesUpFailsAlone(t *testing.T) {
	known := newSigner("known")
	p, c := publish(nil), newClock()
	asked, release := make(chan struct{}), make(chan struct{})
	p.set(func(r *http.Request) (*http.Response, error) {
		close(asked)
		select {
		case <-release:
			return ok(document(known))(r)
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	})
	r := remote(p, c)
	good := known.sign(t)
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() { first <- r.Verify(ctx, good) }()
	<-asked
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { expect(t, r, good, 0) })
	}
	cancel()
	if err := <-first; verdict(t, err) != vneid.ErrUnavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("the caller that gave up: %v", err)
	}
	close(release)
	wg.Wait()
	if n := p.count(); n != 1 {
		t.Errorf("%d fetches", n)
	}
}

func TestTheIssuerIsDownAtStartAndRecovers(t *testing.T) {
	known := newSigner("known")
	p, c := publish(nil), newClock()
	p.set(down)
	r := remote(p, c)
	if p.count() != 0 {
		t.Error("fetched before the first call")
	}
	err := expect(t, r, known.sign(t), vneid.ErrUnavailable)
	var api *vneid.APIError
	if !errors.As(err, &api) || api.RetryAfter != 5*time.Second {
		t.Errorf("no retry time: %v", err)
	}
	p.set(ok(document(known)))
	c.advance(4 * time.Second)
	expect(t, r, known.sign(t), vneid.ErrUnavailable)
	if p.count() != 1 {
		t.Error("asked again too early")
	}
	c.advance(time.Second)
	expect(t, r, known.sign(t), 0)
	if err := r.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAClockSetBackDelaysNoFetch(t *testing.T) {
	known := newSigner("known")
	p, c := publish(nil), newClock()
	p.set(down)
	r := remote(p, c)
	expect(t, r, known.sign(t), vneid.ErrUnavailable)
	p.set(ok(document(known)))
	c.advance(-10 * time.Hour)
	err := expect(t, r, known.sign(t), vneid.ErrUnavailable)
	var api *vneid.APIError
	if !errors.As(err, &api) || api.RetryAfter > 30*time.Second {
		t.Fatalf("again only in %v", api.RetryAfter)
	}
	c.advance(api.RetryAfter)
	expect(t, r, known.sign(t), 0)
}

func TestRotation(t *testing.T) {
	old, fresh := newSigner("old"), newSigner("new")
	p, c := publish(document(old)), newClock()
	r := remote(p, c)
	expect(t, r, old.sign(t), 0)
	p.set(ok(document(old, fresh)))
	expect(t, r, fresh.sign(t), 0) // at once: the last fetch was no refetch
	expect(t, r, old.sign(t), 0)
	p.set(ok(document(fresh)))
	expect(t, r, old.sign(t), 0) // until the next refresh
	c.advance(time.Hour)
	expect(t, r, old.sign(t), vneid.ErrUntrusted)
	expect(t, r, fresh.sign(t), 0)
	if n := p.count(); n != 3 {
		t.Errorf("%d fetches, want 3", n)
	}
}

func TestTheGenerationChangesWithTheKeys(t *testing.T) {
	old, fresh := newSigner("old"), newSigner("new")
	p, c := publish(document(old)), newClock()
	r := remote(p, c)
	if r.Generation() != 0 {
		t.Error("keys before the first fetch")
	}
	expect(t, r, old.sign(t), 0)
	expect(t, r, old.sign(t), 0)
	if r.Generation() != 1 {
		t.Errorf("generation %d after one fetch", r.Generation())
	}
	p.set(down)
	c.advance(31 * time.Second)
	expect(t, r, fresh.sign(t), vneid.ErrUnavailable)
	if r.Generation() != 1 {
		t.Error("a failed fetch changed the keys")
	}
	p.set(ok(document(fresh)))
	c.advance(31 * time.Second)
	expect(t, r, fresh.sign(t), 0)
	if r.Generation() != 2 {
		t.Errorf("generation %d after a rotation", r.Generation())
	}
}

func TestAHundredRotationsUnderLoadRefuseNobody(t *testing.T) {
	p, c := publish(nil), newClock()
	keys := []signer{newSigner("0"), newSigner("1")}
	p.set(ok(document(keys...)))
	r := remote(p, c)
	for i := range 100 {
		expect(t, r, keys[i].sign(t), 0)
		expect(t, r, keys[i+1].sign(t), 0)
		keys = append(keys, newSigner(fmt.Sprint(i+2)))
		p.set(ok(document(keys[i+1], keys[i+2]))) // announced one period before it signs
		c.advance(time.Hour)
		expect(t, r, keys[i].sign(t), vneid.ErrUntrusted)
	}
}

func TestARefreshStartsPastFourFifthsOfTheLifeAndHoldsNobodyUp(t *testing.T) {
	known := newSigner("known")
	p, c := publish(document(known), "Cache-Control", "max-age=1000"), newClock()
	r := remote(p, c)
	expect(t, r, known.sign(t), 0)
	c.advance(799 * time.Second)
	expect(t, r, known.sign(t), 0)
	if p.count() != 1 {
		t.Fatal("refreshed too early")
	}
	asked, release := make(chan struct{}), make(chan struct{})
	p.set(func(r *http.Request) (*http.Response, error) {
		close(asked)
		<-release
		return ok(document(known))(r)
	})
	c.advance(2 * time.Second)
	expect(t, r, known.sign(t), 0) // returns while the fetch hangs
	<-asked
	expect(t, r, known.sign(t), 0)
	close(release)
	if p.count() != 2 {
		t.Errorf("%d fetches, want 2", p.count())
	}
}

func TestOldKeysServeForABoundedTime(t *testing.T) {
	for _, tc := range []struct {
		name     string
		maxStale time.Duration
		good     time.Duration // after the fetch
		bad      time.Duration
	}{
		{"a day by default", 0, 25*time.Hour - time.Second, 25 * time.Hour},
		{"as long as asked", 2 * time.Hour, 3*time.Hour - time.Second, 3 * time.Hour},
		{"not at all", -1, time.Hour - time.Second, time.Hour},
	} {
		t.Run(tc.name, func(t *testing.T) {
			known := newSigner("known")
			p, c := publish(document(known)), newClock()
			r := remote(p, c)
			r.MaxStale = tc.maxStale
			expect(t, r, known.sign(t), 0)
			p.set(down)
			c.advance(tc.good)
			expect(t, r, known.sign(t), 0)
			r.Ready(t.Context()) // joins the refresh, if one is under way
			c.advance(tc.bad - tc.good)
			expect(t, r, known.sign(t), vneid.ErrUnavailable)
			p.set(ok(document(known)))
			c.advance(30 * time.Second)
			expect(t, r, known.sign(t), 0)
		})
	}
}

func TestAFailedRefreshIsNotRepeatedForThirtySecondsWhileKeysServe(t *testing.T) {
	known := newSigner("known")
	p, c := publish(document(known)), newClock()
	r := remote(p, c)
	expect(t, r, known.sign(t), 0)
	p.set(down)
	c.advance(time.Hour) // no longer fresh: a call waits for the refresh
	for i, step := range []struct {
		after time.Duration
		want  int // fetches
	}{{0, 2}, {coldPause, 2}, {24 * time.Second, 2}, {time.Second, 3}} {
		c.advance(step.after)
		expect(t, r, known.sign(t), 0)
		if n := p.count(); n != step.want {
			t.Errorf("step %d: %d fetches, want %d", i, n, step.want)
		}
	}
}

// coldPause is how soon a failed fetch is repeated while there are no keys.
const coldPause = 5 * time.Second

func TestABadAnswerNeverReplacesGoodKeys(t *testing.T) {
	known := newSigner("known")
	many := make([]signer, 101)
	for i := range many {
		many[i] = newSigner(fmt.Sprint(i))
	}
	keysOf := func(n int) string {
		return `{"keys":[` + strings.Repeat(`{"kty":"x"},`, n-1) + `{"kty":"x"}]}`
	}
	for name, answer := range map[string]func(*http.Request) (*http.Response, error){
		"no connection":         down,
		"status 500":            status(500, string(document(known))),
		"status 404":            status(404, ""),
		"status 204":            status(204, ""),
		"an empty set":          status(200, `{"keys":[]}`),
		"no keys member":        status(200, `{}`),
		"keys of unknown kinds": status(200, keysOf(3)),
		"only a symmetric key":  status(200, `{"keys":[{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0","kid":"known"}]}`),
		"HTML":                  status(200, "<!doctype html><title>Bảo trì</title>"),
		"an empty body":         status(200, ""),
		"a truncated body":      status(200, string(document(known))[:40]),
		"a body that breaks off": func(*http.Request) (*http.Response, error) {
			return respond(200, io.NopCloser(io.MultiReader(strings.NewReader(`{"keys":[`), failing{}))), nil
		},
		"a name twice":         status(200, `{"keys":[],"keys":`+string(document(known))[8:]),
		"101 keys":             ok(document(many...)),
		"10,000 keys":          status(200, keysOf(10_000)),
		"more than 1 MiB":      status(200, string(document(known))+strings.Repeat(" ", 1<<20)),
		"no end":               func(*http.Request) (*http.Response, error) { return respond(200, io.NopCloser(spaces{})), nil },
		"deeply nested":        status(200, `{"keys":`+strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)+`}`),
		"not UTF-8":            status(200, "{\"keys\":[],\"\xff\":1}"),
		"a byte order mark":    status(200, "\ufeff"+string(document(known))),
		"an array":             status(200, "["+string(document(known))+"]"),
		"keys not an array":    status(200, `{"keys":{}}`),
		"keys not all objects": status(200, `{"keys":[1]}`),
	} {
		t.Run(name, func(t *testing.T) {
			p, c := publish(document(known)), newClock()
			r := remote(p, c)
			expect(t, r, known.sign(t), 0)
			p.set(answer)
			c.advance(2 * time.Hour)
			expect(t, r, known.sign(t), 0)
			if p.count() != 2 {
				t.Fatal("the bad answer was not asked for")
			}
			cold := remote(p, newClock())
			expect(t, cold, known.sign(t), vneid.ErrUnavailable)
		})
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// drip sends one byte a second until its request ends.
type drip struct {
	ctx context.Context
	n   int
}

func (d *drip) Close() error { return nil }
func (d *drip) Read(p []byte) (int, error) {
	select {
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	case <-time.After(time.Second):
		d.n++
		p[0] = ' '
		return 1, nil
	}
}

func TestASlowDripEndsAfterFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		known := newSigner("known")
		p, c := publish(nil), newClock()
		var body *drip
		p.set(func(r *http.Request) (*http.Response, error) {
			body = &drip{ctx: r.Context()}
			return respond(200, body), nil
		})
		began := time.Now()
		err := expect(t, remote(p, c), known.sign(t), vneid.ErrUnavailable)
		if took := time.Since(began); took != 5*time.Second || body.n < 4 || body.n > 5 {
			t.Errorf("ended after %v and %d bytes", took, body.n)
		}
		if errors.Is(err, context.DeadlineExceeded) {
			t.Error("our own time-out looks like the caller's")
		}
	})
}

func TestRemoteNamesTheFieldThatIsWrong(t *testing.T) {
	known := newSigner("known")
	for name, tc := range map[string]struct {
		change func(*jwks.Remote)
		want   string
	}{
		"no URL":                   {func(r *jwks.Remote) { r.URL = "" }, "Remote.URL"},
		"http to another machine":  {func(r *jwks.Remote) { r.URL = "http://op.example/jwks" }, "Remote.URL"},
		"user information":         {func(r *jwks.Remote) { r.URL = "https://a:b@op.example/jwks" }, "Remote.URL"},
		"no issuer":                {func(r *jwks.Remote) { r.Issuer = "" }, "Remote.Issuer"},
		"no uses":                  {func(r *jwks.Remote) { r.Uses = nil }, "Remote.Uses"},
		"login keys that sign QRs": {func(r *jwks.Remote) { r.Uses = append(r.Uses, vneid.UseQR) }, "Remote.Uses"},
	} {
		t.Run(name, func(t *testing.T) {
			p := publish(document(known))
			r := remote(p, newClock())
			if err := r.Check(); err != nil || p.count() != 0 {
				t.Fatalf("the twin: %v, %d fetches", err, p.count())
			}
			expect(t, r, known.sign(t), 0)
			r = remote(p, newClock())
			tc.change(r)
			for _, err := range []error{r.Check(), r.Verify(t.Context(), known.sign(t)), r.Ready(t.Context())} {
				if err == nil || !strings.HasPrefix(err.Error(), "jwks: "+tc.want) {
					t.Errorf("got %v, want %s named", err, tc.want)
				}
				var kind vneid.Kind
				if errors.As(err, &kind) {
					t.Errorf("%v has the kind %v", err, kind)
				}
			}
			if p.count() != 1 {
				t.Error("something was fetched")
			}
		})
	}
}
