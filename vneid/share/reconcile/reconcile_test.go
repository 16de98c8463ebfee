package reconcile_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/reconcile"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

const back = "https://portal.example/callback"

func rental() share.Request {
	return share.Request{
		Purpose: vneidtest.Purpose, RetentionDays: 30, Store: true,
		Documents: []share.Want{
			{Kind: document.DriverLicence, Claims: []share.Claim{{Name: "number"}}},
			{Kind: document.VehicleRegistration, Optional: true, Claims: []share.Claim{{Name: "plate"}}},
		},
	}
}

// office is a relying party that keeps a journal.
type office struct {
	t       *testing.T
	p       *vneidtest.Platform
	cfg     share.Config
	client  *share.Client
	file    bytes.Buffer
	journal *reconcile.Journal
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, p: vneidtest.New(t)}
	o.cfg = o.p.Share(back)
	o.journal = &reconcile.Journal{Out: &o.file, Now: o.p.Now}
	var err error
	if o.client, err = share.New(o.cfg); err != nil {
		t.Fatal(err)
	}
	return o
}

// ask has a person answer; keep says what of it the journal hears.
func (o *office) ask(keepAsked, keepAnswered bool) {
	o.t.Helper()
	target, s, err := o.client.Begin(o.t.Context(), rental())
	if err != nil {
		o.t.Fatal(err)
	}
	name := s.Reference(target)
	if keepAsked {
		o.must(o.journal.Asked(name, rental()))
	}
	browser := o.p.Browser("level2")
	browser.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host == "portal.example" {
			return http.ErrUseLastResponse
		}
		return nil
	}
	res, err := browser.Get(target)
	if err != nil {
		o.t.Fatal(err)
	}
	res.Body.Close()
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil {
		o.t.Fatal(err)
	}
	got, err := o.client.Finish(o.t.Context(), s, to.RawQuery)
	if keepAnswered {
		o.must(o.journal.Answered(name, rental(), got, err))
	}
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// rows are both lists of today.
func (o *office) rows() (ours, theirs []reconcile.Row) {
	o.t.Helper()
	ours, err := reconcile.Read(bytes.NewReader(o.file.Bytes()), o.p.Now())
	o.must(err)
	theirs, err = reconcile.Fetch(o.t.Context(), o.cfg, o.p.Now())
	o.must(err)
	return ours, theirs
}

func TestBothSidesAgreeOnWhatHappened(t *testing.T) {
	o := newOffice(t)
	o.ask(true, true)
	o.p.Decline("level2", "vehicle-registration")
	o.ask(true, true)
	o.p.Decline("level2")
	o.ask(true, true)
	o.p.Decline("level2", "driver-licence")
	o.ask(true, true)
	// In the app, and one that nobody answers.
	s, err := o.client.Ask(t.Context(), rental(), o.p.Person("level2").Username, "")
	o.must(err)
	o.must(o.journal.Asked(s.Reference(""), rental()))
	o.p.Decline("level2", "nothing")
	o.must(o.p.Approve("level2", s.Number()))
	o.p.Advance(5 * time.Second)
	got, err := o.client.Poll(t.Context(), s)
	o.must(err)
	o.must(o.journal.Answered(s.Reference(""), rental(), got, nil))
	target, s, err := o.client.Begin(t.Context(), rental())
	o.must(err)
	o.must(o.journal.Asked(s.Reference(target), rental()))
	o.p.Advance(time.Hour)

	ours, theirs := o.rows()
	if len(ours) != 12 || len(theirs) != 12 {
		t.Fatalf("%d rows here, %d there", len(ours), len(theirs))
	}
	for _, d := range reconcile.Compare(ours, theirs) {
		t.Errorf("%s %s: %+v %+v", d.What, d.Kind, d.Ours, d.Theirs)
	}
	count := map[reconcile.Outcome]int{}
	for _, row := range ours {
		count[row.Outcome]++
		if row.Billable != (row.Outcome == reconcile.Delivered) {
			t.Errorf("%+v", row)
		}
	}
	if fmt.Sprint(count) != "map[declined:1 delivered:5 denied:4 pending:2]" {
		t.Error(count)
	}
	for _, secret := range []string{"999000000001", o.p.Person("level2").Username, o.p.Person("level2").Record.Name, got.Subject()} {
		if secret != "" && bytes.Contains(o.file.Bytes(), []byte(secret)) {
			t.Error("the journal names somebody")
		}
	}
}

