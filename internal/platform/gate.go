package platform

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"time"
)

// The platform takes on what it can do soon and refuses the rest at once, with 503 and
// Retry-After. At most maxRequests are under way; of these few are at work, and the
// others wait in a row without taking processor time from them, nor from a refusal. So
// a refusal costs no more than reading the request, and what was taken on is answered
// in the time that the row takes, however many more come.
const (
	maxRequests = 512
	maxWait     = time.Second // in the row: then something else than their number keeps requests
	maxHashers  = 64          // who log in by password at a time, four of them at work
	retryAfter  = "5"         // seconds
	perCore     = 32          // requests at work: the store makes some of them wait
)

func newGate() chan struct{} { return make(chan struct{}, perCore*runtime.GOMAXPROCS(0)) }

// waits reports whether requests of a route wait for something else than the store: a
// logout for relying parties, the pages of a login for a password to be hashed. They
// would keep the places of those that work.
func waits(pattern string) bool {
	return strings.HasSuffix(pattern, " "+pathLogout) || pattern == "POST /interaction/{id}"
}

// gated lets requests work in the order in which they came.
func (p *Platform) gated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case p.work <- struct{}{}:
		default:
			if !p.inRow(r.Context()) {
				fail(w, errFull)
				return
			}
		}
		defer func() { <-p.work }()
		next.ServeHTTP(w, r)
	})
}

// inRow waits for a place at work.
func (p *Platform) inRow(ctx context.Context) bool {
	t := time.NewTimer(maxWait)
	defer t.Stop()
	select {
	case p.work <- struct{}{}:
		return true
	case <-t.C:
	case <-ctx.Done():
	}
	return false
}

// mayHash bounds who waits for a password to be hashed, which takes a core for a good
// part of a second: before anything is counted as a guess.
func (p *Platform) mayHash() (leave func(), err error) {
	leave = func() { p.hashers.Add(-1) }
	if p.hashers.Add(1) > maxHashers {
		leave()
		return nil, errFull
	}
	return leave, nil
}
