package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Two browsers of one person: a button in one ends both, and no other site can press
// it.
func TestLoggingOutEverywhere(t *testing.T) {
	_, here := open(t)
	there := stranger(t, here.Base)
	here.logIn("level2")
	there.logIn("level2")
	in := func(v *visitor) bool {
		_, page := v.Get("/me")
		return strings.Contains(page, `action="/me/leave"`)
	}
	if !in(here) || !in(there) {
		t.Fatal("nobody is logged in")
	}
	if res, _ := here.Post("/me/leave", nil, "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden || !in(there) {
		t.Errorf("another site pressed the button: %d", res.StatusCode)
	}
	if res, _ := here.Post("/me/leave", url.Values{}); res.StatusCode != 200 || in(here) || in(there) {
		t.Errorf("%d, still logged in here %v, there %v", res.StatusCode, in(here), in(there))
	}
}
