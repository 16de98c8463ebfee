package ops

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// served is a site behind a Handler on a real listener.
type served struct {
	t   *testing.T
	h   *Handler
	url string
	log *lines
}

// lines is a log that may be read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func serve(t *testing.T, cfg Config, site http.Handler) *served {
	t.Helper()
	s := &served{t: t, log: new(lines)}
	cfg.Log = slog.New(slog.NewJSONHandler(s.log, nil))
	s.h = New(cfg, site)
	srv := httptest.NewServer(s.h)
	t.Cleanup(srv.Close)
	s.url = srv.URL
	return s
}

func (s *served) get(path string) (*http.Response, string) {
	s.t.Helper()
	res, err := http.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res, string(body)
}

func TestALineForEachRequestAndNothingOfIt(t *testing.T) {
	mux := http.NewServeMux()
	inner := http.NewServeMux()
	inner.HandleFunc("GET /person/{id}", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") })
	inner.HandleFunc("POST /person/{id}", func(http.ResponseWriter, *http.Request) { panic("canary-panic " + "999090000001") })
	mux.Handle("/", inner)
	m := NewMetrics("test")
	s := serve(t, Config{Metrics: m, Figures: true}, mux)

	res, body := s.get("/person/canary-path?q=canary-query")
	if res.StatusCode != 200 || body != "hello" || len(res.Header.Get("X-Request-Id")) != 16 {
		t.Errorf("status %d, %q, %v", res.StatusCode, body, res.Header)
	}
	if !strings.Contains(s.log.String(), `"id":"`+res.Header.Get("X-Request-Id")+`","method":"GET","route":"/person/{id}","status":200`) {
		t.Errorf("the log says %s", s.log)
	}
	post, err := http.Post(s.url+"/person/canary-path", "text/plain", strings.NewReader("canary-body"))
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(post.Body)
	post.Body.Close()
	if post.StatusCode != 500 || !strings.Contains(s.log.String(), `"type":"string","at":["`) || !strings.Contains(s.log.String(), "TestALineForEachRequest") {
		t.Errorf("a panic: status %d, %s", post.StatusCode, s.log)
	}
	s.get("/nowhere/canary-path")
	req, _ := http.NewRequest("CANARY", s.url+"/canary-path", nil)
	req.Header.Set("X-Request-Id", "canary-id")
	if odd, err := http.DefaultClient.Do(req); err != nil {
		t.Error(err)
	} else {
		odd.Body.Close()
	}
	_, figures := s.get("/metrics")
	for where, said := range map[string]string{"the log": s.log.String(), "the figures": figures, "the answer to a panic": string(text)} {
		if strings.Contains(strings.ToLower(said), "canary") || strings.Contains(said, "999090000001") || strings.Contains(said, "127.0.0.1") {
			t.Errorf("%s: %s", where, said)
		}
	}
	for _, want := range []string{
		`vneid_http_requests_total{method="GET",route="/person/{id}",status="2xx"} 1`, `vneid_http_requests_total{method="POST",route="/person/{id}",status="5xx"} 1`,
		`vneid_http_requests_total{method="GET",route="none",status="4xx"} 1`, `vneid_http_requests_total{method="other",route="none",status="4xx"} 1`,
		`vneid_build_info{version="test"} 1`, `vneid_http_requests_running 0`, "go_goroutines", "process_cpu_seconds_total",
	} {
		if !strings.Contains(figures, want) {
			t.Errorf("the figures lack %s", want)
		}
	}
}

func TestWhatIsTooMuchIsRefusedAtOnce(t *testing.T) {
	begun, let := make(chan bool), make(chan bool)
	m := NewMetrics("")
	s := serve(t, Config{Requests: 2, Metrics: m, Figures: true}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun <- true
		<-let
	}))
	var calls sync.WaitGroup
	for range 2 {
		calls.Go(func() { s.get("/") })
		<-begun
	}
	res, _ := s.get("/")
	if res.StatusCode != 503 || res.Header.Get("Retry-After") != "1" {
		t.Errorf("the third: status %d", res.StatusCode)
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} { // they need no place
		if res, _ := s.get(path); res.StatusCode != 200 {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
	}
	close(let)
	calls.Wait()
	calls.Go(func() { <-begun })
	if res, _ := s.get("/"); res.StatusCode != 200 {
		t.Errorf("afterwards: status %d", res.StatusCode)
	}
	calls.Wait()
	if _, figures := s.get("/metrics"); !strings.Contains(figures, `vneid_http_refused_total{limit="requests"} 1`) {
		t.Error("the refusal is not counted")
	}
}

