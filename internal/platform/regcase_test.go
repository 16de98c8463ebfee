package platform

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// bureau is a unit with its officer, a card reader and a verifier.
type bureau struct {
	*world
	officer  Staff
	issuer   *chiptest.Issuer
	verifier *chip.Verifier
}

func (w *world) bureau(officer string) *bureau {
	w.t.Helper()
	return &bureau{world: w, officer: w.staff(officer)}
}

// reader is for readings: its authority and verifier.
func (b *bureau) reader() {
	b.t.Helper()
	if b.verifier != nil {
		return
	}
	var err error
	if b.issuer, err = chiptest.NewIssuer(chiptest.Authority{Now: b.now}); err != nil {
		b.t.Fatal(err)
	}
	b.verifier, err = chip.New(chip.Config{Anchors: []chip.Anchor{{Certificates: b.issuer.Anchor(), Country: "VN", Label: "test"}}, Now: b.now})
	if err != nil {
		b.t.Fatal(err)
	}
}

// documents are what cards in order said, by number: most tests are about what comes after.
var documents sync.Map

// read is a whole reading: challenge, chip, verdict.
func (b *bureau) read(c chiptest.Card) (*chip.Document, error) {
	b.t.Helper()
	b.reader()
	if c.Issuer == nil {
		c.Issuer = b.issuer
	}
	c.Now = b.now
	card, err := chiptest.New(c)
	if err != nil {
		b.t.Fatal(err)
	}
	challenge, err := b.verifier.Challenge("case")
	if err != nil {
		b.t.Fatal(err)
	}
	access, err := chip.CAN(card.Access().CAN)
	if err != nil {
		b.t.Fatal(err)
	}
	dump, err := chip.Read(b.t.Context(), card, access, chip.ReadOptions{Challenge: &challenge, MaxResponse: 65536, Now: b.now})
	if err != nil {
		b.t.Fatal(err)
	}
	return b.verifier.Verify(b.t.Context(), dump, chip.VerifyOptions{Session: "case"})
}

