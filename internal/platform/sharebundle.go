package platform

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/audit"
	"github.com/vneid-sdk/vneid-go/internal/jwe"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// delivery is one fetch that was let through: everything to sign, as it was in the
// transaction that wrote it into the person's history.
type delivery struct {
	client  Client
	sharing sharing
	txn     string
	at      time.Time
	seq     int64
	nonce   string
	account string     // its type
	log     audit.Head // where the audit log stood, this fetch in it
	granted []shareDoc
	papers  []outgoing // one for each of granted
}

// outgoing is a paper on its way out, with the place of its status.
type outgoing struct {
	Paper
	place place
}

// handleBundle gives the documents of a data request out (project format):
//
//	GET /share/v1/bundle   DPoP, with the access token of the request's grant
//
//	200 application/vneid-bundle+json, or application/jose for a client with an
//	    encryption key
//	401 invalid_token: unknown, over, of another key, or it has brought its bundle
//	403 eid_locked, account_locked, consent_withdrawn, unauthorized_client (the
//	    purpose is no longer registered as it was agreed to),
//	    unmet_authentication_requirements
//	429 slow_down: a periodic request was fetched less than its days ago
func (p *Platform) handleBundle(w http.ResponseWriter, r *http.Request) {
	key, c, err := p.admitShare(w, r)
	if err != nil {
		challengeToken(w, err)
		return
	}
	if p.breakCall(w, r, c.ID) {
		return
	}
	d, err := p.deliverShare(r.Context(), key)
	if err != nil {
		challengeToken(w, err)
		return
	}
	body, kind, err := p.bundle(d)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	// Only a broken connection fails here.
	_, _ = w.Write(body)
}

// admitShare looks at the access token and its proof before anything is counted as
// read. A data request's tokens are always bound.
func (p *Platform) admitShare(w http.ResponseWriter, r *http.Request) (key string, c *Client, err error) {
	access, bound, ok := presented(r)
	if !ok {
		return "", nil, errNoToken
	}
	if !bound && p.on("share-scheme") {
		return "", nil, errInvalidToken
	}
	key = p.mac("token", access)
	var t *token
	err = p.store.View(r.Context(), func(tx Tx) (err error) {
		var g *grant
		if t, g, err = p.shareToken(tx, key); err != nil {
			return err
		}
		if c, err = load[Client](tx, tableClients, g.Client); err == nil && c == nil {
			err = errInvalidToken
		}
		return err
	})
	if err != nil || !bound {
		return key, c, err
	}
	jkt, err := p.proof(w, r, c, access)
	var e *oauthError
	switch {
	case errors.As(err, &e):
		return "", nil, &challenged{*e, "DPoP"}
	case err != nil:
		return "", nil, err
	case jkt != t.JKT && p.on("share-key"):
		return "", nil, &challenged{*(errInvalidToken.(*oauthError)), "DPoP"}
	}
	return key, c, nil
}

// shareToken returns a live token for one fetch, and its grant.
func (p *Platform) shareToken(tx Tx, key string) (*token, *grant, error) {
	t, err := load[token](tx, tableTokens, key)
	if err != nil {
		return nil, nil, err
	}
	if t == nil || t.Txn == "" || !p.now().Before(t.Until) && p.on("share-time") {
		return nil, nil, errInvalidToken
	}
	g, err := load[grant](tx, tableGrants, t.Grant)
	if err == nil && (g == nil || g.Share == "") {
		err = errInvalidToken
	}
	return t, g, err
}

// deliverShare lets one fetch through: in one transaction it asks again whether it
// may, spends the token, counts the fetch, and writes it into the person's history.
func (p *Platform) deliverShare(ctx context.Context, key string) (d *delivery, err error) {
	var refusal error
	err = p.store.Update(ctx, func(tx Tx) error {
		d = nil
		t, g, err := p.shareToken(tx, key)
		if err != nil {
			return err
		}
		s, err := load[sharing](tx, tableSharings, g.Share)
		if err != nil || s == nil {
			return errors.Join(err, errInvalidToken)
		}
		if refusal, err = p.mayShare(tx, s); refusal != nil || err != nil {
			return err
		}
		if p.on("share-once") {
			if err := tx.Delete(tableTokens, key); err != nil {
				return err
			}
		}
		d, err = p.deliverNow(tx, t, g, s)
		return err
	})
	return d, errors.Join(err, refusal)
}

