package qrimage

import (
	"context"
	"image"
	"math"
	"time"

	"github.com/makiuchi-d/gozxing"
)

// view is one way of looking at the picture: a filtered copy of it, and the
// threshold that makes it black and white.
type view struct {
	picture   func() luma
	threshold func(context.Context, luma) *gozxing.BitMatrix
}

// search looks at the picture in ever more expensive ways until one of them
// shows a code.
func (r Reader) search(ctx context.Context, l luma) (Codes, error) {
	budget := r.Budget
	if budget <= 0 {
		budget = 2 * time.Second
	}
	within, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	for _, v := range views(within, l) {
		if within.Err() != nil {
			break
		}
		seen := v.picture()
		if within.Err() != nil {
			break // it is half made
		}
		bits := v.threshold(within, seen)
		if bits == nil {
			continue
		}
		if codes := symbols(within, bits); len(codes) > 0 {
			return located(codes, float64(l.w)/float64(seen.w), float64(l.h)/float64(seen.h)), nil
		}
	}
	if ctx.Err() != nil {
		return nil, ended(ctx)
	}
	return nil, malformed("no QR code found")
}

// views lists the ways in the order of their worth on photos of cards: the plain
// look reads half of them, a smaller picture has less noise, a sharpened or
// enlarged one undoes blur; light codes on dark ground are rare.
func views(ctx context.Context, l luma) []view {
	const large, small = 4_000_000, 2_000_000
	base := once(func() luma {
		b := l
		for b.w*b.h > large && min(b.w, b.h) > 1 && ctx.Err() == nil {
			b = b.half(ctx)
		}
		return b
	})
	half := once(func() luma { return base().half(ctx) })
	list := []view{
		{base, local},
		{half, local},
		{base, mean},
		{func() luma { return base().blur(ctx) }, local},
		{func() luma { return base().blur(ctx) }, mean},
		{func() luma { return base().sharpen(ctx) }, local},
		{base, global},
	}
	if l.w*l.h <= small {
		list = append(list, view{func() luma { return l.double(ctx).sharpen(ctx) }, mean},
			view{func() luma { return l.double(ctx) }, local},
			view{func() luma { return l.double(ctx).blur(ctx) }, mean},
			view{func() luma { return l.blur(ctx).double(ctx) }, local})
	}
	list = append(list, view{func() luma { return half().half(ctx) }, local},
		view{func() luma { return half().sharpen(ctx) }, mean},
		view{func() luma { return base().invert() }, local},
		view{func() luma { return half().invert() }, mean})
	list = append(list, view{func() luma { return base().blur(ctx).blur(ctx) }, mean},
		view{func() luma { return base().sharpen(ctx).sharpen(ctx) }, mean})
	if l.w*l.h > large {
		whole := func() luma { return l }
		list = append(list, view{whole, local}, view{whole, mean}, view{func() luma { return l.blur(ctx) }, mean})
	}
	return list
}

func once(make func() luma) func() luma {
	var made *luma
	return func() luma {
		if made == nil {
			l := make()
			made = &l
		}
		return *made
	}
}

// located turns findings in a view into codes of the picture, each payload once.
func located(found []finding, sx, sy float64) Codes {
	var codes Codes
	seen := make(map[string]bool)
	for _, f := range found {
		if seen[string(f.code.Payload)] {
			continue
		}
		seen[string(f.code.Payload)] = true
		for i := range 4 {
			f.code.Corners[i] = image.Pt(int(math.Round(f.corners[2*i]*sx)), int(math.Round(f.corners[2*i+1]*sy)))
		}
		codes = append(codes, f.code)
	}
	return codes
}
