package qrimage

import (
	"bytes"
	"context"
	"image"
	"image/color"
	_ "image/gif" // the formats that Read promises
	_ "image/jpeg"
	_ "image/png"
)

const (
	maxMemory = 128 << 20 // for the pixels of one picture while it is decoded
	maxScans  = 40        // of a JPEG; real progressive files have about ten
	minSide   = 21        // modules of the smallest symbol, version 1, at a pixel each
)

// decode decodes a picture after its header has shown that it is worth it.
func (r Reader) decode(ctx context.Context, data []byte) (image.Image, error) {
	header, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, malformed("not a picture of a known format")
	}
	if err := r.fits(header.Width, header.Height); err != nil {
		return nil, err
	}
	if memory(header, format, data) > maxMemory {
		return nil, malformed("the picture needs too much memory")
	}
	// 0xFFDA starts a scan and cannot occur inside one. A progressive file of a
	// few kilobytes may have thousands, each a walk over all pixels.
	if format == "jpeg" && bytes.Count(data, []byte{0xff, 0xda}) > maxScans {
		return nil, malformed("the picture has too many scans")
	}
	img, _, err := image.Decode(contextReader{ctx, bytes.NewReader(data)})
	switch {
	case ctx.Err() != nil:
		return nil, ended(ctx)
	case err != nil || img == nil:
		return nil, malformed("the picture is damaged")
	}
	// Another registered decoder might not keep its header's word.
	size := img.Bounds().Size()
	return img, r.fits(size.X, size.Y)
}

func (r Reader) fits(width, height int) error {
	limit := int64(r.MaxPixels)
	if limit <= 0 {
		limit = 64_000_000
	}
	switch {
	case width <= 0 || height <= 0:
		return malformed("the picture is empty")
	// Thin strips have many rows or columns for few pixels, and never a code.
	case min(width, height) < minSide:
		return malformed("the picture is smaller than the smallest QR code")
	// The first comparison keeps the product of two hostile numbers from overflowing.
	case int64(width) > limit || int64(height) > limit/int64(width):
		return malformed("the picture has more than %d pixels", limit)
	}
	return nil
}

// memory estimates the bytes that decoding takes at its peak.
func memory(header image.Config, format string, data []byte) int64 {
	pixels := int64(header.Width) * int64(header.Height)
	per := int64(8)
	switch header.ColorModel {
	case color.GrayModel:
		per = 1
	case color.Gray16Model:
		per = 2
	case color.YCbCrModel:
		per = 3
	case color.RGBAModel, color.NRGBAModel, color.CMYKModel, color.NYCbCrAModel:
		per = 4
	default:
		if _, ok := header.ColorModel.(color.Palette); ok {
			per = 1
		}
	}
	switch {
	case format == "png" && len(data) > 28 && data[28] != 0:
		per *= 2 // interlaced: each pass is a picture of its own
	case format == "jpeg":
		return pixels * jpegSamples(data, per) / 100
	}
	return per * pixels
}
