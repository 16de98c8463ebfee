package platform

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

func TestAPeriodicGrantIsFetchedAgainUntilItEnds(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	a := w.asker(nil)
	asked := periodic(nil)
	tokens := a.grant("level2", asked)
	first := a.read(a.fetch(tokens.text("access_token")))
	w.clock.advance(7 * 24 * time.Hour)
	again := a.refresh(tokens)
	if again.status != http.StatusOK {
		t.Fatalf("%s", again.raw)
	}
	got := a.fetch(again.text("access_token"))
	second := a.read(got)
	if first.envelope["grant"] != second.envelope["grant"] || first.envelope["txn"] == second.envelope["txn"] || first.envelope["sub"] != second.envelope["sub"] {
		t.Error("the second fetch is not another one of the same grant")
	}
	if _, err := a.verifier().Verify(ctx, got.raw, expect(asked, again)); err != nil {
		t.Error(err)
	}
	list, err := w.Shares(ctx, "level2", 10)
	if err != nil || len(list) != 1 || list[0].Fetches != 2 || !list[0].Live() || list[0].ClientName != "Ngân hàng thử nghiệm" {
		t.Fatalf("%+v %v", list, err)
	}
	if err := w.WithdrawShare(ctx, "namesake", list[0].Grant); !errors.Is(err, ErrNoShare) {
		t.Errorf("somebody else withdraws: %v", err)
	}
	if err := w.WithdrawShare(ctx, "level2", list[0].Grant); err != nil {
		t.Fatal(err)
	}
	w.clock.advance(7 * 24 * time.Hour)
	if late := a.refresh(tokens); late.text("error") != "consent_withdrawn" {
		t.Errorf("after the withdrawal: %s", late.raw)
	}
	if err := w.WithdrawShare(ctx, "level2", list[0].Grant); !errors.Is(err, ErrNoShare) {
		t.Errorf("withdrawn twice: %v", err)
	}
	if list, err := w.Shares(ctx, "level2", 10); err != nil || list[0].State != "withdrawn" || list[0].Live() {
		t.Errorf("%+v %v", list, err)
	}
}

func TestTakingTheTokensBackGivesTheGrantUp(t *testing.T) {
	w := newWorld(t)
	a := w.asker(nil)
	tokens := a.grant("level2", periodic(nil))
	if got := a.send("/introspect", url.Values{"token": {tokens.text("refresh_token")}}, nil); got.body["active"] != false {
		t.Errorf("a refresh token tells who it was: %s", got.raw)
	}
	if got := a.send("/revoke", url.Values{"token": {tokens.text("refresh_token")}}, nil); got.status != http.StatusOK {
		t.Fatalf("%s", got.raw)
	}
	if list, err := w.Shares(context.Background(), "level2", 10); err != nil || list[0].State != "given-up" {
		t.Errorf("%+v %v", list, err)
	}
}

func TestRequestsThatNobodyAnsweredAreForgotten(t *testing.T) {
	w := newWorld(t)
	a := w.asker(nil)
	before, err := w.store.Sweep(context.Background(), w.now())
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		a.push(asks(details(nil)))
	}
	w.clock.advance(unanswered + time.Second)
	if stay, err := w.store.Sweep(context.Background(), w.now()); err != nil || stay > before {
		t.Errorf("%d records, %d before: %v", stay, before, err)
	}
}

func TestARefusalIsKeptAndEndsTheRequest(t *testing.T) {
	w := newWorld(t)
	a := w.asker(nil)
	b := w.browser("level2")
	b.forms[StepShare] = map[string]string{FieldDecision: Deny}
	got := b.authorize(a.refer(a.push(asks(details(nil)))))
	if got.Get("error") != "access_denied" || got.Has("code") {
		t.Errorf("%v", got)
	}
	list, err := w.Shares(context.Background(), "level2", 10)
	if err != nil || len(list) != 1 || list[0].State != "denied" || list[0].Live() {
		t.Errorf("%+v %v", list, err)
	}
}

