package qrimage

import (
	"bytes"
	"context"
	"image"
	"io"
	"time"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Reader reads the QR codes in a picture. The zero value has safe limits and is
// ready to use; it is safe for concurrent use.
type Reader struct {
	MaxBytes  int           // of an encoded picture; 0: 20 MiB
	MaxPixels int           // width × height; 0: 64 million
	Budget    time.Duration // for the search; 0: 2 s. When it is over, what was not found is not there.
}

// Code is one QR code that was read. It is a piece of text from a picture and
// proves nothing: package qr decides what it is worth.
type Code struct {
	Payload []byte         // the bytes of all segments, as they are
	Corners [4]image.Point // top left, top right, bottom right, bottom left of the symbol
	Version int            // 1 to 40
	Level   Level

	notText string // why Payload is not plain UTF-8 text, though it might look so
}

// Text returns the payload as text. It refuses, as ErrMalformed, bytes that are
// not UTF-8, a declared character set other than UTF-8, and a symbol that is only
// one part of a longer message.
func (c Code) Text() (string, error) {
	switch {
	case c.notText != "":
		return "", prefix(malformed("%s", c.notText))
	case !utf8.Valid(c.Payload):
		return "", prefix(malformed("the bytes of the code are not UTF-8 text"))
	}
	return string(c.Payload), nil
}

// Codes are the codes of one picture in no particular order, no two with the same
// payload.
type Codes []Code

// One returns the code of a picture that must show one. Two different codes are
// refused, as ErrMalformed: which of them the person meant is not ours to guess.
func (c Codes) One() (Code, error) {
	switch len(c) {
	case 0:
		return Code{}, prefix(malformed("no QR code found"))
	case 1:
		return c[0], nil
	}
	return Code{}, prefix(malformed("the picture shows several different codes; show one at a time"))
}

// Read reads every code in an encoded picture. It returns at least one code or
// an error.
func (r Reader) Read(ctx context.Context, picture io.Reader) (Codes, error) {
	l, err := r.open(ctx, picture)
	if err != nil {
		return nil, prefix(err)
	}
	codes, err := r.search(ctx, l)
	return codes, prefix(err)
}

// Decode decodes a picture within the limits and turns it upright, without looking
// for codes. A page that draws Corners over what was sent decodes it once, gives it
// to ReadImage, and shows this copy: its bytes are of our own making, without what
// else the file held. Nothing of it needs to be written anywhere.
func (r Reader) Decode(ctx context.Context, picture io.Reader) (*image.Gray, error) {
	l, err := r.open(ctx, picture)
	if err != nil {
		return nil, prefix(err)
	}
	return &image.Gray{Pix: l.pix, Stride: l.w, Rect: image.Rect(0, 0, l.w, l.h)}, nil
}

// open decodes a picture to upright grey.
func (r Reader) open(ctx context.Context, picture io.Reader) (l luma, err error) {
	// A decoder that the program registered may fail on what nobody tried on it, or
	// return fewer pixels than it says.
	defer func() {
		if recover() != nil {
			l, err = luma{}, malformed("the picture's decoder failed")
		}
	}()
	data, err := r.slurp(ctx, picture)
	if err != nil {
		return luma{}, err
	}
	img, err := r.decode(ctx, data)
	if err != nil {
		return luma{}, err
	}
	return upright(lumaOf(img), orientation(data)), nil
}

// ReadImage reads every code in a decoded picture, whose size must be within
// MaxPixels. Corners are in img's own coordinates.
func (r Reader) ReadImage(ctx context.Context, img image.Image) (Codes, error) {
	if img == nil {
		return nil, prefix(malformed("no picture"))
	}
	size := img.Bounds().Size()
	if err := r.fits(size.X, size.Y); err != nil {
		return nil, prefix(err)
	}
	codes, err := r.search(ctx, lumaOf(img))
	for i := range codes {
		for j := range codes[i].Corners {
			codes[i].Corners[j] = codes[i].Corners[j].Add(img.Bounds().Min)
		}
	}
	return codes, prefix(err)
}

// slurp reads the encoded picture into memory, up to one byte past the limit.
func (r Reader) slurp(ctx context.Context, from io.Reader) ([]byte, error) {
	limit := int64(r.MaxBytes)
	if limit <= 0 {
		limit = 20 << 20
	}
	if from == nil {
		return nil, malformed("no picture")
	}
	var buf bytes.Buffer
	n, err := buf.ReadFrom(io.LimitReader(contextReader{ctx, from}, limit+1))
	switch {
	case ctx.Err() != nil:
		return nil, ended(ctx)
	case err != nil:
		return nil, fault.Wrap(vneid.ErrUnavailable, err, "the picture cannot be read from its source")
	case n > limit:
		return nil, malformed("the picture has more than %d bytes", limit)
	}
	return buf.Bytes(), nil
}

// contextReader ends with its context. Decoders cannot be interrupted, but they
// read as they go.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

func ended(ctx context.Context) error {
	return fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "stopped before the picture was searched")
}
