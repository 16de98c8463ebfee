package share

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// RemoteStatus is a StatusSource that fetches lists from their issuers and keeps them
// in memory for Life. Fill in the fields and use its address; do not copy it or change
// fields after its first use.
//
//   - It calls Issuers, by their scheme, host and port, and nobody else: a URI comes out
//     of a document. Redirects stay there; the answer may have 2 MiB; nothing inflates on arrival.
//   - All callers of one list share one fetch, which no caller's context ends: it ends by
//     its own time-out of 5 s.
//   - Past Life a list is fetched anew. While that fails the old one serves on, and the
//     Verifier judges by the list's own times whether it is too old; after a failure the
//     next fetch waits 5 s.
//   - At most 256 lists are kept.
type RemoteStatus struct {
	Issuers []string         // whose hosts may be called: their URLs, as in Verifier.Issuers
	HTTP    *http.Client     // nil: one with time-outs
	Now     func() time.Time // nil: time.Now
	Life    time.Duration    // 0: one minute

	mu      sync.Mutex
	lists   map[string]*remoteList
	clients map[string]*http.Client // by issuer: they pool connections

	// off takes one check out, for this package's tests.
	off string
}

var _ StatusSource = (*RemoteStatus)(nil)

// remoteList is one list: as it came last, and the fetch under way.
type remoteList struct {
	raw    []byte
	fresh  time.Time // no fetch before
	failed error     // of the last fetch
	done   chan struct{}
}

const (
	statusLife  = time.Minute
	statusPause = 5 * time.Second
	statusTime  = 5 * time.Second
)

// Fetch implements StatusSource.
func (s *RemoteStatus) Fetch(ctx context.Context, uri string) ([]byte, error) {
	raw, err := s.fetch(ctx, uri)
	return raw, fault.Prefix("share", err)
}

func (s *RemoteStatus) fetch(ctx context.Context, uri string) ([]byte, error) {
	issuer, err := s.owner(uri)
	if err != nil {
		return nil, err
	}
	l, done, err := s.start(issuer, uri)
	if err != nil {
		return nil, err
	}
	select {
	case <-done:
	case <-ctx.Done():
		return nil, fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "gave up waiting for the status list")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.raw == nil {
		return nil, l.failed
	}
	return l.raw, nil
}

// owner returns the issuer on whose host a list is.
func (s *RemoteStatus) owner(uri string) (string, error) {
	u, err := guard.CheckURL(uri)
	if s.off == "host" {
		return uri, nil
	}
	if err != nil {
		return "", fault.New(vneid.ErrUntrusted, "the status list's URI is not one to call")
	}
	i := slices.IndexFunc(s.Issuers, func(issuer string) bool { return sameOrigin(issuer, u) })
	if i < 0 {
		return "", fault.New(vneid.ErrUntrusted, "the status list is not on the host of one of RemoteStatus.Issuers")
	}
	return s.Issuers[i], nil
}

func sameOrigin(issuer string, u *url.URL) bool {
	own, err := url.Parse(issuer)
	return err == nil && own.Host != "" && own.Scheme == u.Scheme && strings.EqualFold(own.Host, u.Host)
}

// start returns a list that is there when done is closed: now, or when the fetch under
// way has ended.
func (s *RemoteStatus) start(issuer, uri string) (l *remoteList, done <-chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if l = s.lists[uri]; l == nil {
		if s.lists == nil {
			s.lists = make(map[string]*remoteList)
		}
		if len(s.lists) >= maxLists && !s.drop(now) {
			return nil, nil, fault.New(vneid.ErrUnavailable, "too many status lists are being fetched")
		}
		l = &remoteList{done: closed()}
		s.lists[uri] = l
	}
	select {
	case <-l.done:
	default:
		return l, l.done, nil // under way
	}
	if limit := now.Add(s.life()); l.fresh.After(limit) {
		l.fresh = limit // the clock was set back
	}
	if now.Before(l.fresh) {
		return l, l.done, nil
	}
	l.done = make(chan struct{})
	go s.run(l, s.client(issuer), uri)
	return l, l.done, nil
}

func (s *RemoteStatus) client(issuer string) *http.Client {
	if s.clients == nil {
		s.clients = make(map[string]*http.Client)
	}
	if s.clients[issuer] == nil {
		s.clients[issuer] = guard.Client(s.HTTP, issuer)
	}
	return s.clients[issuer]
}

// drop makes room: lists past their life go first to be fetched again, anyhow.
func (s *RemoteStatus) drop(now time.Time) bool {
	for uri, l := range s.lists {
		select {
		case <-l.done:
			if !now.Before(l.fresh) {
				delete(s.lists, uri)
			}
		default:
		}
	}
	return len(s.lists) < maxLists
}

// run does one fetch and ends with it.
func (s *RemoteStatus) run(l *remoteList, client *http.Client, uri string) {
	ctx, cancel := context.WithTimeout(context.Background(), statusTime)
	defer cancel()
	raw, err := download(ctx, client, uri)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		if string(raw) != string(l.raw) { // the same list is the same bytes
			l.raw = raw
		}
		l.failed, l.fresh = nil, s.now().Add(s.life())
	} else {
		l.failed, l.fresh = err, s.now().Add(statusPause)
	}
	close(l.done)
}

func download(ctx context.Context, client *http.Client, uri string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, uri, nil)
	if err != nil {
		return nil, fault.New(vneid.ErrUnavailable, "the status list cannot be asked for")
	}
	req.Header.Set("Accept", "application/statuslist+jwt")
	resp, err := client.Do(req)
	if err != nil {
		return nil, fault.Wrap(&vneid.APIError{}, nil, "the issuer did not send its status list")
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fault.Wrap(&vneid.APIError{Status: resp.StatusCode}, nil, "the issuer answered with status %d for its status list", resp.StatusCode)
	}
	raw, err := guard.Read(resp.Body, sdjwt.DefaultMaxToken)
	if errors.Is(err, guard.ErrTooLarge) {
		return nil, fault.New(vneid.ErrUnavailable, "the issuer's status list is too large")
	}
	if err != nil {
		return nil, fault.Wrap(&vneid.APIError{Status: resp.StatusCode}, nil, "the issuer did not send all of its status list")
	}
	return []byte(strings.TrimSpace(string(raw))), nil
}

func (s *RemoteStatus) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

func (s *RemoteStatus) life() time.Duration {
	if s.Life <= 0 {
		return statusLife
	}
	return s.Life
}

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}
