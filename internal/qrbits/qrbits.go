// Package qrbits corrects the modules of a QR code and returns its codewords
// (ISO/IEC 18004, model 2, versions 1 to 40). It knows nothing of pictures: it is
// given how surely each module is dark or light, and answers with bytes that the
// error correction vouches for, or with what it is still unsure of.
//
//	s := qrbits.New(version)
//	if s.Try(soft, false) || s.Try(soft, true) { use s.Message() }
//
// # What is soft about it
//
// A module is a number: positive for dark, negative for light, near 0 for
// unknown. Format and version information are the code whose bits agree best, not
// the nearest in bits alone. A block of codewords is first corrected from errors,
// and when asked also with its least certain codewords erased, which doubles what
// can be corrected where glare or a stain shows as uncertainty. A block that was
// corrected stays known, and with it the modules it covers: Known hands them to
// whoever wants to learn from them how the picture was blurred.
//
// # Why a wrong payload does not pass
//
// Every correction leaves evidence: the check symbols that were not used up. A
// random word passes a block with a probability of 2 to the minus Evidence. The
// numbers of correctable errors are those of the standard, which for small symbols
// are lower than the algebra allows; with erasures two check symbols stay unused
// in each block, and the blocks of a symbol must together show 40 bits. The
// corrected symbol must then agree with the modules as they were seen.
package qrbits

// Message is a corrected symbol.
type Message struct {
	Version  int
	Level    int    // 0 L, 1 M, 2 Q, 3 H
	Mask     int    // 0 to 7
	Data     []byte // the data codewords of all blocks, in order
	Modules  []int8 // the corrected symbol, row by row: 1 dark, -1 light
	Evidence float64
}

const (
	erasedEvidence = 40  // bits; of a symbol with erased codewords
	plainEvidence  = 26  // bits; the smallest symbols have little more
	agreement      = 0.7 // of the corrected modules with those seen, weighed by their certainty
)

// Symbol is one symbol under correction. It is not safe for concurrent use.
type Symbol struct {
	Version int
	Size    int // modules along one side

	function []int8  // 1 dark, -1 light, 0 data, 2 format or version information
	order    []int32 // the data modules in the order of their bits

	formats map[int]*blocks // what is known under each format tried
	message *Message
	sure    []int8 // the whole corrected symbol, once there is one
}

// New prepares a symbol of a version from 1 to 40.
func New(version int) *Symbol {
	s := &Symbol{Version: version, Size: 17 + 4*version, formats: make(map[int]*blocks)}
	s.function = functions(version)
	s.order = zigzag(s.function, s.Size)
	return s
}

// Message returns the corrected symbol, nil before there is one.
func (s *Symbol) Message() *Message { return s.message }

// Try corrects the symbol from how dark its modules are, row by row, with erasures
// if asked. What was corrected in part is kept for the next try.
func (s *Symbol) Try(soft []float32, erase bool) bool {
	if s.message != nil {
		return true
	}
	if len(soft) != s.Size*s.Size {
		return false
	}
	tries := 1
	if erase {
		tries = 3
	}
	for _, f := range s.likelyFormats(soft, tries) {
		b := s.formats[f]
		if b == nil {
			b = newBlocks(s, f>>3, f&7)
			s.formats[f] = b
		}
		b.load(s, soft)
		if b.correct(erase) && s.accept(b, soft) {
			return true
		}
	}
	return false
}

// accept takes a corrected symbol whose evidence is enough and which looks like
// what was seen.
func (s *Symbol) accept(b *blocks, soft []float32) bool {
	evidence, erased := 0.0, false
	for _, k := range b.list {
		evidence += k.evidence
		erased = erased || k.erased
	}
	if evidence < plainEvidence || erased && evidence < erasedEvidence {
		b.forget()
		return false
	}
	sure := b.modules(s)
	if agree(sure, soft) < agreement {
		b.forget()
		return false
	}
	s.sure = sure
	s.message = &Message{Version: s.Version, Level: b.level, Mask: b.mask, Data: b.data(), Modules: sure, Evidence: evidence}
	return true
}

// agree weighs how far the corrected modules have the sign of those seen.
func agree(sure []int8, soft []float32) float64 {
	var same, all float64
	for i, v := range soft {
		w := float64(min(max(v, -v), 1))
		all += w
		if (v > 0) == (sure[i] > 0) {
			same += w
		}
	}
	if all == 0 {
		return 0
	}
	return same / all
}

// Known returns what is certain of the modules: 1 dark, -1 light, 0 not known.
// Patterns are always, data once their blocks were corrected.
func (s *Symbol) Known() []int8 {
	if s.sure != nil {
		return s.sure
	}
	known := make([]int8, len(s.function))
	for i, f := range s.function {
		if f == 1 || f == -1 {
			known[i] = f
		}
	}
	var best *blocks
	for _, b := range s.formats {
		if b.done() > 0 && (best == nil || b.done() > best.done()) {
			best = b
		}
	}
	if best != nil {
		best.mark(s, known)
	}
	return known
}
