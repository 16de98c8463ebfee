package events

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/guard/guardtest"
)

// The one address that is called is the configuration's; what could lead elsewhere is a
// redirect, which is not followed. The assertion would travel with it.
func TestAPollGoesNowhereElse(t *testing.T) {
	trap := guardtest.Listen(t)
	reachable := trap.Works(t)
	to := ""
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}))
	defer srv.Close()
	w := newWorld(t)
	r := w.receiver(func(c *Config) {
		c.Issuer, c.PollURL, c.Key = srv.URL, srv.URL+"/events", w.key
	})
	where := trap.URLs()
	for _, to = range where {
		if _, err := r.Poll(t.Context()); err == nil {
			t.Errorf("%s is an answer", to)
		}
	}
	if trap.Hits() != reachable {
		t.Errorf("the trap was reached %d times", trap.Hits()-reachable)
	}
	r.http = &http.Client{} // one that follows
	for _, to = range where {
		if _, _ = r.Poll(t.Context()); trap.Hits() > reachable {
			break
		}
	}
	if trap.Hits() == reachable {
		t.Error("the trap cannot be reached: the test shows nothing")
	}
	t.Logf("%d addresses, none reached", len(where))
}

func TestAReceiverPrintsNoKey(t *testing.T) {
	p := newPoller(newWorld(t))
	r := p.Receiver
	secret := p.own.D.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
		if text := fmt.Sprintf(verb, r) + fmt.Sprintf(verb, struct{ a any }{r}); strings.Contains(text, secret) {
			t.Errorf("%s prints the key", verb)
		}
	}
	if !strings.Contains(fmt.Sprintf("%d", *p.own), secret) {
		t.Error("the key would not be seen if it were printed")
	}
}
