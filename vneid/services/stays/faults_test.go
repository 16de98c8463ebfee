package stays_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

// What each defect of the platform must come to at the desk.
var faultKinds = map[string]vneid.Kind{
	"services-down": vneid.ErrUnavailable, "services-page": vneid.ErrUnavailable, "services-cut": vneid.ErrUnavailable,
	"services-flood": vneid.ErrUnavailable, "services-redirect": vneid.ErrUnavailable, "services-forbidden": vneid.ErrDenied,
	"services-unknown-error": vneid.ErrMalformed, "services-token-taken": vneid.ErrDenied, "services-busy": vneid.ErrUnavailable,
	"services-lost": vneid.ErrUnavailable, "service-token-bearer": vneid.ErrUntrusted, "service-token-scope": vneid.ErrUntrusted,
	"stays-short": vneid.ErrUnavailable, "stays-swapped": vneid.ErrUnavailable, "stays-other-key": vneid.ErrUnavailable,
	"stays-no-id": vneid.ErrUnavailable, "stays-odd-state": vneid.ErrUnavailable, "stays-no-deadline": vneid.ErrUnavailable,
	"stays-no-version": vneid.ErrUnavailable, "stays-duplicate": vneid.ErrReplayed, "stays-foreigner": vneid.ErrMismatch,
	"stays-odd-error": vneid.ErrUnavailable, "stays-no-rows": vneid.ErrUnavailable,
	"token-down": vneid.ErrUnavailable, "token-page": vneid.ErrUnavailable, "token-cut": vneid.ErrUnavailable, "token-flood": vneid.ErrUnavailable,
	"token-redirect": vneid.ErrUnavailable, "token-unauthorized": vneid.ErrDenied, "missing-access-token": vneid.ErrUnavailable,
	"wrong-token-type": vneid.ErrUntrusted, "down": vneid.ErrUnavailable,
}

func TestFaultsAreToldByTheirKind(t *testing.T) {
	for _, f := range platform.Faults() {
		if (strings.HasPrefix(f.Name, "service") || strings.HasPrefix(f.Name, "stays-")) && faultKinds[f.Name] == 0 && f.Name != "stays-late" && f.Name != "stays-other-house" {
			t.Errorf("nobody says what %s must come to", f.Name)
		}
		if kind, known := faultKinds[f.Name]; known && f.Kind != kind && strings.HasPrefix(f.Name, "s") {
			t.Errorf("%s: the platform's list says %v, not %v", f.Name, f.Kind, kind)
		}
	}
	for name, kind := range faultKinds {
		w := newWorld(t)
		rows := []stays.Stay{good(t), good(t)}
		rows[1].Guest = stays.FromLogin(person(t, "namesake"))
		if err := w.Break("", name); err != nil {
			t.Fatal(err)
		}
		got := w.submit(rows...)
		for _, a := range got {
			if !errors.Is(a.Err, kind) || a.ID != "" {
				t.Errorf("%s: %v, want %v", name, a.Err, kind)
			}
			for i := vneid.ErrMalformed; i <= vneid.ErrUnavailable; i++ {
				if i != kind && errors.Is(a.Err, i) {
					t.Errorf("%s: of two kinds", name)
				}
			}
		}
		// The twin: the same rows, once the defect is gone, are taken, or had been.
		w.Heal("")
		for i, a := range w.submit(rows...) {
			if a.Err != nil {
				t.Errorf("%s, healed: row %d: %v", name, i, a.Err)
			}
		}
	}
}

func TestALostAnswerIsAnsweredAgain(t *testing.T) {
	w := newWorld(t)
	if err := w.Break("", "services-lost"); err != nil {
		t.Fatal(err)
	}
	if got := w.submit(good(t))[0]; !errors.Is(got.Err, vneid.ErrUnavailable) {
		t.Fatalf("%+v", got)
	}
	w.Heal("")
	if got := w.submit(good(t))[0]; got.Err != nil || !got.Again {
		t.Errorf("%+v", got)
	}
	if all, err := w.desk.Notices(t.Context(), "hotel-1", day(t, "2026-11-22")); err != nil || len(all) != 1 {
		t.Errorf("%d notices, %v", len(all), err)
	}
}

func TestALateNoticeIsShownAsThePlatformSaysIt(t *testing.T) {
	w := newWorld(t)
	if err := w.Break("", "stays-late"); err != nil {
		t.Fatal(err)
	}
	if got := w.one(good(t)); !got.Late {
		t.Error("not late")
	}
}

// What another kind of answer could make of the calls besides Submit.
func TestOtherCallsFailAsClosed(t *testing.T) {
	for _, name := range []string{"services-down", "services-cut", "services-page", "services-unknown-error", "services-forbidden", "services-token-taken"} {
		w := newWorld(t)
		a := w.one(good(t))
		if err := w.Break("", name); err != nil {
			t.Fatal(err)
		}
		_, err1 := w.desk.Notices(t.Context(), "hotel-1", day(t, "2026-11-22"))
		_, err2 := w.desk.Correct(t.Context(), a.ID, 1, good(t))
		_, err3 := w.desk.Cancel(t.Context(), a.ID, 1)
		for i, err := range []error{err1, err2, err3} {
			var kind vneid.Kind
			if !errors.As(err, &kind) || kind != faultKinds[name] {
				t.Errorf("%s, call %d: %v", name, i, err)
			}
			if err != nil && !strings.HasPrefix(err.Error(), "stays: ") {
				t.Errorf("%s, call %d: prefix of %q", name, i, err)
			}
		}
	}
}

