package platform

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/qrissue"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Profile is the spelling of a signed QR code.
type Profile string

// The two profiles that package qr verifies.
const (
	VN1 Profile = "VN1" // "VN1:" and base45 of a COSE_Sign1
	JWS Profile = "JWS" // compact JWS
)

// CodeRequest says which code to issue.
type CodeRequest struct {
	Kind     qr.Kind
	Profile  Profile       // empty: VN1
	Document document.Kind // of a qr.Document: which

	// Audience and Nonce bind a one-time code to one verifier and one transaction.
	Audience, Nonce string

	// Life is how long the code lives. 0: the longest, 2 minutes for a one-time
	// code and 30 days for a card code.
	Life time.Duration

	Holder qr.Holder // what was proven of the one who asks
}

// Life of codes: the first is the bound of the format, the second a choice.
const (
	dynamicLife = 2 * time.Minute
	staticLife  = 30 * 24 * time.Hour
)

// issued is what redeeming needs to know of a code.
type issued struct {
	Account  string    `json:"account"`
	Audience string    `json:"audience,omitempty"`
	Level    int       `json:"level"`
	Until    time.Time `json:"until"`

	Winner string    `json:"winner,omitempty"` // the client that redeemed it
	Key    string    `json:"key,omitempty"`    // its idempotency key, hashed
	At     time.Time `json:"at,omitzero"`
}

// IssueCode issues a signed code for a person. A locked account gets none; a
// card code (mã QR căn cước) and a document's need account level 2 and an unlocked
// electronic identity card. A refusal is a *vneid.LockError or *vneid.LevelError, or
// what Present refuses with.
func (p *Platform) IssueCode(ctx context.Context, account string, q CodeRequest) (string, error) {
	claims, key, err := p.codeClaims(ctx, account, q)
	if err != nil {
		return "", fmt.Errorf("platform: %w", err)
	}
	for _, f := range p.faultsOf("") {
		if f.code != nil {
			if key, err = f.code(claims, key); err != nil {
				return "", fmt.Errorf("platform: %w", err)
			}
		}
	}
	switch q.Profile {
	case "", VN1:
		return qrissue.VN1(*claims, key.signer)
	case JWS:
		return qrissue.JWS(*claims, key.kid, key.signer)
	}
	return "", errors.New("platform: CodeRequest.Profile is neither VN1 nor JWS")
}

func (p *Platform) codeClaims(ctx context.Context, account string, q CodeRequest) (*qrissue.Claims, *signingKey, error) {
	life, err := q.life()
	if err != nil {
		return nil, nil, err
	}
	p.ring.fresh(ctx) // pages call this beside Handler
	key, err := p.qr.signer("EdDSA")
	if err != nil {
		return nil, nil, err
	}
	now := p.now()
	c := &qrissue.Claims{
		Kind: q.Kind, Issuer: p.cfg.Issuer, Issued: now, Expires: now.Add(life), ID: qrissue.NewID(),
		Holder: q.Holder, Audience: q.Audience, Nonce: q.Nonce,
	}
	return c, key, p.store.Update(ctx, func(tx Tx) error {
		a, err := load[Account](tx, tableAccounts, account)
		if err != nil {
			return err
		}
		if a == nil {
			return ErrNoHolder
		}
		if err := a.mayHold(q.Kind); err != nil && p.on("code-account") {
			return err
		}
		c.Level = a.Usable()
		switch q.Kind {
		case qr.Static:
			c.Citizen = a.Record
			return p.listed(tx, a.ID, c)
		case qr.Document:
			c.Paper, err = p.presented(tx, a.ID, q.Document)
		default:
			c.Citizen = shown(a.Record)
		}
		if err != nil {
			return err
		}
		rec := issued{Account: a.ID, Audience: q.Audience, Level: int(c.Level), Until: c.Expires}
		return save(tx, tableCodesIssued, p.mac("qr", b64(c.ID)), rec, c.Expires.Add(redeemMemory))
	})
}

func (q CodeRequest) life() (time.Duration, error) {
	most := dynamicLife
	switch {
	case q.Kind == qr.Static:
		most = staticLife
		if q.Audience != "" || q.Nonce != "" {
			return 0, errors.New("CodeRequest.Audience and Nonce are for one-time codes")
		}
	case q.Kind != qr.Dynamic && q.Kind != qr.Document:
		return 0, errors.New("CodeRequest.Kind is neither Dynamic, Static nor Document")
	}
	if (q.Kind == qr.Document) != (q.Document != "") {
		return 0, errors.New("CodeRequest.Document is for documents' codes, and needed there")
	}
	if q.Life < 0 || q.Life > most {
		return 0, errors.New("CodeRequest.Life is too long for the kind")
	}
	if q.Life == 0 {
		return most, nil
	}
	return q.Life, nil
}

// mayHold says why the account gets no code of the kind.
func (a Account) mayHold(kind qr.Kind) error {
	switch {
	case a.AccountLocked:
		return &vneid.LockError{Account: true, EID: a.EIDLocked}
	case kind != qr.Dynamic && a.EIDLocked:
		return &vneid.LockError{EID: true}
	case kind != qr.Dynamic && a.Level < 2:
		return &vneid.LevelError{Got: vneid.Assurance{Level: a.Level}, Want: vneid.Assurance{Level: 2}}
	case a.Level < 1:
		return &vneid.LevelError{Want: vneid.Assurance{Level: 1}}
	}
	return nil
}

// shown is what a dynamic code says, which is shown to more people than a card code:
// only who somebody is.
func shown(r vneid.Record) vneid.Record {
	return vneid.Record{
		ID: r.ID, ForeignerID: r.ForeignerID, Name: r.Name, Birth: r.Birth, Sex: r.Sex, Nationality: r.Nationality,
	}
}

// next counts up.
func next(tx Tx, counter string) (uint64, error) {
	n, err := counted(tx, counter)
	if err != nil {
		return 0, err
	}
	return n, tx.Put(tableCounters, counter, strconv.AppendUint(nil, n+1, 10), time.Time{})
}

// counted is how far it is.
func counted(tx Tx, counter string) (uint64, error) {
	b, err := tx.Get(tableCounters, counter)
	if err != nil || b == nil {
		return 0, err
	}
	n, err := strconv.ParseUint(string(b), 10, 64)
	if err != nil {
		return 0, errors.New("the store holds a damaged counter")
	}
	return n, nil
}
