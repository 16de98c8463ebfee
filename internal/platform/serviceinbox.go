package platform

import (
	"context"
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

const (
	tableInbox = "inbox" // account id / time → servicewire.Notification
	tableNews  = "news"  // time → servicewire.Notification, for everybody

	keepInbox = 365 * 24 * time.Hour
)

// Notification is what a citizen finds in the app.
type Notification = servicewire.Notification

// notify puts a notification into a person's inbox.
func (p *Platform) notify(tx Tx, account string, n Notification) error {
	n.ID, n.At = random()[:22], p.now()
	return save(tx, tableInbox, account+"/"+p.newestFirst(n.At), n, n.At.Add(keepInbox))
}

// notifyOnce does so once for one occasion of a day.
func (p *Platform) notifyOnce(tx Tx, account, occasion string, n Notification) (bool, error) {
	key := p.mac("notified", account, n.Kind, occasion)
	if was, err := tx.Get(tableSpent, key); err != nil || was != nil {
		return false, err
	}
	if err := tx.Put(tableSpent, key, []byte("1"), p.now().Add(keepInbox)); err != nil {
		return false, err
	}
	return true, p.notify(tx, account, n)
}

// Inbox returns a person's notifications, and the news for everybody, newest first.
func (p *Platform) Inbox(ctx context.Context, account string, limit int) (out []Notification, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		own, err := list[Notification](tx, tableInbox, account+"/", limit)
		if err != nil {
			return err
		}
		all, err := list[Notification](tx, tableNews, "", limit)
		if err != nil {
			return err
		}
		out = merge(own, all, limit)
		return nil
	})
	return out, err
}

// merge joins two lists that are newest first.
func merge(a, b []Notification, limit int) []Notification {
	out := make([]Notification, 0, min(len(a)+len(b), limit))
	for len(out) < limit && len(a)+len(b) > 0 {
		if len(b) == 0 || len(a) > 0 && !a[0].At.Before(b[0].At) {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return out
}

// broadcast is for everybody.
func (p *Platform) broadcast(tx Tx, n Notification) error {
	n.ID, n.At = random()[:22], p.now()
	return save(tx, tableNews, p.newestFirst(n.At), n, n.At.Add(keepInbox))
}

// RegistrationResult tells a person how their registration ended, in the three ways
// that there are: the app, a message, e-mail.
func (p *Platform) RegistrationResult(ctx context.Context, account string, granted bool) error {
	body := servicewire.Text{Vi: "Đăng ký tài khoản định danh điện tử của bạn đã được chấp nhận.", En: "Your registration was accepted."}
	if !granted {
		body = servicewire.Text{Vi: "Đăng ký tài khoản định danh điện tử của bạn chưa được chấp nhận. Hãy hỏi nơi tiếp nhận.", En: "Your registration was not accepted. Ask where you handed it in."}
	}
	return p.change(ctx, account, func(tx Tx, a *Account) error { return p.tellResult(tx, *a, a.ID, body) })
}

// tellResult tells the result of a registration about somebody into the inbox of an
// account, theirs or their representative's, and to every contact that they have.
func (p *Platform) tellResult(tx Tx, about Account, account string, body servicewire.Text) error {
	for _, ch := range []Channel{App, SMS, Email} {
		if ch == Email && about.Email == "" || ch == SMS && about.Phone == "" {
			continue
		}
		if err := p.send(tx, about, Message{Channel: ch, Text: body.Vi}); err != nil {
			return err
		}
	}
	return p.notify(tx, account, Notification{Kind: servicewire.Registration, Title: servicewire.Text{Vi: "Kết quả đăng ký tài khoản", En: "Result of your registration"}, Body: body})
}

// tellGuest tells who stays that their stay was notified, if they have an account: who
// is somewhere else learns that somebody used their number. The hotel is answered alike
// either way.
func (p *Platform) tellGuest(tx Tx, c *Client, s *stay) error {
	if len(s.Row.Number) != 12 {
		return nil
	}
	a, err := p.byNumber(tx, s.Row.Number)
	if err != nil || a == nil {
		return err
	}
	f, _ := c.facility(s.Row.Facility)
	day := servicewire.Day(s.Row.Arrive).Printed()
	return p.notify(tx, a.ID, Notification{Kind: servicewire.StayNotified, From: c.Name,
		Title: servicewire.Text{Vi: "Thông báo lưu trú", En: "Notice of a stay"},
		Body: servicewire.Text{
			Vi: fmt.Sprintf("%s đã thông báo bạn lưu trú từ ngày %s. Nếu không phải bạn, hãy báo Công an xã, phường, đặc khu.", f.Name, day),
			En: fmt.Sprintf("%s notified that you stay there from %s. If that is not you, tell the commune's police.", f.Name, day),
		}})
}
