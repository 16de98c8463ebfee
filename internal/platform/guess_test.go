package platform

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// try sends one password and returns the page that came.
func (b *browser) try(username, password string) View {
	b.t.Helper()
	v := b.start(request(nil))
	page, _ := b.read(b.post(v.Action, map[string]string{FieldCSRF: v.CSRF, FieldUsername: username, FieldPassword: password}))
	if page == nil {
		return View{}
	}
	return *page
}

func TestGuessingIsSlowedDownAndEndsByItself(t *testing.T) {
	w := newWorld(t)
	for _, username := range []string{"999195000002", "999000000099", "nobody"} {
		b := w.browser("level1")
		for i := range freeTries {
			if v := b.try(username, "guess"); v.Problem != ProblemLogin {
				t.Fatalf("%s, guess %d: %+v", username, i, v)
			}
		}
		v := b.try(username, "mat-khau-thu-nghiem")
		if v.Problem != ProblemThrottled || v.Retry != firstDelay || v.Status != 429 {
			t.Errorf("%s: not slowed down: %+v", username, v)
		}
		w.clock.advance(firstDelay)
		if v := b.try(username, "guess"); v.Problem != ProblemLogin {
			t.Errorf("%s: after the delay: %+v", username, v)
		}
		if v := b.try(username, "guess"); v.Problem != ProblemThrottled || v.Retry != 2*firstDelay {
			t.Errorf("%s: the delay does not grow: %+v", username, v)
		}
		w.clock.advance(lastDelay)
	}
	b := w.browser("level1")
	if got := b.authorize(request(nil)); got.Get("code") == "" {
		t.Error("guessing locked the person out for good")
	}
	b = w.browser("level1")
	for range freeTries {
		if v := b.try("999195000002", "guess"); v.Problem == ProblemThrottled {
			t.Error("a right password does not end the counting")
		}
	}
}

func TestGuessesAtTheSameTimeDoNotSlipUnderTheLimit(t *testing.T) {
	w := newWorld(t)
	var looked atomic.Int32
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			_, _, wait, err := w.authenticate(context.Background(), "999195000002", "guess")
			if err == nil && wait == 0 {
				looked.Add(1)
			}
		})
	}
	wg.Wait()
	if n := looked.Load(); n != freeTries {
		t.Errorf("%d guesses were looked at", n)
	}
}

// factorPage logs in up to the second factor.
func (b *browser) factorPage(acr string) View {
	b.t.Helper()
	v := b.start(request(map[string]string{"acr_values": acr, "prompt": "login"}))
	page, _ := b.read(b.post(v.Action, b.fill(v)))
	if page == nil || page.Step != StepFactor {
		b.t.Fatalf("no factor page: %+v", page)
	}
	return *page
}

func (b *browser) factor(v View, form map[string]string) View {
	b.t.Helper()
	form[FieldCSRF] = v.CSRF
	page, answer := b.read(b.post(v.Action, form))
	if page == nil {
		return View{Step: "answer", Error: answer.Get("error")}
	}
	return *page
}

func TestMessageCodesAreFewAndShortLived(t *testing.T) {
	w := newWorld(t)
	b := w.browser("no-app")
	v := b.factorPage("urn:vneid:acr:l2:a2")
	send := func() View { return b.factor(v, map[string]string{FieldFactor: "otp"}) }
	check := func(code string) View { return b.factor(v, map[string]string{FieldFactor: "otp", FieldCode: code}) }
	if got := check("123456"); got.Problem != ProblemCode {
		t.Errorf("a code before any was sent: %+v", got)
	}
	if got := send(); got.Problem != ProblemWaiting || got.Sent != FactorOTP {
		t.Fatalf("not sent: %+v", got)
	}
	first := b.secret(SMS)
	send()
	if second := b.secret(SMS); second != first {
		if got := check(first); got.Problem != ProblemCode {
			t.Errorf("the code before the last works: %+v", got)
		}
	}
	w.clock.advance(codeLife)
	if got := check(b.secret(SMS)); got.Problem != ProblemCode {
		t.Errorf("an old code works: %+v", got)
	}
	send()
	if got := send(); got.Problem != ProblemThrottled {
		t.Errorf("a fourth message: %+v", got)
	}
	w = newWorld(t) // where nothing was guessed yet
	b = w.browser("no-app")
	v = b.factorPage("urn:vneid:acr:l2:a2")
	send()
	good := b.secret(SMS)
	for range codeTries {
		check("not it")
	}
	if got := check(good); got.Step != StepFactor {
		t.Errorf("a fourth guess at one code works: %+v", got)
	}
	w.clock.advance(lastDelay)
	v = b.factorPage("urn:vneid:acr:l2:a2")
	send()
	if got := check(b.secret(SMS)); got.Step != StepConsent {
		t.Errorf("the twin does not pass: %+v", got)
	}
}

