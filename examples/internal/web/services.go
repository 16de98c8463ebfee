package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// The pages of the services: what a citizen is told, bills that nobody has to pay, and
// the office where filings are decided.

// routeServices adds them; the paths are those that the site serves itself.
func (s *Site) routeServices(mux *http.ServeMux) []string {
	mux.HandleFunc("GET /me/inbox", s.inbox)
	mux.HandleFunc("GET /me/bills", s.bills)
	mux.HandleFunc("GET /office", s.office)
	mux.HandleFunc("POST /office", s.decide)
	return []string{"/me/inbox", "/me/bills", "/office"}
}

const maxInbox = 100

type told struct {
	Kind, Title, Body ui.Text
	From              string
	At                time.Time
	Parts             []part
}

type part struct {
	Name, State ui.Text
	Done        bool
}

// reader returns whose page it is, and sends anybody else to log in and come back.
func (s *Site) reader(w http.ResponseWriter, r *http.Request) (platform.Account, bool) {
	session, err := s.Platform.Session(r)
	switch {
	case errors.Is(err, platform.ErrNoSession):
		http.Redirect(w, r, "/login?return="+r.URL.Path, http.StatusSeeOther)
	case err != nil:
		s.unavailable(w, r)
	}
	return session.Account, err == nil
}

// inbox shows what the citizen is told, newest first.
func (s *Site) inbox(w http.ResponseWriter, r *http.Request) {
	a, ok := s.reader(w, r)
	if !ok {
		return
	}
	list, err := s.Platform.Inbox(r.Context(), a.ID, maxInbox)
	if err != nil {
		s.unavailable(w, r)
		return
	}
	var out []told
	for _, n := range list {
		t := told{Kind: words.Of(words.Notices, n.Kind), Title: ui.Text(n.Title), Body: ui.Text(n.Body), From: n.From, At: n.At}
		for _, p := range n.Parts {
			t.Parts = append(t.Parts, part{words.Of(words.Parts, p.Name), words.Of(words.PartStates, p.State), p.State == "done"})
		}
		for _, x := range []*ui.Text{&t.Title, &t.Body} {
			if x.En == "" {
				x.En = x.Vi
			}
		}
		out = append(out, t)
	}
	s.pages.Render(w, r, http.StatusOK, "inbox", struct{ Notices []told }{out})
}

// bills is a page alone: nothing is owed and nothing can be paid.
func (s *Site) bills(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.reader(w, r); ok {
		s.pages.Render(w, r, http.StatusOK, "bills", nil)
	}
}

type ticketCase struct {
	ID, Who  string
	Kind     ui.Text
	State    ui.Text
	At       time.Time
	Next     []choice
	Document string
	Text     string
	Address  string
}

type choice struct {
	State string
	Text  ui.Text
}

const maxCases = 200

// office is the other side of filings: in this stand-in anybody may be the officer, so
// it belongs on loopback alone.
func (s *Site) office(w http.ResponseWriter, r *http.Request) {
	list, err := s.Platform.Tickets(r.Context(), maxCases)
	if err != nil {
		s.unavailable(w, r)
		return
	}
	var out []ticketCase
	for _, t := range list {
		last := t.Steps[len(t.Steps)-1]
		c := ticketCase{ID: t.ID, Kind: words.Of(words.Tickets, t.Filing.Kind), State: words.Of(words.TicketStates, last.State), At: last.At,
			Document: t.Filing.Document, Text: t.Filing.Text, Address: t.Filing.Address}
		if t.Account != "" {
			if a, err := s.Platform.Account(r.Context(), t.Account); err == nil {
				c.Who = a.Record.Name
			}
		}
		for _, to := range []string{servicewire.Processing, servicewire.NeedsMore, servicewire.Done, servicewire.Verified, servicewire.Refused} {
			if servicewire.Goes(t.Filing.Kind, last.State, to) {
				c.Next = append(c.Next, choice{to, words.Of(words.TicketStates, to)})
			}
		}
		out = append(out, c)
	}
	s.pages.Render(w, r, http.StatusOK, "office", struct{ Cases []ticketCase }{out})
}

// decide takes an officer's decision.
func (s *Site) decide(w http.ResponseWriter, r *http.Request) {
	note := servicewire.Text{Vi: r.PostFormValue("note")}
	note.En = note.Vi
	if err := s.Platform.DecideTicket(r.Context(), r.PostFormValue("ticket"), r.PostFormValue("state"), note); err != nil {
		s.pages.Render(w, r, http.StatusConflict, string(platform.StepError), step{platform.View{Error: "invalid_request"}})
		return
	}
	http.Redirect(w, r, "/office", http.StatusSeeOther)
}
