package sm

// parts is an answer taken apart.
type parts struct {
	covered   []byte // what the MAC covers
	encrypted []byte // nil: no data
	status    uint16
	mac       []byte
}

// split takes an answer apart: exactly [DO'87', or DO'85' to an odd instruction]
// DO'99' DO'8E', in this order, with minimal lengths.
func split(answer []byte, odd bool) (p parts, ok bool) {
	rest := answer
	if rest[0] == 0x87 && !odd || rest[0] == 0x85 && odd {
		content, tail, ok := object(rest)
		if !ok || len(content) == 0 {
			return p, false
		}
		if rest[0] == 0x87 {
			if content[0] != 1 { // padding method 2
				return p, false
			}
			content = content[1:]
		}
		p.encrypted, rest = content, tail
	}
	if len(rest) != 4+2+macSize || rest[0] != 0x99 || rest[1] != 2 || rest[4] != 0x8E || rest[5] != macSize {
		return p, false
	}
	p.covered = answer[:len(answer)-2-macSize]
	p.status = uint16(rest[2])<<8 | uint16(rest[3])
	p.mac = rest[6:]
	return p, true
}

// object splits off one data object with a tag of one byte.
func object(b []byte) (content, rest []byte, ok bool) {
	if len(b) < 2 {
		return nil, nil, false
	}
	n, size := int(b[1]), 2
	if n >= 0x80 {
		extra := n & 0x7F
		if extra == 0 || extra > 3 || len(b) < 2+extra {
			return nil, nil, false
		}
		n = 0
		for _, c := range b[2 : 2+extra] {
			n = n<<8 | int(c)
		}
		if lengthSize(n) != 1+extra {
			return nil, nil, false
		}
		size += extra
	}
	if n > len(b)-size {
		return nil, nil, false
	}
	return b[size : size+n], b[size+n:], true
}

func lengthSize(n int) int {
	switch {
	case n < 0x80:
		return 1
	case n < 0x100:
		return 2
	case n < 0x10000:
		return 3
	}
	return 4
}

func appendLength(b []byte, n int) []byte {
	switch lengthSize(n) {
	case 1:
		return append(b, byte(n))
	case 2:
		return append(b, 0x81, byte(n))
	case 3:
		return append(b, 0x82, byte(n>>8), byte(n))
	}
	return append(b, 0x83, byte(n>>16), byte(n>>8), byte(n))
}

// appendExpect appends DO'97': one byte for short length, else two; 256 and 65,536
// are zeros.
func appendExpect(b []byte, n int) []byte {
	if n <= 256 {
		return append(b, 0x97, 1, byte(n))
	}
	return append(b, 0x97, 2, byte(n>>8), byte(n))
}

// pad appends 80 and zeros up to a whole block, at least one byte.
func pad(b []byte, size int) []byte {
	b = append(b, 0x80)
	for len(b)%size != 0 {
		b = append(b, 0)
	}
	return b
}

// unpadded returns the length without padding, −1 if there is none. The plaintext
// is authenticated, so its padding is no secret.
func unpadded(b []byte, size int) int {
	for i := len(b) - 1; i >= 0 && i >= len(b)-size; i-- {
		switch b[i] {
		case 0x80:
			return i
		case 0:
		default:
			return -1
		}
	}
	return -1
}
