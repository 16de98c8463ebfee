package platform

import (
	"net/url"
	"testing"
)

// The wires protect a code by its two seconds, its one use and the secret alone: each
// of their checks is met by an attack.
func TestAttacksOnAWireMeetTheirCheck(t *testing.T) {
	spent := func(edit func(*old, url.Values)) func(*world) bool {
		return func(w *world) bool {
			o := w.old(Envelope, nil)
			form := o.form(o.callback("level2"))
			edit(o, form)
			return o.token(form).status == 200
		}
	}
	all := []attack{
		{"A5 a code of a wire spent twice", "wire-code-once", spent(func(o *old, f url.Values) { o.token(f) })},
		{"A5 a code of a wire that is too old", "wire-code-time", spent(func(o *old, _ url.Values) { o.clock.advance(wireCodeLife) })},
		{"A2 another client's code of a wire", "wire-code-client", func(w *world) bool {
			o := w.old(VNConnect, nil)
			form := o.form(o.callback("level2"))
			w.register(Client{ID: "other", Secret: rpSecret, RedirectURIs: []string{rpBack}, Wire: VNConnect})
			form.Set("client_id", "other")
			return o.token(form).status == 200
		}},
		{"A6 a code of another redirect", "wire-code-redirect", spent(func(_ *old, f url.Values) { f.Set("redirect_uri", "https://rp.example/other") })},
		{"A5 a code read from a log, without its envelope", "wire-code-key", spent(func(_ *old, f url.Values) { f.Del("encrypt_key") })},
		{"A12 a stolen secret elsewhere", "wire-address", func(w *world) bool {
			o := w.old(VNConnect, func(c *Client) { c.Addresses = []string{"192.0.2.0/24"} })
			return o.token(o.form(o.callback("level2"))).status == 200
		}},
		{"A8 a token of a wire reads the claims of OpenID Connect", "wire-apart", func(w *world) bool {
			return w.userinfo(w.old(VNConnect, nil).access()).status == 200
		}},
	}
	meet(t, all)
}
