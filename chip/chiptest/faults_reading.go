package chiptest

import (
	"bytes"
	"errors"
)

// reading changes the answers to READ BINARY within a session.
func reading(edit func(e *Emulator, c command, r response) response) script {
	return reply(func(e *Emulator, c command, r response) response {
		if c.ins&^1 == 0xB0 && e.ch != nil {
			return edit(e, c, r)
		}
		return r
	})
}

// content exchanges a file for what edit makes of it.
func content(name string, edit func([]byte) []byte) script {
	return forge(func(d *draft) { d.files[name] = edit(bytes.Clone(d.files[name])) })
}

func bytesOf(b ...byte) func([]byte) []byte {
	return func([]byte) []byte { return b }
}

func readingFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"read-" + name, StageReading, about, Card{}, do}
	}
	return []Fault{
		fault("endless", "a file announces sixteen megabytes and never ends", reading(func(_ *Emulator, c command, r response) response {
			out := make([]byte, min(c.ne, c.room))
			if c.p1&0x80 != 0 || c.p1|c.p2 == 0 {
				copy(out, []byte{0x77, 0x83, 0xFF, 0xFF, 0xFF})
			}
			return response{out, swOK}
		})),
		fault("byte-wise", "every read gives one byte", reading(func(_ *Emulator, _ command, r response) response {
			r.data = r.data[:min(len(r.data), 1)]
			return r
		})),
		fault("nothing", "every read succeeds and gives nothing", reading(func(*Emulator, command, response) response { return status(swOK) })),
		{"read-more", StageReading, "every read gives sixteen bytes more than was asked for", Card{Short: true}, reading(func(_ *Emulator, c command, r response) response {
			r.data = append(r.data, make([]byte, c.ne+16-len(r.data))...)
			return r
		}).with(script{overlong: true})},
		{"read-offset-ignored", StageReading, "every read gives the beginning of the file", Card{Short: true}, reading(func(e *Emulator, c command, r response) response {
			if r.sw == swOK || r.sw == swEOF {
				return e.read(0, min(c.ne, c.room), c.ne)
			}
			return r
		})},
		fault("cut", "DG2 is shorter than its header says", content("DG2", func(b []byte) []byte { return b[:len(b)/2] })),
		fault("empty", "DG1 is there and has no bytes", content("DG1", func([]byte) []byte { return []byte{} })),
		fault("header-only", "DG1 ends within its length", content("DG1", bytesOf(0x61, 0x82, 0x01))),
		fault("length-bomb", "DG1 announces four gigabytes", content("DG1", bytesOf(0x61, 0x84, 0xFF, 0xFF, 0xFF, 0xFF))),
		fault("length-huge", "the length of DG1 has nine bytes", content("DG1", bytesOf(0x61, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1))),
		fault("length-indefinite", "the length of DG1 is indefinite", content("DG1", func(b []byte) []byte {
			return append(append([]byte{0x61, 0x80}, b[2:]...), 0, 0)
		})),
		fault("length-padded", "the length of DG1 has more bytes than it needs", content("DG1", func(b []byte) []byte {
			return append([]byte{0x61, 0x82, 0x00, b[1]}, b[2:]...)
		})),
		fault("wrong-tag", "DG1 begins with the tag of DG2", content("DG1", func(b []byte) []byte { b[0] = 0x75; return b })),
		fault("swapped", "DG1 and DG13 stand in each other's place", forge(func(d *draft) {
			d.files["DG1"], d.files["DG13"] = d.files["DG13"], d.files["DG1"]
		})),
		fault("zeros", "the signed object is nothing but zeros", content("SOD", func(b []byte) []byte { clear(b); return b })),
		fault("deep", "the signed object nests ten thousand elements", content("SOD", func([]byte) []byte {
			b := []byte{}
			for range 10_000 {
				b = append(append([]byte{0x30}, length(len(b))...), b...)
			}
			return der(0x77, b)
		})),
		fault("unknown-status", "every read ends in a status that nobody knows", reading(func(_ *Emulator, _ command, r response) response {
			r.sw = 0x6F42
			return r
		})),
		fault("busy", "every read fails after a warning that memory failed", reading(func(_ *Emulator, _ command, r response) response {
			return status(0x6581)
		})),
		fault("corrupted", "every read warns that its data may be corrupted", reading(func(_ *Emulator, _ command, r response) response {
			r.sw = 0x6281
			return r
		})),
		fault("sod-denied", "the signed object may not be read", forge(func(d *draft) { d.denied["SOD"] = swDenied })),
		fault("sod-missing", "there is no signed object", forge(func(d *draft) { delete(d.files, "SOD") })),
		fault("dg1-denied", "DG1 may not be read", forge(func(d *draft) { d.denied["DG1"] = swDenied })),
	}
}

// errGone is what a reader's driver says when a card leaves the field.
var errGone = errors.New("chiptest: the card is gone")

func transportFaults() []Fault {
	fault := func(name, about string, f func(e *Emulator, own []byte) ([]byte, error)) Fault {
		return Fault{"card-" + name, StageReading, about, Card{}, wire(func(e *Emulator, _, own []byte) ([]byte, error) { return f(e, own) })}
	}
	always := func(b ...byte) func(*Emulator, []byte) ([]byte, error) {
		return func(*Emulator, []byte) ([]byte, error) { return b, nil }
	}
	faults := []Fault{
		fault("empty", "answers have no bytes, not even a status", always()),
		fault("one-byte", "answers are half a status", always(0x90)),
		fault("huge", "answers have a megabyte", always(append(make([]byte, 1<<20), 0x90, 0x00)...)),
		fault("retry-6c", "every answer asks for the same command with another length", always(0x6C, 0x10)),
		fault("gone", "the card leaves the field when secure messaging begins", func(*Emulator, []byte) ([]byte, error) { return nil, errGone }),
		fault("silent", "the card stops answering when secure messaging begins", func(*Emulator, []byte) ([]byte, error) { return nil, errSilent }),
	}
	more := script{leaving: []func(*Emulator, []byte, []byte) ([]byte, error){func(_ *Emulator, c, own []byte) ([]byte, error) {
		if len(c) > 1 && (c[0]&0x0C == 0x0C || c[1] == 0xC0) {
			return []byte{0x00, 0x61, 0x10}, nil
		}
		return own, nil
	}}}
	return append(faults, Fault{"card-more-61", StageReading, "every answer says that more is to come", Card{}, more})
}
