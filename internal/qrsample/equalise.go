package qrsample

// A blurred module is a sum of its neighbours. How much of each is not known, but
// can be learned from the picture itself: guess the modules, find the 5 × 5 weights
// that explain what is seen, find the modules that explain it better, and again.
// Patterns and corrected blocks are never guesses.

const (
	ring = 2 // light modules around the symbol that take part
	taps = 5
	span = taps / 2

	// Both must be small: ten times more, and strong blur is never undone.
	ridge    = 0.001
	learning = 0.0003
)

// equaliser undoes the blur of one symbol.
type equaliser struct {
	n      int // modules along one side, ring included
	planes []*plane
	guess  []float32
	fixed  []bool
}

// plane is the symbol seen at one offset from the middles of its modules.
type plane struct {
	seen   []float32
	kernel [taps * taps]float32
	offset float32
	energy float32
	rest   []float32 // what the guess does not explain
}

// newEqualiser starts from how dark the modules look; known has the ring too.
func newEqualiser(soft []float32, n int, known []int8) *equaliser {
	e := &equaliser{n: n, planes: []*plane{{seen: soft}}, guess: make([]float32, n*n), fixed: make([]bool, n*n)}
	for i, v := range soft {
		e.guess[i] = min(max(v, -1), 1)
	}
	e.learn(known)
	return e
}

// learn fixes what is known.
func (e *equaliser) learn(known []int8) {
	for i, k := range known {
		if k != 0 {
			e.fixed[i], e.guess[i] = true, float32(k)
		}
	}
}

// estimate finds the weights of each plane. Out of focus or moved, a camera blurs
// the same to both sides: seen from the middles of the modules, weights that face
// each other are one unknown.
func (e *equaliser) estimate() bool {
	for _, p := range e.planes {
		if len(e.planes) == 1 && !e.even(p) || len(e.planes) > 1 && !e.free(p) {
			return false
		}
		p.energy = 0
		for _, k := range p.kernel {
			p.energy += k * k
		}
	}
	return true
}

func (e *equaliser) even(p *plane) bool {
	const half = taps * taps / 2
	x, ok := e.fit(p, half+2, func(part *[taps * taps]float32, row []float32, w float32) {
		for i := range half {
			row[i] = (part[i] + part[taps*taps-1-i]) * w
		}
		row[half], row[half+1] = part[half]*w, w
	})
	if !ok {
		return false
	}
	for i := range half {
		p.kernel[i], p.kernel[taps*taps-1-i] = float32(x[i]), float32(x[i])
	}
	p.kernel[half], p.offset = float32(x[half]), float32(x[half+1])
	return true
}

func (e *equaliser) free(p *plane) bool {
	x, ok := e.fit(p, taps*taps+1, func(part *[taps * taps]float32, row []float32, w float32) {
		for i, v := range part {
			row[i] = v * w
		}
		row[taps*taps] = w
	})
	if !ok {
		return false
	}
	for i := range p.kernel {
		p.kernel[i] = float32(x[i])
	}
	p.offset = float32(x[taps*taps])
	return true
}

// fit solves for m weights by least squares. What is seen counts as much as the guesses around it are
// sure: wrong ones would make the blur look weaker than it is.
func (e *equaliser) fit(p *plane, m int, fill func(part *[taps * taps]float32, row []float32, w float32)) ([]float64, bool) {
	normal, right := make([]float64, m*m), make([]float64, m)
	sums, row := make([]float32, m*m), make([]float32, m)
	var part [taps * taps]float32
	for y := span; y < e.n-span; y++ {
		clear(sums)
		for x := span; x < e.n-span; x++ {
			var sure float32
			for k := range taps {
				from := e.guess[(y+k-span)*e.n+x-span:]
				for j := range taps {
					v := hard(from[j])
					part[k*taps+j] = v
					sure += from[j] * v
				}
			}
			w := sure / (taps * taps)
			w *= w
			w *= w
			w *= w
			fill(&part, row, w)
			accumulate(sums, right, row, p.seen[y*e.n+x]*w)
		}
		for i, v := range sums {
			normal[i] += float64(v)
		}
	}
	for i := range m {
		for j := range i {
			normal[j*m+i] = normal[i*m+j]
		}
		normal[i*m+i] += learning * float64(e.n*e.n)
	}
	return right, solve(normal, right)
}

