package vneidtest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

const back = "http://127.0.0.1:8080/callback"

func TestLoginGivesTheIdentityOfThePerson(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.SSO(back)
	cfg.Scopes = []string{"profile", "vneid:id", "vneid:card"}
	for _, who := range vneidtest.People() {
		if who.Level == 0 || who.Handle == "account-locked" {
			continue
		}
		id, err := p.Login(who.Handle, cfg)
		if err != nil {
			t.Errorf("%s: %v", who.Handle, err)
			continue
		}
		got, want := id.Citizen().Reveal(), who.Record
		if got.ID != want.ID || got.ForeignerID != want.ForeignerID || got.Name != want.Name || got.Birth != want.Birth || got.Sex != want.Sex {
			t.Errorf("%s: another record", who.Handle)
		}
		register := "population"
		if want.ID == "" {
			register = "immigration"
		}
		if by, ok := id.Claim("verified_by"); !ok || !strings.Contains(string(by), `"`+register+`":17`) {
			t.Errorf("%s: verified by %s", who.Handle, by)
		}
		level2 := who.Level == 2 && who.Handle != "eid-locked"
		if (id.Assurance().Level == 2) != level2 || level2 && (got.CardExpires != want.CardExpires || got.OldID != want.OldID || len(got.FormerIDs) != len(want.FormerIDs)) {
			t.Errorf("%s: level %d, or another card", who.Handle, id.Assurance().Level)
		}
		if len(p.History(who.Handle)) != 2 {
			t.Errorf("%s: history %v", who.Handle, p.History(who.Handle))
		}
	}
}

func TestLoginRefusesWithTheKindOfTheReason(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.SSO(back)
	need2 := cfg
	need2.Need = vneid.Assurance{Level: 2, Auth: 3}
	if id, err := p.Login("level2", need2); err != nil || id.Assurance().Auth != 3 {
		t.Fatalf("level2: %v", err)
	}
	var level *vneid.LevelError
	if _, err := p.Login("level1", need2); !errors.As(err, &level) {
		t.Errorf("level1: %v", err)
	}
	var lock *vneid.LockError
	if _, err := p.Login("eid-locked", need2); !errors.As(err, &lock) || !lock.EID {
		t.Errorf("eid-locked: %v", err)
	}
	if _, err := p.Login("account-locked", cfg); !errors.As(err, &lock) || !lock.Account {
		t.Errorf("account-locked: %v", err)
	}
	p.LockAccount("level1")
	if _, err := p.Login("level1", cfg); !errors.Is(err, vneid.ErrLocked) {
		t.Errorf("locked meanwhile: %v", err)
	}
	p.Unlock("level1")
	p.LockEID("level2")
	if id, err := p.Login("level2", cfg); err != nil || !id.EIDLocked() || id.Assurance().Level != 1 {
		t.Errorf("level 1 with a locked card: %v", err)
	}
	p.Unlock("level2")
	p.Decline("level2")
	if _, err := p.Login("level2", cfg); !errors.Is(err, vneid.ErrDenied) {
		t.Errorf("declined: %v", err)
	}
	p.Decline("level2", "vneid:id")
	if id, err := p.Login("level2", cfg); err != nil || !id.Citizen().ID().IsZero() || id.Citizen().Name() == "" {
		t.Errorf("declined one scope: %v", err)
	}
}

func TestABrowserLogsInAtTheConsumersOwnHandler(t *testing.T) {
	p := vneidtest.New(t)
	mux := http.NewServeMux()
	portal := httptest.NewServer(mux)
	defer portal.Close()
	client, err := sso.New(p.SSO(portal.URL + "/callback"))
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/login", client.Login(sso.Ask{Return: "/me"}))
	mux.Handle("/callback", client.Callback(func(w http.ResponseWriter, r *http.Request, id *sso.Identity, to string) {
		http.Redirect(w, r, to, http.StatusSeeOther)
	}))
	mux.Handle("/me", client.Require(sso.Ask{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, _ := sso.FromContext(r.Context())
		io.WriteString(w, "Xin chào "+id.Citizen().Name())
	})))
	browser := p.Browser("level2")
	for _, path := range []string{"/login", "/me"} {
		resp, err := browser.Get(portal.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if string(body) != "Xin chào Nguyễn Văn An" {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}
}

func TestCodesOfBothKindsAndProfilesAreVerified(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.QR()
	cfg.AcceptUnchecked = true
	v, err := qr.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for _, c := range []vneidtest.Code{{}, {JWS: true}, {Kind: qr.Static}, {Kind: qr.Static, JWS: true}} {
		text, err := p.IssueQR("level2", c)
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.Verify(ctx, text)
		if err != nil || got.Citizen().Name() != "Nguyễn Văn An" || got.Level() != 2 || got.Issuer() != p.Issuer() {
			t.Errorf("%+v: %v", c, err)
		}
		_, err = v.Verify(ctx, text)
		if dynamic := c.Kind != qr.Static; errors.Is(err, vneid.ErrReplayed) != dynamic {
			t.Errorf("%+v again: %v", c, err)
		}
	}
	text, _ := p.IssueQR("level2", vneidtest.Code{})
	first, _ := qr.New(p.QR())
	second, _ := qr.New(p.QR())
	if _, err := first.Verify(ctx, text); err != nil {
		t.Errorf("first verifier: %v", err)
	}
	if _, err := second.Verify(ctx, text); !errors.Is(err, vneid.ErrReplayed) {
		t.Errorf("another verifier: %v", err)
	}
	old, _ := p.IssueQR("level2", vneidtest.Code{})
	p.Advance(3 * time.Minute)
	if _, err := v.Verify(ctx, old); !errors.Is(err, vneid.ErrExpired) {
		t.Errorf("three minutes later: %v", err)
	}
	var lock *vneid.LockError
	if _, err := p.IssueQR("eid-locked", vneidtest.Code{Kind: qr.Static}); !errors.As(err, &lock) || !lock.EID {
		t.Errorf("card code of a locked card: %v", err)
	}
	var level *vneid.LevelError
	if _, err := p.IssueQR("level1", vneidtest.Code{Kind: qr.Static}); !errors.As(err, &level) {
		t.Errorf("card code at level 1: %v", err)
	}
}

func TestRotationIsInTwoPhases(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.SSO(back)
	for range 3 {
		p.AnnounceKeys()
		if _, err := p.Login("level2", cfg); err != nil {
			t.Fatalf("announced: %v", err)
		}
		p.RotateKeys()
		if _, err := p.Login("level2", cfg); err != nil {
			t.Fatalf("switched: %v", err)
		}
		p.RetireKeys()
		if _, err := p.Login("level2", cfg); err != nil {
			t.Fatalf("retired: %v", err)
		}
	}
}

func TestTheFirstPasswordComesBySMS(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.SSO(back)
	if got := p.SMS("first-login"); len(got) != 1 || !strings.Contains(got[0], "MÔI TRƯỜNG THỬ NGHIỆM – KHÔNG PHẢI VNeID") {
		t.Errorf("messages: %q", got)
	}
	for range 2 { // the second time with the password chosen the first time
		if _, err := p.Login("first-login", cfg); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		vneidtest.New(b)
	}
}

// A test may issue its code first and make its verifier after, a second boundary
// between them or not.
func TestACodeMayBeOlderThanItsVerifier(t *testing.T) {
	p := vneidtest.New(t)
	text, err := p.IssueQR("level2", vneidtest.Code{})
	if err != nil {
		t.Fatal(err)
	}
	p.Advance(5 * time.Second)
	v, err := qr.New(p.QR())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(context.Background(), text); err != nil {
		t.Error(err)
	}
}
