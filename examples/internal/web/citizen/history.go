package citizen

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// read is an entry of the usage history on a page.
type read struct {
	Name  string
	At    time.Time
	Text  ui.Text
	What  []given  // documents and what of them
	Items *ui.Text // of a login
	Why   *ui.Text
	Law   string
}

func reads(history []platform.Read) []read {
	var list []read
	for _, h := range history {
		t := words.Of(words.Reads, h.Kind)
		one := read{Name: h.Name, At: h.At, Text: t}
		if h.Share != nil {
			one.Text = withDocuments(t, h.Share)
		}
		list = append(list, one)
	}
	return list
}

// withDocuments says which documents were given out.
func withDocuments(t ui.Text, given *platform.ReadDocuments) ui.Text {
	var vi, en []string
	for _, kind := range slices.Sorted(maps.Keys(given.Documents)) {
		v, e := document.Kind(kind).Label()
		vi, en = append(vi, v), append(en, e)
	}
	if vi == nil {
		return t
	}
	return ui.Text{Vi: t.Vi + ": " + strings.Join(vi, ", "), En: t.En + ": " + strings.Join(en, ", ")}
}

// purposes words what a relying party wanted something for, as it is registered.
type purposes struct {
	c    *app
	seen map[string][]platform.Purpose
}

func (p purposes) of(ctx context.Context, client, code string) *ui.Text {
	all, looked := p.seen[client]
	if !looked {
		if registered, err := p.c.p.Client(ctx, client); err == nil {
			all = registered.Purposes
		}
		p.seen[client] = all
	}
	for _, one := range all {
		if one.Code == code {
			return &ui.Text{Vi: one.Vi, En: one.En}
		}
	}
	return &ui.Text{Vi: code, En: code} // no longer registered
}

// detailed says of an entry what was read, and why.
func (p purposes) detailed(ctx context.Context, h platform.Read) read {
	out := read{Name: h.Name, At: h.At, Text: words.Of(words.Reads, h.Kind)}
	switch {
	case h.Share != nil:
		out.Why, out.Law = p.of(ctx, h.Client, h.Share.Purpose), h.Share.Citation
		for _, kind := range slices.Sorted(maps.Keys(h.Share.Documents)) {
			var vi, en []string
			for _, name := range h.Share.Documents[kind] {
				_, predicate := document.ParsePredicate(name)
				t := words.Item(platform.ShareItem{Name: name, Predicate: predicate})
				vi, en = append(vi, t.Vi), append(en, t.En)
			}
			out.What = append(out.What, given{label(document.Kind(kind)), ui.Text{Vi: strings.Join(vi, ", "), En: strings.Join(en, ", ")}})
		}
	case h.Kind == platform.ReadService:
		out.Items = named(words.Tickets, h.Scopes)
	default:
		out.Items = named(words.Scopes, h.Scopes)
	}
	return out
}

// party is one that can be filtered for.
type party struct {
	ID, Name string
	Chosen   bool
}

// history shows who read what about the person, page by page.
func (c *app) history(w http.ResponseWriter, r *http.Request, me platform.Session) {
	ctx, q := r.Context(), r.URL.Query()
	page, err1 := c.p.HistoryPage(ctx, me.Account.ID, platform.HistoryQuery{Client: q.Get("client"), After: q.Get("after")})
	consents, err2 := c.p.Consents(ctx, me.Account.ID)
	if err := errors.Join(err1, err2); err != nil {
		c.fail(w, r, err)
		return
	}
	names := map[string]string{}
	for _, one := range consents {
		names[one.Client] = one.Name
	}
	words := purposes{c, map[string][]platform.Purpose{}}
	var list []read
	for _, h := range page.Reads {
		list = append(list, words.detailed(ctx, h))
		names[h.Client] = h.Name
	}
	if chosen := q.Get("client"); chosen != "" && names[chosen] == "" {
		names[chosen] = chosen
	}
	var parties []party
	for id, name := range names {
		parties = append(parties, party{id, name, id == q.Get("client")})
	}
	slices.SortFunc(parties, func(a, b party) int { return strings.Compare(a.Name+a.ID, b.Name+b.ID) })
	next := ""
	if page.Next != "" {
		keep := url.Values{"after": {page.Next}}
		if id := q.Get("client"); id != "" {
			keep.Set("client", id)
		}
		next = "?" + keep.Encode()
	}
	c.show(w, r, "history", struct {
		Reads   []read
		Parties []party
		Next    string
		Later   bool // not the first page
	}{list, parties, next, q.Get("after") != ""})
}
