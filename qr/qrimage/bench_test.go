//go:build unix

package qrimage_test

import (
	"context"
	"image"
	"math/rand/v2"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	peer "github.com/makiuchi-d/gozxing/qrcode"
	"github.com/skip2/go-qrcode"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
)

// longCodes are 1,024 different texts as long as a full record's "VN1:" code.
func longCodes() []string {
	random := rand.New(rand.NewPCG(5, 6))
	out := make([]string, 1024)
	for i := range out {
		b := make([]byte, 386)
		for j := range b {
			b[j] = base45[random.IntN(45)]
		}
		out[i] = "VN1:" + string(b)
	}
	return out
}

// compare runs ours and theirs in turn on the same inputs and reports the medians
// of their CPU time as a ratio.
func compare(b *testing.B, ours, theirs func(i int)) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var us, them []time.Duration
	for i := 0; b.Loop(); i++ {
		us = append(us, spent(func() { ours(i) }))
		them = append(them, spent(func() { theirs(i) }))
	}
	slices.Sort(us)
	slices.Sort(them)
	a, c := us[len(us)/2], them[len(them)/2]
	b.ReportMetric(float64(a)/float64(c), "ratio")
	b.ReportMetric(float64(a.Microseconds()), "µs-ours")
	b.ReportMetric(float64(c.Microseconds()), "µs-theirs")
}

func spent(f func()) time.Duration {
	before := cpu()
	f()
	return cpu() - before
}

func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkDrawAgainstGoQRCode compares the matrix with go-qrcode's own Bitmap.
func BenchmarkDrawAgainstGoQRCode(b *testing.B) {
	texts := longCodes()
	compare(b,
		func(i int) { drawn(b, texts[i%len(texts)]) },
		func(i int) { theirs(b, texts[i%len(texts)]).Bitmap() })
}

// BenchmarkPNGAgainstGoQRCode compares drawing and encoding at eight pixels per
// module.
func BenchmarkPNGAgainstGoQRCode(b *testing.B) {
	texts := longCodes()
	compare(b,
		func(i int) { drawn(b, texts[i%len(texts)]).PNG(8) },
		func(i int) {
			if _, err := theirs(b, texts[i%len(texts)]).PNG(-8); err != nil {
				b.Fatal(err)
			}
		})
}

func theirs(b *testing.B, text string) *qrcode.QRCode {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		b.Fatal(err)
	}
	return code
}

// BenchmarkReadAgainstGozxing compares easy photos with gozxing, try harder, which
// does not read all of them.
func BenchmarkReadAgainstGozxing(b *testing.B) {
	var photos []*image.Gray
	for i, text := range longCodes()[:32] {
		p := photo{module: 5, angle: float64(7 * i), noise: 8, dark: 40, light: 210}
		photos = append(photos, p.take(drawn(b, text), uint64(i)))
	}
	missed, rounds := 0, 0
	compare(b,
		func(i int) {
			if _, err := (qrimage.Reader{}).ReadImage(context.Background(), photos[i%len(photos)]); err != nil {
				b.Fatal(err)
			}
		},
		func(i int) {
			rounds++
			bitmap, err := gozxing.NewBinaryBitmapFromImage(photos[i%len(photos)])
			if err != nil {
				b.Fatal(err)
			}
			hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
			if _, err := peer.NewQRCodeReader().Decode(bitmap, hints); err != nil {
				missed++
			}
		})
	b.ReportMetric(100*float64(missed)/float64(rounds), "%missed-theirs")
}

// BenchmarkReadNothing is what a picture without a code costs.
func BenchmarkReadNothing(b *testing.B) {
	blank := image.NewGray(image.Rect(0, 0, 1600, 1200))
	random := rand.New(rand.NewPCG(7, 8))
	for i := range blank.Pix {
		blank.Pix[i] = byte(120 + random.IntN(60))
	}
	for b.Loop() {
		if _, err := (qrimage.Reader{}).ReadImage(context.Background(), blank); err == nil {
			b.Fatal("a code in noise")
		}
	}
}
