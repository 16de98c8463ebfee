package ssotest

import (
	"context"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Revocations tests a sso.Revocations.
func Revocations(t *testing.T, fresh func(t testing.TB, now func() time.Time) sso.Revocations) {
	for name, part := range map[string]func(*testing.T, sso.Revocations, *clock){
		"what is named most closely ends":     revocationsNames,
		"names of different sorts stay apart": revocationsSorts,
		"an earlier one takes nothing back":   revocationsOrder,
		"it lasts until its time":             revocationsLast,
		"one that names nobody is refused":    revocationsNobody,
		"many at once":                        revocationsTogether,
	} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			part(t, fresh(t, c.now), c)
		})
	}
}

func revoke(t testing.TB, r sso.Revocations, login sso.Login, until time.Time) {
	t.Helper()
	if err := r.Revoke(context.Background(), login, until); err != nil {
		t.Errorf("Revoke: %v", err)
	}
}

func goesOn(t testing.TB, what string, r sso.Revocations, login sso.Login) {
	t.Helper()
	if err := r.Check(context.Background(), login); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

func ended(t testing.TB, what string, r sso.Revocations, login sso.Login) {
	t.Helper()
	kind(t, what, r.Check(context.Background(), login), vneid.ErrRevoked)
}

func revocationsNames(t *testing.T, r sso.Revocations, c *clock) {
	now := c.now()
	for i, test := range []struct {
		name  string
		ended sso.Login // without its issuer
		want  bool
	}{
		{"this local session", sso.Login{Subject: "s", SessionID: "p", Local: "l", At: now}, true},
		{"another local session", sso.Login{Subject: "s", SessionID: "p", Local: "m", At: now}, false},
		{"its provider session", sso.Login{Subject: "s", SessionID: "p", At: now}, true},
		{"another provider session", sso.Login{Subject: "s", SessionID: "q", At: now}, false},
		{"the provider session without a subject", sso.Login{SessionID: "p", At: now}, true},
		{"all of the subject", sso.Login{Subject: "s", At: now}, true},
		{"another subject", sso.Login{Subject: "t", At: now}, false},
		{"earlier logins", sso.Login{Subject: "s", At: now.Add(-time.Second)}, false},
		{"earlier logins by a millisecond", sso.Login{Subject: "s", At: now.Add(-time.Millisecond)}, false},
		{"later logins too", sso.Login{Subject: "s", At: now.Add(time.Second)}, true},
	} {
		issuer := "https://op.example/" + string(rune('a'+i)) // a world of its own for each
		login := sso.Login{Issuer: issuer, Subject: "s", SessionID: "p", Local: "l", At: now}
		goesOn(t, test.name+", before", r, login)
		test.ended.Issuer = issuer
		revoke(t, r, test.ended, now.Add(time.Hour))
		if test.want {
			ended(t, test.name, r, login)
		} else {
			goesOn(t, test.name, r, login)
		}
		login.Issuer = "https://other.example/"
		goesOn(t, test.name+", at another issuer", r, login)
	}
}

func revocationsSorts(t *testing.T, r sso.Revocations, c *clock) {
	now := c.now()
	revoke(t, r, sso.Login{Issuer: "i", Local: "x", At: now}, now.Add(time.Hour))
	goesOn(t, "a subject with the name of a local session", r, sso.Login{Issuer: "i", Subject: "x", At: now})
	goesOn(t, "a provider session with the name of a local one", r, sso.Login{Issuer: "i", SessionID: "x", At: now})
	goesOn(t, "names that run together", r, sso.Login{Issuer: "ix", Local: "", At: now})
	goesOn(t, "nobody", r, sso.Login{Issuer: "i", At: now})
	ended(t, "the local session", r, sso.Login{Issuer: "i", Local: "x", At: now})
}

func revocationsOrder(t *testing.T, r sso.Revocations, c *clock) {
	now := c.now()
	login := sso.Login{Issuer: "i", Subject: "s", At: now}
	for _, d := range []time.Duration{0, -time.Hour} {
		end := login
		end.At = now.Add(d)
		revoke(t, r, end, now.Add(2*time.Hour+d))
	}
	ended(t, "after an earlier one", r, login)
	c.advance(90 * time.Minute) // past the earlier one's end, not the later one's
	ended(t, "when the earlier one is over", r, login)
}

func revocationsLast(t *testing.T, r sso.Revocations, c *clock) {
	now := c.now()
	login := sso.Login{Issuer: "i", SessionID: "p", At: now}
	revoke(t, r, login, now.Add(24*time.Hour))
	c.advance(23 * time.Hour)
	ended(t, "an hour before its end", r, login)
	login.At = c.now()
	goesOn(t, "a login after it", r, login)
}

func revocationsNobody(t *testing.T, r sso.Revocations, c *clock) {
	login := sso.Login{Issuer: "i", At: c.now()}
	kind(t, "a revocation of nobody", r.Revoke(context.Background(), login, c.now().Add(time.Hour)), vneid.ErrMalformed)
	login.Subject = "s"
	goesOn(t, "somebody", r, login)
}

func revocationsTogether(t *testing.T, r sso.Revocations, c *clock) {
	now := c.now()
	together(func(i int) {
		login := sso.Login{Issuer: "i", Subject: string(rune('a' + i)), At: now}
		goesOn(t, "before", r, login)
		revoke(t, r, login, now.Add(time.Hour))
		ended(t, "after", r, login)
	})
}
