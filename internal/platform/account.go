package platform

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Account is an electronic identification account (tài khoản định danh điện tử).
// Level 0 is a person without one: known to the registers, unable to log in.
type Account struct {
	ID     string       `json:"id"`
	Record vneid.Record `json:"record"`
	Level  vneid.Level  `json:"level"`
	Type   string       `json:"type"` // citizen, foreigner, organisation
	Phone  string       `json:"phone,omitempty"`
	Email  string       `json:"email,omitempty"`

	Face bool `json:"face,omitempty"` // a biometric was taken: FactorFace can be compared
	App  bool `json:"app,omitempty"`  // FactorApp can be confirmed

	EIDLocked     bool `json:"eid_locked,omitempty"`
	AccountLocked bool `json:"account_locked,omitempty"`

	Guardians []string `json:"guardians,omitempty"` // account ids
	Ward      bool     `json:"ward,omitempty"`

	// LockedAt is when the account was locked last. Sessions and tokens of
	// before stay dead after it is unlocked.
	LockedAt time.Time `json:"locked_at,omitzero"`

	// EndedAt is when the person ended all their sessions last.
	EndedAt time.Time `json:"ended_at,omitzero"`

	// EIDIssued is when the electronic identity card was made: with level 2, for good.
	EIDIssued time.Time `json:"eid_issued,omitzero"`

	Device   Device    `json:"device,omitzero"`    // where the app is, with App
	Channels []Channel `json:"channels,omitempty"` // by which the person is told; none: App and SMS

	// Confirmed are the registers that confirmed the person, and when: at each level that
	// was granted.
	Confirmed []Confirmation `json:"confirmed,omitempty"`

	// LinkedAt is when somebody without an account of their own was registered with a
	// representative's (until 2024-06-30).
	LinkedAt time.Time `json:"linked_at,omitzero"`

	// Cancelled says when each of Record.FormerIDs was cancelled, as far as the
	// platform did it.
	Cancelled []Cancellation `json:"cancelled,omitempty"`
}

// Cancellation is when a personal number was taken back.
type Cancellation struct {
	Number string    `json:"number"`
	At     time.Time `json:"at"`
}

// Username is what the person types: the personal number (Decree 59/2022 and
// 69/2024), or a foreigner's number.
func (a Account) Username() string {
	if a.Record.ID != "" {
		return a.Record.ID
	}
	return a.Record.ForeignerID
}

// Usable is the account level that counts now: the lock of the electronic
// identity card takes level 2 away and leaves level 1.
//
// This is our reading, of 2026-11, of Luật Căn cước Art. 34 (what the lock of the
// card ends) beside Decree 69/2024 (which locks accounts separately); no
// published interface says what a login with a locked card answers.
func (a Account) Usable() vneid.Level {
	if a.EIDLocked {
		return min(a.Level, 1)
	}
	return a.Level
}

// ErrNoHolder is for a number or a name of an account that nobody has. Staff hear of it;
// protocol answers never say whether an account exists.
var ErrNoHolder = errors.New("platform: no such account")

// Account returns an account.
func (p *Platform) Account(ctx context.Context, id string) (Account, error) {
	var out Account
	err := p.store.View(ctx, func(tx Tx) error {
		a, err := load[Account](tx, tableAccounts, id)
		if err != nil {
			return err
		}
		if a == nil {
			return ErrNoHolder
		}
		out = *a
		return nil
	})
	return out, err
}

// Accounts returns at most limit accounts in the order of their ids.
func (p *Platform) Accounts(ctx context.Context, limit int) (out []Account, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out, err = list[Account](tx, tableAccounts, "", limit)
		return err
	})
	return out, err
}

// Enrol adds an account, or changes it; an empty ID is filled in. The first
// password goes out by SMS and must be changed at the first login.
func (p *Platform) Enrol(ctx context.Context, a Account) (Account, error) {
	if a.ID == "" {
		a.ID = random()[:22]
	}
	first := digits(10)
	pw := hash(first, p.cfg.PasswordRounds)
	pw.First = true
	return a, p.store.Update(ctx, func(tx Tx) error {
		if err := p.enrol(tx, a, pw); err != nil || a.Level == 0 {
			return err
		}
		return p.sendFirst(tx, a, first)
	})
}

