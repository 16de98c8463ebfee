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
type Fields map[int]Field

// Field is the texts of one field, one or more.
type Field struct {
	first string
	rest  []string
}

// Text returns the first text of a field, "" if there is none.
func (f Fields) Text(n int) string { return f[n].first }

// At returns the i-th text of a field, "" if there is none.
func (f Fields) At(n, i int) string {
	switch rest := f[n].rest; {
	case i == 0:
		return f[n].first
	case i <= len(rest):
		return rest[i-1]
	}
	return ""
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
	out := make(Fields, 16)
	for count := 0; !set.Empty(); count++ {
		if count == maxField {
			return nil, ErrTooMany
		}
		one := set.Enter(tlv.Sequence)
		n := one.Int()
		field, ok, err := values(&one)
		if err != nil {
			return nil, err
		}
		one.Close()
		if n < 1 || n > maxField || !ok {
			continue
		}
		if _, twice := out[int(n)]; twice {
			return nil, ErrFile
		}
		out[int(n)] = field
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

// values reads a field's value: one text, or a list of them. ok is false for values
// of other types.
func values(r *tlv.Reader) (f Field, ok bool, err error) {
	if r.Peek() != tlv.Sequence {
		f.first, ok, err = value(r)
		return f, ok, err
	}
	list := r.Enter(tlv.Sequence)
	for count := 0; !list.Empty(); count++ {
		if count == maxField {
			return f, false, ErrTooMany
		}
		text, _, err := value(&list) // what is no text keeps its place
		if err != nil {
			return f, false, err
		}
		if count == 0 {
			f.first = text
		} else {
			f.rest = append(f.rest, text)
		}
	}
	list.Close()
	return f, true, nil
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
