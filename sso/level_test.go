package sso

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestTheLevelIsWhatWasAskedOrHigher(t *testing.T) {
	for _, test := range []struct {
		name      string
		need, ask vneid.Assurance
		got       string // acr
		ok        bool
	}{
		{"nothing asked, lowest got", vneid.Assurance{}, vneid.Assurance{}, "urn:vneid:acr:l1:a1", true},
		{"as asked", vneid.Assurance{Level: 2}, vneid.Assurance{}, "urn:vneid:acr:l2:a1", true},
		{"account level too low", vneid.Assurance{Level: 2}, vneid.Assurance{}, "urn:vneid:acr:l1:a4", false},
		{"authentication level too low", vneid.Assurance{Auth: 3}, vneid.Assurance{}, "urn:vneid:acr:l2:a2", false},
		{"higher than asked", vneid.Assurance{Level: 1, Auth: 2}, vneid.Assurance{}, "urn:vneid:acr:l2:a4", true},
		{"this login asked for more", vneid.Assurance{Level: 1}, vneid.Assurance{Auth: 3}, "urn:vneid:acr:l1:a2", false},
		{"a login cannot ask for less", vneid.Assurance{Level: 2}, vneid.Assurance{Level: 1}, "urn:vneid:acr:l1:a2", false},
		{"no acr", vneid.Assurance{Auth: 1}, vneid.Assurance{}, "", false},
		{"an acr of no level", vneid.Assurance{Level: 1}, vneid.Assurance{}, "urn:vneid:acr:l9:a9", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := newOP(t)
			o.claims = func(c object) {
				delete(c, "account_level")
				if c["acr"] = test.got; test.got == "" {
					delete(c, "acr")
				}
			}
			id, err := logIn(newClient(t, o, func(c *Config) { c.Need = test.need }), o, Ask{Need: test.ask})
			if test.ok {
				if err != nil || id == nil {
					t.Fatal(err)
				}
				return
			}
			refusedAs(t, err, vneid.ErrLevel)
			var low *vneid.LevelError
			if !errors.As(err, &low) {
				t.Error("no LevelError")
			}
			if o.count("/userinfo") != 0 {
				t.Error("personal data was fetched for a login that is too weak")
			}
		})
	}
}

func TestAnAuthenticationMayHaveToBeFresh(t *testing.T) {
	for _, test := range []struct {
		name string
		ask  Ask
		age  time.Duration // of auth_time; negative: absent
		ok   bool
	}{
		{"recent enough", Ask{MaxAge: 5 * time.Minute}, 4 * time.Minute, true},
		{"within the clocks' tolerance", Ask{MaxAge: 5 * time.Minute}, 6 * time.Minute, true},
		{"too long ago", Ask{MaxAge: 5 * time.Minute}, 7 * time.Minute, false},
		{"not stated", Ask{MaxAge: 5 * time.Minute}, -1, false},
		{"asked to log in again and did", Ask{Prompt: "login"}, 0, true},
		{"asked to log in again and did not", Ask{Prompt: "login"}, 2 * time.Minute, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := newOP(t)
			o.claims = func(c object) {
				if c["auth_time"] = o.clock.now().Add(-test.age).Unix(); test.age < 0 {
					delete(c, "auth_time")
				}
			}
			_, err := logIn(newClient(t, o), o, test.ask)
			if test.ok && err != nil {
				t.Error(err)
			}
			if !test.ok {
				refusedAs(t, err, vneid.ErrLevel)
			}
		})
	}
}

func TestALockedEIDEndsWhatNeedsLevel2(t *testing.T) {
	for _, where := range []string{"token", "userinfo"} {
		t.Run(where, func(t *testing.T) {
			o := newOP(t)
			lock := func(c object) { c[wire.EIDStatus] = "locked" }
			if where == "token" {
				o.claims = lock
			} else {
				o.userinfo = lock
			}
			id := mustLogin(t, newClient(t, o), o, Ask{})
			if !id.EIDLocked() || id.Assurance().Level != 1 {
				t.Errorf("level %d next to a locked eID", id.Assurance().Level)
			}
			var lockErr *vneid.LockError
			if err := id.Check(vneid.Assurance{Level: 2}); !errors.As(err, &lockErr) || !lockErr.EID {
				t.Errorf("level 2: %v", err)
			}
			if err := id.Check(vneid.Assurance{Level: 1}); err != nil {
				t.Errorf("level 1: %v", err)
			}
			_, err := logIn(newClient(t, o), o, Ask{Need: vneid.Assurance{Level: 2}})
			refusedAs(t, err, vneid.ErrLocked)
			_, err = logIn(newClient(t, o, func(c *Config) { c.RefuseLockedEID = true }), o, Ask{})
			refusedAs(t, err, vneid.ErrLocked)
		})
	}
}

func TestTheAccountLevelMayComeWithoutACR(t *testing.T) {
	o := newOP(t)
	o.claims = func(c object) { delete(c, "acr") }
	id := mustLogin(t, newClient(t, o, func(c *Config) { c.Need.Level = 2 }), o, Ask{})
	if a := id.Assurance(); a.Level != 2 || a.Auth != 0 {
		t.Errorf("levels %d and %d", a.Level, a.Auth)
	}
	o.claims = func(c object) { c["acr"] = 2 }
	_, err := logIn(newClient(t, o, func(c *Config) { c.Need.Auth = 1 }), o, Ask{})
	refusedAs(t, err, vneid.ErrMalformed) // not ErrLevel, which would send the person home
}

// A Session comes from a store of the caller's, so it may have been begun by a
// process with a laxer configuration.
func TestALoginMustReachTheNeedOfTheClientThatFinishesIt(t *testing.T) {
	o := newOP(t)
	o.level, o.auth = 1, 2
	began := newClient(t, o)
	for _, test := range []struct {
		name string
		need vneid.Assurance
		want vneid.Kind // 0: passes
	}{
		{"what the login reached", vneid.Assurance{Level: 1, Auth: 2}, 0},
		{"a higher account level", vneid.Assurance{Level: 2}, vneid.ErrLevel},
		{"a higher authentication level", vneid.Assurance{Auth: 3}, vneid.ErrLevel},
	} {
		to, s, err := began.Begin(t.Context(), Ask{})
		if err != nil {
			t.Fatal(err)
		}
		_, raw, _ := strings.Cut(o.authorize(to), "?")
		ends := newClient(t, o, func(c *Config) { c.Need = test.need })
		if _, err = ends.Finish(t.Context(), s, raw); test.want != 0 {
			refusedAs(t, err, test.want)
		} else if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
