package vneidtest

import (
	"context"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Person is an invented person.
type Person struct {
	Handle    string // what the methods of Platform call them
	About     string // what is special about them
	Record    vneid.Record
	Level     vneid.Level // of their account; 0: they have none
	Username  string
	Password  string   // empty: the first one is in SMS
	Guardians []string // handles
}

// People lists everybody, in a fixed order. The records are copies.
func People() []Person {
	var out []Person
	for _, who := range personas.All() {
		out = append(out, person(who))
	}
	return out
}

func person(who personas.Persona) Person {
	return Person{
		Handle: who.Handle, About: who.About, Record: who.Record, Level: who.Account.Level,
		Username: who.Username(), Password: who.Account.Password, Guardians: who.Guardians,
	}
}

// Person returns the person with the handle.
func (p *Platform) Person(handle string) Person {
	p.t.Helper()
	who, _ := personas.Get(p.known(handle))
	return person(who)
}

// LockEID locks a person's electronic identity card (khóa căn cước điện tử), with
// immediate effect: what needs account level 2 is over.
func (p *Platform) LockEID(handle string) {
	p.t.Helper()
	p.lock(handle, func(l *platform.Locks) { l.EID = true })
}

// LockAccount locks a person's account (khóa tài khoản định danh), with immediate
// effect: sessions and tokens are dead, no login passes.
func (p *Platform) LockAccount(handle string) {
	p.t.Helper()
	p.lock(handle, func(l *platform.Locks) { l.Account = true })
}

// Unlock opens both locks of a person.
func (p *Platform) Unlock(handle string) {
	p.t.Helper()
	p.lock(handle, func(l *platform.Locks) { *l = platform.Locks{} })
}

func (p *Platform) lock(handle string, change func(*platform.Locks)) {
	p.t.Helper()
	ctx := context.Background()
	a, err := p.engine.Account(ctx, p.known(handle))
	p.must(err)
	l := platform.Locks{EID: a.EIDLocked, Account: a.AccountLocked}
	change(&l)
	p.must(p.engine.SetLocks(ctx, handle, l))
	p.deliver()
}

// SMS returns the text messages that a person has received, the newest first.
func (p *Platform) SMS(handle string) []string {
	p.t.Helper()
	box, err := p.engine.Outbox(context.Background(), p.known(handle))
	p.must(err)
	var out []string
	for _, m := range box {
		if m.Channel == platform.SMS {
			out = append(out, m.Text)
		}
	}
	return out
}

// Decline makes a person refuse the scopes on every consent page from now on, or
// everything if none is named, and forget what they agreed to before. In place of a
// scope it takes a kind of document, or a kind and one of its optional claims or
// predicates: "driver-licence", "driver-licence/points", "driver-licence/age>=18".
func (p *Platform) Decline(handle string, scopes ...string) {
	p.t.Helper()
	p.must(p.engine.Forget(context.Background(), p.known(handle)))
	p.mu.Lock()
	defer p.mu.Unlock()
	p.declines[handle] = append([]string{}, scopes...)
}

// declined returns what a person refuses; ok is false for somebody who agrees.
func (p *Platform) declined(handle string) (scopes []string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	scopes, ok = p.declines[handle]
	return scopes, ok
}

// changed notes that a person replaced their first password.
func (p *Platform) changed(handle string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.chose[handle] = true
}

func (p *Platform) hasChanged(handle string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.chose[handle]
}

// Read is one time that a relying party learned something about a person.
type Read struct {
	At       time.Time
	ClientID string
	Kind     string // login, userinfo or qr
	Scopes   []string
}

// History returns who read about a person (lịch sử sử dụng), the newest first.
func (p *Platform) History(handle string) []Read {
	p.t.Helper()
	reads, err := p.engine.History(context.Background(), p.known(handle), 1000)
	p.must(err)
	var out []Read
	for _, r := range reads {
		out = append(out, Read{At: r.At, ClientID: r.Client, Kind: string(r.Kind), Scopes: r.Scopes})
	}
	return out
}
