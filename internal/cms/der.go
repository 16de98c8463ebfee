package cms

import (
	"bytes"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// Tags that package tlv has no names for: strings of names.
const (
	tagTeletex   tlv.Tag = 0x14
	tagUniversal tlv.Tag = 0x1c
	tagBMP       tlv.Tag = 0x1e
)

// context is the tag [n] of a constructed element, implicit of another.
func context(n tlv.Tag) tlv.Tag  { return 0xa0 | n }
func implicit(n tlv.Tag) tlv.Tag { return 0x80 | n }

// A cursor is a tlv.Reader with the types that certificates have on top of those
// of DER. Its first failure, shared with all cursors on parts of the input, makes
// them empty for good; end tells.
type cursor struct{ tlv.Reader }

func read(der []byte) cursor { return cursor{tlv.DER(der)} }

// into reads an element and returns a cursor on its content, which must be ended.
func (c *cursor) into(tag tlv.Tag) cursor { return cursor{c.Enter(tag)} }

func (c *cursor) next(tag tlv.Tag) bool { return c.Peek() == tag }
func (c *cursor) more() bool            { return !c.Empty() }

// end reports whether everything was read and nothing was wrong anywhere.
func (c *cursor) end() bool { return c.Close() == nil }

// fail makes the cursor fail: no element has the tag 0.
func (c *cursor) fail() { c.Read(0) }

// boolean reads a BOOLEAN. Any value but 00 is true: some issuers write 01, which
// is not DER, but signed.
func (c *cursor) boolean() bool {
	b := c.Read(tlv.Boolean)
	if len(b) != 1 {
		c.fail()
		return false
	}
	return b[0] != 0
}

// small reads an INTEGER from 0 to limit.
func (c *cursor) small(limit int64) int {
	n := c.Int()
	if n < 0 || n > limit {
		c.fail()
		return 0
	}
	return int(n)
}

// serial reads the content of an INTEGER of at most 64 bytes. Some issuers write
// negative ones, and they are told apart by their bytes.
func (c *cursor) serial() []byte {
	b := c.Read(tlv.Integer)
	if len(b) == 0 || len(b) > maxSerial {
		c.fail()
		return nil
	}
	return b
}

// null reads NULL, if it is there, and the end.
func (c *cursor) null() bool {
	if c.more() {
		c.Null()
	}
	return c.end()
}

// patient parses b, and if that fails parses it again with BER's indefinite
// lengths and divided strings rewritten: some issuers of documents stream them.
func patient[T any](b []byte, parse func([]byte) (T, error)) (T, error) {
	v, err := parse(b)
	if err == nil {
		return v, nil
	}
	der, berErr := tlv.ToDER(b)
	switch {
	case berErr == tlv.ErrDepth:
		return v, at("BER", TooLarge)
	case berErr != nil || bytes.Equal(der, b):
		return v, err
	}
	return parse(der)
}