func TestWhatDiffersIsFound(t *testing.T) {
	o := newOffice(t)
	o.ask(true, false) // the answer was lost
	o.ask(false, false)
	ours, theirs := o.rows()
	what := map[reconcile.What]int{}
	for _, d := range reconcile.Compare(ours, theirs) {
		what[d.What]++
	}
	if what[reconcile.Charged] != 4 || len(what) != 1 {
		t.Error(what)
	}
}

func TestDifferencesHaveTheirWord(t *testing.T) {
	row := func(change func(*reconcile.Row)) []reconcile.Row {
		r := reconcile.Row{Request: "r", Txn: "t", Grant: "g", Kind: "driver-licence", Outcome: reconcile.Delivered, At: time.Unix(1, 0), Billable: true}
		if change != nil {
			change(&r)
		}
		return []reconcile.Row{r}
	}
	outcome := func(o reconcile.Outcome) []reconcile.Row {
		return row(func(r *reconcile.Row) { r.Outcome, r.Billable, r.Txn = o, false, "" })
	}
	for _, c := range []struct {
		name         string
		ours, theirs []reconcile.Row
		want         reconcile.What
	}{
		{"alike", row(nil), row(nil), ""},
		{"later at the platform", row(nil), row(func(r *reconcile.Row) { r.At = time.Unix(99, 0) }), ""},
		{"withdrawn afterwards", row(nil), row(func(r *reconcile.Row) { r.Outcome = "withdrawn" }), ""},
		{"over afterwards", row(nil), row(func(r *reconcile.Row) { r.Outcome = "over" }), ""},
		{"never answered", outcome(reconcile.Pending), outcome("expired"), ""},
		{"denied as a whole", outcome(reconcile.Denied), outcome("denied"), ""},
		{"denied for what was essential", outcome(reconcile.Denied), outcome(reconcile.Declined), ""},
		{"refused here", outcome(reconcile.Failed), row(nil), reconcile.Charged},
		{"lost", outcome(reconcile.Pending), row(nil), reconcile.Charged},
		{"never asked", nil, row(nil), reconcile.Charged},
		{"never asked, and nothing came", nil, outcome("expired"), reconcile.Unknown},
		{"not billed", row(nil), outcome("approved"), reconcile.Uncharged},
		{"not listed, and it came", row(nil), nil, reconcile.Uncharged},
		{"not listed", outcome(reconcile.Pending), nil, reconcile.Unlisted},
		{"listed twice", row(nil), append(row(nil), row(nil)...), reconcile.Twice},
		{"another word", outcome(reconcile.Declined), outcome("expired"), reconcile.OtherWord},
		{"another transaction", row(nil), row(func(r *reconcile.Row) { r.Txn = "u" }), reconcile.OtherTxn},
	} {
		got := reconcile.Compare(c.ours, c.theirs)
		if c.want == "" && len(got) != 0 || c.want != "" && (len(got) != 1 || got[0].What != c.want) {
			t.Errorf("%s: %+v, want %q", c.name, got, c.want)
		}
	}
}

