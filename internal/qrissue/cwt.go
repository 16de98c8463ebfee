package qrissue

import (
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/cbor"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

var errDigits = errors.New("qrissue: a number of the citizen has other characters than digits")

// claimMap collects the entries of a CBOR map; nothing is added for absent values.
type claimMap struct {
	pairs []cbor.Pair
	err   error
}

func (m *claimMap) add(label int64, value []byte) {
	m.pairs = append(m.pairs, cbor.Pair{Key: cbor.AppendInt(nil, label), Value: value})
}

func (m *claimMap) text(label int64, s string) {
	if s != "" {
		m.add(label, cbor.AppendText(nil, s))
	}
}

func (m *claimMap) uint(label int64, n uint64) {
	if n != 0 {
		m.add(label, cbor.AppendUint(nil, n))
	}
}

func (m *claimMap) digits(label int64, s string) {
	if s != "" {
		m.add(label, m.packed(nil, s))
	}
}

func (m *claimMap) packed(b []byte, s string) []byte {
	n, ok := wire.PackDigits(s)
	if !ok {
		m.err = errDigits
	}
	return cbor.AppendUint(b, n)
}

func (m *claimMap) date(label int64, d vneid.Date) {
	if !d.IsZero() {
		m.uint(label, wire.PackDate(d))
	}
}

func (m *claimMap) place(label int64, a vneid.Address) {
	if a.AsOf.IsZero() {
		m.text(label, a.Text)
		return
	}
	b := cbor.AppendText(cbor.AppendArray(nil, 2), a.Text)
	m.add(label, cbor.AppendUint(b, wire.PackDate(a.AsOf)))
}

// cwt writes the claims of a VN1 code.
func cwt(c Claims) ([]byte, error) {
	var top, code claimMap
	top.text(wire.LabelIssuer, c.Issuer)
	top.text(wire.LabelAudience, c.Audience)
	top.add(wire.LabelExpires, cbor.AppendInt(nil, c.Expires.Unix()))
	top.add(wire.LabelIssued, cbor.AppendInt(nil, c.Issued.Unix()))
	top.add(wire.LabelID, cbor.AppendBytes(nil, c.id()))
	top.text(wire.LabelNonce, c.Nonce)

	code.uint(wire.LabelKind, uint64(c.Kind))
	code.uint(wire.LabelLevel, uint64(c.Level))
	code.uint(wire.LabelHolder, uint64(c.Holder))
	if c.StatusURI != "" {
		b := cbor.AppendText(cbor.AppendArray(nil, 2), c.StatusURI)
		code.add(wire.LabelStatus, cbor.AppendUint(b, c.StatusIndex))
	}
	code.record(c.Citizen)
	if err := top.paper(c.Paper); err != nil {
		return nil, err
	}
	top.add(wire.LabelCode, cbor.AppendMap(nil, code.pairs))
	return cbor.AppendMap(nil, top.pairs), code.err
}

func (m *claimMap) record(r vneid.Record) {
	m.digits(wire.LabelCitizenID, r.ID)
	m.text(wire.LabelForeignerID, r.ForeignerID)
	m.digits(wire.LabelOldID, r.OldID)
	if len(r.FormerIDs) > 0 {
		b := cbor.AppendArray(nil, len(r.FormerIDs))
		for _, id := range r.FormerIDs {
			b = m.packed(b, id)
		}
		m.add(wire.LabelFormerIDs, b)
	}
	m.text(wire.LabelName, r.Name)
	m.date(wire.LabelBirth, r.Birth)
	switch r.Sex {
	case vneid.Male:
		m.uint(wire.LabelSex, 1)
	case vneid.Female:
		m.uint(wire.LabelSex, 2)
	}
	m.text(wire.LabelNationality, r.Nationality)
	m.place(wire.LabelOrigin, r.Origin)
	m.place(wire.LabelResidence, r.Residence)
	m.text(wire.LabelEthnicity, r.Ethnicity)
	m.text(wire.LabelReligion, r.Religion)
	m.date(wire.LabelCardIssued, r.CardIssued)
	m.date(wire.LabelCardExpires, r.CardExpires)
	m.text(wire.LabelCardIssuer, r.CardIssuer)
	m.text(wire.LabelFather, r.Father)
	m.text(wire.LabelMother, r.Mother)
}
