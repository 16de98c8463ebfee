package cbor

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// AppendUint appends an unsigned integer.
func AppendUint(b []byte, n uint64) []byte { return appendHead(b, Uint, n) }

// AppendInt appends an integer.
func AppendInt(b []byte, n int64) []byte {
	if n < 0 {
		return appendHead(b, Negative, uint64(-1-n))
	}
	return appendHead(b, Uint, uint64(n))
}

// AppendBytes appends a byte string.
func AppendBytes[T ~string | ~[]byte](b []byte, s T) []byte {
	return append(appendHead(b, Bytes, uint64(len(s))), s...)
}

// AppendText appends a text string; s must be UTF-8.
func AppendText(b []byte, s string) []byte {
	return append(appendHead(b, Text, uint64(len(s))), s...)
}

// AppendArray appends the head of an array; its n items follow.
func AppendArray(b []byte, n int) []byte { return appendHead(b, Array, uint64(n)) }

// AppendTag18 appends tag 18; what it encloses follows.
func AppendTag18(b []byte) []byte { return appendHead(b, Tag, 18) }

// Pair is one encoded entry of a map.
type Pair struct{ Key, Value []byte }

// AppendMap appends a map with its keys in order (RFC 8949 §4.2.1). It sorts
// pairs in place; no key may come twice.
func AppendMap(b []byte, pairs []Pair) []byte {
	slices.SortFunc(pairs, func(x, y Pair) int { return bytes.Compare(x.Key, y.Key) })
	b = appendHead(b, Map, uint64(len(pairs)))
	for _, p := range pairs {
		b = append(append(b, p.Key...), p.Value...)
	}
	return b
}

func appendHead(b []byte, kind Kind, n uint64) []byte {
	major := byte(kind) << 5
	switch {
	case n < 24:
		return append(b, major|byte(n))
	case n < 1<<8:
		return append(b, major|24, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, major|25), uint16(n))
	case n < 1<<32:
		return binary.BigEndian.AppendUint32(append(b, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, major|27), n)
}
