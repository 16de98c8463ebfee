package sso_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// The modules again, replicated and not certified, at the reference platform, whose
// provider shares no line with the one of these tests. What each of its defects is
// refused as stands in package vneidtest.
func TestConformanceAtThePlatform(t *testing.T) {
	run := 0
	for _, m := range platform.Modules() {
		if m.Later || m.Logout {
			continue // after the login
		}
		run++
		t.Run(m.Name, func(t *testing.T) {
			p := vneidtest.New(t)
			cfg := configuration(p, m.Name)
			if _, err := p.Login("level2", cfg); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			if m.Fault != "" {
				p.Break(m.Fault)
			}
			id, err := p.Login("level2", cfg)
			if m.Passes {
				if err != nil || id.Citizen().Name() == "" {
					t.Errorf("the flow did not end in the person's claims: %v", err)
				}
				return
			}
			if !errors.As(err, new(vneid.Kind)) || id != nil {
				t.Errorf("%s passed, or ended without a kind: %v", m.Fault, err)
			}
		})
	}
	if run < 50 {
		t.Errorf("only %d modules", run)
	}
}

// configuration is the relying party that a module is about.
func configuration(p *vneidtest.Platform, module string) sso.Config {
	const redirect = "https://portal.example/callback"
	if !strings.HasPrefix(module, "fapi2") {
		return p.SSO(redirect)
	}
	cfg := p.FAPI2(redirect)
	cfg.JARM = strings.Contains(module, "jarm")
	return cfg
}
