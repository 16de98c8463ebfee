package chiptest

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"
	"time"
)

// terminal drives an emulator from the reader's side, to see what it answers. It
// shares the emulator's arithmetic, so it proves nothing about that: the published
// examples and the reader in Python do. It believes everything, and looks at
// nothing twice.
type terminal struct {
	e      *Emulator
	access Access // what it believes to be printed
	ch     *channel
	random entropy
	short  bool
	sent   int
	seen   map[string][]byte // values of PACE, by the names of Card.LeadingZero
}

func newTerminal(e *Emulator) *terminal {
	return &terminal{e: e, access: e.access, random: stream("terminal"), short: e.card.Short}
}

// stream is endless randomness that is the same for the same name.
func stream(name string) entropy {
	key := sha256.Sum256([]byte(name))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	return entropy{&cipher.StreamReader{S: cipher.NewCTR(block, make([]byte, 16)), R: zeroReader{}}}
}

type zeroReader struct{}

func (zeroReader) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// stop ends a reading.
type stop struct{ why string }

func (s stop) Error() string { return s.why }

// transmit sends at most 400 commands.
func (x *terminal) transmit(raw []byte) (response, error) {
	if x.sent++; x.sent > 400 {
		return response{}, stop{"too many commands"}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if len(x.e.script.leaving) == 0 && x.e.script.wait == 0 { // nothing can fall silent
		ctx = context.Background()
	}
	out, err := x.e.Transmit(ctx, raw)
	if err != nil {
		return response{}, err
	}
	if len(out) < 2 {
		return response{}, stop{"no status"}
	}
	return response{out[:len(out)-2], binary.BigEndian.Uint16(out[len(out)-2:])}, nil
}

// encode writes a command in the shortest form, or extended.
func encode(cla, ins, p1, p2 byte, data []byte, ne int, extended bool) []byte {
	out := []byte{cla, ins, p1, p2}
	if extended {
		out = append(out, 0)
		if len(data) > 0 {
			out = append(binary.BigEndian.AppendUint16(out, uint16(len(data))), data...)
		}
		if ne > 0 {
			out = binary.BigEndian.AppendUint16(out, uint16(ne))
		}
		return out
	}
	if len(data) > 0 {
		out = append(append(out, byte(len(data))), data...)
	}
	if ne > 0 {
		out = append(out, byte(ne))
	}
	return out
}

// send sends a command as the session wants it and collects the whole answer.
func (x *terminal) send(ins, p1, p2 byte, data []byte, ne int) (response, error) {
	cla, most := byte(0), 65536
	if x.short {
		most = 256
	}
	if ins == 0x86 && len(data) > 0 && x.ch == nil && !bytes.Contains(data[:min(4, len(data))], []byte{0x85, 8}) {
		cla = 0x10
	}
	if x.ch == nil {
		return x.collect(encode(cla, ins, p1, p2, data, ne, len(data) > 255 || ne > 256))
	}
	ch := x.ch
	ch.count()
	var objects []byte
	if len(data) > 0 {
		sealed := ch.encrypt(ch.enc, ch.iv(), ch.pad(data))
		if ins&1 == 0 {
			sealed = append([]byte{1}, sealed...)
		}
		objects = der(sealedTag(ins), sealed)
	}
	if ne > 256 {
		objects = append(objects, der(doNe, binary.BigEndian.AppendUint16(nil, uint16(ne)))...)
	} else if ne > 0 {
		objects = append(objects, der(doNe, []byte{byte(ne)})...)
	}
	mac := ch.mac(ch.auth, ch.pad(slices.Concat(ch.ssc, ch.pad([]byte{0x0C, ins, p1, p2}), objects)))
	r, err := x.collect(encode(0x0C, ins, p1, p2, append(objects, der(doMAC, mac)...), most, !x.short))
	if err != nil {
		return r, err
	}
	ch.count()
	f := fields(r.data)
	if len(f[doMAC]) != 8 || len(f[doStatus]) != 2 {
		return r, stop{fmt.Sprintf("no session: %04X", r.sw)}
	}
	plain := response{sw: binary.BigEndian.Uint16(f[doStatus])}
	if sealed, ok := f[sealedTag(ins)]; ok {
		if ins&1 == 0 && len(sealed) > 0 {
			sealed = sealed[1:]
		}
		if len(sealed)%ch.block() != 0 {
			return r, stop{"ragged"}
		}
		plain.data, _ = unpad(ch.decrypt(ch.enc, ch.iv(), sealed))
	}
	signed := r.data[:len(r.data)-10]
	if !bytes.Equal(f[doMAC], ch.mac(ch.auth, ch.pad(slices.Concat(ch.ssc, signed)))) {
		return r, stop{"wrong MAC"}
	}
	return plain, nil
}

// collect follows 61xx.
func (x *terminal) collect(raw []byte) (response, error) {
	r, err := x.transmit(raw)
	for err == nil && r.sw>>8 == swMore>>8 {
		var more response
		more, err = x.transmit([]byte{0x00, 0xC0, 0x00, 0x00, byte(r.sw)})
		r = response{append(r.data, more.data...), more.sw}
	}
	return r, err
}

// want sends and insists on success.
func (x *terminal) want(ins, p1, p2 byte, data []byte, ne int) ([]byte, error) {
	r, err := x.send(ins, p1, p2, data, ne)
	if err == nil && r.sw != swOK && r.sw != swEOF {
		err = stop{fmt.Sprintf("%02X%02X%02X: %04X", ins, p1, p2, r.sw)}
	}
	return r.data, err
}

// pace opens the card with the CAN or, reference 1, with the zone.
func (x *terminal) pace(a agreement, reference byte) error {
	secret, _ := x.access.password([]byte{reference})
	data := slices.Concat(der(0x80, oidContent(a.oid)), der(0x83, []byte{reference}), der(0x84, []byte{byte(a.group.number())}))
	if _, err := x.want(0x22, 0xC1, 0xA4, data, 0); err != nil {
		return err
	}
	ask := func(tag, answer int, value []byte) ([]byte, error) {
		template := der(0x7C)
		if tag != 0 {
			template = der(0x7C, der(tag, value))
		}
		out, err := x.want(0x86, 0, 0, template, 256)
		if err != nil {
			return nil, err
		}
		return fields(unwrap(out))[answer], nil
	}
	sealed, err := ask(0, 0x80, nil)
	if err != nil {
		return err
	}
	if len(sealed) == 0 || len(sealed)%a.suite.block() != 0 {
		return stop{"no nonce"}
	}
	key := a.suite.derive(secret, 3)
	nonce := a.suite.decrypt(key, a.suite.zeros(), sealed)
	x.seen = map[string][]byte{"nonce": nonce}
	mapped, err := x.mapping(a, nonce, len(key), ask)
	if err != nil {
		return err
	}
	own := x.random.scalar(a.group.order())
	ours := a.group.encode(a.group.power(mapped, own))
	theirs, err := ask(0x83, 0x84, ours)
	if err != nil {
		return err
	}
	public, ok := a.group.decode(theirs)
	if !ok {
		return stop{"no key"}
	}
	x.seen["generator"], x.seen["key"] = a.group.secret(mapped), a.group.secret(public)
	x.seen["secret"] = a.group.secret(a.group.power(public, own))
	ch := newChannel(a.suite, x.seen["secret"])
	token, err := ask(0x85, 0x86, a.suite.tokenMAC(ch.auth, a.keyObject(theirs)))
	if err != nil {
		return err
	}
	if !bytes.Equal(token, a.suite.tokenMAC(ch.auth, a.keyObject(ours))) {
		return stop{"wrong token"}
	}
	x.ch = ch
	return nil
}

func (x *terminal) mapping(a agreement, nonce []byte, size int, ask func(int, int, []byte) ([]byte, error)) (element, error) {
	if a.mapping == "IM" {
		if len(nonce) < size {
			return element{}, stop{"short nonce"}
		}
		key := x.random.bytes(size)
		_, err := ask(0x81, 0x82, key)
		return a.group.embed(pseudorandom(a.suite, nonce, key, a.group.field())), err
	}
	own := x.random.scalar(a.group.order())
	theirs, err := ask(0x81, 0x82, a.group.encode(a.group.power(a.group.base(), own)))
	if err != nil {
		return element{}, err
	}
	public, ok := a.group.decode(theirs)
	if !ok {
		return element{}, stop{"no mapping key"}
	}
	x.seen["mapping-key"] = a.group.secret(public)
	shared := a.group.power(public, own)
	return a.group.combine(a.group.power(a.group.base(), new(big.Int).SetBytes(nonce)), shared), nil
}

func (x *terminal) bac() error {
	secret, _ := x.access.password([]byte{1})
	enc, auth := tripleDES.derive(secret[:16], 1), tripleDES.derive(secret[:16], 2)
	challenge, err := x.want(0x84, 0, 0, nil, 8)
	if err != nil {
		return err
	}
	own, half := x.random.bytes(8), x.random.bytes(16)
	data := tripleDES.encrypt(enc, tripleDES.zeros(), append(slices.Concat(own, challenge, half), make([]byte, max(0, 8-len(challenge)))...))
	answer, err := x.want(0x82, 0, 0, append(data, tripleDES.mac(auth, tripleDES.pad(data))...), 40)
	if err != nil {
		return err
	}
	if len(answer) != 40 || !bytes.Equal(answer[32:], tripleDES.mac(auth, tripleDES.pad(answer[:32]))) {
		return stop{"wrong answer"}
	}
	plain := tripleDES.decrypt(enc, tripleDES.zeros(), answer[:32])
	xor(half, plain[16:])
	x.ch = newChannel(tripleDES, half)
	x.ch.ssc = slices.Concat(challenge[4:], own[4:])
	return nil
}

// file reads a file by its short identifier, in the fewest commands.
func (x *terminal) file(short byte) ([]byte, error) {
	most := 65535
	if x.short {
		most = 223
		if x.ch != nil && x.ch.suite == tripleDES {
			most = 231
		}
	}
	out, err := x.want(0xB0, 0x80|short, 0, nil, most)
	if err != nil {
		return nil, err
	}
	_, size, ok := header(out)
	for ok && len(out) < size {
		more, err := x.more(len(out), min(most, size-len(out)))
		if err != nil {
			return out, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// more reads on in the current file, past 32 KiB by the odd instruction.
func (x *terminal) more(offset, most int) ([]byte, error) {
	if offset <= 0x7FFF {
		return x.want(0xB0, byte(offset>>8), byte(offset), nil, most)
	}
	out, err := x.want(0xB1, 0, 0, der(0x54, big.NewInt(int64(offset)).Bytes()), min(most+5, 65535)) // with the object's header
	if err != nil {
		return nil, err
	}
	part, ok := fields(out)[0x53]
	if !ok || len(part) == 0 {
		return nil, stop{"no data object 53"}
	}
	return part, nil
}

// header reads tag and length of a file that may not be whole.
func header(b []byte) (tag, size int, ok bool) {
	if len(b) < 2 {
		return 0, 0, false
	}
	n, at := int(b[1]), 2
	if wide := n - 0x80; wide >= 0 {
		if wide > 3 || len(b) < 2+wide {
			return 0, 0, false
		}
		n = 0
		for at = 2; at < 2+wide; at++ {
			n = n<<8 | int(b[at])
		}
	}
	return int(b[0]), at + n, true
}

// chipAuthentication runs it with the first key.
func (x *terminal) chipAuthentication(k staticKey) error {
	own := x.random.scalar(k.group.order())
	public := k.group.encode(k.group.power(k.group.base(), own))
	static := k.group.power(k.group.base(), k.secret)
	if k.suite == tripleDES {
		if _, err := x.want(0x22, 0x41, 0xA6, der(0x91, public), 0); err != nil {
			return err
		}
	} else {
		if _, err := x.want(0x22, 0x41, 0xA4, der(0x80, oidContent(k.oid)), 0); err != nil {
			return err
		}
		if _, err := x.want(0x86, 0, 0, der(0x7C, der(0x80, public)), 256); err != nil {
			return err
		}
	}
	x.ch = newChannel(k.suite, k.group.secret(k.group.power(static, own)))
	_, err := x.file(0x1E)
	return err
}

// read does everything there is to do, and says how far it came.
func (x *terminal) read() (done []string) {
	step := func(name string, err error) bool {
		if err != nil {
			name += ": " + err.Error()
		}
		done = append(done, name)
		return err == nil
	}
	if _, err := x.file(0x1C); err == nil && len(x.e.offers) > 0 {
		if !step("PACE", x.pace(x.e.offers[0], 2)) {
			return done
		}
	}
	_, err := x.want(0xA4, 4, 0x0C, applet, 0)
	if !step("select", err) {
		return done
	}
	if x.ch == nil && !step("BAC", x.bac()) {
		return done
	}
	files := []byte{0x1E, 0x1D, 1, 2, 13, 14, 15}
	if x.e.card.NoAA {
		files = files[:6]
	}
	for _, short := range files {
		_, err := x.file(short)
		if !step(fmt.Sprintf("file %02X", short), err) && x.sent > 400 {
			return done
		}
	}
	if x.e.active != nil {
		_, err := x.want(0x88, 0, 0, []byte("12345678"), 256)
		step("AA", err)
	}
	if len(x.e.static) > 0 {
		step("CA", x.chipAuthentication(x.e.static[0]))
	}
	return done
}
