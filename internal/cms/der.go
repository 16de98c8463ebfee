package cms

// Tags of the universal class (X.690 §8.1.2), and the constructed forms that
// occur.
const (
	tagBoolean     = 0x01
	tagInteger     = 0x02
	tagBits        = 0x03
	tagOctets      = 0x04
	tagNull        = 0x05
	tagOID         = 0x06
	tagUTF8        = 0x0c
	tagPrintable   = 0x13
	tagTeletex     = 0x14
	tagIA5         = 0x16
	tagUTCTime     = 0x17
	tagGeneralized = 0x18
	tagUniversal   = 0x1c
	tagBMP         = 0x1e
	tagSequence    = 0x30
	tagSet         = 0x31
)

// context is the tag [n] of a constructed element, contextPrimitive of another.
func context(n byte) byte          { return 0xa0 | n }
func contextPrimitive(n byte) byte { return 0x80 | n }

// A cursor reads DER elements one after the other. The first fault makes it bad
// and empty for good, so that a caller can read on and ask once, with end.
type cursor struct {
	rest []byte
	bad  bool
}

// element reads any element: its tag, its content and the whole of it. Tags have
// one byte, lengths are minimal (X.690 §10.1) and below 2²⁴.
func (c *cursor) element() (tag byte, content, whole []byte) {
	b := c.rest
	if c.bad || len(b) < 2 || b[0]&0x1f == 0x1f {
		c.fail()
		return 0, nil, nil
	}
	head, n := 2, int(b[1])
	if n >= 0x80 {
		count := n & 0x7f
		if count == 0 || count > 3 || len(b) < 2+count || b[2] == 0 {
			c.fail()
			return 0, nil, nil
		}
		n = 0
		for _, v := range b[2 : 2+count] {
			n = n<<8 | int(v)
		}
		head += count
		if n < 0x80 {
			c.fail()
			return 0, nil, nil
		}
	}
	if n > len(b)-head {
		c.fail()
		return 0, nil, nil
	}
	c.rest = b[head+n:]
	return b[0], b[head : head+n], b[:head+n]
}

func (c *cursor) fail() { c.rest, c.bad = nil, true }

// next reports whether the next element has the tag.
func (c *cursor) next(tag byte) bool { return len(c.rest) > 0 && c.rest[0] == tag }

// take reads the content of an element with the tag.
func (c *cursor) take(tag byte) []byte {
	if !c.next(tag) {
		c.fail()
		return nil
	}
	_, content, _ := c.element()
	return content
}

// whole reads an element with the tag, head and all.
func (c *cursor) whole(tag byte) []byte {
	if !c.next(tag) {
		c.fail()
		return nil
	}
	_, _, whole := c.element()
	return whole
}

// into reads an element with the tag and returns a cursor on its content, a bad
// one if there is none.
func (c *cursor) into(tag byte) cursor {
	content := c.take(tag)
	return cursor{content, c.bad}
}

// more reports whether anything is left to read.
func (c *cursor) more() bool { return len(c.rest) > 0 }

// end reports whether everything was read and nothing was wrong.
func (c *cursor) end() bool { return !c.bad && len(c.rest) == 0 }

// boolean reads a BOOLEAN. Any value but 00 is true: some issuers write 01, and
// it is signed.
func (c *cursor) boolean() bool {
	b := c.take(tagBoolean)
	if len(b) != 1 {
		c.fail()
		return false
	}
	return b[0] != 0
}

// integer reads the content of a minimal INTEGER.
func (c *cursor) integer() []byte {
	b := c.take(tagInteger)
	if len(b) == 0 || len(b) > 1 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80) {
		c.fail()
		return nil
	}
	return b
}

// natural reads an INTEGER that is not negative, without its leading zero.
func (c *cursor) natural() []byte {
	b := c.integer()
	if len(b) == 0 || b[0] >= 0x80 {
		c.fail()
		return nil
	}
	if b[0] == 0 {
		b = b[1:]
	}
	return b
}

// small reads an INTEGER from 0 to limit.
func (c *cursor) small(limit int) int {
	b := c.natural()
	if len(b) > 3 {
		c.fail()
		return 0
	}
	n := 0
	for _, v := range b {
		n = n<<8 | int(v)
	}
	if n > limit {
		c.fail()
		return 0
	}
	return n
}

// bits reads a BIT STRING of whole bytes.
func (c *cursor) bits() []byte {
	b := c.take(tagBits)
	if len(b) == 0 || b[0] != 0 {
		c.fail()
		return nil
	}
	return b[1:]
}

// open returns a cursor on the content of the one element, with the tag, that b
// consists of.
func open(b []byte, tag byte) cursor {
	c := cursor{rest: b}
	inner := c.into(tag)
	if !c.end() {
		inner.fail()
	}
	return inner
}
