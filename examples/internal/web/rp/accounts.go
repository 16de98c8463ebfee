package rp

import (
	"crypto/rand"
	"crypto/subtle"
	"slices"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/sso/link"
)

// register is the accounts that a portal had before VNeID, with user name and password.
// It stands for the database of a real one, which hashes passwords.
type register struct {
	store *link.MemoryStore
	now   func() time.Time

	mu       sync.Mutex
	accounts []*account
	failed   map[string][]time.Time // by user name: attempts that failed
	sessions map[string]session     // by ticket
}

// account is one of the portal's own. Numbers are as somebody typed them once.
type account struct{ User, ID, Name, Number string }

type session struct {
	user  string
	until time.Time
}

// Password is that of every old account of the stand-in; it is printed on the page.
const Password = "mat-khau-cong"

// cutOff is when the portal's own passwords end: "tài khoản cổng dịch vụ công quốc gia của
// cá nhân được sử dụng đến hết ngày 30/6", in Vietnam.
var cutOff = time.Date(2024, 7, 1, 0, 0, 0, 0, time.FixedZone("UTC+7", 7*60*60))

const (
	oldSession = 8 * time.Hour
	maxTickets = 10_000
	maxFailed  = 5
	rest       = 15 * time.Minute
)

func newRegister(now func() time.Time) *register {
	g := &register{store: link.NewMemoryStore(), now: now, failed: map[string][]time.Time{}, sessions: map[string]session{}}
	for _, a := range []struct{ user, id, handle, number string }{
		{"nguyen-van-an", "DVC-0001", "level2", ""},
		{"tran-thi-binh", "DVC-0002", "level1", ""},
		{"chua-co-so", "DVC-0003", "no-app", "-"},                 // never gave a number
		{"so-sai", "DVC-0004", "old-cmnd", "999090999999"},        // nobody has this one
		{"so-nguoi-khac", "DVC-0005", "guardian", "999090000003"}, // somebody else's
		{"so-cu", "DVC-0006", "reissued", "-former"},              // a number that was cancelled since
	} {
		who, ok := personas.Get(a.handle)
		if !ok {
			continue
		}
		number := a.number
		switch {
		case number == "":
			number = who.Record.ID
		case number == "-":
			number = ""
		case number == "-former" && len(who.Record.FormerIDs) > 0:
			number = who.Record.FormerIDs[0]
		}
		g.put(&account{User: a.user, ID: a.id, Name: who.Record.Name, Number: number})
	}
	return g
}

// put enters an account, or what was changed of it.
func (g *register) put(a *account) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.accounts = slices.DeleteFunc(g.accounts, func(b *account) bool { return b.ID == a.ID })
	g.accounts = append(g.accounts, a)
	on := link.Account{ID: a.ID, Name: a.Name}
	if a.Number != "" {
		on.Numbers = []string{a.Number}
	}
	g.store.Put(on)
}

// logIn is the login that the portal had before VNeID; nil for a wrong name or password.
// wait says that somebody was wrong too often under that name: it is counted for names
// that nobody has, too.
func (g *register) logIn(user, password string) (a *account, wait bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	recent := slices.DeleteFunc(g.failed[user], func(at time.Time) bool { return now.Sub(at) >= rest || at.After(now) })
	if len(recent) >= maxFailed {
		return nil, true
	}
	right := subtle.ConstantTimeCompare([]byte(password), []byte(Password)) == 1
	for _, b := range g.accounts {
		if b.User == user && right {
			delete(g.failed, user)
			return &account{b.User, b.ID, b.Name, b.Number}, false
		}
	}
	if len(g.failed) >= maxTickets {
		clear(g.failed)
	}
	g.failed[user] = append(recent, now)
	return nil, false
}

// begin opens a session under a new ticket.
func (g *register) begin(user string) (ticket string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.sessions) >= maxTickets {
		clear(g.sessions)
	}
	ticket = rand.Text()
	g.sessions[ticket] = session{user, g.now().Add(oldSession)}
	return ticket
}

// who is logged in under a ticket, until the passwords end; nil for nobody.
func (g *register) who(ticket string) *account {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	s, ok := g.sessions[ticket]
	if !ok || !now.Before(s.until) || !now.Before(cutOff) {
		return nil
	}
	for _, a := range g.accounts {
		if a.User == s.user {
			return &account{a.User, a.ID, a.Name, a.Number}
		}
	}
	return nil
}

func (g *register) end(ticket string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.sessions, ticket)
}

// users lists the user names for the page, which is a stand-in's.
func (g *register) users() (out []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, a := range g.accounts {
		out = append(out, a.User)
	}
	slices.Sort(out)
	return out
}
