package qrsample

import (
	"math"

	"github.com/vneid-sdk/vneid-go/internal/qrbits"
)

// look flattens the symbol as the warp now has it.
func (a *attempt) look(r *reading) {
	g, scale := r.level(a.warp.size())
	if a.sheet == nil {
		if a.sheet, r.spare = r.spare, nil; a.sheet == nil {
			a.sheet = new(sheet)
		}
	}
	a.sheet.flatten(g, scale, &a.warp, a.light)
	if a.symbol == nil {
		a.symbol, a.mirror = qrbits.New(a.version), qrbits.New(a.version)
	}
}

// rest gives the sheet to the next attempt; look makes it again.
func (a *attempt) rest(r *reading) { r.spare, a.sheet = a.sheet, nil }

// try corrects modules as they lie and as if mirrored.
func (a *attempt) try(soft []float32, erase bool) *qrbits.Symbol {
	if a.symbol.Try(soft, erase) {
		return a.symbol
	}
	if a.mirror.Try(transposed(soft, a.warp.n), erase) {
		return a.mirror
	}
	return nil
}

func transposed(v []float32, n int) []float32 {
	out := make([]float32, len(v))
	for y := range n {
		for x := range n {
			out[x*n+y] = v[y*n+x]
		}
	}
	return out
}

// read is how dark the modules are at an offset in pixels of the sheet.
func (a *attempt) read(dx, dy int) []float32 {
	return weighed(classify(a.sheet.values(0, dx, dy), a.warp.n, a.symbol.Known()))
}

// quick reads the symbol if the picture is good.
func (a *attempt) quick(r *reading) *qrbits.Symbol {
	defer a.rest(r)
	a.look(r)
	soft := a.read(0, 0)
	a.judge(soft)
	if a.fits > 0.8 {
		if s := a.try(soft, false); s != nil {
			return s
		}
	}
	a.align(r, func(d float64) float64 { return 1 + 0.06*d })
	soft = a.read(0, 0)
	a.judge(soft)
	if a.fits < 0.6 {
		return nil
	}
	return a.try(soft, false)
}

// judge compares the modules of patterns with what they must be.
func (a *attempt) judge(soft []float32) {
	good, all := 0, 0
	for i, k := range a.symbol.Known() {
		if k != 0 {
			all++
			if (soft[i] > 0) == (k > 0) {
				good++
			}
		}
	}
	a.fits = float64(good) / float64(all)
}

// align finds the alignment patterns, fits the homography to them too, bends what
// is left, and looks again.
func (a *attempt) align(r *reading, reach func(float64) float64) {
	middles := qrbits.AlignmentPatterns(a.version)
	if len(middles) == 0 {
		return
	}
	found := a.sheet.alignments(a.version, reach)
	a.aligned = float64(len(found)) / float64(len(middles))
	if len(found) == 0 {
		return
	}
	marks := a.marks
	for _, f := range found {
		marks = append(marks, mark{f.at, a.warp.at(f.at.plus(f.off)), 3 * f.score})
	}
	h, ok := fit(marks)
	if !ok {
		return
	}
	a.warp = warp{homography: h, n: a.warp.n}
	back := h.inverse()
	worst := 0.0
	for _, m := range marks {
		d := back.at(m.pixel).minus(m.module)
		worst = max(worst, math.Hypot(d.x, d.y))
	}
	if worst > 0.25 {
		a.warp.bend(marks, 0.02)
	}
	a.look(r)
}

// deep spends what it takes on a symbol that is there but hard to read.
func (a *attempt) deep(r *reading) *qrbits.Symbol {
	defer a.rest(r)
	a.look(r)
	a.align(r, func(float64) float64 { return 1 })
	for _, step := range []func(*reading) *qrbits.Symbol{a.erasing, a.phases, a.shifts, a.equalised} {
		if r.over() {
			return nil
		}
		if s := step(r); s != nil {
			return s
		}
	}
	return nil
}

func (a *attempt) erasing(*reading) *qrbits.Symbol {
	soft := a.read(0, 0)
	if s := a.try(soft, false); s != nil {
		return s
	}
	return a.try(soft, true)
}

