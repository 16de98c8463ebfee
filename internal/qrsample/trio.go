package qrsample

import (
	"cmp"
	"math"
	"slices"
)

// A picture may be tiled with finder patterns.
const (
	maxFrames     = 128 // kept, those that correlate best
	maxNeighbours = 24  // looked at from each of them
)

// trio is three finder patterns that may be the corners of one symbol, in turn so
// that the symbol is not mirrored.
type trio struct {
	tl, tr, bl frame   // their axes turned to the symbol's
	n          float64 // modules between the middles
	cost       float64
}

// neighbour is a pattern as seen from another one, along one of its axes.
type neighbour struct {
	to       int
	vertical bool // along the other's ay
	n, cost  float64
}

// lookFrom finds the patterns that stand on the axes of one. A perspective keeps lines
// straight, so the axes of both patterns point at each other however the card is
// tilted; and the distance divided by the geometric mean of the module sizes at both
// ends is the number of modules between them, exactly.
func lookFrom(frames []frame, i int) (out []neighbour) {
	p := &frames[i]
	for j := range frames {
		q := &frames[j]
		if j == i || q.light != p.light {
			continue
		}
		d := q.mid.minus(p.mid)
		a, b := p.modules(d), q.modules(d)
		na, nb := math.Hypot(a.x, a.y), math.Hypot(b.x, b.y)
		n := math.Sqrt(na * nb)
		if n < 11 || n > 182 || na > 3*nb || nb > 3*na {
			continue
		}
		ta := min(math.Abs(a.x), math.Abs(a.y)) / max(math.Abs(a.x), math.Abs(a.y))
		tb := min(math.Abs(b.x), math.Abs(b.y)) / max(math.Abs(b.x), math.Abs(b.y))
		if ta > 0.3 || tb > 0.3 {
			continue
		}
		out = append(out, neighbour{j, math.Abs(a.y) > math.Abs(a.x), n, ta + tb + 0.3*math.Abs(math.Log(na/nb))})
	}
	slices.SortStableFunc(out, func(a, b neighbour) int { return cmp.Compare(a.cost, b.cost) })
	return out[:min(len(out), maxNeighbours)]
}

// trios lists the threes that look like a symbol, best first.
func trios(frames []frame) (out []trio) {
	for i := range frames {
		seen := lookFrom(frames, i)
		for _, a := range seen {
			for _, b := range seen {
				if a.vertical || !b.vertical {
					continue
				}
				if t, ok := threesome(frames, i, a, b); ok {
					out = append(out, t)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b trio) int { return cmp.Compare(a.cost, b.cost) })
	return out
}

func threesome(frames []frame, i int, a, b neighbour) (trio, bool) {
	off := math.Abs(a.n-b.n) / (a.n + b.n)
	if off > 0.12 && math.Abs(a.n-b.n) > 4 {
		return trio{}, false
	}
	p, q, r := frames[i], frames[a.to], frames[b.to]
	right, down := q.mid.minus(p.mid), r.mid.minus(p.mid)
	if right.cross(down) < 0 {
		q, r, right, down = r, q, down, right
	}
	t := trio{p, q, r, math.Sqrt(a.n * b.n), 0}
	t.tl.turn(right, down)
	t.tr.turn(right, down)
	t.bl.turn(right, down)
	t.cost = a.cost + b.cost + 4*off + 2*(3-p.score-q.score-r.score)
	return t, true
}

// turn names the axes anew, by quarter turns, so that they point right and down.
func (f *frame) turn(right, down point) {
	best, ax, ay := math.Inf(-1), f.ax, f.ay
	for range 4 {
		cos := ax.dot(right)/math.Sqrt(ax.dot(ax)*right.dot(right)) + ay.dot(down)/math.Sqrt(ay.dot(ay)*down.dot(down))
		if cos > best {
			best, f.ax, f.ay = cos, ax, ay
		}
		ax, ay = ay, ax.scaled(-1)
	}
}

// key tells trios apart by where they lie.
func (t *trio) key() [6]int {
	k := func(v float64) int { return int(math.Round(v / max(2, t.tl.size()))) }
	return [6]int{k(t.tl.mid.x), k(t.tl.mid.y), k(t.tr.mid.x), k(t.tr.mid.y), k(t.bl.mid.x), k(t.bl.mid.y)}
}
