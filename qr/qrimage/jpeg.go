package qrimage

import (
	"bytes"
	"encoding/binary"
)

// The little that must be known of a JPEG file beside its pixels: how many bytes they
// will take, and which way up it was taken. (ITU-T T.81 Annex B; Exif 2.32,
// tag 0x0112.)

// segments calls f for each marker segment before the first scan until f
// returns false. Malformed files simply end the walk.
func segments(data []byte, f func(marker byte, body []byte) bool) {
	if !bytes.HasPrefix(data, []byte{0xff, 0xd8}) {
		return
	}
	for data = data[2:]; len(data) >= 4 && data[0] == 0xff; {
		marker := data[1]
		if marker == 0xff { // fill byte
			data = data[1:]
			continue
		}
		n := int(binary.BigEndian.Uint16(data[2:]))
		if n < 2 || n+2 > len(data) || marker == 0xda || !f(marker, data[4:n+2]) {
			return
		}
		data = data[n+2:]
	}
}

// jpegSamples returns the bytes that decoding takes for a hundred pixels. Colour is
// mostly sampled at half the resolution, so a telephone's fifty megapixels are fewer
// bytes than they seem; a progressive file (SOF2) keeps all coefficients, four bytes
// for each sample.
func jpegSamples(data []byte, channels int64) (n int64) {
	n = 100 * channels
	segments(data, func(marker byte, body []byte) bool {
		if marker < 0xc0 || marker > 0xc2 || len(body) < 6 {
			return true
		}
		if full, all := shares(body[6:], int(body[5])); full > 0 {
			n = 100 * all / full
		}
		if marker == 0xc2 {
			n *= 5
		}
		return false
	})
	return n
}

// shares sums how many samples the components of a frame have, and how many one of
// full resolution has.
func shares(components []byte, count int) (full, all int64) {
	for i := range min(count, len(components)/3) {
		h, v := int64(components[3*i+1]>>4), int64(components[3*i+1]&15)
		full = max(full, h*v)
		all += h * v
	}
	return full, all
}

// orientation returns the EXIF orientation, 1 (upright) to 8; 1 when the file
// has none or it makes no sense.
func orientation(data []byte) int {
	found := 1
	segments(data, func(marker byte, body []byte) bool {
		tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
		if marker != 0xe1 || !ok {
			return true
		}
		found = tiffOrientation(tiff)
		return false
	})
	return found
}

func tiffOrientation(tiff []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case len(tiff) < 8:
		return 1
	case string(tiff[:2]) == "MM":
		order = binary.BigEndian
	case string(tiff[:2]) != "II":
		return 1
	}
	start := int64(order.Uint32(tiff[4:]))
	if start+2 > int64(len(tiff)) {
		return 1
	}
	count := int(order.Uint16(tiff[start:]))
	for entries := tiff[start+2:]; count > 0 && len(entries) >= 12; count, entries = count-1, entries[12:] {
		const tag, short = 0x0112, 3
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == short {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
		}
	}
	return 1
}
