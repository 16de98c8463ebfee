package main

import (
	"embed"
	"errors"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/qr/qrimage"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// TestSecret is what the test platform registered for this site. It protects
// nothing but a test.
const TestSecret = "portal-secret-for-tests-only"

// Config says which provider to use and who this site is there.
type Config struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	RedirectURL  string
	Now          func() time.Time // nil: time.Now
}

//go:embed templates/*.html
var templates embed.FS

// look is what all pages of the site share.
func look() ui.Site {
	return ui.Site{
		Name:  ui.Text{Vi: "Cổng dịch vụ mẫu", En: "Sample service portal"},
		Class: "portal",
		Nav: []ui.Link{
			{Href: "/", Text: ui.Text{Vi: "Trang chủ", En: "Home"}},
			{Href: "/profile", Text: ui.Text{Vi: "Hồ sơ", En: "Profile"}},
			{Href: "/level2", Text: ui.Text{Vi: "Dịch vụ", En: "Service"}},
			{Href: "/scan", Text: ui.Text{Vi: "Quét mã", En: "Scan"}},
		},
		Foot: ui.Text{
			Vi: "Trang mẫu của một đơn vị sử dụng dịch vụ, viết bằng các gói công khai của SDK.",
			En: "The sample site of a relying party, written with the SDK's public packages.",
		},
	}
}

// site is the running portal.
type site struct {
	pages *ui.Set
	login *sso.Client
	codes *qr.Verifier
	image qrimage.Reader
	busy  chan struct{} // pictures being read: each one costs a core
}

// New returns the portal's handler. It calls nobody yet.
func New(cfg Config) (http.Handler, error) {
	s := &site{busy: make(chan struct{}, 2)}
	var err, err2, err3 error
	s.pages, err = ui.Parse(templates, "templates", look())
	s.login, err2 = sso.New(sso.Config{
		Issuer: cfg.Issuer, ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret, RedirectURL: cfg.RedirectURL,
		Scopes: []string{"profile", "vneid:id"}, Need: vneid.Assurance{Level: 1, Auth: 1},
		ErrorPage: s.refusal, Now: cfg.Now,
	})
	s.codes, err3 = qr.New(qr.Config{
		Issuers: []string{cfg.Issuer},
		// QR keys are their own: never the keys of the logins.
		Keys: &jwks.Remote{URL: cfg.Issuer + "/qr/jwks.json", Issuer: cfg.Issuer, Uses: []vneid.Use{vneid.UseQR}, Now: cfg.Now},
		// No status lists yet: card codes pass without anybody having looked
		// whether they were withdrawn, and the page says so.
		AcceptUnchecked: true, Now: cfg.Now,
		Redeem: newRedeemer(cfg.Issuer, cfg.ClientID, cfg.ClientSecret),
	})
	if err := errors.Join(err, err2, err3); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /assets/", ui.Assets)
	mux.HandleFunc("GET /{$}", s.show("home"))
	mux.Handle("GET /login", s.login.Login(sso.Ask{Return: "/profile"}))
	mux.Handle("GET /callback", s.login.Callback(nil))
	mux.Handle("GET /profile", s.login.Require(sso.Ask{}, http.HandlerFunc(s.profile)))
	mux.Handle("GET /level2", s.login.Require(sso.Ask{Need: vneid.Assurance{Level: 2, Auth: 2}}, http.HandlerFunc(s.profile)))
	mux.Handle("POST /logout", s.login.Logout("/"))
	mux.HandleFunc("/logout", s.none) // a link must not end a session
	mux.HandleFunc("GET /scan", s.show("scan"))
	mux.HandleFunc("POST /scan", s.scan)
	mux.HandleFunc("/", s.none)
	// Forms of other sites are refused before they are read.
	return ui.At(cfg.RedirectURL, ui.Secure(maxUpload, http.NewCrossOriginProtection().Handler(mux))), nil
}

// show answers with a page that needs no data.
func (s *site) show(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.pages.Render(w, r, http.StatusOK, name, nil) }
}

// none answers for what is not there. It is a page like any other: it says whose
// site this is not.
func (s *site) none(w http.ResponseWriter, r *http.Request) {
	status := http.StatusNotFound
	if r.URL.Path == "/logout" {
		w.Header().Set("Allow", http.MethodPost) // RFC 9110 §15.5.6
		status = http.StatusMethodNotAllowed
	}
	s.pages.Render(w, r, status, "none", nil)
}

// refusal shows why a login did not pass, in words for the person. The error's
// own text is for logs and stays here.
func (s *site) refusal(w http.ResponseWriter, r *http.Request, err error) {
	s.pages.Render(w, r, verdict.Status(err), "refusal", verdict.Of(err))
}
