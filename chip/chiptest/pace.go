package chiptest

import (
	"bytes"
	"math/big"
)

// paceRun is one run of PACE from the chip's side (ICAO Doc 9303-11 §4.4).
type paceRun struct {
	agreement
	key    []byte // of the password
	nonce  []byte
	mapped element  // the run's own generator
	chip   *big.Int // secret of the mapping; PACE-CAM proves with it
	own    []byte   // public key over the mapped generator
	theirs []byte
	ch     *channel
	step   int // the next GENERAL AUTHENTICATE
}

// Steps of GENERAL AUTHENTICATE.
const (
	stepNonce = iota
	stepMap
	stepAgree
	stepToken
)

// setPACE answers MSE:Set AT for PACE (§4.4.4.1). The domain parameters of tag 84
// may be left out only where the protocol leaves no choice.
func (e *Emulator) setPACE(c command) response {
	f := fields(c.data)
	e.pace = nil
	var found []agreement
	for _, a := range e.offers {
		if bytes.Equal(f[0x80], oidContent(a.oid)) && (f[0x84] == nil || bytes.Equal(f[0x84], []byte{byte(a.group.number())})) {
			found = append(found, a)
		}
	}
	if len(found) == 0 {
		return status(swBadData)
	}
	if len(found) > 1 {
		return status(swReference)
	}
	secret, ok := e.access.password(f[0x83])
	if !ok {
		return status(swReference)
	}
	e.pace = &paceRun{agreement: found[0], key: found[0].suite.derive(secret, 3)}
	return status(swOK)
}

// authenticatePACE answers the four steps of GENERAL AUTHENTICATE (§4.4.4.2). A
// step that fails ends the run.
func (e *Emulator) authenticatePACE(c command) response {
	run, f := e.pace, fields(unwrap(c.data))
	if f == nil {
		return status(swBadData)
	}
	step := run.step
	run.step++
	sw, out := uint16(swBadData), []byte(nil)
	switch {
	case step == stepNonce && len(f) == 0:
		sw, out = swOK, e.sendNonce(run)
	case step == stepMap && f[0x81] != nil:
		sw, out = e.mapNonce(run, f[0x81])
	case step == stepAgree && f[0x83] != nil:
		sw, out = e.agree(run, f[0x83])
	case step == stepToken && f[0x85] != nil:
		e.pace = nil
		sw, out = e.exchangeTokens(run, f[0x85])
	}
	if sw != swOK {
		e.pace = nil
		return status(sw)
	}
	return response{der(0x7C, out), swOK}
}

func unwrap(b []byte) []byte {
	if tag, content, rest, ok := next(b); ok && tag == 0x7C && len(rest) == 0 {
		return content
	}
	return []byte{0} // which no list of fields is
}

func (e *Emulator) sendNonce(run *paceRun) []byte {
	size := 16
	if run.mapping == "IM" && run.suite > aes128 {
		size = 32 // at least as long as the key (§4.4.3.3.2)
	}
	run.nonce = e.random.bytes(size)
	if e.card.LeadingZero == "nonce" {
		run.nonce[0] = 0
	}
	if e.script.nonce != nil {
		e.script.nonce(run.nonce)
	}
	return der(0x80, run.suite.encrypt(run.key, run.suite.zeros(), run.nonce))
}

// mapNonce makes the run's generator from the nonce (§4.4.3.3).
func (e *Emulator) mapNonce(run *paceRun, theirs []byte) (uint16, []byte) {
	if run.mapping == "IM" {
		if len(theirs) != len(run.key) {
			return swBadData, nil
		}
		run.mapped = run.group.embed(pseudorandom(run.suite, run.nonce, theirs, run.group.field()))
		return swOK, der(0x82)
	}
	public, ok := run.group.decode(theirs)
	if !ok {
		return swBadData, nil
	}
	fromNonce := run.group.power(run.group.base(), new(big.Int).SetBytes(run.nonce))
	run.chip = e.secretFor(run.group, map[string]product{"mapping-key": {base: run.group.base()}, "generator": {public, fromNonce}})
	run.mapped = run.group.combine(fromNonce, run.group.power(public, run.chip))
	return swOK, der(0x82, run.group.encode(run.group.power(run.group.base(), run.chip)))
}

