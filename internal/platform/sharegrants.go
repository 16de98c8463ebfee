package platform

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Share is a data request as the person sees it afterwards: the receipt of what they
// agreed to, and what became of it.
type Share struct {
	Grant      string
	Client     string
	ClientName string
	State      string // approved, partial, delivered; denied, withdrawn, given-up, over, expired
	Terms      ShareView
	Granted    map[document.Kind][]string // what was agreed to of what there is: claims and predicates
	Decided    time.Time
	Fetches    int
	Last       time.Time // the last fetch
	Ended      time.Time
}

// Live reports whether the client may still fetch, so that there is something to
// withdraw.
func (s Share) Live() bool {
	return s.State == string(shareApproved) || s.State == string(sharePartial) || s.State == string(shareDelivered)
}

// Shares lists the data requests that a person answered, newest first.
func (p *Platform) Shares(ctx context.Context, account string, limit int) (out []Share, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out = nil
		ids, err := list[string](tx, tableSharesOf, account+"/", limit)
		for _, id := range ids {
			s, err := load[sharing](tx, tableSharings, id)
			if err != nil {
				return err
			}
			if s == nil {
				continue
			}
			c, err := load[Client](tx, tableClients, s.Client)
			if err != nil {
				return err
			}
			if c == nil {
				c = &Client{ID: s.Client, Name: s.Client}
			}
			out = append(out, p.shareOf(c, s))
		}
		return err
	})
	return out, err
}

func (p *Platform) shareOf(c *Client, s *sharing) Share {
	out := Share{
		Grant: s.ID, Client: c.ID, ClientName: c.Name, State: string(s.now(p.now())), Terms: *shareView(c, &s.Ask),
		Granted: map[document.Kind][]string{}, Decided: s.Decided, Fetches: s.Fetches, Last: s.Last, Ended: s.Ended,
	}
	for _, d := range s.Granted {
		out.Granted[d.Kind] = d.names()
	}
	return out
}

// ErrNoShare is returned for a grant that is not the person's, or has ended.
var ErrNoShare = errors.New("platform: no such grant, or it has ended")

// WithdrawShare takes a consent back (rút lại sự đồng ý), with immediate effect: no
// fetch that has not been let through passes any more, and the client is told. The
// caller has authenticated the account's owner.
func (p *Platform) WithdrawShare(ctx context.Context, account, id string) error {
	return p.store.Update(ctx, func(tx Tx) error {
		s, err := load[sharing](tx, tableSharings, id)
		if err != nil {
			return err
		}
		if s == nil || s.Account != account || !s.live() || p.now().After(s.until()) {
			return ErrNoShare
		}
		if _, err := p.relate(tx, s.Client, account); err != nil {
			return err
		}
		return errors.Join(p.move(tx, s, shareWithdrawn), p.tellOf(tx, account, s.Client, event{Name: wire.Withdrawn, Grant: id}))
	})
}

// handleGiveUp lets a client give a grant up (project format):
//
//	DELETE /share/v1/grants/{grant}   client authentication in the body
//
//	204 it has ended now, or had before; 404 for another client's, or none
func (p *Platform) handleGiveUp(w http.ResponseWriter, r *http.Request) {
	_, c, err := p.clientCall(w, r)
	if err == nil {
		err = p.giveUpShare(r.Context(), c.ID, r.PathValue("grant"))
	}
	if err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (p *Platform) giveUpShare(ctx context.Context, client, id string) error {
	return p.store.Update(ctx, func(tx Tx) error {
		s, err := load[sharing](tx, tableSharings, id)
		if err != nil {
			return err
		}
		if s == nil || s.Client != client && p.on("share-owner") {
			return refuse(http.StatusNotFound, "unknown_grant", "")
		}
		if !s.live() {
			return nil
		}
		return p.move(tx, s, shareGivenUp)
	})
}

// endShare gives a data request up whose tokens its client took back; "" is none.
func (p *Platform) endShare(tx Tx, id string) error {
	if id == "" {
		return nil
	}
	s, err := load[sharing](tx, tableSharings, id)
	if err != nil || s == nil || !s.live() {
		return err
	}
	return p.move(tx, s, shareGivenUp)
}

// SetPaperStatus says what an issuer's status list has about a person's document, of
// every copy that is out (thu hồi, tạm đình chỉ, khôi phục). Who has one is told when
// it is revoked or suspended.
func (p *Platform) SetPaperStatus(ctx context.Context, account string, kind document.Kind, to sdjwt.Status) error {
	return p.store.Update(ctx, func(tx Tx) error {
		key := account + "/" + string(kind)
		held, err := load[Paper](tx, tablePapers, key)
		if err != nil || held == nil {
			return errors.Join(err, errNoPaper)
		}
		held.Status = to
		if err := errors.Join(save(tx, tablePapers, key, held, time.Time{}),
			p.record(tx, entry{Kind: auditPaperChanged, Account: account, Body: auditPaper{string(kind), to}})); err != nil {
			return err
		}
		places, err := list[place](tx, tableIndices, key+"/", maxPlaces)
		for _, at := range places {
			err = errors.Join(err, p.setStatus(tx, account, kind, at, to))
		}
		return err
	})
}

// errNoPaper is for the lab's pages: nothing on the wire says it.
var errNoPaper = errors.New("platform: the person has no such document")

// maxPlaces is how many copies of one document are out at most.
const maxPlaces = 10_000

func (p *Platform) setStatus(tx Tx, account string, kind document.Kind, at place, to sdjwt.Status) error {
	err := p.enterStatus(tx, at, to, p.now().Add(documentLife))
	if err != nil || to == sdjwt.Valid {
		return err
	}
	return p.tellOf(tx, account, at.Client, event{Name: wire.DocumentRevoked, Kind: string(kind), URI: p.uri(at), Index: at.Index})
}
