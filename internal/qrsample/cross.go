package qrsample

// cross walks from a place that should be the dark middle of a finder pattern to
// both sides, along a column or a row, and returns the middle and the module that
// it sees there.
func cross(g Gray, t threshold, x, y, dx, dy int, light bool, reach int) (middle, module float64, ok bool) {
	if x < 0 || y < 0 || x >= g.W || y >= g.H {
		return 0, 0, false
	}
	var e [6]float64
	if !edges(g, t, x, y, dx, dy, light, reach, e[3:]) || !edges(g, t, x, y, -dx, -dy, light, reach, e[:3]) {
		return 0, 0, false
	}
	e[0], e[1], e[2] = -e[2], -e[1], -e[0]
	module, ok = ratios(&e, 0.7)
	return (e[2] + e[3]) / 2, module, ok
}

// edges finds the next three edges in a direction, as distances from the middle of
// the first pixel.
func edges(g Gray, t threshold, x, y, dx, dy int, light bool, reach int, out []float64) bool {
	level := t.at(x, y)
	before := float32(g.Pix[y*g.W+x])
	dark := before < level
	if dark == light {
		return false
	}
	found := 0
	for i := 1; i <= reach; i++ {
		x, y = x+dx, y+dy
		if x < 0 || y < 0 || x >= g.W || y >= g.H {
			return false
		}
		now := float32(g.Pix[y*g.W+x])
		if (now < level) != dark {
			out[found] = float64(i-1) + float64((before-level)/(before-now))
			dark = !dark
			if found++; found == 3 {
				return true
			}
		}
		before = now
	}
	return false
}

// candidate is a place that looks like a finder pattern along a row and a column.
type candidate struct {
	at     point
	across float64 // module along rows
	down   float64 // module along columns
	light  bool
	seen   int
	loose  bool // the module is a guess
}

// confirm looks at a spot along its column and again along its row.
func confirm(g Gray, t threshold, s spot) (candidate, bool) {
	reach := int(6*s.module*1.5) + 2
	x, y := int(s.x), int(s.y)
	dy, down, ok := cross(g, t, x, y, 0, 1, s.light, reach)
	if !ok || down > 2*s.module || s.module > 2*down {
		return candidate{}, false
	}
	cy := float64(y) + 0.5 + dy
	dx, over, ok := cross(g, t, x, int(cy), 1, 0, s.light, reach)
	if !ok {
		return candidate{}, false
	}
	return candidate{point{float64(x) + 0.5 + dx, cy}, over, down, s.light, 1, false}, true
}

// crowd collects candidates and merges those that mean the same pattern.
type crowd struct {
	list []candidate
	most int
}

// add returns false when there is no more room.
func (c *crowd) add(n candidate) bool {
	for i := len(c.list) - 1; i >= 0; i-- {
		o := &c.list[i]
		if o.light == n.light && !o.at.far(n.at, 1.5*min(o.across, n.across)) {
			w := 1 / float64(o.seen+1)
			o.at = o.at.plus(n.at.minus(o.at).scaled(w))
			o.across += (n.across - o.across) * w
			o.down += (n.down - o.down) * w
			o.seen++
			return true
		}
	}
	c.list = append(c.list, n)
	return len(c.list) < c.most
}

// knows reports whether a spot lies in the middle of a candidate that was seen
// often enough.
func (c *crowd) knows(s spot) bool {
	for i := len(c.list) - 1; i >= 0 && i > len(c.list)-40; i-- {
		o := &c.list[i]
		if o.seen >= 3 && o.light == s.light && !o.at.far(point{s.x, s.y}, 1.5*o.across) {
			return true
		}
	}
	return false
}

// candidates walks the rows of a picture.
func candidates(g Gray, step int) []candidate {
	c := crowd{most: 400}
	t := thresholds(g, step)
	scan(g, t, step, func(s spot) bool {
		if c.knows(s) {
			return true
		}
		n, ok := confirm(g, t, s)
		return !ok || c.add(n)
	})
	return c.list
}
