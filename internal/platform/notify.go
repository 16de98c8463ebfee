package platform

import (
	"context"
	"errors"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// inform tells a person something about their account: in the inbox of the app, and by
// every channel of their choice. While the account is locked nobody can open the app, so
// the message and the letter go out whatever was chosen.
func (p *Platform) inform(tx Tx, a Account, n Notification) error {
	err := p.notify(tx, a.ID, n)
	for _, ch := range a.channels() {
		err = errors.Join(err, p.send(tx, a, Message{Channel: ch, Text: n.Title.Vi + ". " + n.Body.Vi}))
	}
	return err
}

// channels are those by which a person is told: their choice, as far as they have them.
func (a Account) channels() (out []Channel) {
	chosen := a.Channels
	if len(chosen) == 0 {
		chosen = []Channel{App, SMS}
	}
	for _, ch := range []Channel{App, SMS, Email} {
		if a.has(ch) && (slices.Contains(chosen, ch) || a.AccountLocked && ch != App) {
			out = append(out, ch)
		}
	}
	return out
}

// has reports whether a channel leads to the person.
func (a Account) has(ch Channel) bool {
	switch ch {
	case SMS:
		return a.Phone != ""
	case Email:
		return a.Email != ""
	}
	return ch == App && a.App
}

// ErrNoChannel is for a channel that does not lead to the person, or none at all.
var ErrNoChannel = errors.New("platform: no channel that leads to the person")

// SetChannels says by which channels somebody wants to be told, besides the inbox of the
// app, which has everything. The caller has authenticated the account's owner.
func (p *Platform) SetChannels(ctx context.Context, account string, to ...Channel) error {
	return p.change(ctx, account, func(tx Tx, a *Account) error {
		var out []Channel
		for _, ch := range []Channel{App, SMS, Email} {
			if slices.Contains(to, ch) && a.has(ch) {
				out = append(out, ch)
			}
		}
		if len(out) == 0 || len(out) != len(to) {
			return ErrNoChannel
		}
		a.Channels = out
		return p.record(tx, entry{Kind: auditChannelsChanged, Actor: actorCitizen, Account: account, Body: out})
	})
}

// lockWords names locks in a sentence.
func lockWords(l Locks) servicewire.Text {
	switch {
	case l.EID && l.Account:
		return servicewire.Text{Vi: "Căn cước điện tử và tài khoản định danh", En: "Your electronic identity card and your account"}
	case l.Account:
		return servicewire.Text{Vi: "Tài khoản định danh", En: "Your account"}
	}
	return servicewire.Text{Vi: "Căn cước điện tử", En: "Your electronic identity card"}
}

func lockedNotice(rule GroundRule, g LockGround) Notification {
	what := lockWords(g.Locks)
	how := servicewire.Text{Vi: "Nếu bạn không đồng ý, hãy hỏi Công an xã, phường, đặc khu.", En: "If you do not agree, ask the commune's police."}
	if g.Ground == GroundHolder {
		how = servicewire.Text{Vi: "Nếu không phải bạn yêu cầu, hãy báo Công an xã, phường, đặc khu.", En: "If it was not you, tell the commune's police."}
	}
	return Notification{Kind: servicewire.LockChanged,
		Title: servicewire.Text{Vi: what.Vi + " đã bị khóa", En: what.En + ": locked"},
		Body:  servicewire.Text{Vi: "Căn cứ: " + rule.Text.Vi + ". " + how.Vi, En: "Ground: " + rule.Text.En + ". " + how.En},
	}
}

func unlockedNotice(was, left Locks) Notification {
	what := lockWords(Locks{was.EID && !left.EID, was.Account && !left.Account})
	return Notification{Kind: servicewire.LockChanged,
		Title: servicewire.Text{Vi: what.Vi + " đã được mở khóa", En: what.En + ": unlocked"},
		Body:  servicewire.Text{Vi: "Không còn căn cứ khóa.", En: "No ground to lock is left."},
	}
}

// security is a notice of a change that matters to the safety of an account.
func security(vi, en string) Notification {
	return Notification{Kind: servicewire.Security, Title: servicewire.Text{Vi: vi, En: en}, Body: servicewire.Text{
		Vi: "Nếu không phải bạn, hãy khóa tài khoản ngay và báo Công an xã, phường, đặc khu.",
		En: "If it was not you, lock your account at once and tell the commune's police.",
	}}
}
