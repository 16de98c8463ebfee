// Package cbor reads and writes the part of CBOR (RFC 8949) that signed QR codes
// use, in its one deterministic spelling (§4.2.1).
//
// In the subset: integers from −2⁶³ to 2⁶⁴−1, byte strings, UTF-8 text strings,
// arrays, maps whose keys are integers or text, and tag 18 (COSE_Sign1). Not in
// it, and refused: floats, simple values (also true, false, null), indefinite
// lengths, other tags, bignums.
//
// Refused too: an integer or length that is not in its shortest form, map keys
// that are not in bytewise order or come twice, text that is not UTF-8,
// containers (arrays, maps, tags) nested more than four deep, a length beyond
// the input, bytes after the end. So no two accepted inputs mean the same, and a
// parser further up never sees a value that it cannot trust to be well formed.
//
// Parse checks everything once; a Value is a span of the checked input, and
// reading it allocates nothing.
package cbor

import "unicode/utf8"

// MaxDepth is how deep containers may nest.
const MaxDepth = 4

// Error says why an input is not in the subset.
type Error string

func (e Error) Error() string { return string(e) }

// The reasons for a refusal.
const (
	ErrTruncated  Error = "CBOR ends too early"
	ErrTrailing   Error = "bytes after the CBOR value"
	ErrLong       Error = "a CBOR number or length not in its shortest form"
	ErrIndefinite Error = "a CBOR value of indefinite or reserved length"
	ErrType       Error = "a CBOR type outside the subset"
	ErrTag        Error = "a CBOR tag other than 18"
	ErrText       Error = "CBOR text that is not UTF-8"
	ErrKey        Error = "a CBOR map key that is neither an integer nor text"
	ErrOrder      Error = "CBOR map keys out of order or twice"
	ErrDepth      Error = "CBOR nested too deep"
	ErrNumber     Error = "a CBOR integer below −2⁶³"
)

// Kind is the major type of a value (RFC 8949 §3.1).
type Kind uint8

// The major types of the subset.
const (
	Uint Kind = iota
	Negative
	Bytes
	Text
	Array
	Map
	Tag
	simple // 7, refused
)

// Parse checks that in is exactly one value of the subset and returns it.
func Parse(in string) (Value, error) {
	rest, err := check(in, 0)
	if err != nil {
		return "", err
	}
	if rest != "" {
		return "", ErrTrailing
	}
	return Value(in), nil
}

// check walks over one value and returns what follows it.
func check(in string, depth int) (rest string, err error) {
	kind, n, rest, err := head(in)
	if err != nil {
		return "", err
	}
	switch kind {
	case Uint:
		return rest, nil
	case Negative:
		if n > 1<<63-1 {
			return "", ErrNumber
		}
		return rest, nil
	case Bytes, Text:
		if n > uint64(len(rest)) {
			return "", ErrTruncated
		}
		if kind == Text && !utf8.ValidString(rest[:n]) {
			return "", ErrText
		}
		return rest[n:], nil
	}
	if depth++; depth > MaxDepth {
		return "", ErrDepth
	}
	switch kind {
	case Array:
		return checkArray(rest, n, depth)
	case Map:
		return checkMap(rest, n, depth)
	case Tag:
		if n != 18 {
			return "", ErrTag
		}
		return check(rest, depth)
	}
	return "", ErrType
}

func checkArray(in string, n uint64, depth int) (rest string, err error) {
	if n > uint64(len(in)) { // each item takes a byte at least
		return "", ErrTruncated
	}
	for range n {
		if in, err = check(in, depth); err != nil {
			return "", err
		}
	}
	return in, nil
}

func checkMap(in string, n uint64, depth int) (rest string, err error) {
	if n > uint64(len(in))/2 {
		return "", ErrTruncated
	}
	last := ""
	for range n {
		if in == "" {
			return "", ErrTruncated
		}
		if k := Kind(in[0] >> 5); k != Uint && k != Negative && k != Text {
			return "", ErrKey
		}
		after, err := check(in, depth)
		if err != nil {
			return "", err
		}
		key := in[:len(in)-len(after)]
		if key <= last { // keys are never empty, so the first one passes
			return "", ErrOrder
		}
		last = key
		if in, err = check(after, depth); err != nil {
			return "", err
		}
	}
	return in, nil
}

// head reads an initial byte with its argument (RFC 8949 §3).
func head(in string) (kind Kind, n uint64, rest string, err error) {
	if in == "" {
		return 0, 0, "", ErrTruncated
	}
	kind, info := Kind(in[0]>>5), in[0]&31
	if kind == simple {
		return 0, 0, "", ErrType
	}
	if info < 24 {
		return kind, uint64(info), in[1:], nil
	}
	if info > 27 {
		return 0, 0, "", ErrIndefinite
	}
	size := 1 << (info - 24) // 1, 2, 4, 8 bytes
	if len(in) < 1+size {
		return 0, 0, "", ErrTruncated
	}
	for i := range size {
		n = n<<8 | uint64(in[1+i])
	}
	if n < 24 || size > 1 && n>>(size*4) == 0 {
		return 0, 0, "", ErrLong
	}
	return kind, n, in[1+size:], nil
}
