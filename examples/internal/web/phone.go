package web

import (
	"net/http"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// The test telephone shows what the platform sent to anybody: it stands for all
// the telephones of the invented people, which is why it belongs on loopback
// alone.

const (
	maxPeople   = 1000
	maxMessages = 50
)

type message struct {
	Name, To, Text string
	At             time.Time
}

type prompt struct {
	Name, Account, ID, Client string
}

// phone shows messages, and the logins that wait for the app.
func (s *Site) phone(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	accounts, err := s.Platform.Accounts(ctx, maxPeople)
	var messages []message
	var prompts []prompt
	for _, a := range accounts {
		sent, err1 := s.Platform.Outbox(ctx, a.ID)
		waiting, err2 := s.Platform.Prompts(ctx, a.ID)
		if err1 != nil || err2 != nil {
			s.unavailable(w, r)
			return
		}
		for _, m := range sent {
			messages = append(messages, message{a.Record.Name, m.To, m.Text, m.At})
		}
		for _, p := range waiting {
			prompts = append(prompts, prompt{a.Record.Name, a.ID, p.ID, p.Client})
		}
	}
	if err != nil {
		s.unavailable(w, r)
		return
	}
	slices.SortStableFunc(messages, func(a, b message) int { return b.At.Compare(a.At) })
	answered := r.URL.Query().Get("answered")
	s.pages.Render(w, r, http.StatusOK, "phone", struct {
		Messages           []message
		Prompts            []prompt
		Confirmed, Refused bool
	}{messages[:min(len(messages), maxMessages)], prompts, answered == "yes", answered == "no"})
}

// answer confirms a login in the app, or refuses it.
func (s *Site) answer(w http.ResponseWriter, r *http.Request) {
	number := r.PostFormValue("number")
	if r.PostFormValue(platform.FieldDecision) == platform.Deny {
		number = "" // any other number refuses
	}
	to := "/phone?answered=yes"
	if s.Platform.Confirm(r.Context(), r.PostFormValue("account"), r.PostFormValue("prompt"), number) != nil {
		to = "/phone?answered=no"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
