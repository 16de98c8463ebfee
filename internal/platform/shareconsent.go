package platform

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/wire"
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
	if u := c.purpose(ask.Purpose); u != nil {
		v.Vi, v.En = u.Vi, u.En
	}
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

// openShare enters the record of a pushed data request.
func (p *Platform) openShare(tx Tx, c *Client, req *authRequest, reference string) error {
	if req.Share == nil {
		return nil
	}
	s, err := p.newSharing(tx, c, req.Share, strings.TrimPrefix(reference, pushedPrefix), p.now().Add(pushedLife+interactionLife))
	if err == nil {
		req.Sharing = s.ID
	}
	return err
}

// submitShare takes the decision. Ticking nothing is a decision like any other: the
// answer is then the same as if nothing of it existed.
func (p *Platform) submitShare(ctx context.Context, v *visit, id string, form url.Values) (outcome, error) {
	if form.Get(FieldDecision) != Allow {
		return outcome{problem: ProblemForm}, nil
	}
	return outcome{}, p.edit(ctx, v, id, func(tx Tx, ia *interaction) error {
		a, err := load[Account](tx, tableAccounts, ia.Account)
		if err != nil || a == nil {
			return err
		}
		acr := ia.Want.reported(assurance{a.Usable(), authLevel(ia.Shown)})
		if err := p.decide(tx, ia.Request.Sharing, a, form[FieldScope], acr, ia); err != nil {
			return err
		}
		ia.Agreed = true
		return nil
	})
}

// decide records what the person agreed to, of what there is.
func (p *Platform) decide(tx Tx, id string, a *Account, ticked []string, acr assurance, ia *interaction) error {
	s, err := load[sharing](tx, tableSharings, id)
	if err != nil {
		return err
	}
	if s == nil || s.now(p.now()) != sharePending {
		return refuse(http.StatusBadRequest, "interaction_over", "")
	}
	if s.Granted, err = p.there(tx, a.ID, s.Ask.chosen(ticked)); err != nil {
		return err
	}
	s.Account, s.ACR, s.At = a.ID, acr, ia.At
	s.Approvals = []approved{{By: wire.ApprovalSelf, Account: a.ID, At: p.now(), Attested: wire.ACR(acr.Level, acr.Auth)}}
	if err := p.noteShare(tx, s); err != nil {
		return err
	}
	return p.move(tx, s, s.decided())
}

// noteShare puts a request into the person's own list.
func (p *Platform) noteShare(tx Tx, s *sharing) error {
	return save(tx, tableSharesOf, s.Account+"/"+p.newestFirst(p.now()), s.ID, s.Made.Add(sharingMemory))
}

// decided is the state that the decision leads to.
func (s *sharing) decided() shareState {
	if s.decision(s.Granted) == wire.DecisionAll {
		return shareApproved
	}
	return sharePartial
}

// denyShare records that the person refused everything.
func (p *Platform) denyShare(v *visit, ia *interaction) error {
	if ia.Request == nil || ia.Request.Share == nil {
		return nil
	}
	return p.store.Update(v.r.Context(), func(tx Tx) error {
		s, err := load[sharing](tx, tableSharings, ia.Request.Sharing)
		if err != nil || s == nil || s.now(p.now()) != sharePending {
			return err
		}
		if s.Account = ia.Account; s.Account != "" {
			err = p.noteShare(tx, s)
		}
		return errors.Join(err, p.move(tx, s, shareDenied))
	})
}
