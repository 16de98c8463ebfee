package platform

import (
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// receipt is the consent record that both sides keep (biên nhận đồng ý), in the names
// of ISO/IEC TS 27560: see wire/receipt.go. Each fetch has its own, of one record.
func (p *Platform) receipt(d *delivery) (string, error) {
	s := &d.sharing
	purpose, err := p.receiptPurpose(d)
	if err != nil {
		return "", err
	}
	events, err := s.events(d.at)
	if err != nil {
		return "", err
	}
	t, err := p.shareSigned(wire.TypeReceipt,
		is("iss", p.cfg.Issuer), is("aud", d.client.ID), is("sub", p.subject(&d.client, s.Account)), is("jti", random()[:22]),
		is("iat", d.at), is(wire.Transaction, d.txn), is(wire.Grant, s.ID), is(wire.ReceiptSchema, wire.ReceiptVersion),
		is(wire.ReceiptRecord, s.ID), is(wire.ReceiptPurposes, rawArray([]string{purpose})), is(wire.ReceiptEvents, events),
		is(wire.ReceiptHistory, []jws.Member{is(wire.ReceiptPosition, auditKey(d.log.Seq)), is(wire.ReceiptHead, d.log.Hash.String())}))
	if err != nil {
		return "", err
	}
	for _, f := range p.faultsOf(d.client.ID) {
		if f.receipt != nil {
			f.receipt(t)
		}
	}
	return t.sign()
}

func (p *Platform) receiptPurpose(d *delivery) (string, error) {
	s, ask := &d.sharing, &d.sharing.Ask
	categories := make([]string, 0, len(d.granted))
	for _, doc := range d.granted {
		one := members{is(wire.ReceiptType, string(doc.Kind)), is(wire.ReceiptAttributes, itemNames(doc.Claims))}
		if doc.Predicates != nil {
			one = append(one, is(wire.ReceiptPredicates, itemNames(doc.Predicates)))
		}
		text, err := jws.Encode(one...)
		if err != nil {
			return "", err
		}
		categories = append(categories, string(text))
	}
	vi, en := ask.words(&d.client)
	m := members{is(wire.ReceiptPurpose, ask.Purpose), is(wire.PurposeVI, vi), is(wire.PurposeEN, en), is(wire.ReceiptLawful, ask.Basis)}
	if ask.Citation != "" {
		m = append(m, is(wire.ReceiptCitation, ask.Citation))
	}
	m = append(m,
		is(wire.ReceiptInformation, rawArray(categories)), is(wire.ReceiptProcessing, ask.use()), is(wire.ReceiptRetention, ask.Retention),
		is(wire.ReceiptMode, ask.mode()), is(wire.ReceiptStart, s.Decided),
		is(wire.ReceiptController, d.client.ID), is(wire.ReceiptWithdrawal, p.cfg.Issuer+pathConsents), is(wire.ReceiptLanguage, "vi"))
	if ask.Periodic {
		m = append(m, is(wire.ReceiptEnd, s.until()))
	}
	text, err := jws.Encode(m...)
	return string(text), err
}

// pathConsents is the page where a citizen sees and withdraws what they agreed to. The
// program that draws pages serves it.
const pathConsents = "/me/shares"

func itemNames(items []shareItem) []string {
	out := make([]string, len(items))
	for i := range items {
		out[i] = items[i].Name
	}
	return out
}

func (a *shareAsk) mode() string {
	if a.Periodic {
		return wire.ModePeriodic
	}
	return wire.ModeOnce
}

func (a *shareAsk) use() string {
	if a.Store {
		return wire.UseStore
	}
	return wire.UseView
}

// events is what happened, oldest first.
func (s *sharing) events(now time.Time) (jws.Raw, error) {
	all := []members{{is(wire.ReceiptEventType, wire.ReceiptRequested), is(wire.ReceiptEventTime, s.Made)}}
	for _, a := range s.Approvals {
		one := members{is(wire.ReceiptEventType, wire.ReceiptDecided), is(wire.ReceiptEventState, wire.ReceiptGiven), is(wire.ReceiptEventTime, a.At), is(wire.ApprovalBy, a.By)}
		if a.Relation != "" {
			one = append(one, is(wire.ApprovalRelate, a.Relation))
		}
		all = append(all, append(one, is(wire.ApprovalAttest, a.Attested)))
	}
	all = append(all, members{is(wire.ReceiptEventType, wire.ReceiptDelivered), is(wire.ReceiptEventTime, now)})
	out := make([]string, len(all))
	for i, m := range all {
		text, err := jws.Encode(m...)
		if err != nil {
			return "", err
		}
		out[i] = string(text)
	}
	return rawArray(out), nil
}
