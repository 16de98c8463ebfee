package platform

import (
	"slices"

	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// ShareView is what the share step shows. It is made from the request and the
// registration alone: no paper of the person is looked at, so that the page is the
// same for a document that does not exist.
type ShareView struct {
	Purpose   string     `json:"purpose"` // the code
	Vi        string     `json:"vi"`      // its words, as they were registered
	En        string     `json:"en"`
	Basis     string     `json:"basis"` // consent, contract, law
	Citation  string     `json:"citation,omitempty"`
	Retention int        `json:"retention_days"`
	Store     bool       `json:"store,omitempty"`
	Until     string     `json:"until,omitempty"` // of a periodic request: its last day
	Frequency int        `json:"frequency_days,omitempty"`
	Documents []ShareDoc `json:"documents"`

	Person string   `json:"person,omitempty"` // whom a representative decides for; empty: oneself
	Ticked []string `json:"ticked,omitempty"` // what the person themself agreed to, for the representative to see
}

// ShareDoc is one document to decide on. Nothing of it is ticked beforehand.
type ShareDoc struct {
	Kind      document.Kind `json:"kind"`
	Field     string        `json:"field"` // the value of its switch
	Essential bool          `json:"essential,omitempty"`
	Items     []ShareItem   `json:"items"`
}

// ShareItem is a claim or a predicate of a document. An essential one comes with the
// document; the others have a switch of their own.
type ShareItem struct {
	Name      string `json:"name"`
	Predicate bool   `json:"predicate,omitempty"` // Name is a question with yes or no for an answer
	Field     string `json:"field,omitempty"`     // the value of its switch
	Essential bool   `json:"essential,omitempty"`
}

func shareView(c *Client, ask *shareAsk) *ShareView {
	v := &ShareView{
		Purpose: ask.Purpose, Basis: ask.Basis, Citation: ask.Citation, Retention: ask.Retention, Store: ask.Store,
		Until: ask.Until, Frequency: ask.Frequency,
	}
	v.Vi, v.En = ask.words(c)
	for _, d := range ask.Documents {
		doc := ShareDoc{Kind: d.Kind, Field: string(d.Kind), Essential: d.Essential}
		for _, c := range d.Claims {
			doc.Items = append(doc.Items, shareItemView(d.Kind, c, false))
		}
		for _, c := range d.Predicates {
			doc.Items = append(doc.Items, shareItemView(d.Kind, c, true))
		}
		v.Documents = append(v.Documents, doc)
	}
	return v
}

// words are the purpose as it was registered when the request was made: what was agreed
// to does not change its words with the registration. A request may leave the English
// ones to that.
func (a *shareAsk) words(c *Client) (vi, en string) {
	if u := c.purpose(a.Purpose); a.EN == "" && u != nil {
		return a.VI, u.En
	}
	return a.VI, a.EN
}

func shareItemView(kind document.Kind, i shareItem, predicate bool) ShareItem {
	out := ShareItem{Name: i.Name, Predicate: predicate, Essential: i.Essential}
	if !i.Essential {
		out.Field = fieldOf(kind, i.Name)
	}
	return out
}

// fieldOf is the value of an item's switch.
func fieldOf(kind document.Kind, item string) string { return string(kind) + "/" + item }

// chosen is what a person agreed to: of each document that is ticked the essential
// items and the ones that are ticked too. What was not asked for cannot be chosen.
func (a *shareAsk) chosen(ticked []string) (out []shareDoc) {
	for _, d := range a.Documents {
		if !slices.Contains(ticked, string(d.Kind)) {
			continue
		}
		take := func(items []shareItem) (got []shareItem) {
			for _, i := range items {
				if i.Essential || slices.Contains(ticked, fieldOf(d.Kind, i.Name)) {
					got = append(got, i)
				}
			}
			return got
		}
		got := shareDoc{Kind: d.Kind, Essential: d.Essential, MaxAge: d.MaxAge, Claims: take(d.Claims), Predicates: take(d.Predicates)}
		if len(got.Claims)+len(got.Predicates) > 0 {
			out = append(out, got)
		}
	}
	return out
}
