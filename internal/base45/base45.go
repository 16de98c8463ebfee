// Package base45 reads and writes RFC 9285, the encoding that keeps binary data
// inside the alphanumeric mode of a QR code.
//
// Two bytes are three characters, a last odd byte is two: n = c + d·45 (+ e·2025),
// least significant first. Decoding is strict: only the 45 characters, upper
// case, no line breaks, no length that leaves one character over, no group above
// 65535 (or 255). So each byte string has one spelling and each accepted text
// decodes to one byte string.
//
// Space is one of the characters, but never the last one: a full group ends in a
// digit of at most 65535/2025 = 32 ("W"), an odd byte in one of at most
// 255/45 = 5. A scanner that trims spaces at the end damages nothing.
package base45

// Error says why a text is not base45.
type Error string

func (e Error) Error() string { return string(e) }

// The reasons for a refusal.
const (
	ErrAlphabet Error = "a character outside the base45 alphabet"
	ErrLength   Error = "base45 text of an impossible length"
	ErrRange    Error = "a base45 group out of range"
)

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// bad marks a byte outside the alphabet; it is above every sum of good digits
// that the range checks let pass.
const bad = 1 << 20

// digit is the inverse of alphabet. It is never written to.
var digit = func() (t [256]uint32) {
	for i := range t {
		t[i] = bad
	}
	for i := range len(alphabet) {
		t[alphabet[i]] = uint32(i)
	}
	return t
}()

// DecodedLen is the number of bytes that n characters hold.
func DecodedLen(n int) int { return n/3*2 + n%3/2 }

// EncodedLen is the number of characters that n bytes need.
func EncodedLen(n int) int { return n/2*3 + n%2*2 }

// AppendDecode appends the bytes that s spells to dst.
func AppendDecode(dst []byte, s string) ([]byte, error) {
	if len(s)%3 == 1 {
		return nil, ErrLength
	}
	for len(s) >= 3 {
		n := digit[s[0]] + digit[s[1]]*45 + digit[s[2]]*2025
		if n > 0xffff {
			return nil, reason(s[:3])
		}
		dst = append(dst, byte(n>>8), byte(n))
		s = s[3:]
	}
	if len(s) == 2 {
		n := digit[s[0]] + digit[s[1]]*45
		if n > 0xff {
			return nil, reason(s)
		}
		dst = append(dst, byte(n))
	}
	return dst, nil
}

// reason tells a wrong character from a group too large.
func reason(group string) error {
	for i := range len(group) {
		if digit[group[i]] == bad {
			return ErrAlphabet
		}
	}
	return ErrRange
}

// AppendEncode appends the spelling of src to dst.
func AppendEncode(dst, src []byte) []byte {
	for len(src) >= 2 {
		n := int(src[0])<<8 | int(src[1])
		dst = append(dst, alphabet[n%45], alphabet[n/45%45], alphabet[n/2025])
		src = src[2:]
	}
	if len(src) == 1 {
		n := int(src[0])
		dst = append(dst, alphabet[n%45], alphabet[n/45])
	}
	return dst
}
