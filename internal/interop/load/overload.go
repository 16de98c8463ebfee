package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// taken is how many requests the platform takes on at a time: -max-requests of its own.
const taken = 256

// burst is what came of too many callers at a time.
type burst struct {
	callers        int
	done, refused  []time.Duration
	bare, closed   int // 503 without Retry-After; connections that were closed
	before, during float64
}

// overload lets ten times as many callers as the platform takes push requests, each again
// as soon as it is answered, and a moment later if it was refused: less patient than
// Retry-After asks. It counts how long both answers take.
func (o *ours) overload(callers int, life time.Duration) (*burst, error) {
	b := &burst{callers: callers, before: o.resident()}
	by, err := newProver()
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	var errs []error
	var all sync.WaitGroup
	end := time.Now().Add(life)
	for range callers {
		all.Go(func() {
			c := &conn{host: o.host}
			defer c.close()
			for time.Now().Before(end) {
				began := time.Now()
				status, retry, err := o.knock(c, by)
				took := time.Since(began)
				mu.Lock()
				switch {
				case err != nil && o.alive():
					b.closed++
				case err != nil:
					errs = append(errs, err)
				case status == http.StatusServiceUnavailable:
					b.refused = append(b.refused, took)
					if retry == "" {
						b.bare++
					}
				case status == http.StatusCreated:
					b.done = append(b.done, took)
				default:
					errs = append(errs, fmt.Errorf("%d under overload", status))
				}
				mu.Unlock()
				if err != nil || status != http.StatusCreated {
					time.Sleep(100 * time.Millisecond)
				}
			}
		})
	}
	for time.Now().Before(end) {
		b.during = max(b.during, o.resident())
		time.Sleep(50 * time.Millisecond)
	}
	all.Wait()
	slices.Sort(b.done)
	slices.Sort(b.refused)
	if len(errs) > 3 {
		errs = errs[:3]
	}
	return b, errors.Join(errs...)
}

// knock pushes one request.
func (o *ours) knock(c *conn, by *prover) (status int, retry string, err error) {
	assertion, err := o.relying.assertion()
	if err != nil {
		return 0, "", err
	}
	proof, err := by.proof("POST", o.issuer+"/par", "", *o.nonce.Load())
	if err != nil {
		return 0, "", err
	}
	r, err := c.do("POST", "/par", "response_type=code&client_id="+clientID+"&redirect_uri="+url.QueryEscape(callback)+"&scope="+url.QueryEscape(scopes)+
		"&state="+token(16)+"&nonce="+token(16)+"&code_challenge_method=S256&code_challenge="+hash(token(32))+
		"&client_assertion_type="+assertionType+"&client_assertion="+assertion, field{"DPoP", proof})
	if err != nil {
		return 0, "", err
	}
	return r.status, r.header.Get("Retry-After"), nil
}

// storm measures logins before, during and after an overload.
func (o *ours) storm(out io.Writer, p plan) error {
	clients, err := seats(o, p.atOnce)
	if err != nil {
		return err
	}
	defer leave(clients)
	calm, err := run(o, clients, p.logins)
	if err != nil {
		return err
	}
	b, err := o.overload(p.callers, p.storm)
	if err != nil {
		return err
	}
	after, err := run(o, clients, p.logins)
	if err != nil {
		return fmt.Errorf("after the overload: %w", err)
	}
	fmt.Fprintf(out, "\noverload: %d callers for %s, %d taken at a time\n", b.callers, p.storm, taken)
	row := func(what, value string) { fmt.Fprintf(out, "  %-44s %s\n", what, value) }
	row("done, refused with 503, closed", strconv.Itoa(len(b.done))+", "+strconv.Itoa(len(b.refused))+", "+strconv.Itoa(b.closed))
	row("503 without Retry-After", strconv.Itoa(b.bare))
	row("a refusal took, p50 and p99", short(float64(at(b.refused, .5)))+", "+short(float64(at(b.refused, .99))))
	row("what was done took, p50 and p99", short(float64(at(b.done, .5)))+", "+short(float64(at(b.done, .99))))
	row("memory before and at most", fmt.Sprintf("%.0f MiB, %.0f MiB", b.before, b.during))
	row("logins before: per second, p50, p99", fmt.Sprintf("%.0f, %s, %s", calm.perSecond(), short(float64(calm.quantile(.5))), short(float64(calm.quantile(.99)))))
	row("logins after: per second, p50, p99", fmt.Sprintf("%.0f, %s, %s", after.perSecond(), short(float64(after.quantile(.5))), short(float64(after.quantile(.99)))))
	if b.bare > 0 {
		return errors.New("a refusal did not say when to come again")
	}
	return nil
}
