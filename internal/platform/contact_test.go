package platform

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// messages are those that went somewhere, the newest first.
func (w *world) messages(handle string, ch Channel, to string) (out []Message) {
	w.t.Helper()
	all, err := w.Outbox(w.t.Context(), handle)
	w.err(err)
	for _, m := range all {
		if m.Channel == ch && m.To == to {
			out = append(out, m)
		}
	}
	return out
}

func TestAnotherTelephoneNumber(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	me := w.sessionOf("level2", 1)
	if err := w.BeginContact(ctx, me, "wrong", SMS, "0000000099"); !errors.Is(err, ErrFactor) {
		t.Fatalf("without the password: %v", err)
	}
	w.err(w.BeginContact(ctx, me, personas.Password, SMS, " 000 000 0099 "))
	sent := w.messages("level2", SMS, "+84000000099")
	if len(sent) != 1 || !strings.Contains(sent[0].Text, Banner) {
		t.Fatalf("the code went to %+v", sent)
	}
	if a, _ := w.Account(ctx, "level2"); a.Phone != "+84000000001" {
		t.Fatal("changed before it was confirmed")
	}
	if to, err := w.PendingContact(ctx, "level2", SMS); err != nil || to != "+84000000099" {
		t.Errorf("%q %v", to, err)
	}
	if err := w.ConfirmContact(ctx, w.sessionOf("namesake", 1), SMS, sent[0].Secret); !errors.Is(err, ErrContactCode) {
		t.Errorf("somebody else confirms: %v", err)
	}
	if err := w.ConfirmContact(ctx, me, Email, sent[0].Secret); !errors.Is(err, ErrContactCode) {
		t.Errorf("for the other channel: %v", err)
	}
	w.err(w.ConfirmContact(ctx, me, SMS, sent[0].Secret))
	if a, _ := w.Account(ctx, "level2"); a.Phone != "+84000000099" {
		t.Fatal("not changed")
	}
	if told := w.messages("level2", SMS, "+84000000001"); len(told) != 1 || strings.Contains(told[0].Text, "99") {
		t.Errorf("the old number is told %+v", told)
	}
	if inbox, err := w.Inbox(ctx, "level2", 1); err != nil || inbox[0].Kind != servicewire.Security {
		t.Errorf("%+v %v", inbox, err)
	}
	if err := w.ConfirmContact(ctx, me, SMS, sent[0].Secret); !errors.Is(err, ErrContactCode) {
		t.Errorf("twice: %v", err)
	}
	if got := w.claim("level2", document.Identity, "phone"); got != "+84000000099" {
		t.Errorf("the identity says %s", got)
	}
}

func TestAnotherAddress(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	me := w.sessionOf("level2", 1)
	w.err(w.BeginContact(ctx, me, personas.Password, Email, "moi@example.org"))
	sent := w.messages("level2", Email, "moi@example.org")
	w.err(w.ConfirmContact(ctx, me, Email, sent[0].Secret))
	if a, _ := w.Account(ctx, "level2"); a.Email != "moi@example.org" || a.Phone != "+84000000001" {
		t.Fatal("not changed, or too much")
	}
	if told := w.messages("level2", Email, "an@example.com"); len(told) != 1 {
		t.Errorf("the old address is told %+v", told)
	}
}

func TestCodesOfAddressesRunOut(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	me := w.sessionOf("level2", 1)
	const to = "+84000000099"
	begin := func() string {
		t.Helper()
		w.err(w.BeginContact(ctx, me, personas.Password, SMS, to))
		return w.messages("level2", SMS, to)[0].Secret
	}
	code := begin()
	for range codeTries {
		if err := w.ConfirmContact(ctx, me, SMS, "nothing"); !errors.Is(err, ErrContactCode) {
			t.Fatal(err)
		}
	}
	if err := w.ConfirmContact(ctx, me, SMS, code); !errors.Is(err, ErrContactCode) {
		t.Errorf("after three guesses: %v", err)
	}
	code = begin()
	w.clock.advance(codeLife)
	if err := w.ConfirmContact(ctx, me, SMS, code); !errors.Is(err, ErrContactCode) {
		t.Errorf("too late: %v", err)
	}
	if to, _ := w.PendingContact(ctx, "level2", SMS); to != "" {
		t.Error("what is over waits")
	}
	begin()
	if err := w.BeginContact(ctx, me, personas.Password, SMS, to); !errors.Is(err, ErrTooOften) {
		t.Errorf("a fourth message: %v", err)
	}
	w.clock.advance(contactPause)
	w.err(w.ConfirmContact(ctx, me, SMS, begin()))
}

