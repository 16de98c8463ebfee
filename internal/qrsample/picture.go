package qrsample

// Gray is a picture of one byte per pixel, rows end to end.
type Gray struct {
	Pix  []byte
	W, H int
}

// point is a place in a picture or in a symbol; pixel and module middles lie at
// halves.
type point struct{ x, y float64 }

func (p point) plus(q point) point          { return point{p.x + q.x, p.y + q.y} }
func (p point) minus(q point) point         { return point{p.x - q.x, p.y - q.y} }
func (p point) scaled(f float64) point      { return point{p.x * f, p.y * f} }
func (p point) dot(q point) float64         { return p.x*q.x + p.y*q.y }
func (p point) cross(q point) float64       { return p.x*q.y - p.y*q.x }
func (p point) far(q point, d float64) bool { e := p.minus(q); return e.dot(e) > d*d }

// at interpolates between the four pixels around a place; outside, the border
// goes on for ever.
func (g Gray) at(p point) float32 {
	x, y := p.x-0.5, p.y-0.5
	x = min(max(x, 0), float64(g.W)-1.001)
	y = min(max(y, 0), float64(g.H)-1.001)
	ix, iy := int(x), int(y)
	fx, fy := float32(x-float64(ix)), float32(y-float64(iy))
	a := g.Pix[iy*g.W+ix:]
	b := g.Pix[iy*g.W+ix+g.W:]
	top := float32(a[0]) + fx*(float32(a[1])-float32(a[0]))
	low := float32(b[0]) + fx*(float32(b[1])-float32(b[0]))
	return top + fy*(low-top)
}

// half averages blocks of 2 × 2 pixels; a last odd row or column is dropped.
func (g Gray) half() Gray {
	out := Gray{make([]byte, (g.W/2)*(g.H/2)), g.W / 2, g.H / 2}
	for y := range out.H {
		a := g.Pix[2*y*g.W : 2*y*g.W+2*out.W]
		b := g.Pix[(2*y+1)*g.W : (2*y+1)*g.W+2*out.W]
		row := out.Pix[y*out.W : (y+1)*out.W]
		for x := range row {
			i := 2 * x
			row[x] = byte((int(a[i]) + int(a[i+1]) + int(b[i]) + int(b[i+1]) + 2) >> 2)
		}
	}
	return out
}

// enlarged makes every pixel a square of so many, with a light margin around: symbols
// made by programs may have one pixel per module and no quiet zone at all.
func (g Gray) enlarged(times, border int) Gray {
	w, h := (g.W+2*border)*times, (g.H+2*border)*times
	out := Gray{make([]byte, w*h), w, h}
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	for y := range g.H * times {
		row := out.Pix[(y+border*times)*w+border*times:]
		for x, v := range g.Pix[y/times*g.W : (y/times+1)*g.W] {
			for k := range times {
				row[x*times+k] = v
			}
		}
	}
	return out
}
