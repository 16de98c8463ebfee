package main

import (
	"crypto/subtle"
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
	failed map[string][]time.Time // by user name: attempts that failed
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

// How often a password may be wrong before the account rests.
const (
	maxFailed = 5
	rest      = 15 * time.Minute
)

// logIn is the login that the portal had before VNeID. It answers the account's ID, ""
// for a wrong name or password. An account that rests refuses the right one too.
func (g *register) logIn(user, password string) (account string, resting bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	id, known := usernames[user]
	if !known {
		id = "" // and the password is compared all the same
	}
	now, recent := g.now(), g.failed[user][:0]
	for _, at := range g.failed[user] {
		if now.Sub(at) < rest {
			recent = append(recent, at)
		}
	}
	if known {
		g.failed[user] = recent
	}
	if len(recent) >= maxFailed {
		return "", true
	}
	if right := subtle.ConstantTimeCompare([]byte(password), []byte(TestPassword)) == 1; right && known {
		delete(g.failed, user)
		return id, false
	}
	if known {
		g.failed[user] = append(recent, now)
	}
	return "", false
}
