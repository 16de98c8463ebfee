package platform

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// interaction is a login under way: from the authorization request to the
// answer, through as many pages as it takes. It belongs to one browser.
type interaction struct {
	ID      string       `json:"id"`
	Browser string       `json:"browser"`           // keyed hash of the browser's cookie
	Request *authRequest `json:"request,omitempty"` // nil: the platform's own pages
	Return  string       `json:"return,omitempty"`  // where its own pages go on
	Want    want         `json:"want"`
	Until   time.Time    `json:"until"`

	Session string    `json:"session,omitempty"` // the session that it continues
	Account string    `json:"account,omitempty"`
	Shown   []Factor  `json:"shown,omitempty"`
	Fresh   bool      `json:"fresh,omitempty"` // a factor was shown in this interaction
	At      time.Time `json:"at,omitzero"`     // when the oldest factor was shown
	First   bool      `json:"first,omitempty"` // the password must be changed

	Agreed  bool     `json:"agreed,omitempty"` // the consent page was answered
	Granted []string `json:"granted,omitempty"`
	Without []string `json:"without,omitempty"` // claims of those scopes that the person keeps back

	Code   *codeSent `json:"code,omitempty"`
	Prompt string    `json:"prompt,omitempty"` // id of the app's prompt
	Number string    `json:"number,omitempty"`
	Scan   *scan     `json:"scan,omitempty"` // the QR code on the login page

	Over *outcomeKept `json:"over,omitempty"` // it has ended, and this is how
}

// codeSent is the message of FactorOTP.
type codeSent struct {
	Mac   string    `json:"mac"`
	Ref   string    `json:"ref"` // stands in the message and on the page
	Until time.Time `json:"until"`
	Tries int       `json:"tries"`
	Sent  int       `json:"sent"`
}

const interactionLife = 10 * time.Minute

// visit is one request to the pages of a login.
type visit struct {
	w       http.ResponseWriter
	r       *http.Request
	browser string  // the browser's own secret
	client  *Client // who asks; nil in the platform's own pages

	decision string // what its form decides: see Platform.decision
}

// handleAuthorize is the authorization endpoint (OpenID Connect Core §3.1.2).
func (p *Platform) handleAuthorize(w http.ResponseWriter, r *http.Request) {
	v := &visit{w: w, r: r}
	q, err := queryOf(w, r)
	if r.Method == http.MethodPost {
		q, err = formOf(w, r)
	}
	if err == nil && isPushed(q) {
		p.begin(v, p.pushedBy(v, q))
		return
	}
	if err == nil {
		var c *Client
		if c, err = p.partyNow(r.Context(), q.Get("client_id")); err == nil {
			err = p.visits(v, c)
		}
	}
	if err == nil && v.client.pushes() && p.on("pushed-only") {
		err = errMustPush
	}
	if err == nil {
		err = p.findClient(v.client, q)
	}
	if err != nil {
		p.errorPage(v, err)
		return
	}
	req, err := readRequest(v.client, q)
	if err != nil {
		p.answer(v, &authRequest{Redirect: q.Get("redirect_uri"), State: q.Get("state"), Mode: q.Get("response_mode")}, errorAnswer(err))
		return
	}
	p.begin(v, asking(req))
}

// visits notes who sent the browser.
func (p *Platform) visits(v *visit, c *Client) error {
	noteOf(v.w).by(c)
	if v.client = c; c != nil && c.Wire != "" && p.on("wire-apart") {
		v.client = nil
		return refuse(http.StatusBadRequest, "unauthorized_client", "")
	}
	return nil
}

// pushedBy begins an interaction with a request that was pushed. Nothing in this URL is
// believed but the reference: no error goes to a redirect URI that it names.
func (p *Platform) pushedBy(v *visit, q url.Values) func(Tx) (*interaction, error) {
	return func(tx Tx) (*interaction, error) {
		c, err := p.party(tx, q.Get("client_id"))
		if err == nil {
			err = p.visits(v, c)
		}
		if err != nil {
			return nil, err
		}
		req, err := p.takePushed(tx, v.client, q)
		if err != nil {
			return nil, err
		}
		return &interaction{Request: req, Want: req.Want}, nil
	}
}

// asking begins an interaction with a request.
func asking(req *authRequest) func(Tx) (*interaction, error) {
	return func(Tx) (*interaction, error) { return &interaction{Request: req, Want: req.Want}, nil }
}

