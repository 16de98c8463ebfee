// Package qrimage draws QR codes and reads them from pictures. It knows symbols
// and pixels; what a code says is the business of package qr.
//
//	symbol, err := qrimage.Draw(text, 0)             // the smallest symbol
//	os.WriteFile("code.png", symbol.PNG(8), 0o644)
//
//	var reader qrimage.Reader                        // safe limits
//	codes, err := reader.Read(ctx, file)             // every code in the picture
//	code, err := codes.One()                         // the one code, or a refusal
//	text, err := code.Text()                         // strict UTF-8
//	img, err := reader.Decode(ctx, file)             // the upright grey picture, to draw Corners on
//
// # Drawing
//
// Draw takes the smallest version of ISO/IEC 18004 model 2 (1 to 40) that holds
// the text at the level of error correction asked for, and then the highest
// level that still fits that version: the correction is free, so the symbol is
// as easy to scan as its size allows. Digits and upper-case text are packed in
// the numeric and alphanumeric modes, everything else as UTF-8 bytes without an
// ECI designator, which is how the codes on Vietnamese cards are made. Every
// rendering has the quiet zone of four modules that the standard requires.
//
// # Reading
//
// A picture is a JPEG, PNG or GIF file, or whatever else the program registered
// with image.RegisterFormat; of an animation the first frame. Its header is read
// first, and the limits of Reader hold before a single pixel is decoded:
//
//	encoded size             Reader.MaxBytes    20 MiB
//	width × height           Reader.MaxPixels   64 million
//	width and height         fixed              21 or more, a pixel for each module
//	decoded pixels           fixed              128 MiB, estimated from the header
//	scans of a JPEG          fixed              40 (each scan costs a pass over all pixels)
//	finder patterns          fixed              400 candidates per walk over the picture
//	codes in one picture     fixed              32
//	time of the search       Reader.Budget      2 s; the step under way is finished
//
// The search works on a grey copy of a byte per pixel and on smaller ones of it, a
// third more, while the decoded picture waits for the garbage collector. A server
// lowers MaxPixels, or lets few pictures in at a time. Tests hold pictures of noise, of
// nothing but finder patterns, and bombs to 256 MB and a second of the processor, the
// decoding of a JPEG apart: it takes as long as the file is (half a second for 8 MB of
// noise), which Budget does not shorten. A context that ends does.
//
// The EXIF orientation of a JPEG is applied, so that Corners are in the picture
// as a browser or a phone shows it. Nothing is written anywhere.
//
// Package internal/qrsample says how codes are found and read: dark on light and
// light on dark, at any angle, tilted, bent and mirrored, and through blur, noise and
// glare as far as the error correction carries. The search stops at the first step
// that gives a code, unless finder patterns are left over for another one.
//
// What was corrected is shown to gozxing's decoder too, and a code of which the two
// tell different codewords is not returned.
//
// A code's payload is its bytes as the segments carry them. No character set is
// ever guessed: Text is strict UTF-8 or an error. Readers that guess turn
// Vietnamese names into Shift-JIS and Big5.
//
// # Errors
//
// ErrMalformed: not a picture, too large, no code in it, several different codes
// where one was asked for, or bytes that are not text. ErrUnavailable: the
// context ended, or the source could not be read. What a program may do wrong by
// itself, a text that fits no symbol, has no kind.
package qrimage

import (
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Level is how much damage a symbol survives. The zero value is no level.
type Level uint8

// The four levels of error correction, and about how much of a symbol's
// codewords each of them restores.
const (
	Low      Level = iota + 1 // L, 7 %
	Medium                    // M, 15 %
	Quartile                  // Q, 25 %
	High                      // H, 30 %
)

// String returns the letter of the standard: L, M, Q or H.
func (l Level) String() string {
	if l < Low || l > High {
		return "?"
	}
	return "LMQH"[l-1 : l]
}

// prefix puts the package's name on the errors of exported functions.
func prefix(err error) error { return fault.Prefix("qrimage", err) }

func malformed(format string, args ...any) error {
	return fault.New(vneid.ErrMalformed, format, args...)
}
