package qrsample

import "math"

// warp says where in the picture a place of the symbol is: a homography after small
// displacements, which a bent card needs.
type warp struct {
	homography
	n     int // modules along one side
	nodes int // displacements along one side; 0: none
	dx    []float64
	dy    []float64
}

const meshStep = 4 // modules between displacements

// displacement interpolates between the nodes around a place.
func (w *warp) displacement(p point) point {
	if w.nodes == 0 {
		return point{}
	}
	x := min(max((p.x+margin)/meshStep, 0), float64(w.nodes)-1.001)
	y := min(max((p.y+margin)/meshStep, 0), float64(w.nodes)-1.001)
	i, j := int(x), int(y)
	fx, fy := x-float64(i), y-float64(j)
	at := func(v []float64) float64 {
		k := j*w.nodes + i
		return (v[k]*(1-fx)+v[k+1]*fx)*(1-fy) + (v[k+w.nodes]*(1-fx)+v[k+w.nodes+1]*fx)*fy
	}
	return point{at(w.dx), at(w.dy)}
}

func (w *warp) at(p point) point { return w.homography.at(p.plus(w.displacement(p))) }

// bend replaces the displacements by a thin-plate spline through what the
// homography leaves of the marks (Bookstein 1989).
func (w *warp) bend(marks []mark, stiffness float64) {
	back := w.homography.inverse()
	n := len(marks)
	a := make([]float64, (n+3)*(n+3))
	bx, by := make([]float64, n+3), make([]float64, n+3)
	size := float64(w.n)
	at := make([]point, n)
	for i, m := range marks {
		at[i] = m.module.scaled(1 / size)
		d := back.at(m.pixel).minus(m.module)
		bx[i], by[i] = d.x, d.y
	}
	for i := range n {
		for j := range n {
			a[i*(n+3)+j] = spline(at[i], at[j])
		}
		a[i*(n+3)+i] += stiffness / marks[i].weight
		for k, v := range [3]float64{1, at[i].x, at[i].y} {
			a[i*(n+3)+n+k], a[(n+k)*(n+3)+i] = v, v
		}
	}
	if !solve(append([]float64(nil), a...), bx) || !solve(a, by) {
		return
	}
	w.displace(func(p point) point {
		q := p.scaled(1 / size)
		d := point{bx[n] + bx[n+1]*q.x + bx[n+2]*q.y, by[n] + by[n+1]*q.x + by[n+2]*q.y}
		for i := range n {
			s := spline(q, at[i])
			d.x += bx[i] * s
			d.y += by[i] * s
		}
		return d
	})
}

func spline(p, q point) float64 {
	d := p.minus(q)
	r := d.dot(d)
	if r < 1e-12 {
		return 0
	}
	return r * math.Log(r)
}

// displace sets the displacements from a function of places.
func (w *warp) displace(f func(point) point) {
	w.nodes = (w.n+2*margin)/meshStep + 2
	w.dx, w.dy = make([]float64, w.nodes*w.nodes), make([]float64, w.nodes*w.nodes)
	for j := range w.nodes {
		for i := range w.nodes {
			d := f(point{float64(i*meshStep - margin), float64(j*meshStep - margin)})
			// A wild spline must not lead far out of the symbol.
			w.dx[j*w.nodes+i], w.dy[j*w.nodes+i] = min(max(d.x, -6), 6), min(max(d.y, -6), 6)
		}
	}
}
