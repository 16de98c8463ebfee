package qrimage_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// pngFile builds a PNG of the given header around compressed zeros, with nothing
// of the encoder that would allocate its pixels.
func pngFile(width, height uint32, depth, colour, interlace byte, rows int, rowBytes int) []byte {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	for range rows {
		w.Write(make([]byte, 1+rowBytes))
	}
	w.Close()
	out := []byte("\x89PNG\r\n\x1a\n")
	add := func(kind string, data []byte) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
		start := len(out)
		out = append(append(out, kind...), data...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
	}
	head := binary.BigEndian.AppendUint32(nil, width)
	head = binary.BigEndian.AppendUint32(head, height)
	add("IHDR", append(head, depth, colour, 0, 0, interlace))
	add("IDAT", z.Bytes())
	add("IEND", nil)
	return out
}

func encoded(t testing.TB, img image.Image) (asPNG, asJPEG, asGIF []byte) {
	t.Helper()
	var a, b, c bytes.Buffer
	if err := errors.Join(png.Encode(&a, img), jpeg.Encode(&b, img, nil), gif.Encode(&c, img, nil)); err != nil {
		t.Fatal(err)
	}
	return a.Bytes(), b.Bytes(), c.Bytes()
}

func picture(t testing.TB, text string) *image.Gray {
	t.Helper()
	symbol, err := qrimage.Draw(text, 0)
	if err != nil {
		t.Fatal(err)
	}
	return photo{module: 4, dark: 0, light: 255}.take(symbol, 1)
}

// Each refused file has an accepted twin, read first, that differs in the fault.
func TestRefusedFiles(t *testing.T) {
	asPNG, asJPEG, asGIF := encoded(t, picture(t, "TWIN"))
	scans := bytes.Repeat([]byte{0xff, 0xda, 0, 2}, 50)
	cases := map[string]struct{ twin, refused []byte }{
		"nothing":                        {asPNG, nil},
		"text":                           {asPNG, []byte("VN1:THIS IS NOT A PICTURE")},
		"a PNG cut short":                {asPNG, asPNG[:len(asPNG)-len(asPNG)/3]},
		"a JPEG cut short":               {asJPEG, asJPEG[:len(asJPEG)/2]},
		"a GIF cut short":                {asGIF, asGIF[:len(asGIF)/2]},
		"a PNG with a flipped bit":       {asPNG, flip(asPNG, len(asPNG)/2)},
		"30,000 × 30,000 in one bit":     {asPNG, pngFile(30_000, 30_000, 1, 0, 0, 1, 3750)},
		"2³¹−1 × 2³¹−1":                  {asPNG, pngFile(1<<31-1, 1<<31-1, 1, 0, 0, 1, 1)},
		"no height":                      {asPNG, pngFile(100, 0, 8, 0, 0, 1, 100)},
		"60 megapixels of 64 bits":       {asPNG, pngFile(8_000, 7_500, 16, 6, 0, 1, 64_000)},
		"35 megapixels in four channels": {asPNG, pngFile(5_900, 5_900, 8, 6, 0, 1, 23_600)},
		"40 interlaced megapixels":       {asPNG, pngFile(8_000, 5_000, 8, 6, 1, 1, 32_000)},
		"few bytes for many pixels":      {asPNG, pngFile(7_000, 7_000, 1, 0, 0, 1, 875)},
		"a JPEG with fifty scans":        {asJPEG, append(bytes.Clone(asJPEG), scans...)},
		"a picture without a code":       {asPNG, pngFile(200, 200, 8, 0, 0, 200, 200)},
		"a picture of one single pixel":  {asPNG, pngFile(1, 1, 8, 0, 0, 1, 1)},
		"a strip one pixel wide":         {asPNG, pngFile(1, 5_000_000, 8, 0, 0, 5_000_000, 1)},
		"a strip one pixel high":         {asPNG, pngFile(5_000_000, 1, 8, 0, 0, 1, 5_000_000)},
		"a strip of twenty pixels":       {asPNG, pngFile(20, 400_000, 8, 0, 0, 400_000, 20)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if code := read(t, c.twin); string(code.Payload) != "TWIN" {
				t.Fatalf("the twin reads %q", code.Payload)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			codes, err := qrimage.Reader{}.Read(context.Background(), bytes.NewReader(c.refused))
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, vneid.ErrMalformed) || codes != nil {
				t.Fatalf("%v, %v", codes, err)
			}
			if strings.Count(err.Error(), "qrimage: ") != 1 {
				t.Errorf("text: %v", err)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 || took > 20*time.Second {
				t.Errorf("took %v and %d bytes", took, used)
			}
		})
	}
}

