package sso_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// tolerable are defects with which a login may pass, and why.
var tolerable = map[string]string{
	"missing-at-hash":  "the code flow does not demand it (OpenID Connect Core §3.1.3.6)",
	"missing-kid":      "one key fits (§10.1)",
	"jwks-odd-keys":    "keys we do not know are skipped",
	"other-case-claim": "Sub is another claim than sub",
}

// elsewhere are defects that no login meets, or that take real seconds.
var elsewhere = []string{"redeem-down", "redeem-replayed", "slow", "slow-token"}

// Every defect that the reference platform can show by name ends a login that
// passed before, with one kind.
func TestNamedDefectsOfThePlatformEndTheLogin(t *testing.T) {
	for _, fault := range vneidtest.Faults() {
		if strings.HasPrefix(fault.Name, "qr-") || slices.Contains(elsewhere, fault.Name) {
			continue
		}
		t.Run(fault.Name, func(t *testing.T) {
			p := vneidtest.New(t)
			cfg := p.SSO("https://portal.example/callback")
			cfg.Need = vneid.Assurance{Level: 2, Auth: 2, At: p.Now().Add(-time.Minute)}
			if _, err := p.Login("level2", cfg); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			p.Advance(2 * time.Minute)
			p.Break(fault.Name)
			id, err := p.Login("level2", cfg)
			if why, ok := tolerable[fault.Name]; ok {
				if err != nil {
					t.Errorf("%s: %v", why, err)
				}
				return
			}
			var kinds []string
			for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
				if errors.Is(err, k) {
					kinds = append(kinds, k.Error())
				}
			}
			t.Logf("%-22s %-12s %v", fault.Name, strings.Join(kinds, " and "), err)
			if len(kinds) != 1 || id != nil {
				t.Errorf("%s: %v of kinds %v", fault.About, err, kinds)
			}
		})
	}
}
