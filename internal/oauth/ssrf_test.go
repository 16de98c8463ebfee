package oauth_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/guard/guardtest"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// A Party trusts nobody for its endpoints: what a caller forgot to compare with the
// configuration does not lead inside either.
func TestNoEndpointLeadsInside(t *testing.T) {
	trap := guardtest.Listen(t)
	before := trap.Works(t)
	held := &oauth.Party{HTTP: oauth.HTTP(nil, "https://op.example"), Client: "rp", Secret: func() string { return "s3cr3t" }, Prover: prover(t, nil)}
	free := *held
	free.HTTP = oauth.HTTP(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, "https://op.example")
	calls := func(p *oauth.Party, where string) (errs []error) {
		_, err1 := p.Post(t.Context(), where, url.Values{"code": {"c"}})
		_, err2 := p.Get(t.Context(), where, "token")
		return []error{err1, err2}
	}
	for _, where := range trap.URLs() {
		for _, err := range calls(held, where) {
			var kind vneid.Kind
			if err == nil || where != "" && !errors.As(err, &kind) {
				t.Errorf("%q: %v", where, err)
			}
		}
	}
	if n := trap.Hits() - before; n != 0 {
		t.Errorf("the trap was reached %d times", n)
	}
	for _, where := range trap.URLs()[:1] {
		calls(&free, where)
	}
	if trap.Hits()-before < 2 {
		t.Error("without the dialler's rule nothing leads inside")
	}
	t.Logf("%d URLs, posted to and asked: 0 connections", len(trap.URLs()))
}
