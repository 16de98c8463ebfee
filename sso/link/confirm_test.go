package link_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/link"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func oldAccount() link.Account {
	return link.Account{ID: "old", Numbers: []string{"999090000001"}, Name: "Nguyễn Văn An"}
}

func TestAConfirmedCandidateIsLinkedForGood(t *testing.T) {
	w := newWorld(t, oldAccount())
	l := w.linker()
	c := candidate(t, l, w.login(an()))
	w.time = w.time.Add(2 * time.Minute)
	fresh := link.Fresh{Ticket: c.Ticket, Account: "old", At: w.time.Truncate(time.Second)}
	if err := l.Confirm(context.Background(), w.login(an()), fresh); err != nil {
		t.Fatal(err)
	}
	if got := told(find(t, l, w.login(an()))); got != "linked old" {
		t.Error(got)
	}
	if got := told(find(t, l, w.login(an(claims{"sub": "an-2"})))); got != "conflict Taken" {
		t.Errorf("another login of the same person: %s", got)
	}
	if got := told(find(t, l, w.login(an(claims{"iss": "https://other.example"})))); got != "conflict Taken" {
		t.Errorf("the same subject of another provider: %s", got)
	}
}

func TestEveryTieCanBeConfirmed(t *testing.T) {
	for _, number := range []string{"999090000001", "999190000011", "999000001"} {
		w := newWorld(t, link.Account{ID: "old", Numbers: []string{number}})
		l := w.linker()
		c := candidate(t, l, w.login(an()))
		if err := l.Confirm(context.Background(), w.login(an()), link.Fresh{Ticket: c.Ticket, Account: "old", At: w.time}); err != nil {
			t.Errorf("by %v: %v", c.Why, err)
		}
	}
}

func TestConfirmKeepsTheClock(t *testing.T) {
	for _, test := range []struct {
		name     string
		login    time.Duration // of the fresh login, after Find
		confirm  time.Duration
		want     vneid.Kind
		accepted bool
	}{
		{"at once", 0, 0, 0, true},
		{"five minutes after the login", time.Minute, 6 * time.Minute, 0, true},
		{"later than that", time.Minute, 6*time.Minute + 1, vneid.ErrExpired, false},
		{"just within ten minutes", 9 * time.Minute, 10*time.Minute - 1, 0, true},
		{"ten minutes", 9 * time.Minute, 10 * time.Minute, vneid.ErrExpired, false},
		{"a login from before", -time.Second, time.Second, vneid.ErrExpired, false},
		{"a login in the same second, told without its parts", -500, time.Second, 0, true},
		{"a login that will be", 2 * time.Minute, time.Minute, vneid.ErrNotYetValid, false},
		{"a clock set back", -2 * time.Minute, -time.Minute, vneid.ErrNotYetValid, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, oldAccount())
			l := w.linker(func(c *link.Config) { c.Replay = new(counter) })
			c := candidate(t, l, w.login(an()))
			found := w.time
			w.time = found.Add(test.confirm)
			err := l.Confirm(context.Background(), w.login(an()), link.Fresh{Ticket: c.Ticket, Account: "old", At: found.Add(test.login)})
			if test.accepted && err != nil {
				t.Error(err)
			}
			if !test.accepted {
				refusedAs(t, err, test.want)
			}
		})
	}
}

// counter is a Replay that counts, or has troubles.
type counter struct {
	used []vneid.Once
	err  error
}

func (c *counter) Use(_ context.Context, o vneid.Once) error {
	c.used = append(c.used, o)
	return c.err
}

