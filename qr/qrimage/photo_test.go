package qrimage_test

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
)

// photo is how a symbol is put into a picture.
type photo struct {
	module      float64 // pixels per module
	angle       float64 // degrees
	tilt        float64 // how much the far side shrinks
	blur        int     // box blurs of 3 × 3
	noise       float64 // standard deviation in steps of grey
	dark, light float64
	mirrored    bool
}

// take makes the picture: for each pixel, where in the symbol it looks.
func (p photo) take(s *qrimage.Symbol, seed uint64) *image.Gray {
	size := float64(s.Size())
	side := int(size*p.module*1.6) + 40
	img := image.NewGray(image.Rect(0, 0, side, side))
	sin, cos := math.Sincos(p.angle * math.Pi / 180)
	random := rand.New(rand.NewPCG(seed, 7))
	values := make([]float64, side*side)
	for y := range side {
		for x := range side {
			values[y*side+x] = p.look(s, float64(x)-float64(side)/2, float64(y)-float64(side)/2, sin, cos)
		}
	}
	for range p.blur {
		values = boxed(values, side)
	}
	for i, v := range values {
		v += random.NormFloat64() * p.noise
		img.Pix[i] = byte(min(max(v, 0), 255))
	}
	return img
}

// look averages 3 × 3 points of the pixel at x, y from the middle.
func (p photo) look(s *qrimage.Symbol, x, y, sin, cos float64) float64 {
	sum := 0.0
	for i := range 9 {
		u, v := x+float64(i%3-1)/3, y+float64(i/3-1)/3
		u, v = u*cos+v*sin, v*cos-u*sin
		w := 1 - p.tilt*v/(float64(s.Size())*p.module)
		u, v = u/w/p.module+float64(s.Size())/2, v/w/p.module+float64(s.Size())/2
		if p.mirrored {
			u = float64(s.Size()) - u
		}
		if s.Dark(int(math.Floor(u)), int(math.Floor(v))) {
			sum += p.dark
		} else {
			sum += p.light
		}
	}
	return sum / 9
}

func boxed(v []float64, side int) []float64 {
	out := make([]float64, len(v))
	for y := 1; y < side-1; y++ {
		for x := 1; x < side-1; x++ {
			i := y*side + x
			out[i] = (v[i-side-1] + v[i-side] + v[i-side+1] + v[i-1] + v[i] + v[i+1] + v[i+side-1] + v[i+side] + v[i+side+1]) / 9
		}
	}
	return out
}

func TestPhotosAreRead(t *testing.T) {
	cases := map[string]photo{
		"straight":                {module: 3, dark: 30, light: 220},
		"two pixels per module":   {module: 2, dark: 30, light: 220},
		"ten pixels per module":   {module: 10, dark: 30, light: 220},
		"turned a little":         {module: 4, angle: 7, dark: 30, light: 220},
		"turned by 45 degrees":    {module: 4, angle: 45, dark: 30, light: 220},
		"turned by 110 degrees":   {module: 3.3, angle: 110, dark: 30, light: 220},
		"upside down":             {module: 4, angle: 180, dark: 30, light: 220},
		"tilted":                  {module: 4, angle: 12, tilt: 0.05, dark: 30, light: 220},
		"noisy":                   {module: 4, angle: 5, noise: 25, dark: 30, light: 220},
		"blurred":                 {module: 4, angle: 5, blur: 2, dark: 30, light: 220},
		"faint":                   {module: 4, angle: 5, dark: 140, light: 160, noise: 1},
		"light on dark":           {module: 4, angle: 5, dark: 230, light: 25},
		"mirrored":                {module: 4, angle: 5, dark: 30, light: 220, mirrored: true},
		"small, noisy and turned": {module: 2.6, angle: 33, noise: 12, dark: 60, light: 200},
	}
	texts := samples()
	for name, p := range cases {
		for _, kind := range []string{"card of 2021", "VN1 in base45", "compact JWS"} {
			t.Run(name+", "+kind, func(t *testing.T) {
				symbol, err := qrimage.Draw(texts[kind], 0)
				if err != nil {
					t.Fatal(err)
				}
				codes, err := qrimage.Reader{}.ReadImage(context.Background(), p.take(symbol, 1))
				if err != nil {
					t.Fatal(err)
				}
				code, err := codes.One()
				if err != nil {
					t.Fatal(err)
				}
				if got, err := code.Text(); err != nil || got != texts[kind] {
					t.Fatalf("read %q, %v", got, err)
				}
			})
		}
	}
}

