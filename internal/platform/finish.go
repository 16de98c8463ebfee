package platform

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// grant is what a login gave a client. Codes and tokens point to it; when it is
// gone they are worth nothing.
type grant struct {
	Account   string   `json:"account"`
	Type      string   `json:"type"` // of the account
	EIDLocked bool     `json:"eid_locked,omitempty"`
	Client    string   `json:"client"`
	Session   string   `json:"session"`
	Scopes    []string `json:"scopes"`

	Confirmed []Confirmation `json:"confirmed,omitempty"` // of the account, with wire.ScopeID
	Without   []string       `json:"without,omitempty"`   // claims of them that the person keeps back
	Nonce     string         `json:"nonce"`
	ACR       assurance      `json:"acr"`
	Shown     []Factor       `json:"shown"`
	At        time.Time      `json:"at"` // auth_time
	Until     time.Time      `json:"until"`

	Share string `json:"share,omitempty"` // the data request that it is for, and for nothing else

	Resource string `json:"resource,omitempty"` // the only one that tokens may be for; empty: those of the client
	JKT      string `json:"jkt,omitempty"`      // the key that its tokens are bound to
}

// confirm notes which registers confirmed the person, for the ID token.
func (g *grant) confirm(a *Account) {
	if slices.Contains(g.Scopes, wire.ScopeID) && !slices.Contains(g.Without, wire.VerifiedBy) {
		g.Confirmed = a.Confirmed
	}
}

// code is an authorization code. Its record outlives it, so that a second use
// can be noticed.
type code struct {
	Grant     string    `json:"grant"`
	Client    string    `json:"client"`
	Redirect  string    `json:"redirect"`
	Challenge string    `json:"challenge"`
	Until     time.Time `json:"until"`
	Used      bool      `json:"used,omitempty"`
	JKT       string    `json:"jkt,omitempty"` // the key that alone may spend it
	Key       string    `json:"key,omitempty"` // keyed hash of the encrypt_key that must come back with it
}

// kept is how long a second use is noticed.
func (c *code) kept() time.Time { return c.Until.Add(tokenLife) }

// authCodeLife is at most what RFC 9700 §2.1.1 and FAPI 2.0 §5.3.2.1 advise.
const authCodeLife = time.Minute

// finished is a login that came to its end.
type finished struct {
	cookie string // of a new session; empty: the browser keeps the one it has
	code   string
	key    string // encrypt_key, of Envelope
}

// finish makes the session, the grant and the code, and takes the interaction
// away, in one transaction: two forms sent at once finish once.
func (p *Platform) finish(tx Tx, v *visit, ia *interaction, a *Account) (*finished, error) {
	done := &finished{}
	sid := ia.Session
	if ia.Fresh {
		var err error
		if sid, done.cookie, err = p.newSession(tx, v, ia); err != nil {
			return nil, err
		}
	}
	if err := tx.Delete(tableInteractions, ia.ID); err != nil || ia.Request == nil {
		return done, err
	}
	q, now := ia.Request, p.now()
	g := grant{
		Account: a.ID, Client: q.Client, Session: sid, Nonce: q.Nonce, Shown: ia.Shown, At: ia.At, Type: a.Type, EIDLocked: a.EIDLocked,
		ACR: q.Want.reported(assurance{a.Usable(), authLevel(ia.Shown)}), Until: now.Add(sessionLife), Resource: q.Resource, Share: q.Sharing, Without: ia.Without, JKT: q.JKT,
	}
	if q.Share != nil {
		ia.Granted = q.Scopes
		if end, ok := q.Share.end(); ok && q.Share.Periodic {
			g.Until = end
		}
	}
	for _, s := range ia.Granted {
		if slices.Contains(q.Scopes, s) && scopeLevel(s) <= int(g.ACR.Level) {
			g.Scopes = append(g.Scopes, s)
		}
	}
	g.confirm(a)
	id := random()
	if err := errors.Join(save(tx, tableGrants, id, &g, g.Until), p.noteLogin(tx, v.client, a.ID, sid, g.Until), p.noteSubject(tx, v.client, a.ID)); err != nil {
		return nil, err
	}
	c := code{Grant: id, Client: q.Client, Redirect: q.Redirect, Challenge: q.Challenge, JKT: q.JKT, Until: now.Add(authCodeLife)}
	plain := random()
	done.code = plain
	if q.Wire != "" {
		var err error
		if plain, err = p.wireCode(v.client, done, &c); err != nil {
			return nil, err
		}
		c.Until = now.Add(wireCodeLife)
	}
	return done, errors.Join(save(tx, tableCodes, p.mac("code", plain), &c, c.kept()), p.endBy(tx, v, ia, c.Until, done, nil))
}

