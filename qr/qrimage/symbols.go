package qrimage

import (
	"bytes"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"

	"github.com/vneid-sdk/vneid-go/internal/qrsample"
)

// confirmed asks gozxing's decoder, which shares no line with ours, for a second
// opinion on the corrected modules. Where it reads them, its codewords must be the
// same; it does not read every character set, and that speaks against nobody.
func confirmed(s qrsample.Symbol) (ok bool) {
	// gozxing is not hardened against every matrix.
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	size := 17 + 4*s.Version
	bits, err := gozxing.NewSquareBitMatrix(size)
	if err != nil {
		return false
	}
	for i, m := range s.Modules {
		if m > 0 {
			bits.Set(i%size, i/size)
		}
	}
	// A fixed one-byte character set keeps gozxing from guessing one. Its text is
	// not used anyway.
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_CHARACTER_SET: "ISO-8859-1"}
	result, err := decoder.NewDecoder().Decode(bits, hints)
	return err != nil || bytes.Equal(result.GetRawBytes(), s.Data)
}
