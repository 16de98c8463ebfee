package oidcprovider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// here is a strict relying party at a running provider.
func here(t *testing.T, set ...func(*sso.Config, object)) (*party, *provider) {
	t.Helper()
	s := newParty(t)
	reg := s.strict(t, "portal", ecKey(t), set...)
	p := start(t, s.srv, reg)
	s.open(t, p.issuer)
	return s, p
}

func level(c *sso.Config, _ object) { c.Need = vneid.Assurance{Level: 2, Auth: 3} }

// TestAStrictLoginAtACertifiedProvider: discovery, pushed request, PKCE,
// private_key_jwt, DPoP with the provider's nonces, ID token, userinfo.
func TestAStrictLoginAtACertifiedProvider(t *testing.T) {
	s, p := here(t, level)
	b := newBrowser(t, s, p.issuer)
	if status, page := b.get(s.srv.URL + "/home"); status != http.StatusOK || page != "home of Lê Văn Dũng" {
		t.Fatalf("%d %s %v", status, page, s.refusal())
	}
	id := s.identity()
	who := id.Citizen().Reveal()
	if id.Subject() != "dung" || id.Issuer() != p.issuer || who.ID != "999090000001" || id.Integrity() != sso.Signed {
		t.Errorf("%s of %s: %v", id.Subject(), id.Issuer(), who)
	}
	if a := id.Assurance(); a.Level != 2 || a.Auth != 3 {
		t.Errorf("level %d, authentication level %d", a.Level, a.Auth)
	}
	if !id.Tokens().Bound() || !id.Tokens().Refreshable() {
		t.Errorf("bound %v, refreshable %v", id.Tokens().Bound(), id.Tokens().Refreshable())
	}
	if q := p.asked("/auth")[0].URL.Query(); len(q) != 2 || !q.Has("client_id") || !strings.HasPrefix(q.Get("request_uri"), "urn:ietf:params:oauth:request_uri:") {
		t.Errorf("the browser carried %v", q)
	}
}
