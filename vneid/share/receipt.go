package share

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Receipt is what was agreed to (biên nhận đồng ý), as the platform signed it for both
// sides. It names no person but by the pairwise subject, and is plain data: what proves
// something is its signed text in Evidence. The package comment lists where ISO/IEC TS
// 27560 and Kantara's Consent Receipt have the same.
type Receipt struct {
	ID, Record    string // of this receipt, and of the consent it is about
	Subject       string
	Purpose       Purpose
	Basis         Basis
	RetentionDays int
	Store         bool
	Periodic      bool
	Granted       []Part
	Issued        time.Time
	Start, End    time.Time // between which data may be fetched; End is zero for a single answer
	Withdraw      string    // URL of the page where the citizen withdraws
	Approvals     []Approval

	// LogPosition and LogHead are where the platform's audit log stood, this answer in
	// it: a number and a hash (base64url). Whoever keeps receipts can have the platform
	// show that its log still has that place, and with it everything before. Zero and
	// empty when the receipt does not say.
	LogPosition int64
	LogHead     string
}

// readReceipt checks the receipt and that it tells of the same consent as the envelope.
func (r *reading) readReceipt() error {
	token, err := r.receipts.Parse(r.text.receipt)
	if err != nil {
		return kind(err, "the receipt")
	}
	defer token.Free()
	c, err := token.Claims()
	if err != nil {
		return kind(err, "the receipt")
	}
	if err := r.signature(&token, UseReceipt, c.String("iss"), "receipt"); err != nil {
		return err
	}
	purpose, err := onlyPurpose(&c)
	if err != nil {
		return err
	}
	if r.receipt, err = parseReceipt(&c, purpose); err != nil {
		return err
	}
	return r.sameConsent(&c, purpose)
}

func onlyPurpose(c *jws.Object) (*jws.Object, error) {
	list := c.Objects(wire.ReceiptPurposes)
	if c.Err() != nil || len(list) != 1 || c.String(wire.ReceiptSchema) != wire.ReceiptVersion {
		return nil, malformed("the receipt is not of the known version with one purpose")
	}
	return &list[0], nil
}

func parseReceipt(c, p *jws.Object) (out Receipt, err error) {
	out = Receipt{
		ID: c.String("jti"), Record: c.String(wire.ReceiptRecord), Subject: c.String("sub"), Issued: c.Time("iat"),
		Purpose:       Purpose{p.String(wire.ReceiptPurpose), p.String(wire.PurposeVI), p.String(wire.PurposeEN)},
		Basis:         Basis{BasisKind(p.String(wire.ReceiptLawful)), p.String(wire.ReceiptCitation)},
		RetentionDays: int(p.Int(wire.ReceiptRetention)),
		Store:         p.String(wire.ReceiptProcessing) == wire.UseStore,
		Periodic:      p.String(wire.ReceiptMode) == wire.ModePeriodic,
		Start:         p.Time(wire.ReceiptStart), End: p.Time(wire.ReceiptEnd), Withdraw: p.String(wire.ReceiptWithdrawal),
	}
	for _, o := range p.Objects(wire.ReceiptInformation) {
		g := Part{document.Kind(o.String(wire.ReceiptType)), append(o.Strings(wire.ReceiptAttributes), o.Strings(wire.ReceiptPredicates)...)}
		if o.Err() != nil || g.Kind == "" {
			return Receipt{}, malformed("the receipt does not say what was agreed to")
		}
		out.Granted = append(out.Granted, g)
	}
	for _, o := range c.Objects(wire.ReceiptEvents) {
		a, given, ok := parseEvent(&o)
		if !ok {
			return Receipt{}, malformed("an event of the receipt is not a known one")
		}
		if given {
			out.Approvals = append(out.Approvals, a)
		}
	}
	log := c.Object(wire.ReceiptHistory)
	if out.LogPosition, out.LogHead, err = parseLog(&log); err != nil {
		return Receipt{}, err
	}
	use, mode := p.String(wire.ReceiptProcessing), p.String(wire.ReceiptMode)
	switch {
	case c.Err() != nil || p.Err() != nil || out.ID == "" || out.Record == "" || out.Issued.IsZero() || out.Start.IsZero():
		return Receipt{}, malformed("the receipt lacks a claim, or has one of another type")
	case use != wire.UseView && use != wire.UseStore, mode != wire.ModeOnce && mode != wire.ModePeriodic:
		return Receipt{}, malformed("the receipt does not say how the data is used")
	}
	return out, nil
}

