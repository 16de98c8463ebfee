package platform

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// lists fetches status lists as a kiosk with a network does.
type lists struct{ w *world }

func (l lists) Fetch(_ context.Context, uri string) ([]byte, error) {
	path, ours := strings.CutPrefix(uri, l.w.url)
	if a := l.w.get(path); ours && a.status == 200 {
		return a.raw, nil
	}
	return nil, errors.New("no such list")
}

// inspector checks codes of the kind, or of persons.
func (w *world) inspector(kind document.Kind) *qr.Verifier {
	w.t.Helper()
	doc, _ := w.published("/qr/jwks.json")
	keys, err := jwks.Parse(doc, w.url, vneid.UseQR, vneid.UseStatus)
	if err != nil {
		w.t.Fatal(err)
	}
	v, err := qr.New(qr.Config{
		Issuers: []string{w.url}, Keys: keys, Now: w.clock.Now, Document: kind, Status: lists{w},
		Signs: map[string][]document.Kind{w.url: {document.DriverLicence, document.VehicleRegistration, document.HealthInsurance}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func TestACitizenPresentsADocumentOnce(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	for _, kind := range []document.Kind{document.DriverLicence, document.VehicleRegistration, document.HealthInsurance} {
		inspector := w.inspector(kind)
		code, err := w.Present(ctx, "level2", kind)
		if err != nil {
			t.Fatal(err)
		}
		c, err := inspector.Verify(ctx, code)
		if err != nil || c.Document() != kind || c.Holder() != qr.HolderDevice || c.Level() != 2 || c.Expires().Sub(c.Issued()) > 2*time.Minute {
			t.Fatalf("%s: %v, %v", kind, c, err)
		}
		if _, err := inspector.Verify(ctx, code); !errors.Is(err, vneid.ErrReplayed) {
			t.Errorf("%s, again: %v", kind, err)
		}
		if a := w.redeemAs("rp", rpSecret, c.ID(), key1); a.status != 200 {
			t.Errorf("%s is not redeemed: %d %s", kind, a.status, a.raw)
		}
		if a := w.redeemAs("rp", rpSecret, c.ID(), key2); a.status != http.StatusConflict {
			t.Errorf("%s is redeemed twice: %d", kind, a.status)
		}
	}
	history, err := w.History(ctx, "level2", 10)
	if err != nil || len(history) != 3 || history[0].Kind != ReadRedeem {
		t.Errorf("%v, %v", history, err)
	}
}

func TestACodeSaysOfADocumentWhatTheRegisterHolds(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	held, err := w.Papers(ctx, "level2")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(held, func(p Paper) bool { return p.Kind == document.DriverLicence })
	p, err := paper.Parse(held[i].Kind, held[i].Claims)
	if err != nil {
		t.Fatal(err)
	}
	want := p.(paper.DriverLicence)
	inspector := w.inspector(document.DriverLicence)
	for _, profile := range []Profile{VN1, JWS} {
		code, err := w.IssueCode(ctx, "level2", CodeRequest{Kind: qr.Document, Document: document.DriverLicence, Profile: profile})
		if err != nil {
			t.Fatal(err)
		}
		c, err := inspector.Verify(ctx, code)
		if err != nil {
			t.Fatal(err)
		}
		got, err := qr.Reveal[paper.DriverLicence](c)
		if err != nil || got.Number != want.Number || got.Name != want.Name || len(got.Classes) != len(want.Classes) || got.Expires != want.Expires || *got.Points != *want.Points {
			t.Errorf("%s: %+v, %v; want %+v", profile, got, err, want)
		}
		if got.Residence != (vneid.Address{}) {
			t.Error("an inspection is told where somebody lives")
		}
	}
}

func TestWhatCannotBePresented(t *testing.T) {
	var show *qr.PaperError
	for name, c := range map[string]struct {
		who   string
		kind  document.Kind
		check string // without which it is presented; "": nothing is there to present
		is    func(error) bool
	}{
		"not approved yet":              {"first-login", document.DriverLicence, "paper-state", func(err error) bool { return errors.As(err, &show) && show.State == "pending" }},
		"could not be verified":         {"highlander", document.DriverLicence, "paper-state", func(err error) bool { return errors.As(err, &show) && show.State == "unverified" }},
		"withdrawn":                     {"guardian", document.DriverLicence, "paper-status", func(err error) bool { return errors.Is(err, vneid.ErrRevoked) }},
		"suspended":                     {"reissued", document.DriverLicence, "paper-status", func(err error) bool { return errors.Is(err, vneid.ErrRevoked) }},
		"no such document":              {"long-name", document.DriverLicence, "", func(err error) bool { return errors.Is(err, ErrNoPaper) }},
		"nobody shows a passport so":    {"level2", document.Passport, "", func(err error) bool { return strings.Contains(err.Error(), "CodeRequest.Document") }},
		"account level 1":               {"level1", document.DriverLicence, "code-account", func(err error) bool { return errors.Is(err, vneid.ErrLevel) }},
		"the electronic card is locked": {"eid-locked", document.DriverLicence, "code-account", func(err error) bool { return errors.Is(err, vneid.ErrLocked) }},
		"the account is locked":         {"account-locked", document.DriverLicence, "", func(err error) bool { return errors.Is(err, vneid.ErrLocked) }},
	} {
		w := newWorld(t)
		if _, err := w.Present(context.Background(), "level2", document.DriverLicence); err != nil { // the twin
			t.Fatal(err)
		}
		if code, err := w.Present(context.Background(), c.who, c.kind); err == nil || code != "" || !c.is(err) {
			t.Errorf("%s: %v", name, err)
		}
		if w.off = c.check; c.check == "" {
			continue
		}
		if code, err := w.Present(context.Background(), c.who, c.kind); err != nil || code == "" {
			t.Errorf("%s: refused for something else: %v", name, err)
		}
		t.Logf("%s: refused; without the check of %s: presented", name, c.check)
	}
}

func TestPresentingBeganOnADay(t *testing.T) {
	w := newWorld(t)
	var show *qr.PaperError
	for at, early := range map[time.Time]bool{
		time.Date(2024, 5, 31, 16, 59, 59, 0, time.UTC): true, time.Date(2024, 5, 31, 17, 0, 0, 0, time.UTC): false,
	} {
		w.clock.now = at
		_, err := w.Present(context.Background(), "namesake", document.DriverLicence)
		if early != errors.As(err, &show) || early != errors.Is(err, vneid.ErrNotYetValid) || !early && err != nil {
			t.Errorf("%v: %v", at, err)
		}
		w.off = "paper-since"
		if _, err := w.Present(context.Background(), "namesake", document.DriverLicence); err != nil {
			t.Errorf("%v: refused for something else: %v", at, err)
		}
		w.off = ""
	}
}

func TestALockAfterTheCodeWasShownStopsItsRedeeming(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	for _, lock := range []Locks{{EID: true}, {Account: true}, {}} {
		inspector := w.inspector(document.DriverLicence)
		code, err := w.Present(ctx, "level2", document.DriverLicence)
		if err != nil {
			t.Fatal(err)
		}
		c, err := inspector.Verify(ctx, code)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.SetLocks(ctx, "level2", lock); err != nil {
			t.Fatal(err)
		}
		want := http.StatusForbidden
		if lock == (Locks{}) {
			want = http.StatusOK
		}
		if a := w.redeemAs("rp", rpSecret, c.ID(), key1); a.status != want {
			t.Errorf("%+v: %d %s", lock, a.status, a.raw)
		}
		if err := w.SetLocks(ctx, "level2", Locks{}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACardCodeIsSuspendedWhileItsOwnerIsLocked(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	inspector := w.inspector("")
	var codes []string
	for _, who := range []string{"level2", "namesake"} {
		code, err := w.IssueCode(ctx, who, CodeRequest{Kind: qr.Static})
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, code)
	}
	for _, lock := range []Locks{{}, {EID: true}, {Account: true}, {EID: true, Account: true}, {}} {
		if err := w.SetLocks(ctx, "level2", lock); err != nil {
			t.Fatal(err)
		}
		c, err := inspector.Verify(ctx, codes[0])
		if lock == (Locks{}) && (err != nil || c.Status() != qr.StatusValid) || lock != (Locks{}) && !errors.Is(err, vneid.ErrRevoked) {
			t.Errorf("%+v: %v", lock, err)
		}
		if _, err := inspector.Verify(ctx, codes[1]); err != nil {
			t.Errorf("another's code: %v", err)
		}
	}
	for _, path := range []string{"/qr/status/0", "/qr/status/01", "/qr/status/x", "/qr/status/-1", "/qr/status/70000"} {
		if a := w.get(path); a.status != 404 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

func TestAListOfCardCodesIsSignedWhenSomethingChangedOrAMinuteIsOver(t *testing.T) {
	w := newWorld(t)
	_, err := w.IssueCode(t.Context(), "level2", CodeRequest{Kind: qr.Static})
	w.err(err)
	last := ""
	for _, one := range []struct {
		name string
		do   func()
		anew bool
	}{
		{"at first", func() {}, true},
		{"at once again", func() {}, false},
		{"a lock", func() { w.err(w.SetLocks(t.Context(), "level2", Locks{EID: true})) }, true},
		{"the same lock", func() { w.err(w.SetLocks(t.Context(), "level2", Locks{EID: true})) }, false},
		{"nearly a minute later", func() { w.clock.advance(listFresh - 1) }, false},
		{"a minute later", func() { w.clock.advance(1) }, true},
		{"put back", func() { w.clock.advance(-time.Hour) }, true},
	} {
		one.do()
		got := w.get("/qr/status/1")
		if anew := string(got.raw) != last; got.status != 200 || anew != one.anew {
			t.Errorf("%s: %d, signed anew: %v", one.name, got.status, anew)
		}
		last = string(got.raw)
	}
	if got := w.get("/qr/status/2"); got.status != 404 {
		t.Errorf("a list that no code is in: %d", got.status)
	}
}

func TestACodeRequestOfADocumentSaysWhich(t *testing.T) {
	w := newWorld(t)
	for name, q := range map[string]CodeRequest{
		"no document":            {Kind: qr.Document},
		"a document of a person": {Kind: qr.Dynamic, Document: document.DriverLicence},
		"a long life":            {Kind: qr.Document, Document: document.DriverLicence, Life: 121 * time.Second},
		"an unknown kind":        {Kind: qr.Document + 1},
	} {
		if code, err := w.IssueCode(context.Background(), "level2", q); err == nil || code != "" {
			t.Errorf("%s: issued", name)
		}
	}
}
