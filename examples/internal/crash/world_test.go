package crash

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/testkeys"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
)

// world is everybody who talks to one platform.
type world struct {
	*process
	over atomic.Bool // nothing new is begun

	mu     sync.Mutex
	up     chan struct{} // closed while the platform lives
	parked int           // who waits for its next life
	actors []*actor
	failed error
}

// actor is one person or program, with what it was told.
type actor struct {
	*world
	name string
	act  func() error // one round; repeats what was not answered
	http http.RoundTripper
	got  map[string]int  // what was acknowledged, by its name
	out  map[string]bool // what was sent and not answered yet
	keys map[string]bool // of stays: acknowledged, and whether the cancellation was too
}

func newWorld(p *process) *world { return &world{process: p, up: make(chan struct{})} }

// join adds an actor.
func (w *world) join(name string, act func(a *actor) func() error) {
	a := &actor{world: w, name: name, http: &http.Transport{}, got: map[string]int{}, out: map[string]bool{}, keys: map[string]bool{}}
	a.act = act(a)
	w.actors = append(w.actors, a)
}

// live lets everybody act until stop is called and all have come to an end.
func (w *world) live() (stop func() error) {
	var all sync.WaitGroup
	for _, a := range w.actors {
		all.Go(func() {
			for !w.over.Load() {
				if err := a.act(); err != nil {
					w.mu.Lock()
					w.failed = errors.Join(w.failed, fmt.Errorf("%s: %w", a.name, err))
					w.mu.Unlock()
					break
				}
			}
			w.mu.Lock()
			w.parked++ // for good
			w.mu.Unlock()
		})
	}
	return func() error {
		w.over.Store(true)
		all.Wait()
		return w.failed
	}
}

// risen lets those go on who wait.
func (w *world) risen() {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.up)
}

// fallen is called when the platform is dead, and returns when everybody has noticed.
func (w *world) fallen() error {
	w.mu.Lock()
	w.up = make(chan struct{})
	w.mu.Unlock()
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		w.mu.Lock()
		n, err := w.parked, w.failed
		w.mu.Unlock()
		if n == len(w.actors) || err != nil {
			return err
		}
	}
	return errors.New("somebody has not noticed")
}

// await waits until the platform lives again.
func (w *world) await() {
	w.mu.Lock()
	up := w.up
	w.parked++
	w.mu.Unlock()
	<-up
	w.mu.Lock()
	w.parked--
	w.mu.Unlock()
}

// errNoAnswer is for answers that are none of the platform's own: it was being killed.
var errNoAnswer = errors.New("no answer")

// until does something again and again until it is answered. what is out meanwhile.
func (a *actor) until(what string, do func() error) error {
	a.mu.Lock()
	a.out[what] = true
	a.mu.Unlock()
	for tries := 0; ; tries++ {
		err := do()
		if tries == 1000 || !errors.Is(err, errNoAnswer) {
			a.mu.Lock()
			defer a.mu.Unlock()
			delete(a.out, what)
			if err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
			a.got[what]++
			return nil
		}
		time.Sleep(time.Millisecond)
		a.await()
	}
}

type keyed struct{}

// withKey makes calls carry a key.
func withKey(key string) context.Context {
	return context.WithValue(context.Background(), keyed{}, key)
}

// newKey is a key for one effect.
func newKey() string { return rand.Text() }

// RoundTrip implements http.RoundTripper.
func (a *actor) RoundTrip(r *http.Request) (*http.Response, error) {
	if key, ok := r.Context().Value(keyed{}).(string); ok {
		r = r.Clone(r.Context())
		r.Header.Set("Idempotency-Key", key)
	}
	return a.http.RoundTrip(r)
}

// party is a relying party of the platform whose key is published.
func (a *actor) party(client string) (*oauth.Party, error) {
	prover, err := oauth.NewProver(nil, nil)
	return &oauth.Party{
		HTTP: &http.Client{Transport: a, Timeout: 30 * time.Second}, Client: client, Audience: a.issuer,
		Key: &oauth.Key{ID: testkeys.ID, Signer: testkeys.Signing()}, Prover: prover,
	}, err
}

// answered reads what a call came to: no answer, a refusal, or the wanted status.
func answered(got oauth.Answer, err error, want int) (oauth.Answer, error) {
	if err != nil {
		return got, errors.Join(errNoAnswer, err)
	}
	if got.Status != want {
		return got, fmt.Errorf("status %d %s", got.Status, got.Code())
	}
	return got, nil
}
