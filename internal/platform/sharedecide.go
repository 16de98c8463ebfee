package platform

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/approval"
	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

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
		if ia.Agreed { // the form was sent twice at once
			return nil
		}
		ia.Agreed = true
		return p.decideSelf(tx, ia.Request.Sharing, ia.Account, form[FieldScope], ia.Want, ia.Shown, ia.At)
	})
}

// pendingShare returns a request that still waits for decisions.
func (p *Platform) pendingShare(tx Tx, id string) (*sharing, error) {
	s, err := load[sharing](tx, tableSharings, id)
	if err == nil && (s == nil || s.now(p.now()) != sharePending) {
		err = refuse(http.StatusBadRequest, "interaction_over", "")
	}
	return s, err
}

// decideSelf records what the person themself agreed to.
func (p *Platform) decideSelf(tx Tx, id, account string, ticked []string, want want, shown []Factor, at time.Time) error {
	s, err := p.pendingShare(tx, id)
	if err != nil {
		return err
	}
	a, err := load[Account](tx, tableAccounts, account)
	if err != nil || a == nil {
		return errors.Join(err, ErrNoHolder)
	}
	s.Account, s.ACR, s.At = a.ID, want.reported(assurance{a.Usable(), authLevel(shown)}), at
	s.Chosen = s.Ask.chosen(ticked)
	s.Need = p.needed(a, &s.Ask)
	own := approved{By: string(approval.Self), Account: a.ID, At: p.now(), Attested: wire.ACR(s.ACR.Level, s.ACR.Auth)}
	if slices.Contains(s.Need, approval.Child) {
		own.By = string(approval.Child)
	}
	// Who must not decide for themselves has looked at the page; it is no approval.
	if slices.Contains(s.Need, approval.Role(own.By)) {
		s.Approvals = append(s.Approvals, own)
	}
	if err := p.noteShare(tx, s); err != nil {
		return err
	}
	return p.decided(tx, s, a)
}

// needed is whose approvals the law of the day wants.
func (p *Platform) needed(a *Account, ask *shareAsk) []approval.Role {
	if !p.on("share-approvals") {
		return []approval.Role{approval.Self}
	}
	private := slices.ContainsFunc(ask.Documents, func(d shareDoc) bool { return sharewire.NeedsLevel2(d.Kind) })
	return approval.Law().Needed(approval.Person{Birth: a.Record.Birth, Ward: a.Ward}, private, p.today())
}

func (p *Platform) today() vneid.Date {
	day := p.now().In(vietnam)
	d, _ := vneid.NewDate(day.Year(), day.Month(), day.Day()) // the clock's days exist
	return d
}

// decided ends the waiting when every approval is there: what was agreed to, of what
// there is, can be fetched from now on.
func (p *Platform) decided(tx Tx, s *sharing, a *Account) (err error) {
	have := make([]approval.Decision, len(s.Approvals))
	for i, one := range s.Approvals {
		have[i] = approval.Decision{By: approval.Role(one.By), Who: one.Account, Relation: one.Relation, Attested: one.Attested, At: one.At}
	}
	if len(approval.Missing(s.Need, have)) > 0 && p.on("share-approvals") {
		for _, g := range a.Guardians {
			err = errors.Join(err, save(tx, tableAwaited, g+"/"+s.ID, s.ID, s.Open))
		}
		return errors.Join(err, p.keep(tx, s), p.recordShare(tx, s))
	}
	if s.Granted, err = p.there(tx, a.ID, s.Chosen); err != nil {
		return err
	}
	to := sharePartial
	if s.decision(s.Granted) == wire.DecisionAll {
		to = shareApproved
	}
	return errors.Join(p.move(tx, s, to), p.settleWaiting(tx, s, a))
}

// settleWaiting takes a request off the representatives' lists, and tells who polls.
func (p *Platform) settleWaiting(tx Tx, s *sharing, a *Account) (err error) {
	for _, g := range a.Guardians {
		err = errors.Join(err, tx.Delete(tableAwaited, g+"/"+s.ID))
	}
	if s.AskKey == "" {
		return err
	}
	return errors.Join(err, p.answerShare(tx, s))
}

// noteShare puts a request into the person's own list.
func (p *Platform) noteShare(tx Tx, s *sharing) error {
	until, err := p.sharingUntil(tx, s)
	return errors.Join(err, save(tx, tableSharesOf, s.Account+"/"+p.newestFirst(p.now()), s.ID, until))
}

// denyShare records that the person refused everything.
func (p *Platform) denyShare(v *visit, ia *interaction) error {
	if ia.Request == nil || ia.Request.Share == nil {
		return nil
	}
	return p.store.Update(v.r.Context(), func(tx Tx) error { return p.refuseShare(tx, ia.Request.Sharing, ia.Account) })
}

