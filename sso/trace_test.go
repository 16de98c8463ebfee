package sso

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// listener collects steps.
type listener struct {
	mu    sync.Mutex
	steps []Step
}

func (l *listener) tell(s Step) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.steps = append(l.steps, s)
}

func (l *listener) names() (names []string) {
	for _, s := range l.steps {
		names = append(names, fmt.Sprintf("%s %d", s.Name, s.Status))
	}
	return names
}

func TestATraceTellsEachStep(t *testing.T) {
	for name, test := range map[string]struct {
		fapi bool
		want []string
	}{
		"Standard": {false, []string{"metadata 200", "begin 0", "token 200", "keys 200", "id-token 0", "userinfo 200", "finish 0"}},
		"FAPI2": {true, []string{"metadata 200", "push 400", "push 201", "begin 0", "token 200", "keys 200", "id-token 0",
			"userinfo 200", "finish 0"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := new(listener)
			listen := func(c *Config) { c.Trace = l.tell }
			a := standard(listen)
			if test.fapi {
				a = strict(listen)
			}
			w := a(t)
			mustLogin(t, w.c, w.o, Ask{})
			if !slices.Equal(l.names(), test.want) {
				t.Errorf("steps %v, want %v", l.names(), test.want)
			}
			for _, s := range l.steps {
				if s.Failed || s.Kind != 0 || (s.Status != 0) != (s.Host != "") || s.Host != "" && !strings.HasSuffix(w.o.srv.URL, s.Host) {
					t.Errorf("%+v", s)
				}
			}
		})
	}
}

func TestATraceTellsTheKindOfARefusalAndNothingOfTheEvidence(t *testing.T) {
	for name, test := range map[string]struct {
		edit func(*op)
		step string
		kind vneid.Kind
	}{
		"a wrong nonce":     {claim("nonce", "canary"), "id-token", vneid.ErrMismatch},
		"a refusal":         {returns("error", "access_denied"), "finish", vneid.ErrDenied},
		"a wrong subject":   {tells("sub", "canary"), "finish", vneid.ErrMismatch},
		"a broken provider": {at("/token", says(500, asJSON, `{"canary":1}`)), "finish", vneid.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			l := new(listener)
			o := newOP(t)
			c := newClient(t, o, func(c *Config) { c.Trace = l.tell })
			mustLogin(t, c, o, Ask{}) // the twin
			l.steps = nil
			test.edit(o)
			if name == "a refusal" {
				o.callback = func(v url.Values) { v.Del("code"); v.Set("error", "access_denied") }
			}
			if _, err := logIn(c, o, Ask{}); err == nil {
				t.Fatal("passed")
			}
			found := false
			for _, s := range l.steps {
				found = found || s.Name == test.step && s.Failed && s.Kind == test.kind
			}
			if !found {
				t.Errorf("no step %s of kind %v in %+v", test.step, test.kind, l.steps)
			}
			text := fmt.Sprintf("%+v", l.steps)
			for _, word := range canaries {
				if word != "127.0.0.1" && strings.Contains(text, word) { // which is the provider's host
					t.Errorf("the trace says %q", word)
				}
			}
		})
	}
}

func TestATraceOfAProviderThatIsDown(t *testing.T) {
	l := new(listener)
	o := newOP(t)
	c := newClient(t, o, func(c *Config) { c.Trace = l.tell })
	o.srv.Close()
	_, err := logIn(c, o, Ask{})
	refusedAs(t, err, vneid.ErrUnavailable)
	if len(l.steps) != 2 || l.steps[0].Name != "metadata" || !l.steps[0].Failed || l.steps[0].Status != 0 || l.steps[1].Name != "begin" || l.steps[1].Kind != vneid.ErrUnavailable {
		t.Errorf("%+v", l.steps)
	}
}
