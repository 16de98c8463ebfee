package qrimage_test

import (
	"context"
	"image"
	"testing"

	"github.com/skip2/go-qrcode"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
)

// Every version at every level, drawn by go-qrcode: our tables of blocks, alignment
// patterns and format bits against another's.
func TestEveryVersionAndLevel(t *testing.T) {
	levels := map[qrimage.Level]qrcode.RecoveryLevel{qrimage.Low: qrcode.Low, qrimage.Medium: qrcode.Medium, qrimage.Quartile: qrcode.High, qrimage.High: qrcode.Highest}
	for version := 1; version <= 40; version++ {
		for ours, theirs := range levels {
			code, err := qrcode.NewWithForcedVersion("VN1:7", version, theirs)
			if err != nil {
				t.Fatal(err)
			}
			codes, err := qrimage.Reader{}.ReadImage(context.Background(), enlarged(code.Bitmap(), 3))
			if err != nil || len(codes) != 1 {
				t.Errorf("version %d, level %v: %v", version, ours, err)
				continue
			}
			if c := codes[0]; string(c.Payload) != "VN1:7" || c.Version != version || c.Level != ours {
				t.Errorf("version %d, level %v: read %q, version %d, level %v", version, ours, c.Payload, c.Version, c.Level)
			}
		}
	}
}

// enlarged draws so many pixels for each module.
func enlarged(dark [][]bool, pixels int) *image.Gray {
	side := len(dark) * pixels
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		if !dark[i/side/pixels][i%side/pixels] {
			img.Pix[i] = 255
		}
	}
	return img
}
