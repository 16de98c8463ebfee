package qrimage

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
)

// PNG renders the symbol with scale pixels per module (0: 8; at most 64), as a
// greyscale picture of one bit per pixel. The standard library's encoder spends
// a byte per pixel and tries five filters on each row; a row of modules needs to
// be compressed once, and its repetitions are a row of zeros each.
func (s *Symbol) PNG(scale int) []byte {
	scale = pixels(scale)
	side := (s.Size() + 2*quiet) * scale
	var out bytes.Buffer
	out.WriteString("\x89PNG\r\n\x1a\n")
	header := binary.BigEndian.AppendUint32(nil, uint32(side))
	header = binary.BigEndian.AppendUint32(header, uint32(side))
	header = append(header, 1, 0, 0, 0, 0) // depth 1, greyscale, deflate, filters, no interlace
	chunk(&out, "IHDR", header)
	chunk(&out, "IDAT", s.scanlines(scale, side))
	chunk(&out, "IEND", nil)
	return out.Bytes()
}

func pixels(scale int) int {
	if scale <= 0 {
		return 8
	}
	return min(scale, 64)
}

// scanlines compresses the rows: each first row of a module as it is (filter 0),
// its repetitions as "the same as above" (filter 2, Up).
func (s *Symbol) scanlines(scale, side int) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	row := make([]byte, 1+(side+7)/8)
	same := make([]byte, len(row))
	same[0] = 2
	for y := -quiet; y < s.Size()+quiet; y++ {
		s.row(row[1:], y, scale)
		z.Write(row)
		for range scale - 1 {
			z.Write(same)
		}
	}
	z.Close()
	return out.Bytes()
}

// row sets the pixels of module row y, most significant bit first, 1 for light.
func (s *Symbol) row(bits []byte, y, scale int) {
	for i := range bits {
		bits[i] = 0xff
	}
	if y < 0 || y >= s.Size() {
		return
	}
	for x, dark := range s.dark[y] {
		if !dark {
			continue
		}
		for p := (x + quiet) * scale; p < (x+quiet+1)*scale; p++ {
			bits[p/8] &^= 0x80 >> (p % 8)
		}
	}
}

func chunk(out *bytes.Buffer, kind string, data []byte) {
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(data)))
	out.Write(n[:])
	start := out.Len()
	out.WriteString(kind)
	out.Write(data)
	binary.BigEndian.PutUint32(n[:], crc32.ChecksumIEEE(out.Bytes()[start:]))
	out.Write(n[:])
}
