package platform

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/url"
	"slices"
	"time"
)

const (
	codeLife  = 5 * time.Minute
	codeTries = 3 // guesses at one code
	codeSends = 3 // messages in one interaction
)

// submitFactor takes a second or third factor. Guesses are counted per account
// and before they are looked at, whatever the interaction.
func (p *Platform) submitFactor(ctx context.Context, v *visit, id string, form url.Values) (out outcome, err error) {
	err = p.edit(ctx, v, id, func(tx Tx, ia *interaction) error {
		out = outcome{problem: ProblemForm}
		a, err := load[Account](tx, tableAccounts, ia.Account)
		if err != nil || a == nil {
			return err
		}
		goal, err := ia.Want.goal(a)
		if err != nil {
			return err
		}
		factor := Factor(form.Get(FieldFactor))
		if !slices.Contains(missing(a, ia.Shown, goal), factor) {
			return nil
		}
		switch {
		case factor == FactorApp:
			out.problem, err = p.submitApp(tx, v.client, a, ia)
		case factor == FactorOTP && form.Get(FieldCode) == "":
			out.problem, err = p.sendCode(tx, a, ia)
		default:
			out, err = p.submitGuess(tx, a, ia, factor, form)
		}
		if err == nil && out.problem == "" {
			ia.Shown, ia.Fresh = append(ia.Shown, factor), true
			ia.Code, ia.Prompt, ia.Number = nil, "", ""
		}
		return err
	})
	return out, err
}

// submitGuess takes the factors that somebody could try again and again.
func (p *Platform) submitGuess(tx Tx, a *Account, ia *interaction, factor Factor, form url.Values) (outcome, error) {
	key := p.mac("factor", a.ID)
	wait, err := p.guess(tx, key)
	switch {
	case err != nil:
		return outcome{}, err
	case wait > 0:
		return outcome{ProblemThrottled, wait}, nil
	case factor == FactorFace && form.Get(FieldResult) != Match:
		return outcome{problem: ProblemNoMatch}, nil
	case factor == FactorOTP && !p.codeIs(ia, form.Get(FieldCode)):
		return outcome{problem: ProblemCode}, nil
	}
	return outcome{}, tx.Delete(tableTries, key)
}

// sendCode sends six digits. Its "problem" is that there is nothing to check yet.
func (p *Platform) sendCode(tx Tx, a *Account, ia *interaction) (Problem, error) {
	sent := 1
	if ia.Code != nil {
		sent = ia.Code.Sent + 1
	}
	if sent > codeSends {
		return ProblemThrottled, nil
	}
	code, ref := digits(6), rand.Text()[:6]
	ia.Code = &codeSent{Mac: p.mac("otp", ia.ID, code), Ref: ref, Until: p.now().Add(codeLife), Sent: sent}
	err := p.send(tx, *a, Message{Channel: SMS, Secret: code, Ref: ref,
		Text: "Mã xác thực: " + code + " (phiên " + ref + "). Không đưa mã này cho bất kỳ ai."})
	return ProblemWaiting, err
}

func (p *Platform) codeIs(ia *interaction, code string) bool {
	c := ia.Code
	if c == nil || c.Tries >= codeTries || !p.now().Before(c.Until) {
		return false
	}
	c.Tries++
	return subtle.ConstantTimeCompare([]byte(c.Mac), []byte(p.mac("otp", ia.ID, code))) == 1
}