// phases reads a fifth of a module beside the middles.
func (a *attempt) phases(*reading) *qrbits.Symbol {
	for _, d := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
		soft := a.read(d[0], d[1])
		if s := a.try(soft, false); s != nil {
			return s
		}
	}
	return nil
}

// equalised undoes the blur, and erases what stays unsure: first with what is seen in
// the middles of the modules, then beside them, then where the modules really are,
// for what it has by then is better than what was seen.
func (a *attempt) equalised(r *reading) *qrbits.Symbol {
	n := a.warp.n
	var guess []float32
	for pass := range 3 {
		if pass == 2 && !a.shift(r, inner(guess, n)) {
			return nil
		}
		known := widen(a.symbol.Known(), n)
		soft, trust := classify(a.sheet.values(ring, 0, 0), n+2*ring, known)
		e := newEqualiser(soft, n+2*ring, known)
		if pass > 0 {
			copy(e.guess, guess)
		}
		if pass == 1 {
			e.planes = nil
			for _, d := range [][2]int{{-1, -1}, {1, -1}, {-1, 1}, {1, 1}} {
				seen, _ := classify(a.sheet.values(ring, d[0], d[1]), n+2*ring, known)
				e.planes = append(e.planes, &plane{seen: seen})
			}
		}
		if s := a.rounds(r, e, inner(trust, n)); s != nil {
			return s
		}
		guess = e.guess
	}
	return nil
}

func (a *attempt) rounds(r *reading, e *equaliser, trust []float32) *qrbits.Symbol {
	for round := range 9 {
		if r.over() || !e.estimate() {
			return nil
		}
		turned := e.resolve(8)
		r.effort -= len(e.guess) * len(e.planes)
		result := weighed(inner(e.guess, a.warp.n), trust)
		if s := a.try(result, false); s != nil {
			return s
		}
		settled := turned < 2+e.n*e.n/800
		if round%3 == 1 || settled {
			if s := a.try(result, true); s != nil {
				return s
			}
		}
		if settled {
			return nil
		}
		e.learn(widen(a.symbol.Known(), a.warp.n))
	}
	return nil
}

// shifts looks where the modules stand out better a little beside where they are
// looked for.
func (a *attempt) shifts(r *reading) *qrbits.Symbol {
	soft := a.read(0, 0)
	if !a.shift(r, soft) {
		return nil
	}
	return a.erasing(r)
}

// shift bends the warp to where small patches of modules agree best with what they
// are taken for.
func (a *attempt) shift(r *reading, soft []float32) bool {
	n := a.warp.n
	patch := max(8, n/16*2)
	var marks []mark
	for y := patch / 2; y < n; y += patch / 2 {
		for x := patch / 2; x < n; x += patch / 2 {
			if off, ok := a.sheet.shift(soft, x, y, patch, 3); ok {
				p := point{float64(x), float64(y)}
				marks = append(marks, mark{p, a.warp.at(p.plus(off)), 1})
			}
		}
	}
	if len(marks) < 9 {
		return false
	}
	a.warp.bend(marks, 0.3)
	a.look(r)
	return true
}

// shift is where the modules around a place agree best with what they were taken
// for.
func (s *sheet) shift(soft []float32, x, y, patch, reach int) (off point, ok bool) {
	at := func(dx, dy int) float64 {
		var sum float32
		for j := max(y-patch/2, 0); j < min(y+patch/2, s.n); j++ {
			for i := max(x-patch/2, 0); i < min(x+patch/2, s.n); i++ {
				sum -= min(max(soft[j*s.n+i], -1), 1) * s.mean[s.module(i, j)+dy*s.side+dx]
			}
		}
		return float64(sum)
	}
	best, bx, by := math.Inf(-1), 0, 0
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			if c := at(dx, dy); c > best {
				best, bx, by = c, dx, dy
			}
		}
	}
	if bx == -reach || bx == reach || by == -reach || by == reach {
		return off, false
	}
	fx := peak(at(bx-1, by), best, at(bx+1, by))
	fy := peak(at(bx, by-1), best, at(bx, by+1))
	return point{(float64(bx) + fx) / ppm, (float64(by) + fy) / ppm}, true
}