// parseLog reads where the platform's log stood; an empty object says nothing.
func parseLog(o *jws.Object) (position int64, head string, err error) {
	if !o.Has(wire.ReceiptPosition) && !o.Has(wire.ReceiptHead) {
		return 0, "", nil
	}
	head = o.String(wire.ReceiptHead)
	n, err := strconv.ParseUint(o.String(wire.ReceiptPosition), 10, 63)
	hash, ok := jws.DecodeBase64(head)
	if o.Err() != nil || err != nil || n < 1 || !ok || len(hash) != sha256.Size {
		return 0, "", malformed("the receipt's place in the platform's log is not a number and a hash")
	}
	return int64(n), head, nil
}

// parseEvent reads one line of the receipt's history, and tells whether it is an
// approval.
func parseEvent(o *jws.Object) (a Approval, given, ok bool) {
	state := o.String(wire.ReceiptEventState)
	a = Approval{o.String(wire.ApprovalBy), o.String(wire.ApprovalRelate), o.Time(wire.ReceiptEventTime), o.String(wire.ApprovalAttest)}
	switch o.String(wire.ReceiptEventType) {
	case wire.ReceiptRequested, wire.ReceiptDelivered:
		ok = state == ""
	case wire.ReceiptDecided:
		given = state == wire.ReceiptGiven
		ok = given || state == wire.ReceiptRefused
	}
	return a, given, ok && o.Err() == nil && !a.At.IsZero()
}

// sameConsent compares the receipt with envelope and request, and holds it to the
// time in which data may be fetched.
func (r *reading) sameConsent(c, p *jws.Object) error {
	got, asked := &r.receipt, &r.want.Request
	basis := asked.Basis
	if basis.Kind == "" {
		basis.Kind = BasisConsent
	}
	for _, b := range [...]struct {
		check string
		same  bool
		text  string
	}{
		{"receipt audience", c.String("aud") == r.Client && p.String(wire.ReceiptController) == r.Client, "the receipt is for another party"},
		{"receipt subject", got.Subject == r.subject, "the receipt is about somebody else"},
		{"receipt txn", c.String(wire.Transaction) == r.txn && c.String(wire.Grant) == r.grant, "the receipt belongs to another transaction or grant"},
		{"receipt purpose", got.Purpose.Code == asked.Purpose.Code, "the receipt is for another purpose"},
		{"receipt basis", got.Basis == basis, "the receipt names another legal basis"},
		{"receipt use", got.RetentionDays == asked.RetentionDays && got.Store == asked.Store && got.Periodic == (asked.Periodic != nil), "the receipt is for another use of the data"},
		{"receipt approvals", slices.EqualFunc(got.Approvals, r.approvals, sameApproval), "receipt and envelope do not tell of the same approvals"},
	} {
		if !b.same && r.on(b.check) {
			return mismatch(b.text)
		}
	}
	if c.Err() != nil || p.Err() != nil {
		return malformed("a claim of the receipt is of another type")
	}
	if got.Issued.After(r.issued) && r.on("receipt time") {
		return mismatch("the receipt was made after the answer")
	}
	if err := r.lasts(got.Start, got.End); err != nil && r.on("consent time") {
		return err
	}
	return nil
}

func sameApproval(a, b Approval) bool {
	return a.By == b.By && a.Relation == b.Relation && a.Attested == b.Attested && a.At.Equal(b.At)
}

// agreed checks that the documents are those that the receipt says were agreed to:
// no document, claim or answer more, and none less.
func (r *reading) agreed() error {
	same := len(r.receipt.Granted) == len(r.papers)
	for i := 0; same && i < len(r.papers); i++ {
		g, p := r.receipt.Granted[i], r.papers[i]
		same = g.Kind == p.kind && len(g.Claims) == len(p.names)+len(p.answers)
		for n, name := range g.Claims {
			same = same && p.has(name) && !slices.Contains(g.Claims[:n], name)
		}
	}
	if !same && r.on("receipt categories") {
		return mismatch("the documents are not those that the receipt says were agreed to")
	}
	return nil
}
