package platform

import (
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// authLevel is the authentication level of Decree 69/2024 Art. 20.1 that the
// factors make together.
func authLevel(factors []Factor) vneid.AuthLevel {
	knows := slices.Contains(factors, FactorPassword)
	has := slices.Contains(factors, FactorOTP) || slices.Contains(factors, FactorApp)
	is := slices.Contains(factors, FactorFace)
	switch {
	case is && knows && has:
		return 4
	case is && (knows || has):
		return 3
	case knows && has:
		return 2
	case knows || has:
		return 1
	}
	return 0
}

// methods are the amr values of RFC 8176 for the factors.
func methods(factors []Factor) []string {
	amr := []string{}
	for _, f := range factors {
		switch f {
		case FactorPassword:
			amr = append(amr, "pwd")
		case FactorOTP:
			amr = append(amr, "otp", "sms")
		case FactorApp:
			amr = append(amr, "swk")
		case FactorFace:
			amr = append(amr, "face")
		}
	}
	if len(factors) > 1 {
		amr = append(amr, "mfa")
	}
	return amr
}

// missing lists the factors of the account that lead from the ones shown towards
// an authentication level; the app before a message, since messages can be read
// on a locked screen.
func missing(a *Account, shown []Factor, goal vneid.AuthLevel) []Factor {
	if authLevel(shown) >= goal {
		return nil
	}
	var out []Factor
	has := slices.Contains(shown, FactorOTP) || slices.Contains(shown, FactorApp)
	if !has && (goal == 2 || goal == 4) {
		if a.App {
			out = append(out, FactorApp)
		}
		if a.Phone != "" {
			out = append(out, FactorOTP)
		}
	}
	if goal >= 3 && a.Face && !slices.Contains(shown, FactorFace) {
		out = append(out, FactorFace)
	}
	return out
}

// reach is the strongest authentication level the account can come to.
func reach(a *Account) vneid.AuthLevel {
	all := []Factor{FactorPassword}
	if a.App || a.Phone != "" {
		all = append(all, FactorOTP)
	}
	if a.Face {
		all = append(all, FactorFace)
	}
	return authLevel(all)
}

// goal is the authentication level to come to for this account: the weakest that
// satisfies what was asked. An error says why what is essential cannot be had.
func (w want) goal(a *Account) (vneid.AuthLevel, error) {
	best := vneid.AuthLevel(0)
	locked := false
	for _, v := range w.Values {
		switch {
		case v.Auth > reach(a):
		case v.Level > a.Usable():
			locked = locked || v.Level <= a.Level
		case best == 0 || v.Auth < best:
			best = v.Auth
		}
	}
	switch {
	case best > 0:
		return best, nil
	case !w.Essential:
		return 1, nil
	case locked:
		return 0, refuse(400, wire.ErrorEIDLocked, "")
	}
	return 0, refuse(400, wire.ErrorUnmet, "")
}

// reported is the acr to name: what was reached if that was asked for (or nothing
// was), else the strongest value asked for that it covers. A login at level 2 is
// also one at level 1; whoever asks for level 1 alone learns no more.
func (w want) reported(got assurance) assurance {
	if len(w.Values) == 0 || slices.Contains(w.Values, got) {
		return got
	}
	best := assurance{}
	for _, v := range w.Values {
		if v.Level <= got.Level && v.Auth <= got.Auth && (v.Level > best.Level || v.Level == best.Level && v.Auth > best.Auth) {
			best = v
		}
	}
	if best == (assurance{}) {
		return got
	}
	return best
}

// least is what the pages show as asked for.
func (w want) least() Want {
	out := Want{}
	for i, v := range w.Values {
		if i == 0 || int(v.Level) < out.Level {
			out.Level = int(v.Level)
		}
		if i == 0 || int(v.Auth) < out.Auth {
			out.Auth = int(v.Auth)
		}
	}
	return out
}
