package platform

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func (w *world) filing(kind string) servicewire.Filing {
	today := servicewire.Day(w.now())
	next, err := vneid.ParseDate("2026-12-24")
	w.err(err)
	return servicewire.Filing{Kind: kind, Key: NewKey(), Address: "Số 1, Phường Mẫu", From: today, Until: next, Category: "fraud", Text: "Cuộc gọi giả danh", Form: 1}
}

func TestPeopleFileInTheApp(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	me := w.sessionOf("level2", 1)
	report := w.filing(servicewire.SecurityReport)
	w.err(w.FileOwn(ctx, me, report))
	w.err(w.FileOwn(ctx, me, report)) // the same form again
	w.clock.advance(time.Minute)
	w.err(w.FileOwn(ctx, me, w.filing(servicewire.TemporaryAbsence)))
	all, err := w.OwnTickets(ctx, "level2", 10)
	if err != nil || len(all) != 2 || all[0].Filing.Kind != servicewire.TemporaryAbsence || all[1].Filing.Kind != servicewire.SecurityReport {
		t.Fatalf("%+v %v", all, err)
	}
	if others, err := w.OwnTickets(ctx, "namesake", 10); err != nil || len(others) > 0 {
		t.Errorf("somebody else sees %+v %v", others, err)
	}
	other := report
	other.Text = "Khác"
	var refused *FilingError
	if err := w.FileOwn(ctx, me, other); !errors.As(err, &refused) || refused.Code != servicewire.KeyReused {
		t.Errorf("another report by the same form: %v", err)
	}
	bad := w.filing(servicewire.PermanentResidence)
	bad.Address = ""
	if err := w.FileOwn(ctx, me, bad); !errors.As(err, &refused) || refused.Code != servicewire.Malformed {
		t.Errorf("without an address: %v", err)
	}
	if err := w.FileOwn(ctx, w.sessionOf("level1", 1), w.filing(servicewire.JudicialRecord)); !errors.As(err, &refused) {
		t.Errorf("a judicial record for account level 1: %v", err)
	}
	if err := w.FileOwn(ctx, w.sessionOf("foreigner", 1), w.filing(servicewire.SecurityReport)); !errors.As(err, &refused) {
		t.Errorf("a report in nobody's name: %v", err)
	}
	w.err(w.DecideTicket(ctx, all[0].ID, servicewire.Done, servicewire.Text{Vi: "Đã xong"}))
	if all, err = w.OwnTickets(ctx, "level2", 1); err != nil || len(all[0].Steps) != 2 {
		t.Errorf("%+v %v", all, err)
	}
}

func (w *world) guest(number string) servicewire.Stay {
	leave, err := vneid.ParseDate("2026-11-24")
	w.err(err)
	return servicewire.Stay{Key: NewKey(), Name: "Khách Mẫu", Number: number, Arrive: w.now(), Leave: leave, Reason: "Thăm người thân"}
}

