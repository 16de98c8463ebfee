package platform

import (
	"errors"
	"net/http"
	"net/url"
)

// clientCall reads the form of a call that only a registered client may make,
// and authenticates it.
func (p *Platform) clientCall(w http.ResponseWriter, r *http.Request) (url.Values, *Client, error) {
	form, err := callForm(w, r)
	if err != nil {
		return nil, nil, err
	}
	c, marks, err := p.called(w, r, form, true)
	if err == nil {
		err = p.spendNow(r.Context(), marks...)
	}
	if err != nil {
		return nil, nil, err
	}
	return form, c, nil
}

// act is clientCall for a call whose own transaction spends what it brought: f adds to
// the marks, and has them spent there. One transaction does it all, since a client with
// keys is taken as it was last read, and spending the marks holds that against the store.
// Where it was changed meanwhile, f runs again with what it is now. Nobody may change the
// client.
func (p *Platform) act(w http.ResponseWriter, r *http.Request, f func(url.Values, *Client, *[]mark) (members, error)) (c *Client, out members, err error) {
	form, err := callForm(w, r)
	if err != nil {
		return nil, nil, err
	}
	for now := false; ; now = true {
		var marks []mark
		if c, marks, err = p.called(w, r, form, now); err == nil {
			if out, err = f(form, c, &marks); err != nil {
				if used := p.spendNow(r.Context(), marks...); used != nil { // whoever saw the call cannot send it again
					err = used
				}
			}
		}
		if now || !errors.Is(err, errChanged) {
			return c, out, err
		}
		noteOf(w).forget()
	}
}

func callForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	form, err := formOf(w, r)
	if err == nil && r.URL.RawQuery != "" {
		return nil, badRequest("parameters belong into the body, never into the URL")
	}
	return form, err
}

// called authenticates a call. The marks are for the caller to spend, whatever comes of
// the call; now asks the store for the client, and does not take what was last read.
func (p *Platform) called(w http.ResponseWriter, r *http.Request, form url.Values, now bool) (c *Client, marks []mark, err error) {
	if c, marks, err = p.clientOf(w, r, form, now); err != nil {
		return nil, nil, err
	}
	if c.Wire != "" && p.on("wire-apart") {
		return nil, nil, errClient
	}
	if len(p.faultsOf(c.ID)) > 0 { // a defect may answer, and then nothing else comes of the call
		if err := p.spendNow(r.Context(), marks...); err != nil {
			return nil, nil, err
		}
		marks = nil
		if p.breakCall(w, r, c.ID) {
			return nil, nil, errAnswered
		}
	}
	return c, marks, nil
}

// errAnswered says that a fault has written the answer already.
var errAnswered = errors.New("answered")
