package main

import (
	"math/rand/v2"
)

// without makes pictures that show no code but remind of one.
func without(r *rand.Rand, class string) (photo, error) {
	size := [][2]int{{1280, 960}, {1600, 1200}, {1920, 1080}, {960, 1280}}[r.IntN(4)]
	s := shot{plane: backdrop(r, size[0], size[1]), module: 3}
	switch class {
	case "nocard":
		blank := symbol{dark: make([][]bool, 49)}
		for i := range blank.dark {
			blank.dark[i] = make([]bool, 49)
		}
		v := view{w: size[0], h: size[1], module: between(r, 3, 6), angle: between(r, 0, 6), tilt: between(r, 0, 0.2)}
		s = v.shoot(r, drawCard(r, blank, false))
	case "nopage":
		s.print(r)
	case "notexture":
		for _, grain := range []float64{2, 3, 8} {
			fine := newPlane(int(float64(s.w)/grain)+2, int(float64(s.h)/grain)+2, 0)
			for i := range fine.v {
				fine.v[i] = float32(30 * r.NormFloat64())
			}
			s.each(func(x, y float64, v float32) float32 { return v + fine.at(x/grain+0.5, y/grain+0.5) })
		}
	case "nobars":
		for range 12 {
			s.bars(r)
		}
	case "nochecks":
		for range 6 {
			s.checks(r)
		}
	}
	s.plane = s.gaussian(between(r, 0.4, 1.5))
	s.noise(r, between(r, 1, 6))
	img, err := throughJPEG(s.plane, 50+r.IntN(42))
	return photo{class: class, img: img}, err
}

// print covers the picture with lines of something like letters.
func (s *shot) print(r *rand.Rand) {
	s.fill(0, 0, s.w, s.h, 232)
	for y := 30; y < s.h-30; y += 14 + r.IntN(14) {
		for x := 30; x < s.w-30; x += 7 + 5*r.IntN(2) {
			if r.IntN(6) == 0 {
				continue
			}
			for range 2 + r.IntN(3) {
				dx, dy := r.IntN(6), r.IntN(9)
				if r.IntN(2) == 0 {
					s.fill(x+dx, y, x+dx+2, y+9, 35)
				} else {
					s.fill(x, y+dy, x+6, y+dy+2, 35)
				}
			}
		}
	}
}

func (s *shot) bars(r *rand.Rand) {
	x, y := r.IntN(s.w-300), r.IntN(s.h-120)
	s.fill(x, y, x+280, y+100, 240)
	for at := x + 8; at < x+265; {
		d := 2 * (1 + r.IntN(4))
		s.fill(at, y+8, at+d, y+92, 20)
		at += d + 2*(1+r.IntN(4))
	}
}

// checks is a matrix code of another kind: modules, and no finder patterns.
func (s *shot) checks(r *rand.Rand) {
	m, n := 3+r.IntN(6), 20+r.IntN(25)
	x, y := r.IntN(s.w), r.IntN(s.h)
	for j := range n {
		for i := range n {
			s.fill(x+i*m, y+j*m, x+(i+1)*m, y+(j+1)*m, float32(20+200*r.IntN(2)))
		}
	}
}
