package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
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

	Counter        bool // the relying party began it
	Message        string
	Shares         []ui.Text
	Password, Face bool // what it needs beside the number

	Share *words.Terms // a data request
}

func promptOf(a platform.Account, p platform.Prompt) prompt {
	q := prompt{Name: a.Record.Name, Account: a.ID, ID: p.ID, Client: p.Client, Counter: p.Counter, Message: p.Message}
	for _, s := range p.Scopes {
		q.Shares = append(q.Shares, words.Of(words.Scopes, s))
	}
	if p.Share != nil {
		q.Share = &words.Terms{ShareView: p.Share}
	}
	q.Password, q.Face = slices.Contains(p.Needs, platform.FactorPassword), slices.Contains(p.Needs, platform.FactorFace)
	return q
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
			prompts = append(prompts, promptOf(a, p))
		}
	}
	if err != nil {
		s.unavailable(w, r)
		return
	}
	slices.SortStableFunc(messages, func(a, b message) int { return b.At.Compare(a.At) })
	answered := r.URL.Query().Get("answered")
	s.pages.Render(w, r, http.StatusOK, "phone", struct {
		Messages                  []message
		Prompts                   []prompt
		Confirmed, Refused, Again bool
	}{messages[:min(len(messages), maxMessages)], prompts, answered == "yes", answered == "no", answered == "again"})
}

// answer confirms a login in the app, or refuses it.
func (s *Site) answer(w http.ResponseWriter, r *http.Request) {
	a := platform.Approval{
		Number: r.PostFormValue("number"), Password: r.PostFormValue(platform.FieldPassword),
		Face: r.PostFormValue(platform.FieldResult) == platform.Match,
	}
	a.Ticked = r.PostForm[platform.FieldScope]
	if r.PostFormValue(platform.FieldDecision) == platform.Deny {
		a.Number = "" // any other number refuses
	}
	to := "/phone?answered=yes"
	switch err := s.Platform.Approve(r.Context(), r.PostFormValue("account"), r.PostFormValue("prompt"), a); {
	case errors.Is(err, platform.ErrFactor):
		to = "/phone?answered=again"
	case err != nil:
		to = "/phone?answered=no"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