func TestWhatIsAnAddress(t *testing.T) {
	for typed, want := range map[string]string{
		"0900000001": "+84900000001", "+84 900.000-001": "+84900000001", "+15550100000": "+15550100000",
		"84900000001": "", "+8490000000x": "", "090": "", "": "", "+84900000000000000": "",
	} {
		if got, ok := addressOf(SMS, typed); got != want || ok != (want != "") {
			t.Errorf("%q: %q", typed, got)
		}
	}
	for typed, want := range map[string]bool{
		"a@example.org": true, "A <a@example.org>": false, "a": false, "": false, "a@example.org\nBcc: x": false, "ă@example.org": false,
		strings.Repeat("a", 250) + "@example.org": false,
	} {
		if _, ok := addressOf(Email, typed); ok != want {
			t.Errorf("%q: %v", typed, ok)
		}
	}
	if _, ok := addressOf(App, "x"); ok {
		t.Error("the app has no address")
	}
	w := newWorld(t)
	if err := w.BeginContact(t.Context(), w.sessionOf("level2", 1), personas.Password, SMS, "+84000000001"); !errors.Is(err, ErrContact) {
		t.Errorf("the number that is there: %v", err)
	}
}

func TestPeopleChooseTheirChannels(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	channels := func() []Channel {
		a, err := w.Account(ctx, "level2")
		w.err(err)
		return a.channels()
	}
	if got := channels(); !slices.Equal(got, []Channel{App, SMS}) {
		t.Errorf("without a choice: %v", got)
	}
	w.err(w.SetChannels(ctx, "level2", Email))
	if got := channels(); !slices.Equal(got, []Channel{Email}) {
		t.Errorf("chosen: %v", got)
	}
	w.err(w.SetLocks(ctx, "level2", accountLock))
	if got := channels(); !slices.Equal(got, []Channel{SMS, Email}) {
		t.Errorf("while nobody can open the app: %v", got)
	}
	for _, bad := range [][]Channel{nil, {"pigeon"}, {App, App}} {
		if err := w.SetChannels(ctx, "level2", bad...); !errors.Is(err, ErrNoChannel) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if err := w.SetChannels(ctx, "namesake", Email); !errors.Is(err, ErrNoChannel) {
		t.Errorf("no address: %v", err)
	}
}

func TestTheAppMoves(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	b := w.browser("level2")
	b.walk(b.get("/login?return=/"))
	if l, err := w.Logins(ctx, "level2"); err != nil || len(l) != 1 {
		t.Fatalf("%+v %v", l, err)
	}
	w.clock.advance(time.Minute)
	if err := w.MoveDevice(ctx, w.sessionOf("level2", 1), personas.Password, "Điện thoại mới"); err == nil {
		t.Fatal("moved with a password alone")
	}
	if err := w.MoveDevice(ctx, w.sessionOf("level2", 2), "wrong", "Điện thoại mới"); !errors.Is(err, ErrFactor) {
		t.Fatal(err)
	}
	for _, name := range []string{"", " ", "a\nb", strings.Repeat("x", 61)} {
		if err := w.MoveDevice(ctx, w.sessionOf("level2", 2), personas.Password, name); !errors.Is(err, ErrText) {
			t.Errorf("%q: %v", name, err)
		}
	}
	w.err(w.MoveDevice(ctx, w.sessionOf("level2", 2), personas.Password, "Điện thoại mới"))
	a, err := w.Account(ctx, "level2")
	if err != nil || a.Device.Name != "Điện thoại mới" || !a.Device.Since.Equal(w.clock.Now()) {
		t.Errorf("%+v %v", a.Device, err)
	}
	if l, err := w.Logins(ctx, "level2"); err != nil || len(l) != 0 {
		t.Errorf("the sessions of the former device: %+v %v", l, err)
	}
	if past, err := w.DevicesPast(ctx, "level2", 10); err != nil || len(past) != 1 || past[0].Ended.IsZero() {
		t.Errorf("%+v %v", past, err)
	}
	if told := w.messages("level2", SMS, "+84000000001"); len(told) == 0 {
		t.Error("nobody is told")
	}
}

func TestAChangedPasswordEndsEveryLogin(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	const fresh = "mot-mat-khau-khac"
	b := w.browser("level2")
	b.walk(b.get("/login?return=/"))
	w.clock.advance(time.Minute)
	me := w.sessionOf("level2", 1)
	if err := w.ChangePassword(ctx, me, "wrong", fresh); !errors.Is(err, ErrFactor) {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "1234567", strings.Repeat("x", 129), "999090000001", personas.Password} {
		if err := w.ChangePassword(ctx, me, personas.Password, bad); !errors.Is(err, ErrPassword) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if l, err := w.Logins(ctx, "level2"); err != nil || len(l) != 1 {
		t.Fatalf("a refused change ended a login: %+v %v", l, err)
	}
	w.err(w.ChangePassword(ctx, me, personas.Password, fresh))
	if l, err := w.Logins(ctx, "level2"); err != nil || len(l) != 0 {
		t.Errorf("who knew the old password is still there: %+v %v", l, err)
	}
	if who, _, _, err := w.authenticate(ctx, "999090000001", personas.Password); who != nil || err != nil {
		t.Errorf("the old one logs in: %v", err)
	}
	if who, first, _, err := w.authenticate(ctx, "999090000001", fresh); who == nil || first || err != nil {
		t.Errorf("the new one does not: %v", err)
	}
	if told := w.messages("level2", SMS, "+84000000001"); len(told) == 0 {
		t.Error("nobody is told")
	}
}

func TestANumberIsNobodysTwice(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	const old, fresh = "999090000001", "999090000099"
	sub := claimsOf(t, w.login("level2", nil).body["id_token"])["sub"]
	w.err(w.ReissueNumber(ctx, "level2", fresh))
	if who, _, _, err := w.authenticate(ctx, old, personas.Password); who != nil || err != nil {
		t.Errorf("the old number logs in: %v", err)
	}
	if who, _, _, err := w.authenticate(ctx, fresh, personas.Password); who == nil || who.ID != "level2" || err != nil {
		t.Errorf("the new one does not: %v", err)
	}
	if err := w.ReissueNumber(ctx, "namesake", old); !errors.Is(err, ErrNumberTaken) {
		t.Errorf("a cancelled number is given out again: %v", err)
	}
	a, err := w.Account(ctx, "level2")
	w.err(err)
	a.ID, a.Record.ID = "", old
	if _, err := w.Enrol(ctx, a); !errors.Is(err, ErrNumberTaken) {
		t.Errorf("a new account has the cancelled number: %v", err)
	}
	a.Record.ID = fresh
	if _, err := w.Enrol(ctx, a); !errors.Is(err, ErrNumberTaken) {
		t.Errorf("a new account has somebody's number: %v", err)
	}
	if got := w.claim("level2", document.ElectronicID, "id"); got != fresh {
		t.Errorf("the shared card says %s", got)
	}
	b := w.browser("level2")
	b.forms[StepLogin] = map[string]string{FieldUsername: fresh}
	code := b.authorize(request(nil)).Get("code")
	if again := claimsOf(t, w.exchangeCode(code, nil).body["id_token"])["sub"]; again != sub {
		t.Error("relying parties know another person")
	}
	w.err(w.ReissueNumber(ctx, "level2", "999090000098"))
	if a, _ = w.Account(ctx, "level2"); !slices.Equal(a.Record.FormerIDs, []string{fresh, old}) {
		t.Errorf("former numbers, the newest first: %v", a.Record.FormerIDs)
	}
	if err := w.ReissueNumber(ctx, "foreigner", "999090000097"); err == nil {
		t.Error("a foreigner has a personal number")
	}
}

func TestACardTakesThePlaceOfAnother(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	officer := w.staff("can-bo-tinh")
	_, err := w.PlaceLock(ctx, officer, "level2", LockOrder{Ground: GroundCard})
	w.err(err)
	today := servicewire.Day(w.now())
	fresh := NewCard{Issued: today, Expires: today, Issuer: "Bộ Công an"}
	if err := w.IssueCard(ctx, officer, "level2", NewCard{}); err == nil {
		t.Error("a card without a day")
	}
	if err := w.IssueCard(ctx, w.staff("nhan-vien-portal"), "level2", fresh); !errors.Is(err, ErrNotAllowed) {
		t.Error(err)
	}
	w.err(w.IssueCard(ctx, officer, "level2", fresh))
	if w.locks("level2") != noLock {
		t.Error("the card that was held is no more, and its ground stands")
	}
	card, err := w.EIDCard(ctx, "level2")
	if err != nil || card.Ends.String() != "2026-11-22" {
		t.Errorf("the card shows what was before: %v %v", card.Ends, err)
	}
	if got := w.claim("level2", document.CitizenCard, "card_history"); !strings.Contains(got, "2030-02-14") {
		t.Errorf("the former card is forgotten: %s", got)
	}
}

// claim is one claim of a document, as the register has it.
func (w *world) claim(handle string, kind document.Kind, name string) string {
	w.t.Helper()
	all, err := w.Papers(w.t.Context(), handle)
	w.err(err)
	for _, p := range all {
		if p.Kind == kind {
			claims := map[string]json.RawMessage{}
			w.err(json.Unmarshal(p.Claims, &claims))
			return strings.Trim(string(claims[name]), `"`)
		}
	}
	return ""
}
