package qrsample

import (
	"context"
	"image"
	_ "image/png"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

// foreign is a symbol that qrencode drew.
func foreign(t testing.TB, name string) Gray {
	t.Helper()
	f, err := os.Open("../../qr/qrimage/testdata/accepted/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	g := Gray{make([]byte, b.Dx()*b.Dy()), b.Dx(), b.Dy()}
	for y := range g.H {
		for x := range g.W {
			r, _, _, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			g.Pix[y*g.W+x] = byte(r >> 8)
		}
	}
	return g
}

// through looks at a picture through a homography, averaging 3 × 3 points.
func through(g Gray, w, h int, of homography) Gray {
	out := Gray{make([]byte, w*h), w, h}
	for i := range out.Pix {
		var sum float32
		for k := range 9 {
			p := of.at(point{float64(i%w) + (float64(k%3)+0.5)/3, float64(i/w) + (float64(k/3)+0.5)/3})
			if p.x < 0 || p.y < 0 || p.x > float64(g.W) || p.y > float64(g.H) {
				sum += 150
			} else {
				sum += g.at(p)
			}
		}
		out.Pix[i] = byte(sum / 9)
	}
	return out
}

func TestTiltedTurnedAndMirrored(t *testing.T) {
	g := foreign(t, "card-l.png")
	plain := Read(context.Background(), g)
	if len(plain) != 1 {
		t.Fatalf("%d symbols", len(plain))
	}
	for name, h := range map[string]homography{
		"turned":            {0.9, -0.44, 0.27*float64(g.W) - 18, 0.44, 0.9, -0.17*float64(g.W) - 54, 0, 0, 1},
		"tilted":            {1, 0.1, -20, 0.05, 1.1, -20, 0.0004, 0.0009, 1},
		"tilted very much":  {1, 0.2, -20, 0.05, 1.3, -20, 0.0005, 0.0022, 1},
		"mirrored":          {-1, 0, float64(g.W), 0, 1, 0, 0, 0, 1},
		"upside down":       {-1, 0, float64(g.W), 0, -1, float64(g.H), 0, 0, 1},
		"two thirds":        {1.5, 0, 0, 0, 1.5, 0, 0, 0, 1},
		"mirrored and bent": {-1, -0.3, float64(g.W) + 60, -0.1, 1, 20, 0, 0.0006, 1},
	} {
		t.Run(name, func(t *testing.T) {
			found := Read(context.Background(), through(g, g.W+80, g.H+80, h))
			if len(found) != 1 || string(found[0].Data) != string(plain[0].Data) {
				t.Fatalf("%d symbols", len(found))
			}
			if flips := h[0]*h[4]-h[1]*h[3] < 0; found[0].Mirrored != flips {
				t.Errorf("mirrored: %v", found[0].Mirrored)
			}
			for i, c := range found[0].Corners { // the corners are where the plain ones are seen
				p, want := h.at(point{c[0], c[1]}), point{plain[0].Corners[i][0], plain[0].Corners[i][1]}
				if p.far(want, 5) {
					t.Errorf("corner %d is at %.0f, should be at %.0f", i, p, want)
				}
			}
		})
	}
}

func TestFitFindsTheHomography(t *testing.T) {
	want := homography{3, 0.4, 200, -0.3, 2.8, 90, 0.002, 0.004, 1}
	var marks []mark
	for i := range 12 {
		p := point{float64(i * 37 % 57), float64(i * 23 % 57)}
		marks = append(marks, mark{p, want.at(p), 1})
	}
	h, ok := fit(marks)
	back := h.inverse()
	for _, m := range marks {
		if !ok || h.at(m.module).far(m.pixel, 1e-3) || back.at(m.pixel).far(m.module, 1e-3) {
			t.Fatalf("%v: %v is not %v", m.module, h.at(m.module), m.pixel)
		}
	}
	if _, ok := fit(marks[:2]); ok {
		t.Error("two marks fix no homography")
	}
}

func TestBendGoesThroughItsMarks(t *testing.T) {
	w := warp{homography: homography{4, 0, 10, 0, 4, 10, 0, 0, 1}, n: 57}
	wave := func(p point) point { return point{0.8 * math.Sin(p.y/18), 0.6 * math.Cos(p.x/20)} }
	var marks []mark
	for y := 4.0; y < 57; y += 6 {
		for x := 4.0; x < 57; x += 6 {
			p := point{x, y}
			marks = append(marks, mark{p, w.homography.at(p.plus(wave(p))), 1})
		}
	}
	w.bend(marks, 0.0001)
	for _, p := range []point{{7, 9}, {30, 30}, {50, 12}} {
		if got, want := w.at(p), w.homography.at(p.plus(wave(p))); got.far(want, 0.6) {
			t.Errorf("%v: %v is not %v", p, got, want)
		}
	}
}

// A blurred, noisy field of modules of which only the patterns are known.
func TestEqualiserUndoesBlur(t *testing.T) {
	const n = 61
	random := rand.New(rand.NewPCG(1, 2))
	truth, known := make([]float32, n*n), make([]int8, n*n)
	for i := range truth {
		truth[i] = float32(2*random.IntN(2) - 1)
		if x, y := i%n, i/n; x < 2 || y < 2 || x >= n-2 || y >= n-2 || x < 12 && y < 12 {
			known[i] = int8(truth[i])
		}
	}
	seen := make([]float32, n*n)
	for y := 2; y < n-2; y++ {
		for x := 2; x < n-2; x++ {
			for j := -2; j <= 2; j++ {
				for i := -2; i <= 2; i++ {
					seen[y*n+x] += truth[(y+j)*n+x+i] * float32(math.Exp(-float64(i*i+j*j)/(2*0.7*0.7))/3.08)
				}
			}
			seen[y*n+x] += float32(0.03 * random.NormFloat64())
		}
	}
	errors := func(v []float32) (count int) {
		for i := range v {
			if (v[i] > 0) != (truth[i] > 0) {
				count++
			}
		}
		return count
	}
	e := newEqualiser(seen, n, known)
	before := errors(e.guess)
	for range 8 {
		if !e.estimate() {
			t.Fatal("no estimate")
		}
		e.resolve(8)
	}
	if after := errors(e.guess); before < 200 || after > before/20 {
		t.Errorf("%d wrong before, %d after", before, after)
	}
}

func TestReadEndsWithItsContext(t *testing.T) {
	over, cancel := context.WithCancel(context.Background())
	cancel()
	noise := Gray{make([]byte, 4000*3000), 4000, 3000}
	random := rand.New(rand.NewPCG(3, 4))
	for i := range noise.Pix {
		noise.Pix[i] = byte(random.Uint32())
	}
	start := time.Now()
	if found := Read(over, noise); found != nil {
		t.Error("found something in noise")
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

// Whatever the picture: no panic, an end, and only symbols that stand by themselves.
// The pictures are small, and the equaliser has the work of two rounds on them, so
// that thousands are tried in the time of one photo.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"card-l.png", "micro.png", "digits.png"} {
		g := foreign(f, name)
		for g.W*g.H > maxFuzzed {
			g = g.half()
		}
		f.Add(g.Pix, uint8(g.W))
	}
	g := redrawn(f, "digits.png")
	f.Add(g.Pix, uint8(g.W))
	f.Add(make([]byte, 441), uint8(21))
	f.Fuzz(func(t *testing.T, pix []byte, width uint8) {
		w := max(int(width), 21)
		if len(pix) < 21*w || len(pix) > maxFuzzed {
			return
		}
		r := newReading(context.Background(), Gray{pix[:len(pix)/w*w], w, len(pix) / w})
		r.effort = 2 * 37 * 37
		for _, s := range r.run() {
			if s.Version < 1 || s.Version > 40 || s.Level < 0 || s.Level > 3 || len(s.Data) == 0 || s.Evidence < 26 {
				t.Fatalf("%+v", s.Message)
			}
		}
	})
}

const maxFuzzed = 96 * 96

// redrawn is a picture of the same symbol with three pixels for each module.
func redrawn(t testing.TB, name string) Gray {
	t.Helper()
	g := foreign(t, name)
	s := Read(context.Background(), g)
	if len(s) != 1 {
		t.Fatalf("%d symbols", len(s))
	}
	n := 17 + 4*s[0].Version
	out := Gray{make([]byte, 9*(n+8)*(n+8)), 3 * (n + 8), 3 * (n + 8)}
	for i := range out.Pix {
		x, y := i%out.W/3-4, i/out.W/3-4
		if out.Pix[i] = 230; x >= 0 && y >= 0 && x < n && y < n && s[0].Modules[y*n+x] > 0 {
			out.Pix[i] = 20
		}
	}
	return out
}