func TestARefusedConfirmationUsesNoTicketUp(t *testing.T) {
	w := newWorld(t, oldAccount())
	uses := new(counter)
	l := w.linker(func(c *link.Config) { c.Replay = uses })
	id := w.login(an())
	c := candidate(t, l, id)
	good := link.Fresh{Ticket: c.Ticket, Account: "old", At: w.time}
	bad := good
	bad.Account = "other"
	refusedAs(t, l.Confirm(context.Background(), id, bad), vneid.ErrMismatch)
	refusedAs(t, l.Confirm(context.Background(), w.login(an(claims{"sub": "binh"})), good), vneid.ErrMismatch)
	refusedAs(t, l.Confirm(context.Background(), w.login(an(claims{"acr": "urn:vneid:acr:l1:a2"})), good), vneid.ErrLevel)
	bad.Ticket = "none" // who it is goes before what they bring
	refusedAs(t, l.Confirm(context.Background(), w.login(an(claims{"acr": "urn:vneid:acr:l1:a2"})), bad), vneid.ErrLevel)
	refusedAs(t, l.Confirm(context.Background(), w.unsigned(), bad), vneid.ErrUntrusted)
	if len(uses.used) != 0 {
		t.Errorf("%d tickets were used", len(uses.used))
	}
	if err := l.Confirm(context.Background(), id, good); err != nil || len(uses.used) != 1 {
		t.Errorf("%v, %d used", err, len(uses.used))
	}
	if o := uses.used[0]; o.Use != "link" || o.Issuer != issuer || !o.Until.Equal(o.Issued.Add(10*time.Minute)) || !o.Issued.Equal(w.time) {
		t.Errorf("%+v", o)
	}
}

func TestTroubleInTheReplayStoreIsUnavailable(t *testing.T) {
	for _, cause := range []error{errors.New("canary: db-7.internal"), vneid.ErrUnavailable} {
		w := newWorld(t, oldAccount())
		l := w.linker(func(c *link.Config) { c.Replay = &counter{err: cause} })
		id := w.login(an())
		c := candidate(t, l, id)
		err := l.Confirm(context.Background(), id, link.Fresh{Ticket: c.Ticket, Account: "old", At: w.time})
		if refusedAs(t, err, vneid.ErrUnavailable); strings.Contains(err.Error(), "canary") {
			t.Error(err)
		}
	}
}

func TestTicketsAreTheLinkersOwn(t *testing.T) {
	key, other := []byte(strings.Repeat("k", 32)), []byte(strings.Repeat("o", 32))
	keyed := func(keys ...[]byte) func(*link.Config) { return func(c *link.Config) { c.Keys = keys } }
	w := newWorld(t, oldAccount())
	id := w.login(an())
	c := candidate(t, w.linker(keyed(key)), id)
	confirm := func(l *link.Linker, ticket string) error {
		return l.Confirm(context.Background(), id, link.Fresh{Ticket: ticket, Account: "old", At: w.time})
	}
	refusedAs(t, confirm(w.linker(keyed(other)), c.Ticket), vneid.ErrMalformed)
	refusedAs(t, confirm(w.linker(), c.Ticket), vneid.ErrMalformed)
	b := []byte(c.Ticket)
	for i := range b { // every character counts
		changed := slices.Clone(b)
		changed[i] = map[bool]byte{true: 'B', false: 'A'}[b[i] == 'A']
		refusedAs(t, confirm(w.linker(keyed(key)), string(changed)), vneid.ErrMalformed)
	}
	for _, ticket := range []string{"", "A", c.Ticket + "A", c.Ticket + "=", c.Ticket[:20], strings.Repeat("A", 4097), "{}"} {
		refusedAs(t, confirm(w.linker(keyed(key)), ticket), vneid.ErrMalformed)
	}
	if strings.Contains(c.Ticket, "999") || len(c.Ticket) > 400 {
		t.Errorf("a ticket of %d characters", len(c.Ticket))
	}
	if err := confirm(w.linker(keyed(other, key)), c.Ticket); err != nil {
		t.Errorf("after a change of keys: %v", err)
	}
}

func TestAnAccountIDThatFitsNoTicketIsAMistake(t *testing.T) {
	w := newWorld(t, link.Account{ID: strings.Repeat("x", 4000), Numbers: []string{"999090000001"}})
	_, err := w.linker().Find(context.Background(), w.login(an()))
	refusedAs(t, err, 0)
}

