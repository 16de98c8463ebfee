package chiptest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Emulator is a card in software. It is safe for concurrent use, as a card in a
// reader is: one command after the other.
type Emulator struct {
	mu     sync.Mutex
	card   Card
	access Access
	anchor []byte
	serial []byte // of the document signer's certificate
	files  map[string][]byte
	denied map[string]uint16
	offers []agreement
	static []staticKey
	active *activeKey
	script script
	random entropy
	log    []Exchange

	session
}

// session is what a chip forgets when it loses power.
type session struct {
	app       bool   // the travel document application is selected
	file      string // the current file
	ch, next  *channel
	pace      *paceRun
	challenge []byte     // of BAC
	ca        *staticKey // chosen by MSE
	chain     []byte     // parts of a chained command
	pending   []byte     // for GET RESPONSE
	last      []byte     // what was answered last
	ins       byte       // instruction of the command under way, beneath secure messaging
}

// Exchange is one command and its answer.
type Exchange struct {
	Command  []byte // as it came
	Response []byte // as it left, with its status bytes; nil if the chip fell silent
	Plain    []byte // the command's header and data beneath secure messaging; nil if it came plain
}

// maxLog is how many exchanges an Emulator remembers.
const maxLog = 1 << 16

// New personalises a card. Misconfiguration is its only error.
func New(c Card) (*Emulator, error) {
	e, err := personalise(c.filled())
	if err != nil {
		return nil, fmt.Errorf("chiptest: %w", err)
	}
	return e, nil
}

func personalise(c Card) (*Emulator, error) {
	d, err := newDraft(c)
	if err != nil {
		return nil, err
	}
	var s script
	for _, name := range c.Faults {
		f, ok := findFault(name)
		if !ok {
			return nil, fmt.Errorf("Card.Faults: there is no fault %q", name)
		}
		s = s.with(f.script())
	}
	s.issue(d)
	if err := d.finish(); err != nil {
		return nil, err
	}
	s.forge(d)
	if err := d.replace(c.Files); err != nil {
		return nil, err
	}
	e := &Emulator{card: c, access: d.access, anchor: d.issuer.Anchor(), serial: d.sod.ds.serial, files: d.files, denied: d.denied,
		offers: d.offers, static: d.static, active: d.active, script: s, random: c.random}
	e.Reset()
	return e, nil
}

// Access returns what is printed on the card.
func (e *Emulator) Access() Access { return e.access }

// Anchor returns the certificate, DER, that the card's issuer is trusted by.
func (e *Emulator) Anchor() []byte { return bytes.Clone(e.anchor) }

// File returns a file as the chip serves it, by name: CardAccess, CardSecurity,
// COM, SOD, DG1 to DG16; nil if there is none.
func (e *Emulator) File(name string) []byte { return bytes.Clone(e.files[name]) }

// Reset takes the card's power away and gives it back.
func (e *Emulator) Reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.session = session{app: e.card.Preselected}
}

// Exchanges returns what was said so far, of 65,536 exchanges at most.
func (e *Emulator) Exchanges() []Exchange {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]Exchange(nil), e.log...)
}

// errSilent is a fault's order to answer nothing, as a card that left the field.
var errSilent = errors.New("silent")

// Transmit answers one command APDU. It makes Emulator a chip.Card. It fails when
// ctx is done, and where a fault breaks the transport.
func (e *Emulator) Transmit(ctx context.Context, raw []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out, err := e.transmit(raw)
	switch {
	case errors.Is(err, errSilent):
		<-ctx.Done()
		return nil, ctx.Err()
	case e.script.wait > 0 && len(raw) > 0 && raw[0]&0x0C == 0x0C:
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(e.script.wait):
		}
	}
	return out, err
}

func (e *Emulator) transmit(raw []byte) ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	x := Exchange{Command: bytes.Clone(raw)}
	out := e.process(raw, &x)
	out, err := e.script.wire(e, raw, out)
	e.last = out
	if x.Response = bytes.Clone(out); len(e.log) < maxLog {
		e.log = append(e.log, x)
	}
	return out, err
}

