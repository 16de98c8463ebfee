package qrsample

// A blurred module is a sum of its neighbours. How much of each is not known, but
// can be learned from the picture itself: guess the modules, find the 5 × 5 weights
// that explain what is seen, find the modules that explain it better, and again.
// Patterns and corrected blocks are never guesses.

const (
	ring  = 2 // light modules around the symbol that take part
	taps  = 5
	span  = taps / 2
	ridge = 0.005
)

// equaliser undoes the blur of one symbol.
type equaliser struct {
	n      int       // modules along one side, ring included
	seen   []float32 // with a ring of width span around that is never solved for
	guess  []float32
	fixed  []bool
	kernel [taps * taps]float32
	offset float32
}

// newEqualiser starts from how dark the modules look; known has the ring too.
func newEqualiser(soft []float32, n int, known []int8) *equaliser {
	e := &equaliser{n: n, seen: soft, guess: make([]float32, n*n), fixed: make([]bool, n*n)}
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

// estimate finds the weights that explain what is seen by least squares.
func (e *equaliser) estimate() bool {
	const m = taps*taps + 1
	normal, right := make([]float64, m*m), make([]float64, m)
	sums := make([]float32, m*m)
	var row [m]float32
	row[m-1] = 1
	for y := span; y < e.n-span; y++ {
		clear(sums)
		for x := span; x < e.n-span; x++ {
			for k := range taps {
				part := e.guess[(y+k-span)*e.n+x-span:]
				for j := range taps {
					row[k*taps+j] = hard(part[j])
				}
			}
			v := e.seen[y*e.n+x]
			for i, a := range row {
				out := sums[i*m : i*m+i+1]
				for j := range out {
					out[j] += a * row[j]
				}
				right[i] += float64(a * v)
			}
		}
		for i, v := range sums {
			normal[i] += float64(v)
		}
	}
	for i := range m {
		for j := range i {
			normal[j*m+i] = normal[i*m+j]
		}
		normal[i*m+i] += ridge * float64(e.n*e.n)
	}
	if !solve(normal, right) {
		return false
	}
	for i := range e.kernel {
		e.kernel[i] = float32(right[i])
	}
	e.offset = float32(right[m-1])
	return true
}

func hard(v float32) float32 {
	if v > 0 {
		return 1
	}
	return -1
}

// resolve finds the modules, between −1 and 1, that explain what is seen: sweeps of
// Gauss and Seidel over all that are not fixed.
func (e *equaliser) resolve(sweeps int) {
	rest := e.residual()
	var energy float32
	for _, k := range e.kernel {
		energy += k * k
	}
	energy += ridge
	for range sweeps {
		for y := span; y < e.n-span; y++ {
			for x := span; x < e.n-span; x++ {
				at := y*e.n + x
				if e.fixed[at] {
					continue
				}
				// A module at (x, y) weighs kernel[k] in what is seen k to its other side.
				corner := at + span*e.n + span
				slope := -ridge * e.guess[at]
				for k := range taps {
					r := rest[corner-k*e.n-taps+1 : corner-k*e.n+1]
					h := e.kernel[k*taps : k*taps+taps]
					slope += h[0]*r[4] + h[1]*r[3] + h[2]*r[2] + h[3]*r[1] + h[4]*r[0]
				}
				now := min(max(e.guess[at]+slope/energy, -1), 1)
				d := now - e.guess[at]
				if d == 0 {
					continue
				}
				e.guess[at] = now
				for k := range taps {
					r := rest[corner-k*e.n-taps+1 : corner-k*e.n+1]
					h := e.kernel[k*taps : k*taps+taps]
					r[4] -= d * h[0]
					r[3] -= d * h[1]
					r[2] -= d * h[2]
					r[1] -= d * h[3]
					r[0] -= d * h[4]
				}
			}
		}
	}
}

// residual is what the guess does not explain; 0 where the weights reach outside.
func (e *equaliser) residual() []float32 {
	rest := make([]float32, len(e.seen))
	for y := span; y < e.n-span; y++ {
		for x := span; x < e.n-span; x++ {
			v := e.seen[y*e.n+x] - e.offset
			for k := range taps {
				part := e.guess[(y+k-span)*e.n+x-span:]
				for j := range taps {
					v -= e.kernel[k*taps+j] * part[j]
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
