package lds

import (
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
	"github.com/vneid-sdk/vneid-go/internal/viet"
)

// oidUTF8 is 1.0.10646.1.0.8, ISO 10646 in its transfer form 8: UTF-8.
const oidUTF8 = "\x28\xd3\x16\x01\x00\x08"

// The fields of DG13 whose values are lists of texts.
const (
	FieldParents = 13 // father, mother
	FieldSpouse  = 14
	maxField     = 64
)

// Fields are the numbered fields of a Vietnamese DG13, texts in NFC, several of
// them where the field is a list. An absent field has none.
type Fields map[int][]string

// Text returns the first text of a field.
func (f Fields) Text(n int) string { return f.At(n, 0) }

// At returns the i-th text of a field, "" if there is none.
func (f Fields) At(n, i int) string {
	if i >= len(f[n]) {
		return ""
	}
	return f[n][i]
}

// DG13 reads the Vietnamese data group 13, as open readers found it on the chips
// of the CCCD (replicated; no specification is public):
//
//	6D { SEQUENCE { INTEGER 1, OBJECT IDENTIFIER 1.0.10646.1.0.8,
//	     SET { SEQUENCE { INTEGER n, UTF8String or PrintableString, or SEQUENCE of them } … } } }
//
// Each number stands once. Values of other types are passed over, and so are
// numbers from 65 on. What does not begin like this is ErrProprietary: since
// 2024-07-01 the issuer may encode this part by an algorithm of its own (Circular
// 16/2024/TT-BCA Art. 6).
func DG13(file []byte) (Fields, error) {
	outer, r, err := open(file, 0x6D)
	if err != nil {
		return nil, err
	}
	if !known(r) {
		return nil, ErrProprietary
	}
	body := r.Enter(tlv.Sequence)
	body.Int()
	body.OID()
	set := body.Enter(tlv.Set)
	out := make(Fields)
	for count := 0; !set.Empty(); count++ {
		if count == maxField {
			return nil, ErrTooMany
		}
		one := set.Enter(tlv.Sequence)
		n := one.Int()
		texts, err := values(&one)
		if err != nil {
			return nil, err
		}
		one.Close()
		if n < 1 || n > maxField || texts == nil {
			continue
		}
		if out[int(n)] != nil {
			return nil, ErrFile
		}
		out[int(n)] = texts
	}
	set.Close()
	body.Close()
	if err := finish(&outer, &r); err != nil {
		return nil, err
	}
	return out, nil
}

// known reports whether the content begins as DG13 does, on a copy of the Reader's
// bytes: a failure there is no failure of the file.
func known(r tlv.Reader) bool {
	probe := tlv.BER(r.Rest())
	body := probe.Enter(tlv.Sequence)
	version := body.Int()
	oid := string(body.OID())
	return version == 1 && oid == oidUTF8 && body.Peek() == tlv.Set
}

// values reads a field's value: one text, or a list of them. It is nil for values
// of other types.
func values(r *tlv.Reader) (texts []string, err error) {
	if r.Peek() != tlv.Sequence {
		text, ok, err := value(r)
		if err != nil || !ok {
			return nil, err
		}
		return []string{text}, nil
	}
	list := r.Enter(tlv.Sequence)
	for !list.Empty() {
		if len(texts) == maxField {
			return nil, ErrTooMany
		}
		text, _, err := value(&list) // what is no text keeps its place
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	list.Close()
	return texts, nil
}

func value(r *tlv.Reader) (text string, ok bool, err error) {
	tag, content := r.Next()
	if tag != tlv.UTF8String && tag != tlv.PrintableString {
		return "", false, nil
	}
	if !utf8.Valid(content) {
		return "", false, ErrText
	}
	return viet.NFC(string(content)), true, nil
}
