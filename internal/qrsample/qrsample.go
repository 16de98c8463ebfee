// Package qrsample finds QR codes in grey pictures, flattens them, and reads them
// with package qrbits. It knows nothing of files, colours and text.
//
// # How it looks
//
// Ever more is spent, until something is read:
//
//	rows        lines 1 : 1 : 3 : 1 : 1 on every second or third row, then at half size
//	frames      each finder pattern as an affine map, settled by correlation
//	trios       three frames whose axes point at each other; their version
//	sheets      the symbol flattened through a homography, 5 pixels per module
//	alignment   all alignment patterns, a new homography, a spline for bent cards
//	dense       finder patterns by template, where blur has eaten the edges; at a quarter
//	            of the size once after a symbol was read, for another that rows do not show
//	thirds      the third pattern where two leave few places for it
//	deep        other phases, patches shifted, blur undone, unsure codewords erased
//
// The picture is never made black and white: thresholds only place edges, between
// pixels, and a module is a mean grey compared with the dark and the light modules
// around it.
//
// # What carries it
//
// Rows compare distances between edges of the same kind, which blur and a wrong
// threshold move together; so every third row is enough, and a picture of twelve
// megapixels costs what is spent on its rows. Everything later happens near what the
// rows found, or on the flat sheet.
//
// A finder pattern settled as an affine map gives a module's size and direction at
// its place. The distance of two patterns divided by the geometric mean of both sizes
// is their number of modules under any perspective, and the axes of two patterns of
// one symbol point at each other. Few wrong threes pass that, and two patterns fix a
// homography well enough to find the alignment patterns without the third.
//
// Blur that leaves no edge still leaves a dark spot in a grey ring in a lighter
// surrounding. The ring and the dark border around it may become one grey, so the
// dense search asks for the spot and the surroundings, and the correlation that
// follows for the whole pattern.
//
// The equaliser learns the blur from its own guesses. Three things decide whether it
// converges: what is seen counts by how sure the guesses around it are (to the eighth
// power), weights that face each other are one unknown, and both regularisations are
// tiny. When it has settled and the symbol still does not correct, what is seen
// between the middles of the modules helps against motion.
//
// Unsure codewords are erased: those whose modules lie where dark and light are
// hardly apart, or in patches of a single kind, which glare and stains make and no
// mask leaves.
//
// # What it costs
//
// Each walk keeps 400 candidates at most, a picture 128 frames, each frame 24
// neighbours, a step 24 threes in vain, a picture 96 attempts for later, five deep ones
// and 32 symbols. All attempts share the memory of one sheet.
// The equaliser's rounds are counted, and the context is looked at between and within
// the steps. Pictures without a code end
// after the dense search, unless something there looks like two patterns of a symbol.
//
// Known limits: strong blur (a standard deviation of nine tenths of a module and
// more), a blurred symbol of less than six pixels per module beside one that was easy
// to read, or any such in a picture of more than four megapixels, motion over two modules, symbols of which glare took more codewords than
// their level of correction allows, Micro QR and rMQR.
package qrsample

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/qrbits"
)

// Symbol is a code that was read.
type Symbol struct {
	qrbits.Message
	Corners  [4][2]float64 // top left, top right, bottom right, bottom left, in pixels
	Mirrored bool
}

// reading is the work on one picture.
type reading struct {
	ctx    context.Context
	levels []Gray
	frames []frame
	tried  map[[6]int]bool
	found  []Symbol
	open   []*attempt
	spare  *sheet
	looked bool // for others

	deepened []*attempt
	effort   int // modules times rounds that the equaliser may still take
}

const (
	maxSymbols = 32 // in one picture
	maxFailed  = 24 // threes tried in vain at one step
	maxOpen    = 96 // attempts that look like a symbol and wait for more work

	// About half a second: three symbols of version 8 in vain, or one of version 20.
	// A clock would let a busy machine read less.
	maxEffort = 500_000
)

// Read finds and reads the codes of a picture.
func Read(ctx context.Context, g Gray) []Symbol {
	if g.W < 21 || g.H < 21 {
		return nil
	}
	if found := read(ctx, g); len(found) > 0 || g.W*g.H > tiny || ctx.Err() != nil {
		return found
	}
	const times, border = 3, 4
	found := read(ctx, g.enlarged(times, border))
	for i := range found {
		for k, c := range found[i].Corners {
			found[i].Corners[k] = [2]float64{c[0]/times - border, c[1]/times - border}
		}
	}
	return found
}

// tiny is the number of pixels up to which a picture is read enlarged too.
const tiny = 200_000

