package stays_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

// losing is a network that loses an answer whenever it is told to.
type losing struct {
	lose bool
	keys []string // of changes
}

func (l *losing) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && strings.HasPrefix(r.URL.Path, "/services/") {
		l.keys = append(l.keys, r.Header.Get("Idempotency-Key"))
		if l.lose {
			l.lose = false
			res.Body.Close()
			return nil, errors.New("connection reset by peer")
		}
	}
	return res, err
}

func TestAChangeWhoseAnswerWasLostIsMadeOnce(t *testing.T) {
	w := newWorld(t)
	net := &losing{}
	w.cfg.HTTP = &http.Client{Transport: net}
	desk := w.open(w.cfg)
	s := good(t)
	a, err := desk.Submit(t.Context(), []stays.Stay{s})
	if err != nil || len(a) != 1 || a[0].Err != nil {
		t.Fatalf("%+v %v", a, err)
	}
	id := a[0].ID
	s.Room = "202"
	correct := func() (stays.Answer, error) { return desk.Correct(t.Context(), id, 1, s) }
	cancel := func() (stays.Answer, error) { return desk.Cancel(t.Context(), id, 2) }
	for name, change := range []func() (stays.Answer, error){correct, cancel} {
		net.lose = true
		if _, err := change(); err == nil {
			t.Fatal(name, "the answer came")
		}
		if got, err := change(); err != nil || got.Version != name+2 {
			t.Errorf("%d: again: %+v %v", name, got, err)
		}
	}
	if len(net.keys) != 5 || net.keys[0] != "" || net.keys[1] == "" || net.keys[1] != net.keys[2] || net.keys[2] == net.keys[3] || net.keys[3] != net.keys[4] {
		t.Errorf("the names of the calls: %q", net.keys)
	}
	// Another change of what was seen before is another call, and too late.
	s.Room = "303"
	if _, err := desk.Correct(t.Context(), id, 1, s); err == nil {
		t.Error("a change of a version that is over passes")
	}
}
