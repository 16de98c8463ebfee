package ssotest

import (
	"context"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/vneid-sdk/vneid-go/sso/link"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Links tests a link.Store. fresh makes one that holds the accounts, none of them
// bound; their IDs are short and of letters.
func Links(t *testing.T, fresh func(t testing.TB, accounts ...link.Account) link.Store) {
	for name, part := range map[string]func(*testing.T, link.Store){
		"every number finds its accounts":     linksNumbers,
		"the first binding stands":            linksBind,
		"issuer and subject are exact":        linksNames,
		"an account that is opened is bound":  linksCreate,
		"what is given out is the caller's":   linksCopy,
		"of bindings at once one wins":        linksBindTogether,
		"of accounts opened at once one wins": linksCreateTogether,
	} {
		t.Run(name, func(t *testing.T) {
			part(t, fresh(t,
				link.Account{ID: "a", Numbers: []string{"999090000001", "999000001"}, Name: "Nguyễn Văn An"},
				link.Account{ID: "b", Numbers: []string{"999000001"}},
				link.Account{ID: "c", Numbers: []string{"999190000002"}},
				link.Account{ID: "d"},
			))
		})
	}
}

const issuerOfLinks = "https://op.example"

func binds(t testing.TB, what string, s link.Store, issuer, subject, account string, want bool) {
	t.Helper()
	if got, err := s.Bind(context.Background(), issuer, subject, account); got != want || err != nil {
		t.Errorf("%s: Bind says %v, %v; want %v", what, got, err, want)
	}
}

func leads(t testing.TB, what string, s link.Store, issuer, subject, want string) {
	t.Helper()
	a, err := s.ByLogin(context.Background(), issuer, subject)
	got := ""
	if a != nil {
		got = a.ID
	}
	if err != nil || got != want || a != nil && !a.Bound {
		t.Errorf("%s: ByLogin gives %q, %v; want %q, bound", what, got, err, want)
	}
}

func byNumber(t testing.TB, s link.Store, numbers ...string) map[string]link.Account {
	t.Helper()
	found, err := s.ByNumber(context.Background(), numbers)
	if err != nil {
		t.Errorf("ByNumber: %v", err)
	}
	out := map[string]link.Account{}
	for _, a := range found {
		out[a.ID] = a
	}
	return out
}

func linksNumbers(t *testing.T, s link.Store) {
	for _, test := range []struct {
		numbers []string
		want    []string
	}{
		{[]string{"999090000001"}, []string{"a"}},
		{[]string{"999000001"}, []string{"a", "b"}},
		{[]string{"999190000002", "999000001"}, []string{"a", "b", "c"}},
		{[]string{"999090000009"}, nil},
		{[]string{"090000001", "999090000"}, nil}, // parts of a number
		{nil, nil},
	} {
		found := byNumber(t, s, test.numbers...)
		var ids []string
		for id, a := range found {
			ids = append(ids, id)
			if a.Bound {
				t.Errorf("%s is bound", id)
			}
		}
		if slices.Sort(ids); !slices.Equal(ids, test.want) {
			t.Errorf("numbers %d of %d: %q, want %q", len(test.numbers), len(test.want), ids, test.want)
		}
	}
	a := byNumber(t, s, "999090000001")["a"]
	if !slices.Contains(a.Numbers, "999090000001") || !slices.Contains(a.Numbers, "999000001") || a.Name != "Nguyễn Văn An" {
		t.Error("an account comes without what is on file")
	}
}

func linksBind(t *testing.T, s link.Store) {
	leads(t, "before", s, issuerOfLinks, "s", "")
	binds(t, "no such account", s, issuerOfLinks, "s", "x", false)
	leads(t, "after no such account", s, issuerOfLinks, "s", "")
	binds(t, "the first", s, issuerOfLinks, "s", "a", true)
	binds(t, "the same again", s, issuerOfLinks, "s", "a", false)
	binds(t, "the login to another account", s, issuerOfLinks, "s", "b", false)
	binds(t, "the account to another login", s, issuerOfLinks, "t", "a", false)
	leads(t, "the login", s, issuerOfLinks, "s", "a")
	leads(t, "the other login", s, issuerOfLinks, "t", "")
	if found := byNumber(t, s, "999000001"); !found["a"].Bound || found["b"].Bound {
		t.Error("ByNumber does not tell the bound account from the other")
	}
	binds(t, "what was refused is still free", s, issuerOfLinks, "t", "b", true)
	leads(t, "the other login, bound", s, issuerOfLinks, "t", "b")
}

func linksNames(t *testing.T, s link.Store) {
	binds(t, "one", s, "https://op.example", "Ab", "a", true)
	for _, login := range [][2]string{
		{"https://op.example", "ab"}, {"https://op.example", "Ab "}, {"https://op.example/", "Ab"}, {"https://OP.example", "Ab"},
		{"https://op.exampleA", "b"}, {"https://op.exampl", "eAb"}, {"", "https://op.exampleAb"}, {"https://op.example", ""}, {"https://op.example", "A%"},
	} {
		leads(t, "a name like it", s, login[0], login[1], "")
	}
	binds(t, "in small letters", s, "https://op.example", "ab", "b", true)
	leads(t, "the first", s, "https://op.example", "Ab", "a")
	leads(t, "the second", s, "https://op.example", "ab", "b")
}

func linksCreate(t *testing.T, s link.Store) {
	about := vneid.Record{ID: "999290000007", Name: "Lê Thị Mới"}
	a, err := s.Create(context.Background(), issuerOfLinks, "new", about)
	if err != nil || a == nil {
		t.Fatalf("Create: %v, %v", a, err)
	}
	if !a.Bound || a.ID == "" || slices.Contains([]string{"a", "b", "c", "d"}, a.ID) {
		t.Errorf("opened %q, bound: %v", a.ID, a.Bound)
	}
	leads(t, "its login", s, issuerOfLinks, "new", a.ID)
	if again, err := s.Create(context.Background(), issuerOfLinks, "new", about); again != nil || err != nil {
		t.Errorf("the same login again: %v, %v", again, err)
	}
	binds(t, "another login to it", s, issuerOfLinks, "other", a.ID, false)
	binds(t, "its login to another account", s, issuerOfLinks, "new", "a", false)
	binds(t, "a login to an old account", s, issuerOfLinks, "s", "b", true)
	if second, err := s.Create(context.Background(), issuerOfLinks, "s", about); second != nil || err != nil {
		t.Errorf("a login that is bound to an old account: %v, %v", second, err)
	}
}

func linksCopy(t *testing.T, s link.Store) {
	binds(t, "one", s, issuerOfLinks, "s", "a", true)
	for range 2 {
		a, err := s.ByLogin(context.Background(), issuerOfLinks, "s")
		if err != nil || a == nil || len(a.Numbers) != 2 || a.Name != "Nguyễn Văn An" {
			t.Fatalf("%v, %v", a, err)
		}
		a.Numbers[0], a.Numbers[1], a.Name, a.Bound = "x", "x", "x", false
		found := byNumber(t, s, "999090000001")["a"]
		if len(found.Numbers) != 2 || found.Numbers[0] == "x" {
			t.Fatal("what was given out is the store's own")
		}
		found.Numbers[0], found.Numbers[1] = "y", "y"
	}
}

func linksBindTogether(t *testing.T, s link.Store) {
	var first, second atomic.Int32
	together(func(i int) {
		// Sixteen logins want one account; one login wants three.
		won, err := s.Bind(context.Background(), issuerOfLinks, "s"+strconv.Itoa(i), "a")
		if err != nil {
			t.Errorf("Bind: %v", err)
		}
		if won {
			first.Add(1)
		}
		won, err = s.Bind(context.Background(), issuerOfLinks, "one", string(rune('b'+i%3)))
		if err != nil {
			t.Errorf("Bind: %v", err)
		}
		if won {
			second.Add(1)
		}
	})
	if first.Load() != 1 || second.Load() != 1 {
		t.Errorf("%d and %d won, want one each", first.Load(), second.Load())
	}
}

func linksCreateTogether(t *testing.T, s link.Store) {
	var won atomic.Int32
	together(func(int) {
		a, err := s.Create(context.Background(), issuerOfLinks, "new", vneid.Record{ID: "999290000007"})
		if err != nil {
			t.Errorf("Create: %v", err)
		}
		if a != nil {
			won.Add(1)
		}
	})
	if won.Load() != 1 {
		t.Errorf("%d accounts were opened, want one", won.Load())
	}
}
