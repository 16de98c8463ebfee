package qrbits

import (
	"cmp"
	"math"
	"slices"
)

// block is one Reed–Solomon block under a format.
type block struct {
	seen     []byte    // as last loaded
	sureness []float32 // of each codeword: that of its least certain bit
	place    []int     // of each codeword in the interleaved stream
	word     []byte    // corrected; nil before
	erased   bool
	evidence float64
}

// blocks are those of a whole symbol.
type blocks struct {
	level, mask, version int
	checks               int
	list                 []*block
}

func newBlocks(s *Symbol, level, mask int) *blocks {
	b := &blocks{level: level, mask: mask, version: s.Version, checks: int(checks[level][s.Version])}
	count, total := int(counts[level][s.Version]), len(s.order)/8
	short := total / count // codewords of the first blocks; the last ones have one more
	long := total % count
	for i := range count {
		n := short
		if i >= count-long {
			n++
		}
		b.list = append(b.list, &block{seen: make([]byte, n), sureness: make([]float32, n), place: make([]int, n)})
	}
	b.interleave(short - b.checks)
	return b
}

// interleave tells each codeword its place: first codewords of all blocks, second
// ones, …; then the check symbols likewise.
func (b *blocks) interleave(shortData int) {
	next := 0
	for i := range shortData + 1 {
		for _, k := range b.list {
			if i < len(k.seen)-b.checks {
				k.place[i] = next
				next++
			}
		}
	}
	for i := range b.checks {
		for _, k := range b.list {
			k.place[len(k.seen)-b.checks+i] = next
			next++
		}
	}
}

// load takes the codewords as they are seen now into the blocks not yet corrected.
func (b *blocks) load(s *Symbol, soft []float32) {
	for _, k := range b.list {
		if k.word != nil {
			continue
		}
		for i, p := range k.place {
			var c byte
			sure := float32(math.MaxFloat32)
			for _, at := range s.order[8*p : 8*p+8] {
				v := soft[at]
				if masked(b.mask, int(at)%s.Size, int(at)/s.Size) {
					v = -v
				}
				c <<= 1
				if v > 0 {
					c |= 1
				}
				sure = min(sure, max(v, -v))
			}
			k.seen[i], k.sureness[i] = c, sure
		}
	}
}

// correct corrects the blocks that are still open and reports whether all are done.
func (b *blocks) correct(erase bool) bool {
	reserved := misdecode(b.version, b.level)
	all := true
	for _, k := range b.list {
		if k.word == nil && !k.plain(b.checks, reserved) && (!erase || !k.erase(b.checks, reserved)) {
			all = false
		}
	}
	return all
}

func (k *block) plain(checks, reserved int) bool {
	word := append([]byte(nil), k.seen...)
	errors, ok := repair(word, checks, (checks-reserved)/2, nil)
	if ok {
		k.word, k.erased, k.evidence = word, false, evidence(len(word), checks, 0, errors)
	}
	return ok
}

// erase gives up the least certain codewords, ever more of them; two check symbols
// always stay unused.
func (k *block) erase(checks, reserved int) bool {
	worst := make([]int, len(k.seen))
	for i := range worst {
		worst[i] = i
	}
	slices.SortStableFunc(worst, func(a, b int) int { return cmp.Compare(k.sureness[a], k.sureness[b]) })
	most := checks - max(reserved, 4)
	for _, n := range []int{checks / 4, checks / 2, 3 * checks / 4, most} {
		if n <= 0 || n > most {
			continue
		}
		word := append([]byte(nil), k.seen...)
		errors, ok := repair(word, checks, (checks-n-2)/2, worst[:n])
		if ok {
			k.word, k.erased, k.evidence = word, true, evidence(len(word), checks, n, errors)
			return true
		}
	}
	return false
}

// evidence is how many bits a random word falls short of passing with so many
// erasures and errors: check symbols not used, less the ways to choose the errors.
func evidence(n, checks, erased, errors int) float64 {
	ways := 0.0
	for i := range errors {
		ways += math.Log2(float64(n-erased-i) / float64(i+1))
	}
	return 8*float64(checks-erased-errors) - ways
}

func (b *blocks) done() (n int) {
	for _, k := range b.list {
		if k.word != nil {
			n++
		}
	}
	return n
}

// forget drops what too little evidence speaks for.
func (b *blocks) forget() {
	for _, k := range b.list {
		k.word = nil
	}
}

func (b *blocks) data() (out []byte) {
	for _, k := range b.list {
		out = append(out, k.word[:len(k.word)-b.checks]...)
	}
	return out
}

// mark writes the modules of corrected codewords into known.
func (b *blocks) mark(s *Symbol, known []int8) {
	for _, k := range b.list {
		for i, c := range k.word {
			for j, at := range s.order[8*k.place[i] : 8*k.place[i]+8] {
				dark := c>>(7-j)&1 == 1
				if masked(b.mask, int(at)%s.Size, int(at)/s.Size) {
					dark = !dark
				}
				known[at] = -1
				if dark {
					known[at] = 1
				}
			}
		}
	}
	for i, f := range levels {
		if f == b.level {
			s.markFormat(formatBits(i<<3|b.mask), known)
		}
	}
}

func (s *Symbol) markFormat(bits int, known []int8) {
	n := s.Size
	for _, copies := range formatPlaces(n) {
		for i, p := range copies {
			known[p[1]*n+p[0]] = int8(2*(bits>>(14-i)&1) - 1)
		}
	}
	if s.Version < 7 {
		return
	}
	bits = versionBits(s.Version)
	for i := range 18 {
		v := int8(2*(bits>>i&1) - 1)
		known[i/3*n+n-11+i%3], known[(n-11+i%3)*n+i/3] = v, v
	}
}

// modules draws the whole symbol from its corrected blocks. The few remainder
// modules are light before masking.
func (b *blocks) modules(s *Symbol) []int8 {
	out := make([]int8, len(s.function))
	copy(out, s.function)
	for _, at := range s.order[len(s.order)/8*8:] {
		out[at] = -1
		if masked(b.mask, int(at)%s.Size, int(at)/s.Size) {
			out[at] = 1
		}
	}
	b.mark(s, out)
	return out
}