func TestAJournalSurvivesACrash(t *testing.T) {
	o := newOffice(t)
	o.ask(true, true)
	whole, err := reconcile.Read(bytes.NewReader(o.file.Bytes()), o.p.Now())
	if err != nil || len(whole) != 2 {
		t.Fatal(whole, err)
	}
	cut := o.file.Bytes()[:o.file.Len()-20]
	rows, err := reconcile.Read(bytes.NewReader(cut), o.p.Now())
	if err != nil || len(rows) != 2 || rows[1].Outcome != reconcile.Pending {
		t.Errorf("%v %v", rows, err)
	}
	broken := append(slices.Clone(cut), append([]byte{'\n'}, o.file.Bytes()...)...)
	if rows, err := reconcile.Read(bytes.NewReader(broken), o.p.Now()); !errors.Is(err, vneid.ErrMalformed) || rows != nil {
		t.Errorf("%v %v", rows, err)
	}
	if rows, err := reconcile.Read(bytes.NewReader(o.file.Bytes()), o.p.Now().AddDate(0, 0, 1)); err != nil || len(rows) != 0 {
		t.Errorf("another day: %v %v", rows, err)
	}
	if err := (&reconcile.Journal{}).Asked("r", rental()); err == nil {
		t.Error("a journal without a file")
	}
	if err := o.journal.Asked("", rental()); err == nil {
		t.Error("a request without a name")
	}
	before := o.file.Len()
	if err := o.journal.Answered("r", rental(), share.Records{}, &share.Pending{}); err != nil || o.file.Len() != before {
		t.Error("waiting is an end")
	}
}

// Lists that are none, each beside the one that is.
func TestListsThatAreNoneAreRefused(t *testing.T) {
	o := newOffice(t)
	day := time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)
	const good = `{"day":"2026-11-22","rows":[{"request":"r","txn":"t","grant":"g","kind":"driver-licence","outcome":"delivered","at":1795305600,"billable":true}]}`
	answer, status, asked := good, http.StatusOK, ""
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.String()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		w.Write([]byte(answer))
	}))
	t.Cleanup(srv.Close)
	cfg := o.cfg
	cfg.Issuer, cfg.Verifier.Platform = srv.URL, srv.URL
	for _, c := range []struct {
		old, new string
		status   int
		want     error
	}{
		{"", "", 200, nil},
		{"2026-11-22", "2026-11-21", 200, vneid.ErrMismatch},
		{`"rows"`, `"row"`, 200, vneid.ErrMalformed},
		{`[{`, `[7,{`, 200, vneid.ErrMalformed},
		{`"request":"r"`, `"request":""`, 200, vneid.ErrMalformed},
		{`"kind":"driver-licence",`, ``, 200, vneid.ErrMalformed},
		{`"outcome":"delivered",`, ``, 200, vneid.ErrMalformed},
		{`"at":1795305600,`, ``, 200, vneid.ErrMalformed},
		{`,"billable":true`, ``, 200, vneid.ErrMalformed},
		{`true`, `"yes"`, 200, vneid.ErrMalformed},
		{"", "", 401, vneid.ErrUntrusted},
		{"", "", 403, vneid.ErrUntrusted},
		{"", "", 503, vneid.ErrUnavailable},
	} {
		answer, status = strings.Replace(good, c.old, c.new, 1), c.status
		rows, err := reconcile.Fetch(t.Context(), cfg, day)
		if !errors.Is(err, c.want) || (err != nil) != (c.want != nil) || (err != nil && rows != nil) || (err == nil && len(rows) != 1) {
			t.Errorf("%s → %s, %d: %v, %v", c.old, c.new, c.status, rows, err)
		}
	}
	if asked != "/share/v1/reconciliation?day=2026-11-22" {
		t.Error(asked)
	}
	if _, err := reconcile.Fetch(t.Context(), share.Config{}, day); err == nil {
		t.Error("no configuration")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"request":"r","kind":"driver-licence","outcome":"pending","at":1,"asked":1,"billable":false}` + "\n"))
	f.Add([]byte("{\n{"))
	f.Fuzz(func(t *testing.T, b []byte) {
		rows, err := reconcile.Read(bytes.NewReader(b), time.Unix(1, 0))
		if err != nil && rows != nil {
			t.Error("rows beside an error")
		}
		if d := reconcile.Compare(rows, rows); len(d) > 0 {
			t.Errorf("a list differs from itself: %+v", d)
		}
		if _, err := json.Marshal(rows); err != nil {
			t.Error(err)
		}
	})
}
