package web

import (
	"context"
	"iter"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/agency"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/citizen"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/console"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/counter"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/house"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/lab"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/locks"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/public"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/register"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/rp"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/personas/wallet"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// Config says what to run. Issuer is needed.
type Config struct {
	Issuer  string            // the platform's own URL
	Clients []platform.Client // the relying parties that it knows
	Now     func() time.Time  // nil: Clock's time, or time.Now
	Clock   *platform.Clock   // that the lab moves; nil: nobody does

	// LabExposed lets other machines reach the lab, and with it clock, faults and reset.
	LabExposed bool

	PasswordRounds int // as in platform.Config: less than its default where only published passwords are hashed

	// As in platform.Config. On a store that was used before everything stays as it is:
	// nobody who is there already is added again, and a client keeps what its console
	// made of it unless its logins return elsewhere now.
	Store      platform.Store
	Secret     []byte
	MaxRecords int64

	People iter.Seq2[personas.Persona, []wallet.Paper] // who else there is beside the cast; nil: nobody
}

// lab reports whether there is a lab for whoever looks at the pages: on this machine, or
// where it was exposed (package lab guards itself).
func (c Config) lab() bool {
	u, err := url.Parse(c.Issuer)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return c.LabExposed || u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// Site is the reference platform with its pages and its invented people.
type Site struct {
	Platform *platform.Platform

	cfg  Config
	hall *rp.Hall // the relying parties that it hosts

	clients []platform.Client
	pages   *ui.Set
	paths   map[string]bool // that it serves itself
	handler http.Handler
}

// New starts a platform.
func New(ctx context.Context, cfg Config) (*Site, error) {
	if cfg.Now == nil && cfg.Clock != nil {
		cfg.Now = cfg.Clock.Now
	}
	steps, err := NewPages(cfg.Now, cfg.lab())
	if err != nil {
		return nil, err
	}
	p, err := platform.New(platform.Config{
		Issuer: cfg.Issuer, Pages: steps, Now: cfg.Now, Clock: cfg.Clock, PasswordRounds: cfg.PasswordRounds,
		Store: cfg.Store, Secret: cfg.Secret, MaxRecords: cfg.MaxRecords,
	})
	if err != nil {
		return nil, err
	}
	s := &Site{Platform: p, cfg: cfg, pages: steps.set, paths: map[string]bool{}}
	if s.clients, err = populate(ctx, p, cfg); err != nil {
		return nil, err
	}
	s.handler, err = s.routes()
	if err != nil {
		return nil, err
	}
	return s, nil
}

// populate adds the people and the clients that are not there yet, and answers which
// clients there are: those of the program, and those that the platform hosts.
func populate(ctx context.Context, p *platform.Platform, cfg Config) ([]platform.Client, error) {
	if err := p.Seed(ctx); err != nil {
		return nil, err
	}
	if cfg.People != nil {
		if _, err := p.Load(ctx, cfg.People); err != nil {
			return nil, err
		}
	}
	for _, c := range cfg.Clients {
		is, err := p.Client(ctx, c.ID)
		if err == nil && slices.Equal(is.RedirectURIs, c.RedirectURIs) {
			continue
		}
		if err := p.Register(ctx, c); err != nil {
			return nil, err
		}
	}
	hosted, err := rp.Register(ctx, p)
	return slices.Concat(cfg.Clients, hosted), err
}

// again is populate after the lab has emptied the platform: the hosted relying parties
// forget what they knew of it.
func (s *Site) again(ctx context.Context) error {
	_, err := populate(ctx, s.Platform, s.cfg)
	s.hall.Reset()
	return err
}

// area is a part of the house that is a package of its own.
type area struct {
	house.Area
	paths []string // that it serves
	open  func(ui.Site) (http.Handler, error)
}

func (s *Site) areas() []area {
	return []area{
		{house.Area{Class: "citizen", Name: ui.Text{Vi: "Công dân", En: "Citizen"}, Tabs: citizen.Tabs}, citizen.Paths,
			func(site ui.Site) (http.Handler, error) { return citizen.New(s.Platform, site) }},
		{house.Area{Class: "citizen", Name: ui.Text{Vi: "Đăng ký", En: "Registration"}}, register.Paths,
			func(site ui.Site) (http.Handler, error) { return register.New(s.Platform, site) }},
		{house.Area{Class: "counter", Name: ui.Text{Vi: "Quầy", En: "Counter"}, Tabs: counter.Tabs}, counter.Paths,
			func(site ui.Site) (http.Handler, error) { return counter.New(s.Platform, site) }},
		{house.Area{Class: "counter", Name: ui.Text{Vi: "Quầy", En: "Counter"}, Tabs: counter.Tabs}, locks.Paths,
			func(site ui.Site) (http.Handler, error) { return locks.New(s.Platform, site) }},
		{house.Area{Class: "counter", Name: ui.Text{Vi: "Cơ quan quản lý", En: "Agency"}}, agency.Paths,
			func(site ui.Site) (http.Handler, error) { return agency.New(s.Platform, site) }},
		{house.Area{Class: "console", Name: ui.Text{Vi: "Bàn điều khiển", En: "Console"}, Tabs: console.Tabs}, console.Paths,
			func(site ui.Site) (http.Handler, error) { return console.New(s.Platform, site) }},
		{house.Area{Class: "rp", Name: ui.Text{Vi: "Các đơn vị", En: "Relying parties"}}, rp.Paths,
			func(site ui.Site) (h http.Handler, err error) {
				s.hall, err = rp.New(s.Platform, site)
				return s.hall, err
			}},
		{house.Area{Name: ui.Text{Vi: "Thông tin", En: "Information"}, Class: "platform"}, public.Paths,
			func(site ui.Site) (http.Handler, error) { return public.New(s.Platform, site) }},
		{house.Area{Class: "lab", Name: ui.Text{Vi: "Phòng thử nghiệm", En: "Lab"}, Tabs: lab.Tabs}, lab.Paths,
			func(site ui.Site) (http.Handler, error) {
				return lab.New(s.Platform, site, lab.Config{Exposed: s.cfg.LabExposed, Seed: s.again, People: s.everybody})
			}},
	}
}

// routes puts the platform's own pages beside the engine's.
func (s *Site) routes() (http.Handler, error) {
	own := http.NewServeMux()
	own.HandleFunc("GET /assets/", ui.Assets)
	own.HandleFunc("GET /{$}", s.home)
	own.HandleFunc("GET /app/{id}", s.app)
	own.HandleFunc("POST /app/{id}", s.approve)
	own.HandleFunc("GET /app/{id}/state", s.scanState)
	own.HandleFunc("GET /phone", s.phone)
	own.HandleFunc("POST /phone", s.answer)
	own.HandleFunc("GET /help", s.help)
	paths := append(s.routeServices(own), "/assets/", "/{$}", "/app/", "/phone", "/help")
	for _, a := range s.areas() {
		h, err := a.open(a.Site(s.Platform.Now, s.cfg.lab()))
		if err != nil {
			return nil, err
		}
		for _, path := range a.paths {
			own.Handle(path, h)
		}
		paths = append(paths, a.paths...)
	}
	// Forms of other sites are refused before they are read.
	safe := ui.Secure(64<<10, http.NewCrossOriginProtection().Handler(own))

	mux := http.NewServeMux()
	for _, path := range paths {
		mux.Handle(path, safe)
		s.paths[path] = true
	}
	if !s.cfg.lab() {
		delete(s.paths, "/lab")
		delete(s.paths, "/lab/")
	}
	engine := s.Platform.Handler()
	mux.Handle("/", engine)
	return ui.At(s.Platform.Issuer(), s.drawPlain(shortcut(s.Platform.Places(), engine, mux))), nil
}

// shortcut leads to the engine's addresses past the pages' mux, where that finds nothing
// else.
func shortcut(patterns []string, engine http.Handler, pages *http.ServeMux) http.Handler {
	paths := map[string]bool{}
	for _, pattern := range patterns {
		_, path, _ := strings.Cut(pattern, " ")
		if _, at := pages.Handler(&http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}}); at == "/" && !strings.Contains(path, "{") {
			paths[path] = true
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if paths[r.URL.Path] {
			engine.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// ServeHTTP implements http.Handler.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Site) home(w http.ResponseWriter, r *http.Request) {
	type table struct {
		ID     string
		People []person
	}
	begin, others := cast()
	s.pages.Render(w, r, http.StatusOK, "home", struct {
		Issuer, Password string
		Rooms            []room
		Begin, Others    table
		Staff            []colleague
		Clients          []platform.Client
	}{s.Platform.Issuer(), personas.Password, s.open(), table{"begin", begin}, table{"others", others}, s.staff(), s.clients})
}

func (s *Site) help(w http.ResponseWriter, r *http.Request) {
	s.pages.Render(w, r, http.StatusOK, "help", nil)
}

// unavailable answers when the store is in trouble.
func (s *Site) unavailable(w http.ResponseWriter, r *http.Request) {
	s.pages.Render(w, r, http.StatusServiceUnavailable, string(platform.StepError),
		step{platform.View{Error: "temporarily_unavailable"}})
}
