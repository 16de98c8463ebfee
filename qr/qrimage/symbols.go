package qrimage

import (
	"context"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// finding is a code with its corners in the coordinates of a view, x and y in
// turn.
type finding struct {
	code    Code
	corners []float64
}

// maxCodes bounds the work for one picture.
const maxCodes = 8

// symbols reads the symbols of a black-and-white picture.
func symbols(ctx context.Context, bits *gozxing.BitMatrix) []finding {
	var found []finding
	used := make(map[*detector.FinderPattern]bool)
	for _, t := range triples(finders(ctx, bits)) {
		if ctx.Err() != nil || len(found) == maxCodes {
			break
		}
		if used[t.of[0]] || used[t.of[1]] || used[t.of[2]] {
			continue
		}
		if f, ok := symbol(bits, t); ok {
			found = append(found, f)
			for _, p := range t.of {
				used[p] = true
			}
		}
	}
	return found
}

// symbol samples and decodes the symbol with these finder patterns.
func symbol(bits *gozxing.BitMatrix, t triple) (found finding, ok bool) {
	// Patterns at hostile places lead gozxing out of its arrays.
	defer func() {
		if recover() != nil {
			found, ok = finding{}, false
		}
	}()
	bl, tl, tr := gozxing.ResultPoint_OrderBestPatterns(t.of[0], t.of[1], t.of[2])
	info := detector.NewFinderPatternInfo(bl.(*detector.FinderPattern), tl.(*detector.FinderPattern), tr.(*detector.FinderPattern))
	sampled, err := detector.NewDetector(bits).ProcessFinderPatternInfo(info)
	if err != nil {
		return finding{}, false
	}
	// A fixed one-byte character set keeps gozxing from guessing one. Its text is
	// not used anyway.
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_CHARACTER_SET: "ISO-8859-1"}
	size := sampled.GetBits().GetWidth()
	result, err := decoder.NewDecoder().Decode(sampled.GetBits(), hints)
	if err != nil {
		return finding{}, false
	}
	code, err := payload(result.GetRawBytes(), (size-17)/4)
	if err != nil {
		return finding{}, false
	}
	switch result.GetECLevel() {
	case "L":
		code.Level = Low
	case "M":
		code.Level = Medium
	case "Q":
		code.Level = Quartile
	case "H":
		code.Level = High
	}
	_, mirrored := result.GetOther().(*decoder.QRCodeDecoderMetaData)
	return finding{code, corners(info, sampled.GetPoints(), float64(size), mirrored)}, true
}

// corners projects the corners of the symbol's square into the picture.
func corners(info *detector.FinderPatternInfo, points []gozxing.ResultPoint, size float64, mirrored bool) []float64 {
	var alignment *detector.AlignmentPattern
	if len(points) > 3 {
		alignment, _ = points[3].(*detector.AlignmentPattern)
	}
	at := []float64{0, 0, size, 0, size, size, 0, size}
	if mirrored { // the detector took the bottom left for the top right
		at[2], at[3], at[6], at[7] = at[6], at[7], at[2], at[3]
	}
	detector.Detector_createTransform(info.GetTopLeft(), info.GetTopRight(), info.GetBottomLeft(), alignment, int(size)).TransformPoints(at)
	return at
}
