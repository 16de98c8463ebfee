package platform

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// Paper is a document about a person as a register holds it.
type Paper struct {
	Kind   document.Kind   `json:"kind"`
	Claims json.RawMessage `json:"claims"` // an object with the claims of the kind

	State  string    `json:"state"` // verified (đã được xác thực), pending, unverified
	At     time.Time `json:"at"`    // when it was put into that state
	Source string    `json:"source"`

	Status sdjwt.Status `json:"status,omitempty"` // as its issuer's status list says
}

// SetPaper enters or replaces a person's document.
func (p *Platform) SetPaper(ctx context.Context, account string, held Paper) error {
	if issuerOf(held.Kind) == "" {
		return errors.New("platform: no issuer here signs documents of that kind")
	}
	if _, err := paper.Parse(held.Kind, held.Claims); err != nil {
		return errors.New("platform: Paper.Claims is no such document")
	}
	return p.store.Update(ctx, func(tx Tx) error {
		return errors.Join(save(tx, tablePapers, account+"/"+string(held.Kind), held, time.Time{}),
			p.record(tx, entry{Kind: auditPaperChanged, Account: account, Body: auditPaper{string(held.Kind), held.Status}}))
	})
}

// Papers lists a person's documents.
func (p *Platform) Papers(ctx context.Context, account string) (out []Paper, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out, err = list[Paper](tx, tablePapers, account+"/", 100)
		return err
	})
	return out, err
}

// there takes out of what somebody agreed to what does not exist: documents that the
// registers do not hold, claims that are not on them. A document that lacks something
// essential goes as a whole. All of it reads like declined.
func (p *Platform) there(tx Tx, account string, chosen []shareDoc) (out []shareDoc, err error) {
	for _, d := range chosen {
		held, err := load[Paper](tx, tablePapers, account+"/"+string(d.Kind))
		if err != nil {
			return nil, err
		}
		if held == nil {
			continue
		}
		if got, whole := held.holds(d); whole {
			out = append(out, got)
		}
	}
	return out, nil
}

// holds narrows a document's request to the claims that the paper has.
func (held *Paper) holds(d shareDoc) (got shareDoc, whole bool) {
	claims, err := jws.ParseObject(string(held.Claims))
	if err != nil {
		return d, false
	}
	got = d
	got.Claims = nil
	for _, c := range d.Claims {
		if claims.Has(c.Name) {
			got.Claims = append(got.Claims, c)
		} else if c.Essential {
			return got, false
		}
	}
	return got, len(got.Claims)+len(got.Predicates) > 0
}

func findDoc(docs []shareDoc, kind document.Kind) *shareDoc {
	for i := range docs {
		if docs[i].Kind == kind {
			return &docs[i]
		}
	}
	return nil
}