// A program may register formats whose decoders do not keep their header's word.
func TestTheSizeIsCheckedAgainAfterDecoding(t *testing.T) {
	img := picture(t, "LIAR")
	side := img.Rect.Dx()
	decode := func(io.Reader) (image.Image, error) { return img, nil }
	for magic, claimed := range map[string]int{"HONEST": side, "LIAR": side - 1} {
		image.RegisterFormat(magic, magic, decode, func(io.Reader) (image.Config, error) {
			return image.Config{ColorModel: color.GrayModel, Width: claimed, Height: claimed}, nil
		})
	}
	codes, err := qrimage.Reader{MaxPixels: side * side}.Read(context.Background(), strings.NewReader("HONEST"))
	if err != nil || len(codes) != 1 {
		t.Fatal(codes, err)
	}
	small := qrimage.Reader{MaxPixels: (side - 1) * (side - 1)}
	if codes, err := small.Read(context.Background(), strings.NewReader("HONEST")); !errors.Is(err, vneid.ErrMalformed) || codes != nil {
		t.Errorf("too large by its header: %v", err)
	}
	if codes, err := small.Read(context.Background(), strings.NewReader("LIAR")); !errors.Is(err, vneid.ErrMalformed) || codes != nil {
		t.Errorf("too large against its header: %v", err)
	}
}

func flip(data []byte, at int) []byte {
	data = bytes.Clone(data)
	data[at] ^= 1
	return data
}

func TestLimitsOfTheReader(t *testing.T) {
	asPNG, _, _ := encoded(t, picture(t, "LIMITS"))
	img := picture(t, "LIMITS")
	pixels := img.Rect.Dx() * img.Rect.Dy()
	ctx := context.Background()
	for name, r := range map[string]qrimage.Reader{
		"bytes":  {MaxBytes: len(asPNG) - 1},
		"pixels": {MaxPixels: pixels - 1},
		"budget": {Budget: 1},
	} {
		twin := qrimage.Reader{MaxBytes: len(asPNG), MaxPixels: pixels, Budget: time.Minute}
		if _, err := twin.Read(ctx, bytes.NewReader(asPNG)); err != nil {
			t.Fatal(err)
		}
		if codes, err := r.Read(ctx, bytes.NewReader(asPNG)); !errors.Is(err, vneid.ErrMalformed) || codes != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (qrimage.Reader{MaxPixels: pixels - 1}).ReadImage(ctx, img); !errors.Is(err, vneid.ErrMalformed) {
		t.Errorf("decoded picture: %v", err)
	}
	if _, err := (qrimage.Reader{}).ReadImage(ctx, nil); !errors.Is(err, vneid.ErrMalformed) {
		t.Errorf("no picture: %v", err)
	}
	if _, err := (qrimage.Reader{}).Read(ctx, nil); !errors.Is(err, vneid.ErrMalformed) {
		t.Errorf("no source: %v", err)
	}
}

var errSource = errors.New("the disk is gone")

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errSource }