func read(ctx context.Context, g Gray) []Symbol { return newReading(ctx, g).run() }

func newReading(ctx context.Context, g Gray) *reading {
	return &reading{ctx: ctx, levels: []Gray{g}, tried: make(map[[6]int]bool), effort: maxEffort}
}

// run takes the steps, each dearer than the one before, until something is read.
func (r *reading) run() []Symbol {
	g := r.levels[0]
	for _, stage := range []func(){
		func() { r.gather(candidates(g, stepFor(g)), 0); r.quick(trios(r.frames)) },
		func() {
			for level := 1; level <= 3 && r.deepEnough(level); level++ {
				r.gather(candidates(r.at(level), stepFor(r.at(level))), level)
			}
			r.quick(trios(r.frames))
		},
		func() {
			for level := 1; level <= 3 && r.deepEnough(level); level++ {
				r.gather(dense(r.at(level), sizesFor(level, r.at(level)), 64>>level, r.over), level)
			}
			r.quick(trios(r.frames))
		},
		func() { r.deep(0.7, 2) },
		func() { r.thirds(12); r.quick(trios(r.frames)) },
		func() { r.quick(pairs(r.frames, 6)) },
		func() { r.deep(0.6, 3) },
	} {
		if stage(); len(r.found) > 0 && !r.more() && !r.others() || r.over() {
			break
		}
	}
	return r.found
}

// others reports whether a further symbol may be there whose edges blur has eaten, so
// that rows show nothing of it. It looks once, and where it costs little: at a quarter
// of the size, where modules of six pixels and more are seen, and not in a picture of
// which the halves alone take longer than the reading.
func (r *reading) others() bool {
	if g := r.levels[0]; r.looked || g.W*g.H > 4_000_000 {
		return false
	}
	r.looked = true
	for level := 2; level <= 3 && r.deepEnough(level); level++ {
		list := dense(r.at(level), sizesFor(level, r.at(level)), 24>>level, r.over)
		r.gather(slices.DeleteFunc(list, func(c candidate) bool { return r.inFound(c.at.scaled(float64(int(1) << level))) }), level)
	}
	r.quick(trios(r.frames))
	return r.more()
}

// sizesFor are the modules, in pixels of a halved picture, that the dense search is
// for. Together the levels reach from three pixels to twenty-three.
func sizesFor(level int, g Gray) []float64 {
	switch {
	case level == 1 && g.W*g.H > 2_000_000:
		return []float64{1.6, 2.3}
	case level == 1:
		return []float64{1.5, 1.9, 2.4, 3}
	case level == 2:
		return []float64{1.8, 2.4, 3.2}
	}
	return []float64{2.1, 2.8}
}

// stepFor is how many rows are passed over: in a large picture a module of two
// pixels is not worth the time.
func stepFor(g Gray) int {
	if g.W*g.H < 700_000 {
		return 2
	}
	return 3
}

// over reports whether the context has ended, or the work that a picture is worth.
func (r *reading) over() bool { return r.effort < 0 || r.ctx.Err() != nil }

// at returns the picture halved so many times.
func (r *reading) at(level int) Gray {
	for len(r.levels) <= level {
		last := r.levels[len(r.levels)-1]
		if last.W < 42 || last.H < 42 {
			return last
		}
		r.levels = append(r.levels, last.half())
	}
	return r.levels[level]
}

// deepEnough reports whether the picture can be halved so many times.
func (r *reading) deepEnough(level int) bool {
	r.at(level)
	return len(r.levels) > level
}

// level picks the size in which a module has about three to six pixels, and how the
// picture's places scale to it.
func (r *reading) level(module float64) (Gray, float64) {
	k := 0
	for module > 7 && k < 6 && min(r.at(k).W, r.at(k).H) >= 84 {
		module /= 2
		k++
	}
	return r.at(k), 1 / float64(int(1)<<k)
}

// gather turns candidates of a level into frames of the picture.
func (r *reading) gather(list []candidate, level int) {
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(b.seen, a.seen) })
	scale := float64(int(1) << level)
	for _, c := range list[:min(len(list), 120)] {
		c.at, c.across, c.down = c.at.scaled(scale), c.across*scale, c.down*scale
		if r.known(c) {
			continue
		}
		g, s := r.level(math.Sqrt(c.across * c.down))
		c.at, c.across, c.down = c.at.scaled(s), c.across*s, c.down*s
		f := framed(g, c)
		f = f.scaled(1 / s)
		if f.score > 0.65 && !r.has(f) {
			r.frames = append(r.frames, f)
		}
	}
	slices.SortStableFunc(r.frames, func(a, b frame) int { return cmp.Compare(b.score, a.score) })
	r.frames = r.frames[:min(len(r.frames), maxFrames)]
}

