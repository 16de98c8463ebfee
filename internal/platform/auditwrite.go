package platform

import (
	"crypto/sha256"

	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
)

// What entries say besides who, about whom and when. None of it is a personal number or
// a value of anybody's document.

type auditAccount struct {
	Type  string `json:"type,omitempty"`
	Level int    `json:"level"`
}

type auditLocks struct {
	EID     bool `json:"eid"`
	Account bool `json:"account"`
}

type auditStaff struct {
	ID   string `json:"staff"`
	Role Role   `json:"role,omitempty"`
	Unit string `json:"unit,omitempty"`
}

type auditPaper struct {
	Kind   string       `json:"kind"`
	Status sdjwt.Status `json:"status"`
}

type auditTicketStep struct {
	Ticket string `json:"ticket"`
	Kind   string `json:"kind"`
	State  string `json:"state"`
}

type auditShare struct {
	Grant   string              `json:"grant"`
	State   string              `json:"state"`
	Purpose string              `json:"purpose"`
	Granted map[string][]string `json:"granted,omitempty"`
	Agreed  []auditApproval     `json:"agreed,omitempty"` // who agreed so far, a representative too
}

type auditApproval struct {
	By  string `json:"by"`
	Who string `json:"who"`
}

// auditUse is a history entry's twin. It holds all that the history says, so that an
// entry taken out of the history is found out.
type auditUse struct {
	Key  string `json:"key"` // of the history entry
	Read Read   `json:"read"`
}

// recordLocks writes down a change of the locks; none is none.
func (p *Platform) recordLocks(tx Tx, a *Account, l Locks, actor string) error {
	if l.EID == a.EIDLocked && l.Account == a.AccountLocked {
		return nil
	}
	kind := auditUnlocked
	if l.EID && !a.EIDLocked || l.Account && !a.AccountLocked {
		kind = auditLocked
	}
	return p.record(tx, entry{Kind: kind, Actor: actor, Account: a.ID, Body: auditLocks(l)})
}

// recordClient writes down a registration, by the hash of what it says: its secrets are
// hashed or encrypted in it.
func (p *Platform) recordClient(tx Tx, c Client, actor string) error {
	b, err := tx.Get(tableClients, c.ID)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	return p.record(tx, entry{Kind: auditClientRegistered, Actor: actor, Client: c.ID, Body: map[string]string{"name": c.Name, "class": string(c.Class), "registration": b64(sum[:])}})
}

// recordShare writes down what somebody decided about a data request. That it was
// fetched stands in the history entry's twin.
func (p *Platform) recordShare(tx Tx, s *sharing) error {
	e := entry{Kind: auditConsent, Actor: actorCitizen, Account: s.Account, Client: s.Client}
	said := auditShare{Grant: s.ID, State: string(s.State), Purpose: s.Ask.Purpose}
	for _, a := range s.Approvals {
		said.Agreed = append(said.Agreed, auditApproval{a.By, a.Account})
	}
	switch s.State {
	case sharePending: // for whom somebody else has to agree
	case shareApproved, sharePartial, shareDenied:
		said.Granted = map[string][]string{}
		for _, d := range s.Granted {
			said.Granted[string(d.Kind)] = d.names()
		}
	case shareWithdrawn:
		e.Kind = auditWithdrawn
	case shareGivenUp:
		e.Kind, e.Actor = auditWithdrawn, actorClient
	default:
		return nil
	}
	e.Body = said
	return p.record(tx, e)
}
