package wycheproof

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/ec"
	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// digest hashes a message by Wycheproof's name of the hash, false for one that
// documents do not use.
func digest(sha string, msg []byte) ([]byte, bool) {
	sum := func(b []byte) ([]byte, bool) { return b, true }
	switch sha {
	case "SHA-1":
		h := sha1.Sum(msg)
		return sum(h[:])
	case "SHA-224":
		h := sha256.Sum224(msg)
		return sum(h[:])
	case "SHA-256":
		h := sha256.Sum256(msg)
		return sum(h[:])
	case "SHA-384":
		h := sha512.Sum384(msg)
		return sum(h[:])
	case "SHA-512":
		h := sha512.Sum512(msg)
		return sum(h[:])
	case "SHA3-224":
		h := sha3.Sum224(msg)
		return sum(h[:])
	case "SHA3-256":
		h := sha3.Sum256(msg)
		return sum(h[:])
	case "SHA3-384":
		h := sha3.Sum384(msg)
		return sum(h[:])
	case "SHA3-512":
		h := sha3.Sum512(msg)
		return sum(h[:])
	}
	return nil, false
}

// ecdsaGroup is a key and signatures made, or not made, with it.
type ecdsaGroup struct {
	Sha       string
	PublicKey struct{ Curve, Uncompressed string }
	Tests     []struct {
		TcID                      int
		Comment, Result, Msg, Sig string
	}
}

// TestChipECDSA runs the signatures of every curve that documents use, in DER and
// as r ‖ s, against internal/ec.
func TestChipECDSA(t *testing.T) {
	var total tally
	for _, name := range files(t, "ecdsa_") {
		t.Run(name, func(t *testing.T) {
			var file struct{ TestGroups []ecdsaGroup }
			read(t, name, &file)
			c := tally{}
			for _, g := range file.TestGroups {
				c.signatures(t, &g, strings.Contains(name, "p1363"))
			}
			c.print(t, name)
			total.run += c.run
		})
	}
	if total.run < 10000 {
		t.Errorf("only %d vectors were run", total.run)
	}
	t.Logf("%d signatures in all", total.run)
}

func (c *tally) signatures(t *testing.T, g *ecdsaGroup, plain bool) {
	t.Helper()
	curve, err := ec.ByName(g.PublicKey.Curve)
	if err != nil {
		c.skip("curve "+g.PublicKey.Curve+" is not one of documents", len(g.Tests))
		return
	}
	if _, ok := digest(g.Sha, nil); !ok {
		c.skip("hash "+g.Sha+" is not one of documents", len(g.Tests))
		return
	}
	key, err := curve.Point(unhex(t, g.PublicKey.Uncompressed))
	if err != nil {
		t.Errorf("%v: a key is refused: %v", curve, err)
		return
	}
	for _, v := range g.Tests {
		sum, _ := digest(g.Sha, unhex(t, v.Msg))
		check := key.VerifyDER
		if plain {
			check = key.VerifyPlain
		}
		c.judge(t, v.TcID, v.Comment, v.Result, check(sum, unhex(t, v.Sig)))
	}
}

// ecdhGroup is agreements of one curve; Encoding says how the public keys are
// written.
type ecdhGroup struct {
	Curve, Encoding string
	Tests           []struct {
		TcID            int
		Comment, Result string
		Public, Private string
		Shared          string
	}
}

// TestChipECDH runs the key agreements of every curve that documents use.
func TestChipECDH(t *testing.T) {
	var total tally
	for _, name := range files(t, "ecdh_") {
		if strings.Contains(name, "webcrypto") || strings.Contains(name, "_pem") {
			t.Logf("%s: skipped, its keys are written as documents never do", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			var file struct{ TestGroups []ecdhGroup }
			read(t, name, &file)
			c := tally{}
			for _, g := range file.TestGroups {
				c.agreements(t, &g)
			}
			c.print(t, name)
			total.run += c.run
		})
	}
	if total.run < 5000 {
		t.Errorf("only %d vectors were run", total.run)
	}
	t.Logf("%d agreements in all", total.run)
}

func (c *tally) agreements(t *testing.T, g *ecdhGroup) {
	t.Helper()
	curve, err := ec.ByName(g.Curve)
	if err != nil {
		c.skip("curve "+g.Curve+" is not one of documents", len(g.Tests))
		return
	}
	read := func(b []byte) (ec.Point, error) { return curve.Point(b) }
	switch g.Encoding {
	case "ecpoint":
	case "asn":
		read = subjectKey
	default:
		c.skip("encoding "+g.Encoding, len(g.Tests))
		return
	}
	size := len(curve.Generator().X())
	for _, v := range g.Tests {
		k := bytes.TrimLeft(unhex(t, v.Private), "\x00")
		if len(k) > size {
			c.skip("a secret that is too wide", 1)
			continue
		}
		s, err := curve.Secret(append(make([]byte, size-len(k)), k...))
		if err != nil {
			t.Errorf("vector %d: a secret is refused: %v", v.TcID, err)
			continue
		}
		p, err := read(unhex(t, v.Public))
		var shared ec.Point
		if err == nil {
			shared, err = s.Times(p)
		}
		ok := err == nil
		if ok && v.Result == "valid" {
			ok = bytes.Equal(shared.X(), unhex(t, v.Shared))
		}
		c.judge(t, v.TcID, v.Comment, v.Result, ok)
	}
}

// subjectKey reads a SubjectPublicKeyInfo with a named curve or explicit
// parameters.
func subjectKey(der []byte) (ec.Point, error) {
	r := tlv.DER(der)
	info := r.Enter(tlv.Sequence)
	id := info.Enter(tlv.Sequence)
	if algorithm := id.OID(); string(algorithm) != "\x2a\x86\x48\xce\x3d\x02\x01" {
		return ec.Point{}, ec.ErrCurve
	}
	curve, err := parameters(&id)
	id.Close()
	point := info.Bytes()
	info.Close()
	if bad := r.Close(); bad != nil {
		return ec.Point{}, bad
	}
	if err != nil {
		return ec.Point{}, err
	}
	return curve.Point(point)
}

func parameters(id *tlv.Reader) (ec.Curve, error) {
	if id.Peek() == tlv.OID {
		return ec.ByOID(id.OID())
	}
	p := id.Enter(tlv.Sequence)
	p.Int()
	field := p.Enter(tlv.Sequence)
	field.OID()
	e := ec.Parameters{P: field.Uint()}
	field.Close()
	coefficients := p.Enter(tlv.Sequence)
	e.A, e.B = coefficients.Read(tlv.OctetString), coefficients.Read(tlv.OctetString)
	if coefficients.Peek() == tlv.BitString {
		coefficients.Bytes()
	}
	coefficients.Close()
	e.G, e.N = p.Read(tlv.OctetString), p.Uint()
	e.H = p.Uint() // documents may not leave it out (ICAO Doc 9303-12 §4.4)
	p.Close()
	return ec.ByParameters(e)
}
