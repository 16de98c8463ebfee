package qrimage

import (
	"image"
	"image/color"
)

// luma is a grey picture, 0 is black. Its pixels may be shared with the picture
// it came from and are never written to once made.
type luma struct {
	pix  []byte
	w, h int
}

func newLuma(w, h int) luma { return luma{make([]byte, w*h), w, h} }

// lumaOf takes the grey values of img. Transparent pixels count as on white
// paper: a code drawn on nothing is meant to be printed.
func lumaOf(img image.Image) luma {
	b := img.Bounds()
	switch img := img.(type) {
	case *image.Gray:
		return plane(img.Pix[img.PixOffset(b.Min.X, b.Min.Y):], img.Stride, b.Dx(), b.Dy())
	case *image.YCbCr:
		return plane(img.Y[img.YOffset(b.Min.X, b.Min.Y):], img.YStride, b.Dx(), b.Dy())
	case *image.Paletted:
		return palette(img)
	case *image.RGBA:
		return colours(img.Pix, img.Stride, b.Dx(), b.Dy(), func(y, a uint32) uint32 { return y + 0xff - a })
	case *image.NRGBA:
		return colours(img.Pix, img.Stride, b.Dx(), b.Dy(), func(y, a uint32) uint32 { return (y*a + 0xff*(0xff-a)) / 0xff })
	}
	l := newLuma(b.Dx(), b.Dy())
	for y := range l.h {
		row := l.pix[y*l.w : (y+1)*l.w]
		for x := range row {
			row[x] = grey(img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return l
}

// plane shares pix where rows lie end to end, and copies them otherwise.
func plane(pix []byte, stride, w, h int) luma {
	if stride == w {
		return luma{pix[:w*h], w, h}
	}
	l := newLuma(w, h)
	for y := range h {
		copy(l.pix[y*w:(y+1)*w], pix[y*stride:])
	}
	return l
}

func palette(img *image.Paletted) luma {
	var greys [256]byte
	for i, c := range img.Palette[:min(len(img.Palette), 256)] {
		greys[i] = grey(c)
	}
	b := img.Bounds()
	l := newLuma(b.Dx(), b.Dy())
	for y := range l.h {
		from := img.Pix[y*img.Stride:]
		for x := range l.w {
			l.pix[y*l.w+x] = greys[from[x]]
		}
	}
	return l
}

// colours weighs four-byte pixels; onWhite applies the alpha.
func colours(pix []byte, stride, w, h int, onWhite func(y, a uint32) uint32) luma {
	l := newLuma(w, h)
	for y := range h {
		from := pix[y*stride : y*stride+4*w]
		for x := range w {
			p := from[4*x : 4*x+4]
			grey := (19595*uint32(p[0]) + 38470*uint32(p[1]) + 7471*uint32(p[2]) + 1<<15) >> 16
			l.pix[y*w+x] = byte(onWhite(grey, uint32(p[3])))
		}
	}
	return l
}

func grey(c color.Color) byte {
	r, g, b, a := c.RGBA()
	y := (19595*r + 38470*g + 7471*b + 1<<15) >> 16 // as color.GrayModel weighs them
	return byte((y + 0xffff - a) >> 8)
}

// upright turns and mirrors a picture as its EXIF orientation asks.
func upright(l luma, orientation int) luma {
	if orientation <= 1 {
		return l
	}
	out := newLuma(l.w, l.h)
	if orientation >= 5 {
		out.w, out.h = l.h, l.w
	}
	right, bottom := l.w-1, l.h-1
	for y := range out.h {
		for x := range out.w {
			var from int
			switch orientation {
			case 2: // mirrored
				from = y*l.w + right - x
			case 3: // upside down
				from = (bottom-y)*l.w + right - x
			case 4: // mirrored and upside down
				from = (bottom-y)*l.w + x
			case 5: // mirrored, turned left
				from = x*l.w + y
			case 6: // to be turned right
				from = (bottom-x)*l.w + y
			case 7: // mirrored, turned right
				from = (bottom-x)*l.w + right - y
			case 8: // to be turned left
				from = x*l.w + right - y
			}
			out.pix[y*out.w+x] = l.pix[from]
		}
	}
	return out
}
