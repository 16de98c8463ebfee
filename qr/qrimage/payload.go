package qrimage

import "errors"

// The segments of a symbol's corrected data (ISO/IEC 18004, "data encodation"),
// read as bytes and nothing else.

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

var errSegments = errors.New("damaged segments")

// bitReader reads big-endian bit fields; after the end it returns zeros and
// remembers.
type bitReader struct {
	data []byte
	pos  int
	over bool
}

func (b *bitReader) read(n int) (v int) {
	if b.pos+n > 8*len(b.data) {
		b.over = true
		return 0
	}
	for range n {
		v = v<<1 | int(b.data[b.pos/8]>>(7-b.pos%8)&1)
		b.pos++
	}
	return v
}

// payload reads the segments of a symbol of the version.
func payload(data []byte, version int) (Code, error) {
	b := &bitReader{data: data}
	code := Code{Version: version}
	size := 0 // index of the character count's width
	if version > 26 {
		size = 2
	} else if version > 9 {
		size = 1
	}
	for len(data)*8-b.pos >= 4 {
		var ok bool
		switch mode := b.read(4); mode {
		case 0: // terminator
			return code, nil
		case 1:
			ok = code.numeric(b, b.read([]int{10, 12, 14}[size]))
		case 2:
			ok = code.alphanumeric(b, b.read([]int{9, 11, 13}[size]))
		case 4:
			ok = code.bytes(b, b.read([]int{8, 16, 16}[size]))
		case 8:
			ok = code.kanji(b, b.read([]int{8, 10, 12}[size]))
		case 7:
			ok = code.eci(b)
		case 3:
			b.read(16)
			ok, code.notText = true, "the code is one part of a message in several symbols"
		case 5, 9:
			if mode == 9 {
				b.read(8) // application indicator
			}
			ok, code.notText = true, "the code carries product data (FNC1)"
		}
		if !ok || b.over {
			return Code{}, errSegments
		}
	}
	return code, nil
}

func (c *Code) numeric(b *bitReader, count int) bool {
	for ; count > 0 && !b.over; count -= 3 {
		digits := min(count, 3)
		v := b.read([]int{0, 4, 7, 10}[digits])
		if v >= []int{1, 10, 100, 1000}[digits] {
			return false
		}
		for _, unit := range []int{100, 10, 1}[3-digits:] {
			c.Payload = append(c.Payload, '0'+byte(v/unit%10))
		}
	}
	return true
}

func (c *Code) alphanumeric(b *bitReader, count int) bool {
	for ; count > 1 && !b.over; count -= 2 {
		v := b.read(11)
		if v >= 45*45 {
			return false
		}
		c.Payload = append(c.Payload, alphanumeric[v/45], alphanumeric[v%45])
	}
	if count != 1 {
		return true
	}
	v := b.read(6)
	if v >= 45 {
		return false
	}
	c.Payload = append(c.Payload, alphanumeric[v])
	return true
}

func (c *Code) bytes(b *bitReader, count int) bool {
	for ; count > 0 && !b.over; count-- {
		c.Payload = append(c.Payload, byte(b.read(8)))
	}
	return true
}

// kanji gives back the Shift-JIS bytes that were packed into thirteen bits each.
func (c *Code) kanji(b *bitReader, count int) bool {
	c.notText = "the code carries Shift-JIS text"
	for ; count > 0 && !b.over; count-- {
		v := b.read(13)
		v = v/0xC0<<8 | v%0xC0
		if v < 0x1F00 {
			v += 0x8140
		} else {
			v += 0xC140
		}
		c.Payload = append(c.Payload, byte(v>>8), byte(v))
	}
	return true
}

// eci reads a designator of one to three bytes. 26 is UTF-8 and 27 ASCII.
func (c *Code) eci(b *bitReader) bool {
	v := b.read(8)
	switch {
	case v&0x80 == 0:
	case v&0xC0 == 0x80:
		v = v&0x3F<<8 | b.read(8)
	case v&0xE0 == 0xC0:
		v = v&0x1F<<16 | b.read(16)
	default:
		return false
	}
	if v != 26 && v != 27 {
		c.notText = "the code declares a character set other than UTF-8"
	}
	return true
}
