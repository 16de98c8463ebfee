package resource

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// provider publishes metadata and keys.
type provider struct {
	*httptest.Server
	mu       sync.Mutex
	metadata func(object)
	broken   bool
	keys     []*signer
	asked    atomic.Int64 // for metadata
	hold     chan struct{}
}

func newProvider(t *testing.T, keys ...*signer) *provider {
	p := &provider{keys: keys}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.hold != nil {
			<-p.hold
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasPrefix(r.URL.Path, "/.well-known/"):
			p.asked.Add(1)
			if p.broken {
				w.WriteHeader(500)
				return
			}
			o := object{"issuer": p.URL, "jwks_uri": p.URL + "/jwks"}
			if p.metadata != nil {
				p.metadata(o)
			}
			json.NewEncoder(w).Encode(o)
		default:
			var list []object
			for _, k := range p.keys {
				o := k.jwk()
				o["kid"] = k.kid
				list = append(list, o)
			}
			json.NewEncoder(w).Encode(object{"keys": list})
		}
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

func (w *world) at(p *provider) (s *Server, token func() string) {
	return w.server(func(c *Config) { c.Issuer, c.Keys = p.URL, nil }), func() string { return w.token(set("iss", p.URL)) }
}

func TestKeysComeFromTheIssuersMetadata(t *testing.T) {
	w := newWorld(t)
	p := newProvider(t, w.issuer)
	s, token := w.at(p)
	if p.asked.Load() != 0 {
		t.Error("New called somebody")
	}
	for range 3 {
		if _, err := s.Verify(get(token()), Need{}); err != nil {
			t.Fatal(err)
		}
	}
	if p.asked.Load() != 1 {
		t.Errorf("%d readings", p.asked.Load())
	}
	// Another address means other keys, and the tokens of the old ones fall out.
	next, old := newSigner(t, "k2"), token()
	if _, err := s.Verify(get(old), Need{}); err != nil {
		t.Fatal(err)
	}
	before := s.generation()
	p.change(func() { p.keys = []*signer{next}; p.metadata = set("jwks_uri", p.URL+"/new") })
	w.advance(time.Hour)
	s.Verify(get(token()), Need{}) // starts the reading
	d := s.keys.(*discovered)
	d.mu.Lock()
	flight := d.flight
	d.mu.Unlock()
	if flight != nil {
		<-flight
	}
	if s.generation() == before {
		t.Error("another address, and the same generation")
	}
	_, err := s.Verify(get(token()), Need{})
	refusedAs(t, err, vneid.ErrUntrusted)
	w.issuer = next
	h := header()
	h["kid"] = "k2"
	if _, err := s.Verify(get(next.sign(h, w.claims(set("iss", p.URL)))), Need{}); err != nil {
		t.Error(err)
	}
}

func TestAnIssuerThatIsDownAtStartIsFoundLater(t *testing.T) {
	w := newWorld(t)
	p := newProvider(t, w.issuer)
	p.broken = true
	s, token := w.at(p)
	for range 3 {
		_, err := s.Verify(get(token()), Need{})
		refusedAs(t, err, vneid.ErrUnavailable)
	}
	if p.asked.Load() != 1 {
		t.Errorf("%d readings within five seconds", p.asked.Load())
	}
	p.change(func() { p.broken = false })
	w.advance(metadataPause)
	if _, err := s.Verify(get(token()), Need{}); err != nil {
		t.Error(err)
	}
	// Later trouble does not take away what is known.
	p.change(func() { p.broken = true })
	w.advance(metadataLife + time.Second)
	if _, err := s.Verify(get(token()), Need{}); err != nil {
		t.Error(err)
	}
}

func TestMetadataThatLeadAstray(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*provider) func(object)
		want   vneid.Kind
	}{
		"another issuer":            {func(*provider) func(object) { return set("issuer", issuer) }, vneid.ErrUntrusted},
		"an issuer with a slash":    {func(p *provider) func(object) { return set("issuer", p.URL+"/") }, vneid.ErrUntrusted},
		"no jwks_uri":               {func(*provider) func(object) { return drop("jwks_uri") }, vneid.ErrUntrusted},
		"keys on another host":      {func(*provider) func(object) { return set("jwks_uri", "https://evil.example/jwks") }, vneid.ErrUntrusted},
		"keys on another host's IP": {func(*provider) func(object) { return set("jwks_uri", "https://169.254.169.254/jwks") }, vneid.ErrUntrusted},
		"keys of another scheme":    {func(*provider) func(object) { return set("jwks_uri", "file:///etc/passwd") }, vneid.ErrUntrusted},
		"keys with a password":      {func(p *provider) func(object) { return set("jwks_uri", strings.Replace(p.URL, "//", "//a:b@", 1)) }, vneid.ErrUntrusted},
	} {
		w := newWorld(t)
		p := newProvider(t, w.issuer)
		p.metadata = c.change(p)
		s, token := w.at(p)
		_, err := s.Verify(get(token()), Need{})
		t.Run(name, func(t *testing.T) { refusedAs(t, err, c.want) })
	}
}

func TestAWaiterThatGivesUpFailsAlone(t *testing.T) {
	w := newWorld(t)
	p := newProvider(t, w.issuer)
	p.hold = make(chan struct{})
	s, token := w.at(p)
	ctx, cancel := context.WithCancel(t.Context())
	errs := make(chan error, 2)
	impatient, patient := get(token()).WithContext(ctx), get(token())
	go func() { _, err := s.Verify(impatient, Need{}); errs <- err }()
	cancel()
	err := <-errs
	refusedAs(t, err, vneid.ErrUnavailable)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	go func() { _, err := s.Verify(patient, Need{}); errs <- err }()
	close(p.hold)
	if err := <-errs; err != nil {
		t.Error(err)
	}
}
