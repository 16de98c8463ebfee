package platform

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/calendar"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func dateOf(t testing.TB, s string) vneid.Date {
	t.Helper()
	d, err := vneid.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// set puts the world's clock to a time of day in Vietnam.
func (w *world) set(s string) {
	w.t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		w.t.Fatal(err)
	}
	w.clock.mu.Lock()
	w.clock.now = at
	w.clock.mu.Unlock()
}

// form is what the app sends for one of the invented people.
func form(handle string, edit func(*AppForm)) AppForm {
	who, _ := personas.Get(handle)
	f := AppForm{Key: random(), Number: who.Username(), Name: who.Record.Name, Birth: who.Record.Birth, Phone: "0000 000 106", Portrait: true}
	if edit != nil {
		edit(&f)
	}
	return f
}

func (w *world) apply(f AppForm) string {
	w.t.Helper()
	ref, err := w.Apply(w.t.Context(), f)
	if err != nil {
		w.t.Fatal(err)
	}
	return ref
}

func (w *world) decide() int {
	w.t.Helper()
	n, err := w.DecideApplications(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) application(ref string) (a Application) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx Tx) error {
		got, err := load[Application](tx, tableApplications, ref)
		if got != nil {
			a = *got
		}
		return err
	})
	if err != nil || a.ID == "" {
		w.t.Fatal("no such application", err)
	}
	return a
}

func TestSomebodyRegistersInTheApp(t *testing.T) {
	w := newWorld(t)
	ref := w.apply(form("no-account", func(f *AppForm) { f.Email = "van@example.com" }))
	state, err := w.ApplicationState(t.Context(), ref)
	if err != nil || state.State != RegReceived || !state.Due.Equal(w.now().Add(24*time.Hour)) || state.Late || state.Contact != "•••••••••106" {
		t.Fatalf("%+v %v", state, err)
	}
	if a, err := w.Account(t.Context(), "no-account"); err != nil || a.Level != 0 {
		t.Fatal("granted before anybody decided", err)
	}
	w.clock.advance(time.Hour)
	if n := w.decide(); n != 1 {
		t.Fatalf("%d decided", n)
	}
	a, err := w.Account(t.Context(), "no-account")
	if err != nil || a.Level != 1 || a.Phone != "+84000000106" || a.Email != "van@example.com" || !a.App || len(a.Confirmed) != 2 {
		t.Fatalf("%+v %v", a, err)
	}
	if a.Confirmed[0].Register != registers.Population || a.Confirmed[1].Register != registers.Cards || !a.Confirmed[1].At.Equal(w.now()) {
		t.Errorf("confirmed by %+v", a.Confirmed)
	}
	if state, err := w.ApplicationState(t.Context(), ref); err != nil || state.State != RegGranted || !state.Decided.Equal(w.now()) {
		t.Errorf("%+v %v", state, err)
	}
	out, err := w.Outbox(t.Context(), "no-account")
	if err != nil {
		t.Fatal(err)
	}
	channels, secret := map[Channel]int{}, ""
	for _, m := range out {
		channels[m.Channel]++
		if !strings.Contains(m.Text, Banner) {
			t.Error("a message without the banner")
		}
		if m.Secret != "" {
			secret = m.Secret
		}
		if m.Channel == Email && m.To != "van@example.com" || m.Channel == SMS && m.To != "+84000000106" {
			t.Errorf("%s goes to %s", m.Channel, m.To)
		}
	}
	if channels[SMS] != 2 || channels[App] != 1 || channels[Email] != 1 || len(secret) != 10 {
		t.Fatalf("told by %v", channels)
	}
	got, first, _, err := w.authenticate(t.Context(), "999165000006", secret)
	if err != nil || got == nil || !first {
		t.Errorf("the first password is not one: %v", err)
	}
	inbox, err := w.Inbox(t.Context(), "no-account", 10)
	if err != nil || len(inbox) == 0 {
		t.Error("nothing in the app", err)
	}
	if w.decide() != 0 {
		t.Error("decided twice")
	}
}

