package cms

// maxDepth is how deep elements may nest.
const maxDepth = 16

// definite returns b with every indefinite length (X.690 §8.1.3.6) made definite,
// and b itself if there is none. Only what contains an indefinite length is
// written anew: a certificate inside keeps the bytes that its issuer signed.
func definite(b []byte) ([]byte, error) {
	found := false
	for rest := b; len(rest) > 0; {
		n, indefinite, err := extent(rest, 0)
		if err != nil {
			return nil, err
		}
		found = found || indefinite
		rest = rest[n:]
	}
	if !found {
		return b, nil
	}
	return rewrite(make([]byte, 0, len(b)), b), nil
}

// extent returns how many bytes the first element of b takes, and whether a
// length in it is indefinite.
func extent(b []byte, depth int) (n int, indefinite bool, err error) {
	if depth > maxDepth {
		return 0, false, at("BER", TooLarge)
	}
	if len(b) >= 2 && b[1] == 0x80 && b[0]&0x20 != 0 && b[0]&0x1f != 0x1f {
		for n = 2; ; {
			if len(b)-n >= 2 && b[n] == 0 && b[n+1] == 0 {
				return n + 2, true, nil
			}
			inner, _, err := extent(b[n:], depth+1)
			if err != nil {
				return 0, false, err
			}
			n += inner
		}
	}
	c := cursor{rest: b}
	tag, content, whole := c.element()
	if c.bad {
		return 0, false, at("BER", Malformed)
	}
	if tag&0x20 == 0 {
		return len(whole), false, nil
	}
	for len(content) > 0 {
		n, inside, err := extent(content, depth+1)
		if err != nil {
			return 0, false, err
		}
		indefinite = indefinite || inside
		content = content[n:]
	}
	return len(whole), indefinite, nil
}

// rewrite appends the elements of b, which extent has measured, to out.
func rewrite(out, b []byte) []byte {
	for len(b) > 0 {
		n, indefinite, _ := extent(b, 0)
		whole := b[:n]
		b = b[n:]
		if !indefinite {
			out = append(out, whole...)
			continue
		}
		content := whole[2 : len(whole)-2]
		if whole[1] != 0x80 {
			c := cursor{rest: whole}
			_, content, _ = c.element()
		}
		out = wrap(out, whole[0], rewrite(nil, content))
	}
	return out
}

// wrap appends an element.
func wrap(out []byte, tag byte, content []byte) []byte {
	n := len(content)
	switch {
	case n < 0x80:
		out = append(out, tag, byte(n))
	case n < 0x100:
		out = append(out, tag, 0x81, byte(n))
	case n < 0x10000:
		out = append(out, tag, 0x82, byte(n>>8), byte(n))
	default:
		out = append(out, tag, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(out, content...)
}

// octets reads an OCTET STRING in one part or, in BER, in several (X.690 §8.7).
func (c *cursor) octets() []byte {
	if c.next(tagOctets) {
		return c.take(tagOctets)
	}
	parts := c.into(tagOctets | 0x20)
	var all []byte
	for parts.more() {
		all = append(all, parts.take(tagOctets)...)
	}
	if !parts.end() {
		c.fail()
		return nil
	}
	return all
}
