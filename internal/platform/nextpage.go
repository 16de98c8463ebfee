package platform

import (
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// step says which page comes next, "" when everything is there. An oauthError
// ends the interaction.
func (p *Platform) step(tx Tx, c *Client, ia *interaction) (Step, *Account, error) {
	if ia.Account == "" {
		return StepLogin, nil, nil
	}
	a, err := load[Account](tx, tableAccounts, ia.Account)
	if err != nil {
		return StepLogin, nil, err
	}
	return p.stepOf(tx, c, ia, a)
}

// stepOf is step with the interaction's account as it is now; nil for none.
func (p *Platform) stepOf(tx Tx, c *Client, ia *interaction, a *Account) (Step, *Account, error) {
	if a == nil || ia.Account != a.ID {
		return StepLogin, nil, nil
	}
	if a.AccountLocked {
		return "", a, refuse(http.StatusForbidden, wire.ErrorAccountLocked, "")
	}
	if ia.First {
		return StepNewPassword, a, nil
	}
	goal, err := ia.Want.goal(a)
	if err != nil {
		return "", a, err
	}
	if authLevel(ia.Shown) < goal {
		return StepFactor, a, nil
	}
	if ia.Request != nil && ia.Request.Share != nil && a.EIDLocked {
		return "", a, refuse(http.StatusForbidden, wire.ErrorEIDLocked, "")
	}
	if ia.Request != nil && ia.Request.Share != nil && !ia.Agreed {
		return StepShare, a, nil
	}
	if ia.Request != nil && ia.Request.Share != nil {
		next, err := p.waitShare(tx, ia.Request.Sharing)
		return next, a, err
	}
	if ia.Request != nil && !ia.Agreed {
		asked, err := p.consented(tx, c, ia)
		if err != nil || !asked {
			return StepConsent, a, err
		}
	}
	return "", a, nil
}

// proceed gives the answer if everything is there. If not it leads to the next
// page, or draws it when show is set.
func (p *Platform) proceed(v *visit, id string, show bool) {
	var ia *interaction
	var a *Account
	var next Step
	var done *finished
	err := p.store.Update(v.r.Context(), func(tx Tx) (err error) {
		done = nil
		if ia, err = p.find(tx, v, id); err != nil {
			return err
		}
		if next, a, err = p.step(tx, v.client, ia); err == nil && next == StepLogin && show {
			err = p.drawScan(tx, ia)
		}
		if err != nil || next != "" {
			return err
		}
		done, err = p.finish(tx, v, ia, a)
		return err
	})
	switch {
	case err != nil && p.decidedBefore(v, id): // by the same form, a moment ago
	case err != nil:
		p.giveUp(v, ia, err)
	case done != nil:
		p.complete(v, ia, done)
	case ia.Request != nil && ia.Request.prompts("none"):
		p.giveUp(v, ia, refuse(http.StatusBadRequest, silent(next), ""))
	case show:
		p.render(v, p.view(v, ia, a, next, ""))
	default:
		http.Redirect(v.w, v.r, "/interaction/"+id, http.StatusSeeOther)
	}
}

// silent is the error for a page that prompt=none forbids (OpenID Connect Core
// §3.1.2.6).
func silent(s Step) string {
	switch s {
	case StepLogin:
		return "login_required"
	case StepConsent:
		return "consent_required"
	}
	return "interaction_required"
}

// giveUp ends an interaction with an error: at the relying party if there is one,
// else on a page.
func (p *Platform) giveUp(v *visit, ia *interaction, err error) {
	if ia != nil && ia.Request != nil {
		if drop := p.store.Update(v.r.Context(), func(tx Tx) error { return p.abandon(tx, v, ia, err) }); drop != nil {
			err = drop
		}
	}
	p.over(v, ia, err)
}

// over is giveUp of an interaction that is not in the store.
func (p *Platform) over(v *visit, ia *interaction, err error) {
	if ia == nil || ia.Request == nil {
		p.errorPage(v, err)
		return
	}
	p.answer(v, ia.Request, errorAnswer(err))
}
