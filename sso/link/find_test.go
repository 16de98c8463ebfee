package link_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/link"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestFindSaysWhatAnAccountIsToAPerson(t *testing.T) {
	with := func(numbers ...string) link.Account { return link.Account{ID: "old", Numbers: numbers} }
	named := func(a link.Account, name, birth string) link.Account {
		a.Name, a.Birth = name, date(t, birth)
		return a
	}
	old12 := an(claims{"old_id": "999000000012"})
	for _, test := range []struct {
		name     string
		who      claims
		accounts []link.Account
		want     string
	}{
		{"the number in force proposes", an(), []link.Account{with("999090000001")}, "candidate current"},
		{"a former number proposes", an(), []link.Account{with("999190000011")}, "candidate former"},
		{"a CMND of nine digits proposes", an(), []link.Account{with("999000001")}, "candidate CMND-9"},
		{"a CMND of twelve digits proposes", old12, []link.Account{with("999000000012")}, "candidate CMND-12"},
		{"the strongest tie is told", an(), []link.Account{with("999000001", "999090000001", "999190000011")}, "candidate current"},
		{"a CMND that the evidence does not list is no stranger's", an(), []link.Account{with("999090000001", "999000777")}, "candidate current"},
		{"another's account is nobody's", an(), []link.Account{with("999090000002"), with()}, "new"},
		{"no accounts at all", an(), nil, "new"},
		{"a person without numbers", an(claims{"citizen_id": nil, "former_ids": nil, "old_id": nil}), []link.Account{with("999090000001")}, "new, no number"},
		{"an organisation is not who acts for it", an(claims{"account_type": "organisation"}), []link.Account{with("999090000001")}, "new, no number"},
		{"another name is reported", an(), []link.Account{named(with("999090000001"), "Trần Văn Bình", "1990-02-14")}, "candidate current name"},
		{"another birthday is reported", an(), []link.Account{named(with("999090000001"), "NGUYEN VAN AN", "1991-02-14")}, "candidate current birth"},
		{"a year agrees with a day of it", an(), []link.Account{named(with("999090000001"), "Nguyễn Văn An", "1990")}, "candidate current"},
		{"nine digits and the same name", an(), []link.Account{named(with("999000001"), "Nguyen Van An", "1990")}, "candidate CMND-9"},
		{"nine digits and another name", an(), []link.Account{named(with("999000001"), "Trần Văn Bình", "1990")}, "conflict OtherPerson"},
		{"nine digits and another birthday", an(), []link.Account{named(with("999000001"), "Nguyễn Văn An", "1960")}, "conflict OtherPerson"},
		{"nine digits and somebody's twelve", an(), []link.Account{with("999000001", "999060000009")}, "conflict OtherPerson"},
		{"the number in force and somebody's twelve", an(), []link.Account{with("999090000001", "999060000009")}, "conflict OtherPerson"},
		{"two accounts", an(), []link.Account{with("999090000001"), {ID: "older", Numbers: []string{"999000001"}}}, "conflict Several"},
		{"twelve digits that are a former number and a CMND", an(claims{"old_id": "999190000011"}), []link.Account{with("999190000011")}, "conflict Ambiguous"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t, test.accounts...)
			if got := told(find(t, w.linker(), w.login(test.who))); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// told is an outcome in words.
func told(out link.Outcome) string {
	switch out := out.(type) {
	case link.Linked:
		return "linked " + out.Account.ID
	case link.New:
		return map[bool]string{false: "new", true: "new, no number"}[out.NoNumber]
	case link.Candidate:
		words := "candidate " + out.Why.String()
		if out.NameDiffers {
			words += " name"
		}
		if out.BirthDiffers {
			words += " birth"
		}
		if out.Ticket == "" || out.Account != "old" {
			words += " broken"
		}
		return words
	case link.Conflict:
		return "conflict " + map[link.Reason]string{
			link.Several: "Several", link.Taken: "Taken", link.Ambiguous: "Ambiguous", link.OtherPerson: "OtherPerson",
		}[out.Why]
	}
	return "nothing"
}

func TestAConflictNamesEveryAccountInOrder(t *testing.T) {
	w := newWorld(t)
	found := []link.Account{{ID: "b", Numbers: []string{"999090000001"}}, {ID: "a", Numbers: []string{"999090000001"}}}
	got := find(t, w.linker(func(c *link.Config) { c.Store = broken{found: found} }), w.login(an()))
	if want := (link.Conflict{Why: link.Several, Accounts: []string{"a", "b"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestOnlyStrongLoginsLookForAccounts(t *testing.T) {
	w := newWorld(t, link.Account{ID: "old", Numbers: []string{"999090000001"}})
	l := w.linker()
	candidate(t, l, w.login(an())) // the twin
	_, err := l.Find(context.Background(), w.login(an(claims{"acr": "urn:vneid:acr:l1:a2"})))
	refusedAs(t, err, vneid.ErrLevel)
	_, err = l.Find(context.Background(), w.login(an(claims{"eid_status": "locked"})))
	refusedAs(t, err, vneid.ErrLocked)
	_, err = l.Find(context.Background(), w.unsigned())
	refusedAs(t, err, vneid.ErrUntrusted)
	_, err = l.Find(context.Background(), nil)
	refusedAs(t, err, vneid.ErrLevel)
	strict := w.linker(func(c *link.Config) { c.Need.Auth = 3 })
	_, err = strict.Find(context.Background(), w.login(an()))
	refusedAs(t, err, vneid.ErrLevel)
	candidate(t, strict, w.login(an(claims{"acr": "urn:vneid:acr:l2:a3"})))
	accepting := w.linker(func(c *link.Config) { c.Accept = sso.TransportOnly })
	candidate(t, accepting, w.unsigned())
}

func TestABoundLoginNeedsNoLevelAndNoNumber(t *testing.T) {
	w := newWorld(t, link.Account{ID: "old", Numbers: []string{"999090000001"}})
	if ok, err := w.store.Bind(context.Background(), issuer, "an", "old"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	w.store.Put(link.Account{ID: "cmnd", Numbers: []string{"999000777"}})
	if ok, err := w.store.Bind(context.Background(), issuer, "binh", "cmnd"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if got := told(find(t, w.linker(), w.login(an(claims{"sub": "binh"})))); got != "linked cmnd" {
		t.Errorf("a CMND on file that the evidence does not list: %s", got)
	}
	for what, who := range map[string]claims{
		"level 2": an(), "level 1": an(claims{"acr": "urn:vneid:acr:l1:a1"}), "without numbers": an(claims{"citizen_id": nil, "former_ids": nil, "old_id": nil}),
		"a corrected number": an(claims{"citizen_id": "999190000099", "former_ids": []string{"999090000001"}}),
	} {
		if got := told(find(t, w.linker(), w.login(who))); got != "linked old" {
			t.Errorf("%s: %s", what, got)
		}
	}
}

// broken is a store with troubles of its own.
type broken struct {
	link.Store
	login, number error
	found         []link.Account
}

func (b broken) ByLogin(context.Context, string, string) (*link.Account, error) { return nil, b.login }
func (b broken) ByNumber(context.Context, []string) ([]link.Account, error) {
	return b.found, b.number
}

func TestWhatAStoreReportsIsUnavailableWithoutItsWords(t *testing.T) {
	w := newWorld(t)
	canary := fmt.Errorf("db-7.internal: 999090000001: %w", vneid.ErrDenied)
	for what, store := range map[string]broken{"ByLogin": {login: canary}, "ByNumber": {number: canary}} {
		_, err := w.linker(func(c *link.Config) { c.Store = store }).Find(context.Background(), w.login(an()))
		refusedAs(t, err, vneid.ErrUnavailable)
		if strings.Contains(err.Error(), "db-7") {
			t.Errorf("%s: %v", what, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := w.linker(func(c *link.Config) { c.Store = broken{login: canary} }).Find(ctx, w.login(an()))
	if refusedAs(t, err, vneid.ErrUnavailable); !errors.Is(err, context.Canceled) {
		t.Errorf("the end of the context is lost: %v", err)
	}
}

func TestAStoreThatAnswersAnotherQuestionIsAMistake(t *testing.T) {
	w := newWorld(t)
	good := link.Account{ID: "old", Numbers: []string{"999090000001"}}
	for what, found := range map[string][]link.Account{
		"an account with another's number": {{ID: "old", Numbers: []string{"999090000002"}}},
		"an account with spaces in it":     {{ID: "old", Numbers: []string{"999 090 000001"}}},
		"an account without an ID":         {{Numbers: []string{"999090000001"}}},
		"a second one of those":            {good, {ID: "other"}},
	} {
		l := w.linker(func(c *link.Config) { c.Store = broken{found: found} })
		_, err := l.Find(context.Background(), w.login(an()))
		if refusedAs(t, err, 0); !strings.Contains(err.Error(), "Config.Store") {
			t.Errorf("%s: %v", what, err)
		}
	}
	l := w.linker(func(c *link.Config) { c.Store = broken{found: []link.Account{good, good}} })
	if got := told(find(t, l, w.login(an()))); got != "candidate current" {
		t.Errorf("one account found by two numbers: %s", got)
	}
}

func TestNewLinkerNamesTheFieldThatIsWrong(t *testing.T) {
	store := link.NewMemoryStore()
	for field, c := range map[string]link.Config{
		"Store":  {},
		"Need":   {Store: store, Need: vneid.Assurance{Level: 3}},
		"Accept": {Store: store, Accept: 3},
		"Keys":   {Store: store, Keys: [][]byte{make([]byte, 31)}},
	} {
		_, err := link.NewLinker(c)
		if refusedAs(t, err, 0); !strings.Contains(err.Error(), "Config."+field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := link.NewLinker(link.Config{Store: store}); err != nil {
		t.Error(err)
	}
}

func TestZeroValuesRefuse(t *testing.T) {
	w := newWorld(t)
	var l link.Linker
	_, err := l.Find(context.Background(), w.login(an()))
	refusedAs(t, err, 0)
	_, err = l.Register(context.Background(), w.login(an()))
	refusedAs(t, err, 0)
	refusedAs(t, (*link.Linker)(nil).Confirm(context.Background(), w.login(an()), link.Fresh{}), 0)
	good := w.linker()
	refusedAs(t, good.Confirm(context.Background(), w.login(an()), link.Fresh{}), vneid.ErrMalformed)
	refusedAs(t, good.Confirm(context.Background(), nil, link.Fresh{}), vneid.ErrLevel)
	_, err = w.linker(func(c *link.Config) { c.Store = new(link.MemoryStore) }).Find(context.Background(), w.login(an()))
	refusedAs(t, err, vneid.ErrUnavailable)
	if words := link.Reason(0).String(); words != "no conflict" {
		t.Error(words)
	}
}

func TestAnAccountDoesNotPrintWhatItHolds(t *testing.T) {
	a := link.Account{ID: "canary-id", Numbers: []string{"999090000001"}, Name: "Nguyễn Chim Hoàng Yến"}
	for _, v := range []any{a, &a, link.Linked{Account: a}, []link.Account{a}, map[string]any{"x": a}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, "canary") || strings.Contains(got, "999") || strings.Contains(got, "Yến") {
				t.Errorf("%s of %T prints %s", verb, v, got)
			}
		}
	}
}
