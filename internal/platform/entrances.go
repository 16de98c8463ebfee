package platform

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/vneid-sdk/vneid-go/vneid"
)

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
