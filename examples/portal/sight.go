package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// sight is a picture as its reader saw it, for the page that answers it: a small grey
// copy inside the page, with an outline around each code. It is made in memory, sent
// to who sent the picture, and kept nowhere.
type sight struct {
	Source   template.URL // data:, of bytes that this program wrote
	W, H     int
	Outlines []string // the points of polygons, one for each code
}

const maxSide = 720 // pixels of the copy; a telephone shows no more

// look finds the one code in a picture. The picture is read first and waits for
// nobody: who sends slowly, or not at all, must not hold one of the few places of
// those whose picture is there. What was seen is returned beside an error too, when
// there was something: two codes are easier to tell apart on the picture.
func (s *site) look(ctx context.Context, part io.Reader) (text string, seen *sight, err error) {
	picture, err := io.ReadAll(io.LimitReader(part, maxPicture+1))
	if err != nil || len(picture) > maxPicture {
		return "", nil, vneid.ErrMalformed
	}
	select {
	case s.busy <- struct{}{}:
		defer func() { <-s.busy }()
	default:
		return "", nil, &vneid.APIError{Status: http.StatusServiceUnavailable, RetryAfter: 5 * time.Second}
	}
	img, err := s.image.Decode(ctx, bytes.NewReader(picture))
	if err != nil {
		return "", nil, err
	}
	codes, err := s.image.ReadImage(ctx, img)
	if err != nil {
		return "", nil, err
	}
	seen = sightOf(img, codes)
	code, err := codes.One()
	if err != nil {
		return "", seen, err
	}
	text, err = code.Text()
	return text, seen, err
}

// sightOf makes the copy. Corners are in its coordinates when divided by the step.
func sightOf(img *image.Gray, codes qrimage.Codes) *sight {
	step := max(1, (max(img.Rect.Dx(), img.Rect.Dy())+maxSide-1)/maxSide)
	small := reduced(img, step)
	var data bytes.Buffer
	if err := jpeg.Encode(&data, small, &jpeg.Options{Quality: 75}); err != nil {
		return nil // the page goes without
	}
	seen := &sight{
		Source: template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(data.Bytes())),
		W:      small.Rect.Dx(), H: small.Rect.Dy(),
	}
	for _, c := range codes {
		var points []string
		for _, p := range c.Corners {
			points = append(points, fmt.Sprintf("%.1f,%.1f", float64(p.X)/float64(step), float64(p.Y)/float64(step)))
		}
		seen.Outlines = append(seen.Outlines, strings.Join(points, " "))
	}
	return seen
}

// reduced averages squares of step × step pixels, and what is left of them at the ends.
func reduced(img *image.Gray, step int) *image.Gray {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	small := image.NewGray(image.Rect(0, 0, (w+step-1)/step, (h+step-1)/step))
	for i := range small.Pix {
		x, y := i%small.Stride*step, i/small.Stride*step
		sum, count := 0, 0
		for j := y; j < min(y+step, h); j++ {
			for _, v := range img.Pix[j*img.Stride+x : j*img.Stride+min(x+step, w)] {
				sum += int(v)
				count++
			}
		}
		small.Pix[i] = byte(sum / count)
	}
	return small
}

// withPictures lets the page that is being answered show pictures that stand in it.
// No other page of the site does.
func withPictures(h http.Header) {
	policy := h.Get("Content-Security-Policy")
	h.Set("Content-Security-Policy", strings.Replace(policy, "img-src 'self'", "img-src 'self' data:", 1))
}