func TestFactorGuessesCountAcrossInteractions(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	for i := range freeTries {
		v := b.factorPage("urn:vneid:acr:l2:a3")
		if got := b.factor(v, map[string]string{FieldFactor: "face", FieldResult: "no"}); got.Problem != ProblemNoMatch {
			t.Fatalf("attempt %d: %+v", i, got)
		}
	}
	v := b.factorPage("urn:vneid:acr:l2:a3")
	if got := b.factor(v, map[string]string{FieldFactor: "face", FieldResult: Match}); got.Problem != ProblemThrottled || got.Retry == 0 {
		t.Errorf("a sixth attempt: %+v", got)
	}
}

func TestTheAppConfirmsByTheNumberOnThePage(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	b := w.browser("level2")
	v := b.factorPage("urn:vneid:acr:l2:a2")
	ask := func() View { return b.factor(v, map[string]string{FieldFactor: "app"}) }
	page := ask()
	if page.Sent != FactorApp || len(page.Number) != 2 || page.Prompt == "" {
		t.Fatalf("page %+v", page)
	}
	prompts, err := w.Prompts(ctx, "level2")
	if err != nil || len(prompts) != 1 || prompts[0].ID != page.Prompt || prompts[0].Number != "" || prompts[0].Client != "Cổng thử nghiệm" {
		t.Errorf("prompts %+v %v", prompts, err)
	}
	if got := ask(); got.Problem != ProblemWaiting || got.Number != page.Number {
		t.Errorf("asked again before it is confirmed: %+v", got)
	}
	if err := w.Confirm(ctx, "namesake", page.Prompt, page.Number); !errors.Is(err, ErrNoPrompt) {
		t.Errorf("somebody else confirms: %v", err)
	}
	wrong := "00"
	if page.Number == wrong {
		wrong = "11"
	}
	if err := w.Confirm(ctx, "level2", page.Prompt, wrong); !errors.Is(err, ErrNoPrompt) {
		t.Errorf("a wrong number: %v", err)
	}
	if err := w.Confirm(ctx, "level2", page.Prompt, page.Number); !errors.Is(err, ErrNoPrompt) {
		t.Errorf("the right number after a wrong one: %v", err)
	}
	page = ask()
	w.clock.advance(promptLife)
	if err := w.Confirm(ctx, "level2", page.Prompt, page.Number); !errors.Is(err, ErrNoPrompt) {
		t.Errorf("too late: %v", err)
	}
	page = ask()
	if err := w.Confirm(ctx, "level2", page.Prompt, page.Number); err != nil {
		t.Fatal(err)
	}
	if got := ask(); got.Step != StepConsent {
		t.Errorf("confirmed, and yet: %+v", got)
	}
}

func TestPasswordsAreStoredAsSaltedHashes(t *testing.T) {
	a, b := hash("mat-khau", 2), hash("mat-khau", 2)
	if string(a.Sum) == string(b.Sum) || !a.matches("mat-khau") || a.matches("mat-khau ") || (password{}).matches("") {
		t.Error("a stored password is not salted, or matches another")
	}
	if p, err := New(Config{Issuer: "http://127.0.0.1:1"}); err != nil || p.cfg.PasswordRounds != 600_000 {
		t.Errorf("rounds by default: %v", err)
	}
}

func TestEnrolSendsAFirstPassword(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	who, err := w.Account(ctx, "no-account")
	if err != nil {
		t.Fatal(err)
	}
	who.ID, who.Level, who.Type, who.Phone = "", 1, "citizen", "+84000000006"
	who, err = w.Enrol(ctx, who)
	if err != nil || who.ID == "" {
		t.Fatalf("%v %v", who.ID, err)
	}
	box, err := w.Outbox(ctx, who.ID)
	if err != nil || len(box) != 1 || len(box[0].Secret) != 10 || box[0].To != "+84000000006" {
		t.Fatalf("outbox %v %v", len(box), err)
	}
	a, first, wait, err := w.authenticate(ctx, who.Username(), box[0].Secret)
	if err != nil || wait != 0 || a == nil || !first {
		t.Errorf("the first password: %v %v", first, err)
	}
	if err := w.SetLevel(ctx, who.ID, 2); err != nil {
		t.Error(err)
	}
	if got, _ := w.Account(ctx, who.ID); got.Level != 2 || !got.Face {
		t.Error("level 2 was not granted")
	}
	if w.SetLevel(ctx, who.ID, 3) == nil || w.SetLevel(ctx, "nobody", 2) == nil || w.SetLocks(ctx, "nobody", Locks{}) == nil {
		t.Error("a level or an account that does not exist")
	}
	if all, err := w.Accounts(ctx, 100); err != nil || len(all) != len(personas.All())+1 {
		t.Errorf("%d accounts, %v", len(all), err)
	}
	w.clock.advance(time.Second)
}

func TestLoginsOfOnePersonAtTheSameTimeAreNoGuesses(t *testing.T) {
	w := newWorld(t)
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			a, _, wait, err := w.authenticate(context.Background(), "999195000002", "mat-khau-thu-nghiem")
			if a == nil || wait != 0 || err != nil {
				t.Errorf("turned away: wait %v, %v", wait, err)
			}
		})
	}
	wg.Wait()
}