// handleLogin logs a person in for the platform's own pages:
// /login?return=/path&auth=2.
func (p *Platform) handleLogin(w http.ResponseWriter, r *http.Request) {
	v := &visit{w: w, r: r}
	q, err := queryOf(w, r)
	if err != nil {
		p.errorPage(v, err)
		return
	}
	var wish want
	if auth, err := strconv.Atoi(q.Get("auth")); err == nil && auth >= 1 && auth <= 4 {
		for a := auth; a <= 4; a++ {
			wish.Values = append(wish.Values, assurance{1, vneid.AuthLevel(a)})
		}
		wish.Essential = true
	}
	p.begin(v, func(Tx) (*interaction, error) {
		return &interaction{Return: localPath(q.Get("return")), Want: wish}, nil
	})
}

// localPath returns s if it can only be a path of this site, else "/".
func localPath(s string) string {
	u, err := url.Parse(s)
	if err != nil || !visible(s, 1024) || u.Scheme != "" || u.Host != "" || s[0] != '/' ||
		len(s) > 1 && (s[1] == '/' || s[1] == '\\') {
		return "/"
	}
	return s
}

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

// find returns the browser's interaction, or an oauthError.
func (p *Platform) find(tx Tx, v *visit, id string) (*interaction, error) {
	ia, err := p.findAny(tx, v, id)
	if err == nil && ia.Over != nil {
		return nil, refuse(http.StatusNotFound, "interaction_over", "")
	}
	return ia, err
}

// findAny is find that finds those too which have ended.
func (p *Platform) findAny(tx Tx, v *visit, id string) (*interaction, error) {
	ia, err := load[interaction](tx, tableInteractions, id)
	if err != nil {
		return nil, err
	}
	if ia == nil || !p.now().Before(ia.Until) || subtle.ConstantTimeCompare([]byte(ia.Browser), []byte(p.mac("browser", v.browser))) != 1 {
		return nil, refuse(http.StatusNotFound, "interaction_over", "")
	}
	return ia, nil
}

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

// view describes a page of the interaction.
func (p *Platform) view(at *visit, ia *interaction, a *Account, step Step, problem Problem) View {
	v := View{
		Step: step, Status: http.StatusOK, Problem: problem, Action: "/interaction/" + ia.ID,
		CSRF: p.csrf(at, ia.ID), Want: ia.Want.least(), Client: clientView(at.client),
	}
	if a != nil {
		v.Person = &PersonView{Name: a.Record.Name, Number: masked(a.Username())}
	}
	switch step {
	case StepLogin:
		if ia.Request != nil {
			v.LoginHint = ia.Request.Hint
		}
		if s := ia.Scan; s != nil && p.now().Before(s.Until) {
			v.Scan, v.Number, v.Until = p.cfg.Issuer+pathApp+ia.ID+"."+s.Secret, s.Number, s.Until
		}
	case StepFactor:
		goal, _ := ia.Want.goal(a)
		v.Factors = missing(a, ia.Shown, goal)
		if ia.Prompt != "" {
			v.Sent, v.Number, v.Prompt = FactorApp, ia.Number, ia.Prompt
		} else if ia.Code != nil {
			v.Sent, v.Prompt = FactorOTP, ia.Code.Ref
		}
	case StepShare:
		v.Share = shareView(at.client, ia.Request.Share)
	case StepWait:
		if v.Problem == "" {
			v.Problem = ProblemWaiting
		}
	case StepConsent:
		for _, s := range ia.Request.Scopes {
			if scopeLevel(s) <= int(a.Usable()) {
				v.Scopes = append(v.Scopes, ScopeView{Name: s, Claims: slices.Clone(scopeClaims[s]), Free: freeClaims(s), Required: s == scopeOpenID})
			}
		}
	}
	return v
}

func clientView(c *Client) *ClientView {
	if c == nil {
		return nil
	}
	channel := c.Channel
	if channel == "" {
		channel = ChannelDirect
	}
	return &ClientView{ID: c.ID, Name: c.Name, Class: string(c.Class), Channel: string(channel), Provider: c.Provider, Login: c.Login}
}

func masked(number string) string {
	if len(number) < 3 {
		return ""
	}
	return "•••" + number[len(number)-3:]
}

// csrf ties a form to the browser's cookie and to one interaction.
func (p *Platform) csrf(v *visit, id string) string { return p.mac("csrf", v.browser, id) }