func TestABodyAndARequestHaveAnEnd(t *testing.T) {
	read := make(chan error, 1)
	s := serve(t, Config{Body: 10, Time: time.Millisecond}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		read <- err
		<-r.Context().Done()
	}))
	for body, whole := range map[string]bool{"0123456789": true, "0123456789+": false} {
		res, err := http.Post(s.url, "text/plain", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		var large *http.MaxBytesError
		if err := <-read; (err == nil) != whole || !whole && !errors.As(err, &large) {
			t.Errorf("%d bytes: %v", len(body), err)
		}
	}
}

func TestReadinessIsWhatReadySays(t *testing.T) {
	var why error
	s := serve(t, Config{Ready: func(context.Context) error { return why }}, http.NotFoundHandler())
	if res, body := s.get("/readyz"); res.StatusCode != 200 || body != "ready\n" {
		t.Errorf("status %d, %q", res.StatusCode, body)
	}
	why = errors.New("the store does not answer")
	if res, body := s.get("/readyz"); res.StatusCode != 503 || body != "the store does not answer\n" {
		t.Errorf("status %d, %q", res.StatusCode, body)
	}
	if res, _ := s.get("/healthz"); res.StatusCode != 200 {
		t.Errorf("the process lives: status %d", res.StatusCode)
	}
	why = nil
	s.h.Stop()
	s.h.Stop()
	if res, body := s.get("/readyz"); res.StatusCode != 503 || body != "stopping\n" {
		t.Errorf("status %d, %q", res.StatusCode, body)
	}
	if res, _ := s.get("/metrics"); res.StatusCode != 404 {
		t.Errorf("figures without being asked for: status %d", res.StatusCode)
	}
	if s.log.String() != "" && strings.Contains(s.log.String(), "readyz") {
		t.Errorf("probes are logged: %s", s.log)
	}
}

func TestTheStoreIsMeasured(t *testing.T) {
	m := NewMetrics("")
	broken := errors.New("broken")
	good, bad := m.Store(platform.NewMemory()), m.Store(brokenStore{platform.NewMemory(), broken})
	refused := errors.New("refused")
	for _, s := range []platform.Store{good, bad} {
		_ = s.Update(t.Context(), func(platform.Tx) error { return nil })
		_ = s.Update(t.Context(), func(platform.Tx) error { return refused })
		_ = s.View(t.Context(), func(platform.Tx) error { return nil })
		_, _ = s.Get(t.Context(), "a", "k")
		_, _ = s.Sweep(t.Context(), time.Now())
	}
	rec := httptest.NewRecorder()
	m.ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`vneid_store_seconds_count{operation="update"} 4`, `vneid_store_seconds_count{operation="view"} 4`, `vneid_store_seconds_count{operation="sweep"} 2`,
		`vneid_store_errors_total{operation="update"} 2`, `vneid_store_errors_total{operation="view"} 2`, `vneid_store_errors_total{operation="sweep"} 1`,
	} {
		if !strings.Contains(rec.Body.String(), want) {
			t.Errorf("the figures lack %s", want)
		}
	}
}

type brokenStore struct {
	platform.Store
	err error
}

func (b brokenStore) Update(context.Context, func(platform.Tx) error) error { return b.err }
func (b brokenStore) View(context.Context, func(platform.Tx) error) error   { return b.err }
func (b brokenStore) Get(context.Context, string, string) ([]byte, error)   { return nil, b.err }
func (b brokenStore) Sweep(context.Context, time.Time) (int, error)         { return 0, b.err }

