package platform

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// pushed is an authorization request that its client has sent ahead.
type pushed struct {
	Request *authRequest `json:"request"`
	Until   time.Time    `json:"until"`
}

// A reference lives as long as a browser takes to follow a redirect (RFC 9126
// §2.2), and begins like this.
const (
	pushedLife   = time.Minute
	pushedPrefix = "urn:ietf:params:oauth:request_uri:"
)

// handlePushed is the pushed authorization request endpoint (RFC 9126): the
// client authenticates, and everything that the authorization endpoint would
// refuse is refused here.
func (p *Platform) handlePushed(w http.ResponseWriter, r *http.Request) {
	c, out, err := p.act(w, r, func(form url.Values, c *Client, marks *[]mark) (members, error) {
		return p.push(w, r, c, form, marks)
	})
	if err != nil {
		fail(w, err)
		return
	}
	for _, f := range p.faultsOf(c.ID) {
		if f.pushed != nil {
			f.pushed(&out)
		}
	}
	writeStatus(w, http.StatusCreated, out)
}

// push checks and stores the request. What there is to spend joins marks; a refusal
// leaves that to the caller.
func (p *Platform) push(w http.ResponseWriter, r *http.Request, c *Client, form url.Values, marks *[]mark) (members, error) {
	switch {
	case form.Has("request_uri"): // RFC 9126 §2.1
		return nil, badRequest("request_uri cannot be pushed")
	case form.Has("client_id") && form.Get("client_id") != c.ID:
		return nil, badRequest("client_id is not the client that authenticated")
	}
	if err := p.findClient(c, form); err != nil {
		return nil, err
	}
	req, err := readRequest(c, form)
	if err != nil {
		return nil, err
	}
	if err := p.readShare(c, form, req); err != nil {
		return nil, err
	}
	// A proof here binds the code as dpop_jkt does, and both must agree
	// (RFC 9449 §10.1).
	if r.Header.Get(proofHeader) != "" {
		jkt, m, err := p.prove(w, r, c, "")
		if err != nil {
			return nil, err
		}
		*marks = append(*marks, m)
		if req.JKT != "" && req.JKT != jkt && p.on("pushed-key") {
			return nil, badProof("dpop_jkt is another key's")
		}
		req.JKT = jkt
	}
	if err := p.admit(r.Context()); err != nil {
		return nil, err
	}
	again, err := p.repeatableForm(r, c, pushedLife, form, req.JKT)
	if err != nil {
		return nil, err
	}
	uri := pushedPrefix + random()
	rec := pushed{Request: req, Until: p.now().Add(pushedLife)}
	return p.effect(repeating(r.Context(), again), *marks, func(tx Tx) (members, error) {
		if err := p.openShare(tx, c, req, uri); err != nil {
			return nil, err
		}
		out := members{is("request_uri", uri), is("expires_in", int(pushedLife/time.Second))}
		return out, save(tx, tablePushed, p.mac("pushed", uri), &rec, rec.Until)
	})
}

// isPushed reports whether the request refers to a pushed one.
func isPushed(q url.Values) bool { return strings.HasPrefix(q.Get("request_uri"), pushedPrefix) }

// takePushed gives a pushed request out, once, to the browser of the client that
// pushed it. Beside the reference nothing but client_id may stand in the URL: it
// would be something that the client did not send. A refusal is an oauthError; what it
// changed must stay.
func (p *Platform) takePushed(tx Tx, c *Client, q url.Values) (*authRequest, error) {
	for name := range q {
		if name != "client_id" && name != "request_uri" {
			return nil, badRequest("beside request_uri there must be client_id alone")
		}
	}
	if c == nil {
		return nil, badRequest("client_id is not registered")
	}
	key := p.mac("pushed", q.Get("request_uri"))
	rec, err := load[pushed](tx, tablePushed, key)
	if err != nil {
		return nil, err
	}
	if rec == nil || rec.Request.Client != c.ID && p.on("pushed-client") { // another client's stays for its owner
		return nil, errNoPushed
	}
	if p.on("pushed-once") {
		if err := tx.Delete(tablePushed, key); err != nil {
			return nil, err
		}
	}
	if !p.now().Before(rec.Until) && p.on("pushed-time") {
		return nil, errNoPushed
	}
	return rec.Request, nil
}

var (
	errNoPushed = refuse(http.StatusBadRequest, "invalid_request_uri", "")
	errMustPush = badRequest("this client must push its requests (RFC 9126)")
)