// sendFirst sends the first password: by SMS, to a mailbox where that is all there is.
func (p *Platform) sendFirst(tx Tx, a Account, first string) error {
	m := Message{Channel: SMS, Secret: first, Text: "Mật khẩu lần đầu của bạn: " + first + ". Hãy đổi khi đăng nhập."}
	if a.Phone == "" {
		m.Channel = Email
	}
	return p.send(tx, a, m)
}

func (p *Platform) enrol(tx Tx, a Account, pw password) error {
	if err := errors.Join(p.writeAccount(tx, &a, pw), p.refreshPapers(tx, &a)); err != nil || a.Level == 0 {
		return err
	}
	return p.record(tx, entry{Kind: auditRegistered, Account: a.ID, Body: auditAccount{Type: a.Type, Level: int(a.Level)}})
}

// writeAccount writes an account with its name and password, and the electronic card
// that comes with level 2.
func (p *Platform) writeAccount(tx Tx, a *Account, pw password) error {
	if err := errors.Join(p.unused(tx, *a), p.cancelFormer(tx, *a), p.issueEID(tx, a), p.seedGround(tx, a)); err != nil {
		return err
	}
	err := save(tx, tableAccounts, a.ID, a, time.Time{})
	if err == nil && a.Level == 0 && a.Username() != "" {
		err = save(tx, tableKnown, p.mac("known", a.Username()), a.ID, time.Time{})
	}
	if err != nil || a.Level == 0 {
		return err
	}
	return errors.Join(
		save(tx, tableUsernames, p.mac("username", a.Username()), a.ID, time.Time{}),
		save(tx, tablePasswords, a.ID, pw, time.Time{}), p.unbury(tx, a, EndClosed))
}

// unused refuses a number that is somebody else's, or was cancelled: such a number is
// never given to anybody again (Decree 70/2024 Art. 11).
func (p *Platform) unused(tx Tx, a Account) error {
	if a.Level == 0 {
		return nil
	}
	id, err := load[string](tx, tableUsernames, p.mac("username", a.Username()))
	if err != nil || id == nil || *id == a.ID {
		return err
	}
	return ErrNumberTaken
}

// cancelFormer keeps the numbers that somebody had from being given out again, and
// refuses a list that has somebody's number in it.
func (p *Platform) cancelFormer(tx Tx, a Account) error {
	for _, number := range a.Record.FormerIDs {
		is, err := load[string](tx, tableUsernames, p.mac("username", number))
		switch {
		case err != nil:
			return err
		case is == nil:
			err = p.cancel(tx, number)
		case *is != cancelled:
			err = ErrNumberTaken
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// SetLevel changes the account level, as an officer at a police office does.
func (p *Platform) SetLevel(ctx context.Context, id string, level vneid.Level) error {
	if level < 1 || level > 2 {
		return errors.New("platform: an account has level 1 or 2")
	}
	return p.change(ctx, id, func(tx Tx, a *Account) error {
		same := a.Level == level
		a.Level, a.Face = level, a.Face || level == 2
		if same {
			return nil
		}
		return errors.Join(p.issueEID(tx, a), p.happened(tx, id, event{Name: wire.LevelChanged, Level: int(level)}),
			p.record(tx, entry{Kind: auditLevelGranted, Account: id, Body: auditAccount{Level: int(level)}}))
	})
}

func (p *Platform) change(ctx context.Context, id string, f func(Tx, *Account) error) error {
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := load[Account](tx, tableAccounts, id)
		if err != nil {
			return err
		}
		if a == nil {
			return ErrNoHolder
		}
		if err := f(tx, a); err != nil {
			return err
		}
		return save(tx, tableAccounts, id, a, time.Time{})
	})
}
