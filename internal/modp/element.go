package modp

// An Element is an element of a group's subgroup other than 1. The zero Element
// belongs to no group. Elements compare with ==.
type Element struct {
	group Group
	v     elem // in Montgomery form
}

// Element reads a public value and checks that it is in the subgroup.
func (g Group) Element(b []byte) (Element, error) {
	m := g.load()
	if m == nil {
		return Element{}, ErrGroup
	}
	e := Element{group: g}
	if !m.read(&e.v, trim(b)) {
		return Element{}, ErrElement
	}
	// The power betrays 0 and p − 1 too, as q is odd; 1 is left to checked.
	var one elem
	m.power(&one, &e.v, m.order)
	if one != m.one {
		return Element{}, ErrElement
	}
	return e.checked(m)
}

// checked refuses the neutral element.
func (e Element) checked(m *modulus) (Element, error) {
	if e.v == m.one || e.v == (elem{}) {
		return Element{}, ErrElement
	}
	return e, nil
}

// Generator returns the generator, the zero Element for no group.
func (g Group) Generator() Element {
	m := g.load()
	if m == nil {
		return Element{}
	}
	return Element{g, m.generator}
}

// Group returns the element's group.
func (e Element) Group() Group { return e.group }

// Bytes returns the number in as few bytes as it needs; nil for the zero Element.
func (e Element) Bytes() []byte { return trim(e.Fixed()) }

// Fixed returns the number at the width of p; nil for the zero Element.
func (e Element) Fixed() []byte {
	m := e.group.load()
	if m == nil {
		return nil
	}
	return m.bytes(&e.v)
}

// MapGeneric returns g^s·h, PACE's new generator by generic mapping (ICAO Doc
// 9303-11 §4.4.3.3.1): h is the element that both sides agreed on, s the nonce.
func (h Element) MapGeneric(s []byte) (Element, error) {
	m := h.group.load()
	if m == nil {
		return Element{}, ErrElement
	}
	out := Element{group: h.group}
	m.power(&out.v, &m.generator, s)
	m.mul(&out.v, &out.v, &h.v)
	return out.checked(m)
}

// MapIntegrated returns x^((p−1)/q), PACE's new generator by integrated mapping
// (ICAO Doc 9303-11 §4.4.3.3.2), where x is the pseudo-random number modulo p.
func (g Group) MapIntegrated(number []byte) (Element, error) {
	m := g.load()
	if m == nil {
		return Element{}, ErrGroup
	}
	out := Element{group: g}
	m.wide(&out.v, number)
	m.power(&out.v, &out.v, m.cofactor)
	return out.checked(m)
}
