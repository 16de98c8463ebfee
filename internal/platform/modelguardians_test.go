package platform

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Trails of guardians: one approver approves, once or twice, and the client comes. The
// request of a child of 15 is open only when the child and a representative agreed.
func TestTrailsOfGuardians(t *testing.T) {
	ctx := context.Background()
	kinds := []string{"driver-licence", "driver-licence/points", "driver-licence/licence:B"}
	// walk has approvers act in turn and says after which of their steps the request
	// could be fetched; the last step is the client's.
	walk := func(off string, who ...string) (opened []bool) {
		w := newWorld(t)
		w.off = off
		a := w.asker(nil)
		uri := a.push(asks(details(nil)))
		grant := ""
		err := w.store.View(ctx, func(tx Tx) error {
			all, err := list[sharing](tx, tableSharings, "", 2)
			if err == nil && len(all) == 1 && all[0].Request == requestName(strings.TrimPrefix(uri, pushedPrefix)) {
				grant = all[0].ID
			}
			return err
		})
		if err != nil || grant == "" {
			t.Fatal(err)
		}
		for _, one := range who {
			switch one {
			case "child":
				_ = w.store.Update(ctx, func(tx Tx) error {
					return w.decideSelf(tx, grant, "teen", kinds, want{}, []Factor{FactorPassword, FactorFace}, w.clock.Now())
				})
			case "child refuses":
				_ = w.store.Update(ctx, func(tx Tx) error { return w.refuseShare(tx, grant, "teen") })
			default:
				account, err := w.Account(ctx, strings.TrimSuffix(one, " refuses"))
				if err != nil {
					t.Fatal(err)
				}
				ticked := kinds
				if strings.HasSuffix(one, " refuses") {
					ticked = nil
				}
				_ = w.DecideShare(ctx, Session{Account: account, Assurance: vneid.Assurance{Level: 2, Auth: 2}}, grant, ticked)
			}
			err := w.store.View(ctx, func(tx Tx) error {
				s, err := load[sharing](tx, tableSharings, grant)
				if err != nil {
					return err
				}
				refusal, err := w.mayShare(tx, s)
				opened = append(opened, refusal == nil && s.live())
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		return opened
	}
	for broken, approvals := range map[string]int{"FIRST": 1, "COUNTED": 2} {
		steps := trailOf(t, "guardians", broken)
		if len(steps) != approvals+1 || steps[0].Do != "approve" || steps[approvals-1].Who != steps[0].Who || steps[approvals].Do != "deliver" {
			t.Fatalf("another trail: %v", steps)
		}
		for _, one := range []string{"child", "guardian", "namesake"} {
			if got := walk("", slices.Repeat([]string{one}, approvals)...); slices.Contains(got, true) {
				t.Errorf("%s: open after approvals of %s alone: %v", broken, one, got)
			}
		}
		if got := walk("share-approvals", slices.Repeat([]string{"child"}, approvals)...); !slices.Contains(got, true) {
			t.Errorf("%s ends well without share-approvals", broken)
		}
	}
	for _, test := range []struct {
		who  []string
		open bool // in the end
	}{
		{[]string{"child", "guardian"}, true},
		{[]string{"child", "child", "guardian"}, true},
		{[]string{"guardian", "child"}, false}, // nobody agrees to what was not chosen yet
		{[]string{"guardian", "child", "guardian"}, true},
		{[]string{"child", "namesake"}, false}, // no representative of this child
		{[]string{"child", "guardian refuses"}, false},
		{[]string{"child", "guardian refuses", "guardian"}, false},
		{[]string{"child", "child refuses", "guardian"}, false},
	} {
		if got := walk("", test.who...); got[len(got)-1] != test.open {
			t.Errorf("%q: open %v", test.who, got)
		}
	}
	if got := walk("share-guardian", "child", "namesake"); !got[1] {
		t.Errorf("a stranger, without share-guardian: %v", got)
	}
}
