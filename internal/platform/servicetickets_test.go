package platform

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// filing is a good filing of a judicial record by level2; edits replace or (by nil)
// remove members.
func filing(edits object) object {
	return apply(object{"kind": servicewire.JudicialRecord, "key": keyOf("k"), "applicant": levelTwo, "form": 1, "province": "001", "text": "xin việc"}, edits)
}

func authority(w *world) *hotel { return w.hotel(func(c *Client) { c.Class = "state" }) }

func death(edits object) object {
	return apply(object{"kind": servicewire.LinkedDeath, "key": keyOf("d"), "to": levelTwo, "deceased": numberOf("namesake"), "parts": []object{
		{"name": "death-registration", "state": "done"}, {"name": "residence-deletion", "state": "received"}, {"name": "funeral-allowance", "state": "received"}}}, edits)
}

func numberOf(handle string) string {
	who, _ := personas.Get(handle)
	return who.Username()
}

func TestAttacksOnRequestsMeetTheirCheck(t *testing.T) {
	file := func(h *hotel, edits object) int { return h.ask(servicewire.PathTickets, filing(edits)).status }
	all := []attack{
		{"a level-1 account asks for what level 2 has", "ticket-level", func(w *world) bool {
			return file(w.hotel(nil), object{"applicant": numberOf("level1")}) == 200
		}},
		{"a judicial record no. 2 for an employer", "ticket-sensitive", func(w *world) bool { return file(w.hotel(nil), object{"form": 2}) == 200 }},
		{"a judicial record before the law had it", "ticket-offer", func(w *world) bool {
			w.clock.mu.Lock()
			w.clock.now = time.Date(2024, 4, 21, 9, 0, 0, 0, time.UTC)
			w.clock.mu.Unlock()
			return file(w.hotel(nil), nil) == 200
		}},
		{"another filing under the same name", "ticket-body", func(w *world) bool {
			h := w.hotel(nil)
			file(h, nil)
			return file(h, object{"text": "việc khác"}) == 200
		}},
		{"another client looks a person's ticket up", "ticket-client", func(w *world) bool {
			h := w.hotel(nil)
			id := h.ask(servicewire.PathTickets, filing(nil)).text("id")
			w.register(Client{ID: "spy", Name: "x", Profile: FAPI2, Keys: jwkSet(apply(h.auth.jwk(), object{"kid": "k1", "alg": "ES256", "use": "sig"})), Services: []Service{ServiceRequests}})
			spy := &hotel{fapi: &fapi{world: w, id: "spy", auth: h.auth, bound: newDevice(w.t)}}
			return spy.ask(servicewire.PathTicketQuery, object{"id": id}).status == 200
		}},
		{"a look at a ticket that nobody sees", "ticket-history", func(w *world) bool {
			h := w.hotel(nil)
			id := h.ask(servicewire.PathTickets, filing(nil)).text("id")
			before, _ := w.History(w.t.Context(), "level2", 10)
			h.ask(servicewire.PathTicketQuery, object{"id": id})
			after, _ := w.History(w.t.Context(), "level2", 10)
			return len(after) == len(before)
		}},
		{"a refused ticket turned into a granted one", "ticket-sticky", func(w *world) bool {
			id := w.hotel(nil).ask(servicewire.PathTickets, filing(nil)).text("id")
			if w.DecideTicket(w.t.Context(), id, servicewire.Refused, servicewire.Text{}) != nil {
				return false
			}
			return w.DecideTicket(w.t.Context(), id, servicewire.Done, servicewire.Text{}) == nil
		}},
		{"a hotel warns everybody", "notify-state", func(w *world) bool {
			return w.hotel(nil).ask(servicewire.PathNotifications, object{"kind": servicewire.CrimeWarning, "key": keyOf("w"), "title": object{"vi": "x"}}).status == 200
		}},
		{"a warning that is sent again and again", "notify-once", func(w *world) bool {
			h := authority(w)
			for range 3 {
				h.ask(servicewire.PathNotifications, object{"kind": servicewire.News, "key": keyOf("w"), "title": object{"vi": "x"}})
			}
			got, _ := w.Inbox(w.t.Context(), "level2", 10)
			return len(got) > 1
		}},
		{"a dead person logs in", "death-locks", func(w *world) bool {
			if a := authority(w).ask(servicewire.PathNotifications, death(nil)); a.status != 200 {
				w.t.Fatalf("%d %s", a.status, a.raw)
			}
			return w.browser("namesake").authorize(request(nil)).Get("code") != ""
		}},
	}
	meet(t, all)
}

