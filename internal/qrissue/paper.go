package qrissue

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/cbor"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// Paper is the document that a code of the kind qr.Document presents.
type Paper struct {
	Kind  document.Kind
	State string // one of wire.DocumentStates
	// Claims is a JSON object with the names of vneid/document/paper. A code takes of
	// it what an inspection needs, and leaves the rest.
	Claims []byte
}

var errPaper = errors.New("qrissue: the document cannot be written in a code")

// each calls put with the claims of the document that codes carry, in their order.
func (p *Paper) each(put func(c wire.DocumentClaim, value any)) (wire.DocumentRule, error) {
	rule, ok := wire.DocumentByKind(string(p.Kind))
	var given map[string]json.RawMessage
	if !ok || json.Unmarshal(p.Claims, &given) != nil {
		return rule, errPaper
	}
	for _, c := range rule.Claims {
		raw, there := given[c.Name]
		if !there {
			continue
		}
		value, err := decode(c.Form, raw)
		if err != nil {
			return rule, errPaper
		}
		put(c, value)
	}
	return rule, nil
}

func decode(form wire.Form, raw json.RawMessage) (any, error) {
	switch form {
	case wire.FormDate:
		return into[vneid.Date](raw)
	case wire.FormClasses:
		return into[[]paper.HeldClass](raw)
	case wire.FormCount:
		return into[uint16](raw)
	}
	return into[string](raw)
}

func into[T any](raw json.RawMessage) (any, error) {
	var v T
	err := json.Unmarshal(raw, &v)
	return v, err
}

// paper writes the map of a VN1 code.
func (m *claimMap) paper(p *Paper) error {
	if p == nil {
		return nil
	}
	var inner claimMap
	rule, err := p.each(func(c wire.DocumentClaim, value any) {
		switch v := value.(type) {
		case vneid.Date:
			inner.date(c.Label, v)
		case uint16:
			inner.add(c.Label, cbor.AppendUint(nil, uint64(v)))
		case []paper.HeldClass:
			b := cbor.AppendArray(nil, len(v))
			for _, class := range v {
				b = appendClass(b, class)
			}
			inner.add(c.Label, b)
		case string:
			inner.text(c.Label, v)
		}
	})
	inner.uint(wire.LabelDocumentKind, rule.Number)
	inner.uint(wire.LabelDocumentState, uint64(slices.Index(wire.DocumentStates(), p.State)+1))
	m.add(wire.LabelDocument, cbor.AppendMap(nil, inner.pairs))
	return err
}

func appendClass(b []byte, class paper.HeldClass) []byte {
	switch {
	case class.Limit != "":
		b = cbor.AppendText(cbor.AppendArray(b, 3), string(class.Class))
		date := uint64(0)
		if !class.Expires.IsZero() {
			date = wire.PackDate(class.Expires)
		}
		return cbor.AppendText(cbor.AppendUint(b, date), class.Limit)
	case !class.Expires.IsZero():
		b = cbor.AppendText(cbor.AppendArray(b, 2), string(class.Class))
		return cbor.AppendUint(b, wire.PackDate(class.Expires))
	}
	return cbor.AppendText(b, string(class.Class))
}

// paper writes the object of a JWS code.
func (m *members) paper(p *Paper) error {
	if p == nil {
		return nil
	}
	inner := members{{Name: wire.DocumentKind, Value: string(p.Kind)}}
	inner.text(wire.DocumentState, p.State)
	_, err := p.each(func(c wire.DocumentClaim, value any) {
		switch v := value.(type) {
		case vneid.Date:
			inner.date(c.Name, v)
		case uint16:
			inner.add(c.Name, int(v))
		case []paper.HeldClass:
			inner.add(c.Name, v)
		case string:
			inner.text(c.Name, v)
		}
	})
	m.add(wire.Document, []jws.Member(inner))
	return err
}
