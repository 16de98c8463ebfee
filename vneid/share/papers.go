package share

import (
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// paperFacts is what a document says, and what is known of it.
type paperFacts struct {
	kind            document.Kind
	issuer          string
	state           string
	stateAt         time.Time
	source          string
	issued, expires time.Time
	status          sdjwt.Reference
	checked         time.Time // the moment that the status list speaks of; zero: nobody looked
	claims          jws.Object
	names           []string   // of the claims of its kind
	answers         []answerTo // the predicates
}

// answerTo is a predicate, by its text, and its answer.
type answerTo struct {
	text string
	yes  bool
}

// open are the claims that no request asks for: they are about the statement itself.
var open = []string{
	"iss", "sub", "aud", "iat", "nbf", "exp", "jti", "cnf", "vct", "vct#integrity", "status",
	wire.Transaction, wire.DocVerification, wire.DocPredicates,
}

// bare is a document without a key's proof.
func bare(doc string) string { return doc[:strings.LastIndexByte(doc, '~')+1] }

func (r *reading) readDocuments() error {
	for _, text := range r.text.documents {
		p, err := r.readDocument(text)
		if err != nil {
			return err
		}
		for _, other := range r.papers {
			if other.kind == p.kind && r.on("one of a kind") {
				return mismatch("the answer has two documents of one kind")
			}
		}
		r.papers = append(r.papers, p)
	}
	return nil
}

func (r *reading) readDocument(text string) (*paperFacts, error) {
	p := &paperFacts{}
	doc, err := r.documents.Read(text, sdjwt.Expect{
		Verify:   func(s sdjwt.Signed) error { return r.vouched(p, s) },
		Audience: r.Client, Nonce: r.want.Nonce, Now: r.now, Skew: r.Skew,
	})
	if err != nil {
		return nil, kind(err, "a document")
	}
	p.issuer, p.claims = doc.Issuer(), doc.Claims()
	var there bool
	if p.status, there, err = doc.Status(); err != nil || !there {
		return nil, malformed("a document does not say where its status stands")
	}
	if err := r.bound(p); err != nil {
		return nil, err
	}
	return p, p.read()
}

// vouched checks that an issuer may sign documents of this kind, and did.
func (r *reading) vouched(p *paperFacts, s sdjwt.Signed) error {
	name, ok := strings.CutPrefix(s.Kind, wire.DocTypePrefix)
	name, ok2 := strings.CutSuffix(name, wire.DocTypeSuffix)
	if !ok || !ok2 || name == "" {
		return malformed("a document is of a type that is not known")
	}
	p.kind = document.Kind(name)
	trust, known := r.Issuers[s.Issuer]
	switch {
	case !known:
		return fault.New(vneid.ErrUntrusted, "the issuer of a document is not among Verifier.Issuers")
	case !slices.Contains(trust.Kinds, p.kind) && r.on("kinds"):
		return fault.New(vneid.ErrUntrusted, "the issuer of a document may not sign its kind")
	case s.KeyID == "" && r.on("kid"):
		return malformed("a document names no key")
	}
	err := trust.Keys.Verify(r.ctx, vneid.Signed{
		Use: UseDocument, Issuer: s.Issuer, Alg: s.Alg, KeyID: s.KeyID, Input: s.Input, Signature: s.Signature,
	})
	if err != nil && r.on("document signature") {
		return from(err, "a document's key check")
	}
	return nil
}

// bound checks that a document was made for this client, transaction and person, and
// that it holds now.
func (r *reading) bound(p *paperFacts) error {
	c := &p.claims
	p.issued, p.expires = c.Time("iat"), c.Time("exp")
	nbf, aud := c.Time("nbf"), c.Raw("aud")
	sub, txn, audience := c.String("sub"), c.String(wire.Transaction), c.String("aud")
	if c.Err() != nil || p.issued.IsZero() || !p.expires.After(p.issued) || aud == "" || aud[0] != '"' {
		return malformed("a document lacks an open claim, or has one of another type")
	}
	switch {
	case audience != r.Client && r.on("document audience"):
		return mismatch("a document is for another party")
	case txn != r.txn && r.on("document txn"):
		return mismatch("a document belongs to another transaction")
	case sub != r.subject && r.on("document subject"):
		return mismatch("a document is about somebody else")
	}
	from := p.issued
	if nbf.After(from) {
		from = nbf
	}
	if err := r.lasts(from, p.expires); err != nil && r.on("document time") {
		return err
	}
	return nil
}

// read takes out of the claims what is the document's own.
func (p *paperFacts) read() error {
	v := p.claims.Object(wire.DocVerification)
	p.state, p.stateAt, p.source = v.String(wire.DocState), v.Time(wire.DocAt), v.String(wire.DocSource)
	if p.claims.Err() != nil || v.Err() != nil || p.state != wire.StateVerified && p.state != wire.StatePending && p.state != wire.StateUnverified {
		return malformed("a document does not say whether it was verified")
	}
	names := p.claims.Names()
	p.names = make([]string, 0, len(names))
	for _, name := range names {
		if !slices.Contains(open, name) {
			p.names = append(p.names, name)
		}
	}
	if p.claims.Has(wire.DocPredicates) {
		answers := p.claims.Object(wire.DocPredicates)
		for _, text := range answers.Names() {
			p.answers = append(p.answers, answerTo{text, answers.Bool(text)})
		}
		if p.claims.Err() != nil || answers.Err() != nil {
			return malformed("a document answers a question with neither yes nor no")
		}
	}
	return nil
}