func TestWhoMayNotShareIsTurnedAway(t *testing.T) {
	w := newWorld(t)
	a := w.asker(nil)
	for handle, want := range map[string]string{"level1": "unmet_authentication_requirements", "eid-locked": "eid_locked", "account-locked": "account_locked"} {
		got := w.browser(handle).authorize(a.refer(a.push(asks(details(nil)))))
		if got.Get("error") != want {
			t.Errorf("%s: %v", handle, got)
		}
	}
	identity := details(object{"documents": []object{docOf("identity", "name", "birth")}})
	if b := a.bundle("level1", identity); b.docs[0]["name"] != "Trần Thị Bình" || b.envelope["acr"] != "urn:vneid:acr:l1:a1" {
		t.Errorf("level 1 shares who they are: %v", b.docs)
	}
	if got := w.browser("eid-locked").authorize(a.refer(a.push(asks(identity)))); got.Get("error") != "eid_locked" {
		t.Errorf("a locked card answers nothing: %v", got)
	}
}

func TestRevokedPapersStandInTheStatusList(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	a := w.asker(nil)
	check := func(handle string) error {
		tokens := a.grant(handle, details(nil))
		_, err := a.verifier().Verify(ctx, a.fetch(tokens.text("access_token")).raw, expect(details(nil), tokens))
		return err
	}
	if err := check("level2"); err != nil {
		t.Error(err)
	}
	for _, handle := range []string{"guardian", "reissued"} {
		if err := check(handle); !errors.Is(err, vneid.ErrRevoked) {
			t.Errorf("%s: %v", handle, err)
		}
	}
	tokens := a.grant("level2", details(nil))
	got := a.fetch(tokens.text("access_token"))
	if err := w.SetPaperStatus(ctx, "level2", document.DriverLicence, sdjwt.Suspended); err != nil {
		t.Fatal(err)
	}
	if _, err := a.verifier().Verify(ctx, got.raw, expect(details(nil), tokens)); !errors.Is(err, vneid.ErrRevoked) {
		t.Errorf("suspended after it was given out: %v", err)
	}
	told := 0
	for _, e := range a.poll(nil) {
		if _, ok := e["events"].(object)["urn:vneid:event:document-revoked"]; ok {
			told++
		}
	}
	if told != 2 { // two copies are out
		t.Errorf("told %d times", told)
	}
	if err := w.SetPaperStatus(ctx, "level2", document.DriverLicence, sdjwt.Valid); err != nil {
		t.Fatal(err)
	}
	if err := check("level2"); err != nil {
		t.Errorf("restored: %v", err)
	}
	if err := w.SetPaperStatus(ctx, "long-name", document.DriverLicence, sdjwt.Invalid); err == nil {
		t.Error("a paper that is not there was revoked")
	}
}

