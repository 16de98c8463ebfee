package handshake

import (
	"context"
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/internal/sm"
	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// ChipAuth is Chip Authentication version 1 with one of the chip's keys.
type ChipAuth struct {
	Protocol  lds.Protocol
	Key       lds.AgreementKey
	KeyID     int
	Ambiguous bool // the chip has several keys, so the command names one

	domain agreement // tests fix what is random
}

// Run sends our public key under the running session and returns the session that
// follows. Nothing is proven yet: the chip shows that it has the private key by
// the next answer, which only the new session opens.
func (a ChipAuth) Run(ctx context.Context, send Send) (*sm.Session, error) {
	if (a.Key.Point.Curve() != 0) != a.Protocol.EC {
		return nil, ErrProtocol
	}
	domain := a.domain
	if domain == nil {
		domain = withKey(a.Key)
	}
	defer domain.wipe()
	ours, err := domain.public()
	if err != nil {
		return nil, err
	}
	static := a.Key.Point.Bytes()
	if !a.Protocol.EC {
		static = a.Key.Element.Bytes()
	}
	secret, err := domain.shared(static)
	if err != nil {
		return nil, err
	}
	defer clear(secret)
	if a.Protocol.Suite == sm.TripleDES {
		err = a.setKAT(ctx, send, ours)
	} else {
		err = a.setAT(ctx, send, ours)
	}
	// Some chips with 3DES know only the commands of AES (§8.5 Note 1).
	var refused *StatusError
	if a.Protocol.Suite == sm.TripleDES && errors.As(err, &refused) {
		err = a.setAT(ctx, send, ours)
	}
	if err != nil {
		return nil, err
	}
	return a.Protocol.Suite.Start(secret, nil)
}

// keyID appends the identifier of the private key where the chip has several.
func (a ChipAuth) keyID(data []byte) []byte {
	if a.Ambiguous && a.KeyID != lds.NoID {
		return tagged(data, 0x84, []byte{byte(a.KeyID)})
	}
	return data
}

// setKAT is the one command of 3DES (§6.2.4.1).
func (a ChipAuth) setKAT(ctx context.Context, send Send, ours []byte) error {
	c := apdu.Command{INS: 0x22, P1: 0x41, P2: 0xA6, Data: a.keyID(tagged(nil, 0x91, ours))}
	return expect(ctx, send, c)
}

// setAT is the two commands of AES (§6.2.4.2).
func (a ChipAuth) setAT(ctx context.Context, send Send, ours []byte) error {
	c := apdu.Command{INS: 0x22, P1: 0x41, P2: 0xA4, Data: a.keyID(tagged(nil, 0x80, a.Protocol.OID()))}
	if err := expect(ctx, send, c); err != nil {
		return err
	}
	c = apdu.Command{INS: 0x86, Data: tagged(nil, 0x7C, tagged(nil, 0x80, ours)), Expect: 256}
	data, sw, err := send(ctx, c)
	if err != nil {
		return err
	}
	if sw != 0x9000 {
		return &StatusError{Step: "chip authentication", SW: sw}
	}
	outer := tlv.BER(data)
	outer.Read(0x7C)
	if outer.Close() != nil {
		return ErrFormat
	}
	return nil
}

func expect(ctx context.Context, send Send, c apdu.Command) error {
	_, sw, err := send(ctx, c)
	if err == nil && sw != 0x9000 {
		err = &StatusError{Step: "chip authentication", SW: sw}
	}
	return err
}
