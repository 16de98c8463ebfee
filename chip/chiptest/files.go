package chiptest

import (
	"bytes"
	"slices"
	"strconv"
)

// applet is the application identifier of the travel document application.
var applet = []byte{0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01}

// fileAt names the file with an identifier: the last byte is the short one (ICAO
// Doc 9303-10 §3.11).
func (e *Emulator) fileAt(short byte) string {
	if !e.app {
		return map[byte]string{0x1C: "CardAccess", 0x1D: "CardSecurity", 0x1E: "DIR", 0x01: "ATR"}[short]
	}
	switch {
	case short == 0x1E:
		return "COM"
	case short == 0x1D:
		return "SOD"
	case short >= 1 && short <= 16:
		return "DG" + strconv.Itoa(int(short))
	}
	return ""
}

// fileByID takes the two-byte identifiers of SELECT; EF.DIR and EF.ATR/INFO have
// their own.
func (e *Emulator) fileByID(id []byte) string {
	switch {
	case len(id) != 2:
	case e.app && id[0] == 0x01, bytes.Equal(id, []byte{0x01, 0x1C}), bytes.Equal(id, []byte{0x01, 0x1D}):
		return e.fileAt(id[1])
	case !e.app && bytes.Equal(id, []byte{0x2F, 0x00}):
		return "DIR"
	case !e.app && bytes.Equal(id, []byte{0x2F, 0x01}):
		return "ATR"
	}
	return ""
}

// readable tells whether a file may be read now, else with what it is refused.
func (e *Emulator) readable(name string) uint16 {
	public := name == "CardAccess" || name == "DIR" || name == "ATR"
	switch {
	case e.denied[name] != 0 && e.ch != nil:
		return e.denied[name]
	case name == "" || e.files[name] == nil && (public || e.ch != nil):
		return swNotFound
	case !public && e.ch == nil:
		return swDenied
	}
	return swOK
}

// selectFile answers SELECT (ISO 7816-4 §11.2.2).
func (e *Emulator) selectFile(c command) response {
	switch {
	case c.p1 == 0x04:
		if !slices.Equal(c.data, applet) {
			return status(swNotFound)
		}
		if e.ch == nil && e.card.NoBAC {
			return status(swDenied)
		}
		e.app, e.file = true, ""
		return status(swOK)
	case c.p1 == 0x00 && (len(c.data) == 0 || bytes.Equal(c.data, []byte{0x3F, 0x00})):
		if !e.card.SelectMF {
			return status(swInstruction)
		}
		e.app, e.file = false, ""
		return status(swOK)
	case c.p1 != 0x02 && c.p1 != 0x00:
		return status(swBadData)
	}
	if e.app && bytes.Equal(c.data, []byte{0x01, 0x1C}) {
		return status(swDenied) // seen on Vietnamese cards whose application was selected before
	}
	name := e.fileByID(c.data)
	if sw := e.readable(name); sw != swOK {
		return status(sw)
	}
	e.file = name
	return status(swOK)
}

// readBinary answers READ BINARY of both instruction bytes (§11.3.3).
func (e *Emulator) readBinary(c command) response {
	offset := int(c.p1)<<8 | int(c.p2)
	switch {
	case c.ins == 0xB1:
		return e.readOdd(c)
	case c.p1&0x80 != 0:
		if e.app && c.p1 == 0x9C {
			return status(swDenied)
		}
		offset = int(c.p2)
		if sw := e.pick(e.fileAt(c.p1 & 0x1F)); sw != swOK {
			return status(sw)
		}
	}
	return e.read(offset, min(c.ne, c.room), c.ne)
}

func (e *Emulator) pick(name string) uint16 {
	sw := e.readable(name)
	if sw == swOK {
		e.file = name
	}
	return sw
}

// readOdd takes offset and data in data objects, for what lies past 32 KiB.
func (e *Emulator) readOdd(c command) response {
	if id := []byte{c.p1, c.p2}; c.p1 == 0 && c.p2 >= 1 && c.p2 <= 0x1F {
		if sw := e.pick(e.fileAt(c.p2)); sw != swOK {
			return status(sw)
		}
	} else if c.p1|c.p2 != 0 {
		if sw := e.pick(e.fileByID(id)); sw != swOK {
			return status(sw)
		}
	}
	at, ok := fields(c.data)[0x54]
	if !ok || len(at) > 4 {
		return status(swBadData)
	}
	offset := 0
	for _, b := range at {
		offset = offset<<8 | int(b)
	}
	most := min(c.ne, c.room)
	room := most - 2
	if room > 0x7F {
		room--
	}
	if room > 0xFF {
		room--
	}
	if room < 1 {
		return status(swLength)
	}
	r := e.read(offset, room, c.ne)
	if len(r.data) > 0 {
		r.data = der(0x53, r.data)
	}
	return r
}

// read gives what fits. A command that names a number of bytes and meets the end of
// the file gets 6282 with what there was; one that asks for all there is, 9000.
func (e *Emulator) read(offset, most, asked int) response {
	content := e.files[e.file]
	switch {
	case e.file == "":
		return status(swNoFile)
	case e.readable(e.file) != swOK:
		return status(e.readable(e.file))
	case offset >= len(content):
		return status(swOffset)
	}
	data := content[offset:]
	if len(data) > most {
		return response{bytes.Clone(data[:most]), swOK}
	}
	if len(data) < asked && asked != 0x100 && asked != 0x10000 && most == asked {
		return response{bytes.Clone(data), swEOF}
	}
	return response{bytes.Clone(data), swOK}
}
