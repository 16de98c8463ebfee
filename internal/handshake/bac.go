package handshake

import (
	"context"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
	"github.com/vneid-sdk/vneid-go/internal/sm"
)

// BAC is Basic Access Control with the document number, date of birth and date of
// expiry, each with its check digit, as the machine-readable zone has them.
type BAC struct {
	Zone string

	// Tests fix what is random: RND.IFD and K.IFD.
	random []byte
}

const (
	nonceSize = 8
	keySize   = 16
	macSize   = 8
)

// Run runs the protocol and returns the session.
func (b BAC) Run(ctx context.Context, send Send) (*sm.Session, error) {
	const suite = sm.TripleDES
	seed := sha1.Sum([]byte(b.Zone))
	enc, mac := suite.Derive(seed[:keySize], sm.ForEncryption), suite.Derive(seed[:keySize], sm.ForMAC)
	defer clear(seed[:])
	defer clear(enc)
	defer clear(mac)

	data, sw, err := send(ctx, apdu.Command{INS: 0x84, Expect: nonceSize})
	if err != nil {
		return nil, err
	}
	if sw != 0x9000 {
		return nil, &StatusError{Step: "BAC: challenge", SW: sw}
	}
	if len(data) != nonceSize {
		return nil, ErrNonce
	}
	rndIC := append([]byte(nil), data...)

	ours := append([]byte(nil), b.random...) // RND.IFD ‖ K.IFD
	if len(ours) == 0 {
		ours = make([]byte, nonceSize+keySize)
		rand.Read(ours)
	}
	defer clear(ours)
	s := append(append(append([]byte(nil), ours[:nonceSize]...), rndIC...), ours[nonceSize:]...)
	e := suite.Encrypt(enc, nil, s)
	clear(s)
	data, sw, err = send(ctx, apdu.Command{INS: 0x82, Data: append(e, suite.MAC(mac, e)...), Expect: 40})
	if err != nil {
		return nil, err
	}
	if sw != 0x9000 {
		return nil, &StatusError{Step: "BAC: authenticate", SW: sw, Denied: true}
	}
	return openBAC(enc, mac, ours, rndIC, data)
}

// openBAC checks the chip's answer and starts the session (§4.3.1, §9.8.6.3).
func openBAC(enc, mac, ours, rndIC, data []byte) (*sm.Session, error) {
	const suite = sm.TripleDES
	if len(data) != 2*nonceSize+keySize+macSize {
		return nil, ErrFormat
	}
	e, m := data[:len(data)-macSize], data[len(data)-macSize:]
	if subtle.ConstantTimeCompare(suite.MAC(mac, e), m) != 1 {
		return nil, ErrToken
	}
	r := suite.Decrypt(enc, nil, e)
	defer clear(r)
	rndIFD := ours[:nonceSize]
	if subtle.ConstantTimeCompare(r[:nonceSize], rndIC) != 1 || subtle.ConstantTimeCompare(r[nonceSize:2*nonceSize], rndIFD) != 1 {
		return nil, ErrToken
	}
	secret := make([]byte, keySize)
	defer clear(secret)
	subtle.XORBytes(secret, r[2*nonceSize:], ours[nonceSize:])
	ssc := append(append([]byte(nil), rndIC[4:]...), rndIFD[4:]...)
	return suite.Start(secret, ssc)
}
