package asking_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

func TestWhatIsAskedForIsNoMoreThanNeeded(t *testing.T) {
	now := time.Date(2026, 11, 2, 18, 0, 0, 0, time.UTC)
	for name, r := range map[string]share.Request{"rental": asking.RentalRequest("a", now), "counter": asking.CounterRequest("a")} {
		for _, f := range r.Check() {
			t.Errorf("%s: %s: %s", name, f.Where, f.EN)
		}
	}
	if until := asking.RentalRequest("a", now).Periodic.Until.String(); until != "2026-12-03" {
		t.Errorf("the month ends on %s, counted elsewhere than in Vietnam", until)
	}
}

func TestTheIssuersAreTrustedWithTheirKindsAndNoMore(t *testing.T) {
	const issuer, back = "http://127.0.0.1:8088", "http://127.0.0.1:8090/rental/callback"
	client, err := web.Asking(back)
	if err != nil {
		t.Fatal(err)
	}
	site, err := web.New(t.Context(), web.Config{Issuer: issuer, Clients: []platform.Client{client}, PasswordRounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	v := asking.Verifier(issuer, nil)
	want := site.Platform.Issuers()
	if got := slices.Sorted(maps.Keys(v.Issuers)); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
		t.Fatalf("trusted are %v", got)
	}
	for iss, kinds := range want {
		got := slices.Clone(v.Issuers[iss].Kinds)
		slices.Sort(got)
		slices.Sort(kinds)
		if !slices.Equal(got, kinds) {
			t.Errorf("%s is trusted with %v, signs %v", iss, got, kinds)
		}
	}
	if _, err := share.New(asking.Config(issuer, back, nil)); err != nil {
		t.Error(err)
	}
}
