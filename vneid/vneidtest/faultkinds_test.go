package vneidtest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share/sharetest"
)

// The lab shows with each defect the error to expect. What it says is what the tables of
// these tests hold the packages to, the strictest of the ways to log in first.
func TestTheListOfFaultsSaysTheErrorsThatThesePackagesGive(t *testing.T) {
	want := map[string]vneid.Kind{}
	add := func(name string, err error) {
		var kind vneid.Kind
		if errors.As(err, &kind) {
			want[name] = kind
		}
	}
	for name, by := range wireFaults {
		add(name, by[1])
		add(name, by[0])
	}
	for _, table := range []map[string]error{loginFaults, fullFaults, codeFaults, backchannelFaults, cibaFaults, eventFaults, paperFaults} {
		for name, err := range table {
			add(name, err)
		}
	}
	kinds := map[string]vneid.Kind{}
	for kind := vneid.ErrMalformed; kind <= vneid.ErrUnavailable; kind++ {
		kinds["refused: "+kind.Error()] = kind
	}
	for _, c := range sharetest.Cases() {
		if name, ok := strings.CutPrefix(c.Name, "fault/"); ok {
			want[name] = kinds[c.Proves]
		}
	}
	want["share-child-alone"] = vneid.ErrDenied
	seen := 0
	for _, f := range platform.Faults() {
		if kind, known := want[f.Name]; known {
			seen++
			if f.Kind != kind {
				t.Errorf("%s: the list says %v, these tests %v", f.Name, f.Kind, kind)
			}
		} else if f.Kind != 0 && !ofOtherTests(f.Name) {
			t.Errorf("%s: the list says %v, and no test does", f.Name, f.Kind)
		}
		if f.About == "" {
			t.Errorf("%s: nobody says what it is", f.Name)
		}
	}
	if seen != len(want) || seen < 60 {
		t.Errorf("%d of %d", seen, len(want))
	}
}

// ofOtherTests reports whether the packages of services, or sso's tests of what comes
// after a login, hold a defect to its kind.
func ofOtherTests(name string) bool {
	for _, prefix := range []string{"service-", "services-", "stays-", "tickets-", "refresh-", "introspect-", "revoke-", "logout-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
