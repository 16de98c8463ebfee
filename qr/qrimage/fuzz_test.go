package qrimage_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// FuzzRead: whatever the file, codes or an error of one of the two kinds.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"testdata/accepted/*.[pjg]*", "testdata/refused/*"} {
		files, _ := filepath.Glob(pattern)
		for _, path := range files {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Add(pngFile(1, 1<<18, 1, 0, 0, 1<<18, 1))
	f.Add(pngFile(1<<18, 1, 1, 0, 0, 1, 1<<15))
	f.Add(pngFile(21, 1<<13, 8, 0, 0, 1<<13, 21))
	reader := qrimage.Reader{MaxPixels: 1 << 18, Budget: 200 * time.Millisecond}
	f.Fuzz(func(t *testing.T, data []byte) {
		codes, err := reader.Read(context.Background(), bytes.NewReader(data))
		if (err == nil) != (len(codes) > 0) {
			t.Fatalf("%v, %v", codes, err)
		}
		if err != nil && !errors.Is(err, vneid.ErrMalformed) {
			t.Fatal(err)
		}
		for _, code := range codes {
			if code.Version < 1 || code.Version > 40 || code.Level < qrimage.Low || code.Level > qrimage.High {
				t.Fatalf("%+v", code)
			}
			if text, err := code.Text(); err != nil && text != "" {
				t.Fatal("text beside an error")
			}
		}
	})
}

// FuzzDraw: what can be drawn is read back, byte for byte.
func FuzzDraw(f *testing.F) {
	for _, text := range samples() {
		f.Add(text, uint8(2))
	}
	f.Fuzz(func(t *testing.T, text string, level uint8) {
		symbol, err := qrimage.Draw(text, qrimage.Level(level%5))
		if err != nil {
			return
		}
		if got, err := read(t, symbol.PNG(3)).Text(); err != nil || got != text {
			t.Fatalf("drew %q, read %q, %v", text, got, err)
		}
	})
}
