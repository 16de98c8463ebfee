package handshake

import (
	"context"
	"crypto/rand"
	"crypto/subtle"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
	"github.com/vneid-sdk/vneid-go/internal/ec"
	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/internal/sm"
	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// PACE is what a run of the protocol needs to know.
type PACE struct {
	Info      lds.PACEInfo
	Ambiguous bool   // the chip lists several domains, so the command names one
	Reference byte   // of the password: 1 MRZ, 2 CAN (§4.4.4.1)
	Password  []byte // encoded as Table 14 has it

	// Tests fix what is random.
	domain agreement
	nonceT []byte
}

// Mapped is what PACE with chip authentication mapping leaves to be checked
// against the chip's static key once that is authenticated (§4.4.3.5.2).
type Mapped struct {
	Parameter int      // the key's identifier
	key       ec.Point // PK_Map,IC
	data      ec.Secret
}

// Proves reports whether the chip holds the private key of this public one.
func (m *Mapped) Proves(static ec.Point) bool {
	p, err := m.data.Times(static)
	return err == nil && p == m.key
}

// run is one PACE run.
type run struct {
	PACE
	send   Send
	nonce  []byte
	mapped *Mapped
}

// Run runs PACE and returns the session, and what chip authentication mapping
// left.
func (p PACE) Run(ctx context.Context, send Send) (*sm.Session, *Mapped, error) {
	r := &run{PACE: p, send: send}
	if r.domain == nil {
		d, err := newAgreement(p.Info.Protocol.EC, p.Info.Parameter)
		if err != nil {
			return nil, nil, err
		}
		r.domain = d
	}
	defer func() {
		clear(r.nonce)
		r.domain.wipe()
	}()
	for _, step := range []func(context.Context) error{r.choose, r.fetchNonce, r.mapNonce} {
		if err := step(ctx); err != nil {
			return nil, nil, err
		}
	}
	secret, ours, theirs, err := r.agree(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer clear(secret)
	if err := r.confirm(ctx, secret, ours, theirs); err != nil {
		return nil, nil, err
	}
	session, err := p.Info.Protocol.Suite.Start(secret, nil)
	return session, r.mapped, err
}

// choose sends MSE:Set AT.
func (r *run) choose(ctx context.Context) error {
	data := tagged(nil, 0x80, r.Info.Protocol.OID())
	data = tagged(data, 0x83, []byte{r.Reference})
	if r.Ambiguous {
		data = tagged(data, 0x84, []byte{byte(r.Info.Parameter)})
	}
	_, sw, err := r.send(ctx, apdu.Command{INS: 0x22, P1: 0xC1, P2: 0xA4, Data: data})
	if err == nil && sw != 0x9000 {
		// 63Cx warns that only x tries are left, and goes on.
		if sw>>4 == 0x63C && sw&0xF > 0 {
			return nil
		}
		err = &StatusError{Step: "PACE: select the protocol", SW: sw, Denied: sw == 0x63C0 || sw == 0x6983}
	}
	return err
}

// authenticate sends one GENERAL AUTHENTICATE and returns the data objects of the
// answer.
func (r *run) authenticate(ctx context.Context, step string, last bool, tag byte, content []byte) (tlv.Reader, error) {
	var inner []byte
	if tag != 0 {
		inner = tagged(nil, tag, content)
	}
	c := apdu.Command{CLA: 0x10, INS: 0x86, Data: tagged(nil, 0x7C, inner), Expect: 256}
	if last {
		c.CLA = 0
	}
	if len(c.Data) > 255 {
		c.Expect = 65536 // long keys are answered by long keys (§9.3.1)
	}
	data, sw, err := r.send(ctx, c)
	if err != nil {
		return tlv.Reader{}, err
	}
	if sw != 0x9000 {
		return tlv.Reader{}, &StatusError{Step: "PACE: " + step, SW: sw, Denied: last && (sw == 0x6300 || sw>>4 == 0x63C || sw == 0x6982 || sw == 0x6983)}
	}
	outer := tlv.BER(data)
	content = outer.Read(0x7C)
	if outer.Close() != nil {
		return tlv.Reader{}, ErrFormat
	}
	return tlv.BER(content), nil
}

// fetchNonce asks for the encrypted nonce and decrypts it.
func (r *run) fetchNonce(ctx context.Context) error {
	objects, err := r.authenticate(ctx, "nonce", false, 0, nil)
	if err != nil {
		return err
	}
	z := objects.Read(0x80)
	if objects.Close() != nil {
		return ErrFormat
	}
	suite := r.Info.Protocol.Suite
	whole := max(16, (suite.KeySize()+15)/16*16) // the multiple of a block that holds a key (§4.4.3.3)
	if len(z)%suite.BlockSize() != 0 || len(z) < 16 || len(z) > 64 ||
		r.Info.Protocol.Mapping == lds.Integrated && len(z) != whole {
		return ErrNonce
	}
	key := suite.Derive(r.Password, sm.ForPassword)
	defer clear(key)
	r.nonce = suite.Decrypt(key, nil, z)
	if subtle.ConstantTimeCompare(r.nonce, make([]byte, len(r.nonce))) == 1 {
		return ErrNonce
	}
	return nil
}

// mapNonce agrees on the generator.
func (r *run) mapNonce(ctx context.Context) error {
	if r.Info.Protocol.Mapping == lds.Integrated {
		return r.mapIntegrated(ctx)
	}
	ours, err := r.domain.offer()
	if err != nil {
		return err
	}
	objects, err := r.authenticate(ctx, "map the nonce", false, 0x81, ours)
	if err != nil {
		return err
	}
	theirs := objects.Read(0x82)
	if objects.Close() != nil {
		return ErrFormat
	}
	return r.domain.mapGeneric(theirs, r.nonce)
}

func (r *run) mapIntegrated(ctx context.Context) error {
	t := r.nonceT
	if t == nil {
		t = make([]byte, r.Info.Protocol.Suite.KeySize())
		rand.Read(t)
	}
	objects, err := r.authenticate(ctx, "map the nonce", false, 0x81, t)
	if err != nil {
		return err
	}
	if !objects.Empty() && len(objects.Read(0x82)) != 0 || objects.Close() != nil { // empty, or left out
		return ErrFormat
	}
	number := pseudoRandom(r.Info.Protocol.Suite, r.nonce, t, r.domain.bits())
	defer clear(number)
	return r.domain.mapIntegrated(number)
}

// agree exchanges public keys over the generator.
func (r *run) agree(ctx context.Context) (secret, ours, theirs []byte, err error) {
	if ours, err = r.domain.public(); err != nil {
		return nil, nil, nil, err
	}
	objects, err := r.authenticate(ctx, "agree on keys", false, 0x83, ours)
	if err != nil {
		return nil, nil, nil, err
	}
	theirs = append(theirs, objects.Read(0x84)...)
	if objects.Close() != nil {
		return nil, nil, nil, ErrFormat
	}
	secret, err = r.domain.shared(theirs)
	return secret, ours, theirs, err
}

// confirm exchanges the tokens.
func (r *run) confirm(ctx context.Context, secret, ours, theirs []byte) error {
	suite := r.Info.Protocol.Suite
	mac := suite.Derive(secret, sm.ForMAC)
	defer clear(mac)
	objects, err := r.authenticate(ctx, "confirm the keys", true, 0x85, suite.MAC(mac, r.tokenInput(theirs)))
	if err != nil {
		return err
	}
	token := objects.Read(0x86)
	for _, reference := range []tlv.Tag{0x87, 0x88} { // of authorities for Terminal Authentication
		if objects.Peek() == reference {
			objects.Read(reference)
		}
	}
	cam := r.Info.Protocol.Mapping == lds.ChipAuthentication
	var data []byte
	if cam {
		data = objects.Read(0x8A)
	}
	if objects.Close() != nil {
		return ErrFormat
	}
	if subtle.ConstantTimeCompare(token, suite.MAC(mac, r.tokenInput(ours))) != 1 {
		return ErrToken
	}
	if cam {
		return r.openMapped(secret, data)
	}
	return nil
}

// tokenInput is the public key data object that a token is computed over (§9.4).
func (r *run) tokenInput(key []byte) []byte {
	body := tagged(nil, 0x06, r.Info.Protocol.OID())
	body = tagged(body, r.domain.tag(), key)
	return append([]byte{0x7F}, tagged(nil, 0x49, body)...)
}

// openMapped decrypts the chip authentication data (§4.4.3.5).
func (r *run) openMapped(secret, data []byte) error {
	a, ok := r.domain.(*ecAgreement)
	if !ok {
		return ErrProtocol
	}
	suite := r.Info.Protocol.Suite
	key := suite.Derive(secret, sm.ForEncryption)
	defer clear(key)
	minusOne := make([]byte, suite.BlockSize())
	for i := range minusOne {
		minusOne[i] = 0xFF
	}
	s, err := a.curve.Secret(suite.Unpad(suite.Decrypt(key, suite.Block(key, minusOne), data)))
	if err != nil {
		return ErrFormat
	}
	r.mapped = &Mapped{r.Info.Parameter, a.mapKey, s}
	return nil
}