func TestFormsThatAreNotWholeAreRefused(t *testing.T) {
	w := newWorld(t)
	w.apply(form("no-account", nil))
	for name, edit := range map[string]func(*AppForm){
		"no number":             func(f *AppForm) { f.Number = "" },
		"letters in the number": func(f *AppForm) { f.Number = "99916500000x" },
		"no name":               func(f *AppForm) { f.Name = "  " },
		"no date of birth":      func(f *AppForm) { f.Birth = vneid.Date{} },
		"neither way to answer": func(f *AppForm) { f.Phone = "" },
		"a telephone too short": func(f *AppForm) { f.Phone = "0123" },
		"a mailbox with a name": func(f *AppForm) { f.Email = "An <an@example.com>" },
		"no mailbox":            func(f *AppForm) { f.Email = "an" },
		"no key of the form":    func(f *AppForm) { f.Key = "" },
	} {
		if _, err := w.Apply(t.Context(), form("no-account", edit)); !errors.Is(err, ErrForm) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.set("2022-10-19T23:59:59+07:00")
	if _, err := w.Apply(t.Context(), form("no-account", nil)); !errors.Is(err, ErrNoRules) {
		t.Errorf("before the first decree: %v", err)
	}
}

func TestTheSameFormTwiceIsOneRequest(t *testing.T) {
	w := newWorld(t)
	f := form("no-account", nil)
	if a, b := w.apply(f), w.apply(f); a != b {
		t.Error("two references")
	}
	f.Phone = "0000000107"
	if _, err := w.Apply(t.Context(), f); !errors.Is(err, ErrForm) {
		t.Errorf("the key of another form: %v", err)
	}
	other := form("no-account", nil)
	w.apply(other)
	if n := w.decide(); n != 2 {
		t.Errorf("%d decided", n)
	}
	granted := 0
	for _, ref := range []string{w.apply(form("level1", nil)), w.apply(other)} {
		if a := w.application(ref); a.State == RegGranted {
			granted++
		}
	}
	if a, _ := w.Account(t.Context(), "no-account"); a.Level != 1 || granted > 1 {
		t.Error("two requests, two accounts")
	}
}

// tallied counts what a transaction asks of the store.
type tallied struct {
	Store
	calls map[string]int
}

type talliedTx struct {
	Tx
	calls map[string]int
}

func (c *tallied) Update(ctx context.Context, f func(Tx) error) error {
	return c.Store.Update(ctx, func(tx Tx) error { return f(talliedTx{tx, c.calls}) })
}

func (c *tallied) View(ctx context.Context, f func(Tx) error) error {
	return c.Store.View(ctx, func(tx Tx) error { return f(talliedTx{tx, c.calls}) })
}

func (c *tallied) Get(ctx context.Context, table, key string) ([]byte, error) {
	c.calls["get "+table]++
	return c.Store.Get(ctx, table, key)
}

func (c talliedTx) Get(table, key string) ([]byte, error) {
	c.calls["get "+table]++
	return c.Tx.Get(table, key)
}

func (c talliedTx) Put(table, key string, value []byte, until time.Time) error {
	c.calls["put "+table]++
	return c.Tx.Put(table, key, value, until)
}

// Neither the answer, nor what it costs, nor the result tells a stranger whether a number
// is somebody's.
func TestStrangersLearnNothingFromRegistering(t *testing.T) {
	store := &tallied{NewMemory(), map[string]int{}}
	w := newWorldOn(t, store)
	cost := map[string]string{}
	states := map[string]AppState{}
	at := w.now()
	for name, f := range map[string]AppForm{
		"an account":          form("level2", func(f *AppForm) { f.Portrait = false }),
		"a locked account":    form("account-locked", func(f *AppForm) { f.Portrait = false }),
		"a card, no account":  form("no-account", func(f *AppForm) { f.Portrait = false }),
		"a card, wrong name":  form("no-account", func(f *AppForm) { f.Name = "Ai Đó" }),
		"nobody":              form("level2", func(f *AppForm) { f.Number = "999090000099" }),
		"a foreigner":         form("foreigner", func(f *AppForm) { f.Portrait = false }),
		"somebody who died":   form("birth-year-only", nil),
		"a number of no form": form("level2", func(f *AppForm) { f.Number = "1234567890123" }),
	} {
		f.Phone = fmt.Sprintf("0000%06d", len(cost))
		if name == "somebody who died" {
			who, _ := personas.Get("birth-year-only")
			if err := w.SetEntry(t.Context(), registers.Population, f.Number, &registers.Entry{Record: who.Record, Died: dateOf(t, "2026-01-01")}); err != nil {
				t.Fatal(err)
			}
		}
		clear(store.calls)
		ref := w.apply(f)
		cost[name] = fmt.Sprint(slices.Sorted(maps.Keys(store.calls)), store.calls)
		w.clock.advance(time.Minute)
		w.decide()
		state, err := w.ApplicationState(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		state.Contact = ""
		states[name] = state
		w.set(at.Format(time.RFC3339))
	}
	for name := range cost {
		if cost[name] != cost["nobody"] {
			t.Errorf("%s costs %s, nobody %s", name, cost[name], cost["nobody"])
		}
		if states[name] != states["nobody"] {
			t.Errorf("%s: %+v, nobody %+v", name, states[name], states["nobody"])
		}
	}
	if states["nobody"].State != RegRefused {
		t.Error("nobody has an account now")
	}
}

func TestRequestsAreCounted(t *testing.T) {
	w := newWorld(t)
	for i := range perDay {
		w.apply(form("no-account", func(f *AppForm) { f.Phone = fmt.Sprintf("000000%04d", i) }))
	}
	for _, number := range []string{"999165000006", "999165000006 "} {
		_, err := w.Apply(t.Context(), form("no-account", func(f *AppForm) { f.Number, f.Phone = strings.TrimSpace(number), "0000009999" }))
		if !errors.Is(err, ErrTooMany) {
			t.Errorf("one number too often: %v", err)
		}
	}
	for i := range perDay {
		w.apply(form("level2", func(f *AppForm) { f.Number = fmt.Sprintf("99909000010%d", i); f.Phone = "0000008888" }))
	}
	if _, err := w.Apply(t.Context(), form("level2", func(f *AppForm) { f.Number, f.Phone = "999090000109", "0000008888" })); !errors.Is(err, ErrTooMany) {
		t.Errorf("one telephone too often: %v", err)
	}
	w.clock.advance(24 * time.Hour)
	w.apply(form("no-account", nil))
}

func TestRequestsCannotFillTheStore(t *testing.T) {
	c := &clock{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	p, err := New(Config{Issuer: "http://127.0.0.1:1", Now: c.Now, PasswordRounds: 1, MaxRecords: 50})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		_, err = p.Apply(t.Context(), form("level2", func(f *AppForm) {
			f.Number, f.Phone = fmt.Sprintf("999090%06d", i), fmt.Sprintf("0000%06d", i)
		}))
		if err != nil {
			break
		}
	}
	if !errors.Is(err, errFull) {
		t.Errorf("a hundred requests in a store of fifty: %v", err)
	}
}

func TestAnApplicationIsDecidedByTheRegistersAndTheLaw(t *testing.T) {
	entry := func(handle string, edit func(*registers.Entry)) *registers.Entry {
		who, _ := personas.Get(handle)
		e := &registers.Entry{Record: who.Record}
		edit(e)
		return e
	}
	for name, c := range map[string]struct {
		handle string
		edit   func(*AppForm)
		before func(*world) error
		want   RegReason
	}{
		"in order":                {handle: "no-account"},
		"without diacritics":      {handle: "no-account", edit: func(f *AppForm) { f.Name = "BUI THI VAN" }},
		"the portrait is another": {handle: "no-account", edit: func(f *AppForm) { f.Portrait = false }, want: ReasonPortrait},
		"another name":            {handle: "no-account", edit: func(f *AppForm) { f.Name = "Bùi Thị Vâng" }, want: "mismatch"},
		"another birth date":      {handle: "no-account", edit: func(f *AppForm) { f.Birth, _ = vneid.NewDate(1965, 9, 3) }, want: "mismatch"},
		"nobody":                  {handle: "no-account", edit: func(f *AppForm) { f.Number = "999165000099" }, want: "not-found"},
		"an account already":      {handle: "level1", want: ReasonHas},
		"a locked account":        {handle: "account-locked", want: ReasonLocked},
		"a child alone": {handle: "no-account", want: ReasonRules, before: func(w *world) error { w.child("2020-05-05"); return nil },
			edit: func(f *AppForm) {
				f.Number, f.Name = "999220000077", "Nguyễn Gia Út"
				f.Birth, _ = vneid.NewDate(2020, 5, 5)
			}},
		"a stranger for an adult": {handle: "no-account", edit: func(f *AppForm) { f.Representative = "guardian" }, want: ReasonRules},
		"the holder died": {handle: "no-account", want: "dead", before: func(w *world) error {
			return w.SetEntry(w.t.Context(), registers.Population, "999165000006", entry("no-account", func(e *registers.Entry) { e.Died = dateOf(w.t, "2026-11-01") }))
		}},
		"the card was revoked": {handle: "no-account", want: "card-revoked", before: func(w *world) error {
			return w.SetEntry(w.t.Context(), registers.Cards, "999165000006", entry("no-account", func(e *registers.Entry) { e.Revoked = true }))
		}},
		"the card has ended": {handle: "no-account", want: "card-expired", before: func(w *world) error {
			return w.SetEntry(w.t.Context(), registers.Cards, "999165000006", entry("no-account", func(e *registers.Entry) { e.Record.CardExpires = dateOf(w.t, "2026-11-21") }))
		}},
		"no card": {handle: "no-account", want: "no-card", before: func(w *world) error {
			return w.SetEntry(w.t.Context(), registers.Cards, "999165000006", entry("no-account", func(e *registers.Entry) { e.Record.CardIssued = vneid.Date{} }))
		}},
	} {
		w := newWorld(t)
		if c.before != nil {
			if err := c.before(w); err != nil {
				t.Fatal(err)
			}
		}
		ref := w.apply(form(c.handle, c.edit))
		w.decide()
		a := w.application(ref)
		want := RegRefused
		if c.want == "" {
			want = RegGranted
		}
		if a.State != want || a.Reason != c.want {
			t.Errorf("%s: %s %q, want %s %q", name, a.State, a.Reason, want, c.want)
		}
	}
}

func TestWhoIsKnownToARegisterAloneCanRegister(t *testing.T) {
	w := newWorld(t)
	r := vneid.Record{ID: "999099000088", Name: "Người Mới", Birth: dateOf(t, "1999-01-01"), Sex: vneid.Male, Nationality: "VNM", CardIssued: dateOf(t, "2024-08-01"), CardExpires: dateOf(t, "2039-01-01")}
	for _, reg := range []registers.Register{registers.Population, registers.Cards} {
		if err := w.SetEntry(t.Context(), reg, r.ID, &registers.Entry{Record: r}); err != nil {
			t.Fatal(err)
		}
	}
	ref := w.apply(form("level2", func(f *AppForm) { f.Number, f.Name, f.Birth = r.ID, r.Name, r.Birth }))
	w.decide()
	a := w.application(ref)
	got, err := w.Account(t.Context(), a.Account)
	if a.State != RegGranted || err != nil || got.Record.Name != r.Name || got.Type != "citizen" || got.Level != 1 {
		t.Errorf("%+v %+v %v", a, got, err)
	}
}

func TestARegisterThatIsOffMakesAnApplicationWaitAndBeLate(t *testing.T) {
	w := newWorld(t)
	if err := w.Registers().Switch(registers.Cards, true); err != nil {
		t.Fatal(err)
	}
	ref := w.apply(form("no-account", nil))
	for range 3 {
		if n := w.decide(); n != 0 {
			t.Fatalf("%d decided", n)
		}
	}
	w.clock.advance(24 * time.Hour)
	if state, _ := w.ApplicationState(t.Context(), ref); state.Late {
		t.Error("late at the last moment")
	}
	w.clock.advance(time.Second)
	state, err := w.ApplicationState(t.Context(), ref)
	if err != nil || !state.Late || state.State != RegReceived {
		t.Errorf("%+v %v", state, err)
	}
	waiting, err := w.Applications(t.Context(), 10)
	if err != nil || len(waiting) != 1 || waiting[0].Tries != 3 || !waiting[0].Late(w.now()) {
		t.Errorf("the agency sees %+v %v", waiting, err)
	}
	if err := w.Registers().Switch(registers.Cards, false); err != nil {
		t.Fatal(err)
	}
	if n := w.decide(); n != 1 || w.application(ref).State != RegGranted {
		t.Error("not decided when the register is back")
	}
	if waiting, _ := w.Applications(t.Context(), 10); len(waiting) != 0 {
		t.Error("still in the queue")
	}
}

func TestALockBetweenRequestAndDecisionCounts(t *testing.T) {
	w := newWorld(t)
	ref := w.apply(form("no-account", nil))
	if err := w.SetLocks(t.Context(), "no-account", Locks{Account: true}); err != nil {
		t.Fatal(err)
	}
	w.decide()
	if a := w.application(ref); a.State != RegRefused || a.Reason != ReasonLocked {
		t.Errorf("%s %s", a.State, a.Reason)
	}
}

func TestTheHolderLearnsThatSomebodyTried(t *testing.T) {
	w := newWorld(t)
	before, _ := w.Inbox(t.Context(), "level2", 50)
	w.apply(form("level2", func(f *AppForm) { f.Portrait = false }))
	w.decide()
	after, err := w.Inbox(t.Context(), "level2", 50)
	if err != nil || len(after) != len(before)+1 {
		t.Errorf("%d notices, then %d: %v", len(before), len(after), err)
	}
	if out, _ := w.Outbox(t.Context(), "level2"); len(out) != 0 {
		t.Error("a stranger can have messages sent to the holder")
	}
}

func TestTheLawOfTheDaySaysWhoMayHaveWhat(t *testing.T) {
	for _, c := range []struct {
		day   string
		kind  PersonKind
		birth string
		most  vneid.Level
		by    Applicant
		ok    bool
	}{
		{"2024-06-30", KindCitizen, "2010-07-01", 0, ByRepresentative, true}, // 13 years, on the last day of Decree 59
		{"2024-06-30", KindCitizen, "2010-06-30", 2, BySelf, true},           // 14 today
		{"2024-07-01", KindCitizen, "2010-07-02", 2, ByRepresentative, true},
		{"2024-07-01", KindCitizen, "2010-07-01", 2, BySelf, true},
		{"2024-07-01", KindCitizen, "2018-07-02", 1, ByRepresentative, true}, // under 6
		{"2024-07-01", KindCitizen, "2018-07-01", 2, ByRepresentative, true}, // 6 today
		{"2026-02-28", KindCitizen, "2020-02-29", 1, ByRepresentative, true}, // a leap day's child is 6 on 1 March
		{"2026-03-01", KindCitizen, "2020-02-29", 2, ByRepresentative, true},
		{"2026-11-22", KindCitizen, "2012", 2, ByRepresentative, true}, // 13 or 14: the stricter line
		{"2026-11-22", KindCitizen, "1954", 2, BySelf, true},
		{"2026-11-22", KindWard, "1985-04-04", 2, ByRepresentative, true},
		{"2024-06-30", KindWard, "1985-04-04", 0, ByRepresentative, true},
		{"2026-11-22", KindForeigner, "2021-01-01", 0, "", false}, // under 6
		{"2026-11-22", KindForeigner, "2015-01-01", 2, ByRepresentative, true},
		{"2026-11-22", KindForeigner, "1980-12-24", 2, BySelf, true},
		{"2024-06-30", KindForeigner, "1980-12-24", 2, BySelf, true},
		{"2026-11-22", KindCitizen, "2026-11-23", 0, "", false}, // not born yet
	} {
		rules, ok := RulesOn(dateOf(t, c.day))
		if !ok {
			t.Fatalf("no rules on %s", c.day)
		}
		b, ok := rules.Band(c.kind, dateOf(t, c.birth), dateOf(t, c.day))
		if ok != c.ok || b.Most != c.most || b.By != c.by {
			t.Errorf("%s, %s born %s: %+v %v, want level %d by %s", c.day, c.kind, c.birth, b, ok, c.most, c.by)
		}
	}
	for _, day := range []string{"2022-10-19", "1990-01-01"} {
		if _, ok := RulesOn(dateOf(t, day)); ok {
			t.Errorf("rules on %s", day)
		}
	}
	for day, want := range map[string]string{"2022-10-20": "ND59", "2024-06-30": "ND59", "2024-07-01": "ND69", "2030-01-01": "ND69"} {
		if s, _ := RulesOn(dateOf(t, day)); s.Name != want {
			t.Errorf("%s: %s", day, s.Name)
		}
	}
}

// A child with a card and no account, two parents at level 2.
func (w *world) child(birth string) (number string) {
	w.t.Helper()
	r := vneid.Record{ID: "999220000077", Name: "Nguyễn Gia Út", Birth: dateOf(w.t, birth), Sex: vneid.Male, Nationality: "VNM", CardIssued: dateOf(w.t, "2024-01-01"), CardExpires: dateOf(w.t, "2034-01-01")}
	for _, reg := range []registers.Register{registers.Population, registers.Cards} {
		e := &registers.Entry{Record: r, Guardians: []string{"999090000001", "999191000011"}}
		if err := w.SetEntry(w.t.Context(), reg, r.ID, e); err != nil {
			w.t.Fatal(err)
		}
	}
	return r.ID
}

func TestAParentRegistersAChild(t *testing.T) {
	for name, c := range map[string]struct {
		at, by string
		state  RegState
		reason RegReason
		level  vneid.Level
		linked bool
	}{
		"under Decree 69":           {"2026-11-22T09:00:00+07:00", "guardian", RegGranted, "", 1, false},
		"on the first day of it":    {"2024-07-01T00:00:00+07:00", "guardian", RegGranted, "", 1, false},
		"on the last of Decree 59":  {"2024-06-30T23:59:59+07:00", "guardian", RegGranted, "", 0, true},
		"somebody else's child":     {"2026-11-22T09:00:00+07:00", "namesake", RegRefused, ReasonRepresentative, 0, false},
		"a parent who is locked":    {"2026-11-22T09:00:00+07:00", "eid-locked", RegRefused, ReasonRepresentative, 0, false},
		"no such account":           {"2026-11-22T09:00:00+07:00", "nobody", RegRefused, ReasonRepresentative, 0, false},
		"the child without anybody": {"2026-11-22T09:00:00+07:00", "", RegRefused, ReasonRules, 0, false},
	} {
		w := newWorld(t)
		w.set(c.at)
		number := w.child("2020-05-05")
		if c.by == "eid-locked" { // a parent otherwise
			e, err := w.RegisterEntry(t.Context(), registers.Population, number)
			if err != nil {
				t.Fatal(err)
			}
			e.Guardians = []string{"999088000007"}
			if err := w.SetEntry(t.Context(), registers.Population, number, e); err != nil {
				t.Fatal(err)
			}
		}
		ref := w.apply(AppForm{Key: random(), Number: number, Name: "Nguyễn Gia Út", Birth: dateOf(t, "2020-05-05"), Phone: "0000000011", Portrait: true, Representative: c.by})
		w.decide()
		a := w.application(ref)
		if a.State != c.state || a.Reason != c.reason || a.Linked != c.linked {
			t.Errorf("%s: %s %q linked %v", name, a.State, a.Reason, a.Linked)
		}
		if c.state != RegGranted {
			continue
		}
		got, err := w.Account(t.Context(), a.Account)
		if err != nil || got.Level != c.level || got.App || !slices.Equal(got.Guardians, []string{c.by}) || got.LinkedAt.IsZero() == c.linked {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func TestTheAuditNamesTheDecision(t *testing.T) {
	w := newWorld(t)
	w.apply(form("no-account", nil))
	w.decide()
	kinds := map[string]int{}
	err := w.store.View(t.Context(), func(tx Tx) error {
		rows, err := tx.List(tableAudit, "", "", 1000)
		for _, row := range rows {
			if strings.Contains(string(row.Value), "999165000006") {
				t.Error("a personal number in the audit")
			}
			for _, k := range []string{auditDecided, auditRegistered} {
				if strings.Contains(string(row.Value), k) {
					kinds[k]++
				}
			}
		}
		return err
	})
	if err != nil || kinds[auditDecided] != 1 || kinds[auditRegistered] == 0 {
		t.Errorf("%v %v", kinds, err)
	}
	if calendar.Day(w.now()) != w.today() {
		t.Error("two days at once")
	}
}

func TestAForeignerRegistersInTheApp(t *testing.T) {
	for permit, want := range map[string]RegState{"2026-11-22": RegGranted, "2026-11-21": RegRefused} {
		w := newWorld(t)
		const number = "99900000000079"
		r := vneid.Record{ForeignerID: number, Name: "JANE EXAMPLE SAMPLE", Birth: dateOf(t, "1991-01-01"), Sex: vneid.Female, Nationality: "UTO"}
		if err := w.SetEntry(t.Context(), registers.Immigration, number, &registers.Entry{Record: r, Permit: dateOf(t, permit)}); err != nil {
			t.Fatal(err)
		}
		ref := w.apply(form("level2", func(f *AppForm) { f.Number, f.Name, f.Birth = number, "Jane Example Sample", r.Birth }))
		w.decide()
		a := w.application(ref)
		if a.State != want {
			t.Errorf("residence card to %s: %s %s", permit, a.State, a.Reason)
		}
		if want != RegGranted {
			continue
		}
		got, err := w.Account(t.Context(), a.Account)
		if err != nil || got.Type != "foreigner" || got.Level != 1 || len(got.Confirmed) != 1 || got.Confirmed[0].Register != registers.Immigration {
			t.Errorf("%+v %v", got, err)
		}
	}
}

// However many ask at once, one call makes so many accounts, and the next goes on.
func TestManyApplicationsAreDecidedInTurns(t *testing.T) {
	w := newWorld(t)
	const many = grantsAtOnce + 3
	for i := range many {
		r := vneid.Record{ID: fmt.Sprintf("9990990001%02d", i), Name: "Người Mới", Birth: dateOf(t, "1999-01-01"), Sex: vneid.Male, Nationality: "VNM", CardIssued: dateOf(t, "2024-08-01"), CardExpires: dateOf(t, "2039-01-01")}
		for _, reg := range []registers.Register{registers.Population, registers.Cards} {
			if err := w.SetEntry(t.Context(), reg, r.ID, &registers.Entry{Record: r}); err != nil {
				t.Fatal(err)
			}
		}
		w.apply(form("level2", func(f *AppForm) {
			f.Number, f.Name, f.Birth, f.Phone = r.ID, r.Name, r.Birth, fmt.Sprintf("00000055%02d", i)
		}))
	}
	if a, b := w.decide(), w.decide(); a != grantsAtOnce || b != many-grantsAtOnce {
		t.Errorf("%d, then %d decided", a, b)
	}
}