func TestEventsArePolledUntilTheyAreAcknowledged(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	a := w.asker(nil)
	other := w.asker(func(c *Client) { c.ID, c.Sector = "fapi/2", "other" }) // whose id begins like the first one's
	if err := w.SetLocks(ctx, "level2", Locks{EID: true}); err != nil {
		t.Fatal(err)
	}
	if len(a.poll(nil)) != 0 {
		t.Error("told of somebody who shared nothing")
	}
	if err := w.SetLocks(ctx, "level2", Locks{}); err != nil {
		t.Fatal(err)
	}
	b := a.bundle("level2", details(nil))
	if b.envelope["seq"] != 0.0 {
		t.Errorf("seq %v before any event", b.envelope["seq"])
	}
	steps := []func() error{
		func() error { return w.SetLocks(ctx, "level2", Locks{EID: true}) },
		func() error { return w.SetLocks(ctx, "level2", Locks{}) },
		func() error { return w.ChangePhone(ctx, "level2", "+84000000099") },
		func() error { return w.ChangeDevice(ctx, "level2") },
		func() error { return w.ReplaceCard(ctx, "level2") },
		func() error { return w.SetLevel(ctx, "level2", 1) },
		func() error { return w.ReissueNumber(ctx, "level2", "999090000099") },
		func() error { return w.Died(ctx, "level2") },
	}
	for _, do := range steps {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	got := a.poll(nil)
	names := map[float64]string{}
	var ids []string
	for id, e := range got {
		for name := range e["events"].(object) {
			names[e["seq"].(float64)] = strings.TrimPrefix(name, "urn:vneid:event:")
		}
		ids = append(ids, id)
		if sub := e["sub_id"].(object); sub["sub"] != b.envelope["sub"] || sub["iss"] != w.url || len(sub) != 3 || e["exp"] != nil || e["sub"] != nil {
			t.Errorf("%v", e)
		}
		for _, personal := range []string{"999090", "Nguyễn", "level2", "+84"} {
			if strings.Contains(strings.Join(keysAndValues(e), " "), personal) {
				t.Errorf("an event tells %s", personal)
			}
		}
	}
	want := []string{"eid-locked", "eid-unlocked", "phone-changed", "device-changed", "card-replaced", "level-changed", "number-reissued", "eid-locked", "account-locked", "holder-died"}
	for i, name := range want {
		if names[float64(i+1)] != name {
			t.Errorf("event %d is %q, want %q", i+1, names[float64(i+1)], name)
		}
	}
	if len(got) != len(want) || len(a.poll(nil)) != len(want) {
		t.Errorf("%d events, and again %d", len(got), len(a.poll(nil)))
	}
	if len(other.poll(ids)) != 0 || len(a.poll(nil)) != len(want) {
		t.Error("another client reads, or acknowledges, what is not its own")
	}
	if left := a.poll(ids[:4]); len(left) != len(want)-4 {
		t.Errorf("%d are left", len(left))
	}
}

func keysAndValues(o object) (out []string) {
	for k, v := range o {
		out = append(out, k)
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case object:
			out = append(out, keysAndValues(v)...)
		}
	}
	return out
}

// receiving is a client's address for events, with the real receiver behind it.
type receiving struct {
	mu    sync.Mutex
	got   []events.Name
	down  int // the answer, instead of next's
	calls int
	next  http.Handler
}

func (r *receiving) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	down := r.down
	r.calls++
	r.mu.Unlock()
	if down != 0 {
		w.WriteHeader(down)
		return
	}
	r.next.ServeHTTP(w, req)
}

