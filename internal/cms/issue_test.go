package cms

import (
	"bytes"
	stdecdsa "crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"math/big"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// issue makes an anchor and a document signer with crypto/x509.
func issue(t testing.TB, key, ca *stdecdsa.PrivateKey) (anchor, signer []byte) {
	t.Helper()
	name := pkix.Name{Country: []string{"VN"}, CommonName: "CSCA Test"}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: name, SubjectKeyId: []byte("ca"), IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		NotBefore: date(2025), NotAfter: date(2040), KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	anchor = must(x509.CreateCertificate(rand.Reader, root, root, &ca.PublicKey, ca))
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(77), Subject: pkix.Name{Country: []string{"VN"}, CommonName: "Signer"}, SubjectKeyId: []byte("ds"),
		NotBefore: date(2025), NotAfter: date(2035), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	return anchor, must(x509.CreateCertificate(rand.Reader, leaf, must(x509.ParseCertificate(anchor)), &key.PublicKey, ca))
}

func date(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }

// sign makes document i: three files and their SOD.
func sign(signer []byte, key *stdecdsa.PrivateKey, i int) document {
	d := document{files: map[int][]byte{1: make([]byte, 95), 2: make([]byte, 20085), 13: make([]byte, 602)}}
	oid := func(s string) []byte { return tlv.New(tlv.OID, []byte(s)) }
	sha := tlv.New(tlv.Sequence, oid(oidSHA256))
	var groups []byte
	for _, n := range []int{1, 2, 13} {
		binary.BigEndian.PutUint32(d.files[n], uint32(i))
		sum := sha256.Sum256(d.files[n])
		groups = append(groups, tlv.New(tlv.Sequence, []byte{2, 1, byte(n)}, tlv.New(tlv.OctetString, sum[:]))...)
	}
	d.lds = tlv.New(tlv.Sequence, []byte{2, 1, 0}, sha, tlv.New(tlv.Sequence, groups))
	sum := sha256.Sum256(d.lds)
	attrs := bytes.Join([][]byte{
		tlv.New(tlv.Sequence, oid(oidContentType), tlv.New(tlv.Set, oid(oidLDSSecurityObject))),
		tlv.New(tlv.Sequence, oid(oidSigningTime), tlv.New(tlv.Set, tlv.New(tlv.UTCTime, []byte("260101120000Z")))),
		tlv.New(tlv.Sequence, oid(oidMessageDigest), tlv.New(tlv.Set, tlv.New(tlv.OctetString, sum[:]))),
	}, nil)
	d.attrs = tlv.New(tlv.Set, attrs)
	sum = sha256.Sum256(d.attrs)
	d.sig = must(stdecdsa.SignASN1(rand.Reader, key, sum[:]))
	info := tlv.New(tlv.Sequence, []byte{2, 1, 3}, tlv.New(implicit(0), []byte("ds")), sha, tlv.New(context(0), attrs),
		tlv.New(tlv.Sequence, oid(oidSHA256ECDSA)), tlv.New(tlv.OctetString, d.sig))
	d.sod = tlv.New(tagSOD, tlv.New(tlv.Sequence, oid(oidSignedData), tlv.New(context(0), tlv.New(tlv.Sequence, []byte{2, 1, 3},
		tlv.New(tlv.Set, sha), tlv.New(tlv.Sequence, oid(oidLDSSecurityObject), tlv.New(context(0), tlv.New(tlv.OctetString, d.lds))),
		tlv.New(context(0), signer), tlv.New(tlv.Set, info)))))
	return d
}
