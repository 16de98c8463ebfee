package qrsample

import "math"

// frame is a finder pattern with its own affine map: a place at (u, v) modules from
// its middle is at mid + u·ax + v·ay.
type frame struct {
	mid, ax, ay point
	light       bool
	score       float64 // correlation with the pattern, at most 1
	seen        int
}

func (f *frame) place(u, v float64) point {
	return point{f.mid.x + u*f.ax.x + v*f.ay.x, f.mid.y + u*f.ax.y + v*f.ay.y}
}

// modules is where a step in the picture leads in the frame.
func (f *frame) modules(d point) point {
	det := f.ax.cross(f.ay)
	return point{d.cross(f.ay) / det, f.ax.cross(d) / det}
}

// size is the geometric mean of the module's sides.
func (f *frame) size() float64 { return math.Sqrt(math.Abs(f.ax.cross(f.ay))) }

// side samples of the template along each axis, at half modules: 9 modules, since
// the ring around the pattern is always light.
const side = 18

// template is the blurred pattern, with what inverse-compositional alignment (Baker
// and Matthews 2004) needs of it: since the template stands still and the picture
// is warped, its derivatives and their inverse are the same for every picture.
type template struct {
	value [side * side]float32    // mean 0, length 1
	step  [6][side * side]float32 // rows of the pseudo-inverse
}

var finder = newTemplate()

func newTemplate() *template {
	t := new(template)
	var jac [6][side * side]float64
	for i := range side * side {
		u, v := coordinate(i%side), coordinate(i/side)
		const h = 0.05
		gu := (pattern(u+h, v) - pattern(u-h, v)) / (2 * h)
		gv := (pattern(u, v+h) - pattern(u, v-h)) / (2 * h)
		t.value[i] = float32(pattern(u, v))
		for k, d := range [6]float64{gu * u, gu * v, gu, gv * u, gv * v, gv} {
			jac[k][i] = d
		}
	}
	length := normalise(t.value[:])
	for k := range jac { // what brightness and contrast explain is not motion
		var mean, along float64
		for _, d := range jac[k] {
			mean += d / (side * side)
		}
		for i := range jac[k] {
			jac[k][i] = (jac[k][i] - mean) / length
			along += jac[k][i] * float64(t.value[i])
		}
		for i := range jac[k] {
			jac[k][i] -= along * float64(t.value[i])
		}
	}
	normal := make([]float64, 36)
	for a := range 6 {
		for b := range 6 {
			for i := range side * side {
				normal[a*6+b] += jac[a][i] * jac[b][i]
			}
		}
	}
	for i := range side * side {
		right := make([]float64, 6)
		for k := range 6 {
			right[k] = jac[k][i]
		}
		solve(append([]float64(nil), normal...), right)
		for k := range 6 {
			t.step[k][i] = float32(right[k])
		}
	}
	return t
}

func coordinate(i int) float64 { return (float64(i) - (side-1)/2.0) / 2 }

// pattern is the finder pattern after a Gaussian blur of half a module: 1 dark, 0
// light. It is a sum of squares, and a blurred square is a product of two edges.
func pattern(u, v float64) float64 {
	square := func(r float64) float64 {
		edge := func(x float64) float64 {
			return (math.Erf((r-x)/(0.5*math.Sqrt2)) + math.Erf((r+x)/(0.5*math.Sqrt2))) / 2
		}
		return edge(u) * edge(v)
	}
	return square(3.5) - square(2.5) + square(1.5)
}

// normalise gives values mean 0 and length 1 and returns the length they had.
func normalise(v []float32) float64 {
	var sum, squares float64
	for _, x := range v {
		sum += float64(x)
	}
	mean := float32(sum / float64(len(v)))
	for i := range v {
		v[i] -= mean
		squares += float64(v[i] * v[i])
	}
	length := math.Sqrt(squares)
	if length > 1e-6 {
		f := float32(1 / length)
		for i := range v {
			v[i] *= f
		}
	}
	return length
}

