package requests_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/services"
	"github.com/vneid-sdk/vneid-go/vneid/services/requests"
)

type world struct {
	*platform.Platform
	t    *testing.T
	now  time.Time
	desk *requests.Desk
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	srv := httptest.NewUnstartedServer(nil)
	clock := func() time.Time { return w.now }
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	set, err := jwx.Marshal(jwx.Key{Public: key.Public(), ID: "k", Alg: "ES256", Use: "sig"})
	if err != nil {
		t.Fatal(err)
	}
	if w.Platform, err = platform.New(platform.Config{Issuer: "http://" + srv.Listener.Addr().String(), Now: clock, PasswordRounds: 1}); err != nil {
		t.Fatal(err)
	}
	srv.Config.Handler = w.Handler()
	srv.Start()
	t.Cleanup(srv.Close)
	if err := w.Seed(context.Background()); err != nil {
		t.Fatal(err)
	}
	err = w.Register(context.Background(), platform.Client{ID: "office", Name: "UBND xã mẫu", Class: "state", Keys: set,
		Services: []platform.Service{platform.ServiceRequests, platform.ServiceNotifications}})
	if err != nil {
		t.Fatal(err)
	}
	client, err := services.New(services.Config{Issuer: w.Issuer(), ClientID: "office", Key: key, KeyID: "k", Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	if w.desk, err = requests.New(requests.Config{Client: client, Secret: []byte("0123456789abcdef0123456789abcdef")}); err != nil {
		t.Fatal(err)
	}
	return w
}

// person is one of the cast as a login shows them.
func person(t testing.TB, handle string) vneid.Citizen {
	t.Helper()
	who, ok := personas.Get(handle)
	if !ok {
		t.Fatal(handle)
	}
	return vneid.NewCitizen(who.Record, seal.Own())
}

func day(t testing.TB, s string) vneid.Date {
	t.Helper()
	d, err := vneid.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEveryFilingBecomesATicket(t *testing.T) {
	w := newWorld(t)
	me := person(t, "level2")
	from, until := day(t, "2026-12-01"), day(t, "2027-06-01")
	for i, f := range []requests.Filing{
		requests.Residence{Kind: requests.Permanent, Applicant: me, Address: "Phường Mẫu", Members: 2},
		requests.Residence{Kind: requests.Temporary, Applicant: person(t, "level1"), Address: "Phường Mẫu", From: from, Until: until},
		requests.Residence{Kind: requests.Absence, Applicant: me, Address: "Phường Mẫu", From: from, Until: until},
		requests.Report{Reporter: me, Category: "fraud", Place: "Phường Mẫu", Text: "giả danh công an"},
		requests.Report{Category: "noise", Text: "ồn"},
		requests.JudicialRecord{Applicant: me, Form: 1, Province: "001", Purpose: "xin việc"},
		requests.Integration{Applicant: me, Document: document.DriverLicence, Number: "999000000001"},
	} {
		ref := fmt.Sprintf("case-%d", i)
		a, err := w.desk.File(t.Context(), ref, f)
		if err != nil || a.State != requests.Received || a.State.Final() || a.Again || a.ID == "" {
			t.Fatalf("%T: %+v %v", f, a, err)
		}
		again, err := w.desk.File(t.Context(), ref, f)
		if err != nil || !again.Again || again.ID != a.ID {
			t.Errorf("%T again: %+v %v", f, again, err)
		}
		end := servicewire.Done
		if a.Kind == servicewire.Integration {
			end = servicewire.Verified
		}
		if err := w.DecideTicket(t.Context(), a.ID, end, servicewire.Text{Vi: "xong", En: "done"}); err != nil {
			t.Fatal(err)
		}
		got, err := w.desk.Look(t.Context(), a.ID)
		if err != nil || string(got.State) != end || !got.State.Final() || got.NoteVi != "xong" || got.Kind != a.Kind {
			t.Errorf("%T: %+v %v", f, got, err)
		}
	}
}

func TestFilingsAreRefusedByTheirKind(t *testing.T) {
	w := newWorld(t)
	me := person(t, "level2")
	good := requests.JudicialRecord{Applicant: me, Form: 1, Province: "001", Purpose: "xin việc"}
	if _, err := w.desk.File(t.Context(), "good", good); err != nil {
		t.Fatal(err)
	}
	two, nobody, low, other := good, good, good, good
	two.Form = 2
	nobody.Applicant = vneid.Citizen{}
	low.Applicant = person(t, "level1")
	other.Purpose = "việc khác"
	foreign := good
	foreign.Applicant = person(t, "foreigner")
	for name, c := range map[string]struct {
		ref  string
		f    requests.Filing
		kind vneid.Kind
	}{
		"form no. 2":               {"a", two, vneid.ErrDenied},
		"nobody":                   {"b", nobody, vneid.ErrMismatch},
		"a level-1 account":        {"c", low, vneid.ErrMismatch},
		"a foreigner":              {"d", foreign, vneid.ErrMismatch},
		"another under one name":   {"good", other, vneid.ErrReplayed},
		"no name":                  {"", good, vneid.ErrMalformed},
		"nothing":                  {"e", nil, vneid.ErrMalformed},
		"a report without a text":  {"f", requests.Report{Category: "x"}, vneid.ErrMalformed},
		"a procedure of no name":   {"g", requests.Residence{Kind: "x", Applicant: me, Address: "y"}, vneid.ErrMalformed},
		"a text of control marks":  {"h", requests.Report{Category: "x", Text: "a\x00b"}, vneid.ErrMalformed},
		"a household of a hundred": {"i", requests.Residence{Kind: requests.Permanent, Applicant: me, Address: "y", Members: 100}, vneid.ErrMalformed},
	} {
		got, err := w.desk.File(t.Context(), c.ref, c.f)
		if !errors.Is(err, c.kind) || got != (requests.Ticket{}) || !strings.HasPrefix(err.Error(), "requests: ") {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
	if _, err := w.desk.Look(t.Context(), "nothing"); !errors.Is(err, vneid.ErrMismatch) {
		t.Errorf("a ticket that is not: %v", err)
	}
}

func TestCitizensAreTold(t *testing.T) {
	w := newWorld(t)
	parent := person(t, "guardian")
	dead := person(t, "namesake")
	for ref, n := range map[string]requests.Notification{
		"birth": requests.Birth{To: parent, Registration: requests.PartDone, Residence: requests.PartDone, Insurance: requests.PartReceived},
		"death": requests.Death{To: parent, Deceased: dead.ID(), Registration: requests.PartDone, Residence: requests.PartReceived, Funeral: requests.PartRefused},
		"news":  requests.News{TitleVi: "Tin", TitleEn: "News", BodyVi: "…", BodyEn: "…"},
		"crime": requests.News{Crime: true, TitleVi: "Cảnh báo", TitleEn: "Warning"},
		"link":  requests.AccountLinked{To: parent, Site: "Cổng mẫu"},
	} {
		id, err := w.desk.Notify(t.Context(), ref, n)
		if err != nil || id == "" {
			t.Fatalf("%s: %v", ref, err)
		}
		if again, err := w.desk.Notify(t.Context(), ref, n); err != nil || again != id {
			t.Errorf("%s again: %s %v", ref, again, err)
		}
	}
	inbox, err := w.Inbox(t.Context(), "guardian", 50)
	kinds := map[string]int{}
	for _, n := range inbox {
		kinds[n.Kind]++
	}
	if err != nil || len(inbox) != 5 || len(kinds) != 5 || kinds["lienthong.birth"] != 1 || kinds["lienthong.death"] != 1 {
		t.Errorf("%v %v", kinds, err)
	}
	account, err := w.Account(t.Context(), "namesake")
	if err != nil || !account.EIDLocked {
		t.Error("the dead person's card is not locked")
	}
	for name, c := range map[string]struct {
		ref  string
		n    requests.Notification
		kind vneid.Kind
	}{
		"nothing":                       {"x", nil, vneid.ErrMalformed},
		"to nobody":                     {"x", requests.Birth{Registration: "done", Residence: "done", Insurance: "done"}, vneid.ErrMismatch},
		"a birth without its procedure": {"x", requests.Birth{To: parent, Registration: "done", Residence: "done"}, vneid.ErrMalformed},
		"a death of nobody":             {"x", requests.Death{To: parent, Registration: "done", Residence: "done", Funeral: "done"}, vneid.ErrMalformed},
		"news without a title":          {"x", requests.News{}, vneid.ErrMalformed},
		"another under one name":        {"link", requests.AccountLinked{To: parent, Site: "Cổng khác"}, vneid.ErrReplayed},
	} {
		if id, err := w.desk.Notify(t.Context(), c.ref, c.n); !errors.Is(err, c.kind) || id != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFaultsFailClosed(t *testing.T) {
	w := newWorld(t)
	f := requests.Report{Category: "x", Text: "y"}
	a, err := w.desk.File(t.Context(), "first", f)
	if err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string]vneid.Kind{
		"services-down": vneid.ErrUnavailable, "services-cut": vneid.ErrUnavailable, "services-page": vneid.ErrUnavailable, "services-lost": vneid.ErrUnavailable,
		"services-forbidden": vneid.ErrDenied, "tickets-odd-state": vneid.ErrUnavailable, "tickets-other": vneid.ErrUnavailable, "tickets-no-time": vneid.ErrUnavailable,
	} {
		if err := w.Break("", name); err != nil {
			t.Fatal(err)
		}
		_, err1 := w.desk.Look(t.Context(), a.ID)
		_, err2 := w.desk.File(t.Context(), name, f)
		if !errors.Is(err1, kind) || !errors.Is(err2, kind) && name != "tickets-other" {
			t.Errorf("%s: %v; %v", name, err1, err2)
		}
		w.Heal("")
		if _, err := w.desk.Look(t.Context(), a.ID); err != nil {
			t.Errorf("%s, healed: %v", name, err)
		}
		if got, err := w.desk.File(t.Context(), name, f); err != nil || name == "services-lost" && !got.Again {
			t.Errorf("%s, healed: %+v %v", name, got, err)
		}
	}
}

func TestErrorsAndDesksQuoteNothing(t *testing.T) {
	w := newWorld(t)
	canary := vneid.NewCitizen(vneid.Record{ID: "999190123456", Name: "Chim Hoàng Yến"}, seal.Own())
	text := ""
	_, err := w.desk.File(t.Context(), "x", requests.Integration{Applicant: canary, Document: "driver-licence", Number: "1"})
	text += fmt.Sprint(err)
	_, err = w.desk.File(t.Context(), "Chim Hoàng Yến\n", requests.Report{Category: "Chim Hoàng Yến\n", Text: "999190123456"})
	text += fmt.Sprintf("%v %+v %#v %s", err, w.desk, w.desk, requests.Integration{Applicant: canary})
	for _, part := range []string{"190123", "Chim", "0123456789abcdef", fmt.Sprintf("%x", "0123456789abcdef")} {
		if strings.Contains(text, part) {
			t.Errorf("%q in %s", part, text)
		}
	}
}

func TestTheZeroDeskRefuses(t *testing.T) {
	var d requests.Desk
	if _, err := d.File(t.Context(), "x", requests.Report{}); err == nil {
		t.Error("files")
	}
	if _, err := d.Look(t.Context(), "x"); err == nil {
		t.Error("looks")
	}
	if _, err := d.Notify(t.Context(), "x", requests.News{}); err == nil {
		t.Error("notifies")
	}
	for field, c := range map[string]requests.Config{"Client": {Secret: make([]byte, 32)}, "Secret": {Client: new(services.Client), Secret: make([]byte, 31)}} {
		var kind vneid.Kind
		if _, err := requests.New(c); err == nil || errors.As(err, &kind) || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}
