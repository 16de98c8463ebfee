package main

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// client does logins, one after the other.
type client interface {
	login() error
	close()
}

// site is a server that logins are done at.
type site interface {
	name() string
	sit(i int) (client, error)
	cpu() (time.Duration, error)
	resident() float64
	stop()
}

// batch is what one batch of logins came to.
type batch struct {
	logins  int
	wall    time.Duration
	cpu     time.Duration // of the server
	own     time.Duration // of this process
	latency []time.Duration
}

func (b batch) perSecond() float64         { return float64(b.logins) / b.wall.Seconds() }
func (b batch) perLogin() time.Duration    { return b.cpu / time.Duration(b.logins) }
func (b batch) ownPerLogin() time.Duration { return b.own / time.Duration(b.logins) }
func (b batch) quantile(q float64) time.Duration {
	slices.Sort(b.latency)
	return b.latency[min(int(q*float64(len(b.latency))), len(b.latency)-1)]
}

// cost is perLogin as a number.
func (b batch) cost() float64 { return float64(b.perLogin()) }

// seats opens n clients.
func seats(s site, n int) (list []client, err error) {
	for i := range n {
		c, err := s.sit(i)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// run does n logins, as many at a time as there are clients.
func run(s site, clients []client, n int) (batch, error) {
	b := batch{logins: n, latency: make([]time.Duration, n)}
	cpu, err := s.cpu()
	if err != nil {
		return b, err
	}
	var all sync.WaitGroup
	var next atomic.Int64
	errs := make([]error, len(clients))
	own, began := ownCPU(), time.Now()
	for k, c := range clients {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				at := time.Now()
				if errs[k] = c.login(); errs[k] != nil {
					return
				}
				b.latency[i] = time.Since(at)
			}
		})
	}
	all.Wait()
	b.wall, b.own = time.Since(began), ownCPU()-own
	after, err := s.cpu()
	b.cpu = after - cpu
	return b, errors.Join(append(errs, err)...)
}
