package cms

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// A Name is a distinguished name as it stands in a certificate, the content of
// its SEQUENCE. Issuers write one and the same name in several ways, so names are
// compared by Equal.
type Name []byte

// Equal reports whether two names are the same: the same attributes in the same
// order, with values that differ at most in string type, in case and in spaces
// (the part of RFC 5280 §7.1 and RFC 4518 that real certificates need).
func (n Name) Equal(m Name) bool {
	if bytes.Equal(n, m) {
		return true
	}
	a, b := n.attributes(), m.attributes()
	for {
		x, moreA := a.next()
		y, moreB := b.next()
		if !moreA || !moreB {
			return !moreA && !moreB && a.names.end() && b.names.end()
		}
		if x.first != y.first || !bytes.Equal(x.oid, y.oid) || !sameText(x, y) {
			return false
		}
	}
}

// Country returns the name's country in capitals, "" unless there is exactly one
// of two letters.
func (n Name) Country() string {
	a := n.attributes()
	country := ""
	for {
		x, more := a.next()
		if !more {
			return country
		}
		if string(x.oid) != oidCountry {
			continue
		}
		upper := bytes.ToUpper(x.value)
		if country != "" || len(upper) != 2 || !letter(upper[0]) || !letter(upper[1]) {
			return ""
		}
		country = string(upper)
	}
}

func letter(b byte) bool { return b >= 'A' && b <= 'Z' }

// attributes walks over a name: RelativeDistinguishedNames, which are sets.
type attributes struct{ names, set cursor }

func (n Name) attributes() attributes { return attributes{names: read(n)} }

type attribute struct {
	first      bool // of its set
	oid, value []byte
	tag        tlv.Tag
}

func (a *attributes) next() (x attribute, more bool) {
	if !a.set.more() {
		a.set.end()
		if !a.names.more() {
			return attribute{}, false
		}
		a.set = a.names.into(tlv.Set)
		x.first = true
	}
	pair := a.set.into(tlv.Sequence)
	x.oid = pair.Read(tlv.OID)
	x.tag, x.value = pair.Next()
	return x, pair.end()
}

// check reports whether the name can be read to its end.
func (n Name) check() bool {
	a := n.attributes()
	for {
		if _, more := a.next(); !more {
			return a.names.end()
		}
	}
}

func sameText(x, y attribute) bool {
	s, t := x.text(), y.text()
	for {
		r, moreS := s.next()
		u, moreT := t.next()
		if r != u || moreS != moreT {
			return false
		}
		if !moreS {
			return true
		}
	}
}

// text reads the characters of an attribute's value, folded: small letters, runs
// of spaces as one, none at the ends.
type text struct {
	tag     tlv.Tag
	rest    []byte
	started bool
	held    rune // a character that stands after a space just given
}

func (x *attribute) text() text { return text{tag: x.tag, rest: x.value} }

func (t *text) next() (r rune, more bool) {
	if t.held != 0 {
		r, t.held = t.held, 0
		return r, true
	}
	space := false
	for {
		r, more = t.raw()
		if !more {
			return 0, false
		}
		if !unicode.IsSpace(r) {
			break
		}
		space = t.started
	}
	t.started = true
	r = unicode.ToLower(r)
	if space {
		t.held = r
		return ' ', true
	}
	return r, true
}

// raw reads a character by the width that its string type has. TeletexString is
// read as Latin-1, which is what issuers put there.
func (t *text) raw() (r rune, more bool) {
	if len(t.rest) == 0 {
		return 0, false
	}
	width := 1
	r = rune(t.rest[0])
	switch {
	case t.tag == tlv.UTF8String && r >= utf8.RuneSelf:
		r, width = utf8.DecodeRune(t.rest)
	case t.tag == tagBMP && len(t.rest) >= 2:
		r, width = r<<8|rune(t.rest[1]), 2
	case t.tag == tagUniversal && len(t.rest) >= 4:
		r, width = rune(t.rest[1])<<16|rune(t.rest[2])<<8|rune(t.rest[3]), 4
	}
	t.rest = t.rest[width:]
	return r, true
}
