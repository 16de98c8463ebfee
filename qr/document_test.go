package qr_test

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/qrissue"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// licence is somebody's, with all that a code carries and more.
func licence(t testing.TB) paper.DriverLicence {
	t.Helper()
	points := 11
	return paper.DriverLicence{
		Number: "999190000001", Name: "Nguyễn Thị Phương Thảo", Birth: date(t, "1990-01-31"), Nationality: "VNM",
		Residence: vneid.Address{Text: "Số 15, đường Thử Nghiệm"}, Issued: date(t, "2025-01-31"), Expires: date(t, "2035-01-31"),
		Classes: []paper.HeldClass{{Class: "A1", Expires: vneid.Forever()}, {Class: "B"}, {Class: "C1", Limit: "số tự động"}}, Points: &points,
	}
}

func presented(t testing.TB, state string, p paper.Paper) qrissue.Claims {
	t.Helper()
	c := dynamic(t)
	claims, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	c.Kind, c.Citizen, c.Paper = qr.Document, vneid.Record{}, &qrissue.Paper{Kind: p.Kind(), State: state, Claims: claims}
	return c
}

func inspection() qr.Config {
	cfg := config()
	cfg.Document = document.DriverLicence
	cfg.Signs = map[string][]document.Kind{issuer: {document.DriverLicence, document.VehicleRegistration}}
	return cfg
}

func TestACodeCarriesOfADocumentWhatAnInspectionNeeds(t *testing.T) {
	want := licence(t)
	want.Nationality, want.Residence = "", vneid.Address{}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	for name, code := range spellings(t, presented(t, "verified", licence(t)), edKey) {
		c, err := newVerifier(t, inspection()).Verify(context.Background(), code)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := qr.Reveal[paper.DriverLicence](c)
		if said, _ := json.Marshal(got); err != nil || string(said) != string(text) {
			t.Errorf("%s: %s, %v; want %s", name, said, err, text)
		}
		if c.Kind() != qr.Document || c.Document() != document.DriverLicence || !c.Citizen().IsZero() || c.Status() != qr.StatusUnchecked {
			t.Errorf("%s: kind %d, document %q, citizen %v", name, c.Kind(), c.Document(), c.Citizen())
		}
		t.Logf("%s: %d characters", name, len(code))
		if name == "VN1" && len(code) > 483 { // version 13 at level M
			t.Errorf("%d characters", len(code))
		}
	}
}

