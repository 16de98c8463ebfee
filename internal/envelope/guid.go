package envelope

import "crypto/subtle"

// A GUID in its usual spelling is 8-4-4-4-12 hexadecimal digits; a dot and the next
// one may follow.
const (
	guidLen = 36
	stride  = guidLen + 1
)

// guids reports (1 or 0) whether the first n bytes of padded are GUIDs joined by
// dots. What it reads is secret until both paddings are known to be right, so it
// looks at every byte and takes no branch on one: only on its place.
func guids(padded []byte, n int) int {
	ok, whole := 1, 0
	for i, c := range padded {
		at := i % stride
		var right int
		switch at {
		case guidLen:
			right = subtle.ConstantTimeByteEq(c, '.')
		case 8, 13, 18, 23:
			right = subtle.ConstantTimeByteEq(c, '-')
		default:
			right = hex(c)
		}
		after := subtle.ConstantTimeLessOrEq(n, i)
		ok &= right | after
		if at == guidLen-1 { // the text may end after this byte
			whole |= subtle.ConstantTimeEq(int32(n), int32(i+1))
		}
	}
	return ok & whole
}

// hex reports whether c is a hexadecimal digit of either case.
func hex(c byte) int {
	digit := between('0', c, '9')
	letter := between('a', c|0x20, 'f')
	return digit | letter
}

func between(low, c, high byte) int {
	return subtle.ConstantTimeLessOrEq(int(low), int(c)) & subtle.ConstantTimeLessOrEq(int(c), int(high))
}
