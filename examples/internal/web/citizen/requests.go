package citizen

import (
	"errors"
	"net/http"
	"slices"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// prompt is something that waits for the person in their app: a login to confirm, or what a
// party asks for at its counter.
type prompt struct {
	platform.Prompt
	Shares         []ui.Text
	Password, Face bool
	Terms          *words.Terms
}

// requests shows what waits for the person.
func (c *app) requests(w http.ResponseWriter, r *http.Request, me platform.Session) {
	waiting, err := c.p.Prompts(r.Context(), me.Account.ID)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page := struct {
		Yes, No, Again bool
		HasApp         bool
		Prompts        []prompt
	}{HasApp: me.Account.App}
	switch r.URL.Query().Get("answered") {
	case "yes":
		page.Yes = true
	case "no":
		page.No = true
	case "again":
		page.Again = true
	}
	for _, q := range waiting {
		one := prompt{Prompt: q, Password: slices.Contains(q.Needs, platform.FactorPassword), Face: slices.Contains(q.Needs, platform.FactorFace)}
		for _, s := range q.Scopes {
			one.Shares = append(one.Shares, words.Of(words.Scopes, s))
		}
		if q.Share != nil {
			one.Terms = &words.Terms{ShareView: q.Share}
		}
		page.Prompts = append(page.Prompts, one)
	}
	c.show(w, r, "requests", page)
}

// respond confirms one, or refuses it.
func (c *app) respond(w http.ResponseWriter, r *http.Request, me platform.Session) {
	f := form.Read(r)
	a := platform.Approval{Number: f.V("number"), Password: f.Secret("password"), Face: f.V(platform.FieldResult) == platform.Match, Ticked: f.All(platform.FieldScope)}
	if f.V(platform.FieldDecision) == platform.Deny {
		a.Number = "" // any other number refuses
	}
	answered := "yes"
	switch err := c.p.Approve(r.Context(), me.Account.ID, f.V("prompt"), a); {
	case errors.Is(err, platform.ErrFactor):
		answered = "again"
	case errors.Is(err, platform.ErrNoPrompt):
		answered = "no"
	case err != nil:
		c.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/me/requests?answered="+answered, http.StatusSeeOther)
}
