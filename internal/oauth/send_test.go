package oauth_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestSendCarriesATokenAndABody(t *testing.T) {
	e := newEndpoint(t)
	p := e.party()
	if a, err := p.Send(t.Context(), e.URL+"/x", "token", []byte(`{"a":1}`)); err != nil || !a.IsJSON {
		t.Fatalf("%+v %v", a, err)
	}
	h := e.requests[0].header
	if h.Get("Authorization") != "Bearer token" || h.Get("Content-Type") != "application/json" || h.Get("DPoP") != "" {
		t.Errorf("%v", h)
	}
	prover, err := oauth.NewProver(nil, clock)
	if err != nil {
		t.Fatal(err)
	}
	p.Prover = prover
	e.answer = func(w http.ResponseWriter, n int) {
		if n == 2 { // the first one with a proof
			reply(w, 401, `{"error":"use_dpop_nonce"}`, "DPoP-Nonce", "nonce-1", "WWW-Authenticate", `DPoP error="use_dpop_nonce"`)
			return
		}
		reply(w, 200, `{"ok":true}`)
	}
	if a, err := p.Send(t.Context(), e.URL+"/x", "token", []byte(`{"a":1}`)); err != nil || a.Status != 200 || len(e.requests) != 3 {
		t.Fatalf("%+v %v, %d requests", a, err, len(e.requests))
	}
	if got := e.requests[2].header; got.Get("Authorization") != "DPoP token" || strings.Count(got.Get("DPoP"), ".") != 2 {
		t.Errorf("%v", got)
	}
	if _, err := p.Send(t.Context(), "ftp://x", "token", nil); !errors.Is(err, vneid.ErrUntrusted) {
		t.Errorf("%v", err)
	}
}
