package qrsample

import "slices"

// levels says how dark dark is and how light light, from place to place: shadow and
// glare change both over a symbol.
type levels struct{ dark, light []float32 }

const field = 5 // modules on each side that count

// classify turns values into how dark each module is, 1 and −1 for as dark and as
// light as the modules around it, and tells from 0 to 1 what can be held of that.
// Known modules (1, −1) are in their class, the others in that of their own value.
func classify(v []float32, n int, known []int8) (soft, trust []float32) {
	cut := append([]float32(nil), v...)
	boxed(cut, n, n, field)
	ones := make([]float32, n*n)
	for i := range ones {
		ones[i] = 1
	}
	boxed(ones, n, n, field)
	for i := range cut {
		cut[i] /= ones[i]
	}
	var l levels
	for range 2 {
		l = fields(v, n, cut, known)
		for i := range cut {
			cut[i] = (l.dark[i] + l.light[i]) / 2
		}
	}
	soft, trust = make([]float32, n*n), distrust(v, n, cut)
	contrast := make([]float32, 0, n*n/16+1)
	for i := 0; i < n*n; i += 16 {
		contrast = append(contrast, l.light[i]-l.dark[i])
	}
	slices.Sort(contrast)
	usual := max(contrast[len(contrast)/2], 1)
	for i := range soft {
		span := max(l.light[i]-l.dark[i], 0.02*usual, 0.5)
		soft[i] = min(max(2*(cut[i]-v[i])/span, -2), 2)
		trust[i] *= min(1, 3*span/usual)
	}
	return soft, trust
}

// distrust lowers the trust in modules of patches that are all dark or all light:
// no mask leaves 5 × 5 of them in a row, but glare and stains do.
func distrust(v []float32, n int, cut []float32) []float32 {
	dark, all := make([]float32, n*n), make([]float32, n*n)
	for i, x := range v {
		all[i] = 1
		if x < cut[i] {
			dark[i] = 1
		}
	}
	boxed(dark, n, n, 2)
	boxed(all, n, n, 2)
	for i, a := range all {
		dark[i] = min(max(min(dark[i], a-dark[i])/3*25/a, 0.05), 1)
	}
	return dark
}

// weighed multiplies how dark modules are with the trust in them.
func weighed(soft, trust []float32) []float32 {
	out := make([]float32, len(soft))
	for i := range out {
		out[i] = soft[i] * trust[i]
	}
	return out
}

// fields averages each class around each module.
func fields(v []float32, n int, cut []float32, known []int8) levels {
	d, dn := make([]float32, n*n), make([]float32, n*n)
	l, ln := make([]float32, n*n), make([]float32, n*n)
	for i, x := range v {
		dark := x < cut[i]
		if known != nil && known[i] != 0 {
			dark = known[i] > 0
		}
		if dark {
			d[i], dn[i] = x, 1
		} else {
			l[i], ln[i] = x, 1
		}
	}
	meanOf(d, dn, n)
	meanOf(l, ln, n)
	return levels{d, l}
}

// meanOf turns values and their counts into means around each place; a class that is
// rare there borrows a little from everywhere.
func meanOf(v, count []float32, n int) {
	var sum, all float32
	for i := range v {
		sum += v[i]
		all += count[i]
	}
	everywhere := sum / max(all, 1)
	boxed(v, n, n, field)
	boxed(count, n, n, field)
	for i := range v {
		v[i] = (v[i] + everywhere) / (count[i] + 1)
	}
}