func (b *bureau) open(kind CaseKind, handle string, edit func(*CaseForm)) Case {
	b.t.Helper()
	who, _ := personas.Get(handle)
	f := CaseForm{Key: random(), Kind: kind, Number: who.Username()}
	if edit != nil {
		edit(&f)
	}
	c, err := b.OpenCase(b.t.Context(), b.officer, f)
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

// ref names a case as it is now, for a new form.
func (b *bureau) ref(id string) CaseRef {
	b.t.Helper()
	return CaseRef{ID: id, Rev: b.look(id).Rev, Key: random()}
}

func (b *bureau) look(id string) Case {
	b.t.Helper()
	c, err := b.Case(b.t.Context(), b.officer, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func (b *bureau) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// fill does every step of a case but papers and submission.
func (b *bureau) fill(c Case) {
	b.t.Helper()
	ctx := b.t.Context()
	if c.ByOther {
		b.must(b.CaseRepresentative(ctx, b.officer, b.ref(c.ID), "999191000011"))
	}
	b.must(b.CaseContact(ctx, b.officer, b.ref(c.ID), "0000 000 177", "nhan@example.com"))
	if c.Kind == CaseCitizen && !c.Linked {
		e, err := b.RegisterEntry(ctx, registers.Cards, c.Number)
		b.must(err)
		doc, there := documents.Load(e.Record.ID)
		if !there {
			doc, err = b.read(chiptest.Card{Record: e.Record})
			b.must(err)
			documents.Store(e.Record.ID, doc)
		}
		b.must(b.CaseChip(ctx, b.officer, b.ref(c.ID), doc.(*chip.Document), nil))
	}
	if c.Kind != CaseOrganisation {
		face := OutcomeMatch
		if c.Kind == CaseFirstCard {
			face = OutcomeTaken
		}
		b.must(b.CaseCompared(ctx, b.officer, b.ref(c.ID), face, OutcomeMissing))
	}
	b.must(b.CaseAgreed(ctx, b.officer, b.ref(c.ID), AgreementOn(b.today()).Version, true))
}

func (b *bureau) account(id string) Account {
	b.t.Helper()
	a, err := b.Account(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return a
}

func TestLevel2IsGrantedAtTheCounter(t *testing.T) {
	w := newWorld(t)
	w.set("2026-11-20T16:30:00+07:00") // a Friday
	b := w.bureau("can-bo-phuong")
	ctx := t.Context()
	c := b.open(CaseCitizen, "level1", nil)
	if c.Name != "Trần Thị Bình" || c.Unit != "ca-phuong-mau" || c.Officer != "can-bo-phuong" || c.Rules != "ND69" {
		t.Fatalf("%+v", c)
	}
	if got := c.Missing(); !slices.Equal(got, []string{"contact", "chip", "compared", "agreed"}) {
		t.Fatalf("missing %v", got)
	}
	if err := b.SubmitCase(ctx, b.officer, b.ref(c.ID)); !errors.Is(err, ErrMissing) {
		t.Fatalf("submitted without anything: %v", err)
	}
	b.must(b.CasePaperAdd(ctx, b.officer, b.ref(c.ID), document.DriverLicence, "999 000 000 002"))
	b.must(b.CasePaperAdd(ctx, b.officer, b.ref(c.ID), document.HealthInsurance, "DN4990000000002"))
	b.fill(c)
	if err := b.SubmitCase(ctx, b.officer, b.ref(c.ID)); !errors.Is(err, ErrMissing) {
		t.Fatalf("submitted with papers undecided: %v", err)
	}
	b.must(b.CasePaperDecide(ctx, b.officer, b.ref(c.ID), document.DriverLicence, true, ""))
	if err := b.CasePaperDecide(ctx, b.officer, b.ref(c.ID), document.HealthInsurance, true, ""); !errors.Is(err, ErrPaper) {
		t.Fatalf("a paper that no register has is accepted: %v", err)
	}
	b.must(b.CasePaperDecide(ctx, b.officer, b.ref(c.ID), document.HealthInsurance, false, "Không có trong CSDL bảo hiểm"))
	b.must(b.SubmitCase(ctx, b.officer, b.ref(c.ID)))
	c = b.look(c.ID)
	if c.State != RegSubmitted || c.Due.Format(time.RFC3339) != "2026-11-25T23:59:59+07:00" || len(c.Findings) != 2 || c.Findings[1].Result != registers.Matched {
		t.Fatalf("%s due %v, findings %+v", c.State, c.Due, c.Findings)
	}
	if a := b.account("level1"); a.Level != 1 {
		t.Fatal("granted before the decision")
	}
	b.must(b.GrantCase(ctx, b.officer, b.ref(c.ID)))
	a := b.account("level1")
	if a.Level != 2 || !a.Face || a.EIDIssued.IsZero() || a.Phone != "+84000000177" || a.Email != "nhan@example.com" || len(a.Confirmed) != 2 {
		t.Errorf("the account is %+v", a)
	}
	if _, err := b.EIDCard(ctx, "level1"); err != nil {
		t.Errorf("no electronic identity card: %v", err)
	}
	tickets, err := b.Tickets(ctx, 100)
	b.must(err)
	ends := map[string]string{}
	for _, one := range tickets {
		if one.Client == counterClient {
			ends[one.Filing.Document] = one.last().State
		}
	}
	if ends["driver-licence"] != servicewire.Verified || ends["health-insurance"] != servicewire.Refused {
		t.Errorf("tickets %v", ends)
	}
	out, err := b.Outbox(ctx, "level1")
	b.must(err)
	for _, m := range out {
		if m.Secret != "" {
			t.Error("another first password for who has one")
		}
	}
	if open, _ := b.Cases(ctx, b.officer, false, 10); len(open) != 0 {
		t.Error("still in the queue")
	}
	if done, _ := b.Cases(ctx, b.officer, true, 10); len(done) != 1 || done[0].State != RegGranted {
		t.Error("not among what is done")
	}
	for _, held := range b.papers("level1") {
		if held.Kind == document.Identity && (held.Source != "Cơ sở dữ liệu căn cước" || !held.At.Equal(a.Confirmed[1].At)) {
			t.Errorf("the identity document says %s, %v", held.Source, held.At)
		}
	}
}

func (w *world) papers(account string) []Paper {
	w.t.Helper()
	all, err := w.Papers(w.t.Context(), account)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func TestLevel2OfSomebodyWithoutAnAccount(t *testing.T) {
	w := newWorld(t)
	b := w.bureau("can-bo-xa")
	c := b.open(CaseCitizen, "no-account", nil)
	b.fill(c)
	b.must(b.SubmitCase(t.Context(), b.officer, b.ref(c.ID)))
	b.must(b.GrantCase(t.Context(), b.officer, b.ref(c.ID)))
	a := b.account("no-account")
	if a.Level != 2 || a.App || a.EIDIssued.IsZero() {
		t.Errorf("%+v", a)
	}
	out, err := b.Outbox(t.Context(), "no-account")
	b.must(err)
	if !slices.ContainsFunc(out, func(m Message) bool { return m.Secret != "" && m.Channel == SMS && m.To == "+84000000177" }) {
		t.Error("no first password by SMS")
	}
}

func TestAFirstCardAndLevel2AreOneProcedure(t *testing.T) {
	w := newWorld(t)
	w.set("2026-11-20T16:30:00+07:00")
	b := w.bureau("can-bo-tinh")
	ctx := t.Context()
	r := vneid.Record{ID: "999112000078", Name: "Lê Thị Mười Bốn", Birth: dateOf(t, "2012-02-29"), Sex: vneid.Female, Nationality: "VNM"}
	r.ID = "999312000078"
	b.must(b.SetEntry(ctx, registers.Population, r.ID, &registers.Entry{Record: r}))
	form := func(f *CaseForm) { f.Number = r.ID }
	if _, err := b.OpenCase(ctx, b.officer, CaseForm{Key: random(), Kind: CaseCitizen, Number: r.ID}); !errors.Is(err, ErrNoCard) {
		t.Errorf("level 2 without a card: %v", err)
	}
	if _, err := b.OpenCase(ctx, b.staff("can-bo-xa"), CaseForm{Key: random(), Kind: CaseFirstCard, Number: r.ID}); !errors.Is(err, ErrUnit) {
		t.Errorf("a first card where none are issued: %v", err)
	}
	c := b.open(CaseFirstCard, "level1", form)
	b.fill(c)
	b.must(b.SubmitCase(ctx, b.officer, b.ref(c.ID)))
	if c = b.look(c.ID); c.Due.Format(time.RFC3339) != "2026-12-01T23:59:59+07:00" {
		t.Errorf("due %v", c.Due)
	}
	b.must(b.GrantCase(ctx, b.officer, b.ref(c.ID)))
	a := b.account(c.Account)
	if a.Level != 2 || a.Record.CardIssued != dateOf(t, "2026-11-20") || a.Record.CardExpires != dateOf(t, "2037-02-28") || a.EIDIssued.IsZero() {
		t.Errorf("%+v", a)
	}
	e, err := b.RegisterEntry(ctx, registers.Cards, r.ID)
	if err != nil || e == nil || e.Record.CardIssued.IsZero() {
		t.Errorf("the card register has %+v %v", e, err)
	}
	if _, err := b.OpenCase(ctx, b.officer, CaseForm{Key: random(), Kind: CaseFirstCard, Number: "999195000002"}); !errors.Is(err, ErrHas) {
		t.Errorf("a first card for who has one: %v", err)
	}
}

func TestAChildNeedsARepresentativeAtTheCounter(t *testing.T) {
	w := newWorld(t)
	b := w.bureau("can-bo-phuong")
	ctx := t.Context()
	c := b.open(CaseCitizen, "minor", nil)
	if !c.ByOther || !slices.Contains(c.Missing(), "representative") {
		t.Fatalf("%+v", c)
	}
	if err := b.CaseAgreed(ctx, b.officer, b.ref(c.ID), "ND69-1", true); !errors.Is(err, ErrNoPerson) {
		t.Errorf("a child agrees alone: %v", err)
	}
	for _, number := range []string{"999090000003", "999195000002", "999218000009", "0"} {
		if err := b.CaseRepresentative(ctx, b.officer, b.ref(c.ID), number); !errors.Is(err, ErrNoPerson) {
			t.Errorf("%s acts for the child: %v", number, err)
		}
	}
	b.fill(c)
	b.must(b.SubmitCase(ctx, b.officer, b.ref(c.ID)))
	b.must(b.GrantCase(ctx, b.officer, b.ref(c.ID)))
	if a := b.account("minor"); a.Level != 2 || !slices.Contains(a.Guardians, "guardian") {
		t.Errorf("%+v", a)
	}
	if c = b.look(c.ID); c.Agreed.By != ByRepresentative || c.Agreed.Account != "guardian" || c.Agreed.Unit != "ca-phuong-mau" {
		t.Errorf("%+v", c.Agreed)
	}
	who, _ := personas.Get("infant")
	if _, err := b.OpenCase(ctx, b.officer, CaseForm{Key: random(), Kind: CaseCitizen, Number: who.Username()}); !errors.Is(err, ErrRules) {
		t.Errorf("level 2 under six: %v", err)
	}
}

func TestARepresentativeWhoIsLockedMeanwhileActsNoMore(t *testing.T) {
	w := newWorld(t)
	b := w.bureau("can-bo-phuong")
	c := b.open(CaseCitizen, "minor", nil)
	b.fill(c)
	b.must(b.SubmitCase(t.Context(), b.officer, b.ref(c.ID)))
	b.must(b.SetLocks(t.Context(), "guardian", Locks{EID: true}))
	if err := b.GrantCase(t.Context(), b.officer, b.ref(c.ID)); !errors.Is(err, ErrNoPerson) {
		t.Errorf("granted: %v", err)
	}
}

func TestUnderDecree59AChildIsWithTheParents(t *testing.T) {
	w := newWorld(t)
	w.set("2024-06-28T09:00:00+07:00")
	number := w.child("2014-05-05")
	b := w.bureau("can-bo-phuong")
	ctx := t.Context()
	c := b.open(CaseCitizen, "minor", func(f *CaseForm) { f.Number = number })
	if !c.Linked || c.Rules != "ND59" {
		t.Fatalf("%+v", c)
	}
	b.fill(c)
	b.must(b.SubmitCase(ctx, b.officer, b.ref(c.ID)))
	w.set("2024-07-02T09:00:00+07:00") // what was handed in under a decree is decided by it
	b.must(b.GrantCase(ctx, b.officer, b.ref(c.ID)))
	a := b.account(c.Account)
	if a.Level != 0 || a.LinkedAt.IsZero() || !slices.Equal(a.Guardians, []string{"guardian"}) || !a.EIDIssued.IsZero() {
		t.Errorf("%+v", a)
	}
	again := b.open(CaseCitizen, "minor", func(f *CaseForm) { f.Number = number }) // now an account of their own
	if again.Linked || again.Rules != "ND69" || again.Account != c.Account {
		t.Errorf("%+v", again)
	}
}

func TestAForeignerAtTheImmigrationOffice(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	const number = "99900000000079"
	r := vneid.Record{ForeignerID: number, Name: "JANE EXAMPLE SAMPLE", Birth: dateOf(t, "1991-01-01"), Sex: vneid.Female, Nationality: "UTO"}
	b := w.bureau("can-bo-xnc")
	b.must(b.SetEntry(ctx, registers.Immigration, number, &registers.Entry{Record: r, Permit: dateOf(t, "2026-11-23")}))
	if _, err := b.OpenCase(ctx, b.staff("can-bo-phuong"), CaseForm{Key: random(), Kind: CaseForeigner, Number: number}); !errors.Is(err, ErrUnit) {
		t.Errorf("a foreigner at a ward: %v", err)
	}
	c := b.open(CaseForeigner, "foreigner", func(f *CaseForm) { f.Number = number })
	b.fill(c)
	b.must(b.SubmitCase(ctx, b.officer, b.ref(c.ID)))
	w.set("2026-11-24T00:00:00+07:00") // the residence card has ended
	if err := b.GrantCase(ctx, b.officer, b.ref(c.ID)); !errors.Is(err, ErrNoMatch) {
		t.Errorf("granted behind the end of the residence card: %v", err)
	}
	w.set("2026-11-23T23:59:59+07:00")
	b.must(b.GrantCase(ctx, b.officer, b.ref(c.ID)))
	a := b.account(c.Account)
	if a.Level != 2 || a.Type != "foreigner" || !a.EIDIssued.IsZero() || a.Confirmed[0].Register != registers.Immigration {
		t.Errorf("%+v", a)
	}
}

func TestAnOrganisationByItsRepresentative(t *testing.T) {
	for known, due := range map[bool]string{true: "2026-11-25T23:59:59+07:00", false: "2026-12-11T23:59:59+07:00"} {
		w := newWorld(t)
		w.set("2026-11-20T16:30:00+07:00")
		b := w.bureau("can-bo-phuong")
		ctx := t.Context()
		data := OrganisationData{Code: "9990000001", Name: "Công ty Ví Dụ", Known: known}
		for handle, want := range map[string]error{"level1": ErrNoPerson, "eid-locked": ErrNoPerson, "no-account": ErrNoPerson} {
			who, _ := personas.Get(handle)
			if _, err := b.OpenCase(ctx, b.officer, CaseForm{Key: random(), Kind: CaseOrganisation, Number: who.Username(), OrganisationData: data}); !errors.Is(err, want) {
				t.Errorf("%s: %v", handle, err)
			}
		}
		c := b.open(CaseOrganisation, "level2", func(f *CaseForm) { f.OrganisationData = data })
		b.fill(c)
		b.must(b.SubmitCase(ctx, b.officer, b.ref(c.ID)))
		if c = b.look(c.ID); c.Due.Format(time.RFC3339) != due {
			t.Errorf("known %v: due %v", known, c.Due)
		}
		err := b.GrantCase(ctx, b.officer, b.ref(c.ID))
		if !known {
			if !errors.Is(err, ErrMissing) {
				t.Errorf("granted without verification: %v", err)
			}
			b.must(b.CaseVerified(ctx, b.officer, b.ref(c.ID)))
			err = b.GrantCase(ctx, b.officer, b.ref(c.ID))
		}
		b.must(err)
		o, err := b.OrganisationOf(ctx, "9990000001")
		if err != nil || o.Representative != "level2" || o.Name != "Công ty Ví Dụ" {
			t.Errorf("%+v %v", o, err)
		}
		if _, err := b.OpenCase(ctx, b.officer, CaseForm{Key: random(), Kind: CaseOrganisation, Number: c.Number, OrganisationData: data}); !errors.Is(err, ErrHas) {
			t.Errorf("twice: %v", err)
		}
	}
}

func TestWhoCannotHaveACase(t *testing.T) {
	w := newWorld(t)
	b := w.bureau("can-bo-phuong")
	ctx := t.Context()
	b.must(b.SetEntry(ctx, registers.Population, "999154000018", &registers.Entry{Record: vneid.Record{ID: "999154000018"}, Died: dateOf(t, "2026-01-01")}))
	b.must(b.SetLocks(ctx, "no-account", Locks{Account: true}))
	for name, x := range map[string]struct {
		by   Staff
		form CaseForm
		want error
	}{
		"level 2 already":        {b.officer, CaseForm{Kind: CaseCitizen, Number: "999090000001"}, ErrHas},
		"a locked account":       {b.officer, CaseForm{Kind: CaseCitizen, Number: "999165000006"}, ErrLocked},
		"who died":               {b.officer, CaseForm{Kind: CaseCitizen, Number: "999154000018"}, ErrDead},
		"nobody":                 {b.officer, CaseForm{Kind: CaseCitizen, Number: "999090000099"}, ErrUnknown},
		"no number":              {b.officer, CaseForm{Kind: CaseCitizen, Number: "x"}, ErrForm},
		"no kind":                {b.officer, CaseForm{Kind: "x", Number: "999195000002"}, ErrForm},
		"the agency":             {b.staff("co-quan"), CaseForm{Kind: CaseCitizen, Number: "999195000002"}, ErrNotAllowed},
		"a client's staff":       {b.staff("nhan-vien-portal"), CaseForm{Kind: CaseCitizen, Number: "999195000002"}, ErrNotAllowed},
		"a district of before":   {b.staff("can-bo-huyen"), CaseForm{Kind: CaseCitizen, Number: "999195000002"}, ErrUnit},
		"a code of no form":      {b.officer, CaseForm{Kind: CaseOrganisation, Number: "999090000001", OrganisationData: OrganisationData{Code: "1", Name: "X"}}, ErrForm},
		"a company without name": {b.officer, CaseForm{Kind: CaseOrganisation, Number: "999090000001", OrganisationData: OrganisationData{Code: "9990000001"}}, ErrForm},
	} {
		x.form.Key = random()
		if _, err := b.OpenCase(ctx, x.by, x.form); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", name, err, x.want)
		}
	}
	w.set("2022-10-19T10:00:00+07:00")
	if _, err := b.OpenCase(ctx, b.officer, CaseForm{Key: random(), Kind: CaseCitizen, Number: "999195000002"}); !errors.Is(err, ErrUnit) {
		t.Errorf("before the first decree: %v", err)
	}
}

func TestWhatTheChipSaysHasToBeThePersons(t *testing.T) {
	ctx := context.Background()
	for name, x := range map[string]struct {
		card    chiptest.Card
		own     bool
		passed  bool
		missing bool
	}{
		"the person's card":        {chiptest.Card{Person: "level1"}, true, true, false},
		"another person's card":    {chiptest.Card{Person: "namesake"}, false, true, true},
		"a copy of the card":       {chiptest.Card{Person: "level1", NoCA: true, Faults: []string{"clone"}}, false, false, true},
		"an authority of no trust": {chiptest.Card{Person: "level1", Issuer: foreignIssuer(t)}, false, false, true},
	} {
		w := newWorld(t)
		b := w.bureau("can-bo-phuong")
		c := b.open(CaseCitizen, "level1", nil)
		doc, err := b.read(x.card)
		b.must(b.CaseChip(ctx, b.officer, b.ref(c.ID), doc, err))
		c = b.look(c.ID)
		if c.Chip.Passed != x.passed || c.Chip.Own != x.own || slices.Contains(c.Missing(), "chip") != x.missing || len(c.Chip.Checks) == 0 {
			t.Errorf("%s: %+v", name, c.Chip)
		}
		if !x.own && c.Chip.Shown != (ChipPerson{}) {
			t.Errorf("%s: something of it was kept", name)
		}
		if !x.passed && c.Chip.Reason == "" {
			t.Errorf("%s: no reason", name)
		}
		trouble := errors.New("the card was taken away")
		if err := b.CaseChip(ctx, b.officer, b.ref(c.ID), nil, trouble); !errors.Is(err, trouble) || b.look(c.ID).Rev != c.Rev {
			t.Errorf("%s: trouble at the reader changes the case: %v", name, err)
		}
	}
}

func foreignIssuer(t *testing.T) *chiptest.Issuer {
	t.Helper()
	i, err := chiptest.NewIssuer(chiptest.Authority{Now: func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestEitherComparisonIsEnoughAndNeitherMayContradict(t *testing.T) {
	for _, x := range []struct {
		kind         CaseKind
		face, finger Outcome
		want         bool
	}{
		{CaseCitizen, OutcomeMatch, OutcomeMatch, true},
		{CaseCitizen, OutcomeMatch, OutcomeMissing, true},
		{CaseCitizen, OutcomeMissing, OutcomeMatch, true},
		{CaseCitizen, OutcomeMissing, OutcomeMissing, false},
		{CaseCitizen, OutcomeMatch, OutcomeNoMatch, false},
		{CaseCitizen, OutcomeNoMatch, OutcomeMatch, false},
		{CaseCitizen, OutcomeTaken, OutcomeTaken, false},
		{CaseFirstCard, OutcomeTaken, OutcomeTaken, true},
		{CaseFirstCard, OutcomeNoMatch, OutcomeTaken, false},
		{CaseFirstCard, OutcomeMissing, OutcomeMissing, false},
	} {
		if got := (&Comparison{Face: x.face, Finger: x.finger}).suffices(x.kind); got != x.want {
			t.Errorf("%s: face %s, finger %s: %v", x.kind, x.face, x.finger, got)
		}
	}
	w := newWorld(t)
	b := w.bureau("can-bo-phuong")
	c := b.open(CaseCitizen, "level1", nil)
	for _, o := range []Outcome{"", "yes", OutcomeTaken} {
		if err := b.CaseCompared(t.Context(), b.officer, b.ref(c.ID), OutcomeMatch, o); !errors.Is(err, ErrForm) {
			t.Errorf("%q is an outcome: %v", o, err)
		}
	}
}

// What the registers say is told to officers apart, and keeps the account from level 2.
func TestARegisterThatDoesNotConfirmStopsTheGrant(t *testing.T) {
	who, _ := personas.Get("level1")
	for name, x := range map[string]struct {
		register registers.Register
		edit     func(*registers.Entry)
		off      bool
		result   registers.Result
		err      error
	}{
		"another name":       {registers.Population, func(e *registers.Entry) { e.Record.Name = "Trần Thị Khác" }, false, registers.Mismatch, ErrNoMatch},
		"a death":            {registers.Population, func(e *registers.Entry) { e.Died, _ = vneid.NewDate(2026, 11, 22) }, false, registers.Dead, ErrNoMatch},
		"a card revoked":     {registers.Cards, func(e *registers.Entry) { e.Revoked = true }, false, registers.CardRevoked, ErrNoMatch},
		"a card that ended":  {registers.Cards, func(e *registers.Entry) { e.Record.CardExpires, _ = vneid.NewDate(2026, 11, 21) }, false, registers.CardExpired, ErrNoMatch},
		"a newer card":       {registers.Cards, func(e *registers.Entry) { e.Record.CardIssued, _ = vneid.NewDate(2026, 11, 20) }, false, registers.CardOther, ErrNoMatch},
		"a register is off":  {registers.Cards, nil, true, registers.Unavailable, ErrRegister},
		"the other one, too": {registers.Population, nil, true, registers.Unavailable, ErrRegister},
	} {
		w := newWorld(t)
		b := w.bureau("can-bo-phuong")
		ctx := t.Context()
		c := b.open(CaseCitizen, "level1", nil)
		b.fill(c)
		if x.edit != nil {
			e := &registers.Entry{Record: who.Record}
			x.edit(e)
			b.must(b.SetEntry(ctx, x.register, who.Username(), e))
		}
		b.must(b.Registers().Switch(x.register, x.off))
		b.must(b.SubmitCase(ctx, b.officer, b.ref(c.ID)))
		c = b.look(c.ID)
		if last := c.Findings[len(c.Findings)-1]; last.Result != x.result || last.Register != x.register {
			t.Errorf("%s: found %+v", name, c.Findings)
		}
		if err := b.GrantCase(ctx, b.officer, b.ref(c.ID)); !errors.Is(err, x.err) {
			t.Errorf("%s: %v", name, err)
		}
		if a := b.account("level1"); a.Level != 1 {
			t.Errorf("%s: level %d", name, a.Level)
		}
		b.must(b.SetEntry(ctx, x.register, who.Username(), nil))
		b.must(b.Registers().Switch(x.register, false))
		b.must(b.MatchCase(ctx, b.officer, b.ref(c.ID)))
		b.must(b.GrantCase(ctx, b.officer, b.ref(c.ID)))
	}
}

func TestTheAuditNamesUnitAndReceivingOfficer(t *testing.T) {
	w := newWorld(t)
	b := w.bureau("can-bo-phuong")
	c := b.open(CaseCitizen, "level1", nil)
	b.fill(c)
	b.must(b.SubmitCase(t.Context(), b.officer, b.ref(c.ID)))
	second := w.bureau("can-bo-phuong-2")
	b.must(b.GrantCase(t.Context(), second.officer, b.ref(c.ID)))
	var granted, cases int
	b.must(b.store.View(t.Context(), func(tx Tx) error {
		rows, err := tx.List(tableAudit, "", "", 1000)
		for _, row := range rows {
			line := string(row.Value)
			if strings.Contains(line, "999195000002") || strings.Contains(line, "Trần") {
				t.Error("a number or name in the audit")
			}
			if strings.Contains(line, `\"case\":`) || strings.Contains(line, `"case":`) {
				cases++
				if strings.Contains(line, auditLevelGranted) {
					granted++
					for _, want := range []string{"can-bo-phuong-2", "ca-phuong-mau", "ND69", "population", "card"} {
						if !strings.Contains(line, want) {
							t.Errorf("the audit lacks %s: %s", want, line)
						}
					}
				}
			}
		}
		return err
	}))
	if cases != 8 || granted != 1 { // open, five steps, the decision, and the level
		t.Errorf("%d entries of the case, %d of the level", cases, granted)
	}
}

func TestAWardNeedsTheGuardianWhateverTheAge(t *testing.T) {
	w := newWorld(t)
	b := w.bureau("can-bo-phuong")
	r := vneid.Record{ID: "999080000076", Name: "Vũ Văn Được", Birth: dateOf(t, "1980-03-03"), Sex: vneid.Male, Nationality: "VNM", CardIssued: dateOf(t, "2024-08-01"), CardExpires: dateOf(t, "2040-03-03")}
	for _, reg := range []registers.Register{registers.Population, registers.Cards} {
		b.must(b.SetEntry(t.Context(), reg, r.ID, &registers.Entry{Record: r, Ward: true, Guardians: []string{"999191000011"}}))
	}
	c := b.open(CaseCitizen, "level1", func(f *CaseForm) { f.Number = r.ID })
	if !c.ByOther || c.Linked {
		t.Fatalf("%+v", c)
	}
	b.fill(c)
	b.must(b.SubmitCase(t.Context(), b.officer, b.ref(c.ID)))
	b.must(b.GrantCase(t.Context(), b.officer, b.ref(c.ID)))
	if a := b.account(c.Account); a.Level != 2 || !a.Ward || !slices.Equal(a.Guardians, []string{"guardian"}) {
		t.Errorf("%+v", a)
	}
}