func (e *Emulator) agree(run *paceRun, theirs []byte) (uint16, []byte) {
	public, ok := run.group.decode(theirs)
	if !ok {
		return swBadData, nil
	}
	secret := e.secretFor(run.group, map[string]product{"key": {base: run.mapped}, "secret": {base: public}})
	run.own = run.group.encode(run.group.power(run.mapped, secret))
	if bytes.Equal(run.own, theirs) {
		return swBadData, nil
	}
	run.theirs = theirs
	run.ch = newChannel(run.suite, run.group.secret(run.group.power(public, secret)))
	return swOK, der(0x84, run.own)
}

// product is base to the power of a secret, combined with plus if there is one.
type product struct{ base, plus element }

// secretFor draws a secret. Where the card is to make the named product begin with
// a zero byte, it counts up from there: one step of the group instead of a whole
// power for each of the two hundred tries.
func (e *Emulator) secretFor(g group, products map[string]product) *big.Int {
	k := e.random.scalar(g.order())
	p, wanted := products[e.card.LeadingZero]
	if !wanted {
		return k
	}
	v := g.power(p.base, k)
	if p.plus.x != nil {
		v = g.combine(v, p.plus)
	}
	for g.secret(v)[0] != 0 {
		v = g.combine(v, p.base)
		k.Add(k, big.NewInt(1))
	}
	return k
}

// exchangeTokens checks the terminal's token and answers with the chip's, and for
// CAM with the proof that the chip knows the private key of its certificate.
func (e *Emulator) exchangeTokens(run *paceRun, theirs []byte) (uint16, []byte) {
	if !bytes.Equal(theirs, run.suite.tokenMAC(run.ch.auth, run.keyObject(run.own))) {
		return swWrongKey, nil
	}
	out := der(0x86, run.suite.tokenMAC(run.ch.auth, run.keyObject(run.theirs)))
	if run.mapping == "CAM" {
		out = append(out, der(0x8A, run.prove(e.camSecret(run.agreement)))...)
	}
	e.next = run.ch
	return swOK, out
}

// prove is the Chip Authentication Data of §4.4.3.5: the mapping's secret over the
// static one, encrypted.
func (run *paceRun) prove(static *big.Int) []byte {
	n := run.group.order()
	proof := new(big.Int).ModInverse(static, n)
	proof.Mod(proof.Mul(proof, run.chip), n)
	iv := run.ch.encrypt(run.ch.enc, run.ch.zeros(), bytes.Repeat([]byte{0xFF}, 16))
	return run.ch.encrypt(run.ch.enc, iv, run.ch.pad(fixed(proof, n)))
}

// The constants of the pseudorandom function (ICAO Doc 9303-11 §4.4.3.3.2).
const (
	im128c0 = "A668892A7C41E3CA739F40B057D85904"
	im128c1 = "A4E136AC725F738B01C1F60217C188AD"
	im256c0 = "D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676"
	im256c1 = "54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517"
)

// pseudorandom is R_p(s, t): blocks under changing keys, as many as make the
// reduction modulo p even.
func pseudorandom(s suite, nonce, key []byte, p *big.Int) *big.Int {
	c0, c1 := hexInt(im128c0).Bytes(), hexInt(im128c1).Bytes()
	if s > aes128 {
		c0, c1 = hexInt(im256c0).Bytes(), hexInt(im256c1).Bytes()
	}
	size := len(key)
	key = s.encrypt(key, s.zeros(), nonce)[:size]
	var out []byte
	for 8*len(out) < p.BitLen()+64 {
		out = append(out, s.encrypt(key, s.zeros(), c1)...)
		key = s.encrypt(key, s.zeros(), c0)[:size]
	}
	r := new(big.Int).SetBytes(out)
	return r.Mod(r, p)
}
