package licensed

import (
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// What a Request demands and this wire cannot give is refused before anybody is asked.
func TestARequestDemandsNothingThatTheWireCannotSay(t *testing.T) {
	for name, a := range map[string]struct {
		promised vneid.Assurance
		edit     func(*share.Request)
		good     bool
	}{
		"nothing demanded":               {vneid.Assurance{}, func(*share.Request) {}, true},
		"a level that nobody promised":   {vneid.Assurance{}, func(r *share.Request) { r.Need.Level = 2 }, false},
		"a level above the one promised": {vneid.Assurance{Level: 1, Auth: 3}, func(r *share.Request) { r.Need.Level = 2 }, false},
		"the level promised":             {vneid.Assurance{Level: 2, Auth: 3}, func(r *share.Request) { r.Need = vneid.Assurance{Level: 2, Auth: 3} }, true},
		"a login not older than an hour": {vneid.Assurance{Level: 2, Auth: 3}, func(r *share.Request) { r.Need.At = noon.Add(-1) }, true},
		"a subject, which gateways lack": {vneid.Assurance{}, func(r *share.Request) { r.Subject = "pairwise-1" }, false},
	} {
		g := newGateway(t)
		c := g.client(func(cfg *Config) { cfg.Assurance = a.promised })
		r := request()
		a.edit(&r)
		_, _, err := c.Begin(t.Context(), r, citizen)
		if (err == nil) != a.good || len(g.seen) > 0 != a.good {
			t.Errorf("%s: %v after %d calls", name, err, len(g.seen))
		}
	}
}
