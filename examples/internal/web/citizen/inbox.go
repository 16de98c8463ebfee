package citizen

import (
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

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

// inbox shows what the citizen is told, newest first.
func (c *app) inbox(w http.ResponseWriter, r *http.Request, me platform.Session) {
	list, err := c.p.Inbox(r.Context(), me.Account.ID, maxInbox)
	if err != nil {
		c.fail(w, r, err)
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
	c.show(w, r, "inbox", struct{ Notices []told }{out})
}

// bills is a page alone: nothing is owed and nothing can be paid.
func (c *app) bills(w http.ResponseWriter, r *http.Request, _ platform.Session) {
	c.show(w, r, "bills", nil)
}
