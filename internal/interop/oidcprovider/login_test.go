package oidcprovider

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

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

// TestWhatAPersonAndAPortalAskFor: refusals in the provider's own words, and logins
// that ask for more than the session that is there.
func TestWhatAPersonAndAPortalAskFor(t *testing.T) {
	s, p := tampered(t, level)
	client, err := sso.New(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	login := func(t *testing.T, b *browser, ask sso.Ask) (*sso.Identity, error) {
		t.Helper()
		where, session, err := client.Begin(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		return client.Finish(t.Context(), session, b.returns(where, s.cfg.RedirectURL))
	}
	b := newBrowser(t, s, p.issuer)
	for _, step := range []struct {
		name  string
		no    bool
		who   string // "": dung
		ask   sso.Ask
		want  vneid.Kind // 0: a login
		pages int        // that the person answered
	}{
		{name: "nobody is logged in, and no page may be shown", ask: sso.Ask{Prompt: "none"}, want: vneid.ErrLevel},
		{name: "the person says no", no: true, want: vneid.ErrDenied},
		{name: "the person logs in", pages: 2},
		{name: "no page may be shown, and none need be", ask: sso.Ask{Prompt: "none"}},
		{name: "the session is enough", ask: sso.Ask{Subject: "dung"}},
		{name: "a login now", ask: sso.Ask{Prompt: "login"}, pages: 1},
		{name: "a login of the last hour", ask: sso.Ask{MaxAge: time.Hour}},
		{name: "consent once more", ask: sso.Ask{Prompt: "consent"}, pages: 1},
		{name: "a level that this provider never says", ask: sso.Ask{Need: vneid.Assurance{Auth: 4}}, want: vneid.ErrLevel},
		{name: "somebody else had to log in, and does not", no: true, ask: sso.Ask{Subject: "lan"}, want: vneid.ErrDenied},
		{name: "somebody else had to log in, and does", who: "lan", ask: sso.Ask{Subject: "lan"}, pages: 3}, // dung is logged out first,
	} {
		t.Run(step.name, func(t *testing.T) {
			b.no, b.answered, b.who = step.no, 0, cmp.Or(step.who, "dung")
			id, err := login(t, b, step.ask)
			if step.want == 0 && (err != nil || id.Subject() != b.who) || step.want != 0 && (!errors.Is(err, step.want) || id != nil) {
				t.Errorf("%v, want %v", err, step.want)
			}
			if step.pages >= 0 && b.answered != step.pages {
				t.Errorf("%d pages, want %d", b.answered, step.pages)
			}
		})
	}
}