func TestRevealGivesTheTypeOfTheDocumentAlone(t *testing.T) {
	c, err := newVerifier(t, inspection()).Verify(context.Background(), spellings(t, presented(t, "verified", licence(t)), edKey)["VN1"])
	if err != nil {
		t.Fatal(err)
	}
	person, err := newVerifier(t, config()).Verify(context.Background(), spellings(t, dynamic(t), edKey)["VN1"])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := qr.Reveal[paper.DriverLicence](c); err != nil { // the twin
		t.Fatal(err)
	}
	refused := func(name string, err error) {
		t.Helper()
		var kind vneid.Kind
		if err == nil || errors.As(err, &kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = qr.Reveal[paper.HealthInsurance](c)
	refused("another document's type", err)
	_, err = qr.Reveal[*paper.DriverLicence](c)
	refused("a pointer", err)
	_, err = qr.Reveal[paper.Paper](c)
	refused("the interface", err)
	_, err = qr.Reveal[paper.DriverLicence](person)
	refused("a person's credential", err)
	_, err = qr.Reveal[paper.DriverLicence](nil)
	refused("no credential", err)
	_, err = qr.Reveal[paper.DriverLicence](new(qr.Credential))
	refused("the zero credential", err)
}

func TestADocumentsCodePassesOnceInWhicheverSpelling(t *testing.T) {
	c := presented(t, "verified", licence(t))
	c.ID = qrissue.NewID()
	texts := spellings(t, c, edKey)
	far := new(asked)
	cfg := inspection()
	cfg.Redeem = far
	v := newVerifier(t, cfg)
	first, err := v.Verify(context.Background(), texts["VN1"])
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range texts {
		if _, err := v.Verify(context.Background(), text); !errors.Is(err, vneid.ErrReplayed) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := qr.Without(v, "once").Verify(context.Background(), text); err != nil {
			t.Errorf("%s is refused for something else: %v", name, err)
		}
	}
	if len(far.once) != 1 || far.once[0].ID != first.ID() || far.once[0].Use != vneid.UseQR {
		t.Errorf("redeemed: %+v", far.once)
	}
}

func TestARefusedDocumentIsNotUsedUp(t *testing.T) {
	for name, spoil := range map[string]func(*qr.Config){
		"another document is asked for": func(c *qr.Config) { c.Document = document.VehicleRegistration },
		"a person is asked for":         func(c *qr.Config) { c.Document = "" },
		"the issuer may not sign it": func(c *qr.Config) {
			c.Document, c.Signs = document.VehicleRegistration, map[string][]document.Kind{issuer: {document.VehicleRegistration}}
		},
		"for another audience": func(c *qr.Config) { c.Audience = "counter" },
	} {
		text := spellings(t, presented(t, "verified", licence(t)), edKey)["VN1"]
		cfg := inspection()
		cfg.Replay = vneid.NewMemoryReplay(0, atNoon)
		wrong := cfg
		spoil(&wrong)
		if _, err := newVerifier(t, wrong).Verify(context.Background(), text); err == nil {
			t.Errorf("%s: accepted", name)
		}
		if _, err := newVerifier(t, cfg).Verify(context.Background(), text); err != nil {
			t.Errorf("%s: used up: %v", name, err)
		}
	}
}

func TestOtherwiseThePaperIsShown(t *testing.T) {
	for _, state := range []string{"pending", "unverified"} {
		for name, text := range spellings(t, presented(t, state, licence(t)), edKey) {
			c, err := newVerifier(t, inspection()).Verify(context.Background(), text)
			var show *qr.PaperError
			if c != nil || !errors.As(err, &show) || kindOf(t, err) != vneid.ErrLevel {
				t.Fatalf("%s, %s: %v", name, state, err)
			}
			if show.Document != document.DriverLicence || show.State != state || show.Since != date(t, "2024-06-01") {
				t.Errorf("%+v", show)
			}
			vi, en := vneid.Advice(err)
			if !strings.Contains(vi, "xuất trình bản giấy") || !strings.Contains(vi, "Giấy phép lái xe") || !strings.Contains(en, "Ask for the paper") {
				t.Errorf("%s / %s", vi, en)
			}
		}
	}
}

func TestAMistakeAboutDocumentsNamesTheField(t *testing.T) {
	for field, spoil := range map[string]func(*qr.Config){
		"Config.Document": func(c *qr.Config) { c.Document = document.Passport },
		"Config.Signs":    func(c *qr.Config) { c.Signs = nil },
		"sign Config": func(c *qr.Config) {
			c.Signs = map[string][]document.Kind{"https://other.example": {document.DriverLicence}}
		},
		"lets none": func(c *qr.Config) { c.Signs = map[string][]document.Kind{issuer: {document.HealthInsurance}} },
	} {
		cfg := inspection()
		newVerifier(t, cfg)
		spoil(&cfg)
		v, err := qr.New(cfg)
		var kind vneid.Kind
		if err == nil || v != nil || errors.As(err, &kind) || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestWhoMayDriveSomethingStillHasALicence(t *testing.T) {
	yesterday, later := date(t, "2026-01-14"), date(t, "2027-01-01")
	for name, v := range map[string]struct {
		expires vneid.Date
		classes []paper.HeldClass
		over    bool
	}{
		"no date at all":                     {vneid.Date{}, nil, false},
		"no classes, over":                   {yesterday, nil, true},
		"all classes as the licence":         {yesterday, []paper.HeldClass{{Class: "A"}, {Class: "B"}}, true},
		"one class longer":                   {yesterday, []paper.HeldClass{{Class: "A", Expires: later}, {Class: "B"}}, false},
		"classes over before the licence":    {later, []paper.HeldClass{{Class: "A", Expires: yesterday}, {Class: "B", Expires: yesterday}}, true},
		"one class over, one as the licence": {later, []paper.HeldClass{{Class: "A", Expires: yesterday}, {Class: "B"}}, false},
		"classes over, the licence undated":  {vneid.Date{}, []paper.HeldClass{{Class: "A", Expires: yesterday}}, true},
		"Không thời hạn":                     {vneid.Forever(), []paper.HeldClass{{Class: "A"}}, false},
	} {
		l := licence(t)
		l.Expires, l.Classes = v.expires, v.classes
		for spelling, text := range spellings(t, presented(t, "verified", l), edKey) {
			_, err := newVerifier(t, inspection()).Verify(context.Background(), text)
			if v.over != (err != nil) || v.over && kindOf(t, err) != vneid.ErrExpired {
				t.Errorf("%s, %s: %v", name, spelling, err)
			}
		}
	}
}

// A health card that begins next month pays nothing today, genuine as it is.
func TestADocumentThatHasNotBegunDoesNotPass(t *testing.T) {
	cfg := inspection()
	cfg.Document = document.HealthInsurance
	cfg.Signs = map[string][]document.Kind{issuer: {document.HealthInsurance}}
	for from, early := range map[string]bool{"2026-01-15": false, "2025-12": false, "2026-01": false, "2026-01-16": true, "2026-02": true, "2027": true} {
		card := paper.HealthInsurance{Number: "0000000001", From: date(t, from), Until: date(t, "2030-01-31")}
		for spelling, text := range spellings(t, presented(t, "verified", card), edKey) {
			v := newVerifier(t, cfg)
			_, err := v.Verify(context.Background(), text)
			if early != (err != nil) || early && kindOf(t, err) != vneid.ErrNotYetValid {
				t.Errorf("from %s, %s: %v", from, spelling, err)
			}
			if vi, en := vneid.Advice(err); early && (!strings.Contains(vi, "Thẻ BHYT") || !strings.Contains(en, "Health insurance card")) {
				t.Errorf("%s / %s", vi, en)
			}
			if _, err := qr.Without(v, "begun").Verify(context.Background(), text); err != nil && early {
				t.Errorf("from %s, %s is refused for something else: %v", from, spelling, err)
			}
		}
	}
}

// shown is a document's code, or a person's, and what is asked for, drawn at random.
type shown struct {
	situation
	state string
	kind  document.Kind // "" for a person's
	signs []document.Kind
	level vneid.Level
	over  bool
	june  bool // before 2024-06-01
}

func drawShown(t *testing.T, rng *rand.Rand) shown {
	kinds := []document.Kind{document.DriverLicence, document.VehicleRegistration, document.HealthInsurance}
	states := []string{"verified", "verified", "verified", "verified", "pending", "unverified", "", "approved"}
	s := shown{kind: kinds[rng.IntN(3)], state: states[rng.IntN(len(states))], over: rng.IntN(6) == 0, june: rng.IntN(10) == 0}
	until := "2030-01-31"
	if s.over {
		until = "2024-01-31"
	}
	papers := map[document.Kind]paper.Paper{
		document.DriverLicence:       paper.DriverLicence{Number: "999190000001", Expires: date(t, until)},
		document.VehicleRegistration: paper.VehicleRegistration{Plate: "99A-000.01", Expires: date(t, until)},
		document.HealthInsurance:     paper.HealthInsurance{Number: "0000000001", Until: date(t, until)},
	}
	c := presented(t, s.state, papers[s.kind])
	if rng.IntN(6) == 0 {
		c, s.kind = dynamic(t), ""
	}
	if s.level = 2; rng.IntN(8) == 0 {
		s.level = 1
	}
	c.Level = s.level
	at := noon
	if s.june {
		at = time.Date(2024, 5, 31, 16, 59, 0, 0, time.UTC)
	}
	c.Issued, c.Expires = at, at.Add(time.Duration(rng.IntN(140)-8)*time.Second)
	cfg := config()
	cfg.Now = func() time.Time { return at }
	for _, k := range kinds {
		if rng.IntN(4) > 0 {
			s.signs = append(s.signs, k)
		}
	}
	cfg.Signs = map[string][]document.Kind{issuer: s.signs, "https://other.example": kinds}
	if rng.IntN(5) > 0 && len(s.signs) > 0 {
		cfg.Document = s.signs[rng.IntN(len(s.signs))]
	}
	s.situation = situation{claims: c, key: edKey, cfg: cfg, trusted: true}
	return s
}

// deserves is the rule table of documents, written without a look at the verifier.
func (s shown) deserves() string {
	life := s.claims.Expires.Sub(s.claims.Issued)
	may := false
	for _, k := range s.signs {
		may = may || k == s.kind
	}
	doc := s.kind != ""
	for _, rule := range []struct {
		breaks bool
		want   vneid.Kind
	}{
		{doc && (s.state == "" || s.state == "approved"), vneid.ErrMalformed},
		{doc && !may, vneid.ErrUntrusted},
		{life <= 0 || life > 2*time.Minute, vneid.ErrMalformed},
		{s.kind != s.cfg.Document, vneid.ErrMismatch},
		{doc && s.level < 2, vneid.ErrLevel},
		{doc && s.state != "verified", vneid.ErrLevel},
		{doc && s.june, vneid.ErrNotYetValid},
		{doc && s.over, vneid.ErrExpired},
	} {
		if rule.breaks {
			return rule.want.Error()
		}
	}
	return ""
}

func TestResignedDocumentsGetTheVerdictOfTheRuleTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2026))
	verdicts := map[string]int{}
	keys := map[string]crypto.Signer{"Ed25519": edKey, "P-256": ecKey}
	for range rounds(t) / 25 {
		s := drawShown(t, rng)
		want := s.deserves()
		for name, key := range keys {
			s.cfg.Keys = oneKey{key.Public()}
			for spelling, text := range spellings(t, s.claims, key) {
				s.cfg.Replay = vneid.NewMemoryReplay(0, func() time.Time { return noon.AddDate(-3, 0, 0) })
				c, err := newVerifier(t, s.cfg).Verify(context.Background(), text)
				got := ""
				if err != nil {
					got = kindOf(t, err).Error()
				}
				if got != want || (c == nil) != (err != nil) {
					t.Fatalf("%s %s: %q (%v), want %q: %+v", name, spelling, got, err, want, s)
				}
				verdicts[got]++
			}
		}
	}
	t.Logf("verdicts: %v", verdicts)
	if len(verdicts) != 7 {
		t.Errorf("%d verdicts, want passing and six kinds", len(verdicts))
	}
}
