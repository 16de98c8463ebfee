package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// What the citizen's app opens when it has scanned the code of a login page. In this
// stand-in the app is a browser in which the person is logged in.

type appPage struct {
	Name, Client      string
	Done, Over, Again bool
}

// app shows whose login the code is.
func (s *Site) app(w http.ResponseWriter, r *http.Request) { s.showApp(w, r, appPage{}) }

func (s *Site) showApp(w http.ResponseWriter, r *http.Request, page appPage) {
	session, err := s.Platform.Session(r)
	if errors.Is(err, platform.ErrNoSession) {
		http.Redirect(w, r, "/login?return=/app/"+url.QueryEscape(r.PathValue("id")), http.StatusSeeOther)
		return
	}
	if err != nil {
		s.unavailable(w, r)
		return
	}
	if !page.Done && !page.Over {
		client, err := s.Platform.Scanned(r.Context(), r.PathValue("id"))
		if err != nil && !errors.Is(err, platform.ErrNoPrompt) {
			s.unavailable(w, r)
			return
		}
		page.Client, page.Over = client, err != nil
	}
	page.Name = session.Account.Record.Name
	s.pages.Render(w, r, http.StatusOK, "app", page)
}

// scanState tells the login page, which knows the code, whether it still waits for the
// app. Nobody needs to be logged in: the code is the secret.
func (s *Site) scanState(w http.ResponseWriter, r *http.Request) {
	_, err := s.Platform.Scanned(r.Context(), r.PathValue("id"))
	if err != nil && !errors.Is(err, platform.ErrNoPrompt) {
		http.Error(w, "unavailable", http.StatusServiceUnavailable)
		return
	}
	state := "waiting"
	if err != nil {
		state = "over"
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, state)
}

// approve takes the person's answer.
func (s *Site) approve(w http.ResponseWriter, r *http.Request) {
	session, err := s.Platform.Session(r)
	if err != nil {
		s.showApp(w, r, appPage{})
		return
	}
	a := platform.Approval{Number: r.PostFormValue("number"), Password: r.PostFormValue(platform.FieldPassword)}
	if r.PostFormValue(platform.FieldDecision) == platform.Deny {
		a.Number = "" // any other number refuses
	}
	err = s.Platform.ApproveScan(r.Context(), session.Account.ID, r.PathValue("id"), a)
	s.showApp(w, r, appPage{Done: err == nil, Again: errors.Is(err, platform.ErrFactor), Over: err != nil && !errors.Is(err, platform.ErrFactor)})
}
