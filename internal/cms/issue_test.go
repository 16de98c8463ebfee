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

func element(tag byte, parts ...[]byte) []byte { return wrap(nil, tag, bytes.Join(parts, nil)) }

// sign makes document i: three files and their SOD.
func sign(signer []byte, key *stdecdsa.PrivateKey, i int) document {
	d := document{files: map[int][]byte{1: make([]byte, 95), 2: make([]byte, 20085), 13: make([]byte, 602)}}
	oid := func(s string) []byte { return element(tagOID, []byte(s)) }
	sha := element(tagSequence, oid(oidSHA256))
	var groups []byte
	for _, n := range []int{1, 2, 13} {
		binary.BigEndian.PutUint32(d.files[n], uint32(i))
		sum := sha256.Sum256(d.files[n])
		groups = append(groups, element(tagSequence, []byte{tagInteger, 1, byte(n)}, element(tagOctets, sum[:]))...)
	}
	d.lds = element(tagSequence, []byte{tagInteger, 1, 0}, sha, element(tagSequence, groups))
	sum := sha256.Sum256(d.lds)
	set := element(0,
		element(tagSequence, oid(oidContentType), element(tagSet, oid(oidLDSSecurityObject))),
		element(tagSequence, oid(oidSigningTime), element(tagSet, element(tagUTCTime, []byte("260101120000Z")))),
		element(tagSequence, oid(oidMessageDigest), element(tagSet, element(tagOctets, sum[:]))))
	d.attrs = bytes.Clone(set)
	d.attrs[0], set[0] = tagSet, context(0)
	sum = sha256.Sum256(d.attrs)
	d.sig = must(stdecdsa.SignASN1(rand.Reader, key, sum[:]))
	info := element(tagSequence, []byte{tagInteger, 1, 3}, element(contextPrimitive(0), []byte("ds")), sha, set,
		element(tagSequence, oid(oidSHA256ECDSA)), element(tagOctets, d.sig))
	d.sod = element(tagSOD, element(tagSequence, oid(oidSignedData), element(context(0), element(tagSequence, []byte{tagInteger, 1, 3},
		element(tagSet, sha), element(tagSequence, oid(oidLDSSecurityObject), element(context(0), element(tagOctets, d.lds))),
		element(context(0), signer), element(tagSet, info)))))
	return d
}