// refuseShare ends a request that somebody said no to; one that has ended stays as it
// is.
func (p *Platform) refuseShare(tx Tx, id, account string) error {
	s, err := load[sharing](tx, tableSharings, id)
	if err != nil || s == nil || s.now(p.now()) != sharePending {
		return err
	}
	if s.Account == "" && account != "" {
		s.Account = account
		err = p.noteShare(tx, s)
	}
	a := &Account{}
	if s.Account != "" {
		found, err := load[Account](tx, tableAccounts, s.Account)
		if err != nil {
			return err
		}
		if found != nil {
			a = found
		}
	}
	return errors.Join(err, p.move(tx, s, shareDenied), p.settleWaiting(tx, s, a))
}

// Awaited is a request that waits for a representative.
type Awaited struct {
	Grant  string
	Client ClientView
	Name   string // of the child or ward
	Until  time.Time
	Terms  ShareView
}

// Awaiting lists what waits for a person's decision for somebody else, in their app.
func (p *Platform) Awaiting(ctx context.Context, account string) (out []Awaited, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out = nil
		ids, err := list[string](tx, tableAwaited, account+"/", 100)
		for _, id := range ids {
			s, err := load[sharing](tx, tableSharings, id)
			if err != nil {
				return err
			}
			if s == nil || s.now(p.now()) != sharePending {
				continue
			}
			c, err1 := load[Client](tx, tableClients, s.Client)
			a, err2 := load[Account](tx, tableAccounts, s.Account)
			if err := errors.Join(err1, err2); err != nil || c == nil || a == nil {
				return err
			}
			view := shareView(c, &s.Ask)
			view.Person, view.Ticked = a.Record.Name, fields(s.Chosen)
			out = append(out, Awaited{s.ID, *clientView(c), a.Record.Name, s.Open, *view})
		}
		return err
	})
	return out, err
}

// fields are the switches of what somebody chose.
func fields(docs []shareDoc) (out []string) {
	for _, d := range docs {
		out = append(out, string(d.Kind))
		for _, name := range d.names() {
			out = append(out, fieldOf(d.Kind, name))
		}
	}
	return out
}

// ErrNotYours is returned for a decision about somebody whom the person does not
// represent, or that needs a stronger login than theirs.
var ErrNotYours = errors.New("platform: nothing waits for this person, or their login is too weak")

// DecideShare takes a representative's decision about a request that waits for it:
// what they agree to, of what the child or ward chose, or nil for a refusal. by is their
// own session, of account level 2 and two factors. No representative can add anything.
func (p *Platform) DecideShare(ctx context.Context, by Session, grant string, ticked []string) error {
	if by.Assurance.Level < 2 || by.Assurance.Auth < 2 {
		return ErrNotYours
	}
	return p.store.Update(ctx, func(tx Tx) error {
		s, err := load[sharing](tx, tableSharings, grant)
		if err != nil {
			return err
		}
		if s == nil || s.Account == "" || s.now(p.now()) != sharePending {
			return ErrNotYours
		}
		a, err1 := load[Account](tx, tableAccounts, s.Account)
		g, err2 := load[Account](tx, tableAccounts, by.Account.ID)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if a == nil || g == nil || !slices.Contains(a.Guardians, g.ID) && p.on("share-guardian") || g.AccountLocked || g.Usable() < 2 {
			return ErrNotYours
		}
		if ticked == nil {
			return p.refuseShare(tx, grant, "")
		}
		s.Chosen = narrowed(s.Chosen, ticked)
		s.Approvals = append(s.Approvals, approved{
			By: string(approval.Guardian), Account: g.ID, Relation: relationOf(a, g), At: p.now(), Attested: attestedBy,
		})
		return p.decided(tx, s, a)
	})
}

// attestedBy says who knows that somebody is a representative.
const attestedBy = "national-population-database"

// relationOf is a representative's relation to a child or ward, by the record.
func relationOf(a, g *Account) string {
	switch {
	case a.Ward:
		return "guardian"
	case a.Record.Father == g.Record.Name:
		return "father"
	case a.Record.Mother == g.Record.Name:
		return "mother"
	}
	return "guardian"
}

// narrowed takes of what was chosen only what is ticked too.
func narrowed(docs []shareDoc, ticked []string) (out []shareDoc) {
	ask := shareAsk{Documents: docs}
	return ask.chosen(ticked)
}

// waitShare says whether a request that the person has decided on still waits for
// others, and ends the visit where one of them refused.
func (p *Platform) waitShare(tx Tx, id string) (Step, error) {
	s, err := load[sharing](tx, tableSharings, id)
	if err != nil || s == nil {
		return "", errors.Join(err, refuse(http.StatusBadRequest, "interaction_over", ""))
	}
	switch state := s.now(p.now()); {
	case state == sharePending:
		return StepWait, nil
	case !s.live():
		return "", refuse(http.StatusForbidden, "access_denied", "")
	}
	return "", nil
}
