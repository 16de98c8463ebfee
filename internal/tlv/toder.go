package tlv

import (
	"bytes"
	"slices"
)

// What ToDER takes at most: security objects of documents are a few kilobytes
// and eleven levels deep.
const (
	MaxSize  = 1 << 20
	MaxDepth = 32
)

// pieces is an OCTET STRING in pieces.
const pieces = OctetString | 0x20

// ToDER rewrites one BER element with indefinite or long lengths, or octet strings
// in pieces, into definite, minimal lengths and whole octet strings. An input that
// has none of these is returned as it is.
//
// It looks into everything that is constructed, and into nothing that is not: a
// structure within an OCTET STRING stays as it was, for its digest was signed.
func ToDER(b []byte) ([]byte, error) {
	if len(b) > MaxSize {
		return nil, ErrSize
	}
	out, rest, err := appendDER(make([]byte, 0, len(b)), b, 1)
	switch {
	case err != nil:
		return nil, err
	case len(rest) != 0:
		return nil, ErrTrailing
	case bytes.Equal(out, b):
		return b, nil
	}
	return out, nil
}

// appendDER appends the next element of b and returns what follows it.
func appendDER(dst, b []byte, depth int) (out, rest []byte, err error) {
	tag, header, length, err := head(b, false)
	if err != nil {
		return nil, nil, err
	}
	content := b[header:]
	if length >= 0 {
		if length > len(content) {
			return nil, nil, ErrTruncated
		}
		content, rest = content[:length], content[length:]
	}
	if !constructed(b[0]) {
		return Append(dst, tag, content), rest, nil
	}
	if b[0] < 0x40 && tag != Sequence && tag != Set && tag != pieces {
		return nil, nil, ErrForm // another string in pieces, which no document has
	}
	if depth == MaxDepth {
		return nil, nil, ErrDepth
	}
	start := len(dst)
	if length < 0 {
		dst, rest, err = appendUntilEnd(dst, content, tag == pieces, depth+1)
	} else {
		dst, err = appendAll(dst, content, tag == pieces, depth+1)
	}
	if err != nil {
		return nil, nil, err
	}
	if tag == pieces {
		tag = OctetString
	}
	var room [8]byte
	return slices.Insert(dst, start, appendHead(room[:0], tag, len(dst)-start)...), rest, nil
}

// appendAll appends every element of b.
func appendAll(dst, b []byte, piece bool, depth int) (out []byte, err error) {
	for len(b) > 0 && err == nil {
		dst, b, err = appendItem(dst, b, piece, depth)
	}
	return dst, err
}

// appendUntilEnd appends elements up to the end-of-contents (X.690 §8.1.5) and
// returns what follows it.
func appendUntilEnd(dst, b []byte, piece bool, depth int) (out, rest []byte, err error) {
	for !bytes.HasPrefix(b, []byte{0, 0}) {
		if dst, b, err = appendItem(dst, b, piece, depth); err != nil {
			return nil, nil, err
		}
	}
	return dst, b[2:], nil
}

// appendItem appends an element, or the content alone of a piece of an octet
// string, which may itself be in pieces.
func appendItem(dst, b []byte, piece bool, depth int) (out, rest []byte, err error) {
	if piece && len(b) > 0 && Tag(b[0]) != OctetString && Tag(b[0]) != pieces {
		return nil, nil, ErrForm
	}
	start := len(dst)
	dst, rest, err = appendDER(dst, b, depth)
	if err != nil || !piece {
		return dst, rest, err
	}
	_, header, _, err := head(dst[start:], true)
	return slices.Delete(dst, start, start+header), rest, err
}
