package main

import (
	"crypto/subtle"
	"slices"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/sso/link"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// register is the accounts that this portal had before VNeID, with user name and
// password. It stands for the database of a real one, which hashes passwords.
type register struct {
	store *link.MemoryStore
	now   func() time.Time

	mu     sync.Mutex
	failed map[string][]time.Time // by subject: attempts that failed
}

// TestPassword is that of every old account of the sample.
const TestPassword = "mat-khau-cu"

// The old accounts, of people of the test platform: user name to ID.
var usernames = map[string]string{"an": "TK-001", "giang": "TK-002", "an2": "TK-003", "an2b": "TK-004"}

func newRegister(now func() time.Time) *register {
	if now == nil {
		now = time.Now
	}
	on := func(year int, month time.Month, day int) vneid.Date {
		d, _ := vneid.NewDate(year, month, day)
		return d
	}
	return &register{now: now, failed: map[string][]time.Time{}, store: link.NewMemoryStore(
		link.Account{ID: "TK-001", Numbers: []string{"999090000001"}, Name: "Nguyễn Văn An", Birth: on(1990, 2, 14)},
		// Typed in wrong once: worth a question, and no reason to refuse.
		link.Account{ID: "TK-002", Numbers: []string{"999191000011"}, Name: "Vũ Thu Hương", Birth: on(1991, 8, 8)},
		// One person, two accounts: nobody can tell which.
		link.Account{ID: "TK-003", Numbers: []string{"999090000003"}, Name: "Nguyễn Văn An"},
		link.Account{ID: "TK-004", Numbers: []string{"999090000003"}, Name: "Nguyen Van An"},
	)}
}

// How often one person may be wrong before they must wait.
const (
	maxFailed = 5
	rest      = 15 * time.Minute
)

// logIn is the login that the portal had before VNeID: "" for a wrong name or password.
// Who cannot know a name learns nothing of it: both are compared whatever they are.
func (g *register) logIn(user, password string) (account string) {
	id, known := usernames[user]
	if right := subtle.ConstantTimeCompare([]byte(password), []byte(TestPassword)) == 1; right && known {
		return id
	}
	return ""
}

// resting reports whether somebody was wrong too often. It counts by who tries, who
// has proven to be one person: to try all accounts takes no more names.
func (g *register) resting(who string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.recent(who)) >= maxFailed
}

// wrong notes an attempt that failed.
func (g *register) wrong(who string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.failed[who] = append(g.recent(who), g.now())
}

// recent drops what is long ago. The caller holds the lock.
func (g *register) recent(who string) []time.Time {
	now := g.now()
	recent := slices.DeleteFunc(g.failed[who], func(at time.Time) bool { return now.Sub(at) >= rest })
	if len(recent) == 0 {
		delete(g.failed, who)
	} else {
		g.failed[who] = recent
	}
	return recent
}
