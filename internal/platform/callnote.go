package platform

import (
	"errors"
	"net/http"
	"net/url"
	"time"
)

// noted is the answer to one request on its way, and what the record of it will say.
// Handlers fill it in; what nobody attributes to a client is not kept.
type noted struct {
	http.ResponseWriter
	heard heard
	began time.Time
}

// note begins the record of a request. Without records w comes back as it was.
func (p *Platform) note(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
	if p.tapes.off() {
		return w
	}
	n := &noted{ResponseWriter: w, began: time.Now()}
	n.heard.At, n.heard.Method = p.now(), r.Method
	if r.Header.Get("Authorization") != "" {
		n.heard.headers |= sawAuthorization
	}
	if r.Header.Get(proofHeader) != "" {
		n.heard.headers |= sawDPoP
	}
	return n
}

// keepNote ends the record. The route is the pattern that fitted: paths hold secrets.
func (p *Platform) keepNote(w http.ResponseWriter, r *http.Request) {
	n, ok := w.(*noted)
	if !ok || n.heard.client == "" {
		return
	}
	n.heard.Took, n.heard.Path = time.Since(n.began), routePath(r.Pattern)
	p.tapes.add(n.heard)
}

// routePath is a pattern without its method.
func routePath(pattern string) string {
	for i := range len(pattern) {
		if pattern[i] == '/' {
			return pattern[i:]
		}
	}
	return pattern
}

// noteOf returns the record of the request that w answers, or one that nobody keeps.
func noteOf(w http.ResponseWriter) *noted {
	if n, ok := w.(*noted); ok {
		return n
	}
	return new(noted)
}

// WriteHeader implements http.ResponseWriter.
func (n *noted) WriteHeader(status int) {
	if n.heard.Status == 0 {
		n.heard.Status = status
	}
	n.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (n *noted) Write(b []byte) (int, error) {
	if n.heard.Status == 0 {
		n.heard.Status = http.StatusOK
	}
	return n.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (n *noted) Unwrap() http.ResponseWriter { return n.ResponseWriter }

// by says whose request it is.
func (n *noted) by(c *Client) {
	if c != nil {
		n.heard.client, n.heard.Unproven = c.ID, false
	}
}

// claims says whose request it would be, had it proven so.
func (n *noted) claims(c *Client, why string) {
	if c != nil {
		n.heard.client, n.heard.Unproven, n.heard.Detail = c.ID, true, why
	}
}

// forget takes back whose request it is.
func (n *noted) forget() { n.heard.client, n.heard.Unproven, n.heard.Detail = "", false, "" }

// with takes the names of parameters.
func (n *noted) with(v url.Values) {
	for name := range v {
		bit, known := paramBits[name]
		if !known {
			bit = otherBit
		}
		n.heard.params |= bit
	}
}

// refused takes the code of a refusal, and its text: constants both.
func noteRefusal(w http.ResponseWriter, e *oauthError) {
	if n, ok := w.(*noted); ok {
		n.heard.Error = e.Code
		if e.Text != "" {
			n.heard.Detail = e.Text
		}
	}
}

// noteAnswer records how a browser was sent back to the client.
func (p *Platform) noteAnswer(c *Client, params url.Values) {
	if c == nil || p.tapes.off() {
		return
	}
	var n noted
	n.with(params)
	n.heard.Call = Call{
		At: p.now(), Out: true, Method: http.MethodGet, Path: "redirect_uri", Status: http.StatusSeeOther,
		Error: params.Get("error"), Detail: params.Get("error_description"),
	}
	if len(p.faultsOf(c.ID)) > 0 { // a defect may have written anything there
		n.heard.Error, n.heard.Detail = "", ""
	}
	n.heard.client = c.ID
	p.tapes.add(n.heard)
}

// noteTold records what the platform told a client, at an address of its registration.
func (p *Platform) noteTold(client, address, what string, began time.Time, status, try int, err error) {
	h := heard{client: client, Call: Call{
		At: p.now(), Took: time.Since(began), Out: true, Method: http.MethodPost, Path: address, Status: status, Detail: what, Try: try,
	}}
	switch {
	case err != nil && status == 0:
		h.Error = "no_answer"
	case errors.Is(err, errTold):
		return
	case err != nil:
		h.Error = "not_taken"
	}
	p.tapes.add(h)
}
