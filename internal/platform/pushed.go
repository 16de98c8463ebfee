package platform

import (
	"context"
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
	form, c, err := p.clientCall(w, r)
	if err != nil {
		fail(w, err)
		return
	}
	uri, err := p.push(w, r, c, form)
	if err != nil {
		fail(w, err)
		return
	}
	out := members{is("request_uri", uri), is("expires_in", int(pushedLife/time.Second))}
	for _, f := range p.faultsOf(c.ID) {
		if f.pushed != nil {
			f.pushed(&out)
		}
	}
	writeStatus(w, http.StatusCreated, out)
}

func (p *Platform) push(w http.ResponseWriter, r *http.Request, c *Client, form url.Values) (uri string, err error) {
	switch {
	case form.Has("request_uri"): // RFC 9126 §2.1
		return "", badRequest("request_uri cannot be pushed")
	case form.Has("client_id") && form.Get("client_id") != c.ID:
		return "", badRequest("client_id is not the client that authenticated")
	}
	if err := p.findClient(c, form); err != nil {
		return "", err
	}
	req, err := readRequest(c, form)
	if err != nil {
		return "", err
	}
	if err := p.readShare(c, form, req); err != nil {
		return "", err
	}
	// A proof here binds the code as dpop_jkt does, and both must agree
	// (RFC 9449 §10.1).
	if r.Header.Get(proofHeader) != "" {
		jkt, err := p.proof(w, r, c, "")
		if err != nil {
			return "", err
		}
		if req.JKT != "" && req.JKT != jkt && p.on("pushed-key") {
			return "", badProof("dpop_jkt is another key's")
		}
		req.JKT = jkt
	}
	if err := p.admit(r.Context()); err != nil {
		return "", err
	}
	uri = pushedPrefix + random()
	rec := pushed{Request: req, Until: p.now().Add(pushedLife)}
	return uri, p.store.Update(r.Context(), func(tx Tx) error {
		if err := p.openShare(tx, c, req, uri); err != nil {
			return err
		}
		return save(tx, tablePushed, p.mac("pushed", uri), rec, rec.Until)
	})
}

// isPushed reports whether the request refers to a pushed one.
func isPushed(q url.Values) bool { return strings.HasPrefix(q.Get("request_uri"), pushedPrefix) }

// takePushed gives a pushed request out, once, to the browser of the client that
// pushed it. Beside the reference nothing but client_id may stand in the URL: it
// would be something that the client did not send.
func (p *Platform) takePushed(ctx context.Context, c *Client, q url.Values) (*authRequest, error) {
	for name := range q {
		if name != "client_id" && name != "request_uri" {
			return nil, badRequest("beside request_uri there must be client_id alone")
		}
	}
	if c == nil {
		return nil, badRequest("client_id is not registered")
	}
	if !isPushed(q) {
		return nil, badRequest("this client must push its requests (RFC 9126)")
	}
	var rec *pushed
	key := p.mac("pushed", q.Get("request_uri"))
	err := p.store.Update(ctx, func(tx Tx) (err error) {
		rec, err = load[pushed](tx, tablePushed, key)
		if err != nil || rec == nil || rec.Request.Client != c.ID && p.on("pushed-client") {
			rec = nil // another client's stays for its owner
			return err
		}
		if !p.on("pushed-once") {
			return nil
		}
		return tx.Delete(tablePushed, key)
	})
	if err != nil {
		return nil, err
	}
	if rec == nil || !p.now().Before(rec.Until) && p.on("pushed-time") {
		return nil, refuse(http.StatusBadRequest, "invalid_request_uri", "")
	}
	return rec.Request, nil
}
