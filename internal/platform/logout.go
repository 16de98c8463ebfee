package platform

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// handleLogout ends the browser's session (OpenID Connect RP-Initiated Logout
// 1.0). Without an ID token of that session the person is asked first, so that
// no page can log people out by an image.
func (p *Platform) handleLogout(w http.ResponseWriter, r *http.Request) {
	v := &visit{w: w, r: r}
	v.browser = p.newBrowser(v)
	q, err := queryOf(w, r)
	if err != nil {
		p.errorPage(v, err)
		return
	}
	back, sid, err := p.logoutRequest(v, q)
	if err != nil {
		p.errorPage(v, err)
		return
	}
	ours, err := p.ownSession(v, sid)
	if err == nil && r.Method == http.MethodPost && !ours {
		ours, err = p.confirmed(v)
	}
	switch {
	case err != nil:
		p.errorPage(v, err)
	case !ours:
		p.render(v, View{Step: StepLogout, Status: http.StatusOK, Action: logoutAction(r), CSRF: p.csrf(v, "logout"), Client: clientView(v.client)})
	case p.endSession(r.Context(), w, r) != nil:
		p.errorPage(v, errFull)
	case back != "":
		http.Redirect(w, r, back, http.StatusSeeOther)
	default:
		p.render(v, View{Step: StepLoggedOut, Status: http.StatusOK})
	}
}

// logoutAction is where the question posts to: the same request again.
func logoutAction(r *http.Request) string {
	if r.URL.RawQuery == "" {
		return pathLogout
	}
	return pathLogout + "?" + r.URL.RawQuery
}

// logoutRequest finds the client, where to go back to, and the session that
// id_token_hint names.
func (p *Platform) logoutRequest(v *visit, q url.Values) (back, sid string, err error) {
	id := q.Get("client_id")
	if hint := q.Get("id_token_hint"); hint != "" {
		aud, hinted, ok := p.ownToken(hint)
		if !ok || id != "" && id != aud {
			return "", "", badRequest("id_token_hint is not from here, or for another client")
		}
		id, sid = aud, hinted
	}
	if id != "" {
		if v.client, err = p.client(v.r.Context(), id); err != nil {
			return "", "", err
		}
		noteOf(v.w).by(v.client)
	}
	back = q.Get("post_logout_redirect_uri")
	if back == "" {
		return "", sid, nil
	}
	if v.client == nil || !slices.Contains(v.client.LogoutURIs, back) {
		return "", "", badRequest("post_logout_redirect_uri is not registered")
	}
	return p.withState(v.client, back, q.Get("state")), sid, nil
}

// withState adds the relying party's state to the address of the way back.
func (p *Platform) withState(c *Client, back, state string) string {
	params := url.Values{}
	if state != "" {
		params.Set("state", state)
	}
	for _, f := range p.faultsOf(c.ID) {
		if f.logout != nil {
			f.logout(params)
		}
	}
	switch {
	case len(params) == 0:
		return back
	case strings.Contains(back, "?"):
		return back + "&" + params.Encode()
	}
	return back + "?" + params.Encode()
}

// ownToken checks the signature of an ID token that the platform issued, expired
// or not, and returns its audience and session.
func (p *Platform) ownToken(hint string) (aud, sid string, ok bool) {
	t, err := jws.NewParser(jws.Rules{Types: []string{"JWT"}}).Parse(hint)
	if err != nil {
		return "", "", false
	}
	for _, key := range p.login.all() {
		if key.kid == t.KeyID && key.alg == t.Alg && jws.Verify(key.alg, key.signer.Public(), t.Input, t.Signature) == nil {
			claims, err := t.Claims()
			return claims.String("aud"), claims.String("sid"), err == nil && claims.String("iss") == p.cfg.Issuer
		}
	}
	return "", "", false
}

// ownSession reports whether the browser's session is the one that sid names at
// this client, or there is none to end.
func (p *Platform) ownSession(v *visit, sid string) (ok bool, err error) {
	err = p.store.View(v.r.Context(), func(tx Tx) error {
		id, s, _, err := p.current(tx, p.cookie(v.r, sessionCookie))
		ok = s == nil || v.client != nil && sid != "" &&
			subtle.ConstantTimeCompare([]byte(p.sessionName(v.client, id)), []byte(sid)) == 1
		return err
	})
	return ok, err
}

// confirmed reads the form of StepLogout.
func (p *Platform) confirmed(v *visit) (bool, error) {
	form, err := formOf(v.w, v.r)
	if err != nil {
		return false, err
	}
	if subtle.ConstantTimeCompare([]byte(form.Get(FieldCSRF)), []byte(p.csrf(v, "logout"))) != 1 {
		return false, refuse(http.StatusForbidden, "csrf", "")
	}
	return form.Get(FieldDecision) == Allow, nil
}

// sessionName is sid: one session has another name at every sector, since it
// must not join subjects that are apart.
func (p *Platform) sessionName(c *Client, id string) string { return p.mac("sid", c.Sector, id)[:22] }
