package sso

import (
	"testing"
)

func TestALoginOfFAPI2(t *testing.T) {
	for name, set := range map[string]func(*Config){"plain": func(*Config) {}, "jarm": jarm} {
		t.Run(name, func(t *testing.T) {
			o, c := newFAPI(t, set)
			for range 2 {
				id := mustLogin(t, c, o, Ask{})
				if id.Citizen().Name() != "Nguyễn Thị Thử" || id.Integrity() != Signed {
					t.Error("somebody else")
				}
			}
			// Each endpoint's first proof lacks the nonce; the origin's nonce is known then.
			if o.count("/par") != 3 || o.count("/token") != 2 || o.count("/userinfo") != 2 {
				t.Errorf("%d %d %d requests", o.count("/par"), o.count("/token"), o.count("/userinfo"))
			}
		})
	}
}
