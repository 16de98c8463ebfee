package cms

import (
	"bytes"
	stdecdsa "crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"testing"
)

func pemOf(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// certificates returns everything in the vectors and fixtures that may be one.
func certificates(t testing.TB) (list [][]byte) {
	t.Helper()
	all, _, _ := load(t)
	for _, b := range all {
		if sod, err := ParseSOD(b); err == nil {
			list = append(list, sod.certificates...)
		} else {
			list = append(list, b)
		}
	}
	for _, name := range names(t, "*.csca.der") {
		list = append(list, fixture(t, name+".csca.der"), fixture(t, name+".ds.der"))
	}
	return append(list, fixture(t, "link.der"))
}

// What crypto/x509 reads, this package reads, and alike.
func TestCertificatesAsTheStandardLibraryReadsThem(t *testing.T) {
	both, oursOnly, theirsOnly := 0, 0, 0
	for _, der := range certificates(t) {
		ours, err := ParseCertificate(der)
		theirs, stdErr := x509.ParseCertificate(der)
		switch {
		case err == nil && stdErr == nil:
			both++
			compare(t, ours, theirs)
		case err == nil:
			oursOnly++
		case stdErr == nil:
			theirsOnly++
			t.Logf("refused here alone: %v", err)
		}
	}
	t.Logf("%d read by both, %d by this package alone, %d by crypto/x509 alone", both, oursOnly, theirsOnly)
	if both < 100 || oursOnly < 10 {
		t.Error("too few compared")
	}
	// All from refused cases: extensions that crypto/x509 does not read, limits, RSA
	// keys of impossible numbers, an Ed25519 key.
	if theirsOnly > 16 {
		t.Errorf("%d refused here alone", theirsOnly)
	}
}

func compare(t *testing.T, ours *Certificate, theirs *x509.Certificate) {
	t.Helper()
	u := x509.KeyUsage(0)
	for i := range 9 { // x509 numbers the bits alike
		u |= x509.KeyUsage(ours.usage & (1 << i))
	}
	maxPath := ours.maxPath
	if maxPath < 0 && theirs.BasicConstraintsValid {
		maxPath = -1
	} else if !theirs.BasicConstraintsValid {
		maxPath = 0
	}
	for what, same := range map[string]bool{
		"version":    ours.Version == theirs.Version,
		"body":       bytes.Equal(ours.signed.body, theirs.RawTBSCertificate),
		"signature":  bytes.Equal(ours.signed.signature, theirs.Signature),
		"issuer":     bytes.HasSuffix(theirs.RawIssuer, ours.Issuer),
		"subject":    bytes.HasSuffix(theirs.RawSubject, ours.Subject),
		"not before": ours.NotBefore.Equal(theirs.NotBefore),
		"not after":  ours.NotAfter.Equal(theirs.NotAfter),
		"subject id": bytes.Equal(ours.SubjectKeyID, theirs.SubjectKeyId),
		"issuer id":  bytes.Equal(ours.AuthorityKeyID, theirs.AuthorityKeyId),
		"usage":      u == theirs.KeyUsage,
		"CA":         ours.CA == theirs.IsCA,
		"path":       maxPath == theirs.MaxPathLen,
		"CRL points": slices.Equal(ours.CRLPoints(), theirs.CRLDistributionPoints),
		"critical":   ours.unknown == (len(theirs.UnhandledCriticalExtensions) > 0),
		"country":    len(theirs.Subject.Country) != 1 || ours.Subject.Country() != "" || len(theirs.Subject.Country[0]) != 2,
	} {
		if !same {
			t.Errorf("%s: %s differs", theirs.Subject, what)
		}
	}
	switch k := theirs.PublicKey.(type) {
	case *rsa.PublicKey:
		if !k.Equal(ours.Key.RSA()) {
			t.Errorf("%s: RSA key differs", theirs.Subject)
		}
	case *stdecdsa.PublicKey:
		if b, err := k.Bytes(); err != nil || !bytes.Equal(b, ours.Key.Point().Bytes()) {
			t.Errorf("%s: EC key differs", theirs.Subject)
		}
	}
	if a := theirs.SignatureAlgorithm; a == x509.SHA1WithRSA || a == x509.ECDSAWithSHA1 || a == x509.UnknownSignatureAlgorithm {
		return
	}
	if self := theirs.CheckSignature(theirs.SignatureAlgorithm, theirs.RawTBSCertificate, theirs.Signature) == nil; ours.Issuer.Equal(ours.Subject) && self != ours.selfSigned() {
		t.Errorf("%s: self-signature %v, crypto/x509 says %v", theirs.Subject, !self, self)
	}
}

func TestCRLsAsTheStandardLibraryReadsThem(t *testing.T) {
	all, _, _ := load(t)
	both := 0
	list := [][]byte{}
	for _, b := range all {
		list = append(list, b)
	}
	for _, name := range names(t, "*.crl") {
		list = append(list, fixture(t, name+".crl"))
	}
	for _, der := range list {
		ours, err := ParseCRL(der)
		theirs, stdErr := x509.ParseRevocationList(der)
		if err != nil || stdErr != nil {
			if err != nil && stdErr == nil {
				t.Errorf("refused here alone: %v", err)
			}
			continue
		}
		both++
		if !ours.ThisUpdate.Equal(theirs.ThisUpdate) || !ours.NextUpdate.Equal(theirs.NextUpdate) || !bytes.Equal(ours.AuthorityKeyID, theirs.AuthorityKeyId) ||
			!bytes.Equal(ours.signed.body, theirs.RawTBSRevocationList) || theirs.Number != nil && !bytes.Equal(ours.Number, theirs.Number.Bytes()) {
			t.Error("a CRL differs")
		}
		for _, e := range theirs.RevokedCertificateEntries {
			if !ours.lists(e.SerialNumber.Bytes()) {
				t.Error("an entry is missing")
			}
		}
		if ours.lists([]byte{0x7f, 0x7f}) {
			t.Error("an entry too many")
		}
	}
	if both < 25 {
		t.Errorf("only %d CRLs compared", both)
	}
}
