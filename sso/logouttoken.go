package sso

import (
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// check makes the checks of a logout token whose signature is good (OpenID Connect
// Back-Channel Logout 1.0 §2.6), in this order.
func (l *logoutReceiver) check(o *jws.Object) error {
	for _, step := range []struct {
		name string
		do   func(*jws.Object) error
	}{
		{"audience", l.checkAudience},
		{"times", l.checkTimes},
		{"events", checkEvents},
		{"nonce", checkNoNonce},
		{"names", checkNames},
	} {
		if err := step.do(o); err != nil && l.c.on("logout-"+step.name) {
			return err
		}
		if o.Err() != nil {
			return refused("the logout token", o.Err())
		}
	}
	return nil
}

// checkAudience: aud is this client alone, as in an ID token (§2.4).
func (l *logoutReceiver) checkAudience(o *jws.Object) error {
	switch {
	case !o.Has("aud"):
		return fault.New(vneid.ErrMalformed, "the logout token has no aud")
	case !l.c.soleAudience(o):
		return fault.New(vneid.ErrMismatch, "the logout token is for another party")
	}
	return nil
}

// checkTimes: iat is there and young; exp holds where there is one.
func (l *logoutReceiver) checkTimes(o *jws.Object) error {
	now, skew := l.c.cfg.Now(), l.c.cfg.Skew
	iat, exp, nbf := o.Time("iat"), o.Time("exp"), o.Time("nbf")
	switch {
	case o.Err() != nil:
		return refused("the logout token", o.Err())
	case iat.IsZero():
		return fault.New(vneid.ErrMalformed, "the logout token has no iat")
	case iat.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: iat, Now: now}
	case nbf.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: nbf, Now: now}
	case !now.Before(iat.Add(maxLogoutAge + skew)):
		return &vneid.TimeError{NotAfter: iat.Add(maxLogoutAge), Now: now}
	case !exp.IsZero() && !now.Before(exp.Add(skew)):
		return &vneid.TimeError{NotAfter: exp, Now: now}
	}
	return nil
}

// checkEvents: the token says of itself that it is a logout.
func checkEvents(o *jws.Object) error {
	if event := o.In("events", logoutEvent); event == "" || event[0] != '{' {
		return fault.New(vneid.ErrMalformed, "the token's events do not tell of a back-channel logout")
	}
	return nil
}

// checkNoNonce: a nonce is prohibited, whatever its value, so that no logout token
// passes for an ID token with a provider that does not type its tokens (§2.4).
func checkNoNonce(o *jws.Object) error {
	if o.Has("nonce") {
		return fault.New(vneid.ErrMalformed, "the logout token has a nonce")
	}
	return nil
}

// checkNames: the token has a name of its own, and names a session or a person.
func checkNames(o *jws.Object) error {
	fits := func(name string) bool {
		s := o.String(name)
		return len(s) <= 255 && relying.Printable(s) && (s != "" || !o.Has(name))
	}
	switch {
	case o.String("jti") == "" || !fits("jti"):
		return fault.New(vneid.ErrMalformed, "the logout token has no jti of at most 255 ASCII characters")
	case !o.Has("sub") && !o.Has("sid"):
		return fault.New(vneid.ErrMalformed, "the logout token names neither a session nor a person")
	case !fits("sub") || !fits("sid"):
		return fault.New(vneid.ErrMalformed, "the logout token's sub or sid is empty or too long")
	}
	return nil
}
