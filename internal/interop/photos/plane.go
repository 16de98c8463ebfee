package main

import (
	"image"
	"math"
)

// plane is a grey picture in floating point, 0 black and 255 white.
type plane struct {
	v    []float32
	w, h int
}

func newPlane(w, h int, v float32) plane {
	p := plane{make([]float32, w*h), w, h}
	for i := range p.v {
		p.v[i] = v
	}
	return p
}

// at interpolates; outside, the border goes on.
func (p plane) at(x, y float64) float32 {
	x, y = min(max(x-0.5, 0), float64(p.w)-1.001), min(max(y-0.5, 0), float64(p.h)-1.001)
	i, j := int(x), int(y)
	fx, fy := float32(x-float64(i)), float32(y-float64(j))
	a, b := p.v[j*p.w+i:], p.v[(j+1)*p.w+i:]
	top := a[0] + fx*(a[1]-a[0])
	return top + fy*(b[0]+fx*(b[1]-b[0])-top)
}

func (p plane) fill(x0, y0, x1, y1 int, v float32) {
	for y := max(y0, 0); y < min(y1, p.h); y++ {
		for x := max(x0, 0); x < min(x1, p.w); x++ {
			p.v[y*p.w+x] = v
		}
	}
}

// grey rounds to bytes.
func (p plane) grey() *image.Gray {
	g := image.NewGray(image.Rect(0, 0, p.w, p.h))
	for i, v := range p.v {
		g.Pix[i] = byte(min(max(v+0.5, 0), 255))
	}
	return g
}

func planeOf(img image.Image) plane {
	b := img.Bounds()
	p := newPlane(b.Dx(), b.Dy(), 0)
	if g, ok := img.(*image.Gray); ok {
		for y := range p.h {
			for x, v := range g.Pix[y*g.Stride : y*g.Stride+p.w] {
				p.v[y*p.w+x] = float32(v)
			}
		}
		return p
	}
	for y := range p.h {
		for x := range p.w {
			r, g, bl, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			p.v[y*p.w+x] = float32(0.299*float64(r)+0.587*float64(g)+0.114*float64(bl)) / 257
		}
	}
	return p
}

// gaussian blurs with a standard deviation in pixels.
func (p plane) gaussian(sigma float64) plane {
	if sigma < 0.15 {
		return p
	}
	r := int(math.Ceil(3 * sigma))
	weights := make([]float32, r+1)
	var sum float32
	for i := range weights {
		weights[i] = float32(math.Exp(-float64(i*i) / (2 * sigma * sigma)))
		sum += weights[i]
		if i > 0 {
			sum += weights[i]
		}
	}
	for i := range weights {
		weights[i] /= sum
	}
	return p.alongRows(weights).alongColumns(weights)
}

func (p plane) alongRows(weights []float32) plane {
	out := newPlane(p.w, p.h, 0)
	for y := range p.h {
		row := p.v[y*p.w : (y+1)*p.w]
		for x := range row {
			sum := weights[0] * row[x]
			for k := 1; k < len(weights); k++ {
				sum += weights[k] * (row[max(x-k, 0)] + row[min(x+k, p.w-1)])
			}
			out.v[y*p.w+x] = sum
		}
	}
	return out
}

func (p plane) alongColumns(weights []float32) plane {
	out := newPlane(p.w, p.h, 0)
	for y := range p.h {
		to := out.v[y*p.w : (y+1)*p.w]
		for k, w := range weights {
			a, b := p.v[max(y-k, 0)*p.w:], p.v[min(y+k, p.h-1)*p.w:]
			for x := range to {
				if k == 0 {
					to[x] += w * a[x]
				} else {
					to[x] += w * (a[x] + b[x])
				}
			}
		}
	}
	return out
}

// motion averages along a line of the length in pixels.
func (p plane) motion(length, angle float64) plane {
	sin, cos := math.Sincos(angle)
	steps := int(math.Ceil(length)) + 1
	out := newPlane(p.w, p.h, 0)
	for k := range steps {
		t := (float64(k)/float64(steps-1) - 0.5) * length
		dx, dy := t*cos, t*sin
		for y := range p.h {
			for x := range p.w {
				out.v[y*p.w+x] += p.at(float64(x)+0.5+dx, float64(y)+0.5+dy) / float32(steps)
			}
		}
	}
	return out
}

// shrink resizes by area to a longest side.
func (p plane) shrink(longest int) plane {
	f := float64(max(p.w, p.h)) / float64(longest)
	if f <= 1 {
		return p
	}
	soft := p.gaussian(0.45 * f)
	out := newPlane(int(float64(p.w)/f), int(float64(p.h)/f), 0)
	for y := range out.h {
		for x := range out.w {
			out.v[y*out.w+x] = soft.at((float64(x)+0.5)*f, (float64(y)+0.5)*f)
		}
	}
	return out
}
