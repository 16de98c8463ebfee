package platform

import (
	"context"
	"slices"
	"sync"
	"testing"
)

// meanwhile changes something before the first transaction that writes.
type meanwhile struct {
	Store
	once   sync.Once
	change func()
}

func (m *meanwhile) Update(ctx context.Context, f func(Tx) error) error {
	m.once.Do(m.change)
	return m.Store.Update(ctx, f)
}

// A client is taken as it is when its call is acted on, whoever changed it, be it between
// the check of its signature and the transaction.
func TestAClientIsWhatItIsInTheTransaction(t *testing.T) {
	type changed struct {
		f     *fapi
		other *fapi // the same client by another key
		code  string
	}
	swap := func(c *changed) func(*Client) error {
		return func(have *Client) error {
			have.Keys = jwkSet(apply(c.other.auth.jwk(), object{"kid": "k1", "alg": "ES256", "use": "sig"}))
			return nil
		}
	}
	moved := func(*changed) func(*Client) error {
		return func(have *Client) error { have.RedirectURIs = []string{"https://rp.example/moved"}; return nil }
	}
	push := func(c *changed) int { return c.f.send("/par", c.f.ask(nil), &c.f.bound).status }
	for _, a := range []struct {
		name   string
		change func(*changed) func(*Client) error
		call   func(*changed) int
		want   int // changed before the call
		late   int // and between the check of its signature and the transaction
	}{
		{"a key that was dropped pushes nothing", swap, push, 401, 401},
		{"a key that was dropped gets no tokens", swap, func(c *changed) int { return c.f.send("/token", codeForm(c.code), &c.f.bound).status }, 401, 401},
		{"a key that was added pushes", swap, func(c *changed) int { return c.other.send("/par", c.f.ask(nil), &c.f.bound).status }, 201, 401},
		{"an address that was taken away gets no request", moved, push, 400, 400},
		{"the twin: another name changes nothing", func(*changed) func(*Client) error {
			return func(have *Client) error { have.Name = "Tên khác"; return nil }
		}, push, 201, 201},
	} {
		t.Run(a.name, func(t *testing.T) {
			for _, when := range []string{"before", "between", "between, and never read before"} {
				w := newWorld(t)
				c := &changed{f: w.fapi(nil)}
				c.other = &fapi{world: w, id: c.f.id, auth: newDevice(t), bound: c.f.bound}
				c.code = c.f.code(nil) // the client is known now
				c.f.send("/par", c.f.ask(nil), &c.f.bound)
				c.other.nonce = c.f.nonce
				// As another process does it: beside this one.
				beside, err := New(Config{Issuer: w.url, Store: w.store, Secret: w.cfg.Secret, Now: w.clock.Now, PasswordRounds: 1})
				if err != nil {
					t.Fatal(err)
				}
				change := func() { w.err(beside.Amend(context.Background(), "", c.f.id, a.change(c))) }
				want := a.want
				if when != "before" {
					want = a.late
					w.store = &meanwhile{Store: w.store, change: change}
				} else {
					change()
				}
				if when == "between, and never read before" {
					for i := range w.clients.at {
						w.clients.at[i].Store(nil)
					}
				}
				if got := a.call(c); got != want {
					t.Errorf("changed %s: %d, want %d", when, got, want)
				}
				if c := findCall(w.Calls(c.f.id), "/par", func(c Call) bool { return c.Status == 201 && c.Detail != "" }); c != nil {
					t.Errorf("changed %s: its console says %+v", when, c)
				}
			}
		})
	}
}

// What userinfo refuses stands in the console of the client whose token it is, or was.
func TestRefusalsAtUserinfoAreTheClients(t *testing.T) {
	for name, a := range map[string]struct {
		try  func(*fapi, string) answer
		want string
	}{
		"another key": {func(f *fapi, access string) answer {
			return f.userinfoBy("DPoP", access, f.proofBy(newDevice(f.t), "GET", "/userinfo", access, nil, nil))
		}, "invalid_token"},
		"a bad proof": {func(f *fapi, access string) answer { return f.userinfoBy("DPoP", access, "x") }, "invalid_dpop_proof"},
		"no proof":    {func(f *fapi, access string) answer { return f.userinfoBy("Bearer", access, "") }, "invalid_token"},
		"a locked card": {func(f *fapi, access string) answer {
			f.err(f.SetLocks(f.t.Context(), "level2", Locks{Account: true}))
			return f.userinfo(access)
		}, "invalid_token"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newWorld(t).fapi(nil)
			access := f.login(nil).text("access_token")
			if got := a.try(f, access); got.status != 401 {
				t.Fatalf("%d %s", got.status, got.raw)
			}
			if c := findCall(f.Calls(f.id), "/userinfo", func(c Call) bool { return c.Error == a.want && c.Status == 401 }); c == nil {
				t.Errorf("%+v", f.Calls(f.id))
			}
		})
	}
}

// A login asks the store for its client inside the transactions that there are anyway.
func TestALoginIsFourTransactions(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(func(c *Client) { c.SkipConsent = true })
	b := w.browser("level2")
	b.authorize(f.refer(f.push(nil)))
	f.send("/par", f.ask(nil), &f.bound) // learns the nonce
	count := &counting{Store: w.store}
	w.store = count
	uri := f.push(nil)
	code := b.authorize(f.refer(uri)).Get("code")
	access := f.send("/token", codeForm(code), &f.bound).text("access_token")
	if a := f.userinfo(access); a.status != 200 || a.text("sub") == "" {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	if want := []string{"update", "update", "update", "update"}; !slices.Equal(count.what, want) {
		t.Errorf("%q", count.what)
	}
	// Who has no token keeps no update waiting.
	count.what = nil
	for _, a := range []answer{f.userinfoBy("Bearer", "x", ""), f.userinfo("x")} {
		if a.status != 401 || a.header.Get("DPoP-Nonce") != "" {
			t.Errorf("%d %s", a.status, a.raw)
		}
	}
	if want := []string{"view", "view"}; !slices.Equal(count.what, want) {
		t.Errorf("without a token: %q", count.what)
	}
}

// counting notes what is asked of the store.
type counting struct {
	Store
	mu   sync.Mutex
	what []string
}

func (c *counting) note(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.what = append(c.what, what)
}

func (c *counting) Update(ctx context.Context, f func(Tx) error) error {
	c.note("update")
	return c.Store.Update(ctx, f)
}

func (c *counting) View(ctx context.Context, f func(Tx) error) error {
	c.note("view")
	return c.Store.View(ctx, f)
}

func (c *counting) Get(ctx context.Context, table, key string) ([]byte, error) {
	c.note("get " + table)
	return c.Store.Get(ctx, table, key)
}
