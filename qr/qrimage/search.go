package qrimage

import (
	"context"
	"image"
	"math"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/qrsample"
)

// search finds and reads the codes of a picture within the budget.
func (r Reader) search(ctx context.Context, l luma) (Codes, error) {
	budget := r.Budget
	if budget <= 0 {
		budget = 2 * time.Second
	}
	within, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	var codes Codes
	for _, s := range qrsample.Read(within, qrsample.Gray{Pix: l.pix, W: l.w, H: l.h}) {
		if code, ok := codeOf(s); ok && !codes.have(code) {
			codes = append(codes, code)
		}
	}
	switch {
	case ctx.Err() != nil:
		return nil, ended(ctx)
	case len(codes) == 0:
		return nil, malformed("no QR code found")
	}
	return codes, nil
}

// have reports whether the payload is there already: the same code printed twice is
// one code.
func (c Codes) have(n Code) bool {
	for _, o := range c {
		if string(o.Payload) == string(n.Payload) {
			return true
		}
	}
	return false
}

func codeOf(s qrsample.Symbol) (Code, bool) {
	if !confirmed(s) {
		return Code{}, false
	}
	code, err := payload(s.Data, s.Version)
	if err != nil {
		return Code{}, false
	}
	code.Level = Low + Level(s.Level)
	for i, c := range s.Corners {
		code.Corners[i] = image.Pt(int(math.Round(c[0])), int(math.Round(c[1])))
	}
	return code, true
}
