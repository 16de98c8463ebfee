package main

import (
	"encoding/base64"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/skip2/go-qrcode"
)

// symbol is what is to be read.
type symbol struct {
	text string
	dark [][]bool
}

const base45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// drawSymbol makes a symbol of the kinds that cards and apps show, versions 8 to 20;
// the people do not exist, and neither does the province 999.
func drawSymbol(r *rand.Rand) (symbol, error) {
	pick := func(of []string) string { return of[r.IntN(len(of))] }
	text := fmt.Sprintf("999%d%02d%06d||%s %s %s|%02d%02d%d|%s|%s|%02d%02d%d", r.IntN(4), r.IntN(100), r.IntN(1e6),
		pick([]string{"Nguyễn", "Trần", "Lê", "Đặng"}), pick([]string{"Văn", "Thị", "Ngọc"}), pick([]string{"Thử", "Mẫu", "Ạnh", "Tuyết"}),
		1+r.IntN(28), 1+r.IntN(12), 1940+r.IntN(70), pick([]string{"Nam", "Nữ"}),
		pick([]string{"Số 1 Phố Mẫu, Phường Thử, Quận Mẫu, Thành phố Không Có", "Thôn Không Tên, Xã Thử Nghiệm, Tỉnh Không Có"}),
		1+r.IntN(28), 1+r.IntN(12), 2021+r.IntN(4))
	bytes := make([]byte, 190+r.IntN(150))
	for i := range bytes {
		bytes[i] = byte(r.Uint32())
	}
	switch r.IntN(5) {
	case 0:
		b := []byte("VN1:")
		for _, v := range bytes {
			b = append(b, base45[int(v)%45])
		}
		text = string(b)
	case 1:
		text = base64.RawURLEncoding.EncodeToString([]byte(text)) + "." + base64.RawURLEncoding.EncodeToString(bytes[:64])
	}
	levels := []qrcode.RecoveryLevel{qrcode.Low, qrcode.Medium, qrcode.High, qrcode.Medium}
	code, err := qrcode.New(text, levels[r.IntN(4)])
	if err != nil {
		return symbol{}, err
	}
	if v := 8 + r.IntN(13)*r.IntN(2); v > code.VersionNumber {
		if code, err = qrcode.NewWithForcedVersion(text, v, code.Level); err != nil {
			return symbol{}, err
		}
	}
	code.DisableBorder = true
	return symbol{text, code.Bitmap()}, nil
}

const dots = 8 // pixels of the drawn card for a module

// card is a drawn card and where its symbol lies.
type card struct {
	plane
	x, y, side int // of the symbol, in pixels
}

// drawCard draws a card with guilloche, text and a portrait, and a symbol with a
// quiet zone of two to four modules.
func drawCard(r *rand.Rand, s symbol, light bool) card {
	n := len(s.dark)
	q, quiet := n*dots, (2+r.IntN(3))*dots
	w := int(float64(q+2*quiet) * (2.4 + 0.8*r.Float64()))
	h := max(int(float64(w)*53.98/85.6), q+2*quiet+2*dots)
	c := card{newPlane(w, h, 228), w - q - quiet - w/40, quiet + h/30, q}
	for y := range h {
		for x := range w {
			c.v[y*w+x] += float32(8*math.Sin(float64(x)/float64(w)*7) + 8*math.Sin((float64(y)+30*math.Sin(float64(x)/90))/7))
		}
	}
	c.fill(w/25, h*2/5, w/4, h*9/10, 140)
	for line := range 7 { // words
		y := h*11/20 + line*h/16
		for x := w / 3; x < w*(5+r.IntN(4))/10; {
			d := 2 + r.IntN(h/50+2)
			c.fill(x, y-r.IntN(h/40+1), x+d, y+h/80, 45)
			x += d + 2 + r.IntN(h/60+2)
		}
	}
	dark := float32(15 + 45*r.Float64())
	c.fill(c.x-quiet, c.y-quiet, c.x+q+quiet, c.y+q+quiet, 238)
	for y, row := range s.dark {
		for x, d := range row {
			if d {
				c.fill(c.x+x*dots, c.y+y*dots, c.x+(x+1)*dots, c.y+(y+1)*dots, dark)
			}
		}
	}
	if light {
		for y := c.y - quiet; y < c.y+q+quiet; y++ {
			for x := c.x - quiet; x < c.x+q+quiet; x++ {
				if x >= 0 && y >= 0 && x < w && y < h {
					c.v[y*w+x] = 255 - c.v[y*w+x]
				}
			}
		}
	}
	return c
}

// stain covers parts of the symbol, fewer than its correction bears.
func (c card) stain(r *rand.Rand, share float64) {
	for area, q := 0.0, float64(c.side); area < share*q*q; {
		rad := q * (0.012 + 0.038*r.Float64())
		mx, my := float64(c.x)+q*(0.1+0.8*r.Float64()), float64(c.y)+q*(0.1+0.8*r.Float64())
		flat, v := 0.3+0.7*r.Float64(), []float32{20, 120, 240}[r.IntN(3)]
		for y := int(my - rad); y < int(my+rad); y++ {
			for x := int(mx - rad); x < int(mx+rad); x++ {
				dx, dy := float64(x)-mx, (float64(y)-my)/flat
				if dx*dx+dy*dy < rad*rad && x >= 0 && y >= 0 && x < c.w && y < c.h {
					c.v[y*c.w+x] = v
				}
			}
		}
		area += math.Pi * rad * rad * 0.6
	}
}
