package qrsample

import "math"

// Two good finder patterns leave few places for the third: on a line through one of
// them along its own axis, at a distance that only perspective makes uncertain.

// ray is where a third pattern may be: from a pattern, in its own modules.
type ray struct {
	from *frame
	u, v float64 // expected place
}

// rays lists the places that two patterns leave for a third.
func rays(p, q *frame) (out []ray) {
	a, b := p.modules(q.mid.minus(p.mid)), q.modules(p.mid.minus(q.mid))
	n := math.Sqrt(math.Hypot(a.x, a.y) * math.Hypot(b.x, b.y))
	if n < 11 || n > 255 {
		return nil
	}
	ta := math.Atan2(min(math.Abs(a.x), math.Abs(a.y)), max(math.Abs(a.x), math.Abs(a.y)))
	switch {
	case ta < 0.2: // along an axis: one side of the symbol
		for _, f := range [2]*frame{p, q} {
			w := f.modules(q.mid.minus(p.mid))
			for _, s := range [2]float64{-n, n} {
				if math.Abs(w.x) > math.Abs(w.y) {
					out = append(out, ray{f, 0, s})
				} else {
					out = append(out, ray{f, s, 0})
				}
			}
		}
	case ta > 0.5: // the diagonal between the two others
		out = append(out, ray{p, a.x, 0}, ray{p, 0, a.y})
	}
	return out
}

// follow looks along a ray for a pattern.
func (r *reading) follow(y ray) (frame, bool) {
	g, scale := r.level(y.from.size())
	n := max(math.Abs(y.u), math.Abs(y.v))
	best := frame{score: -1}
	var v [side * side]float32
	for t := 0.45; t <= 1.6; t += 0.8 * t / n {
		for lateral := -1.0; lateral <= 1; lateral++ {
			u, w := y.u*t, y.v*t
			if y.u == 0 {
				u = lateral * n / 30
			} else {
				w = lateral * n / 30
			}
			f := *y.from
			f.mid = y.from.place(u, w)
			// What is nearer by t is smaller by t across, and by t² along.
			if y.u == 0 {
				f.ax, f.ay = f.ax.scaled(t), f.ay.scaled(t*t)
			} else {
				f.ax, f.ay = f.ax.scaled(t*t), f.ay.scaled(t)
			}
			if f.mid.x < 0 || f.mid.y < 0 || f.mid.x*scale >= float64(g.W) || f.mid.y*scale >= float64(g.H) {
				continue
			}
			f = f.scaled(scale)
			f.sample(g, &v)
			if f.score = f.correlate(&v); f.score > best.score {
				best = f
			}
		}
	}
	if best.score < 0.3 {
		return best, false
	}
	best.settle(g, 10)
	best = best.scaled(1 / scale)
	s := best.size() / y.from.size()
	return best, best.score > 0.5 && s > 0.3 && s < 3
}

func (f frame) scaled(s float64) frame {
	f.mid, f.ax, f.ay = f.mid.scaled(s), f.ax.scaled(s), f.ay.scaled(s)
	return f
}

// thirds adds the patterns found beside the best pairs.
func (r *reading) thirds(most int) {
	known := append([]frame(nil), r.frames...)
	for i := range known {
		for j := range i {
			p, q := &known[i], &known[j]
			if p.light != q.light || p.score+q.score < 1.5 || p.size() > 1.7*q.size() || q.size() > 1.7*p.size() {
				continue
			}
			if most--; most < 0 || r.over() {
				return
			}
			for _, y := range rays(p, q) {
				if f, ok := r.follow(y); ok && !r.has(f) {
					r.frames = append(r.frames, f)
				}
			}
		}
	}
}

// pairs lists the threes that two patterns may belong to whose third is not to be
// seen: its frame has no score, and says only where it would be without perspective.
func pairs(frames []frame, most int) (out []trio) {
	for i := range frames {
		for j := range i {
			p, q := &frames[i], &frames[j]
			if p.light != q.light || p.score+q.score < 1.4 || len(out) >= 4*most {
				continue
			}
			for _, y := range rays(p, q) {
				third := *y.from
				third.mid, third.score = y.from.place(y.u, y.v), 0
				out = append(out, corner(*p, *q, third, y))
			}
		}
	}
	return out
}

// corner puts two patterns and a guessed third into their places: the top left one is
// the one that the ray comes from, or the guess itself where the two are a diagonal.
func corner(p, q, third frame, y ray) trio {
	tl, a, b := p, q, third
	if y.from.mid == q.mid {
		tl, a = q, p
	}
	w := tl.modules(a.mid.minus(tl.mid))
	if ax, ay := math.Abs(w.x), math.Abs(w.y); min(ax, ay) > 0.5*max(ax, ay) {
		tl, a, b = third, p, q
	}
	right, down := a.mid.minus(tl.mid), b.mid.minus(tl.mid)
	if right.cross(down) < 0 {
		a, b, right, down = b, a, down, right
	}
	t := trio{tl: tl, tr: a, bl: b, n: max(math.Abs(y.u), math.Abs(y.v))}
	t.tl.turn(right, down)
	t.tr.turn(right, down)
	t.bl.turn(right, down)
	return t
}
