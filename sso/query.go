package sso

import (
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// response is what the provider sent back through the browser.
type response struct {
	code, state, iss, err string
	hasIss                bool

	all    map[string]string // every parameter, for a Wire
	signed *signedResponse   // JARM's JWT, whose claims the four are; not verified yet
}

// readResponse reads a callback of the form that this client asked for.
func (c *Client) readResponse(raw string) (response, error) {
	q, err := relying.ParseQuery(raw)
	switch {
	case err != nil:
		return response{}, err
	case c.cfg.JARM:
		return c.readSigned(q)
	}
	return respond(q, c.wire != nil)
}

// respond picks what the code flow sends and refuses what it never does. What a
// wire's code looks like is the wire's to say.
func respond(q map[string]string, foreign bool) (response, error) {
	r := response{code: q["code"], state: q["state"], iss: q["iss"], err: q["error"], all: q}
	_, r.hasIss = q["iss"]
	_, hasCode := q["code"]
	_, hasErr := q["error"]
	if !relying.Printable(r.state) || !relying.Printable(r.iss) || !relying.Printable(r.err) || !relying.Printable(r.code) && !foreign {
		return response{}, fault.New(vneid.ErrMalformed, "a parameter of the callback is not printable ASCII")
	}
	// Tokens in a front channel are the implicit and hybrid flows, and a JARM
	// response belongs to a client that asked for one.
	for _, name := range []string{"id_token", "access_token", "response"} {
		if _, ok := q[name]; ok {
			return response{}, fault.New(vneid.ErrMalformed, "the callback carries %s, which was not asked for", name)
		}
	}
	switch {
	case hasCode && hasErr:
		return response{}, fault.New(vneid.ErrMalformed, "the callback has both a code and an error")
	case r.code == "" && r.err == "":
		return response{}, fault.New(vneid.ErrMalformed, "the callback has neither a code nor an error")
	case r.state == "":
		return response{}, fault.New(vneid.ErrMalformed, "the callback has no state")
	}
	return r, nil
}
