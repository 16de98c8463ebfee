package vneidtest_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso/ciba"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// losing is a network that loses the first answer that tokens come in, and notes the
// name of every question.
type losing struct {
	lost bool
	keys []string
}

func (l *losing) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/token") {
		return res, err
	}
	l.keys = append(l.keys, r.Header.Get("Idempotency-Key"))
	if res.StatusCode == http.StatusOK && !l.lost {
		l.lost = true
		res.Body.Close()
		return nil, errors.New("connection reset by peer")
	}
	return res, nil
}

// check looks at the names: of a question that was answered, each time that a nonce was
// missing, and of one whose answer was lost, until it came.
func (l *losing) check(t *testing.T) {
	t.Helper()
	n := len(l.keys)
	if names := slices.Compact(slices.Clone(l.keys)); !l.lost || len(names) != 2 || len(names[0]) < 18 || l.keys[n-1] != l.keys[n-2] {
		t.Errorf("lost %v, of the questions %q", l.lost, l.keys)
	}
}

func TestALostAnswerAtACounterIsHadAgain(t *testing.T) {
	for name, dpop := range map[string]bool{"Standard": false, "FAPI2": true} {
		p := vneidtest.New(t)
		cfg, net := p.SSO(back), &losing{}
		if dpop {
			cfg = p.FAPI2(back)
		}
		cfg.HTTP = &http.Client{Transport: net}
		desk := newCounter(t, p, cfg, nil)
		s := desk.begin(ciba.Ask{Hint: p.Person("level2").Record.ID})
		var pending *ciba.Pending
		if _, err := desk.poll(s); !errors.As(err, &pending) {
			t.Fatal(err)
		}
		if err := p.Approve("level2", s.Number()); err != nil {
			t.Fatal(err)
		}
		if _, err := desk.poll(s); !errors.Is(err, vneid.ErrUnavailable) {
			t.Fatalf("%s: %v", name, err)
		}
		p.Advance(20 * time.Second)
		if id, err := desk.poll(s); err != nil || id.Citizen().IsZero() {
			t.Errorf("%s: after the answer was lost: %v", name, err)
		}
		net.check(t)
	}
}

func TestALostAnswerToADataRequestIsHadAgain(t *testing.T) {
	p := vneidtest.New(t)
	cfg, net := p.Share("https://portal.example/callback"), &losing{}
	cfg.HTTP = &http.Client{Transport: net}
	client, err := share.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s, err := client.Ask(t.Context(), health(), p.Person("level2").Username, "quay 3")
	if err != nil {
		t.Fatal(err)
	}
	poll := func() (share.Records, error) {
		p.Advance(20 * time.Second)
		return client.Poll(t.Context(), s)
	}
	var pending *share.Pending
	if _, err := poll(); !errors.As(err, &pending) {
		t.Fatal(err)
	}
	if err := p.Approve("level2", s.Number()); err != nil {
		t.Fatal(err)
	}
	if _, err := poll(); !errors.Is(err, vneid.ErrUnavailable) {
		t.Fatal(err)
	}
	if r, err := poll(); err != nil || len(r.Documents()) != 1 {
		t.Errorf("after the answer was lost: %v", err)
	}
	net.check(t)
}
