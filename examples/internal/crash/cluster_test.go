package crash

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/store"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
)

// cluster is three processes on one store, which the world takes for one platform.
type cluster struct {
	*actor
	hosts []string
	store string
	data  string
}

const instances = 3

// together is three platforms in this process, each with a connection to the store of
// its own: the race detector sees them.
func together(t *testing.T, url string) *cluster {
	t.Helper()
	c := &cluster{store: url, data: t.TempDir()}
	secret := make([]byte, 32)
	rand.Read(secret)
	if err := os.WriteFile(filepath.Join(c.data, "platform.secret"), []byte(base64.RawURLEncoding.EncodeToString(secret)), 0o600); err != nil {
		t.Fatal(err)
	}
	clients, err := web.Portals(callback)
	if err != nil {
		t.Fatal(err)
	}
	issuer := ""
	for range instances {
		srv := httptest.NewUnstartedServer(nil)
		c.hosts = append(c.hosts, srv.Listener.Addr().String())
		if issuer == "" {
			issuer = "http://" + c.hosts[0]
		}
		s, err := store.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		srv.Config.Handler, err = web.New(t.Context(), web.Config{Issuer: issuer, Clients: clients, Store: s, Secret: secret, PasswordRounds: 1})
		if err != nil {
			t.Fatal(err)
		}
		srv.Start()
		t.Cleanup(srv.Close)
	}
	c.enter(&process{t: t, issuer: issuer})
	return c
}

// enter makes everybody of the cluster's world.
func (c *cluster) enter(p *process) {
	w := newWorld(p)
	w.risen()
	w.join("everybody", func(*actor) func() error { return nil })
	c.actor = w.actors[0]
	c.http = c.at(0)
}

// newCluster starts them, each on the store that it is told.
func newCluster(t *testing.T, store func(i int) string) *cluster {
	t.Helper()
	c := &cluster{store: store(0), data: t.TempDir()}
	var all []*process
	for i := range instances {
		p := newProcess(t, store(i), c.data)
		c.hosts = append(c.hosts, strings.TrimPrefix(p.issuer, "http://"))
		if len(all) > 0 {
			p.args = append(p.args, "-issuer", all[0].issuer)
		}
		all = append(all, p)
	}
	var starts sync.WaitGroup
	for _, p := range all { // at once, on an empty store
		starts.Go(p.start)
	}
	starts.Wait()
	c.enter(all[0])
	return c
}

// one is the way to one of the processes.
type one struct {
	host string
	by   *http.Transport
}

// RoundTrip implements http.RoundTripper.
func (o one) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	r.URL.Host = o.host
	return o.by.RoundTrip(r)
}

func (c *cluster) at(i int) http.RoundTripper { return one{c.hosts[i%len(c.hosts)], &http.Transport{}} }

// through is a relying party that calls one of the processes.
func (c *cluster) through(i int, rp *oauth.Party) *oauth.Party {
	it := *rp
	it.HTTP = &http.Client{Transport: &actor{world: c.world, http: c.at(i)}, Timeout: time.Minute}
	return &it
}