func TestRegisterOpensAnAccountForANewPersonOnce(t *testing.T) {
	w := newWorld(t, link.Account{ID: "old", Numbers: []string{"999090000002"}})
	l := w.linker()
	a, err := l.Register(context.Background(), w.login(an()))
	if err != nil || a.ID == "old" || !a.Bound || a.Name != "Nguyễn Văn An" {
		t.Fatal(a.ID, err)
	}
	if got := told(find(t, l, w.login(an()))); got != "linked "+a.ID {
		t.Error(got)
	}
	_, err = l.Register(context.Background(), w.login(an()))
	refusedAs(t, err, vneid.ErrMismatch)
	_, err = l.Register(context.Background(), w.login(an(claims{"sub": "an-2"}))) // the number is known now
	refusedAs(t, err, vneid.ErrMismatch)
	_, err = l.Register(context.Background(), w.login(claims{"sub": "binh", "acr": "urn:vneid:acr:l1:a2"}))
	refusedAs(t, err, vneid.ErrLevel)
	_, err = w.linker(func(c *link.Config) { c.Store = broken{} }).Register(context.Background(), w.unsigned())
	refusedAs(t, err, vneid.ErrUntrusted)
}

func TestOfSeveralConfirmationsAtOnceOneWins(t *testing.T) {
	w := newWorld(t, oldAccount())
	l := w.linker()
	ids, tickets := make([]*sso.Identity, 16), make([]string, 16)
	for i := range ids { // one person with sixteen logins, and two tickets for each
		ids[i] = w.login(an(claims{"sub": "an-" + string(rune('a'+i/2))}))
		tickets[i] = candidate(t, l, ids[i]).Ticket
	}
	errs := make([]error, len(ids))
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			errs[i] = l.Confirm(context.Background(), ids[i], link.Fresh{Ticket: tickets[i], Account: "old", At: w.now()})
		})
	}
	all.Wait()
	won := -1
	for i, err := range errs {
		switch {
		case err == nil && won >= 0:
			t.Fatal("two confirmations won")
		case err == nil:
			won = i
		default:
			refusedAs(t, err, vneid.ErrMismatch)
		}
	}
	if won < 0 {
		t.Fatal("nobody won")
	}
	if got := told(find(t, l, ids[won])); got != "linked old" {
		t.Errorf("the winner: %s", got)
	}
}

func TestOfSeveralRegistrationsAtOnceOneWins(t *testing.T) {
	w := newWorld(t)
	l := w.linker()
	id := w.login(an())
	var all sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for range 16 {
		all.Go(func() {
			if _, err := l.Register(context.Background(), id); err == nil {
				mu.Lock()
				won++
				mu.Unlock()
			} else if !errors.Is(err, vneid.ErrMismatch) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won != 1 {
		t.Errorf("%d won", won)
	}
}

// lost binds, and then loses the answer.
type lost struct{ link.Store }

func (s lost) Bind(ctx context.Context, issuer, subject, account string) (bool, error) {
	_, _ = s.Store.Bind(ctx, issuer, subject, account)
	return false, errors.New("canary: connection reset")
}

func (lost) Create(context.Context, string, string, vneid.Record) (*link.Account, error) {
	return nil, errors.New("canary: connection reset")
}

func TestALostAnswerIsUnavailableAndFindKnows(t *testing.T) {
	w := newWorld(t, oldAccount())
	l := w.linker(func(c *link.Config) { c.Store = lost{w.store} })
	id := w.login(an())
	c := candidate(t, l, id)
	err := l.Confirm(context.Background(), id, link.Fresh{Ticket: c.Ticket, Account: "old", At: w.time})
	if refusedAs(t, err, vneid.ErrUnavailable); strings.Contains(err.Error(), "canary") {
		t.Error(err)
	}
	if got := told(find(t, l, id)); got != "linked old" {
		t.Error(got)
	}
	_, err = l.Register(context.Background(), w.login(claims{"sub": "binh", "acr": "urn:vneid:acr:l2:a2"}))
	refusedAs(t, err, vneid.ErrUnavailable)
}
