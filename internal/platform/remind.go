package platform

import (
	"context"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// expiryWarning is how long before the end of a card its holder is warned.
const expiryWarning = 60 * 24 * time.Hour

// remindPage is how many accounts are looked at in one transaction.
const remindPage = 500

// Remind sends what a day brings: a greeting on birthdays, a warning sixty days before
// a card ends, and on the day after. It may be called as often as one likes; Work calls
// it. sent counts the notifications of this call. It goes through the accounts page by
// page: nobody waits for it.
func (p *Platform) Remind(ctx context.Context) (sent int, err error) {
	for after, more := "", true; more; {
		var due []string
		if due, after, err = p.remindable(ctx, after); err != nil {
			return sent, err
		}
		if more = after != ""; len(due) == 0 {
			continue
		}
		n := 0
		err := p.store.Update(ctx, func(tx Tx) (err error) {
			n, err = p.remindAll(tx, due)
			return err
		})
		if err != nil {
			return sent, err
		}
		sent += n
	}
	return sent, nil
}

// remindable looks through a page of accounts for those to whom the day brings
// something; next is where the following page begins, "" when there is none.
func (p *Platform) remindable(ctx context.Context, after string) (due []string, next string, err error) {
	now := p.now()
	err = p.store.View(ctx, func(tx Tx) error {
		due, next = nil, ""
		rows, err := tx.List(tableAccounts, "", after, remindPage)
		for _, row := range rows {
			a, err := load[Account](tx, tableAccounts, row.Key)
			if err != nil {
				return err
			}
			if a != nil && len(occasions(*a, now)) > 0 {
				due = append(due, a.ID)
			}
		}
		if len(rows) == remindPage {
			next = rows[remindPage-1].Key
		}
		return err
	})
	return due, next, err
}

func (p *Platform) remindAll(tx Tx, ids []string) (sent int, err error) {
	now := p.now()
	today := servicewire.Day(now).String()
	for _, id := range ids {
		a, err := load[Account](tx, tableAccounts, id)
		if err != nil {
			return sent, err
		}
		if a == nil { // gone since the page was read
			continue
		}
		for _, n := range occasions(*a, now) {
			fresh, err := p.notifyOnce(tx, a.ID, n.occasion(today), n.Notification)
			if err != nil {
				return sent, err
			}
			if fresh {
				sent++
			}
		}
	}
	return sent, nil
}

// remindDaily calls Remind when a day has begun. What fails is tried at the next look.
func (p *Platform) remindDaily(ctx context.Context, last *vneid.Date) {
	if today := servicewire.Day(p.now()); today != *last {
		if _, err := p.Remind(ctx); err == nil {
			*last = today
		}
	}
}

// birthday reports whether a year is completed today: of who was born on 29 February on
// 1 March of other years (vneid.Date.Age).
func birthday(birth, today vneid.Date) bool {
	if birth.Day() == 29 && birth.Month() == time.February && today.Month() == time.March && today.Day() == 1 {
		_, err := vneid.NewDate(today.Year(), time.February, 29)
		return err != nil
	}
	return birth.Day() != 0 && birth.Day() == today.Day() && birth.Month() == today.Month()
}

// due is a notification that a day brings.
type due struct {
	Notification
	once string // what it is about; empty: the day
}

func (d due) occasion(day string) string {
	if d.once != "" {
		return d.once
	}
	return day
}

// occasions lists what there is to tell a person now.
func occasions(a Account, now time.Time) (out []due) {
	if a.Level == 0 || a.AccountLocked {
		return nil
	}
	today, r := servicewire.Day(now), a.Record
	if birthday(r.Birth, today) {
		out = append(out, due{Notification: Notification{Kind: servicewire.Birthday,
			Title: servicewire.Text{Vi: "Chúc mừng sinh nhật", En: "Happy birthday"}, Body: servicewire.Text{Vi: "Chúc bạn sức khỏe và niềm vui.", En: "We wish you health and joy."}}})
	}
	end := r.CardExpires
	if end.Day() == 0 {
		return out
	}
	warn := Notification{Kind: servicewire.CardExpiry, Title: servicewire.Text{Vi: "Thẻ căn cước sắp hết hạn", En: "Your identity card ends soon"},
		Body: servicewire.Text{Vi: "Thẻ của bạn hết hạn ngày " + end.Printed() + ". Hãy làm thủ tục đổi thẻ.", En: "Your card ends on " + end.Printed() + ". Have it renewed."}}
	switch {
	case end.Ended(now):
		warn.Title = servicewire.Text{Vi: "Thẻ căn cước đã hết hạn", En: "Your identity card has ended"}
		out = append(out, due{warn, "ended " + end.String()})
	case end.Ended(now.Add(expiryWarning)):
		out = append(out, due{warn, "ends " + end.String()})
	}
	return out
}
