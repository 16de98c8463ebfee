package qr

import (
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/base45"
	"github.com/vneid-sdk/vneid-go/internal/cbor"
	"github.com/vneid-sdk/vneid-go/internal/cose"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// readVN1 reads what follows "VN1:". It verifies nothing.
func readVN1(body string) (*details, vneid.Signed, error) {
	if base45.DecodedLen(len(body)) > cose.MaxSize {
		return nil, vneid.Signed{}, malformed("the code is too long")
	}
	raw, err := base45.AppendDecode(make([]byte, 0, base45.DecodedLen(len(body))), body)
	if err != nil {
		return nil, vneid.Signed{}, malformed(err.Error())
	}
	msg, err := cose.Parse(raw, wire.TypeVN1, wire.AAD)
	if err != nil {
		kind := vneid.ErrMalformed
		if errors.Is(err, cose.ErrAlgorithm) {
			kind = vneid.ErrUntrusted
		}
		return nil, vneid.Signed{}, fault.New(kind, "%s", err.Error())
	}
	d := &details{labels: msg.Payload}
	if !d.readTop(msg.Payload) {
		return nil, vneid.Signed{}, malformed("a claim of the code has the wrong form")
	}
	if err := d.complete(); err != nil {
		return nil, vneid.Signed{}, err
	}
	return d, vneid.Signed{
		Use: vneid.UseQR, Issuer: d.issuer, Alg: msg.Alg, KeyID: msg.KeyID, COSE: true, Input: msg.Input, Signature: msg.Signature,
	}, nil
}

// readTop reads the claims set. It answers false when a known claim has a form
// of its own; unknown claims are stepped over.
func (d *details) readTop(v cbor.Value) bool {
	items, ok := v.Map()
	for ok && items.Len() > 0 {
		label, known := items.Next().Int()
		value := items.Next()
		if !known {
			continue
		}
		switch label {
		case wire.LabelIssuer:
			d.issuer, ok = plain(value.Text())
		case wire.LabelAudience:
			d.audience, ok = plain(value.Text())
		case wire.LabelNonce:
			d.nonce, ok = plain(value.Text())
		case wire.LabelID:
			d.id, ok = value.Bytes()
			ok = ok && len(d.id) == wire.IDLen
		case wire.LabelIssued:
			d.issued, ok = cborTime(value)
		case wire.LabelExpires:
			d.expires, ok = cborTime(value)
		case wire.LabelCode:
			ok = d.readCode(value)
		case wire.LabelDocument:
			d.carried, ok = cborCarried(value)
		}
	}
	return ok
}

// readCode reads the map of this project's claims.
func (d *details) readCode(v cbor.Value) bool {
	items, ok := v.Map()
	for ok && items.Len() > 0 {
		label, known := items.Next().Int()
		value := items.Next()
		if !known {
			continue
		}
		var n uint64
		switch label {
		case wire.LabelKind:
			n, ok = small(value)
			d.kind = Kind(n)
		case wire.LabelLevel:
			n, ok = small(value)
			d.level = vneid.Level(n)
		case wire.LabelHolder:
			n, ok = small(value)
			d.holder = Holder(n)
		case wire.LabelStatus:
			d.statusURI, d.statusIndex, ok = cborStatus(value)
		default:
			ok = readPerson(&d.record, label, value)
		}
	}
	return ok
}

// readPerson reads the claims about the person.
func readPerson(r *vneid.Record, label int64, value cbor.Value) (ok bool) {
	switch label {
	case wire.LabelCitizenID:
		r.ID, ok = cborDigits(value)
		return ok && len(r.ID) == 12
	case wire.LabelForeignerID:
		r.ForeignerID, ok = words(value.Text())
	case wire.LabelOldID:
		r.OldID, ok = cborDigits(value)
		return ok && isDigits(r.OldID, 9, 12)
	case wire.LabelFormerIDs:
		r.FormerIDs, ok = cborNumbers(value)
	case wire.LabelName:
		r.Name, ok = words(value.Text())
	case wire.LabelBirth:
		r.Birth, ok = cborDate(value)
		return ok && !r.Birth.IsForever()
	case wire.LabelSex:
		r.Sex, ok = cborSex(value)
	case wire.LabelOrigin:
		r.Origin, ok = cborPlace(value)
	case wire.LabelResidence:
		r.Residence, ok = cborPlace(value)
	case wire.LabelCardIssued:
		r.CardIssued, ok = cborDate(value)
		return ok && !r.CardIssued.IsForever()
	case wire.LabelCardExpires:
		r.CardExpires, ok = cborDate(value)
	default:
		return readWord(r, label, value)
	}
	return ok
}

// readWord reads the claims that are plain text, and steps over unknown ones.
func readWord(r *vneid.Record, label int64, value cbor.Value) (ok bool) {
	switch label {
	case wire.LabelNationality:
		r.Nationality, ok = words(value.Text())
		return ok && isAlpha3(r.Nationality)
	case wire.LabelEthnicity:
		r.Ethnicity, ok = words(value.Text())
	case wire.LabelReligion:
		r.Religion, ok = words(value.Text())
	case wire.LabelCardIssuer:
		r.CardIssuer, ok = words(value.Text())
	case wire.LabelFather:
		r.Father, ok = words(value.Text())
	case wire.LabelMother:
		r.Mother, ok = words(value.Text())
	default:
		return true
	}
	return ok
}
