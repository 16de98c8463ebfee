package tlv

// Append appends an element with the shortest length. The content is the parts,
// one after the other.
func Append(dst []byte, tag Tag, parts ...[]byte) []byte {
	length := 0
	for _, p := range parts {
		length += len(p)
	}
	dst = appendHead(dst, tag, length)
	for _, p := range parts {
		dst = append(dst, p...)
	}
	return dst
}

// New returns an element: New(Sequence, New(OctetString, a), New(OctetString, b)).
func New(tag Tag, parts ...[]byte) []byte { return Append(nil, tag, parts...) }

// NewUint returns an INTEGER from a big-endian number of any width.
func NewUint(b []byte) []byte {
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	if len(b) == 0 || b[0] >= 0x80 {
		return New(Integer, []byte{0}, b)
	}
	return New(Integer, b)
}

func appendHead(dst []byte, tag Tag, length int) []byte {
	for shift := 24; shift >= 0; shift -= 8 {
		if v := tag >> shift; v != 0 || shift == 0 {
			dst = append(dst, byte(v))
		}
	}
	if length < 0x80 {
		return append(dst, byte(length))
	}
	n := 1
	for length>>(8*n) != 0 {
		n++
	}
	dst = append(dst, 0x80|byte(n))
	for n--; n >= 0; n-- {
		dst = append(dst, byte(length>>(8*n)))
	}
	return dst
}
