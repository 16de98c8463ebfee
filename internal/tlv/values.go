package tlv

import (
	"encoding/hex"
	"math"
	"strconv"
)

// Int reads an INTEGER that fits an int64 (X.690 §8.3).
func (r *Reader) Int() int64 {
	b := r.integer()
	if len(b) > 8 {
		r.fail(ErrRange)
		return 0
	}
	if len(b) == 0 {
		return 0
	}
	n := int64(int8(b[0]))
	for _, v := range b[1:] {
		n = n<<8 | int64(v)
	}
	return n
}

// Uint reads an INTEGER of any width that is not negative, as a big-endian number
// without zeros in front; zero is empty.
func (r *Reader) Uint() []byte {
	b := r.integer()
	switch {
	case len(b) == 0:
	case b[0] >= 0x80:
		r.fail(ErrRange)
		return nil
	case b[0] == 0:
		b = b[1:]
	}
	return b
}

// integer reads the content of a minimal INTEGER, empty after a failure.
func (r *Reader) integer() []byte {
	b := r.Read(Integer)
	if r.failed() {
		return nil
	}
	if len(b) == 0 || len(b) > 1 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xFF && b[1] >= 0x80) {
		r.fail(ErrValue)
		return nil
	}
	return b
}

// Bool reads a BOOLEAN (X.690 §8.2, §11.1).
func (r *Reader) Bool() bool {
	b := r.Read(Boolean)
	if r.failed() {
		return false
	}
	if len(b) != 1 || r.s.der && b[0] != 0 && b[0] != 0xFF {
		r.fail(ErrValue)
		return false
	}
	return b[0] != 0
}

// Null reads a NULL (X.690 §8.8).
func (r *Reader) Null() {
	if len(r.Read(Null)) != 0 {
		r.fail(ErrValue)
	}
}

// Bytes reads a BIT STRING of whole bytes, as keys and signatures are
// (X.690 §8.6).
func (r *Reader) Bytes() []byte {
	b := r.bits()
	if len(b) == 0 {
		return nil
	}
	if b[0] != 0 {
		r.fail(ErrValue)
		return nil
	}
	return b[1:]
}

// Flags reads a BIT STRING of named bits: bit 0 of the type is the highest of the
// first byte. The bits that are not used are zero.
func (r *Reader) Flags() []byte {
	b := r.bits()
	if len(b) < 2 {
		return nil
	}
	last, unused := len(b)-1, b[0]
	if mask := byte(1)<<unused - 1; b[last]&mask != 0 {
		if r.s.der {
			r.fail(ErrValue)
			return nil
		}
		b = append([]byte(nil), b...)
		b[last] &^= mask
	}
	return b[1:]
}

// bits reads the content of a BIT STRING, with the number of unused bits in front.
func (r *Reader) bits() []byte {
	b := r.Read(BitString)
	if r.failed() {
		return nil
	}
	if len(b) == 0 || b[0] > 7 || b[0] > 0 && len(b) == 1 {
		r.fail(ErrValue)
		return nil
	}
	return b
}

// OID reads an OBJECT IDENTIFIER and returns its content, to be compared
// (X.690 §8.19).
func (r *Reader) OID() []byte {
	b := r.Read(OID)
	if r.failed() {
		return nil
	}
	if len(b) == 0 || b[len(b)-1] >= 0x80 {
		r.fail(ErrValue)
		return nil
	}
	for i, v := range b {
		if v == 0x80 && (i == 0 || b[i-1] < 0x80) { // a zero in front
			r.fail(ErrValue)
			return nil
		}
	}
	return b
}

func (r *Reader) failed() bool { return r.s == nil || r.s.err != nil }

// Dotted writes the content of an object identifier in numbers and dots, for
// people; what is no identifier, or has a number past 64 bits, in hexadecimal.
func Dotted(oid []byte) string {
	var out []byte
	var n uint64
	for i, v := range oid {
		if n > math.MaxUint64>>7 {
			return hex.EncodeToString(oid)
		}
		n = n<<7 | uint64(v&0x7F)
		switch {
		case v >= 0x80:
			if i == len(oid)-1 {
				return hex.EncodeToString(oid)
			}
			continue
		case out == nil:
			first := min(n/40, 2)
			out = strconv.AppendUint(out, first, 10)
			n -= 40 * first
		}
		out = strconv.AppendUint(append(out, '.'), n, 10)
		n = 0
	}
	return string(out)
}