// The corners follow the symbol's own orientation, so that an outline drawn with
// them knows which way is up.
func TestCornersTurnWithTheSymbol(t *testing.T) {
	symbol, err := qrimage.Draw("TURN ME", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, angle := range []float64{0, 30, 90, 135, 180, 270} {
		for _, mirrored := range []bool{false, true} {
			t.Run(fmt.Sprintf("%g degrees, mirrored %v", angle, mirrored), func(t *testing.T) {
				p := photo{module: 6, angle: angle, dark: 0, light: 255, mirrored: mirrored}
				img := p.take(symbol, 1)
				codes, err := qrimage.Reader{}.ReadImage(context.Background(), img)
				if err != nil {
					t.Fatal(err)
				}
				half, sin, cos := 3*float64(symbol.Size()), math.Sin(angle*math.Pi/180), math.Cos(angle*math.Pi/180)
				for i, c := range [4][2]float64{{-half, -half}, {half, -half}, {half, half}, {-half, half}} {
					if mirrored {
						c[0] = -c[0]
					}
					middle := float64(img.Rect.Dx()) / 2
					x, y := middle+c[0]*cos-c[1]*sin, middle+c[0]*sin+c[1]*cos
					at := codes[0].Corners[i]
					if math.Hypot(float64(at.X)-x, float64(at.Y)-y) > 6 {
						t.Errorf("corner %d is at %v, drawn at %.0f,%.0f", i, at, x, y)
					}
				}
			})
		}
	}
}

func TestCornersAreInTheCoordinatesOfTheImage(t *testing.T) {
	symbol, err := qrimage.Draw("MOVED", 0)
	if err != nil {
		t.Fatal(err)
	}
	flat := photo{module: 5, dark: 0, light: 255}.take(symbol, 1)
	moved := image.NewNRGBA(flat.Rect.Add(image.Pt(-70, 400)))
	for y := range flat.Rect.Dy() {
		for x := range flat.Rect.Dx() {
			moved.Set(x-70, y+400, color.NRGBA{0, 0, 0, 255 - flat.GrayAt(x, y).Y}) // black on nothing
		}
	}
	var corners [2]image.Point
	for i, img := range []image.Image{flat, moved} {
		codes, err := qrimage.Reader{}.ReadImage(context.Background(), img)
		if err != nil {
			t.Fatal(err)
		}
		corners[i] = codes[0].Corners[0]
	}
	if got := corners[1].Sub(corners[0]); got != image.Pt(-70, 400) {
		t.Errorf("the corner moved by %v", got)
	}
}

// Twelve different codes on one table, each at an angle of its own.
func TestManyCodesInOnePicture(t *testing.T) {
	table := image.NewGray(image.Rect(0, 0, 1600, 1200))
	for i := range table.Pix {
		table.Pix[i] = 170
	}
	want := make(map[string]bool)
	for i := range 12 {
		text := fmt.Sprintf("CODE NUMBER %d OF TWELVE", i)
		want[text] = true
		img := photo{module: 6, angle: float64(31 * i), dark: 30, light: 220, noise: 4}.take(drawn(t, text), uint64(i))
		at := image.Pt(i%4*400+20, i/4*400+20)
		for y := range img.Rect.Dy() {
			copy(table.Pix[table.PixOffset(at.X, at.Y+y):], img.Pix[y*img.Stride:y*img.Stride+img.Rect.Dx()])
		}
	}
	codes, err := qrimage.Reader{}.ReadImage(context.Background(), table)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range codes {
		if !want[string(c.Payload)] {
			t.Errorf("%q", c.Payload)
		}
		delete(want, string(c.Payload))
	}
	if len(want) > 0 {
		t.Errorf("not read: %v", want)
	}
	if _, err := codes.One(); err == nil {
		t.Error("one of twelve was taken")
	}
}

func TestLargeSymbolsAndLargeModules(t *testing.T) {
	long := samples()["compact JWS"] + samples()["compact JWS"] + samples()["compact JWS"] + samples()["compact JWS"]
	for name, c := range map[string]struct {
		text string
		p    photo
	}{
		"version 40, three pixels":     {long, photo{module: 3.2, angle: 4, dark: 30, light: 220, noise: 3}},
		"version 40, tilted":           {long, photo{module: 4, angle: 70, tilt: 0.2, dark: 30, light: 220}},
		"forty pixels per module":      {"CLOSE", photo{module: 40, angle: 20, dark: 30, light: 220, noise: 10}},
		"forty pixels, out of focus":   {"CLOSE", photo{module: 40, angle: 20, dark: 90, light: 160, noise: 10, blur: 60}},
		"one pixel and a half":         {"SMALL", photo{module: 1.6, angle: 0, dark: 30, light: 220}},
		"one pixel and a half, turned": {"SMALL", photo{module: 1.9, angle: 30, dark: 30, light: 220}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := qrimage.Draw(c.text, qrimage.Low)
			if err != nil {
				t.Fatal(err)
			}
			codes, err := qrimage.Reader{}.ReadImage(context.Background(), c.p.take(s, 5))
			if err != nil {
				t.Fatalf("version %d: %v", s.Version(), err)
			}
			if code, err := codes.One(); err != nil || string(code.Payload) != c.text {
				t.Errorf("read %q, %v", code.Payload, err)
			}
		})
	}
}

// The second of two cards is blurred, or so far out of focus that rows show none of its
// patterns; that it is harder to read must not make the first one the only one.
func TestTheHarderOfTwoCodesIsReadToo(t *testing.T) {
	for name, second := range map[string]photo{
		"blurred":      {module: 5, angle: 40, dark: 60, light: 190, blur: 4, noise: 2},
		"out of focus": {module: 7, angle: 3, dark: 60, light: 190, blur: 26, noise: 2},
	} {
		t.Run(name, func(t *testing.T) { readTwo(t, second) })
	}
}

func readTwo(t *testing.T, second photo) {
	table := image.NewGray(image.Rect(0, 0, 1100, 620))
	for i := range table.Pix {
		table.Pix[i] = 190
	}
	for i, p := range []photo{{module: 5, angle: 3, dark: 30, light: 220}, second} {
		img := p.take(drawn(t, samples()["card of 2021"][i:]), 1)
		for y := range min(img.Rect.Dy(), 600) {
			copy(table.Pix[table.PixOffset(550*i, y):table.PixOffset(550*i+540, y)], img.Pix[y*img.Stride:])
		}
	}
	codes, err := qrimage.Reader{}.ReadImage(context.Background(), table)
	if err != nil || len(codes) != 2 {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	if _, err := codes.One(); err == nil {
		t.Error("one of two was taken")
	}
}
