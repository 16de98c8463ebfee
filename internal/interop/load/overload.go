package main

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"time"
)

// taken is how many requests the platform takes on at a time: -max-requests of its own.
const taken = 256

// burst is what came of too many callers at a time.
type burst struct {
	Done, Refused, Closed, Bare int // of the crowd: Bare are 503 without Retry-After, Closed are connections that were closed
	Errors                      []string

	done, refused  []time.Duration // of the onlookers
	before, during float64
}

// overload starts ten times as many callers as the platform takes, and looks on: how long
// an answer takes is measured by a few callers here, who do not stand in the crowd's own
// row for the processor.
func (o *ours) overload(callers int, life time.Duration) (*burst, error) {
	key, err := x509.MarshalPKCS8PrivateKey(o.relying.key)
	if err != nil {
		return nil, err
	}
	say, err := json.Marshal(crowd{o.host, o.issuer, *o.nonce.Load(), key, callers, life})
	if err != nil {
		return nil, err
	}
	b := &burst{before: o.resident()}
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stdin, cmd.Stderr = append(os.Environ(), inCrowd+"=1"), bytes.NewReader(say), os.Stderr
	began := time.Now()
	looks := make(chan error, 1)
	go func() { looks <- o.lookOn(b, began.Add(life/4), began.Add(life)) }()
	out, err := cmd.Output()
	if err = errors.Join(err, <-looks); err == nil {
		err = json.Unmarshal(out, b)
	}
	for _, text := range b.Errors {
		err = errors.Join(err, errors.New(text))
	}
	if !o.alive() {
		err = errors.Join(err, errors.New("the platform ended under overload"))
	}
	return b, err
}

// onlookers push a request each twenty milliseconds.
const onlookers = 4

func (o *ours) lookOn(b *burst, from, to time.Time) error {
	by, err := newProver()
	if err != nil {
		return err
	}
	time.Sleep(time.Until(from)) // the crowd is there
	var mu sync.Mutex
	var all sync.WaitGroup
	for range onlookers {
		all.Go(func() {
			c := &conn{host: o.host}
			defer c.close()
			for time.Now().Before(to) {
				status, _, took, err := o.knock(c, by)
				mu.Lock()
				switch {
				case err != nil: // the crowd counts those
				case status == http.StatusCreated:
					b.done = append(b.done, took)
				case status == http.StatusServiceUnavailable:
					b.refused = append(b.refused, took)
				}
				b.during = max(b.during, o.resident())
				mu.Unlock()
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
	all.Wait()
	slices.Sort(b.done)
	slices.Sort(b.refused)
	return nil
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
	fmt.Fprintf(out, "\noverload: %d callers for %s, %d taken at a time\n", p.callers, p.storm, taken)
	row := func(what, value string) { fmt.Fprintf(out, "  %-44s %s\n", what, value) }
	row("done, refused with 503, closed", strconv.Itoa(b.Done)+", "+strconv.Itoa(b.Refused)+", "+strconv.Itoa(b.Closed))
	row("503 without Retry-After", strconv.Itoa(b.Bare))
	row("a refusal took an onlooker, p50 and p99", short(float64(at(b.refused, .5)))+", "+short(float64(at(b.refused, .99))))
	row("what was done took one, p50 and p99", short(float64(at(b.done, .5)))+", "+short(float64(at(b.done, .99))))
	row("memory before and at most", fmt.Sprintf("%.0f MiB, %.0f MiB", b.before, b.during))
	row("logins before: per second, p50, p99", fmt.Sprintf("%.0f, %s, %s", calm.perSecond(), short(float64(calm.quantile(.5))), short(float64(calm.quantile(.99)))))
	row("logins after: per second, p50, p99", fmt.Sprintf("%.0f, %s, %s", after.perSecond(), short(float64(after.quantile(.5))), short(float64(after.quantile(.99)))))
	if b.Bare > 0 {
		return errors.New("a refusal did not say when to come again")
	}
	return nil
}
