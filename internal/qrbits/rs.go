package qrbits

// Reed–Solomon over GF(256) with the polynomial x⁸+x⁴+x³+x²+1 and the roots
// 1, α, α², … (ISO/IEC 18004, "error correction").

var powers, logs = field()

func field() (powers [510]byte, logs [256]int) {
	x := 1
	for i := range 255 {
		powers[i], powers[i+255] = byte(x), byte(x)
		logs[x] = i
		if x <<= 1; x > 255 {
			x ^= 0x11D
		}
	}
	return powers, logs
}

func times(a, b byte) byte {
	if a == 0 || b == 0 {
		return 0
	}
	return powers[logs[a]+logs[b]]
}

// over divides; b is not 0.
func over(a, b byte) byte {
	if a == 0 {
		return 0
	}
	return powers[logs[a]+255-logs[b]]
}

// at evaluates a polynomial whose coefficients ascend.
func at(p []byte, x byte) (v byte) {
	for i := len(p) - 1; i >= 0; i-- {
		v = times(v, x) ^ p[i]
	}
	return v
}

// syndromes evaluates the word at the roots of the code.
func syndromes(word []byte, checks int) (s []byte, clean bool) {
	s = make([]byte, checks)
	clean = true
	for i := range s {
		v := byte(0)
		for _, c := range word {
			if v != 0 {
				v = powers[logs[v]+i]
			}
			v ^= c
		}
		s[i] = v
		clean = clean && v == 0
	}
	return s, clean
}

// repair corrects word in place: at most t errors beside the erased positions. It
// returns how many errors there were, or false and a word as it was.
func repair(word []byte, checks, t int, erased []int) (errors int, ok bool) {
	s, clean := syndromes(word, checks)
	if clean {
		return 0, true
	}
	n := len(word)
	// The locator starts with the erasures and is extended by Berlekamp–Massey.
	locator := []byte{1}
	for _, p := range erased {
		locator = multiply(locator, []byte{1, powers[(n-1-p)%255]})
	}
	locator = massey(locator, s, len(erased))
	errors = len(locator) - 1 - len(erased)
	if errors < 0 || errors > t {
		return 0, false
	}
	return errors, forney(word, locator, s)
}

func multiply(a, b []byte) []byte {
	out := make([]byte, len(a)+len(b)-1)
	for i, x := range a {
		for j, y := range b {
			out[i+j] ^= times(x, y)
		}
	}
	return out
}

// massey finds the shortest locator with the given start that fits the syndromes.
func massey(start, s []byte, erased int) []byte {
	c := append([]byte(nil), start...)
	b := append([]byte(nil), start...)
	length := erased
	for k := erased; k < len(s); k++ {
		var d byte
		for i := 0; i < len(c) && i <= k; i++ {
			d ^= times(c[i], s[k-i])
		}
		b = append([]byte{0}, b...)
		if d == 0 {
			continue
		}
		t := make([]byte, max(len(c), len(b)))
		copy(t, c)
		for i, v := range b {
			t[i] ^= times(d, v)
		}
		if 2*length <= k+erased {
			length = k + 1 + erased - length
			for i, v := range c {
				c[i] = over(v, d)
			}
			b = c
		}
		c = t
	}
	for len(c) > 1 && c[len(c)-1] == 0 {
		c = c[:len(c)-1]
	}
	return c
}

// forney finds the places that the locator names and the values to add there. It
// checks that each is inside the word and that the word is then clean.
func forney(word, locator, s []byte) bool {
	n := len(word)
	evaluator := multiply(s, locator)[:len(s)]
	var derivative []byte // of the locator: odd terms, one down
	for i := 1; i < len(locator); i++ {
		v := byte(0)
		if i%2 == 1 {
			v = locator[i]
		}
		derivative = append(derivative, v)
	}
	fixed := append([]byte(nil), word...)
	roots := 0
	for p := range word {
		e := n - 1 - p
		inverse := powers[(255-e%255)%255]
		if at(locator, inverse) != 0 {
			continue
		}
		slope := at(derivative, inverse)
		if slope == 0 {
			return false
		}
		roots++
		fixed[p] ^= times(powers[e%255], over(at(evaluator, inverse), slope))
	}
	if roots != len(locator)-1 {
		return false
	}
	if _, clean := syndromes(fixed, len(s)); !clean {
		return false
	}
	copy(word, fixed)
	return true
}
