package platform

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// handleInteraction shows the page of an interaction and takes its form.
func (p *Platform) handleInteraction(w http.ResponseWriter, r *http.Request) {
	v := &visit{w: w, r: r, browser: p.cookie(r, browserCookie)}
	id := r.PathValue("id")
	var ia *interaction
	var a *Account
	var step Step
	err := p.store.View(r.Context(), func(tx Tx) (err error) {
		if ia, err = p.find(tx, v, id); err != nil {
			return err
		}
		if ia.Request != nil {
			v.client, err = p.party(tx, ia.Request.Client)
		}
		if err != nil || ia.Request != nil && v.client == nil {
			return errors.Join(err, refuse(http.StatusBadRequest, "unauthorized_client", ""))
		}
		step, a, err = p.step(tx, v.client, ia)
		return err
	})
	switch {
	case err != nil && ia == nil && p.formAgain(v, id):
	case err != nil:
		p.giveUp(v, ia, err)
	case r.Method == http.MethodPost:
		p.submit(v, ia, a, step)
	default:
		p.proceed(v, id, true)
	}
}

// submit checks where a form comes from and hands it to its step.
func (p *Platform) submit(v *visit, ia *interaction, a *Account, step Step) {
	form, err := formOf(v.w, v.r)
	if err == nil {
		err = p.admit(v.r.Context())
	}
	if err == nil && subtle.ConstantTimeCompare([]byte(form.Get(FieldCSRF)), []byte(p.csrf(v, ia.ID))) != 1 {
		err = refuse(http.StatusForbidden, "csrf", "")
	}
	if err != nil {
		p.errorPage(v, err)
		return
	}
	v.decision = p.decision(form)
	if form.Get(FieldDecision) == Deny {
		p.deny(v, ia)
		return
	}
	ctx := v.r.Context()
	out := outcome{problem: ProblemForm}
	switch step {
	case StepLogin:
		out, err = p.submitLogin(ctx, v, ia.ID, form)
	case StepNewPassword:
		out, err = p.submitPassword(ctx, v, ia.ID, *a, form)
	case StepFactor:
		out, err = p.submitFactor(ctx, v, ia.ID, form)
	case StepConsent:
		out, err = p.submitConsent(ctx, v, ia.ID, form)
	case StepShare:
		out, err = p.submitShare(ctx, v, ia.ID, form)
	case "", StepWait:
		out.problem = ""
	}
	switch {
	case err != nil && p.decidedBefore(v, ia.ID): // by the same form, a moment ago
	case err != nil:
		p.giveUp(v, ia, err)
	case out.problem == "":
		p.proceed(v, ia.ID, false)
	default:
		p.again(v, ia.ID, out)
	}
}

// outcome is what a form came to: no problem leads on to the next step.
type outcome struct {
	problem Problem
	wait    time.Duration
}

// again draws the step once more with its problem.
func (p *Platform) again(v *visit, id string, out outcome) {
	var view View
	err := p.store.View(v.r.Context(), func(tx Tx) error {
		ia, err := p.find(tx, v, id)
		if err != nil {
			return err
		}
		step, a, err := p.step(tx, v.client, ia)
		if err == nil {
			view = p.view(v, ia, a, step, out.problem)
		}
		return err
	})
	if err != nil {
		p.errorPage(v, err)
		return
	}
	view.Status, view.Retry = http.StatusUnprocessableEntity, out.wait
	if out.problem == ProblemThrottled {
		view.Status = http.StatusTooManyRequests
	}
	p.render(v, view)
}

func (p *Platform) deny(v *visit, ia *interaction) {
	if ia.Request == nil {
		http.Redirect(v.w, v.r, ia.Return, http.StatusSeeOther)
		return
	}
	if err := p.denyShare(v, ia); err != nil {
		p.errorPage(v, err)
		return
	}
	p.giveUp(v, ia, refuse(http.StatusForbidden, "access_denied", ""))
}

// edit changes the interaction in one transaction with whatever f does besides.
func (p *Platform) edit(ctx context.Context, v *visit, id string, f func(Tx, *interaction) error) error {
	return p.store.Update(ctx, func(tx Tx) error {
		ia, err := p.find(tx, v, id)
		if err != nil {
			return err
		}
		if err := f(tx, ia); err != nil {
			return err
		}
		return save(tx, tableInteractions, id, ia, ia.Until)
	})
}

func (p *Platform) submitLogin(ctx context.Context, v *visit, id string, form url.Values) (outcome, error) {
	a, first, wait, err := p.authenticate(ctx, form.Get(FieldUsername), form.Get(FieldPassword))
	switch {
	case err != nil:
		return outcome{}, err
	case wait > 0:
		return outcome{ProblemThrottled, wait}, nil
	case a == nil:
		return outcome{problem: ProblemLogin}, nil
	}
	return outcome{}, p.edit(ctx, v, id, func(_ Tx, ia *interaction) error {
		ia.Account, ia.First, ia.Session = a.ID, first, ""
		ia.Shown, ia.At, ia.Fresh = []Factor{FactorPassword}, p.now(), true
		return nil
	})
}

func (p *Platform) submitPassword(ctx context.Context, v *visit, id string, a Account, form url.Values) (outcome, error) {
	ok, err := p.replacePassword(ctx, a, form.Get(FieldNewPassword))
	if err != nil || !ok {
		return outcome{problem: ProblemPassword}, err
	}
	return outcome{}, p.edit(ctx, v, id, func(_ Tx, ia *interaction) error {
		ia.First = false
		return nil
	})
}

// submitConsent takes the scopes that were ticked; openid is what a login is.
func (p *Platform) submitConsent(ctx context.Context, v *visit, id string, form url.Values) (outcome, error) {
	if form.Get(FieldDecision) != Allow {
		return outcome{problem: ProblemForm}, nil
	}
	return outcome{}, p.edit(ctx, v, id, func(tx Tx, ia *interaction) error {
		if ia.Agreed { // the form was sent twice at once
			return nil
		}
		ia.Agreed, ia.Granted, ia.Without = true, nil, nil
		for _, s := range ia.Request.Scopes {
			if s == scopeOpenID || slices.Contains(form[FieldScope], s) {
				ia.Granted = append(ia.Granted, s)
			}
		}
		ia.Without = withheld(ia.Granted, form)
		return p.remember(tx, v.client, ia)
	})
}
