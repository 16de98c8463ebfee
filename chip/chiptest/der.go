package chiptest

import (
	"encoding/asn1"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// der encodes one element with a definite length of the fewest bytes. Tags of two
// bytes (7F61) are written as they stand.
func der(tag int, parts ...[]byte) []byte {
	content := slices.Concat(parts...)
	var out []byte
	if tag > 0xFF {
		out = append(out, byte(tag>>8))
	}
	out = append(out, byte(tag))
	return append(append(out, length(len(content))...), content...)
}

func length(n int) []byte {
	switch {
	case n < 0x80:
		return []byte{byte(n)}
	case n < 0x100:
		return []byte{0x81, byte(n)}
	case n < 0x10000:
		return []byte{0x82, byte(n >> 8), byte(n)}
	default:
		return []byte{0x83, byte(n >> 16), byte(n >> 8), byte(n)}
	}
}

func seq(parts ...[]byte) []byte { return der(0x30, parts...) }

// setOf sorts its members, as DER wants it (X.690 §11.6).
func setOf(parts ...[]byte) []byte {
	slices.SortFunc(parts, func(a, b []byte) int { return strings.Compare(string(a), string(b)) })
	return der(0x31, parts...)
}

// oid encodes an object identifier from its dotted form; every caller's is a
// constant of this package.
func oid(dotted string) []byte {
	var id asn1.ObjectIdentifier
	for part := range strings.SplitSeq(dotted, ".") {
		n, _ := strconv.Atoi(part)
		id = append(id, n)
	}
	out, _ := asn1.Marshal(id)
	return out
}

// oidContent is oid without tag and length.
func oidContent(dotted string) []byte { return oid(dotted)[2:] }

func integer(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) == 0 || b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return der(0x02, b)
}

func number(n int) []byte { return integer(big.NewInt(int64(n))) }

func bitString(b []byte) []byte { return der(0x03, []byte{0}, b) }

// next splits the first element off b. It reads what readers send, so it takes
// lengths of any form up to three bytes.
func next(b []byte) (tag int, content, rest []byte, ok bool) {
	if len(b) < 2 {
		return 0, nil, nil, false
	}
	tag, b = int(b[0]), b[1:]
	if tag&0x1F == 0x1F {
		tag, b = tag<<8|int(b[0]), b[1:]
	}
	if len(b) == 0 {
		return 0, nil, nil, false
	}
	n, b := int(b[0]), b[1:]
	if n >= 0x80 {
		wide := n - 0x80
		if wide == 0 || wide > 3 || len(b) < wide {
			return 0, nil, nil, false
		}
		n = 0
		for _, c := range b[:wide] {
			n = n<<8 | int(c)
		}
		b = b[wide:]
	}
	if n > len(b) {
		return 0, nil, nil, false
	}
	return tag, b[:n], b[n:], true
}

// fields reads a flat list of elements by their tags; nil when it is none. Of two
// with one tag the later counts.
func fields(b []byte) map[int][]byte {
	out := map[int][]byte{}
	for len(b) > 0 {
		tag, content, rest, ok := next(b)
		if !ok {
			return nil
		}
		out[tag], b = content, rest
	}
	return out
}
