package vneidtest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// rental asks for what a car rental needs.
func rental() share.Request {
	return share.Request{
		Purpose: vneidtest.Purpose, RetentionDays: 30, Store: true,
		Documents: []share.Want{
			{Kind: document.DriverLicence, Claims: []share.Claim{{Name: "number"}, {Name: "points", Optional: true}},
				Predicates: []share.Predicate{share.AgeAtLeast(18), share.LicenceIncludes("B")}},
			{Kind: document.VehicleRegistration, Optional: true, Claims: []share.Claim{{Name: "plate"}}},
		},
	}
}

func TestPeopleShareWhatTheyHave(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.Share(back)
	r, err := p.Ask("level2", cfg, rental())
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := r.Get(document.DriverLicence)
	licence, err := share.Reveal[paper.DriverLicence](doc)
	if err != nil || licence.Number != "999000000001" || r.Decision() != "approved" {
		t.Errorf("%v %v %v", licence.Number, r.Decision(), err)
	}
	p.Decline("level2", "driver-licence")
	if _, err := p.Ask("level2", cfg, rental()); !errors.Is(err, vneid.ErrDenied) {
		t.Errorf("without the licence: %v", err)
	}
	p.Decline("level2", "vehicle-registration")
	if r, err := p.Ask("level2", cfg, rental()); err != nil || r.Decision() != "partial" || len(r.Documents()) != 1 {
		t.Errorf("without the vehicle: %v %v", r.Decision(), err)
	}
	p.Decline("level2")
	if _, err := p.Ask("level2", cfg, rental()); !errors.Is(err, vneid.ErrDenied) {
		t.Errorf("nothing: %v", err)
	}
	if _, err := p.Ask("guardian", cfg, rental()); !errors.Is(err, vneid.ErrRevoked) {
		t.Errorf("a licence that was taken away: %v", err)
	}
	if _, err := p.Ask("level1", cfg, rental()); !errors.Is(err, vneid.ErrLevel) {
		t.Errorf("level 1: %v", err)
	}
	if _, err := p.Ask("eid-locked", cfg, rental()); !errors.Is(err, vneid.ErrLocked) {
		t.Errorf("a locked card: %v", err)
	}
}

// health asks for what a school needs.
func health() share.Request {
	return share.Request{Purpose: vneidtest.Purpose, Documents: []share.Want{{Kind: document.HealthInsurance, Claims: []share.Claim{{Name: "number"}}}}}
}

func TestAChildSharesWithARepresentative(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.Share(back)
	r, err := p.Ask("teen", cfg, health())
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]share.Approval{}
	for _, a := range r.Approvals() {
		by[a.By] = a
	}
	if len(by) != 2 || by["guardian"].Relation != "father" || by["guardian"].Attested == "" || by["child"].By == "" {
		t.Errorf("%+v", r.Approvals())
	}
	if r, err := p.Ask("ward", cfg, health()); err != nil || len(r.Approvals()) != 1 || r.Approvals()[0].By != "guardian" {
		t.Errorf("a ward: %+v %v", r.Approvals(), err)
	}
	p.Decline("level2", "health-insurance")
	if _, err := p.Ask("teen", cfg, health()); !errors.Is(err, vneid.ErrDenied) {
		t.Errorf("the father agrees to nothing: %v", err)
	}
	p.Decline("level2")
	if _, err := p.Ask("teen", cfg, health()); !errors.Is(err, vneid.ErrDenied) {
		t.Errorf("the father refuses: %v", err)
	}
}

func TestPeopleShareInTheirAppAtACounter(t *testing.T) {
	p, ctx := vneidtest.New(t), context.Background()
	cfg := p.Share(back)
	client, err := share.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for handle, approvals := range map[string]int{"level2": 1, "teen": 2} {
		s, err := client.Ask(ctx, health(), p.Person(handle).Username, "Quay 3")
		if err != nil {
			t.Fatalf("%s: %v", handle, err)
		}
		if err := p.Approve(handle, s.Number()); err != nil {
			t.Fatal(err)
		}
		p.Advance(5 * time.Second)
		r, err := client.Poll(ctx, s)
		if err != nil || len(r.Approvals()) != approvals || len(r.Documents()) != 1 {
			t.Errorf("%s: %+v, %v", handle, r.Approvals(), err)
		}
	}
	s, err := client.Ask(ctx, health(), p.Person("level2").Username, "")
	if err != nil {
		t.Fatal(err)
	}
	p.Refuse("level2")
	p.Advance(5 * time.Second)
	if _, err := client.Poll(ctx, s); !errors.Is(err, vneid.ErrDenied) {
		t.Errorf("refused: %v", err)
	}
	for _, handle := range []string{"level1", "eid-locked", "account-locked", "no-app", "no-account"} {
		if _, err := client.Ask(ctx, health(), p.Person(handle).Username, ""); !errors.Is(err, vneid.ErrMismatch) {
			t.Errorf("%s is not as unknown as nobody: %v", handle, err)
		}
	}
}

func TestAGrantIsFetchedAgainGivenUpAndWithdrawn(t *testing.T) {
	p, ctx := vneidtest.New(t), context.Background()
	cfg := p.Share(back)
	client, err := share.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	asked := health()
	until, err := vneid.ParseDate("2027-01-31")
	if err != nil {
		t.Fatal(err)
	}
	asked.Store, asked.RetentionDays, asked.Periodic = true, 30, &share.Period{Until: until, Days: 1}
	r, err := p.AskWith("level2", client, back, asked)
	if err != nil {
		t.Fatal(err)
	}
	keep := func(context.Context, *share.Grant) error { return nil }
	grant := r.Consent()
	p.Advance(25 * time.Hour)
	again, err := client.Refetch(ctx, grant, keep)
	if err != nil || again.Consent().ID() != grant.ID() || again.Txn() == r.Txn() {
		t.Fatalf("%v", err)
	}
	p.Advance(25 * time.Hour)
	p.Withdraw("level2", grant.ID())
	if _, err := client.Refetch(ctx, again.Consent(), keep); !errors.Is(err, vneid.ErrRevoked) {
		t.Errorf("withdrawn: %v", err)
	}
	r, err = p.AskWith("level2", client, back, asked)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.GiveUp(ctx, r.Consent()); err != nil {
		t.Fatal(err)
	}
	p.Advance(25 * time.Hour)
	if _, err := client.Refetch(ctx, r.Consent(), keep); !errors.Is(err, vneid.ErrExpired) {
		t.Errorf("given up: %v", err)
	}
	if got := p.History("level2"); len(got) != 3 || got[0].Kind != "share" {
		t.Errorf("%d entries in the history", len(got))
	}
}

func TestAnAnswerTellsWhoseAccountItIs(t *testing.T) {
	p := vneidtest.New(t)
	name := share.Request{Purpose: vneidtest.Purpose, Documents: []share.Want{{Kind: document.Identity, Claims: []share.Claim{{Name: "name"}}}}}
	for handle, want := range map[string]string{"level2": "citizen", "foreigner": "foreigner"} {
		r, err := p.Ask(handle, p.Share(back), name)
		if err != nil || r.AccountType() != want {
			t.Errorf("%s answers from the account of a %q: %v", handle, r.AccountType(), err)
		}
	}
}
