package chiptest

import "slices"

// find returns the place of an object, or -1.
func (s *sealed) find(tag int) int {
	return slices.IndexFunc(s.objects, func(o object) bool { return o.tag == tag })
}

// change edits an object where there is one; nil takes it away.
func change(tag int, edit func(value []byte) []byte) func(*Emulator, *sealed) {
	return func(_ *Emulator, s *sealed) {
		i := s.find(tag)
		if i < 0 {
			return
		}
		if value := edit(s.objects[i].value); value != nil {
			s.objects[i].value = value
		} else {
			s.objects = slices.Delete(s.objects, i, i+1)
		}
	}
}

// replace puts objects in the place of one.
func replace(tag int, with func(o object) []object) func(*Emulator, *sealed) {
	return func(_ *Emulator, s *sealed) {
		if i := s.find(tag); i >= 0 {
			s.objects = slices.Replace(s.objects, i, i+1, with(s.objects[i])...)
		}
	}
}

func none([]byte) []byte { return nil }

// reencrypt seals other bytes than the padded ones.
func reencrypt(edit func(padded []byte) []byte) func(*Emulator, *sealed) {
	return func(e *Emulator, s *sealed) {
		change(doSealed, func(value []byte) []byte {
			plain := edit(e.ch.decrypt(e.ch.enc, e.ch.iv(), value[1:]))
			return append([]byte{1}, e.ch.encrypt(e.ch.enc, e.ch.iv(), plain)...)
		})(e, s)
	}
}

func messagingFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"sm-" + name, StageMessaging, about, Card{}, do}
	}
	behind := func(o object) func(*Emulator, *sealed) {
		return func(_ *Emulator, s *sealed) { s.objects = append(s.objects, o) }
	}
	return []Fault{
		fault("mac-wrong", "the MAC differs in one bit", afterMAC(change(doMAC, flipped))),
		fault("mac-short", "the MAC is its first four bytes", afterMAC(change(doMAC, func(v []byte) []byte { return v[:4] }))),
		fault("mac-long", "a byte stands behind the MAC", afterMAC(change(doMAC, func(v []byte) []byte { return append(v, 0) }))),
		fault("mac-empty", "the MAC has no bytes", afterMAC(change(doMAC, func([]byte) []byte { return []byte{} }))),
		fault("mac-missing", "there is no MAC", afterMAC(change(doMAC, none))),
		fault("mac-twice", "a wrong MAC stands before the right one", afterMAC(replace(doMAC, func(o object) []object {
			return []object{{doMAC, flipped(o.value)}, o}
		}))),
		fault("mac-first", "the MAC stands before what it signs", afterMAC(func(_ *Emulator, s *sealed) { slices.Reverse(s.objects) })),
		fault("counter-kept", "the counter was not moved before the answer", beforeMAC(func(e *Emulator, _ *sealed) { uncount(e.ch) })),
		fault("counter-skipped", "the counter was moved twice before the answer", beforeMAC(func(e *Emulator, _ *sealed) { e.ch.count() })),
		fault("replayed", "the first answer comes again and again", wire(func(e *Emulator, _, own []byte) ([]byte, error) {
			if n := len(e.log); n > 0 && e.log[n-1].Plain != nil {
				return e.last, nil
			}
			return own, nil
		})),
		fault("status-differs", "the status outside is not the signed one", afterMAC(func(_ *Emulator, s *sealed) { s.sw ^= swOK ^ swEOF })),
		fault("status-forged", "the signed status is an error, the one outside is not", beforeMAC(change(doStatus, func([]byte) []byte { return []byte{0x6A, 0x82} }))),
		fault("status-missing", "no status is signed", beforeMAC(change(doStatus, none))),
		fault("status-short", "the signed status has one byte", beforeMAC(change(doStatus, func(v []byte) []byte { return v[:1] }))),
		fault("status-twice", "two statuses are signed", beforeMAC(replace(doStatus, func(o object) []object {
			return []object{{doStatus, []byte{0x6A, 0x82}}, o}
		}))),
		fault("plain-data", "the answer comes in the clear, with data", wire(func(e *Emulator, _, own []byte) ([]byte, error) {
			return append([]byte{0x60, 0x14, 0x5F, 0x01}, 0x90, 0x00), nil
		})),
		fault("plain-status", "only a status of success comes, in the clear", wire(func(*Emulator, []byte, []byte) ([]byte, error) {
			return status(swOK).bytes(), nil
		})),
		fault("plain-error", "only a status of failure comes, in the clear", wire(func(*Emulator, []byte, []byte) ([]byte, error) {
			return status(swNotFound).bytes(), nil
		})),
		fault("plain-object", "the data stands in an unencrypted object", beforeMAC(replace(doSealed, func(o object) []object {
			return []object{{0x81, o.value}}
		}))),
		fault("object-unknown", "a signed object has a tag that nobody knows", beforeMAC(behind(object{0x80, []byte{1}}))),
		fault("object-behind", "an object stands behind the MAC", afterMAC(behind(object{0x80, []byte{1}}))),
		fault("trailing", "two zero bytes stand behind the MAC", afterMAC(behind(object{0x00, nil}))),
		fault("padding-missing", "the data is encrypted without its padding", beforeMAC(reencrypt(func(p []byte) []byte {
			for i := range p {
				p[i] = 0x11
			}
			return p
		}))),
		fault("padding-empty", "the data is nothing but zeros", beforeMAC(reencrypt(func(p []byte) []byte { clear(p); return p }))),
		fault("indicator-wrong", "the padding indicator is 2", beforeMAC(change(doSealed, func(v []byte) []byte { v[0] = 2; return v }))),
		fault("indicator-missing", "there is no padding indicator", beforeMAC(change(doSealed, func(v []byte) []byte { return v[1:] }))),
		fault("cryptogram-empty", "the cryptogram has no bytes", beforeMAC(change(doSealed, func(v []byte) []byte { return []byte{} }))),
		fault("cryptogram-ragged", "the cryptogram is no whole number of blocks", beforeMAC(change(doSealed, func(v []byte) []byte { return append(v, 0) }))),
		fault("cryptogram-missing", "the data was taken out before the MAC was made", beforeMAC(change(doSealed, none))),
		fault("cryptogram-twice", "there are two cryptograms", beforeMAC(replace(doSealed, func(o object) []object { return []object{o, o} }))),
		fault("cryptogram-odd", "the cryptogram has the tag of the other instruction byte", beforeMAC(replace(doSealed, func(o object) []object {
			return []object{{doSealedOdd, o.value[1:]}}
		}))),
		fault("cryptogram-changed", "the cryptogram was changed behind the MAC", afterMAC(change(doSealed, flipped))),
	}
}

// uncount takes the counter one step back.
func uncount(ch *channel) {
	for i := len(ch.ssc) - 1; i >= 0; i-- {
		ch.ssc[i]--
		if ch.ssc[i] != 0xFF {
			return
		}
	}
}
