package web

import (
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// The office where filings are decided.

// routeServices adds it; the paths are those that the site serves itself.
func (s *Site) routeServices(mux *http.ServeMux) []string {
	mux.HandleFunc("GET /office", s.office)
	mux.HandleFunc("POST /office", s.decide)
	return []string{"/office"}
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
