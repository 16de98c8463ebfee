package chiptest

import (
	"bytes"
	"slices"
	"time"
)

// fileFaults are files and answers to READ BINARY beside readingFaults.
func fileFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"read-" + name, StageReading, about, Card{}, do}
	}
	// later acts on what follows the first part of the portrait.
	later := func(name, about string, edit func(c command, r response) response) Fault {
		return Fault{"read-" + name, StageReading, about, Card{Short: true}, reading(func(e *Emulator, c command, r response) response {
			if e.file == "DG2" && c.p1&0x80 == 0 {
				return edit(c, r)
			}
			return r
		}).with(script{overlong: true})}
	}
	refused := func(sw uint16) script {
		return reading(func(*Emulator, command, response) response { return status(sw) })
	}
	resized := func(name string, by int) script {
		return content(name, func(b []byte) []byte {
			tag, value, _, _ := next(b)
			return slices.Concat([]byte{byte(tag)}, length(len(value)+by), value)
		})
	}
	selecting := func(sw uint16) script {
		return reply(func(e *Emulator, c command, r response) response {
			if c.ins == insSelect && c.p1 == 4 {
				return status(sw)
			}
			return r
		})
	}
	return []Fault{
		later("more-later", "what follows the first part of a file is more than was asked for", func(c command, r response) response {
			return response{append(r.data, make([]byte, 16)...), r.sw}
		}),
		later("nothing-later", "what follows the first part of a file succeeds and has no bytes, for ever", func(command, response) response { return status(swOK) }),
		later("byte-later", "what follows the first part of a file comes byte by byte", func(_ command, r response) response {
			return response{r.data[:min(len(r.data), 1)], r.sw}
		}),
		later("refused-later", "what follows the first part of a file may not be read", func(command, response) response { return status(swDenied) }),
		fault("iv-zero", "the data is encrypted with an initial block of zeros", beforeMAC(func(e *Emulator, s *sealed) {
			change(doSealed, func(value []byte) []byte {
				ch := e.ch
				return append([]byte{1}, ch.encrypt(ch.enc, ch.zeros(), ch.decrypt(ch.enc, ch.iv(), value[1:]))...)
			})(e, s)
		})),
		fault("sod-longer", "the signed object's header says ten bytes more than there are", resized("SOD", 10)),
		fault("sod-shorter", "the signed object's header says ten bytes less than there are", resized("SOD", -10)),
		fault("sod-indefinite", "the signed object's file has an indefinite length", content("SOD", func(b []byte) []byte {
			_, value, _, _ := next(b)
			return slices.Concat([]byte{0x77, 0x80}, value, []byte{0, 0})
		})),
		fault("com-longer", "the list's header says ten bytes more than there are", resized("COM", 10)),
		fault("dg1-shorter", "DG1's header says one byte less than there is", resized("DG1", -1)),
		fault("dg13-longer", "DG13's header says ten bytes more than there are", resized("DG13", 10)),
		fault("dg1-missing", "DG1 is signed for and not there", forge(func(d *draft) { delete(d.files, "DG1") })),
		fault("fat", "every file is as large as a file can be, and holds zeros", forge(func(d *draft) {
			for name := range d.files {
				if name != "CardAccess" {
					d.files[name] = der(0x77, make([]byte, 262_000))
				}
			}
		})),
		fault("tag-endless", "the tag of DG1 does not end", content("DG1", func(b []byte) []byte { return bytes.Repeat([]byte{0xFF}, 64) })),
		fault("tag-zero", "DG1 is filling, from its first byte on", content("DG1", func(b []byte) []byte { return make([]byte, 64) })),
		fault("no-diagnosis", "every read fails without saying why, which looks like a chip that knows no extended length", refused(0x6F00)),
		fault("wrong-length", "every read says, within the session, that its length is wrong", refused(swLength)),
		fault("no-short-names", "the chip knows no short identifiers, and selects no file by its long one", refused(0x6A81).with(reply(func(e *Emulator, c command, r response) response {
			if c.ins == insSelect && c.p1 == 2 && e.ch != nil {
				return status(swNotFound)
			}
			return r
		}))),
		fault("offset-refused", "the chip finds every offset wrong, by whatever name the file is called", refused(swOffset)),
		fault("application-missing", "the chip has no travel document application", selecting(swNotFound)),
		fault("application-blocked", "the application is there and was deactivated", selecting(0x6283)),
	}
}

