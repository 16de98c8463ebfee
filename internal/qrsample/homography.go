package qrsample

// homography maps modules to pixels as a camera sees a plane.
type homography [9]float64

func (h *homography) at(p point) point {
	w := h[6]*p.x + h[7]*p.y + h[8]
	return point{(h[0]*p.x + h[1]*p.y + h[2]) / w, (h[3]*p.x + h[4]*p.y + h[5]) / w}
}

// inverse is the adjugate: a factor does not matter.
func (h *homography) inverse() homography {
	return homography{
		h[4]*h[8] - h[5]*h[7], h[2]*h[7] - h[1]*h[8], h[1]*h[5] - h[2]*h[4],
		h[5]*h[6] - h[3]*h[8], h[0]*h[8] - h[2]*h[6], h[2]*h[3] - h[0]*h[5],
		h[3]*h[7] - h[4]*h[6], h[1]*h[6] - h[0]*h[7], h[0]*h[4] - h[1]*h[3],
	}
}

// mark is a place of the symbol, in modules, that was found in the picture.
type mark struct {
	module, pixel point
	weight        float64
}

// fit returns the homography that brings the marks' modules nearest to their pixels.
func fit(marks []mark) (h homography, ok bool) {
	// Coordinates around 0 and about 1 keep the equations well conditioned.
	var mid, span point
	for _, m := range marks {
		mid = mid.plus(m.pixel.scaled(1 / float64(len(marks))))
		span.x = max(span.x, m.module.x)
		span.y = max(span.y, m.module.y)
	}
	var size float64
	for _, m := range marks {
		d := m.pixel.minus(mid)
		size = max(size, d.x, -d.x, d.y, -d.y)
	}
	if size == 0 || span.x <= 0 || span.y <= 0 {
		return h, false
	}
	g := homography{8: 1}
	// A second round divides by the depth, so that pixels count and not algebra.
	for range 2 {
		if g, ok = fitOnce(marks, mid, size, span, g); !ok {
			return h, false
		}
	}
	for i := range 3 {
		s := []float64{1 / span.x, 1 / span.y, 1}[i]
		h[i] = (g[i]*size + mid.x*g[6+i]) * s
		h[3+i] = (g[3+i]*size + mid.y*g[6+i]) * s
		h[6+i] = g[6+i] * s
	}
	return h, true
}

func fitOnce(marks []mark, mid point, size float64, span point, before homography) (g homography, ok bool) {
	a, b := make([]float64, 64), make([]float64, 8)
	add := func(row [8]float64, right, weight float64) {
		for i := range 8 {
			for j := range 8 {
				a[i*8+j] += weight * row[i] * row[j]
			}
			b[i] += weight * row[i] * right
		}
	}
	for _, m := range marks {
		u, v := m.module.x/span.x, m.module.y/span.y
		x, y := (m.pixel.x-mid.x)/size, (m.pixel.y-mid.y)/size
		depth := before[6]*u + before[7]*v + 1
		w := m.weight / (depth * depth)
		add([8]float64{u, v, 1, 0, 0, 0, -u * x, -v * x}, x, w)
		add([8]float64{0, 0, 0, u, v, 1, -u * y, -v * y}, y, w)
	}
	a[6*8+6] += 1e-9
	a[7*8+7] += 1e-9
	if !solve(a, b) {
		return g, false
	}
	copy(g[:], b)
	g[8] = 1
	// Every corner of the symbol must be before the camera.
	for _, c := range [4]float64{1, 1 + g[6], 1 + g[7], 1 + g[6] + g[7]} {
		if c < 0.05 {
			return g, false
		}
	}
	return g, true
}
