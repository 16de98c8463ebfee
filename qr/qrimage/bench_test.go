package qrimage_test

import (
	"context"
	"fmt"
	"image"
	"math/rand/v2"
	"testing"

	"github.com/makiuchi-d/gozxing"
	peer "github.com/makiuchi-d/gozxing/qrcode"
	"github.com/skip2/go-qrcode"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
)

// codes are 1,024 different texts as long as a full record's "VN1:" code.
func codes() []string {
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

// BenchmarkDraw compares the matrix with go-qrcode's own Bitmap.
func BenchmarkDraw(b *testing.B) {
	texts := codes()
	b.Run("ours", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := qrimage.Draw(texts[i%len(texts)], 0); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("go-qrcode", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			code, err := qrcode.New(texts[i%len(texts)], qrcode.Medium)
			if err != nil {
				b.Fatal(err)
			}
			code.Bitmap()
		}
	})
}

// BenchmarkPNG compares drawing and encoding with eight pixels per module.
func BenchmarkPNG(b *testing.B) {
	texts := codes()
	b.Run("ours", func(b *testing.B) {
		size := 0
		for i := 0; b.Loop(); i++ {
			symbol, err := qrimage.Draw(texts[i%len(texts)], 0)
			if err != nil {
				b.Fatal(err)
			}
			size = len(symbol.PNG(8))
		}
		b.ReportMetric(float64(size), "bytes")
	})
	b.Run("go-qrcode", func(b *testing.B) {
		size := 0
		for i := 0; b.Loop(); i++ {
			code, err := qrcode.New(texts[i%len(texts)], qrcode.Medium)
			if err != nil {
				b.Fatal(err)
			}
			data, err := code.PNG(-8)
			if err != nil {
				b.Fatal(err)
			}
			size = len(data)
		}
		b.ReportMetric(float64(size), "bytes")
	})
}

// BenchmarkReadImage compares an easy photo with gozxing, try harder.
func BenchmarkReadImage(b *testing.B) {
	var photos []*image.Gray
	for i, text := range codes()[:32] {
		p := photo{module: 5, angle: float64(7 * i), noise: 8, dark: 40, light: 210}
		photos = append(photos, p.take(drawn(b, text), uint64(i)))
	}
	b.Run("ours", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := (qrimage.Reader{}).ReadImage(context.Background(), photos[i%len(photos)]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("gozxing", func(b *testing.B) {
		missed := 0
		for i := 0; b.Loop(); i++ {
			bitmap, err := gozxing.NewBinaryBitmapFromImage(photos[i%len(photos)])
			if err != nil {
				b.Fatal(err)
			}
			hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
			if _, err := peer.NewQRCodeReader().Decode(bitmap, hints); err != nil {
				missed++
			}
		}
		b.ReportMetric(float64(missed)/float64(b.N), "missed/op")
	})
	blank := image.NewGray(image.Rect(0, 0, 1600, 1200))
	random := rand.New(rand.NewPCG(7, 8))
	for i := range blank.Pix {
		blank.Pix[i] = byte(120 + random.IntN(60))
	}
	b.Run("no code", func(b *testing.B) {
		for b.Loop() {
			if _, err := (qrimage.Reader{}).ReadImage(context.Background(), blank); err == nil {
				b.Fatal(fmt.Errorf("a code in noise"))
			}
		}
	})
}
