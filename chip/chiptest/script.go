package chiptest

import "time"

// script is what a fault does, in lists, so that faults add up. An empty script is
// an honest card.
type script struct {
	issuing, forging []func(*draft)
	replying         []func(*Emulator, command, response) response
	sealing, opening []func(*Emulator, *sealed) // before the MAC is made, and after it
	leaving          []func(e *Emulator, command, response []byte) ([]byte, error)

	nonce          func([]byte)        // PACE's, before it is encrypted
	challenge      func([]byte) []byte // what Active Authentication signs
	representative func([]byte)        // of an RSA signature, before the private operation

	keepKeys bool // go on with the old keys after Chip Authentication
	overlong bool // answer with more than the command asked for

	wait time.Duration // before each answer within a session
}

func (s script) with(t script) script {
	s.issuing = append(s.issuing, t.issuing...)
	s.forging = append(s.forging, t.forging...)
	s.replying = append(s.replying, t.replying...)
	s.sealing = append(s.sealing, t.sealing...)
	s.opening = append(s.opening, t.opening...)
	s.leaving = append(s.leaving, t.leaving...)
	if t.nonce != nil {
		s.nonce = t.nonce
	}
	if t.challenge != nil {
		s.challenge = t.challenge
	}
	if t.representative != nil {
		s.representative = t.representative
	}
	s.keepKeys = s.keepKeys || t.keepKeys
	s.overlong = s.overlong || t.overlong
	s.wait = max(s.wait, t.wait)
	return s
}

func (s *script) issue(d *draft) {
	for _, f := range s.issuing {
		f(d)
	}
}

func (s *script) forge(d *draft) {
	for _, f := range s.forging {
		f(d)
	}
}

func (s *script) reply(e *Emulator, c command, r response) response {
	for _, f := range s.replying {
		r = f(e, c, r)
	}
	return r
}

func (s *script) before(e *Emulator, m *sealed) {
	for _, f := range s.sealing {
		f(e, m)
	}
}

func (s *script) after(e *Emulator, m *sealed) {
	for _, f := range s.opening {
		f(e, m)
	}
}

func (s *script) wire(e *Emulator, command, response []byte) (out []byte, err error) {
	out = response
	for _, f := range s.leaving {
		if out, err = f(e, command, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Scripts of one step.

func issue(f func(*draft)) script { return script{issuing: []func(*draft){f}} }
func forge(f func(*draft)) script { return script{forging: []func(*draft){f}} }

func reply(f func(*Emulator, command, response) response) script {
	return script{replying: []func(*Emulator, command, response) response{f}}
}

func beforeMAC(f func(*Emulator, *sealed)) script {
	return script{sealing: []func(*Emulator, *sealed){f}}
}

func afterMAC(f func(*Emulator, *sealed)) script {
	return script{opening: []func(*Emulator, *sealed){f}}
}

// wire acts on the bytes that leave while a session is on; before it, a card that
// answers nonsense is no card.
func wire(f func(e *Emulator, command, response []byte) ([]byte, error)) script {
	return script{leaving: []func(*Emulator, []byte, []byte) ([]byte, error){
		func(e *Emulator, command, response []byte) ([]byte, error) {
			if len(command) > 0 && command[0]&0x0C == 0x0C {
				return f(e, command, response)
			}
			return response, nil
		}}}
}

// during lets what a script does to answers act on one kind of command alone, by
// its instruction, and on one file alone unless that is empty.
func during(ins byte, file string, s script) script {
	now := func(e *Emulator) bool { return e.ins == ins && (file == "" || e.file == file) }
	var out script
	for _, f := range s.sealing {
		out = out.with(beforeMAC(func(e *Emulator, m *sealed) {
			if now(e) {
				f(e, m)
			}
		}))
	}
	for _, f := range s.opening {
		out = out.with(afterMAC(func(e *Emulator, m *sealed) {
			if now(e) {
				f(e, m)
			}
		}))
	}
	for _, f := range s.leaving {
		out.leaving = append(out.leaving, func(e *Emulator, command, response []byte) ([]byte, error) {
			if now(e) {
				return f(e, command, response)
			}
			return response, nil
		})
	}
	return out
}
