package rp

import (
	"crypto"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// site is the running site of one party.
type site struct {
	party
	issuer string
	pages  *ui.Set
	keys   keys
	http   *http.Client
	now    func() time.Time
	login  *sso.Client
	rooms  map[string]http.Handler // by the names that Hall.room knows

	desk   *desk // asks for documents; nil: does not
	hotel  *hotel
	portal *portal
}

func newSite(h *Hall, a party) (*site, error) {
	k, err := keysOf(h.p, a.id)
	if err != nil {
		return nil, err
	}
	s := &site{
		party: a, issuer: h.p.Issuer(), pages: h.pages[a.id], keys: k, now: h.p.Now,
		http: newLoop(h.p.Issuer(), h.p.Handler()).client(),
	}
	if s.login, err = sso.New(s.ssoConfig()); err != nil {
		return nil, err
	}
	told, err := s.login.BackchannelLogout(nil)
	if err != nil {
		return nil, err
	}
	s.rooms = map[string]http.Handler{
		"home": http.HandlerFunc(s.home), "login": s.login.Login(sso.Ask{Return: s.at("/profile")}), "callback": s.login.Callback(nil),
		"profile": s.login.Require(sso.Ask{}, http.HandlerFunc(s.profile)),
		"level2":  s.login.Require(sso.Ask{Need: vneid.Assurance{Level: 2, Auth: 2}}, http.HandlerFunc(s.profile)),
		"logout":  s.login.Logout(s.at("/bye")), "left": s.login.LoggedOut(s.at("/bye?platform")), "bye": http.HandlerFunc(s.bye),
		"backchannel": told,
	}
	return s, errors.Join(s.openDesk(), s.openHotel(), s.openPortal(h))
}

// at is a path of this site.
func (s *site) at(path string) string { return "/rp/" + s.id + path }

// url is the same with the origin, as it is registered.
func (s *site) url(path string) string { return base(s.issuer, s.id) + path }

func (s *site) ssoConfig() sso.Config {
	c := sso.Config{
		Issuer: s.issuer, ClientID: s.id, RedirectURL: s.url("/callback"), LogoutURL: s.url("/left"),
		Scopes: s.scopes, Need: vneid.Assurance{Level: 1, Auth: 1}, CookieKeys: [][]byte{s.keys.cookies},
		ErrorPage: s.refusal, HTTP: s.http, Now: s.now,
	}
	if s.signs() {
		c.Key, c.KeyID = s.keys.sign, signID
	} else {
		c.ClientSecret = s.keys.secret
	}
	if s.fapi {
		c.Profile, c.DPoPKey = sso.FAPI2, s.keys.bind
	}
	if s.asks != nil { // then a key to encrypt to is registered
		c.Decrypt = []crypto.PrivateKey{s.keys.open}
	}
	return c
}

// refusal shows why something did not pass, in words for the person.
func (s *site) refusal(w http.ResponseWriter, r *http.Request, err error) {
	s.pages.Render(w, r, verdict.Status(err), "refusal", struct {
		At string
		verdict.Verdict
	}{s.at(""), verdict.Of(err)})
}

// front is the first page of a party.
type front struct {
	row
	At      string
	In      bool   // somebody is logged in
	Who     string // empty: they keep their name back
	Signs   ui.Text
	Asks    bool
	Stays   bool
	Old     bool
	Until   time.Time // of the old passwords
	OldOver bool
}

func (s *site) home(w http.ResponseWriter, r *http.Request) {
	f := front{row: s.row(), At: s.at(""), Asks: s.asks != nil, Stays: s.stays(), Old: s.old, Until: cutOff, OldOver: !s.now().Before(cutOff)}
	if id := s.glance(r); !id.IsZero() {
		f.In, f.Who = true, id.Citizen().Name()
	}
	switch {
	case s.fapi:
		f.Signs = ui.Text{Vi: "FAPI 2.0: khóa riêng, PAR, DPoP", En: "FAPI 2.0: keys, PAR, DPoP"}
	case s.signs():
		f.Signs = ui.Text{Vi: "OpenID Connect, khóa riêng (private_key_jwt)", En: "OpenID Connect by a key (private_key_jwt)"}
	default:
		f.Signs = ui.Text{Vi: "OpenID Connect, mật khẩu ứng dụng", En: "OpenID Connect with a client secret"}
	}
	s.pages.Render(w, r, http.StatusOK, "home", f)
}

// proof is what a login proved. The number stays masked: a page shows what its purpose
// needs.
type proof struct {
	At                  string
	Name, Number, Birth string
	Level, Auth         int
	When                time.Time
	Issuer, Subject     string
	Scopes              string
	EIDLocked, Level2   bool
}

func (s *site) profile(w http.ResponseWriter, r *http.Request) {
	id, _ := sso.FromContext(r.Context())
	c, a := id.Citizen(), id.Assurance()
	s.pages.Render(w, r, http.StatusOK, "profile", proof{
		At: s.at(""), Name: c.Name(), Number: number(c), Birth: c.Birth().Printed(), Level: int(a.Level), Auth: int(a.Auth), When: a.At,
		Issuer: id.Issuer(), Subject: id.Subject(), Scopes: strings.Join(id.Scopes(), " "), EIDLocked: id.EIDLocked(),
		Level2: strings.HasSuffix(r.URL.Path, "/level2"),
	})
}

// number is the personal number's last digits; empty where none was told.
func number(c vneid.Citizen) string {
	if c.ID().IsZero() {
		return ""
	}
	return fmt.Sprint(c.ID())
}

func (s *site) bye(w http.ResponseWriter, r *http.Request) {
	s.pages.Render(w, r, http.StatusOK, "bye", struct {
		At       string
		Platform bool
	}{s.at(""), r.URL.Query().Has("platform")})
}

// glance returns who is logged in, for a page that everybody may see: it asks Require as
// a script would, which is told no where a person would be sent to log in.
func (s *site) glance(r *http.Request) (id *sso.Identity) {
	quiet := r.Clone(r.Context())
	quiet.Header.Set("Sec-Fetch-Mode", "cors")
	s.login.Require(sso.Ask{}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		id, _ = sso.FromContext(r.Context())
	})).ServeHTTP(unseen{}, quiet)
	if id == nil {
		id = new(sso.Identity)
	}
	return id
}

// unseen is an answer that nobody gets to see.
type unseen struct{}

// Header implements http.ResponseWriter.
func (unseen) Header() http.Header { return http.Header{} }

// Write implements http.ResponseWriter.
func (unseen) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader implements http.ResponseWriter.
func (unseen) WriteHeader(int) {}
