package platform

import (
	"errors"
	"net/http"
	"time"
)

// begin opens an interaction, continues the browser's session where that is enough, and
// goes to the first page or straight to the answer, all in one transaction: what needs
// no page is never stored. open may run more than once; an oauthError of it is for a
// page, since nobody is known yet to whom the browser could go back.
func (p *Platform) begin(v *visit, open func(Tx) (*interaction, error)) {
	if err := p.admit(v.r.Context()); err != nil {
		p.errorPage(v, err)
		return
	}
	v.browser = p.newBrowser(v)
	var at opened
	err := p.store.Update(v.r.Context(), func(tx Tx) (err error) {
		at, err = p.open(tx, v, open)
		return err
	})
	switch ia := at.ia; {
	case err != nil:
		p.errorPage(v, err)
	case ia == nil:
		p.errorPage(v, at.refusal)
	case at.refusal != nil:
		p.over(v, ia, at.refusal)
	case at.done != nil:
		p.complete(v, ia, at.done)
	default:
		http.Redirect(v.w, v.r, "/interaction/"+ia.ID, http.StatusSeeOther)
	}
}

// opened is what became of an interaction in the transaction that opened it: it was
// refused, it is done, or it waits in the store.
type opened struct {
	ia      *interaction
	done    *finished
	refusal error
}

func (p *Platform) open(tx Tx, v *visit, open func(Tx) (*interaction, error)) (at opened, err error) {
	var refusal *oauthError
	ia, err := open(tx)
	if errors.As(err, &refusal) {
		return opened{refusal: refusal}, nil
	}
	if err != nil {
		return at, err
	}
	sid, s, a, err := p.current(tx, p.cookie(v.r, sessionCookie))
	if err != nil {
		return at, err
	}
	ia.ID, ia.Until = random(), p.now().Add(interactionLife)
	if s != nil && !ia.again(s, p.now()) {
		ia.Session, ia.Account, ia.Shown, ia.At = sid, s.Account, s.Shown, s.At
	}
	next, a, err := p.stepOf(tx, v.client, ia, a)
	if err == nil && next != "" && ia.Request != nil && ia.Request.prompts("none") {
		err = refuse(http.StatusBadRequest, silent(next), "")
	}
	switch {
	case errors.As(err, &refusal):
		return opened{ia: ia, refusal: refusal}, nil
	case err == nil && next == "":
		at.done, err = p.finish(tx, v, ia, a)
	case err == nil:
		ia.Browser = p.mac("browser", v.browser)
		err = save(tx, tableInteractions, ia.ID, ia, ia.Until)
	}
	at.ia = ia
	return at, err
}

// again reports whether the request asks for another authentication than the one
// that began the session.
func (ia *interaction) again(s *session, now time.Time) bool {
	q := ia.Request
	return q != nil && (q.prompts("login") || q.prompts("select_account") || q.MaxAge != nil && now.Sub(s.At) > *q.MaxAge)
}