func TestPeopleNotifyStaysInTheApp(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	me := w.sessionOf("level2", 1)
	row := w.guest("999090000003")
	w.err(w.NotifyStay(ctx, me, "Số 1, Phường Mẫu", row))
	w.err(w.NotifyStay(ctx, me, "Số 1, Phường Mẫu", row))
	all, err := w.OwnStays(ctx, "level2", 10)
	if err != nil || len(all) != 1 || all[0].State != servicewire.StateFiled || all[0].Late {
		t.Fatalf("%+v %v", all, err)
	}
	if inbox, err := w.Inbox(ctx, "namesake", 10); err != nil || len(inbox) != 1 || inbox[0].Kind != servicewire.StayNotified {
		t.Errorf("the guest is told %+v %v", inbox, err)
	}
	if others, err := w.OwnStays(ctx, "namesake", 10); err != nil || len(others) > 0 {
		t.Errorf("the guest sees the host's book: %+v %v", others, err)
	}
	var refused *FilingError
	if err := w.CancelStay(ctx, w.sessionOf("namesake", 1), all[0].ID, all[0].Version); !errors.As(err, &refused) || refused.Code != servicewire.Unknown {
		t.Errorf("somebody else takes it back: %v", err)
	}
	again := w.guest("999090000003")
	if err := w.NotifyStay(ctx, me, "Số 1, Phường Mẫu", again); !errors.As(err, &refused) || refused.Code != servicewire.Duplicate {
		t.Errorf("the same guest twice: %v", err)
	}
	w.err(w.CancelStay(ctx, me, all[0].ID, all[0].Version))
	w.err(w.NotifyStay(ctx, me, "Số 1, Phường Mẫu", again))
	for name, c := range map[string]struct {
		place string
		edit  func(*servicewire.Stay)
	}{
		"nowhere":      {"", func(*servicewire.Stay) {}},
		"a foreigner":  {"x", func(s *servicewire.Stay) { s.Nationality = "UTO" }},
		"nobody":       {"x", func(s *servicewire.Stay) { s.Name = "" }},
		"in a week":    {"x", func(s *servicewire.Stay) { s.Arrive = s.Arrive.Add(7 * 24 * time.Hour) }},
		"a month long": {"x", func(s *servicewire.Stay) { s.Leave = servicewire.Day(s.Arrive.Add(40 * 24 * time.Hour)) }},
	} {
		row := w.guest("999195000002")
		c.edit(&row)
		if err := w.NotifyStay(ctx, me, c.place, row); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoClientIsTheApp(t *testing.T) {
	w := newWorld(t)
	for id, ok := range map[string]bool{"the-app": true, ownApp: false, ownApp + ":level2": false} {
		if err := w.Register(t.Context(), Client{ID: id, Name: "X", Public: true, RedirectURIs: []string{rpBack}}); (err == nil) != ok {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestTheHealthRecordIsItsOwnersAlone(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	h, err := w.Health(ctx, w.sessionOf("level2", 2))
	if err != nil || len(h.Visits) != 2 || h.Visits[0].Codes != "J06.9;R05" {
		t.Fatalf("%+v %v", h, err)
	}
	if _, err := w.Health(ctx, w.sessionOf("level2", 1)); !errors.Is(err, vneid.ErrLevel) {
		t.Errorf("with a password alone: %v", err)
	}
	if _, err := w.Health(ctx, w.sessionOf("level1", 2)); !errors.Is(err, vneid.ErrLevel) {
		t.Errorf("account level 1: %v", err)
	}
	if _, err := w.Health(ctx, w.sessionOf("eid-locked", 2)); !errors.Is(err, vneid.ErrLocked) {
		t.Errorf("a locked card: %v", err)
	}
	if _, err := w.Health(ctx, w.sessionOf("namesake", 2)); !errors.Is(err, ErrNoHealth) {
		t.Errorf("there is none: %v", err)
	}
}

func TestConsentsOfLoginsAreTakenBackOneByOne(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	b := w.browser("level2")
	b.forms[StepConsent] = map[string]string{FieldScope: "openid,profile"}
	b.authorize(request(nil))
	all, err := w.Consents(ctx, "level2")
	if err != nil || len(all) != 1 || all[0].Name != "Cổng thử nghiệm" || !slices.Contains(all[0].Granted, "profile") || !slices.Equal(all[0].Declined, []string{"vneid:id"}) {
		t.Fatalf("%+v %v", all, err)
	}
	if err := w.ForgetClient(ctx, "namesake", "rp"); !errors.Is(err, ErrNoConsent) {
		t.Errorf("somebody else's: %v", err)
	}
	w.err(w.ForgetClient(ctx, "level2", "rp"))
	if all, err = w.Consents(ctx, "level2"); err != nil || len(all) > 0 {
		t.Errorf("%+v %v", all, err)
	}
}

func TestTheHistoryComesPageByPage(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.err(w.store.Update(ctx, func(tx Tx) error {
		for i := range 450 {
			c := Client{ID: "a", Name: "A"}
			if i%100 == 0 {
				c = Client{ID: "b", Name: "B"}
			}
			w.clock.advance(time.Second)
			if err := w.write(tx, "level2", &c, ReadLogin, nil); err != nil {
				return err
			}
		}
		return w.write(tx, "namesake", &Client{ID: "a"}, ReadLogin, nil)
	}))
	walk := func(client string, limit int) (n, pages int) {
		last, q := w.now().Add(time.Hour), HistoryQuery{Client: client, Limit: limit}
		for {
			page, err := w.HistoryPage(ctx, "level2", q)
			w.err(err)
			pages++
			for _, r := range page.Reads {
				if !r.At.Before(last) || client != "" && r.Client != client {
					t.Fatalf("out of order, or somebody else's: %+v", r)
				}
				last = r.At
				n++
			}
			if q.After = page.Next; q.After == "" {
				return n, pages
			}
		}
	}
	for _, c := range []struct {
		client          string
		limit, n, pages int
	}{{"", 0, 450, 23}, {"", 100, 450, 5}, {"", 1000, 450, 5}, {"", 450, 450, 5}, {"b", 2, 5, 3}, {"b", 5, 5, 1}, {"c", 5, 0, 1}} {
		if n, pages := walk(c.client, c.limit); n != c.n || pages > c.pages+1 {
			t.Errorf("%+v: %d entries on %d pages", c, n, pages)
		}
	}
}
