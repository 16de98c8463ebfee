package platform

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// stuck is a store that stops for as long as somebody holds it.
type stuck struct {
	Store
	hold sync.RWMutex
}

func (s *stuck) Update(ctx context.Context, f func(Tx) error) error {
	s.hold.RLock()
	defer s.hold.RUnlock()
	return s.Store.Update(ctx, f)
}

// send posts a form with an assertion and answers nothing but what came back.
func (f *fapi) overloaded(path string, form url.Values) (status int, retry string, err error) {
	form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	form.Set("client_assertion", f.assertion(nil, nil))
	res, err := http.PostForm(f.url+path, form)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, res.Header.Get("Retry-After"), err
}

// What cannot be taken on is refused while the rest is still under way, and not after
// it; what was taken on is done, and everything is well again.
func TestOverloadIsRefusedAtOnce(t *testing.T) {
	store := &stuck{Store: NewMemory()}
	w := newWorldOn(t, store)
	w.work, w.busy = make(chan struct{}, 3), make(chan struct{}, 8)
	f := w.fapi(nil)

	store.hold.Lock()
	var under sync.WaitGroup
	var done, late atomic.Int32
	for range cap(w.busy) {
		under.Go(func() {
			switch status, _, err := f.overloaded("/par", f.ask(nil)); {
			case err == nil && status == http.StatusCreated:
				done.Add(1)
			case err == nil && status == http.StatusServiceUnavailable:
				late.Add(1) // this machine was so slow that the row gave up
			default:
				t.Errorf("taken on, and answered %d %v", status, err)
			}
		})
	}
	for len(w.busy) < cap(w.busy) && late.Load() == 0 {
		time.Sleep(time.Millisecond) // nothing but the handlers themselves says that they are there
	}
	for range 10 {
		if status, retry, err := f.overloaded("/par", f.ask(nil)); status != http.StatusServiceUnavailable || retry == "" {
			t.Errorf("beyond all places: %d, Retry-After %q, %v", status, retry, err)
		}
	}
	if done.Load() > 0 {
		t.Error("the refusals came after what was under way")
	}
	store.hold.Unlock()
	under.Wait()
	if done.Load() < int32(cap(w.work)) {
		t.Errorf("only %d of those at work were done", done.Load())
	}
	if a := f.login(nil); a.status != http.StatusOK {
		t.Errorf("afterwards a login answers %d", a.status)
	}
	if len(w.busy) != 0 || len(w.work) != 0 {
		t.Error("a place was not given back")
	}
}

// Ten times as many logins as there are places, each again until it is through: there is
// as much in the store as was answered, and nothing that nobody was told of is half done.
func TestOverloadLeavesNothingHalfDone(t *testing.T) {
	w := newWorld(t)
	w.work, w.busy = make(chan struct{}, 2), make(chan struct{}, 4)
	f := w.fapi(func(c *Client) { c.SkipConsent, c.Refresh = true, false })
	f.send("/par", f.ask(nil), &f.bound) // the nonce
	cookies := map[string]string{}
	people := []string{"level2", "level1", "namesake"}
	for _, handle := range people {
		b := w.browser(handle)
		b.authorize(f.refer(f.push(nil)))
		site, _ := url.Parse(w.url)
		for _, c := range b.client.Jar.Cookies(site) {
			cookies[handle] += c.Name + "=" + c.Value + "; "
		}
	}
	before := map[string]int{}
	for _, handle := range people {
		before[handle] = w.logins(handle)
	}
	var all sync.WaitGroup
	var refused atomic.Int32
	var got sync.Map
	for i := range 10 * cap(w.busy) {
		all.Go(func() {
			l := attempt{f: f, refused: &refused}
			handle := people[i%len(people)]
			if l.login(cookies[handle]); l.err != nil {
				t.Error(l.err)
				return
			}
			n, _ := got.LoadOrStore(handle, new(atomic.Int32))
			n.(*atomic.Int32).Add(1)
		})
	}
	all.Wait()
	t.Logf("%d requests were refused", refused.Load())
	for _, handle := range people {
		n, _ := got.Load(handle)
		if n == nil || w.logins(handle)-before[handle] != int(n.(*atomic.Int32).Load()) {
			t.Errorf("%s: %d logins stand in the history, told %v", handle, w.logins(handle)-before[handle], n)
		}
	}
}

// logins counts a person's logins in the history.
func (w *world) logins(handle string) (n int) {
	w.t.Helper()
	all, err := w.History(context.Background(), handle, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range all {
		if r.Kind == ReadLogin {
			n++
		}
	}
	return n
}

// attempt is a login by hand that tries again what is refused, as long as nothing came of
// it: a request that was refused for want of a place has spent nothing.
type attempt struct {
	f       *fapi
	refused *atomic.Int32
	err     error
}

func (l *attempt) call(method, path, body string, header http.Header) (status int, text string, h http.Header) {
	for range 10_000 {
		r, err := http.NewRequest(method, l.f.url+path, strings.NewReader(body))
		if err != nil {
			l.err = err
			return 0, "", nil
		}
		r.Header = header.Clone()
		if body != "" {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			l.err = err
			return 0, "", nil
		}
		var b bytes.Buffer
		_, l.err = b.ReadFrom(res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusServiceUnavailable || l.err != nil {
			return res.StatusCode, b.String(), res.Header
		}
		l.refused.Add(1)
		time.Sleep(time.Millisecond) // a client waits as long as Retry-After says; tests are in a hurry
	}
	return http.StatusServiceUnavailable, "", nil
}

func (l *attempt) login(cookies string) {
	f, d := l.f, newDevice(l.f.t)
	form := func(v url.Values) string {
		v.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		v.Set("client_assertion", f.assertion(nil, nil))
		return v.Encode()
	}
	_, text, _ := l.call("POST", "/par", form(f.ask(nil)), http.Header{"Dpop": {f.proofBy(d, "POST", "/par", "", nil, nil)}})
	uri := member(text, "request_uri")
	_, _, h := l.call("GET", "/authorize?"+f.refer(uri).Encode(), "", http.Header{"Cookie": {cookies}})
	back, err := url.Parse(h.Get("Location"))
	if err != nil || l.err != nil {
		l.err = err
		return
	}
	status, text, _ := l.call("POST", "/token", form(codeForm(back.Query().Get("code"))), http.Header{"Dpop": {f.proofBy(d, "POST", "/token", "", nil, nil)}})
	if status != http.StatusOK && l.err == nil {
		l.err = &oauthError{Status: status, Code: text}
	}
}

// member finds a text in a flat answer.
func member(text, name string) string {
	_, rest, _ := strings.Cut(text, `"`+name+`":"`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// Passwords take a core each: who waits for one is refused before it counts as a guess.
func TestTooManyPasswordsAtATime(t *testing.T) {
	w := newWorld(t)
	w.hashers.Store(maxHashers)
	for range 2 * freeTries {
		if _, _, wait, err := w.authenticate(context.Background(), "999090000001", "wrong"); err == nil || wait != 0 {
			t.Fatal("a password beyond all places is looked at")
		}
	}
	w.hashers.Store(0)
	if a, _, wait, err := w.authenticate(context.Background(), "999090000001", personas.Password); a == nil || wait != 0 || err != nil {
		t.Error("what was refused counts as a guess")
	}
	if w.hashers.Load() != 0 {
		t.Error("a place was not given back")
	}
}
