package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// photo is one picture and what it shows; want is empty where there is no code.
type photo struct {
	name, class string
	want        string
	img         *image.Gray
}

var sets = map[string][]string{
	"plain": {"rot", "persp", "blur", "motion", "noise", "lowcontrast", "small12mp", "glare", "jpeglow", "inverted", "damaged", "shadow", "curved", "mixed"},
	"own":   {"chat", "halo", "varyblur", "moire", "photocopy", "lamination"},
	"none":  {"nocard", "nopage", "notexture", "nobars", "nochecks", "noscene"},
}

func between(r *rand.Rand, a, b float64) float64 { return a + (b-a)*r.Float64() }

// pick returns one of two ranges: the usual, or the harder.
func pick(r *rand.Rand, hard bool, a, b, c, d float64) float64 {
	if hard {
		return between(r, c, d)
	}
	return between(r, a, b)
}

// take makes the photo of a class.
func take(r *rand.Rand, class string, hard bool) (photo, error) {
	sym, err := drawSymbol(r)
	if err != nil {
		return photo{}, err
	}
	c := drawCard(r, sym, class == "inverted")
	if class == "damaged" {
		c.stain(r, 0.02)
	}
	size := [][2]int{{1280, 960}, {1600, 1200}, {1920, 1080}, {960, 1280}}[r.IntN(4)]
	v := view{w: size[0], h: size[1], module: between(r, 2.8, 6), angle: 0.1 * r.NormFloat64(), tilt: between(r, 0, 0.06)}
	switch class {
	case "rot", "persp", "curved", "mixed", "chat", "halo", "varyblur", "lamination":
		v.angle = between(r, 0, 2*math.Pi)
	}
	switch class {
	case "persp":
		v.tilt = pick(r, hard, 0.15, 0.32, 0.3, 0.6)
	case "curved":
		v.bend = pick(r, hard, 0.01, 0.03, 0.03, 0.06)
	case "small12mp":
		v.w, v.h, v.module, v.angle = 4000, 3000, between(r, 2.3, 5), between(r, 0, 2*math.Pi)
	case "jpeglow", "mixed":
		v.module = between(r, 2.6, 4.5)
	case "blur", "motion":
		v.module = between(r, 3, 5.5)
	case "chat":
		v.w, v.h, v.module, v.tilt = 2560, 1920, between(r, 4.6, 9), between(r, 0, 0.12)
	case "moire":
		v.pitch, v.tilt = between(r, 2, 5), between(r, 0, 0.12)
	case "photocopy":
		v.module, v.tilt = between(r, 2.6, 5), 0
	}
	// A symbol must fit its picture.
	v.module = min(v.module, 0.8*float64(min(v.w, v.h))/float64(len(sym.dark)))
	s := v.shoot(r, c)
	img, err := develop(r, &s, class, hard)
	return photo{class: class, want: sym.text, img: img}, err
}

// develop does to the light what lens, sensor and programs do.
func develop(r *rand.Rand, s *shot, class string, hard bool) (*image.Gray, error) {
	lens, noise, quality := between(r, 0.08, 0.2)*s.module, between(r, 1, 4), 60+r.IntN(31)
	effects := []string{class}
	mild := 1.0
	if class == "mixed" {
		all := []string{"blur", "noise", "lowcontrast", "glare", "jpeglow", "shadow", "motion"}
		effects, mild = []string{all[r.IntN(3)], all[3+r.IntN(4)]}, 0.6
	}
	for _, e := range effects {
		switch e {
		case "blur":
			lens = s.module * mild * pick(r, hard, 0.35, 0.75, 0.65, 1)
		case "motion":
			s.plane = s.motion(s.module*mild*pick(r, hard, 0.7, 1.8, 1.5, 3), between(r, 0, math.Pi))
		case "noise":
			noise = mild * pick(r, hard, 22, 55, 50, 100)
		case "lowcontrast":
			s.contrast(between(r, 0.12, 0.32)/mild, between(r, 60, 200))
		case "shadow":
			s.shadow(r, 0.75*mild)
		case "glare":
			s.glare(r, mild*pick(r, hard, 120, 330, 250, 500), between(r, 0.1, 0.28)*mild, between(r, 0.06, 0.2)*mild)
		case "jpeglow":
			quality = 18 + r.IntN(28)
		}
	}
	if class == "varyblur" {
		s.defocus(r, 0.15, between(r, 0.6, 1.1))
	} else {
		s.plane = s.gaussian(lens)
	}
	own(r, s, class)
	s.noise(r, noise)
	if class == "chat" {
		first, err := throughJPEG(s.plane, 85)
		if err != nil {
			return nil, err
		}
		s.plane, quality = planeOf(first).shrink(1280), 60
	}
	return throughJPEG(s.plane, quality)
}

// own are the effects that no linear model flatters.
func own(r *rand.Rand, s *shot, class string) {
	switch class {
	case "halo":
		s.gamma(between(r, 0.5, 2.2))
		s.sharpen(between(r, 0.8, 2), between(r, 1.5, 4))
	case "moire":
		s.gamma(between(r, 0.7, 1.4))
		s.sharpen(1, between(r, 0, 1.5))
	case "photocopy":
		s.noise(r, between(r, 10, 30))
		steep, cut := between(r, 0.04, 0.2), between(r, 90, 170)
		s.each(func(_, _ float64, v float32) float32 {
			return float32(250 / (1 + math.Exp(-steep*(float64(v)-cut))))
		})
		for range s.w * s.h / 900 { // toner
			x, y := r.IntN(s.w), r.IntN(s.h)
			s.fill(x, y, x+1+r.IntN(2), y+1+r.IntN(2), float32(255*r.IntN(2)))
		}
		s.plane = s.gaussian(between(r, 0.3, 0.7))
	case "lamination":
		s.contrast(between(r, 0.45, 0.8), between(r, 120, 165))
		for range 2 + r.IntN(3) {
			s.glare(r, between(r, 80, 260), between(r, 0.3, 0.9), between(r, 0.015, 0.06))
		}
		s.glare(r, between(r, 100, 300), between(r, 0.08, 0.16), between(r, 0.05, 0.12))
	}
	for i, v := range s.v {
		s.v[i] = min(max(v, 0), 255)
	}
}

func throughJPEG(p plane, quality int) (*image.Gray, error) {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, p.grey(), &jpeg.Options{Quality: quality}); err != nil {
		return nil, err
	}
	img, err := jpeg.Decode(&file)
	if err != nil {
		return nil, err
	}
	return img.(*image.Gray), nil
}
