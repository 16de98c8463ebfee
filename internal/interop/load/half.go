package main

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// steadily does n logins at a rate, whether those before have ended or not, and returns
// how long each took from the moment at which it was due: waiting for a free client is
// waiting too.
func steadily(clients []client, n int, perSecond float64) ([]time.Duration, error) {
	free := make(chan client, len(clients))
	for _, c := range clients {
		free <- c
	}
	took, errs := make([]time.Duration, n), make([]error, n)
	var all sync.WaitGroup
	began := time.Now()
	for i := range n {
		due := began.Add(time.Duration(float64(i) / perSecond * float64(time.Second)))
		time.Sleep(time.Until(due))
		c := <-free
		all.Go(func() {
			errs[i] = c.login()
			took[i] = time.Since(due)
			free <- c
		})
	}
	all.Wait()
	slices.Sort(took)
	return took, errors.Join(errs...)
}

// halfLoad does logins at half the rate that the server reached, on enough connections.
func halfLoad(s site, n, atOnce int, full float64) ([]time.Duration, error) {
	clients, err := seats(s, 4*atOnce)
	if err != nil {
		return nil, err
	}
	defer leave(clients)
	return steadily(clients, n, full/2)
}

func leave(clients []client) {
	for _, c := range clients {
		c.close()
	}
}

// at is a quantile of what is sorted.
func at(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
