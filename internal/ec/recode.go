package ec

// maxDigits is one more than the bits of the widest order.
const maxDigits = 521 + 1

// signedDigits writes k below n as a sum of digits[i]·2ⁱ in which every digit is
// zero or odd and between ±2^(width−1), and of each width of neighbours at most
// one is not zero (the windowed non-adjacent form).
func (c *curve) signedDigits(digits *[maxDigits]int8, k *elem, width int) {
	carry := uint64(0)
	for i := 0; i <= c.n.bits; {
		if bit(k, i) == carry { // an even rest
			i++
			continue
		}
		take := min(width, c.n.bits+1-i)
		d := carry
		for j := range take {
			d += bit(k, i+j) << j
		}
		carry = d >> (width - 1)
		digits[i] = int8(int64(d) - int64(carry)<<width)
		i += take
	}
}

// bit returns bit i, zero past the end.
func bit(k *elem, i int) uint64 {
	if i >= 64*limbs {
		return 0
	}
	return k[i/64] >> (i % 64) & 1
}