func TestATicketGoesItsWay(t *testing.T) {
	w := newWorld(t)
	h := w.hotel(nil)
	a := h.ask(servicewire.PathTickets, filing(nil))
	if a.status != 200 || a.text("state") != servicewire.Received || a.body["again"] != false {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	id := a.text("id")
	if again := h.ask(servicewire.PathTickets, filing(nil)); again.text("id") != id || again.body["again"] != true {
		t.Errorf("again: %s", again.raw)
	}
	for _, step := range []struct {
		to string
		ok bool
	}{{"done already", false}, {servicewire.Verified, false}, {servicewire.Processing, true}, {servicewire.Received, false}, {servicewire.NeedsMore, true},
		{servicewire.Processing, true}, {servicewire.Done, true}, {servicewire.Processing, false}, {servicewire.Refused, false}} {
		if err := w.DecideTicket(t.Context(), id, step.to, servicewire.Text{Vi: "x"}); (err == nil) != step.ok {
			t.Errorf("to %s: %v", step.to, err)
		}
	}
	if got := h.ask(servicewire.PathTicketQuery, object{"id": id}); got.text("state") != servicewire.Done {
		t.Errorf("%s", got.raw)
	}
	inbox, err := w.Inbox(t.Context(), "level2", 10)
	if err != nil || len(inbox) != 4 || inbox[0].Kind != servicewire.Procedure || !strings.Contains(inbox[0].Body.Vi, "Đã có kết quả") {
		t.Errorf("%+v %v", inbox, err)
	}
	history, err := w.History(t.Context(), "level2", 10)
	if err != nil || len(history) != 2 || history[0].Kind != ReadService {
		t.Errorf("%+v %v", history, err)
	}
	if all, err := w.Tickets(t.Context(), 10); err != nil || len(all) != 1 || all[0].ID != id {
		t.Errorf("%+v %v", all, err)
	}
}

// Who does not exist, has too low a level or a lock is answered alike.
func TestFilingsAreNoOracle(t *testing.T) {
	w := newWorld(t)
	h := w.hotel(nil)
	var first string
	for _, who := range []string{"999090999999", numberOf("level1"), numberOf("eid-locked"), numberOf("account-locked"), numberOf("no-account")} {
		a := h.ask(servicewire.PathTickets, filing(object{"applicant": who, "key": keyOf("o")}))
		if first == "" {
			first = string(a.raw)
		}
		if a.status != http.StatusNotFound || string(a.raw) != first {
			t.Errorf("%d %s", a.status, a.raw)
		}
	}
	// Of a sending, too.
	s := authority(w)
	known, unknown := s.ask(servicewire.PathNotifications, death(nil)), s.ask(servicewire.PathNotifications, death(object{"to": "999090999999", "deceased": "999090999998", "key": keyOf("e")}))
	if known.status != 200 || unknown.status != 200 || len(known.raw) != len(unknown.raw) {
		t.Errorf("%s %s", known.raw, unknown.raw)
	}
}

func TestFilingsAreHeldToTheirRules(t *testing.T) {
	w := newWorld(t)
	h := w.hotel(nil)
	year := func(n int) string { return vneid.Date.String(mustDay(t, n)) }
	n := 0
	for name, c := range map[string]struct {
		good object
		bad  object
	}{
		"temporary residence without a place": {object{"kind": servicewire.TemporaryResidence, "address": "Phường Mẫu", "from": year(2026), "until": year(2027)}, object{"address": nil}},
		"temporary residence that ends first": {object{"kind": servicewire.TemporaryResidence, "address": "Phường Mẫu", "from": year(2026), "until": year(2027)}, object{"until": year(2025)}},
		"absence without a day":               {object{"kind": servicewire.TemporaryAbsence, "address": "Phường Mẫu", "from": year(2026), "until": year(2027)}, object{"from": nil}},
		"permanent residence of nobody":       {object{"kind": servicewire.PermanentResidence, "address": "Phường Mẫu"}, object{"applicant": nil}},
		"a report of nothing":                 {object{"kind": servicewire.SecurityReport, "category": "fraud", "text": "x", "applicant": nil}, object{"text": nil}},
		"a document without a number":         {object{"kind": servicewire.Integration, "document": "driver-licence", "number": "1"}, object{"number": nil}},
		"something else":                      {object{"kind": servicewire.SecurityReport, "category": "fraud", "text": "x"}, object{"kind": "wish"}},
	} {
		base := func(edits ...object) object {
			o := object{"key": keyOf("q"), "applicant": levelTwo}
			for _, e := range edits {
				o = apply(o, e)
			}
			return o
		}
		good, bad := base(c.good), base(c.good, c.bad)
		n++
		good["key"] = strings.Repeat("g", 42) + string(rune('a'+n))
		if a := h.ask(servicewire.PathTickets, good); a.status != 200 {
			t.Errorf("the twin of %s: %d %s", name, a.status, a.raw)
		}
		if a := h.ask(servicewire.PathTickets, bad); a.status != 400 || a.text("error") != servicewire.Malformed {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
	if read, err := w.History(t.Context(), "level2", 50); err != nil || len(read) != 6 { // the anonymous report has nobody
		t.Errorf("%d entries, %v", len(read), err)
	}
}

func mustDay(t *testing.T, year int) vneid.Date {
	t.Helper()
	d, err := vneid.NewDate(year, 6, 1)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestADeathLocksAndSaysWhy(t *testing.T) {
	w := newWorld(t)
	h := authority(w)
	access := w.login("namesake", nil).text("access_token")
	pending := death(object{"parts": []object{{"name": "death-registration", "state": "received"}, {"name": "residence-deletion", "state": "received"}, {"name": "funeral-allowance", "state": "received"}}, "key": keyOf("p")})
	if a := h.ask(servicewire.PathNotifications, pending); a.status != 200 || w.userinfo(access).status != 200 {
		t.Fatalf("a death that is only reported: %d %s", a.status, a.raw)
	}
	if a := h.ask(servicewire.PathNotifications, death(nil)); a.status != 200 || w.userinfo(access).status != 401 {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	grounds, err := w.LockGrounds(t.Context(), "namesake")
	if err != nil || len(grounds) != 1 || grounds[0].Ground != "d" || grounds[0].Client != "hotel" {
		t.Errorf("%+v %v", grounds, err)
	}
	account, err := w.Account(t.Context(), "namesake")
	if err != nil || !account.EIDLocked || !account.AccountLocked {
		t.Errorf("%+v %v", account, err)
	}
	inbox, err := w.Inbox(t.Context(), "level2", 10)
	if err != nil || len(inbox) != 2 || inbox[0].Kind != servicewire.LinkedDeath || len(inbox[0].Parts) != 3 {
		t.Errorf("%+v %v", inbox, err)
	}
	for name, edit := range map[string]object{
		"of nobody":              {"deceased": nil},
		"with parts of a birth":  {"parts": []object{{"name": "birth-registration", "state": "done"}}},
		"with two parts":         {"parts": []object{{"name": "death-registration", "state": "done"}, {"name": "residence-deletion", "state": "done"}}},
		"in a state of no name":  {"parts": []object{{"name": "death-registration", "state": "maybe"}, {"name": "residence-deletion", "state": "done"}, {"name": "funeral-allowance", "state": "done"}}},
		"to everybody":           {"to": nil},
		"with a member too many": {"colour": "red"},
	} {
		if a := h.ask(servicewire.PathNotifications, death(edit)); a.status != 400 || a.text("error") != servicewire.Malformed {
			t.Errorf("a death %s: %d %s", name, a.status, a.raw)
		}
	}
}

func TestADayBringsItsNotifications(t *testing.T) {
	w := newWorld(t)
	kinds := func(handle string) (out []string) {
		inbox, err := w.Inbox(t.Context(), handle, 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range inbox {
			out = append(out, n.Kind)
		}
		return out
	}
	remind := func() int {
		n, err := w.Remind(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	remind()
	if got := kinds("expired-card"); len(got) != 1 || got[0] != servicewire.CardExpiry {
		t.Errorf("an ended card: %v", got)
	}
	if got := kinds("no-expiry"); len(got) != 0 {
		t.Errorf("a card without end: %v", got)
	}
	if remind() != 0 {
		t.Error("a second look on the same day tells again")
	}
	a, err := w.Account(t.Context(), "level2")
	if err != nil {
		t.Fatal(err)
	}
	birth, end := a.Record.Birth, a.Record.CardExpires
	at := func(d vneid.Date, days int) {
		w.clock.mu.Lock()
		w.clock.now = time.Date(d.Year(), d.Month(), d.Day()+days, 1, 0, 0, 0, servicewire.Zone)
		w.clock.mu.Unlock()
	}
	day := func(year int) vneid.Date {
		d, err := vneid.NewDate(year, birth.Month(), birth.Day())
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	at(day(2027), -1)
	remind()
	if got := kinds("level2"); len(got) != 0 {
		t.Errorf("the day before: %v", got)
	}
	at(day(2027), 0)
	remind()
	remind()
	if got := kinds("level2"); len(got) != 1 || got[0] != servicewire.Birthday {
		t.Errorf("on the birthday: %v", got)
	}
	at(end, -61)
	before := len(kinds("level2"))
	remind()
	at(end, -59)
	remind()
	at(end, -30)
	remind()
	if got := kinds("level2"); len(got)-before < 1 || got[0] != servicewire.CardExpiry && got[1] != servicewire.CardExpiry {
		t.Errorf("before the card ends: %v", got)
	}
	warned := 0
	for _, k := range kinds("level2") {
		if k == servicewire.CardExpiry {
			warned++
		}
	}
	if warned != 1 {
		t.Errorf("warned %d times before the end", warned)
	}
}

func TestLeapDaysAreGreetedInMarch(t *testing.T) {
	birth, _ := vneid.NewDate(2000, 2, 29)
	for day, want := range map[string]bool{"2027-03-01": true, "2028-02-29": true, "2028-03-01": false, "2027-02-28": false} {
		d, err := vneid.ParseDate(day)
		if err != nil || birthday(birth, d) != want {
			t.Errorf("%s: %v", day, !want)
		}
	}
	year, _ := vneid.NewDate(2000, 0, 0)
	if d, _ := vneid.NewDate(2027, 1, 1); birthday(year, d) {
		t.Error("a year alone has a birthday")
	}
}

func TestARegistrationsResultGoesThreeWays(t *testing.T) {
	w := newWorld(t)
	if err := w.RegistrationResult(t.Context(), "level2", true); err != nil {
		t.Fatal(err)
	}
	out, err := w.Outbox(t.Context(), "level2")
	channels := map[Channel]bool{}
	for _, m := range out {
		channels[m.Channel] = true
		if !strings.Contains(m.Text, Banner) {
			t.Error("a message without the banner")
		}
	}
	account, _ := w.Account(t.Context(), "level2")
	if err != nil || !channels[App] || !channels[SMS] || channels[Email] != (account.Email != "") {
		t.Errorf("%v %v", channels, err)
	}
	inbox, err := w.Inbox(t.Context(), "level2", 5)
	if err != nil || len(inbox) != 1 || inbox[0].Kind != servicewire.Registration {
		t.Errorf("%+v %v", inbox, err)
	}
}

func TestNewsAreForEverybody(t *testing.T) {
	w := newWorld(t)
	h := authority(w)
	if a := h.ask(servicewire.PathNotifications, object{"kind": servicewire.CrimeWarning, "key": keyOf("w"), "title": object{"vi": "Cảnh báo", "en": "Warning"}, "body": object{"vi": "Giả danh công an"}}); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	w.clock.advance(time.Minute)
	if a := h.ask(servicewire.PathNotifications, object{"kind": servicewire.AccountLinked, "key": keyOf("l"), "to": levelTwo, "body": object{"vi": "x"}}); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	mine, _ := w.Inbox(t.Context(), "level2", 10)
	others, _ := w.Inbox(t.Context(), "minor", 10)
	if len(mine) != 2 || mine[0].Kind != servicewire.AccountLinked || len(others) != 1 || others[0].Kind != servicewire.CrimeWarning {
		t.Errorf("%+v %+v", mine, others)
	}
	// No list of what others may read holds a number.
	for _, n := range append(mine, others...) {
		if b, _ := json.Marshal(n); strings.Contains(string(b), levelTwo) {
			t.Errorf("%s", b)
		}
	}
}