func TestUnavailable(t *testing.T) {
	asPNG, _, _ := encoded(t, picture(t, "LATER"))
	over, cancel := context.WithCancel(context.Background())
	cancel()
	cases := map[string]struct {
		ctx   context.Context
		from  io.Reader
		cause error
	}{
		"the context has ended":  {over, bytes.NewReader(asPNG), context.Canceled},
		"the source cannot read": {context.Background(), io.MultiReader(bytes.NewReader(asPNG), broken{}), errSource},
	}
	for name, c := range cases {
		codes, err := qrimage.Reader{}.Read(c.ctx, c.from)
		if !errors.Is(err, vneid.ErrUnavailable) || !errors.Is(err, c.cause) || errors.Is(err, vneid.ErrMalformed) || codes != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (qrimage.Reader{}).ReadImage(over, picture(t, "LATER")); !errors.Is(err, context.Canceled) {
		t.Errorf("decoded picture: %v", err)
	}
}

// A decoded strip: below 21 pixels, one per module of the smallest symbol, it is
// refused unseen; above, it is searched, and the search ends.
func TestStripsEnd(t *testing.T) {
	start := time.Now()
	for _, size := range [][2]int{{1, 5_000_000}, {5_000_000, 1}, {20, 2_000_000}, {21, 400_000}, {400_000, 41}} {
		img := image.NewGray(image.Rect(0, 0, size[0], size[1]))
		_, err := qrimage.Reader{Budget: 100 * time.Millisecond}.ReadImage(context.Background(), img)
		if !errors.Is(err, vneid.ErrMalformed) {
			t.Errorf("%v: %v", size, err)
		}
		if small := min(size[0], size[1]) < 21; strings.Contains(err.Error(), "smaller than") != small {
			t.Errorf("%v: %v", size, err)
		}
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

// One row of a strip of finder patterns has more candidates than may be kept.
func TestALongRowOfFinderPatternsEnds(t *testing.T) {
	const w, h = 1_500_000, 27
	finder := [7]string{"#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"}
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		if x, y := i%w%9, i/w%9; x > 6 || y > 6 || finder[y][x] != '#' {
			img.Pix[i] = 255
		}
	}
	start := time.Now()
	_, err := qrimage.Reader{}.ReadImage(context.Background(), img)
	if took := time.Since(start); !errors.Is(err, vneid.ErrMalformed) || took > 10*time.Second {
		t.Errorf("%v after %v", err, took)
	}
	t.Log(time.Since(start))
}

// Pictures made of nothing but finder patterns, or of stripes that look like
// them, cost gozxing's own search minutes.
func TestCrowdedPicturesEnd(t *testing.T) {
	finder := [7]string{"#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"}
	for name, dark := range map[string]func(x, y int) bool{
		"finder patterns": func(x, y int) bool { return x%9 < 7 && y%9 < 7 && finder[y%9][x%9] == '#' },
		"stripes":         func(x, _ int) bool { return x%9 < 7 && finder[3][x%9] == '#' },
		"checks":          func(x, y int) bool { return (x+y)%2 == 0 },
		"black":           func(int, int) bool { return true },
	} {
		t.Run(name, func(t *testing.T) {
			img := image.NewGray(image.Rect(0, 0, 2500, 2500))
			for i := range img.Pix {
				if !dark(i%2500, i/2500) {
					img.Pix[i] = 255
				}
			}
			start := time.Now()
			_, err := qrimage.Reader{Budget: 300 * time.Millisecond}.ReadImage(context.Background(), img)
			if !errors.Is(err, vneid.ErrMalformed) {
				t.Errorf("%v", err)
			}
			// The budget is looked at between rows and between views.
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("took %v", took)
			}
			t.Logf("%v", time.Since(start))
		})
	}
}

// What is let in ends in time and within memory, whatever it shows.
func TestTheLargestPicturesThatAreLetIn(t *testing.T) {
	for name, file := range map[string][]byte{
		"33 megapixels in four channels": pngFile(5_780, 5_780, 8, 6, 0, 5_780, 23_120),
		"64 megapixels of grey":          pngFile(8_000, 8_000, 8, 0, 0, 8_000, 8_000),
		"64 megapixels of one bit":       pngFile(8_000, 8_000, 1, 0, 0, 8_000, 1_000),
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, err := qrimage.Reader{}.Read(context.Background(), bytes.NewReader(file))
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		used := after.TotalAlloc - before.TotalAlloc
		if !errors.Is(err, vneid.ErrMalformed) || used > 256<<20 || took > 10*time.Second {
			t.Errorf("%s: %v after %v and %d MiB", name, err, took, used>>20)
		}
		t.Logf("%s: %v, %d MiB allocated in all", name, took, used>>20)
	}
}
