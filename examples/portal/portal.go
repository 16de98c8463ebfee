package main

import (
	"embed"
	"errors"
	"log/slog"
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/redeem"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/qr/qrimage"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/link"
	"github.com/vneid-sdk/vneid-go/sso/resource"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

//go:embed templates/*.html
var templates embed.FS

// look is what all pages of the site share.
func look(m Mode) ui.Site {
	nav := []ui.Link{
		{Href: "/", Text: ui.Text{Vi: "Trang chủ", En: "Home"}},
		{Href: "/profile", Text: ui.Text{Vi: "Hồ sơ", En: "Profile"}},
		{Href: "/level2", Text: ui.Text{Vi: "Dịch vụ", En: "Service"}},
	}
	if !m.old() {
		nav = append(nav,
			ui.Link{Href: "/papers", Text: ui.Text{Vi: "Giấy tờ", En: "Papers"}},
			ui.Link{Href: "/rental", Text: ui.Text{Vi: "Thuê xe", En: "Rental"}},
			ui.Link{Href: "/receipts", Text: ui.Text{Vi: "Biên nhận", En: "Receipts"}},
			ui.Link{Href: "/counter", Text: ui.Text{Vi: "Quầy", En: "Counter"}})
	}
	nav = append(nav, ui.Link{Href: "/hotel", Text: ui.Text{Vi: "Lưu trú", En: "Stays"}})
	return ui.Site{
		Name:  ui.Text{Vi: "Cổng dịch vụ mẫu", En: "Sample service portal"},
		Class: "portal",
		Nav: append(nav,
			ui.Link{Href: "/account", Text: ui.Text{Vi: "Tài khoản", En: "Account"}},
			ui.Link{Href: "/scan", Text: ui.Text{Vi: "Quét mã", En: "Scan"}}),
		Foot: ui.Text{
			Vi: "Trang mẫu của một đơn vị sử dụng dịch vụ, viết bằng các gói công khai của SDK.",
			En: "The sample site of a relying party, written with the SDK's public packages.",
		},
	}
}

// site is the running portal.
type site struct {
	mode   Mode
	origin string // of this site
	log    *slog.Logger
	pages  *ui.Set
	login  *sso.Client
	api    *resource.Server
	links  *link.Linker
	old    *register

	counter *counter // nil on the old wires
	rental  *rental  // likewise
	hotel   *hotel
	codes   *qr.Verifier
	image   qrimage.Reader
	busy    chan struct{} // pictures being read: each one costs a core
}

// New returns the portal's handler. It calls nobody yet.
func New(cfg Config) (http.Handler, error) {
	s, err := newSite(cfg)
	if err != nil {
		return nil, err
	}
	mux, err := s.routes()
	if err != nil {
		return nil, err
	}
	// Forms of other sites are refused before they are read. A form of this site may
	// lead to the provider: a logout does.
	pages := ui.FormsTo(cfg.Issuer, http.NewCrossOriginProtection().Handler(mux))
	return ui.At(cfg.RedirectURL, ui.Secure(maxUpload, pages)), nil
}

func newSite(cfg Config) (*site, error) {
	s := &site{mode: cfg.Mode, log: cfg.Log, busy: make(chan struct{}, 2)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if cfg.ScanID == "" {
		cfg.ScanID, cfg.ScanSecret = Standard.testClient(), TestSecret
	}
	var err, err2, err3, err4, err5, err6 error
	s.origin, err = cfg.own()
	s.pages, err2 = ui.Parse(templates, "templates", look(cfg.Mode))
	s.login, err3 = sso.New(cfg.login(s))
	s.api, err4 = resource.New(cfg.api(s))
	s.codes, err5 = qr.New(qr.Config{
		Issuers: []string{cfg.Issuer},
		// QR keys are their own: never the keys of the logins.
		Keys: &jwks.Remote{URL: cfg.Issuer + "/qr/jwks.json", Issuer: cfg.Issuer, Uses: []vneid.Use{vneid.UseQR}, Now: cfg.Now},
		// No status lists yet: card codes pass without anybody having looked
		// whether they were withdrawn, and the page says so.
		AcceptUnchecked: true, Now: cfg.Now,
		Redeem: redeem.At(cfg.Issuer, cfg.ScanID, cfg.ScanSecret),
	})
	s.old = newRegister(cfg.Now)
	s.links, err6 = link.NewLinker(link.Config{Store: s.old.store, Now: cfg.Now})
	if err := errors.Join(err, err2, err3, err4, err5, err6); err != nil {
		return nil, err
	}
	if s.hotel, err = newHotel(cfg); err != nil {
		return nil, err
	}
	if !s.mode.old() {
		s.counter, err = newCounter(s.login, cfg.Now)
		s.rental, err2 = newRental(s, cfg)
		if err := errors.Join(err, err2); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *site) routes() (*http.ServeMux, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /assets/", ui.Assets)
	mux.HandleFunc("GET /{$}", s.home)
	mux.Handle("GET /login", s.login.Login(sso.Ask{Return: "/profile"}))
	mux.Handle("GET /callback", s.login.Callback(nil))
	mux.Handle("GET /profile", s.member(sso.Ask{}, s.profile))
	mux.Handle("GET /level2", s.level2())
	mux.Handle("POST /logout", s.login.Logout("/logged-out"))
	mux.HandleFunc("/logout", s.none) // a link must not end a session
	mux.HandleFunc("GET /logged-out", s.loggedOut)
	s.routeAccount(mux)
	s.routeHotel(mux)
	mux.HandleFunc("GET /scan", s.show("scan"))
	mux.HandleFunc("POST /scan", s.scan)
	mux.HandleFunc("/", s.none)
	if s.mode.old() {
		return mux, nil
	}
	s.routePapers(mux)
	s.routeRental(mux)
	s.routeCounter(mux)
	return mux, s.routeLogout(mux)
}

// level2 is a page for account level 2 and authentication level 2.
func (s *site) level2() http.Handler {
	switch s.mode {
	case VNConnect: // it tells no level, so nobody lacks one either
		return s.show("no-level")
	case Envelope: // it tells the account level alone
		return s.member(sso.Ask{Need: vneid.Assurance{Level: 2}}, s.profile)
	}
	return s.member(sso.Ask{Need: vneid.Assurance{Level: 2, Auth: 2}}, s.profile)
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

// refusal shows why something did not pass, in words for the person. The error's own
// text is for the log.
func (s *site) refusal(w http.ResponseWriter, r *http.Request, err error) {
	if g, ok := w.(*glance); ok {
		g.err = err
		return
	}
	s.log.WarnContext(r.Context(), "refused", "page", r.URL.Path, "why", err)
	if errors.Is(err, vneid.ErrRevoked) {
		s.ended(w, r)
		return
	}
	s.pages.Render(w, r, verdict.Status(err), "refusal", verdict.Of(err))
}
