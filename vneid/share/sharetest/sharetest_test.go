package sharetest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/sharetest"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// The reference platform passes the whole suite, of which it offers everything.
func TestTheReferencePlatformConforms(t *testing.T) {
	count, faults := map[sharetest.Verdict]int{}, 0
	for _, r := range sharetest.Run(t.Context(), vneidtest.New(t).Conformance("level2"), nil) {
		count[r.Verdict]++
		if r.Verdict != sharetest.Passed {
			t.Errorf("%s: %s: %s", r.Case.Name, r.Verdict, r.Why)
		}
		if strings.HasPrefix(r.Case.Name, "fault/") {
			faults++
			t.Logf("%-45s %s", strings.TrimPrefix(r.Case.Name, "fault/"), r.Case.Proves)
		}
	}
	if all := len(sharetest.Cases()); count[sharetest.Passed] != all || faults < 60 {
		t.Errorf("%d of %d passed, %d faults among them", count[sharetest.Passed], all, faults)
	}
	t.Logf("%d cases, %d of them faults, each refused with its kind", count[sharetest.Passed], faults)
}

func TestCasesSayWhatTheyAre(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range sharetest.Cases() {
		group, name, ok := strings.Cut(c.Name, "/")
		if !ok || group == "" || name == "" || c.Proves == "" || c.Clause == "" || seen[c.Name] {
			t.Errorf("%+v, or twice", c)
		}
		seen[c.Name] = true
	}
}

// A deployment that offers neither faults nor the app passes nothing of them.
func TestWhatIsNotOfferedDoesNotPass(t *testing.T) {
	target := vneidtest.New(t).Conformance("level2")
	target.Break, target.Person = nil, ""
	n := 0
	for _, r := range sharetest.Run(t.Context(), target, func(name string) bool {
		return strings.HasPrefix(name, "fault/") || strings.HasPrefix(name, "app/")
	}) {
		n++
		if r.Verdict != sharetest.NotOffered || r.Why == "" {
			t.Errorf("%s: %s", r.Case.Name, r.Verdict)
		}
	}
	if n < 100 {
		t.Errorf("%d cases", n)
	}
	target.Break = func(string) error { return errors.ErrUnsupported }
	for _, r := range sharetest.Run(t.Context(), target, func(name string) bool { return name == "fault/share-envelope-expired" }) {
		if r.Verdict != sharetest.NotOffered {
			t.Errorf("%s: %s", r.Case.Name, r.Verdict)
		}
	}
}

// Every case fails at a deployment that is wrong about what it looks at: one that
// answers nothing, and for the faults one that only says that it has them.
func TestEveryCaseCanFail(t *testing.T) {
	dead := vneidtest.New(t).Conformance("level2")
	config := dead.Config
	dead.Config = func() (share.Config, error) {
		cfg, err := config()
		cfg.Issuer = "https://nowhere.invalid"
		cfg.Verifier.Platform = cfg.Issuer
		return cfg, err
	}
	lying := vneidtest.New(t).Conformance("level2")
	lying.Break = func(string) error { return nil }
	for _, one := range []struct {
		target sharetest.Target
		only   func(string) bool
	}{
		{dead, func(name string) bool { return !strings.HasPrefix(name, "fault/") }},
		{lying, func(name string) bool { return strings.HasPrefix(name, "fault/") }},
	} {
		for _, r := range sharetest.Run(t.Context(), one.target, one.only) {
			if r.Verdict != sharetest.Failed || r.Why == "" {
				t.Errorf("%s: %s", r.Case.Name, r.Verdict)
			}
		}
	}
}

// A deployment that checks nothing of what it is asked: the cases that hold it to that
// fail one by one.
func TestEachDefectFailsItsOwnCase(t *testing.T) {
	for fault, name := range map[string]string{
		"share-document-more": "answer/all", "share-receipt-less": "answer/part", "share-granted-missing": "answer/no-points",
		"share-bundle-down": "token/stolen", "share-envelope-wrong-nonce": "answer/pairwise",
	} {
		p := vneidtest.New(t)
		target := p.Conformance("level2")
		only := func(n string) bool { return n == name }
		if r := sharetest.Run(t.Context(), target, only); len(r) != 1 || r[0].Verdict != sharetest.Passed {
			t.Fatalf("%s: the twin: %+v", name, r)
		}
		p.Break(fault)
		if r := sharetest.Run(t.Context(), target, only); len(r) != 1 || r[0].Verdict != sharetest.Failed {
			t.Errorf("%s: %s is not seen", name, fault)
		}
	}
}
