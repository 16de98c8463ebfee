package platform

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"math/big"
	"time"
)

// password is a stored password: PBKDF2-HMAC-SHA-256 (RFC 8018 §5.2).
type password struct {
	Salt   []byte `json:"salt"`
	Sum    []byte `json:"sum"`
	Rounds int    `json:"rounds"`
	First  bool   `json:"first,omitempty"` // must be changed
}

const (
	minPassword = 8
	maxPassword = 128
)

func hash(secret string, rounds int) password {
	pw := password{Salt: make([]byte, 16), Rounds: rounds}
	rand.Read(pw.Salt)
	pw.Sum = pw.derive(secret)
	return pw
}

func (pw password) derive(secret string) []byte {
	// The key length is a constant, so Key cannot fail outside FIPS mode with a
	// short salt, which hash never makes.
	sum, err := pbkdf2.Key(sha256.New, secret, pw.Salt, pw.Rounds, 32)
	if err != nil {
		return nil
	}
	return sum
}

func (pw password) matches(secret string) bool {
	sum := pw.derive(secret)
	return len(sum) == 32 && subtle.ConstantTimeCompare(sum, pw.Sum) == 1
}

// tries counts wrong guesses against one account, or one factor of it.
type tries struct {
	Fails int       `json:"fails"`
	Until time.Time `json:"until,omitzero"`
}

const (
	freeTries  = 5
	firstDelay = 30 * time.Second
	lastDelay  = 15 * time.Minute
)

// turns is how many accounts, more or less, can have a password checked at once.
const turns = 64

// guess counts a guess before it is looked at, so that guesses at the same time
// cannot all slip under the limit. It answers how long to wait instead, 0 to go
// ahead. The delay ends by itself: guessing cannot lock a person out for good.
func (p *Platform) guess(tx Tx, key string) (time.Duration, error) {
	t, err := load[tries](tx, tableTries, key)
	if err != nil {
		return 0, err
	}
	if t == nil {
		t = &tries{}
	}
	now := p.now()
	if wait := t.Until.Sub(now); wait > 0 && wait <= lastDelay { // nobody waits longer: the clock was put back
		return wait, nil
	}
	if t.Fails++; t.Fails >= freeTries {
		t.Until = now.Add(min(firstDelay<<min(t.Fails-freeTries, 10), lastDelay))
	}
	return 0, save(tx, tableTries, key, t, now.Add(24*time.Hour))
}

// authenticate checks a number and a password. It takes as long, and answers the
// same, for a number that has no account. A nil account with a zero wait is a
// wrong guess.
func (p *Platform) authenticate(ctx context.Context, username, secret string) (a *Account, first bool, wait time.Duration, err error) {
	leave, err := p.mayHash()
	if err != nil {
		return nil, false, 0, err
	}
	defer leave()
	key := p.mac("username", username)
	// One at a time for each account: logins of one person at the same moment must
	// not look like guesses. The count before the look holds across processes.
	turn := &p.turns[key[0]%turns]
	turn.Lock()
	defer turn.Unlock()
	var pw *password
	err = p.store.Update(ctx, func(tx Tx) (err error) {
		a, pw = nil, nil
		if wait, err = p.guess(tx, key); err != nil || wait > 0 {
			return err
		}
		id, err := load[string](tx, tableUsernames, key)
		if err != nil || id == nil {
			return err
		}
		if a, err = load[Account](tx, tableAccounts, *id); err != nil {
			return err
		}
		pw, err = load[password](tx, tablePasswords, *id)
		return err
	})
	if err != nil || wait > 0 {
		return nil, false, wait, err
	}
	if !p.compare(ctx, pw, secret) || a == nil {
		return nil, false, 0, ctx.Err()
	}
	err = p.store.Update(ctx, func(tx Tx) error { return tx.Delete(tableTries, key) })
	return a, pw.First, 0, err
}

// compare hashes whether there is a password or not.
func (p *Platform) compare(ctx context.Context, pw *password, secret string) bool {
	select {
	case p.hashing <- struct{}{}:
		defer func() { <-p.hashing }()
	case <-ctx.Done():
		return false
	}
	if len(secret) > maxPassword {
		secret = ""
	}
	if pw == nil {
		hash(secret, p.cfg.PasswordRounds)
		return false
	}
	return pw.matches(secret)
}

// ErrPassword is a new password that is too short or very long, the person's number, or
// the one that is there.
var ErrPassword = errors.New("platform: no password to choose, or the one that is there")

// ChangePassword gives the holder of a session another password, after the one that they
// have. Every login ends, this one too: whoever else knew the old one is out.
func (p *Platform) ChangePassword(ctx context.Context, by Session, old, secret string) error {
	if err := p.reauthenticate(ctx, by.Account.ID, old); err != nil {
		return err
	}
	pw, err := p.chosen(ctx, by.Account, secret)
	if err != nil {
		return err
	}
	return p.change(ctx, by.Account.ID, func(tx Tx, a *Account) error {
		a.EndedAt = p.now()
		return errors.Join(p.savePassword(tx, a.ID, pw), p.tellLogout(tx, a.ID, ""),
			p.inform(tx, *a, security("Mật khẩu của tài khoản đã được đổi", "Your password was changed")))
	})
}

// replacePassword stores the password that a person chose for the first one, unless it is
// a weak one.
func (p *Platform) replacePassword(ctx context.Context, a Account, secret string) (ok bool, err error) {
	pw, err := p.chosen(ctx, a, secret)
	if err != nil {
		if errors.Is(err, ErrPassword) {
			err = nil
		}
		return false, err
	}
	return true, p.store.Update(ctx, func(tx Tx) error { return p.savePassword(tx, a.ID, pw) })
}

// chosen hashes what a person chose. Weak ones are ErrPassword.
func (p *Platform) chosen(ctx context.Context, a Account, secret string) (pw password, err error) {
	leave, err := p.mayHash()
	if err != nil {
		return pw, err
	}
	defer leave()
	if len(secret) < minPassword || len(secret) > maxPassword || secret == a.Username() {
		return pw, ErrPassword
	}
	var old *password
	err = p.store.View(ctx, func(tx Tx) (err error) {
		old, err = load[password](tx, tablePasswords, a.ID)
		return err
	})
	if err != nil {
		return pw, err
	}
	if p.compare(ctx, old, secret) {
		return pw, ErrPassword
	}
	return hash(secret, p.cfg.PasswordRounds), nil
}

func (p *Platform) savePassword(tx Tx, account string, pw password) error {
	return errors.Join(save(tx, tablePasswords, account, pw, time.Time{}), p.record(tx, entry{Kind: auditPasswordChanged, Actor: actorCitizen, Account: account}))
}

// digits returns n random decimal digits.
func digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		d, err := rand.Int(rand.Reader, big.NewInt(10))
		if err != nil { // crypto/rand does not fail (Go 1.24)
			d = new(big.Int)
		}
		b[i] = '0' + byte(d.Int64())
	}
	return string(b)
}