// sample looks at the picture through the frame; dark is high.
func (f *frame) sample(g Gray, v *[side * side]float32) {
	for i := range side * side {
		v[i] = -g.at(f.place(coordinate(i%side), coordinate(i/side)))
	}
	if f.light {
		for i := range v {
			v[i] = -v[i]
		}
	}
	normalise(v[:])
}

// coarse correlates a quarter of the samples, which is enough to choose an angle.
func (f *frame) coarse(g Gray) float64 {
	var sum, squares, like, drift float32
	for j := 1; j < side; j += 2 {
		for i := 1; i < side; i += 2 {
			v, t := -g.at(f.place(coordinate(i), coordinate(j))), finder.value[j*side+i]
			sum += v
			squares += v * v
			like += v * t
			drift += t
		}
	}
	const n = side * side / 4
	like -= drift * sum / n
	if f.light {
		like = -like
	}
	if variance := squares - sum*sum/n; variance > 1 {
		return 2 * float64(like) / math.Sqrt(float64(variance)) // a quarter of the template has half its length
	}
	return 0
}

func (f *frame) correlate(v *[side * side]float32) float64 {
	var s float32
	for i, t := range &finder.value {
		s += t * v[i]
	}
	return float64(s)
}

// settle moves the frame to where the picture looks most like the pattern.
func (f *frame) settle(g Gray, rounds int) {
	var v [side * side]float32
	best := *f
	best.score = -1
	for round := range rounds {
		f.sample(g, &v)
		f.score = f.correlate(&v)
		if f.score > best.score {
			best = *f
		}
		if round == 3 && best.score < 0.45 {
			break
		}
		// The residual against the template, divided by the correlation: the part of
		// the picture that looks like the pattern is its gain.
		gain := float32(1 / max(f.score, 0.3))
		var d [6]float64
		moved := 0.0
		for k := range d {
			var s float32
			for i, w := range &finder.step[k] {
				s += w * v[i]
			}
			d[k] = float64(s * gain)
			moved += d[k] * d[k]
		}
		if !f.compose(d) || moved < 1e-5 {
			break
		}
	}
	f.sample(g, &v)
	if f.score = f.correlate(&v); f.score < best.score {
		*f = best
	}
}

// compose applies the inverse of a small motion of the template.
func (f *frame) compose(d [6]float64) bool {
	for i := range d {
		d[i] = min(max(d[i], -0.4), 0.4)
	}
	a, b, c, e := 1+d[0], d[1], d[3], 1+d[4]
	det := a*e - b*c
	if det < 0.3 {
		return false
	}
	ia, ib, ic, ie := e/det, -b/det, -c/det, a/det
	mu, mv := -(ia*d[2] + ib*d[5]), -(ic*d[2] + ie*d[5])
	f.mid = f.place(mu, mv)
	f.ax, f.ay = point{f.ax.x*ia + f.ay.x*ic, f.ax.y*ia + f.ay.y*ic}, point{f.ax.x*ib + f.ay.x*ie, f.ax.y*ib + f.ay.y*ie}
	s := f.size()
	return s > 0.8 && s < 400 && !math.IsNaN(s)
}

// framed turns a candidate into a frame: the angle that correlates best, settled. A
// loose candidate has its module tried in three sizes.
func framed(g Gray, c candidate) frame {
	var best frame
	best.score = -1
	sizes := []float64{1}
	if c.loose {
		sizes = []float64{1, 0.84, 1.19}
	}
	for _, size := range sizes {
		for k := -3; k < 3; k++ {
			sin, cos := math.Sincos(float64(k) * math.Pi / 12)
			m := math.Sqrt(c.across*c.down) * size
			if !c.loose {
				m *= cos // what was measured along a row is longer
			}
			f := frame{mid: c.at, ax: point{m * cos, m * sin}, ay: point{-m * sin, m * cos}, light: c.light, seen: c.seen}
			if f.score = f.coarse(g); f.score > best.score {
				best = f
			}
		}
	}
	if best.score > 0.3 {
		best.settle(g, 10)
	}
	return best
}