// newSession stores what was shown under a new cookie, so that a cookie somebody
// planted before is never the logged-in one. The same person's session keeps its
// id, and with it the tokens; somebody else's ends.
func (p *Platform) newSession(tx Tx, v *visit, ia *interaction) (sid, cookie string, err error) {
	s := session{
		Account: ia.Account, Shown: ia.Shown, At: ia.At, Until: p.now().Add(sessionLife), Since: p.now(), Browser: browserName(v.r.UserAgent()),
	}
	sid, was, _, err := p.current(tx, p.cookie(v.r, sessionCookie))
	switch {
	case err != nil:
		return "", "", err
	case ia.Session != "" && (was == nil || sid != ia.Session):
		return "", "", refuse(http.StatusBadRequest, "login_required", "") // logged out meanwhile
	case ia.Session != "":
		s.Until, s.Since = was.Until, was.Since // a step-up prolongs nothing
	case was != nil && was.Account != ia.Account:
		if err := p.dropSession(tx, was.Account, sid); err != nil {
			return "", "", err
		}
		sid = random()[:22]
	case was == nil:
		sid = random()[:22]
	}
	secret := random()
	s.Cookie = p.mac("session", secret)
	return sid, sid + "." + secret, p.saveSession(tx, sid, s)
}

func (p *Platform) complete(v *visit, ia *interaction, done *finished) {
	if done.cookie != "" {
		p.setCookie(v.w, sessionCookie, done.cookie)
	}
	if ia.Request == nil {
		http.Redirect(v.w, v.r, ia.Return, http.StatusSeeOther)
		return
	}
	params := url.Values{"code": {done.code}}
	if done.key != "" {
		params.Set("encrypt_key", done.key)
	}
	p.answer(v, ia.Request, params)
}

// answer sends the browser back to the relying party, with state and iss
// (RFC 9207), in a signed response if it asked for one.
func (p *Platform) answer(v *visit, to *authRequest, params url.Values) {
	if to.State != "" {
		params.Set("state", to.State)
	}
	if to.Wire != "" {
		p.wireAnswer(v, to, params)
		return
	}
	params.Set("iss", p.cfg.Issuer)
	p.breakAnswer(v.client, params)
	p.noteAnswer(v.client, params)
	if v.client != nil && (v.client.JARM || signedMode(to.Mode)) {
		response, err := p.signAnswer(*v.client, params)
		if err != nil {
			p.errorPage(v, err)
			return
		}
		params = url.Values{"response": {response}}
	}
	sep := "?"
	if strings.Contains(to.Redirect, "?") {
		sep = "&"
	}
	// 303: the browser must not post the form on to the relying party (RFC 9700 §4.12).
	seeOther(v.w, to.Redirect+sep+params.Encode())
}

// seeOther is http.Redirect to an absolute URL, without a page for browsers that do not
// follow it.
func seeOther(w http.ResponseWriter, to string) {
	h := w.Header()
	h["Location"], h["Content-Length"] = []string{to}, noLength
	w.WriteHeader(http.StatusSeeOther)
}

var noLength = []string{"0"}

// errorAnswer is an authorization error response. Trouble of our own is
// temporarily_unavailable.
func errorAnswer(err error) url.Values {
	var e *oauthError
	if !errors.As(err, &e) {
		return url.Values{"error": {"temporarily_unavailable"}}
	}
	out := url.Values{"error": {e.Code}}
	if e.Text != "" {
		out.Set("error_description", e.Text)
	}
	return out
}

// consent is what a person decided about a client's scopes.
type consent struct {
	Decided []string  `json:"decided"`
	Granted []string  `json:"granted"`
	Without []string  `json:"without,omitempty"`
	At      time.Time `json:"at"`

	For LoginPurpose `json:"for,omitzero"` // what the client said then

	Log string `json:"log,omitempty"` // audit.Head as a line: the entry of this decision
}

const consentLife = ConsentDays * 24 * time.Hour

func (p *Platform) remember(tx Tx, c *Client, ia *interaction) error {
	d := consent{Decided: ia.Request.Scopes, Granted: ia.Granted, Without: ia.Without, At: p.now(), For: c.Login}
	if err := p.record(tx, entry{Kind: auditConsent, Actor: actorCitizen, Account: ia.Account, Client: c.ID, Body: d}); err != nil {
		return err
	}
	at, err := auditHead(tx)
	if err != nil {
		return err
	}
	d.Log = string(at.Line())
	return save(tx, tableConsents, ia.Account+"/"+c.ID, d, d.At.Add(consentLife))
}

// consented fills ia.Granted from an earlier decision, or from the client's
// standing. It answers false when the person has to be asked.
func (p *Platform) consented(tx Tx, c *Client, ia *interaction) (bool, error) {
	if ia.Request.prompts("consent") {
		return false, nil
	}
	if c.SkipConsent {
		ia.Granted = ia.Request.Scopes
		return true, nil
	}
	d, err := load[consent](tx, tableConsents, ia.Account+"/"+c.ID)
	if err != nil || d == nil || d.For != c.Login || !p.now().Before(d.At.Add(consentLife)) {
		return false, err
	}
	for _, s := range ia.Request.Scopes {
		if !slices.Contains(d.Decided, s) {
			return false, nil
		}
	}
	ia.Granted, ia.Without = d.Granted, d.Without
	return true, nil
}

// Forget takes back what a person agreed to, so that every client asks again. It
// ends no login that they agreed to before.
func (p *Platform) Forget(ctx context.Context, account string) error {
	return p.store.Update(ctx, func(tx Tx) error {
		rows, err := tx.List(tableConsents, account+"/", "", 1000)
		for _, row := range rows {
			err = errors.Join(err, tx.Delete(tableConsents, row.Key),
				p.record(tx, entry{Kind: auditWithdrawn, Actor: actorCitizen, Account: account, Client: row.Key[len(account)+1:]}))
		}
		return err
	})
}