func TestAnotherHousesNoticesAreNotShown(t *testing.T) {
	w := newWorld(t)
	w.one(good(t))
	if err := w.Break("", "stays-other-house"); err != nil {
		t.Fatal(err)
	}
	if got, err := w.desk.Notices(t.Context(), "hotel-1", day(t, "2026-11-22")); !errors.Is(err, vneid.ErrUnavailable) || got != nil {
		t.Errorf("%+v %v", got, err)
	}
}

// counted counts the calls of services.
type counted struct{ calls atomic.Int64 }

func (c *counted) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.URL.Path, "/services/") {
		c.calls.Add(1)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// What is refused here is not sent, and an outage is met once, not ten times.
func TestWhatNeedNotBeAskedIsNot(t *testing.T) {
	w := newWorld(t)
	door := new(counted)
	w.cfg.HTTP = &http.Client{Transport: door}
	w.desk = w.open(w.cfg)
	w.one(good(t))
	before := door.calls.Load()
	child := good(t)
	child.Guest, child.With = stays.Typed(vneid.Record{Name: "Bé", Birth: day(t, "2020-05-05")}, ""), 2
	foreign, grandchild := good(t), child
	foreign.Guest, grandchild.With = stays.Typed(vneid.Record{Name: "J", ForeignerID: "1"}, ""), 1
	spoilt, err := stays.ReadCSV(strings.NewReader(sheet("Trần Văn Bê,999090000002,01/01/1990,x,22/11/2026 20:00,24/11/2026,\n")), "hotel-1")
	if err != nil {
		t.Fatal(err)
	}
	for name, rows := range map[string][]stays.Stay{
		"a foreigner": {foreign}, "a child of theirs": {child, foreign}, "a child with a child": {child, grandchild}, "a child with who cannot be read": {child, spoilt[1]},
	} {
		for _, a := range w.submit(rows...) {
			if a.Err == nil {
				t.Errorf("%s: taken", name)
			}
		}
	}
	if n := door.calls.Load() - before; n != 0 {
		t.Errorf("%d calls for what is refused here", n)
	}
	if err := w.Break("", "services-down"); err != nil {
		t.Fatal(err)
	}
	many := make([]stays.Stay, 350)
	for i := range many {
		many[i] = good(t)
		many[i].Guest = stays.Typed(vneid.Record{ID: number(i), Name: "Khách Mẫu"}, "")
	}
	before = door.calls.Load()
	for _, a := range w.submit(many...) {
		if !errors.Is(a.Err, vneid.ErrUnavailable) {
			t.Fatalf("%+v", a)
		}
	}
	if n := door.calls.Load() - before; n != 1 {
		t.Errorf("%d calls into an outage", n)
	}
}

func TestAContextThatEndsIsUnavailable(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got, err := w.desk.Submit(ctx, []stays.Stay{good(t)})
	if err != nil || !errors.Is(got[0].Err, vneid.ErrUnavailable) || !errors.Is(got[0].Err, context.Canceled) {
		t.Errorf("%+v %v", got, err)
	}
}

func TestTokensAreFetchedAnewWhenTheyEnd(t *testing.T) {
	w := newWorld(t)
	w.one(good(t))
	w.now = w.now.Add(9*60*1e9 + 45*1e9) // inside the last half minute
	s := good(t)
	s.Guest = stays.FromLogin(person(t, "namesake"))
	w.one(s)
	w.now = w.now.Add(3600 * 1e9)
	s.Guest = stays.FromLogin(person(t, "no-app"))
	w.one(s)
}

func TestTheZeroDeskRefuses(t *testing.T) {
	var d stays.Desk
	if _, err := d.Submit(t.Context(), nil); err == nil {
		t.Error("submits")
	}
	if _, err := d.Notices(t.Context(), "x", vneid.Date{}); err == nil {
		t.Error("shows notices")
	}
	if _, err := d.Cancel(t.Context(), "x", 1); err == nil {
		t.Error("cancels")
	}
	if _, err := d.Correct(t.Context(), "x", 1, stays.Stay{}); err == nil {
		t.Error("corrects")
	}
	for name, c := range map[string]stays.Config{"Client": {Secret: make([]byte, 32)}, "Secret": {Client: nil}} {
		_, err := stays.New(c)
		var kind vneid.Kind
		if err == nil || errors.As(err, &kind) || !strings.Contains(err.Error(), "Config.") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAThousandRowsAreSentInPortions(t *testing.T) {
	w := newWorld(t)
	rows := make([]stays.Stay, 1000)
	for i := range rows {
		rows[i] = good(t)
		rows[i].Guest = stays.Typed(vneid.Record{ID: number(i), Name: "Khách Mẫu"}, "")
	}
	seen := map[string]bool{}
	for _, a := range w.submit(rows...) {
		if a.Err != nil || seen[a.ID] {
			t.Fatalf("row %d: %v", a.Row, a.Err)
		}
		seen[a.ID] = true
	}
	if all, err := w.desk.Notices(t.Context(), "hotel-1", day(t, "2026-11-22")); err != nil || len(all) != 1000 {
		t.Errorf("%d notices, %v", len(all), err)
	}
	if _, err := w.desk.Submit(t.Context(), make([]stays.Stay, 1001)); !errors.Is(err, vneid.ErrMalformed) {
		t.Errorf("1,001 rows: %v", err)
	}
}

func number(i int) string {
	s := []byte("999090100000")
	for j := len(s) - 1; i > 0; j-- {
		s[j] = byte('0' + i%10)
		i /= 10
	}
	return string(s)
}