// oddFaults are answers to READ BINARY with an odd instruction, which carries what
// lies past 32 KiB. The portrait is long enough to need it.
func oddFaults() []Fault {
	twin := Card{Portrait: append([]byte{0xFF, 0xD8, 0xFF, 0xE0}, bytes.Repeat([]byte{0x55}, 70_000)...)}
	fault := func(name, about string, edit func(own []byte) []byte) Fault {
		return Fault{"odd-" + name, StageReading, about, twin, reading(func(_ *Emulator, c command, r response) response {
			if c.ins == insReadOdd && len(r.data) > 0 {
				r.data = edit(r.data)
			}
			return r
		})}
	}
	plain := func(do script) script { return during(insReadOdd, "", do) }
	return []Fault{
		fault("bare", "the bytes stand in no data object", func(own []byte) []byte { return fields(own)[0x53] }),
		fault("tag", "the bytes stand in another data object", func(own []byte) []byte { return der(0x73, fields(own)[0x53]) }),
		fault("empty", "the data object has no bytes", func([]byte) []byte { return der(0x53) }),
		fault("more", "the data object has more bytes than were asked for", func(own []byte) []byte { return der(0x53, fields(own)[0x53], make([]byte, 16)) }),
		fault("trailing", "a byte stands behind the data object", func(own []byte) []byte { return append(own, 0) }),
		fault("overrun", "the data object is longer than the answer", func(own []byte) []byte { return own[:len(own)-1] }),
		{"odd-plain-status", StageMessaging, "a status of success comes in the clear", twin, plain(inClear(func(*Emulator, command) response { return status(swOK) }))},
		{"odd-cryptogram-even", StageMessaging, "the cryptogram has the tag of the other instruction byte", twin, plain(beforeMAC(replace(doSealedOdd, func(o object) []object {
			return []object{{doSealed, append([]byte{1}, o.value...)}}
		})))},
	}
}

// lineFaults are cards and readers that fail at another time than those of
// transportFaults, or in another way.
func lineFaults() []Fault {
	protected := func(name, about string, f func(e *Emulator, raw, own []byte) ([]byte, error)) Fault {
		return Fault{"card-" + name, StageReading, about, Card{}, wire(f)}
	}
	at := func(name, about string, ins byte, file string, err error) Fault {
		return Fault{"card-" + name, StageReading, about, Card{}, during(ins, file, wire(func(*Emulator, []byte, []byte) ([]byte, error) { return nil, err }))}
	}
	always := func(b ...byte) func(*Emulator, []byte, []byte) ([]byte, error) {
		return func(*Emulator, []byte, []byte) ([]byte, error) { return b, nil }
	}
	anywhere := func(name, about string, f func(raw, own []byte) ([]byte, error)) Fault {
		return Fault{"card-" + name, StageReading, about, Card{}, script{leaving: []func(*Emulator, []byte, []byte) ([]byte, error){
			func(_ *Emulator, raw, own []byte) ([]byte, error) { return f(raw, own) },
		}}}
	}
	waiting := func(raw []byte) bool { return len(raw) > 1 && (raw[0]&0x0C == 0x0C || raw[1] == 0xC0) }
	return []Fault{
		protected("retry-6c-changing", "every answer asks for the same command with a length that it has not named before", func(e *Emulator, _, _ []byte) ([]byte, error) {
			return []byte{0x6C, byte(1 + len(e.log)%255)}, nil
		}),
		{"card-length-6700", StageReading, "every read is refused in the clear for its length, a short one too", Card{}, during(insRead, "", wire(always(0x67, 0x00)))},
		protected("status-none", "the last two bytes are no status", always(0x12, 0x34)),
		protected("status-null", "the chip asks for more time by a status, for ever", always(0x60, 0x00)),
		anywhere("more-61-empty", "every answer says that more is to come, and has nothing", func(raw, own []byte) ([]byte, error) {
			if waiting(raw) {
				return []byte{0x61, 0x10}, nil
			}
			return own, nil
		}),
		anywhere("more-61-full", "every answer is full and says that more is to come", func(raw, own []byte) ([]byte, error) {
			if waiting(raw) {
				return append(make([]byte, 256), 0x61, 0x00), nil
			}
			return own, nil
		}),
		anywhere("gone-in-access", "the card leaves the field in the middle of PACE", func(raw, own []byte) ([]byte, error) {
			if bytes.Contains(raw, []byte{0x83, 0x41, 0x04}) {
				return nil, errGone
			}
			return own, nil
		}),
		at("gone-in-file", "the card leaves the field within the portrait", insRead, "DG2", errGone),
		at("gone-in-proof", "the card leaves the field when it should sign", insInternal, "", errGone),
		at("silent-in-file", "the card stops answering within the portrait", insRead, "DG2", errSilent),
		at("silent-in-proof", "the card stops answering when it should sign", insInternal, "", errSilent),
		{"card-slow", StageReading, "every answer takes a second, so that the whole takes longer than anybody waits", Card{}, script{wait: time.Second}},
	}
}