func (r *reading) known(c candidate) bool {
	for i := range r.frames {
		f := &r.frames[i]
		if f.light == c.light && !f.mid.far(c.at, 1.5*f.size()) && f.score > 0.85 {
			return true
		}
	}
	return false
}

func (r *reading) has(n frame) bool {
	for i := range r.frames {
		f := &r.frames[i]
		if f.light == n.light && !f.mid.far(n.mid, 2*f.size()) {
			if n.score > f.score {
				*f = n
			}
			return true
		}
	}
	return false
}

// quick tries the threes of the frames that were not tried yet.
func (r *reading) quick(list []trio) {
	failed := 0
	for i := range list {
		t := &list[i]
		if r.over() || len(r.found) == maxSymbols || failed == maxFailed {
			return
		}
		if r.tried[t.key()] || r.covered(t) {
			continue
		}
		r.tried[t.key()] = true
		if !r.first(t) {
			failed++
		}
	}
}

// first tries the likeliest versions of a three and keeps open what may be a symbol.
func (r *reading) first(t *trio) bool {
	for k, a := range r.guesses(t) {
		if k == 2 {
			break
		}
		if s := a.quick(r); s != nil {
			r.take(a, s)
			return true
		}
		if a.fits > 0.6 {
			r.keep(a)
		}
	}
	return false
}

// keep holds an attempt for later, if it is one of the best.
func (r *reading) keep(a *attempt) {
	if r.open = append(r.open, a); len(r.open) > maxOpen {
		slices.SortStableFunc(r.open, func(a, b *attempt) int { return cmp.Compare(b.fits, a.fits) })
		r.open = r.open[:maxOpen/2]
	}
}

// deep works on the attempts that look most like a symbol, at most two for a place.
func (r *reading) deep(least float64, most int) {
	slices.SortStableFunc(r.open, func(a, b *attempt) int { return cmp.Compare(b.fits, a.fits) })
	for _, a := range r.open {
		if r.over() || most == 0 {
			return
		}
		if a.fits < least || r.worked(a) {
			continue
		}
		most--
		r.deepened = append(r.deepened, a)
		if s := a.deep(r); s != nil {
			r.take(a, s)
			return
		}
	}
}

// worked reports whether an attempt lies where better ones were worked on.
func (r *reading) worked(a *attempt) bool {
	middle := func(a *attempt) point {
		return a.warp.homography.at(point{float64(a.warp.n) / 2, float64(a.warp.n) / 2})
	}
	near := 0
	for _, o := range r.deepened {
		if !middle(a).far(middle(o), 4*o.warp.size()) {
			if near++; a.version == o.version || near == 2 {
				return true
			}
		}
	}
	return false
}

func (r *reading) take(a *attempt, s *qrbits.Symbol) {
	n := float64(a.warp.n)
	out := Symbol{Message: *s.Message(), Mirrored: s == a.mirror}
	for i, c := range [4]point{{0, 0}, {n, 0}, {n, n}, {0, n}} {
		if out.Mirrored {
			c.x, c.y = c.y, c.x
		}
		p := a.warp.at(c)
		out.Corners[i] = [2]float64{p.x, p.y}
	}
	r.found = append(r.found, out)
}

// more reports whether finder patterns are left over for another symbol.
func (r *reading) more() bool {
	left := 0
	for i := range r.frames {
		if r.frames[i].score > 0.8 && !r.inFound(r.frames[i].mid) {
			left++
		}
	}
	return left >= 2 && len(r.found) < maxSymbols
}

// covered reports whether a finder pattern lies in a symbol that was read.
func (r *reading) covered(t *trio) bool {
	return r.inFound(t.tl.mid) || r.inFound(t.tr.mid) || r.inFound(t.bl.mid)
}

func (r *reading) inFound(p point) bool {
	return slices.ContainsFunc(r.found, func(s Symbol) bool { return inside(p, s.Corners) })
}

func inside(p point, c [4][2]float64) bool {
	var signs [2]int
	for i := range 4 {
		a, b := point{c[i][0], c[i][1]}, point{c[(i+1)%4][0], c[(i+1)%4][1]}
		if b.minus(a).cross(p.minus(a)) > 0 {
			signs[1]++
		} else {
			signs[0]++
		}
	}
	return signs[0] == 4 || signs[1] == 4
}
