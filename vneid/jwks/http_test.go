package jwks_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// over fetches from a real server on the loopback interface.
func over(s *httptest.Server, client *http.Client) *jwks.Remote {
	return &jwks.Remote{URL: s.URL, Issuer: issuer, Uses: []vneid.Use{vneid.UseIDToken}, HTTP: client}
}

func TestKeysComeFromTheURLsOwnHost(t *testing.T) {
	known := newSigner("known")
	var elsewhere atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		elsewhere.Add(1)
		w.Write(document(known))
	}))
	defer other.Close()
	var to string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" || to == "" {
			w.Write(document(known))
			return
		}
		http.Redirect(w, r, to, http.StatusTemporaryRedirect)
	}))
	defer s.Close()
	host, _ := url.Parse(s.URL)
	for name, tc := range map[string]struct {
		to   string
		want vneid.Kind
	}{
		"no redirect":          {"", 0},
		"to the same host":     {"/elsewhere", 0},
		"to another port":      {other.URL, vneid.ErrUnavailable},
		"to another host":      {"http://localhost:" + host.Port() + "/elsewhere", vneid.ErrUnavailable},
		"to another scheme":    {"https://" + host.Host + "/elsewhere", vneid.ErrUnavailable},
		"to the metadata host": {"http://169.254.169.254/latest/meta-data", vneid.ErrUnavailable},
		"to a file":            {"file:///etc/passwd", vneid.ErrUnavailable},
		"round in circles":     {"/", vneid.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			to = tc.to
			for _, client := range []*http.Client{nil, {}} {
				expect(t, over(s, client), known.sign(t), tc.want)
			}
		})
	}
	if elsewhere.Load() != 0 {
		t.Error("the other server was asked")
	}
	expect(t, over(other, nil), known.sign(t), 0) // it can be reached
}

func TestAGzipBombIsNotUnpacked(t *testing.T) {
	known := newSigner("known")
	var bomb bytes.Buffer
	z, _ := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	z.Write(document(known))
	for range 64 {
		z.Write(bytes.Repeat([]byte(" "), 1<<20))
	}
	z.Close()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bomb.Bytes())
	}))
	defer s.Close()
	for name, client := range map[string]*http.Client{"the built-in client": nil, "a caller's own, which unpacks": {}} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			expect(t, over(s, client), known.sign(t), vneid.ErrUnavailable)
			runtime.ReadMemStats(&after)
			if n := after.TotalAlloc - before.TotalAlloc; n > 16<<20 {
				t.Errorf("%d bytes were allocated", n)
			}
		})
	}
}

func TestHowLongKeysAreFresh(t *testing.T) {
	for _, tc := range []struct {
		headers []string
		want    time.Duration
	}{
		{nil, time.Hour},
		{[]string{"Cache-Control", "max-age=1000"}, 1000 * time.Second},
		{[]string{"Cache-Control", "public, Max-Age=1000, must-revalidate"}, 1000 * time.Second},
		{[]string{"Cache-Control", `max-age="1000"`}, 1000 * time.Second},
		{[]string{"Cache-Control", "max-age=1000", "Age", "400"}, 600 * time.Second},
		{[]string{"Cache-Control", "max-age=1000", "Age", "999"}, 5 * time.Minute},
		{[]string{"Cache-Control", "max-age=0"}, 5 * time.Minute},
		{[]string{"Cache-Control", "max-age=-1"}, 5 * time.Minute},
		{[]string{"Cache-Control", "max-age=soon"}, 5 * time.Minute},
		{[]string{"Cache-Control", "no-store"}, 5 * time.Minute},
		{[]string{"Cache-Control", "public", "Cache-Control", "no-cache"}, 5 * time.Minute},
		{[]string{"Cache-Control", "max-age=315360000"}, 24 * time.Hour},
		{[]string{"Cache-Control", "max-age=9223372036854775807"}, 24 * time.Hour},
		{[]string{"Cache-Control", "max-age=99999999999999999999"}, 5 * time.Minute},
	} {
		known := newSigner("known")
		p, c := publish(document(known), tc.headers...), newClock()
		r := remote(p, c)
		r.MaxStale = -1
		expect(t, r, known.sign(t), 0)
		p.set(down)
		c.advance(tc.want - time.Second)
		if err := r.Verify(t.Context(), known.sign(t)); err != nil {
			t.Errorf("%q: over before %v", tc.headers, tc.want)
		}
		c.advance(time.Second)
		if err := r.Verify(t.Context(), known.sign(t)); err == nil {
			t.Errorf("%q: fresh after %v", tc.headers, tc.want)
		}
	}
}
