package platform

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// Handler serves the protocol and the pages of logins. Mount it at the root of
// the issuer's host; further pages of the platform may stand beside it.
func (p *Platform) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range p.routes() {
		h := r.handler
		if !waits(r.pattern) {
			h = p.gated(h)
		}
		mux.Handle(r.pattern, p.weathered(r.pattern, h))
	}
	return p.guard(mux)
}

// route is one address of the platform.
type route struct {
	pattern string
	handler http.Handler
}

// routes is every address, in one table.
func (p *Platform) routes() []route {
	open := func(h http.HandlerFunc) http.Handler { return h }
	return append(append(append(p.wireRoutes(), p.serviceRoutes()...), []route{
		{"GET " + pathDiscovery, open(p.handleDiscovery)},
		{"GET " + pathJWKS, p.handleJWKS(p.login)},
		{"POST " + pathPushed, open(p.handlePushed)},
		{"GET " + pathAuthorize, open(p.handleAuthorize)},
		{"POST " + pathAuthorize, open(p.handleAuthorize)},
		{"GET /login", open(p.handleLogin)},
		{"GET /interaction/{id}", open(p.handleInteraction)},
		{"POST /interaction/{id}", sameOrigin(p.handleInteraction)},
		{"POST " + pathToken, open(p.handleToken)},
		{"GET " + pathUserinfo, open(p.handleUserinfo)},
		{"POST " + pathUserinfo, open(p.handleUserinfo)},
		{"POST " + pathBackchannel, open(p.handleBackchannel)},
		{"POST " + pathRevoke, open(p.handleRevoke)},
		{"POST " + pathIntrospect, open(p.handleIntrospect)},
		{"GET " + pathLogout, open(p.handleLogout)},
		{"POST " + pathLogout, sameOrigin(p.handleLogout)},
		{"GET " + pathQRJWKS, p.handleJWKS(p.qr)},
		{"GET " + pathAuditJWKS, p.handleJWKS(p.audit)},
		{"POST " + pathQRRedeem, open(p.handleRedeem)},
		{"GET " + pathQRStatus + "{list}", open(p.handleCodeStatus)},
	}...), p.shareRoutes()...)
}

// sameOrigin refuses forms that another site's page posts, before their token is
// looked at.
func sameOrigin(h http.HandlerFunc) http.Handler { return http.NewCrossOriginProtection().Handler(h) }

// Values of headers that every answer has. Nobody may change them: net/http copies them
// when the answer begins.
var (
	noStore    = []string{"no-store"}
	noSniff    = []string{"nosniff"}
	noReferrer = []string{"no-referrer"}
	jsonType   = []string{"application/json"}
)

// guard bounds what runs at a time, sets the headers of every answer and lets
// the faults of everybody act.
func (p *Platform) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["Cache-Control"], h["X-Content-Type-Options"], h["Referrer-Policy"] = noStore, noSniff, noReferrer
		select {
		case p.busy <- struct{}{}:
			defer func() { <-p.busy }()
		default:
			fail(w, errFull)
			return
		}
		p.ring.fresh(r.Context())
		if !p.breakCall(w, r, "") {
			noted := p.note(w, r)
			next.ServeHTTP(noted, r)
			p.keepNote(noted, r)
		}
	})
}

// render draws a page. Its headers keep other sites from framing it and its
// scripts from elsewhere; forms may lead on to the relying party that asks.
func (p *Platform) render(v *visit, view View) {
	view.Banner = Banner
	form := "'self'"
	if v.client != nil {
		for _, uri := range append(v.client.RedirectURIs[:len(v.client.RedirectURIs):len(v.client.RedirectURIs)], v.client.LogoutURIs...) {
			if u, err := url.Parse(uri); err == nil && !strings.Contains(form, " "+u.Scheme+"://"+u.Host) {
				form += " " + u.Scheme + "://" + u.Host
			}
		}
	}
	h := v.w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "+
		"connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "+form)
	h.Set("X-Frame-Options", "DENY")
	p.cfg.Pages.Render(v.w, v.r, view)
}

// errorPage is for errors that must not travel to a redirect URI.
func (p *Platform) errorPage(v *visit, err error) {
	var e *oauthError
	if !errors.As(err, &e) {
		e = &oauthError{Status: http.StatusServiceUnavailable, Code: "temporarily_unavailable"}
	}
	noteRefusal(v.w, e)
	p.render(v, View{Step: StepError, Status: e.Status, Error: e.Code, Client: clientView(v.client)})
}