func TestWatchedFiguresAreReadWhenAsked(t *testing.T) {
	m := NewMetrics("")
	asked, fail := 0, error(nil)
	m.Watch([]Gauge{{"vneid_a", "A."}, {"vneid_b", "B."}}, func(context.Context) ([]float64, error) {
		asked++
		return []float64{7, 8}, fail
	})
	for range 3 {
		rec := httptest.NewRecorder()
		m.ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
		if body := rec.Body.String(); !strings.Contains(body, "vneid_a 7\n") || !strings.Contains(body, "vneid_b 8\n") {
			t.Error("the figures are missing")
		}
	}
	if asked > 2 { // a second may have passed
		t.Errorf("asked %d times at once", asked)
	}
}

func TestLabelsHaveABound(t *testing.T) {
	m := NewMetrics("")
	for i := range 2 * maxRoutes {
		r := httptest.NewRequest("GET", "/", nil)
		r.Pattern = "GET /" + strings.Repeat("x", i+1)
		m.request(r, 200, 0)
	}
	rec := httptest.NewRecorder()
	m.ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	if n := strings.Count(rec.Body.String(), "vneid_http_requests_total{"); n != maxRoutes+1 {
		t.Errorf("%d rows", n)
	}
}

// Who waits for requests under way gets their answers; who comes later does not.
func TestItStopsWithoutCuttingAnybodyOff(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	begun, let := make(chan bool), make(chan bool)
	h := New(Config{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun <- true
		<-let
		io.WriteString(w, "whole")
	}))
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- Serving{}.Run(ctx, l, h) }()
	got := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			got <- err.Error()
			return
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		got <- string(body)
	}()
	<-begun
	stop()
	<-h.gone
	for { // until the listener is closed
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			break
		}
		c.Close()
	}
	close(let)
	if body := <-got; body != "whole" {
		t.Errorf("got %q", body)
	}
	if err := <-over; err != nil {
		t.Error(err)
	}
}

func TestConnectionsHaveABound(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := NewMetrics("")
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() { over <- Serving{Conns: 2, Metrics: m}.Run(ctx, l, New(Config{}, http.NotFoundHandler())) }()
	hold := func() net.Conn {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		c.SetDeadline(time.Now().Add(5 * time.Minute))
		return c
	}
	ask := func(c net.Conn) string {
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		b := make([]byte, 12)
		if _, err := io.ReadFull(c, b); err != nil {
			return err.Error()
		}
		return string(b)
	}
	a, b := hold(), hold()
	if got := ask(a) + ask(b); got != "HTTP/1.1 404HTTP/1.1 404" {
		t.Fatal(got)
	}
	third := hold()
	all, err := io.ReadAll(third)
	if err != nil || !strings.HasPrefix(string(all), "HTTP/1.1 503") || !strings.Contains(string(all), "Retry-After: 1\r\n") {
		t.Errorf("%q %v", all, err)
	}
	third.Close()
	a.Close()
	for { // the server notices in its own time
		c := hold()
		got := ask(c)
		c.Close()
		if got == "HTTP/1.1 404" {
			break
		}
	}
	b.Close()
	stop()
	if err := <-over; err != nil {
		t.Error(err)
	}
}

func TestHeadersHaveABound(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() {
		over <- Serving{}.Run(ctx, l, New(Config{}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	}()
	for size, want := range map[int]int{16 << 10: 200, 64 << 10: 431} {
		req, err := http.NewRequest("GET", "http://"+l.Addr().String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Large", strings.Repeat("x", size))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%d bytes: status %d", size, res.StatusCode)
		}
	}
	stop()
	if err := <-over; err != nil {
		t.Error(err)
	}
}

func TestWhatNetHTTPSaysNamesNobody(t *testing.T) {
	var said bytes.Buffer
	w := discreet{slog.New(slog.NewTextHandler(&said, nil))}
	io.WriteString(w, "http: panic serving 192.0.2.7:4711: 999090000001")
	io.WriteString(w, "http: Accept error: accept tcp 192.0.2.7:80: too many open files; retrying in 5ms")
	if strings.Contains(said.String(), "192.0.2.7") || strings.Contains(said.String(), "999") || !strings.Contains(said.String(), "Accept error") {
		t.Error(said.String())
	}
}
