package main

import (
	"math"
	"math/rand/v2"
)

// view is how a card is held before the camera.
type view struct {
	w, h   int
	module float64 // pixels
	angle  float64 // radians
	tilt   float64 // how far the depth changes over the symbol
	bend   float64 // of the card, as a share of its height
	pitch  float64 // pixels of a screen that shows the card, per module; 0: paper
}

// shot is a photo in the making, in light and not in bytes.
type shot struct {
	plane
	module float64
	x, y   float64 // middle of the symbol
	side   float64 // of the symbol in pixels
}

// shoot looks through each pixel at the card, at four or nine points.
func (v view) shoot(r *rand.Rand, c card) shot {
	s := shot{newPlane(v.w, v.h, 0), v.module, 0, 0, float64(c.side) * v.module / dots}
	margin := s.side * 0.75
	s.x = margin + r.Float64()*max(float64(v.w)-2*margin, 0)
	s.y = margin + r.Float64()*max(float64(v.h)-2*margin, 0)
	ground := backdrop(r, v.w, v.h)
	scale := v.module / dots
	sin, cos := math.Sincos(v.angle)
	way := r.Float64() * 2 * math.Pi
	gx, gy := math.Cos(way)*v.tilt/s.side, math.Sin(way)*v.tilt/s.side
	mx, my := float64(c.x)+float64(c.side)/2, float64(c.y)+float64(c.side)/2
	phase, wave := r.Float64()*3, 3.2*(0.8+0.8*r.Float64())
	from := c.plane
	if scale < 0.4 {
		from = from.gaussian(0.25 / scale)
	}
	const sub = 2
	for y := range v.h {
		for x := range v.w {
			var sum float32
			for k := range sub * sub {
				px := float64(x) + (float64(k%sub)+0.5)/sub - s.x
				py := float64(y) + (float64(k/sub)+0.5)/sub - s.y
				depth := 1 - gx*px - gy*py
				if depth < 0.2 {
					sum += ground.v[y*v.w+x]
					continue
				}
				px, py = px/depth/scale, py/depth/scale
				u, w := mx+px*cos+py*sin, my-px*sin+py*cos
				if v.bend > 0 {
					a := v.bend * float64(c.h)
					u, w = u+a/2*math.Sin(w/float64(c.h)*3+phase), w+a*math.Sin(u/float64(c.w)*wave+phase)
				}
				if u < 0 || w < 0 || u >= float64(c.w) || w >= float64(c.h) {
					sum += ground.v[y*v.w+x]
					continue
				}
				value := from.at(u, w)
				if v.pitch > 0 {
					value = lit(c.plane, u, w, dots/v.pitch)
				}
				sum += value
			}
			s.v[y*v.w+x] = sum / (sub * sub)
		}
	}
	return s
}

// lit is a screen's pixel: three stripes with gaps around them.
func lit(c plane, u, w, pitch float64) float32 {
	i, j := math.Floor(u/pitch), math.Floor(w/pitch)
	fu, fw := u/pitch-i, w/pitch-j
	value := c.at((i+0.5)*pitch, (j+0.5)*pitch)
	if fw > 0.85 || math.Mod(fu*3, 1) > 0.75 {
		return value * 0.25
	}
	return value * 1.3
}

// backdrop is a table with things on it.
func backdrop(r *rand.Rand, w, h int) plane {
	p := newPlane(w, h, float32(40+150*r.Float64()))
	coarse := newPlane(w/40+2, h/40+2, 0)
	for i := range coarse.v {
		coarse.v[i] = float32(25 * r.NormFloat64())
	}
	for y := range h {
		for x := range w {
			p.v[y*w+x] += coarse.at(float64(x)/40+0.5, float64(y)/40+0.5)
		}
	}
	for range r.IntN(2) * 25 {
		x, y := r.IntN(w), r.IntN(h)
		if r.IntN(2) == 0 {
			p.fill(x, y, x+1+r.IntN(5), y+r.IntN(h/2), float32(20+200*r.Float64()))
		} else {
			p.fill(x, y, x+r.IntN(w/2), y+1+r.IntN(5), float32(20+200*r.Float64()))
		}
	}
	return p
}

// each changes the light of every pixel.
func (s *shot) each(f func(x, y float64, v float32) float32) {
	for y := range s.h {
		for x := range s.w {
			i := y*s.w + x
			s.v[i] = f(float64(x), float64(y), s.v[i])
		}
	}
}

func (s *shot) shadow(r *rand.Rand, most float64) {
	sin, cos := math.Sincos(r.Float64() * 2 * math.Pi)
	width, depth := s.side*(0.08+0.5*r.Float64()), most*(0.6+0.4*r.Float64())
	s.each(func(x, y float64, v float32) float32 {
		d := ((x-s.x)*cos + (y-s.y)*sin) / width
		return v * float32(1-depth/(1+math.Exp(-d)))
	})
}

// glare adds a reflected lamp: a soft ellipse, or a streak when it is long.
func (s *shot) glare(r *rand.Rand, power, long, wide float64) {
	gx, gy := s.x+(r.Float64()-0.5)*0.9*s.side, s.y+(r.Float64()-0.5)*0.9*s.side
	sin, cos := math.Sincos(r.Float64() * math.Pi)
	a, b := s.side*long, s.side*wide
	s.each(func(x, y float64, v float32) float32 {
		u, w := ((x-gx)*cos+(y-gy)*sin)/a, ((y-gy)*cos-(x-gx)*sin)/b
		return v + float32(power*math.Exp(-(u*u+w*w)/2))
	})
}

func (s *shot) contrast(c, around float64) {
	s.each(func(_, _ float64, v float32) float32 { return (v-128)*float32(c) + float32(around) })
}

func (s *shot) noise(r *rand.Rand, sigma float64) {
	s.each(func(_, _ float64, v float32) float32 { return v + float32(sigma*r.NormFloat64()) })
}

// sharpen is what telephones do: an unsharp mask that overshoots.
func (s *shot) sharpen(radius, amount float64) {
	soft := s.gaussian(radius)
	for i, v := range s.v {
		s.v[i] = min(max(v+float32(amount)*(v-soft.v[i]), 0), 255)
	}
}

func (s *shot) gamma(g float64) {
	s.each(func(_, _ float64, v float32) float32 {
		return 255 * float32(math.Pow(float64(min(max(v, 0), 255))/255, g))
	})
}

// defocus blurs ever more across the frame.
func (s *shot) defocus(r *rand.Rand, least, most float64) {
	const steps = 5
	var levels [steps]plane
	for i := range levels {
		levels[i] = s.gaussian(s.module * (least + (most-least)*float64(i)/(steps-1)))
	}
	sin, cos := math.Sincos(r.Float64() * 2 * math.Pi)
	s.each(func(x, y float64, _ float32) float32 {
		t := ((x-s.x)*cos+(y-s.y)*sin)/(1.5*s.side) + 0.5
		t = min(max(t, 0), 0.9999) * (steps - 1)
		i, f := int(t), float32(t-math.Floor(t))
		k := int(y)*s.w + int(x)
		return levels[i].v[k]*(1-f) + levels[i+1].v[k]*f
	})
}
