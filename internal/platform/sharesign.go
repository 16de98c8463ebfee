package platform

import (
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

const (
	envelopeLife = 5 * time.Minute
	documentLife = 30 * 24 * time.Hour
)

// shareSigned begins an object that the platform itself signs.
func (p *Platform) shareSigned(typ string, claims ...jws.Member) (*signed, error) {
	key, err := p.share.signer("ES256")
	if err != nil {
		return nil, err
	}
	return &signed{keys: p.share, key: key, meter: &p.meter, header: members{is("kid", key.kid), is("typ", typ)}, claims: claims}, nil
}

// envelope says what one answer consists of.
func (p *Platform) envelope(d *delivery, docs []string, receipt string) (string, error) {
	s := &d.sharing
	digests := make([]string, len(docs))
	for i, doc := range docs {
		digests[i] = digest(doc[:strings.LastIndexByte(doc, '~')+1])
	}
	approvals := make([]string, 0, len(s.Approvals))
	for _, a := range s.Approvals {
		text, err := jws.Encode(a.members()...)
		if err != nil {
			return "", err
		}
		approvals = append(approvals, string(text))
	}
	declined, err := declinedOf(s.Ask.without(d.granted))
	if err != nil {
		return "", err
	}
	t, err := p.shareSigned(wire.TypeEnvelope,
		is("iss", p.cfg.Issuer), is("aud", d.client.ID), is("sub", p.subject(&d.client, s.Account)), is(wire.Transaction, d.txn),
		is(wire.Grant, s.ID), is("jti", random()[:22]), is("nonce", d.nonce), is("iat", d.at), is("exp", d.at.Add(envelopeLife)),
		is("acr", wire.ACR(s.ACR.Level, s.ACR.Auth)), is("auth_time", s.At), is(wire.AccountType, d.account), is(wire.Decision, s.decision(d.granted)),
		is(wire.Digests, digests), is(wire.Declined, declined), is(wire.ReceiptDigest, digest(receipt)),
		is(wire.Approvals, rawArray(approvals)), is(wire.EIDLocked, false), is(wire.Sequence, d.seq))
	if err != nil {
		return "", err
	}
	for _, f := range p.faultsOf(d.client.ID) {
		if f.shareEnvelope != nil {
			f.shareEnvelope(t)
		}
	}
	return t.sign()
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return b64(sum[:])
}

func (a approved) members() members {
	out := members{is(wire.ApprovalBy, a.By)}
	if a.Relation != "" {
		out = append(out, is(wire.ApprovalRelate, a.Relation))
	}
	return append(out, is(wire.ApprovalAt, a.At), is(wire.ApprovalAttest, a.Attested))
}

// declinedOf lists what was declined or is not there, which nobody can tell apart.
func declinedOf(docs []shareDoc) (jws.Raw, error) {
	out := make([]string, 0, len(docs))
	for _, d := range docs {
		one := members{is(wire.DeclinedKind, string(d.Kind))}
		if names := d.names(); names != nil {
			one = append(one, is(wire.DeclinedClaims, names))
		}
		text, err := jws.Encode(one...)
		if err != nil {
			return "", err
		}
		out = append(out, string(text))
	}
	return rawArray(out), nil
}

// names are those of a document's claims, and the texts of its predicates.
func (d shareDoc) names() (out []string) {
	for _, c := range d.Claims {
		out = append(out, c.Name)
	}
	for _, c := range d.Predicates {
		out = append(out, c.Name)
	}
	return out
}

// issuing is a document about to be signed; faults change it.
type issuing struct {
	by     *docIssuer
	key    *signingKey
	claims members
	paths  []string            // of what is disclosed, as JSON Pointers
	text   func(string) string // edits the document with its disclosures
}

// document signs one document for one client and one fetch. All claims but those
// about the statement itself are selectively disclosable, and as many digests stand in
// it as the kind has claims: what the paper lacks leaves no trace.
func (p *Platform) document(d *delivery, i int) (string, error) {
	t, err := p.newDocument(d, i)
	if err != nil {
		return "", err
	}
	for _, f := range p.faultsOf(d.client.ID) {
		if f.document != nil {
			f.document(p, t)
		}
	}
	by := sdjwt.Issuer{Alg: t.key.alg, Signer: t.key.signer, KeyID: t.key.kid}
	issued, err := by.Issue(t.claims...)
	if err != nil {
		return "", err
	}
	text, err := issued.Show(t.paths...)
	if err == nil && t.text != nil {
		text = t.text(text)
	}
	return text, err
}

func (p *Platform) newDocument(d *delivery, i int) (*issuing, error) {
	out, doc := d.papers[i], d.granted[i]
	issuer := p.issuers[issuerOf(doc.Kind)]
	key, err := issuer.keys.signer("ES256")
	if err != nil {
		return nil, err
	}
	t := &issuing{by: issuer, key: key, claims: members{
		is("iss", issuer.url), is(wire.DocType, wire.DocTypePrefix+string(doc.Kind)+wire.DocTypeSuffix), is("aud", d.client.ID),
		is(wire.Transaction, d.txn), is("sub", p.subject(&d.client, d.sharing.Account)), is("iat", d.at), is("exp", d.at.Add(documentLife)),
		is("status", []jws.Member{is("status_list", []jws.Member{is("idx", out.place.Index), is("uri", p.uri(out.place))})}),
		is(wire.DocVerification, []jws.Member{is(wire.DocState, out.State), is(wire.DocAt, out.At), is(wire.DocSource, out.Source)}),
	}}
	content, err := jws.ParseObject(string(out.Claims))
	if err != nil {
		return nil, errors.New("the store holds a damaged paper")
	}
	for _, name := range content.Names() {
		t.claims = append(t.claims, is(name, sdjwt.Hidden{Value: jws.Raw(content.Raw(name))}))
	}
	for _, name := range paper.Claims(doc.Kind) {
		if !content.Has(name) { // a digest that is never disclosed
			t.claims = append(t.claims, is(name, sdjwt.Hidden{Value: ""}))
		}
	}
	for _, c := range doc.Claims {
		t.paths = append(t.paths, "/"+escaped(c.Name))
	}
	var answers []jws.Member
	for _, c := range doc.Predicates {
		answers = append(answers, is(c.Name, sdjwt.Hidden{Value: holds(c.Name, out.Paper, d.at)}))
		t.paths = append(t.paths, "/"+wire.DocPredicates+"/"+escaped(c.Name))
	}
	if answers != nil {
		t.claims = append(t.claims, is(wire.DocPredicates, answers))
	}
	return t, nil
}

// escaped writes a name as a JSON Pointer's token (RFC 6901 §3).
func escaped(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// holds answers a predicate: true only if it is for everything that the paper may mean.
func holds(text string, held Paper, now time.Time) bool {
	asked, ok := document.ParsePredicate(text)
	content, err := paper.Parse(held.Kind, held.Claims)
	day := now.In(vietnam)
	today, err2 := vneid.NewDate(day.Year(), day.Month(), day.Day())
	return ok && err == nil && err2 == nil && paper.Holds(asked, content, today)
}
