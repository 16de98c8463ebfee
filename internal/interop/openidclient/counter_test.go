package openidclient

import (
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// TestACertifiedClientAtACounter: openid-client begins a login by CIBA and polls.
func TestACertifiedClientAtACounter(t *testing.T) {
	p := vneidtest.New(t)
	for name, cfg := range map[string]sso.Config{"Standard": p.SSO(back), "FAPI2": p.FAPI2(back), "FAPI2, encrypted": p.Encrypt(p.FAPI2(back))} {
		t.Run(name, func(t *testing.T) {
			p.CIBA(cfg, "")
			// begin asks the person, whose answer f gives.
			begin := func(f func() error) object {
				t.Helper()
				rp := start(t)
				what := ask(t, cfg)
				what["hint"], what["message"] = "999090000001", "47 quay 3"
				first := rp.tell(what)
				if life, _ := first["expires_in"].(float64); first["id"] != 43.0 || first["interval"] != 5.0 || life <= 50 || life > 60 {
					t.Fatal(first)
				}
				if err := f(); err != nil {
					t.Fatal(err)
				}
				return rp.tell(object{})
			}
			got := begin(func() error { return p.Approve("level2", "47") })
			if got["error"] != nil || got["sub"] == nil || got["info_sub"] != got["sub"] || got["second_sub"] != got["sub"] || got["citizen"] != "999090000001" {
				t.Errorf("%v", got)
			}
			if bound := cfg.Profile == sso.FAPI2; (got["jkt"] != nil) != bound || got["rotated"] == bound {
				t.Errorf("bound %v: %v", bound, got)
			}
			got = begin(func() error { p.Refuse("level2"); return nil })
			if text, _ := got["error"].(string); !strings.Contains(text, "access_denied") {
				t.Errorf("a person who said no: %v", got)
			}
		})
	}
}
