package share

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/guard/guardtest"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// lister is an issuer's web server, which answers as it is told.
type lister struct {
	*httptest.Server
	calls  atomic.Int64
	answer func(http.ResponseWriter, *http.Request)
}

func newLister(t testing.TB, body string) *lister {
	l := &lister{answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { l.calls.Add(1); l.answer(w, r) }))
	t.Cleanup(l.Close)
	return l
}

func TestListsAreFetchedOnceInTheirLife(t *testing.T) {
	l := newLister(t, "a.b.c\n")
	now := noon
	s := &RemoteStatus{Issuers: []string{l.URL}, Now: func() time.Time { return now }}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if raw, err := s.Fetch(t.Context(), l.URL+"/status/1"); err != nil || string(raw) != "a.b.c" {
				t.Errorf("%s, %v", raw, err)
			}
		})
	}
	wg.Wait()
	if n := l.calls.Load(); n != 1 {
		t.Errorf("%d calls", n)
	}
	now = now.Add(time.Minute)
	first, _ := s.Fetch(t.Context(), l.URL+"/status/1")
	now = now.Add(time.Minute)
	second, _ := s.Fetch(t.Context(), l.URL+"/status/1")
	if n := l.calls.Load(); n != 3 || &first[0] != &second[0] {
		t.Errorf("%d calls, or the same list is other bytes", n)
	}
}

func TestAnOldListServesWhileTheIssuerIsDown(t *testing.T) {
	l := newLister(t, "a.b.c")
	now := noon
	s := &RemoteStatus{Issuers: []string{l.URL}, Now: func() time.Time { return now }}
	uri := l.URL + "/status/1"
	if _, err := s.Fetch(t.Context(), uri); err != nil {
		t.Fatal(err)
	}
	l.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }
	now = now.Add(time.Hour)
	for range 10 {
		if raw, err := s.Fetch(t.Context(), uri); err != nil || string(raw) != "a.b.c" {
			t.Errorf("%s, %v", raw, err)
		}
	}
	if n := l.calls.Load(); n != 2 {
		t.Errorf("%d calls: every document asked an issuer that is down", n)
	}
}

func TestListsThatCannotBeHad(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request){
		"an error": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) },
		"too much": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, sdjwt.DefaultMaxToken+1)) },
		"cut short": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10")
			_, _ = w.Write([]byte("a"))
		},
		"sent elsewhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
		},
		"sent round":        func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) },
		"a hung connection": func(w http.ResponseWriter, _ *http.Request) { c, _, _ := w.(http.Hijacker).Hijack(); _ = c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLister(t, "a.b.c")
			s := &RemoteStatus{Issuers: []string{l.URL}}
			if _, err := s.Fetch(t.Context(), l.URL+"/1"); err != nil {
				t.Fatal("the twin: ", err)
			}
			l.answer = answer
			raw, err := s.Fetch(t.Context(), l.URL+"/2")
			if kindOf(t, err) != vneid.ErrUnavailable || raw != nil || !strings.HasPrefix(err.Error(), "share: ") {
				t.Errorf("%d bytes, %v", len(raw), err)
			}
			if strings.Contains(err.Error(), l.URL) || strings.Contains(err.Error(), "elsewhere") {
				t.Error(err)
			}
		})
	}
}

func TestACallerThatGivesUpFailsAlone(t *testing.T) {
	l := newLister(t, "a.b.c")
	hold := make(chan struct{})
	good := l.answer
	l.answer = func(w http.ResponseWriter, r *http.Request) { <-hold; good(w, r) }
	s := &RemoteStatus{Issuers: []string{l.URL}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Fetch(ctx, l.URL+"/1")
	if kindOf(t, err) != vneid.ErrUnavailable || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(hold)
	if raw, err := s.Fetch(t.Context(), l.URL+"/1"); err != nil || string(raw) != "a.b.c" || l.calls.Load() != 1 {
		t.Errorf("%s, %v, %d calls", raw, err, l.calls.Load())
	}
}

func TestNoMoreListsThanThereIsRoomFor(t *testing.T) {
	l := newLister(t, "a.b.c")
	now := noon
	s := &RemoteStatus{Issuers: []string{l.URL}, Now: func() time.Time { return now }}
	fetch := func(n int) error { _, err := s.Fetch(t.Context(), l.URL+"/"+strings.Repeat("x", n)); return err }
	for n := range maxLists {
		if err := fetch(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := fetch(maxLists); kindOf(t, err) != vneid.ErrUnavailable {
		t.Error(err)
	}
	now = now.Add(time.Minute)
	if err := fetch(maxLists); err != nil || len(s.lists) != 1 {
		t.Errorf("%v, %d lists", err, len(s.lists))
	}
}

func TestNoURIOfADocumentLeadsInside(t *testing.T) {
	trap := guardtest.Listen(t)
	before := trap.Works(t)
	for _, uri := range trap.URLs() {
		s := &RemoteStatus{Issuers: []string{"https://op.example"}}
		raw, err := s.Fetch(t.Context(), uri)
		if err == nil || raw != nil || !errors.As(err, new(vneid.Kind)) {
			t.Errorf("%q: %v", uri, err)
		}
	}
	if n := trap.Hits() - before; n != 0 {
		t.Errorf("the trap was reached %d times", n)
	}
	for _, uri := range trap.URLs()[:1] { // shown reachable: the check alone is what stops it
		s := &RemoteStatus{Issuers: []string{"https://op.example"}, off: "host", HTTP: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
		_, _ = s.Fetch(t.Context(), uri)
	}
	if trap.Hits() == before {
		t.Error("without the check nothing leads inside")
	}
	t.Logf("%d URIs: 0 connections", len(trap.URLs()))
}

// Callers of a list that is due again, at once: for the race detector.
func TestAListThatIsDueIsWaitedForByMany(t *testing.T) {
	l := newLister(t, "a.b.c")
	var late atomic.Int64
	s := &RemoteStatus{Issuers: []string{l.URL}, Now: func() time.Time { return noon.Add(time.Duration(late.Add(1)) * time.Minute) }}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if raw, err := s.Fetch(t.Context(), l.URL+"/status/1"); err != nil || string(raw) != "a.b.c" {
					t.Errorf("%s, %v", raw, err)
				}
			}
		})
	}
	wg.Wait()
}