func accumulate(sums []float32, right []float64, row []float32, v float32) {
	for i, a := range row {
		out := sums[i*len(row) : i*len(row)+i+1]
		for j := range out {
			out[j] += a * row[j]
		}
		right[i] += float64(a * v)
	}
}

func hard(v float32) float32 {
	if v > 0 {
		return 1
	}
	return -1
}

// resolve finds the modules, between −1 and 1, that explain what is seen: sweeps of
// Gauss and Seidel over all that are not fixed. It returns how many turned from dark
// to light or back.
func (e *equaliser) resolve(sweeps int) (turned int) {
	before := append([]float32(nil), e.guess...)
	energy := float32(ridge)
	for _, p := range e.planes {
		p.rest = e.residual(p)
		energy += p.energy
	}
	for range sweeps {
		for y := span; y < e.n-span; y++ {
			for x := span; x < e.n-span; x++ {
				at := y*e.n + x
				if e.fixed[at] {
					continue
				}
				slope := -ridge * e.guess[at]
				for _, p := range e.planes {
					slope += p.slope(at, e.n)
				}
				now := min(max(e.guess[at]+slope/energy, -1), 1)
				d := now - e.guess[at]
				if d == 0 {
					continue
				}
				e.guess[at] = now
				for _, p := range e.planes {
					p.move(at, e.n, d)
				}
			}
		}
	}
	for i, v := range e.guess {
		if (v > 0) != (before[i] > 0) {
			turned++
		}
	}
	return turned
}

// slope is how much a module would have to be darker to explain the rest. A module
// weighs kernel[k] in what is seen k to its other side.
func (p *plane) slope(at, n int) (slope float32) {
	corner := at + span*n + span
	for k := range taps {
		r := p.rest[corner-k*n-taps+1 : corner-k*n+1]
		h := p.kernel[k*taps : k*taps+taps]
		slope += h[0]*r[4] + h[1]*r[3] + h[2]*r[2] + h[3]*r[1] + h[4]*r[0]
	}
	return slope
}

// move takes what a module's change explains from the rest.
func (p *plane) move(at, n int, d float32) {
	corner := at + span*n + span
	for k := range taps {
		r := p.rest[corner-k*n-taps+1 : corner-k*n+1]
		h := p.kernel[k*taps : k*taps+taps]
		r[4] -= d * h[0]
		r[3] -= d * h[1]
		r[2] -= d * h[2]
		r[1] -= d * h[3]
		r[0] -= d * h[4]
	}
}

// residual is what the guess does not explain; 0 where the weights reach outside.
func (e *equaliser) residual(p *plane) []float32 {
	rest := make([]float32, len(p.seen))
	for y := span; y < e.n-span; y++ {
		for x := span; x < e.n-span; x++ {
			v := p.seen[y*e.n+x] - p.offset
			for k := range taps {
				part := e.guess[(y+k-span)*e.n+x-span:]
				for j := range taps {
					v -= p.kernel[k*taps+j] * part[j]
				}
			}
			rest[y*e.n+x] = v
		}
	}
	return rest
}

// widen puts a ring of light modules around.
func widen(known []int8, n int) []int8 {
	w := n + 2*ring
	out := make([]int8, w*w)
	for i := range out {
		out[i] = -1
	}
	for y := range n {
		copy(out[(y+ring)*w+ring:], known[y*n:(y+1)*n])
	}
	return out
}

// inner takes the ring away again.
func inner(v []float32, n int) []float32 {
	w := n + 2*ring
	out := make([]float32, 0, n*n)
	for y := range n {
		out = append(out, v[(y+ring)*w+ring:(y+ring)*w+ring+n]...)
	}
	return out
}
