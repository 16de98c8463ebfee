package handshake

import (
	"bytes"

	"github.com/vneid-sdk/vneid-go/internal/ec"
	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/internal/modp"
)

// An agreement is the arithmetic of one PACE run or one Chip Authentication. Keys
// go in and out as they are sent.
type agreement interface {
	// offer draws the key of the mapping and returns its public part.
	offer() ([]byte, error)
	// mapGeneric makes the generator from the chip's mapping key and the nonce.
	mapGeneric(peer, nonce []byte) error
	// mapIntegrated makes the generator from a pseudo-random number.
	mapIntegrated(number []byte) error
	// public draws the key of the agreement over the generator.
	public() ([]byte, error)
	// shared returns the shared secret at its full width.
	shared(peer []byte) ([]byte, error)
	// tag is that of the public key in an authentication token (§9.4.3, §9.4.4).
	tag() byte
	// bits is the width of the field's prime.
	bits() int
	wipe()
}

// newAgreement returns the arithmetic of a standardized domain.
func newAgreement(isEC bool, id int) (agreement, error) {
	if isEC {
		curve, err := ec.ByID(id)
		if err != nil {
			return nil, ErrProtocol
		}
		return &ecAgreement{curve: curve, generator: curve.Generator(), draw: curve.NewSecret}, nil
	}
	group, err := modp.ByID(id)
	if err != nil {
		return nil, ErrProtocol
	}
	return &dhAgreement{group: group, generator: group.Generator(), draw: group.NewSecret}, nil
}

// withKey returns the arithmetic of the domain that a static key belongs to.
func withKey(key lds.AgreementKey) agreement {
	if c := key.Point.Curve(); c != 0 {
		return &ecAgreement{curve: c, generator: c.Generator(), draw: c.NewSecret}
	}
	g := key.Element.Group()
	return &dhAgreement{group: g, generator: g.Generator(), draw: g.NewSecret}
}

type ecAgreement struct {
	curve     ec.Curve
	generator ec.Point
	draw      func() (ec.Secret, error)
	secrets   []ec.Secret // of the mapping, of the agreement
	ours      []byte      // the public key sent last
	mapKey    ec.Point    // the chip's key of the mapping
}

// next draws a secret and returns its public key over the generator.
func (a *ecAgreement) next() ([]byte, error) {
	s, err := a.draw()
	if err != nil {
		return nil, err
	}
	a.secrets = append(a.secrets, s)
	p, err := s.Times(a.generator)
	if err != nil {
		return nil, err
	}
	a.ours = p.Bytes()
	return a.ours, nil
}

func (a *ecAgreement) offer() ([]byte, error)  { return a.next() }
func (a *ecAgreement) public() ([]byte, error) { return a.next() }

// agree reads the chip's key and multiplies it by the secret drawn last.
func (a *ecAgreement) agree(peer []byte) (key, point ec.Point, err error) {
	if bytes.Equal(peer, a.ours) {
		return key, point, ErrReflected
	}
	if key, err = a.curve.Point(peer); err != nil {
		return key, point, ErrPublicKey
	}
	if point, err = a.secrets[len(a.secrets)-1].Times(key); err != nil {
		return key, point, ErrPublicKey
	}
	return key, point, nil
}

func (a *ecAgreement) mapGeneric(peer, nonce []byte) (err error) {
	key, h, err := a.agree(peer)
	if err != nil {
		return err
	}
	a.mapKey = key
	if a.generator, err = h.MapGeneric(nonce); err != nil {
		return ErrMapped
	}
	return nil
}

func (a *ecAgreement) mapIntegrated(number []byte) (err error) {
	if a.generator, err = a.curve.MapIntegrated(number); err != nil {
		return ErrMapped
	}
	return nil
}

func (a *ecAgreement) shared(peer []byte) ([]byte, error) {
	_, point, err := a.agree(peer)
	return point.X(), err
}

func (a *ecAgreement) tag() byte { return 0x86 }

func (a *ecAgreement) bits() int {
	if a.curve == ec.P521 {
		return 521
	}
	return 8 * a.curve.Size() // of all others the first byte of p has its first bit
}

func (a *ecAgreement) wipe() {
	for _, s := range a.secrets {
		s.Wipe()
	}
}

type dhAgreement struct {
	group     modp.Group
	generator modp.Element
	draw      func() (modp.Secret, error)
	secrets   []modp.Secret
	ours      []byte
}

func (a *dhAgreement) next() ([]byte, error) {
	for {
		s, err := a.draw()
		if err != nil {
			return nil, err
		}
		a.secrets = append(a.secrets, s)
		e, err := s.Power(a.generator)
		if err != nil {
			return nil, err
		}
		// One key in 256 begins with a zero, which chips write in two ways.
		if a.ours = e.Bytes(); len(a.ours) == a.group.Size() {
			return a.ours, nil
		}
	}
}

func (a *dhAgreement) offer() ([]byte, error)  { return a.next() }
func (a *dhAgreement) public() ([]byte, error) { return a.next() }

func (a *dhAgreement) agree(peer []byte) (modp.Element, error) {
	key, err := a.group.Element(peer)
	if err != nil {
		return modp.Element{}, ErrPublicKey
	}
	if bytes.Equal(key.Bytes(), a.ours) {
		return modp.Element{}, ErrReflected
	}
	e, err := a.secrets[len(a.secrets)-1].Power(key)
	if err != nil {
		return modp.Element{}, ErrPublicKey
	}
	return e, nil
}

func (a *dhAgreement) mapGeneric(peer, nonce []byte) error {
	h, err := a.agree(peer)
	if err != nil {
		return err
	}
	if a.generator, err = h.MapGeneric(nonce); err != nil {
		return ErrMapped
	}
	return nil
}

func (a *dhAgreement) mapIntegrated(number []byte) (err error) {
	if a.generator, err = a.group.MapIntegrated(number); err != nil {
		return ErrMapped
	}
	return nil
}

func (a *dhAgreement) shared(peer []byte) ([]byte, error) {
	e, err := a.agree(peer)
	return e.Fixed(), err
}

func (a *dhAgreement) tag() byte { return 0x84 }
func (a *dhAgreement) bits() int { return 8 * a.group.Size() }

func (a *dhAgreement) wipe() {
	for _, s := range a.secrets {
		s.Wipe()
	}
}