func (p *Platform) deliverNow(tx Tx, t *token, g *grant, s *sharing) (*delivery, error) {
	c, err := load[Client](tx, tableClients, s.Client)
	if err != nil || c == nil {
		return nil, errors.Join(err, errInvalidToken)
	}
	now := p.now()
	seq, err := p.relate(tx, c.ID, s.Account)
	if err != nil {
		return nil, err
	}
	d := &delivery{client: *c, txn: t.Txn, at: now, seq: seq, nonce: g.Nonce, account: g.Type}
	// What the registers hold may have changed since the person agreed.
	if d.granted, err = p.there(tx, s.Account, s.Granted); err != nil {
		return nil, err
	}
	for _, doc := range d.granted {
		held, err := load[Paper](tx, tablePapers, s.Account+"/"+string(doc.Kind))
		if err != nil || held == nil {
			return nil, errors.Join(err, errInvalidToken)
		}
		at, err := p.newPlace(tx, c.ID, s.Account, held, now.Add(documentLife))
		if err != nil {
			return nil, err
		}
		d.papers = append(d.papers, outgoing{*held, at})
	}
	s.Fetches++
	s.Last, s.Txn = now, t.Txn
	d.sharing = *s
	if err := errors.Join(p.move(tx, s, shareDelivered), p.writeShare(tx, *c, s, d.granted, t.Txn)); err != nil {
		return nil, err
	}
	d.log, err = auditHead(tx)
	return d, err
}

// bundled is a bundle about to go out; faults change it.
type bundled struct {
	envelope, receipt string
	docs              []string
	to                *jwx.Key // nil: in the clear
}

// bundle signs a delivery, and encrypts it for a client with a key for that.
func (p *Platform) bundle(d *delivery) (body []byte, kind string, err error) {
	for _, f := range p.faultsOf(d.client.ID) {
		if f.delivery != nil {
			f.delivery(d)
		}
	}
	b := &bundled{docs: make([]string, len(d.papers))}
	for i := range d.papers {
		if b.docs[i], err = p.document(d, i); err != nil {
			return nil, "", err
		}
	}
	b.docs = p.swapped(d, b.docs)
	if b.receipt, err = p.receipt(d); err != nil {
		return nil, "", err
	}
	if b.envelope, err = p.envelope(d, b.docs, b.receipt); err != nil {
		return nil, "", err
	}
	if b.to, err = d.client.recipient(); err != nil {
		return nil, "", err
	}
	for _, f := range p.faultsOf(d.client.ID) {
		if f.bundle != nil {
			f.bundle(b)
		}
	}
	body, err = jws.Encode(is(wire.BundleEnvelope, b.envelope), is(wire.BundleReceipt, b.receipt), is(wire.BundleDocuments, b.docs))
	if err != nil || b.to == nil {
		return body, wire.MediaBundle, err
	}
	text, err := jwe.Seal(body, wire.TypeBundle, jwe.Recipient{Public: b.to.Public, ID: b.to.ID})
	return []byte(text), wire.MediaJOSE, err
}

func (p *Platform) shareRoutes() []route {
	open := func(h http.HandlerFunc) http.Handler { return h }
	return []route{
		{"GET " + wire.PathShareJWKS, p.handleJWKS(p.share)},
		{"GET " + wire.PathBundle, open(p.handleBundle)},
		{"DELETE " + wire.PathGrants + "{grant}", open(p.handleGiveUp)},
		{"POST " + wire.PathEvents, open(p.handleEvents)},
		{"GET " + wire.PathReconciliation, open(p.handleReconciliation)},
		{"GET " + wire.PathIssuers + "{issuer}" + wire.IssuerJWKS, open(p.handleIssuerJWKS)},
		{"GET " + wire.PathIssuers + "{issuer}" + wire.IssuerStatus + "{list}", open(p.handleStatus)},
	}
}
