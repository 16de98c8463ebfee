package share

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// envelope is what the platform says about an answer as a whole.
type envelope struct {
	subject, txn, grant, id string
	issued, expires         time.Time
	assurance               vneid.Assurance
	decision                string
	digests                 []string
	declined                []Part
	receiptDigest           string
	approvals               []Approval
	sequence                int64
	account                 string // "" where the platform does not say
}

// Part is a document, or some of what stands on one.
type Part struct {
	Kind   document.Kind
	Claims []string // names of claims, and texts of predicates
}

// Approval is one decision in favour of an answer (sự đồng ý).
type Approval struct {
	By       string    // self, guardian, child
	Relation string    // of a guardian, such as mother
	At       time.Time // when it was given
	Attested string    // who or what attests that the guardian is one
}

func (r *reading) readEnvelope() error {
	token, err := r.envelopes.Parse(r.text.envelope)
	if err != nil {
		return kind(err, "the envelope")
	}
	defer token.Free()
	c, err := token.Claims()
	if err != nil {
		return kind(err, "the envelope")
	}
	if err := r.signature(&token, UseEnvelope, c.String("iss"), "envelope"); err != nil {
		return err
	}
	e, err := parseEnvelope(&c)
	if err != nil {
		return err
	}
	r.envelope = e
	return r.addressed(&c)
}

func parseEnvelope(c *jws.Object) (e envelope, err error) {
	e = envelope{
		subject: c.String("sub"), txn: c.String(wire.Transaction), grant: c.String(wire.Grant), id: c.String("jti"),
		issued: c.Time("iat"), expires: c.Time("exp"),
		decision: c.String(wire.Decision), receiptDigest: c.String(wire.ReceiptDigest),
		digests: c.Strings(wire.Digests), sequence: c.Int(wire.Sequence), account: c.String(wire.AccountType),
	}
	var ok bool
	e.assurance.Level, e.assurance.Auth, ok = wire.ParseACR(c.String("acr"))
	e.assurance.At = c.Time("auth_time")
	for _, d := range c.Objects(wire.Declined) {
		e.declined = append(e.declined, Part{document.Kind(d.String(wire.DeclinedKind)), d.Strings(wire.DeclinedClaims)})
		if d.Err() != nil {
			return envelope{}, malformed("the envelope's declined is not a list of kinds and claims")
		}
	}
	if e.approvals, err = readApprovals(c.Objects(wire.Approvals)); err != nil {
		return envelope{}, err
	}
	life := e.expires.Sub(e.issued)
	switch {
	case c.Err() != nil || !ok || e.subject == "" || e.txn == "" || e.grant == "" || e.id == "" || len(c.Raw(wire.Digests)) < 2 || c.Raw(wire.Digests)[0] != '[':
		return envelope{}, malformed("the envelope lacks a claim, or has one of another type")
	case e.decision != wire.DecisionAll && e.decision != wire.DecisionPartial:
		return envelope{}, malformed("the envelope's decision is not a known one")
	case e.issued.IsZero() || life <= 0 || life > maxEnvelope:
		return envelope{}, malformed("the envelope's life is not five minutes or less")
	case e.assurance.At.IsZero() || e.assurance.At.After(e.issued) || e.sequence < 0 || c.Raw(wire.EIDLocked) == "":
		return envelope{}, malformed("the envelope's auth_time, seq or eid_locked is not what it should be")
	}
	return e, nil
}

func readApprovals(list []jws.Object) (out []Approval, err error) {
	for i := range list {
		o := &list[i]
		a := Approval{o.String(wire.ApprovalBy), o.String(wire.ApprovalRelate), o.Time(wire.ApprovalAt), o.String(wire.ApprovalAttest)}
		known := a.By == wire.ApprovalSelf || a.By == wire.ApprovalGuard || a.By == wire.ApprovalChild
		if o.Err() != nil || !known || a.At.IsZero() {
			return nil, malformed("an approval does not say who gave it and when")
		}
		out = append(out, a)
	}
	return out, nil
}

// addressed checks for whom and for what the envelope was made, when, and of which
// parts.
func (r *reading) addressed(c *jws.Object) error {
	e, nonce := &r.envelope, c.String("nonce")
	if c.Raw("aud") != "" && c.Raw("aud")[0] != '"' {
		return malformed("the envelope is for several parties")
	}
	for _, b := range [...]struct {
		check     string
		got, want string
		text      string
	}{
		{"audience", c.String("aud"), r.Client, "the envelope is for another party"},
		{"txn", e.txn, r.want.Txn, "the envelope belongs to another transaction"},
		{"grant", e.grant, r.want.Grant, "the envelope belongs to another grant"},
		{"nonce", nonce, r.want.Nonce, "the envelope answers another request"},
		{"subject", e.subject, either(r.want.Subject, e.subject), "somebody else answered"},
		{"subject", e.subject, either(r.want.Request.Subject, e.subject), "somebody else answered"},
	} {
		if b.got != b.want && r.on(b.check) {
			return mismatch(b.text)
		}
	}
	if err := r.lasts(e.issued, e.expires); err != nil && r.on("time") {
		return err
	}
	if c.Raw(wire.EIDLocked) != "false" && r.on("lock") {
		return &vneid.LockError{EID: true}
	}
	return r.complete()
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// complete checks that the parts are those that the envelope speaks of, in its order.
// A key's proof behind a document's last "~" is not under the digest.
func (r *reading) complete() error {
	altered := errAltered
	if len(r.digests) != len(r.text.documents) && r.on("digests") {
		return altered
	}
	h := hasher{Hash: sha256.New()}
	for i, doc := range r.text.documents {
		if r.on("digests") && !is(bare(doc), r.digests[i], &h) {
			return altered
		}
	}
	if !is(r.text.receipt, r.receiptDigest, &h) && r.on("receipt digest") {
		return fault.New(vneid.ErrSignature, "the envelope was made for another receipt")
	}
	return nil
}

var errAltered = fault.New(vneid.ErrSignature, "the envelope was made for other documents, or in another order")

// hasher hashes texts piece by piece, so that long ones are not copied whole.
type hasher struct {
	hash.Hash
	piece, sum [512]byte
}

// is reports whether the strict base64url digest is the SHA-256 of a text.
func is(text, digest string, h *hasher) bool {
	for h.Reset(); text != ""; {
		n := copy(h.piece[:], text)
		h.Write(h.piece[:n])
		text = text[n:]
	}
	want, ok := jws.AppendBase64(h.piece[:0], digest)
	return ok && bytes.Equal(h.Sum(h.sum[:0]), want)
}
