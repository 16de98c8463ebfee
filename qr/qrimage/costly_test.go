//go:build unix

package qrimage_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// bounded runs f and holds it to what a picture may cost whatever it shows: 256 MB
// allocated in all, and a second of the processor's time, which a busy machine does
// not stretch. apart is what is not counted.
func bounded(t *testing.T, apart time.Duration, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := processor(t)
	f()
	took := processor(t) - start - apart
	runtime.ReadMemStats(&after)
	used := after.TotalAlloc - before.TotalAlloc
	t.Logf("%v, %d MB", took.Round(time.Millisecond), used/1e6)
	if took > second || used > 256e6 {
		t.Errorf("took %v and %d MB", took, used/1e6)
	}
}

func processor(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func filled(w, h int, value func(x, y int) byte) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = value(i%w, i/w)
	}
	return img
}

// costly are pictures made to take as much as a picture can.
func costly() map[string]func() image.Image {
	random := rand.New(rand.NewPCG(11, 12))
	noise := func(int, int) byte { return byte(random.Uint32()) }
	finders := func(period int) func(x, y int) byte {
		finder := [7]string{"#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"}
		return func(x, y int) byte {
			if x, y = x%period*9/period, y%period*9/period; x < 7 && y < 7 && finder[y][x] == '#' {
				return 20
			}
			return 230
		}
	}
	return map[string]func() image.Image{
		"noise, 64 megapixels":                  func() image.Image { return filled(8000, 8000, noise) },
		"noise, 12 megapixels":                  func() image.Image { return filled(4000, 3000, noise) },
		"coarse noise, 12 megapixels":           func() image.Image { return enlargedNoise(4000, 3000, 4) },
		"finder patterns, nine pixels":          func() image.Image { return filled(4000, 3000, finders(9)) },
		"finder patterns, 27 pixels":            func() image.Image { return filled(4000, 3000, finders(27)) },
		"finder patterns, 36 pixels, 64 Mpixel": func() image.Image { return filled(8000, 8000, finders(36)) },
		"finder patterns, 120 pixels":           func() image.Image { return filled(4000, 3000, finders(120)) },
	}
}

func enlargedNoise(w, h, side int) image.Image {
	random := rand.New(rand.NewPCG(21, 22))
	row := make([]byte, w)
	return filled(w, h, func(x, y int) byte {
		if y%side == 0 && x%side == 0 {
			v := byte(random.Uint32())
			for i := x; i < min(x+side, w); i++ {
				row[i] = v
			}
		}
		return row[x]
	})
}

func TestCostlyPictures(t *testing.T) {
	for name, draw := range costly() {
		t.Run(name, func(t *testing.T) {
			img := draw()
			bounded(t, 0, func() {
				codes, err := qrimage.Reader{}.ReadImage(context.Background(), img)
				if !errors.Is(err, vneid.ErrMalformed) || codes != nil {
					t.Errorf("%d codes, %v", len(codes), err)
				}
			})
		})
	}
}

// A file of noise takes a decoder its time, and no limit on pixels tells it from a
// photo; so what the standard library takes for the same bytes is told apart.
func TestCostlyFiles(t *testing.T) {
	random := rand.New(rand.NewPCG(31, 32))
	var noise, animation bytes.Buffer
	if err := jpeg.Encode(&noise, filled(8000, 8000, func(int, int) byte { return byte(random.Uint32()) }), &jpeg.Options{Quality: 3}); err != nil {
		t.Fatal(err)
	}
	frame := image.NewPaletted(image.Rect(0, 0, 5000, 5000), color.Palette{color.Black, color.White})
	if err := gif.EncodeAll(&animation, &gif.GIF{Image: []*image.Paletted{frame, frame, frame}, Delay: []int{1, 1, 1}}); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"64 megapixels of JPEG noise":    noise.Bytes(),
		"half of it":                     noise.Bytes()[:noise.Len()/2],
		"an animation of 25 megapixels":  animation.Bytes(),
		"30,000 × 30,000 of one bit":     pngFile(30_000, 30_000, 1, 0, 0, 30_000, 3750),
		"64 megapixels of one bit":       pngFile(8_000, 8_000, 1, 0, 0, 8_000, 1_000),
		"64 megapixels of grey":          pngFile(8_000, 8_000, 8, 0, 0, 8_000, 8_000),
		"33 megapixels in four channels": pngFile(5_780, 5_780, 8, 6, 0, 5_780, 23_120),
		"the same, cut short":            pngFile(5_780, 5_780, 8, 6, 0, 2_890, 23_120),
		"data for two hundred of it":     pngFile(1_000, 1_000, 8, 0, 0, 200_000, 1_000),
	} {
		t.Run(name, func(t *testing.T) {
			var apart time.Duration
			if bytes.HasPrefix(data, []byte{0xff, 0xd8}) {
				start := processor(t)
				jpeg.Decode(bytes.NewReader(data))
				apart = processor(t) - start
				t.Logf("%d MB, of which the decoder alone takes %v", len(data)/1e6, apart.Round(time.Millisecond))
			}
			bounded(t, apart, func() {
				codes, err := qrimage.Reader{}.Read(context.Background(), bytes.NewReader(data))
				if !errors.Is(err, vneid.ErrMalformed) || codes != nil {
					t.Errorf("%d codes, %v", len(codes), err)
				}
			})
		})
	}
}

// What a program registers may lie in its header, return nothing, or fail.
func TestDecodersThatCannotBeTrusted(t *testing.T) {
	img := picture(t, "LIAR")
	short := &image.Gray{Pix: img.Pix[:100:100], Stride: img.Stride, Rect: img.Rect}
	for magic, c := range map[string]struct {
		decode func() (image.Image, error)
		read   bool
	}{
		"KEEPS ITS WORD":       {func() (image.Image, error) { return img, nil }, true},
		"RETURNS NOTHING":      {func() (image.Image, error) { return nil, nil }, false},
		"PANICS":               {func() (image.Image, error) { panic("out of range") }, false},
		"HAS TOO FEW PIXELS":   {func() (image.Image, error) { return short, nil }, false},
		"IS LARGE AFTER ALL":   {func() (image.Image, error) { return image.NewUniform(color.White), nil }, false},
		"HAS NO PIXELS AT ALL": {func() (image.Image, error) { return new(image.NRGBA), nil }, false},
	} {
		image.RegisterFormat(magic, magic, func(io.Reader) (image.Image, error) { return c.decode() },
			func(io.Reader) (image.Config, error) {
				return image.Config{ColorModel: color.GrayModel, Width: img.Rect.Dx(), Height: img.Rect.Dy()}, nil
			})
		bounded(t, 0, func() {
			codes, err := qrimage.Reader{}.Read(context.Background(), strings.NewReader(magic))
			if c.read != (err == nil && len(codes) == 1) || err != nil && !errors.Is(err, vneid.ErrMalformed) {
				t.Errorf("%s: %d codes, %v", magic, len(codes), err)
			}
		})
	}
}
