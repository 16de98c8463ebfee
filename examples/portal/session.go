package main

import (
	"errors"
	"net/http"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// home shows what there is, and whether somebody is logged in.
func (s *site) home(w http.ResponseWriter, r *http.Request) {
	id, err := s.glance(r)
	s.pages.Render(w, r, http.StatusOK, "home", struct {
		Name         string
		Known, Ended bool
		Old          bool
		Mode         ui.Text
	}{id.Citizen().Name(), !id.IsZero(), errors.Is(err, vneid.ErrRevoked), s.mode.old(), s.mode.name()})
}

// member lets a page be seen by those who are logged in. Who was, until the session
// was ended elsewhere, is told so before being sent to log in.
func (s *site) member(ask sso.Ask, page http.HandlerFunc) http.Handler {
	inside := s.login.Require(ask, page)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := s.glance(r); errors.Is(err, vneid.ErrRevoked) {
			s.ended(w, r)
			return
		}
		inside.ServeHTTP(w, r)
	})
}

// ended says that a session was ended elsewhere, and leads back to the page after a
// fresh login, unless that is a button's.
func (s *site) ended(w http.ResponseWriter, r *http.Request) {
	back := "/"
	if r.Method == http.MethodGet {
		back = r.URL.Path
	}
	s.pages.Render(w, r, http.StatusUnauthorized, "ended", back)
}

// glance is an answer that nobody gets to see.
type glance struct {
	header http.Header
	err    error
}

func (g *glance) Header() http.Header         { return g.header }
func (g *glance) Write(b []byte) (int, error) { return len(b), nil }
func (g *glance) WriteHeader(int)             {}

// glance returns who is logged in, for a page that everybody may see. It asks Require
// as a script would, which is told no where a person would be sent to log in.
func (s *site) glance(r *http.Request) (id *sso.Identity, err error) {
	quiet := r.Clone(r.Context())
	quiet.Header.Set("Sec-Fetch-Mode", "cors")
	g := &glance{header: http.Header{}}
	s.login.Require(sso.Ask{}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		id, _ = sso.FromContext(r.Context())
	})).ServeHTTP(g, quiet)
	return id, g.err
}

// loggedOut says what is over: the session here, or the one at the provider too.
func (s *site) loggedOut(w http.ResponseWriter, r *http.Request) {
	s.pages.Render(w, r, http.StatusOK, "logged-out", r.URL.Query().Has("platform"))
}

// routeLogout serves the two ways on which a logout crosses sites. One begins here and
// comes back from the provider (OpenID Connect RP-Initiated Logout 1.0). The other
// begins there: the provider says who logged out, and no browser is in it
// (OpenID Connect Back-Channel Logout 1.0).
func (s *site) routeLogout(mux *http.ServeMux) error {
	told, err := s.login.BackchannelLogout(func(r *http.Request, _ sso.Login, err error) {
		if err != nil {
			s.log.WarnContext(r.Context(), "logout token refused", "why", err)
			return
		}
		s.log.InfoContext(r.Context(), "the provider ended sessions")
	})
	if err != nil {
		return err
	}
	mux.Handle("POST /backchannel", told)
	mux.Handle("GET /left", s.login.LoggedOut("/logged-out?platform"))
	return nil
}
