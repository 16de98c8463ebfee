package platform

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/mail"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// Another telephone number or e-mail address (đổi số điện thoại, thư điện tử): the
// password again, six digits that go to the new one, and a notice to the old one.

const tableContacts = "contact" // account id / channel → pendingContact

// pendingContact is an address that waits to be confirmed.
type pendingContact struct {
	To    string    `json:"to"`
	Mac   string    `json:"mac"`
	Until time.Time `json:"until"`
	Tries int       `json:"tries"`
	Sent  int       `json:"sent"`
	Since time.Time `json:"since"` // of the first of the messages
}

const contactPause = time.Hour // in which codeSends messages can be asked for

// What changes of addresses refuse with.
var (
	ErrContact     = errors.New("platform: no telephone number or e-mail address, or the one that is there")
	ErrContactCode = errors.New("platform: another code, or too old")
	ErrTooOften    = errors.New("platform: too many messages were asked for, wait")
)

// BeginContact sends six digits to a new telephone number (SMS) or e-mail address
// (Email). The password is asked for again.
func (p *Platform) BeginContact(ctx context.Context, by Session, password string, ch Channel, to string) error {
	to, ok := addressOf(ch, to)
	if !ok {
		return ErrContact
	}
	if err := p.reauthenticate(ctx, by.Account.ID, password); err != nil {
		return err
	}
	code := digits(6)
	return p.store.Update(ctx, func(tx Tx) error {
		a, err := load[Account](tx, tableAccounts, by.Account.ID)
		if err != nil || a == nil {
			return errors.Join(err, ErrNoHolder)
		}
		if to == a.address(ch) {
			return ErrContact
		}
		key, now := a.ID+"/"+string(ch), p.now()
		was, err := load[pendingContact](tx, tableContacts, key)
		if err != nil {
			return err
		}
		next := pendingContact{To: to, Mac: p.mac("contact", a.ID, string(ch), to, code), Until: now.Add(codeLife), Sent: 1, Since: now}
		if was != nil && !now.Before(was.Since) && now.Sub(was.Since) < contactPause {
			next.Sent, next.Since = was.Sent+1, was.Since
		}
		if next.Sent > codeSends {
			return ErrTooOften
		}
		return errors.Join(save(tx, tableContacts, key, next, next.Since.Add(contactPause)),
			p.send(tx, *a, Message{Channel: ch, To: to, Secret: code, Text: "Mã xác nhận địa chỉ liên lạc mới: " + code + ". Không đưa mã này cho bất kỳ ai."}))
	})
}

// PendingContact returns the address that waits for its code; "" for none.
func (p *Platform) PendingContact(ctx context.Context, account string, ch Channel) (to string, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		to = ""
		w, err := load[pendingContact](tx, tableContacts, account+"/"+string(ch))
		if w != nil && w.Mac != "" && p.now().Before(w.Until) {
			to = w.To
		}
		return err
	})
	return to, err
}

// ConfirmContact makes the new address the person's, by the digits that were sent to it.
func (p *Platform) ConfirmContact(ctx context.Context, by Session, ch Channel, code string) error {
	refused := false
	err := p.change(ctx, by.Account.ID, func(tx Tx, a *Account) error {
		key := a.ID + "/" + string(ch)
		w, err := load[pendingContact](tx, tableContacts, key)
		if err != nil {
			return err
		}
		if refused = w == nil || w.Mac == "" || w.Tries >= codeTries || !p.now().Before(w.Until); refused {
			return nil
		}
		if refused = subtle.ConstantTimeCompare([]byte(w.Mac), []byte(p.mac("contact", a.ID, string(ch), w.To, code))) != 1; refused {
			w.Tries++ // counted, so the transaction has to stay
			return save(tx, tableContacts, key, w, w.Since.Add(contactPause))
		}
		to := w.To
		w.Mac, w.To = "", "" // spent; how many were sent still counts
		return errors.Join(save(tx, tableContacts, key, w, w.Since.Add(contactPause)), p.changeContact(tx, a, ch, to, actorCitizen))
	})
	if err == nil && refused {
		return ErrContactCode
	}
	return err
}

// ChangePhone gives an account another telephone number, without asking anybody: an
// officer does so at a counter.
func (p *Platform) ChangePhone(ctx context.Context, id, phone string) error {
	return p.change(ctx, id, func(tx Tx, a *Account) error { return p.changeContact(tx, a, SMS, phone, actorSystem) })
}

// changeContact changes an address of an account, which the caller saves, and tells the
// old one.
func (p *Platform) changeContact(tx Tx, a *Account, ch Channel, to, actor string) error {
	n := security("Số điện thoại của tài khoản đã được đổi", "Your telephone number was changed")
	kind := auditPhoneChanged
	if ch == Email {
		n = security("Thư điện tử của tài khoản đã được đổi", "Your e-mail address was changed")
		kind = auditEmailChanged
	}
	var err error
	if old := a.address(ch); old != "" {
		err = p.send(tx, *a, Message{Channel: ch, Text: n.Title.Vi + ". " + n.Body.Vi})
	}
	if ch == Email {
		a.Email = to
	} else {
		a.Phone = to
		err = errors.Join(err, p.happened(tx, a.ID, event{Name: wire.PhoneChanged}))
	}
	return errors.Join(err, p.notify(tx, a.ID, n), p.refreshPapers(tx, a), p.record(tx, entry{Kind: kind, Actor: actor, Account: a.ID}))
}

func (a Account) address(ch Channel) string {
	switch ch {
	case SMS:
		return a.Phone
	case Email:
		return a.Email
	}
	return ""
}

// addressOf reads what a person typed: a number in its international form, or with the
// leading 0 of this country; a plain e-mail address.
func addressOf(ch Channel, typed string) (string, bool) {
	typed = strings.TrimSpace(typed)
	switch ch {
	case SMS:
		n := strings.NewReplacer(" ", "", ".", "", "-", "").Replace(typed)
		if strings.HasPrefix(n, "0") {
			n = "+84" + n[1:]
		}
		if len(n) < 10 || len(n) > 16 || n[0] != '+' || strings.Trim(n[1:], "0123456789") != "" {
			return "", false
		}
		return n, true
	case Email:
		m, err := mail.ParseAddress(typed)
		if err != nil || m.Address != typed || !visible(typed, 254) {
			return "", false
		}
		return typed, true
	}
	return "", false
}
