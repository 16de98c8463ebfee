package platform

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/approval"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// sharing is one data request from its beginning on: what was asked, what the person
// decided, and what became of it. It outlives everything that hangs on it, so that
// nothing which ended begins again.
type sharing struct {
	ID      string     `json:"id"`      // the grant's id on the wire
	Request string     `json:"request"` // hash of the reference that the client has
	Client  string     `json:"client"`
	Account string     `json:"account,omitempty"` // empty until somebody has answered
	Ask     shareAsk   `json:"ask"`
	State   shareState `json:"state"`
	Made    time.Time  `json:"made"`
	Open    time.Time  `json:"open"` // pending until then

	Need      []approval.Role `json:"need,omitempty"`    // whose approvals there must be
	Chosen    []shareDoc      `json:"chosen,omitempty"`  // what all who decided so far agree to
	AskKey    string          `json:"ask_key,omitempty"` // the row of a decoupled request
	Decided   time.Time       `json:"decided,omitzero"`
	Granted   []shareDoc      `json:"granted,omitempty"` // what the person agreed to, of what there is
	Approvals []approved      `json:"approvals,omitempty"`
	ACR       assurance       `json:"acr,omitzero"`
	At        time.Time       `json:"at,omitzero"` // auth_time

	Txn     string    `json:"txn,omitempty"` // of the last fetch
	Fetches int       `json:"fetches,omitempty"`
	Last    time.Time `json:"last,omitzero"` // the last fetch
	Ended   time.Time `json:"ended,omitzero"`
}

// approved is one decision that lets documents out, and who stands behind it.
type approved struct {
	By       string    `json:"by"` // self, guardian, child
	Account  string    `json:"account"`
	Relation string    `json:"relation,omitempty"`
	At       time.Time `json:"at"`
	Attested string    `json:"attested"` // what proved who decided: an acr value
}

// shareState is where a request stands.
type shareState string

const (
	sharePending   shareState = "pending"
	shareApproved  shareState = "approved"  // everything asked for
	sharePartial   shareState = "partial"   // some of it, or nothing of it is there
	shareDelivered shareState = "delivered" // fetched at least once

	// The ends. Nothing leads out of them.
	shareDenied    shareState = "denied"
	shareExpired   shareState = "expired"
	shareWithdrawn shareState = "withdrawn" // by the citizen
	shareGivenUp   shareState = "given-up"  // by the client
	shareOver      shareState = "over"      // its period has ended, or the login that gave it
)

// shareSteps is every step that a request can take.
var shareSteps = map[shareState][]shareState{
	sharePending:   {shareApproved, sharePartial, shareDenied, shareExpired},
	shareApproved:  {shareDelivered, shareWithdrawn, shareGivenUp, shareOver},
	sharePartial:   {shareDelivered, shareWithdrawn, shareGivenUp, shareOver},
	shareDelivered: {shareDelivered, shareWithdrawn, shareGivenUp, shareOver},
}

// errStep says that a request is not where the caller takes it to be: somebody else
// was first, or it has ended.
var errStep = errors.New("platform: the request has ended or was answered before")

// sharingMemory is how long a request stays known: as long as the usage history.
const sharingMemory = 5 * 366 * 24 * time.Hour

// move is the one way from a state to the next, within the transaction of whatever
// the step stands for.
func (p *Platform) move(tx Tx, s *sharing, to shareState) error {
	if p.on("share-sticky") && !mayMove(s.State, to) && !p.blind(s.Client) {
		return errStep
	}
	s.State = to
	switch to {
	case shareApproved, sharePartial, shareDenied:
		s.Decided = p.now()
	case shareWithdrawn, shareGivenUp, shareOver, shareExpired:
		s.Ended = p.now()
	}
	return errors.Join(p.keep(tx, s), p.recordShare(tx, s))
}

// keep stores a request: for as long as the usage history once a person has answered,
// and in its client's list of the day; else for two days, so that a client that asks
// and asks cannot fill the store.
func (p *Platform) keep(tx Tx, s *sharing) error {
	until, listed := s.Made.Add(unanswered), s.Made.Add(unanswered)
	if s.Account != "" {
		listed = s.Made.Add(dayMemory)
		var err error
		if until, err = p.sharingUntil(tx, s); err != nil {
			return err
		}
	}
	day := p.rowsOf(s.Client) + s.Made.In(vietnam).Format(time.DateOnly) + "/" + fmt.Sprintf("%016x", s.Made.UnixNano()) + s.ID
	return errors.Join(save(tx, tableSharings, s.ID, s, until), save(tx, tableSharesByDay, day, s.ID, listed))
}

func mayMove(from, to shareState) bool {
	for _, next := range shareSteps[from] {
		if next == to {
			return true
		}
	}
	return false
}

// now is the state as time has made it: what nobody answered in time is over, and so
// is what was granted for a time.
func (s *sharing) now(at time.Time) shareState {
	switch {
	case s.State == sharePending && !at.Before(s.Open):
		return shareExpired
	case s.live() && !at.Before(s.until()):
		return shareOver
	}
	return s.State
}

// live reports whether something may still be fetched, time aside.
func (s *sharing) live() bool {
	return s.State == shareApproved || s.State == sharePartial || s.State == shareDelivered
}

// until is when nothing can be fetched any more: the end of the period, or as long as
// a code and its token live.
func (s *sharing) until() time.Time {
	if end, ok := s.Ask.end(); s.Ask.Periodic && ok {
		return end
	}
	return s.Decided.Add(authCodeLife + tokenLife)
}

// decision is the envelope's word for what was decided: partial also where nothing is
// left.
func (s *sharing) decision(granted []shareDoc) string {
	if len(s.Ask.without(granted)) == 0 {
		return wire.DecisionAll
	}
	return wire.DecisionPartial
}

// requestName is what both sides can call a request in lists: the client has the
// reference, of which we keep no more than this.
func requestName(reference string) string {
	sum := sha256.Sum256([]byte(reference))
	return b64(sum[:16])
}

// newSharing enters a request that a client has just made.
func (p *Platform) newSharing(tx Tx, c *Client, ask *shareAsk, reference string, open time.Time) (*sharing, error) {
	s := &sharing{
		ID: random()[:22], Request: requestName(reference), Client: c.ID, Ask: *ask, State: sharePending, Made: p.now(), Open: open,
	}
	return s, p.keep(tx, s)
}

// dayMemory is how long the list of a day can be asked for.
const dayMemory = 100 * 24 * time.Hour

const unanswered = 48 * time.Hour

// without lists what was asked for and is not among the granted: whole documents, or
// the claims and predicates of one.
func (a *shareAsk) without(granted []shareDoc) (out []shareDoc) {
	for _, d := range a.Documents {
		got := findDoc(granted, d.Kind)
		if got == nil {
			out = append(out, shareDoc{Kind: d.Kind})
			continue
		}
		rest := shareDoc{Kind: d.Kind}
		for _, c := range d.Claims {
			if !has(got.Claims, c.Name) {
				rest.Claims = append(rest.Claims, c)
			}
		}
		for _, c := range d.Predicates {
			if !has(got.Predicates, c.Name) {
				rest.Predicates = append(rest.Predicates, c)
			}
		}
		if len(rest.Claims)+len(rest.Predicates) > 0 {
			out = append(out, rest)
		}
	}
	return out
}