func (r *receiving) names() []events.Name {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func TestEventsArePushedToTheRealReceiverUntilItHasThem(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	at := &receiving{next: http.NotFoundHandler()}
	srv := httptest.NewServer(at)
	defer srv.Close()
	a := w.asker(func(c *Client) { c.EventsURI = srv.URL + "/events" })
	ledger := events.NewMemoryLedger(0, 0, w.clock.Now)
	receiver, err := events.New(events.Config{
		Issuer: w.url, ClientID: a.id, Keys: a.keySet("/share/jwks.json", w.url, vneid.UseEvent), Ledger: ledger, Now: w.clock.Now,
		On: func(_ context.Context, e events.Event) error {
			at.mu.Lock()
			defer at.mu.Unlock()
			at.got = append(at.got, e.Name)
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	at.next = receiver.Push()
	deliver := func() {
		t.Helper()
		if _, err := w.Deliver(ctx); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.advance(beat)
	deliver()
	if err := ledger.Allows(ctx, w.url, "nobody", ""); err != nil || at.calls != 1 {
		t.Errorf("no sign of life: %v, %d calls", err, at.calls)
	}
	b := a.bundle("level2", details(nil))
	sub := b.envelope["sub"].(string)
	at.down = http.StatusServiceUnavailable
	if err := w.SetLocks(ctx, "level2", Locks{EID: true}); err != nil {
		t.Fatal(err)
	}
	for range 8 { // more tries than a logout would get
		w.clock.advance(5 * time.Minute)
		deliver()
	}
	if err := ledger.Allows(ctx, w.url, sub, ""); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("a blocked stream: %v", err)
	}
	at.mu.Lock()
	at.down = 0
	at.mu.Unlock()
	w.clock.advance(5 * time.Minute)
	deliver()
	if err := ledger.Allows(ctx, w.url, sub, ""); !errors.Is(err, vneid.ErrLocked) {
		t.Errorf("after the outage: %v, %v", err, at.names())
	}
	if got := at.names(); !slices.Contains(got, events.EIDLocked) {
		t.Errorf("%v", got)
	}
	if _, err := w.Deliver(ctx); err != nil {
		t.Fatal(err)
	}
	if err := w.SetLocks(ctx, "level2", Locks{}); err != nil {
		t.Fatal(err)
	}
	deliver()
	if err := ledger.Allows(ctx, w.url, sub, ""); err != nil {
		t.Errorf("unlocked: %v", err)
	}
	// A lock that is refused for good is forgotten here, and missed there.
	at.down = http.StatusBadRequest
	if err := w.SetLocks(ctx, "level2", Locks{EID: true}); err != nil {
		t.Fatal(err)
	}
	deliver()
	at.down = 0
	for range 4 {
		w.clock.advance(beat)
		deliver()
	}
	if err := ledger.Allows(ctx, w.url, sub, ""); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("a lock that never came, and heartbeats that go on: %v", err)
	}
}

func TestTheDaysListSaysWhatBecameOfEachRequest(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	a := w.asker(nil)
	both := details(object{"documents": []object{licenceDoc(), docOf("vehicle-registration", "plate")}})
	a.bundle("level2", both)
	a.bundle("namesake", both) // has no vehicle
	b := w.browser("old-cmnd")
	b.forms[StepShare] = map[string]string{FieldDecision: Deny}
	b.authorize(a.refer(a.push(asks(details(nil)))))
	a.push(asks(details(nil)))
	grant := w.sharingOf(a.grant("first-login", details(nil))).ID
	if err := w.WithdrawShare(ctx, "first-login", grant); err != nil {
		t.Fatal(err)
	}
	w.clock.advance(time.Hour)
	got := a.reconcile("2026-11-22")
	counts := map[string]int{}
	for _, row := range got {
		r := row.(object)
		counts[r["kind"].(string)+" "+r["outcome"].(string)]++
		if (r["outcome"] == "delivered" || r["outcome"] == "over") != (r["billable"] == true) {
			t.Errorf("%v", r)
		}
		for name := range r {
			if !slices.Contains([]string{"request", "txn", "grant", "kind", "outcome", "at", "billable"}, name) {
				t.Errorf("a row with %s", name)
			}
		}
	}
	for what, n := range map[string]int{"driver-licence over": 2, "vehicle-registration over": 1, "vehicle-registration declined": 1,
		"driver-licence denied": 1, "driver-licence expired": 1, "driver-licence withdrawn": 1} {
		if counts[what] != n {
			t.Errorf("%d of %s, want %d: %v", counts[what], what, n, counts)
		}
	}
	today, _ := vneid.NewDate(2026, 11, 22)
	rows, err := w.Reconciliation(ctx, a.id, today)
	if err != nil || len(rows) != len(got) {
		t.Fatalf("%d rows, %d on the wire: %v", len(rows), len(got), err)
	}
	for i, row := range rows {
		wired := got[i].(object)
		if row.Request != wired["request"] || row.Kind != wired["kind"] || row.Outcome != wired["outcome"] || row.Billable != wired["billable"] || row.At.IsZero() {
			t.Errorf("%+v, on the wire %v", row, wired)
		}
	}
	if rows, err := w.Reconciliation(ctx, "rp", today); len(rows) != 0 || err != nil {
		t.Errorf("another client: %v %v", rows, err)
	}
	if len(a.reconcile("2026-11-23")) != 0 {
		t.Error("another day has rows")
	}
}

func (a *asker) reconcile(day string) []any {
	a.t.Helper()
	req, err := http.NewRequest("GET", a.url+"/share/v1/reconciliation?day="+day, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+a.assertion(nil, nil))
	got := a.call(req)
	if got.status != http.StatusOK || got.body["day"] != day {
		a.t.Fatalf("%d %s", got.status, got.raw)
	}
	return got.body["rows"].([]any)
}
