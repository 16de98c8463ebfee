package qrimage_test

import (
	"bytes"
	"context"
	"image"
	"math/rand/v2"
	"testing"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
)

const base45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// samples are texts of the kinds that cards, VNeID-like apps and partners draw.
func samples() map[string]string {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(alphabet string, n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = alphabet[random.IntN(len(alphabet))]
		}
		return string(b)
	}
	const url64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return map[string]string{
		"card of 2021":  "999090000001|000000001|Nguyễn Thị Thử Nghiệm|01011990|Nữ|Số 1 Phố Mẫu, Phường Thử, Quận Mẫu, Thành phố Không Có|01052021",
		"card of 2024":  "999090000001||Trần Văn Mẫu|02021990|Nam|Thôn Không Tên, Xã Thử Nghiệm, Tỉnh Không Có|01082024||Trần Văn Cha|Lê Thị Mẹ|",
		"VN1 in base45": "VN1:" + pick(base45, 386),
		"compact JWS":   pick(url64, 80) + "." + pick(url64, 393) + "." + pick(url64, 85),
		"digits":        pick("0123456789", 300),
		"one letter":    "A",
		"web address":   "https://example.vn/qr?t=" + pick(url64, 22),
	}
}

func read(t *testing.T, data []byte) qrimage.Code {
	t.Helper()
	var reader qrimage.Reader
	codes, err := reader.Read(context.Background(), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	code, err := codes.One()
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestWhatIsDrawnIsReadBack(t *testing.T) {
	for name, text := range samples() {
		for level := qrimage.Low; level <= qrimage.High; level++ {
			t.Run(name+" "+level.String(), func(t *testing.T) {
				symbol, err := qrimage.Draw(text, level)
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%d characters: version %d, level %v", len(text), symbol.Version(), symbol.Level())
				if symbol.Level() < level {
					t.Errorf("drawn at level %v", symbol.Level())
				}
				code := read(t, symbol.PNG(4))
				if got, err := code.Text(); err != nil || got != text {
					t.Errorf("read %q, %v", got, err)
				}
				if code.Version != symbol.Version() || code.Level != symbol.Level() {
					t.Errorf("read version %d level %v, drawn %d %v", code.Version, code.Level, symbol.Version(), symbol.Level())
				}
				// Four modules of quiet zone at four pixels each.
				far := 16 + 4*symbol.Size()
				want := [4]image.Point{{16, 16}, {far, 16}, {far, far}, {16, far}}
				for i, corner := range code.Corners {
					if d := corner.Sub(want[i]); d.X*d.X+d.Y*d.Y > 4*4 {
						t.Errorf("corner %d is at %v, drawn at %v", i, corner, want[i])
					}
				}
			})
		}
	}
}