// process takes the transport and secure messaging off a command and puts them on
// its response.
func (e *Emulator) process(raw []byte, x *Exchange) []byte {
	c, ok := parseCommand(raw)
	if !ok || c.extended && e.card.Short {
		return status(swLength).bytes()
	}
	c.room, e.ins = c.ne, c.ins
	if c.ins == 0xC0 && e.pending != nil {
		return e.fit(e.pending, c.ne)
	}
	e.pending = nil
	if c.cla&0x0C != 0x0C {
		e.ch = nil // a plain command ends the session (ICAO Doc 9303-11 §9.8.3)
		out := e.answer(c).bytes()
		e.ch, e.next = e.next, nil
		return e.fit(out, c.ne)
	}
	if e.ch == nil {
		return status(swNoMessaging).bytes()
	}
	plain, sw := e.ch.open(c)
	if sw != swOK {
		e.session = session{app: e.app}
		return status(sw).bytes()
	}
	x.Plain = append([]byte{plain.cla, plain.ins, plain.p1, plain.p2}, plain.data...)
	r := e.answer(plain)
	out := e.ch.seal(plain.ins, r, func(s *sealed) { e.script.before(e, s) }, func(s *sealed) { e.script.after(e, s) })
	if e.next != nil && !e.script.keepKeys {
		e.ch = e.next
	}
	e.next = nil
	return e.fit(out, c.ne)
}

// fit cuts a response to what the command allows and keeps the rest for GET
// RESPONSE (ISO 7816-4 §5.3.4).
func (e *Emulator) fit(out []byte, ne int) []byte {
	data := out[:len(out)-2]
	if len(data) <= ne || e.script.overlong {
		e.pending = nil
		return out
	}
	e.pending = bytes.Clone(out[ne:])
	left := min(len(e.pending)-2, 0x100)
	return append(bytes.Clone(data[:ne]), swMore>>8, byte(left))
}

// answer assembles chained commands and lets faults at the answer.
func (e *Emulator) answer(c command) response {
	c, whole := e.assemble(c)
	if !whole {
		return status(swOK)
	}
	r := e.execute(c)
	return e.script.reply(e, c, r)
}

// assemble joins chained commands (ISO 7816-4 §5.3.3). PACE marks its steps with
// the same bit, so a GENERAL AUTHENTICATE is whole when its template is.
func (e *Emulator) assemble(c command) (command, bool) {
	c.data = append(e.chain, c.data...)
	e.chain = nil
	if c.cla&0x10 == 0 {
		return c, true
	}
	if _, _, _, ok := next(c.data); ok && c.ins == 0x86 {
		return c, true
	}
	if len(c.data) < 1<<16 {
		e.chain = c.data
	}
	return c, false
}

func (e *Emulator) execute(c command) response {
	switch c.ins {
	case 0xA4:
		return e.selectFile(c)
	case 0xB0, 0xB1:
		return e.readBinary(c)
	case 0x22:
		return e.manageSecurity(c)
	case 0x86:
		switch {
		case e.pace != nil:
			return e.authenticatePACE(c)
		case e.ca != nil && e.ch != nil:
			return e.authenticateCA(c)
		}
		return status(swConditions)
	case 0x84, 0x82:
		if !e.app || e.card.NoBAC || e.ch != nil {
			return status(swDenied)
		}
		if c.ins == 0x84 {
			return e.challengeBAC()
		}
		return e.authenticateBAC(c)
	case 0x88:
		if !e.app || e.ch == nil {
			return status(swDenied)
		}
		return e.authenticateAA(c)
	}
	return status(swInstruction)
}

func (e *Emulator) manageSecurity(c command) response {
	switch function := int(c.p1)<<8 | int(c.p2); {
	case function == 0xC1A4 && len(e.offers) > 0:
		return e.setPACE(c)
	case (function == 0x41A4 || function == 0x41A6) && (!e.app || e.ch == nil):
		return status(swDenied)
	case function == 0x41A4:
		return e.setCA(c)
	case function == 0x41A6:
		return e.setKAT(c)
	}
	return status(swInstruction)
}
