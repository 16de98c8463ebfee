package chip

import (
	"context"
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/tlv"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Commands and status words (ISO 7816-4 §7.2, §5.6).
const (
	insSelect     = 0xA4
	insRead       = 0xB0
	insReadOdd    = 0xB1
	insInternal   = 0x88 // INTERNAL AUTHENTICATE
	swOK          = 0x9000
	swEndOfFile   = 0x6282
	swNoDiagnosis = 0x6F00
	swWrongLength = 0x6700
	swNotAllowed  = 0x6982
	swNotFound    = 0x6A82
)

// shortIDs are the short file identifiers (ICAO Doc 9303-10 Table 6); the file
// identifier is 0100 with it in the low byte.
var shortIDs = func() map[string]byte {
	ids := map[string]byte{fileCardAccess: 0x1C, fileCardSecurity: 0x1D, fileCOM: 0x1E, fileSOD: 0x1D}
	for n := 1; n <= 16; n++ {
		ids[groupName(n)] = byte(n)
	}
	return ids
}()

// maxShortAnswers is how often a card may return less than it was asked for in
// one file. Some do once, at a boundary of their memory.
const maxShortAnswers = 16

// refusal is a file that the card does not give out.
type refusal struct{ sw uint16 }

func (r *refusal) Error() string { return "the card refuses the file" }

// read reads a whole file: the first command names it by its short identifier
// and asks for as much as an answer carries, so that a file costs one command for
// each such part and no more. The file's own header says how long it is.
func (t *terminal) read(ctx context.Context, name string) ([]byte, error) {
	first, err := t.first(ctx, name)
	if err != nil {
		return nil, err
	}
	_, header, length, err := tlv.Header(first)
	if err != nil {
		return nil, fault.New(vneid.ErrMalformed, "read %s: %v", name, err)
	}
	size := header + length
	if size > maxFile {
		return nil, fault.New(vneid.ErrMalformed, "read %s: the file is larger than any should be", name)
	}
	if len(first) >= size { // what follows is filling
		t.event(Event{Step: "read", File: name, Read: size, Size: size, SW: swOK})
		return first[:size:size], nil
	}
	file := append(make([]byte, 0, size+16), first...)
	t.event(Event{Step: "read", File: name, Read: len(file), Size: size, SW: swOK})
	short := 0
	for len(file) < size {
		before := len(file)
		var sw uint16
		var asked int
		if file, asked, sw, err = t.next(ctx, file, size); err != nil {
			return nil, t.unreadable(name, err)
		}
		got := len(file) - before
		if got < asked {
			short++
		}
		if got == 0 || got > asked || short > maxShortAnswers {
			return nil, fault.New(vneid.ErrMalformed, "read %s: the card returns another number of bytes than it should", name)
		}
		t.event(Event{Step: "read", File: name, Read: len(file), Size: size, SW: sw})
	}
	return file, nil
}

// unreadable words a refusal in the middle of a file: it was readable before.
func (t *terminal) unreadable(name string, err error) error {
	var r *refusal
	if errors.As(err, &r) {
		return &StatusError{Step: "read " + name, SW: r.sw}
	}
	return failure("read "+name, err)
}

// first reads the beginning of a file, a refusal if there is none for us.
func (t *terminal) first(ctx context.Context, name string) ([]byte, error) {
	if t.bySelect {
		return t.selected(ctx, name)
	}
	asked := t.fits(false)
	b, sw, err := t.appendAnswer(ctx, make([]byte, 0, min(asked, 32<<10)+32),
		apdu.Command{INS: insRead, P1: 0x80 | shortIDs[name], Expect: asked})
	switch {
	case err != nil:
	case t.room > 256 && (sw == swWrongLength || sw == swNoDiagnosis):
		t.room = 256 // the reader can do extended length and the card cannot
		return t.first(ctx, name)
	case sw == 0x6A86 || sw == 0x6A81 || sw == 0x6986 || sw == 0x6B00: // wrong parameters, no such function, no current file
		t.bySelect = true
		return t.selected(ctx, name)
	}
	return t.checkFirst(name, b, sw, err, asked)
}

// selected selects a file and reads its beginning, on chips that have no short
// identifiers.
func (t *terminal) selected(ctx context.Context, name string) ([]byte, error) {
	_, sw, err := t.send(ctx, apdu.Command{INS: insSelect, P1: 2, P2: 0x0C, Data: []byte{1, shortIDs[name]}})
	if err != nil || sw != swOK {
		return t.checkFirst(name, nil, sw, err, 0)
	}
	asked := t.fits(false)
	b, sw, err := t.appendAnswer(ctx, nil, apdu.Command{INS: insRead, Expect: asked})
	return t.checkFirst(name, b, sw, err, asked)
}

func (t *terminal) checkFirst(name string, b []byte, sw uint16, err error, asked int) ([]byte, error) {
	switch {
	case err != nil:
		return nil, failure("read "+name, err)
	case sw != swOK && sw != swEndOfFile:
		t.event(Event{Step: "read", File: name, SW: sw})
		return nil, &refusal{sw}
	case len(b) > asked:
		return nil, fault.New(vneid.ErrMalformed, "read %s: the card returns more than it was asked for", name)
	}
	return b, nil
}

// next appends what follows in the file that was named last: by READ BINARY up to
// offset 32,767, beyond by its odd instruction, whose answer wraps the bytes in a
// data object (ISO 7816-4 §7.2.3).
func (t *terminal) next(ctx context.Context, file []byte, size int) (longer []byte, asked int, sw uint16, err error) {
	offset := len(file)
	if offset <= 0x7FFF {
		asked = min(t.fits(false), size-offset)
		c := apdu.Command{INS: insRead, P1: byte(offset >> 8), P2: byte(offset), Expect: asked}
		longer, sw, err = t.appendAnswer(ctx, file, c)
		return longer, asked, sw, refused(sw, err)
	}
	asked = min(wrapped(t.fits(true)), size-offset)
	c := apdu.Command{INS: insReadOdd, Expect: wrapper(asked) + asked, Data: []byte{0x54, 2, byte(offset >> 8), byte(offset)}}
	if offset > 0xFFFF {
		c.Data = []byte{0x54, 3, byte(offset >> 16), byte(offset >> 8), byte(offset)}
	}
	data, sw, err := t.send(ctx, c)
	if err = refused(sw, err); err != nil {
		return nil, asked, sw, err
	}
	r := tlv.BER(data)
	content := r.Read(0x53)
	if err := r.Close(); err != nil {
		return nil, asked, sw, err
	}
	return append(file, content...), asked, sw, nil
}

func refused(sw uint16, err error) error {
	if err == nil && sw != swOK && sw != swEndOfFile {
		err = &refusal{sw}
	}
	return err
}

// wrapper is the size of the header of DO'53' around n bytes, and wrapped how many
// bytes fit with it into n.
func wrapper(n int) int {
	switch {
	case n < 0x80:
		return 2
	case n < 0x100:
		return 3
	case n < 0x10000:
		return 4
	}
	return 5
}

func wrapped(n int) int {
	for size := 2; ; size++ {
		if wrapper(n-size) <= size {
			return n - size
		}
	}
}
