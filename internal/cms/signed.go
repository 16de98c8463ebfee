package cms

import (
	"bytes"
	"crypto"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// maxEmbedded is how many certificates may travel in a SignedData.
const maxEmbedded = 64

// SignedData is a CMS message (RFC 5652 §5) whose form is right. Its content is
// verified by Verify and not before.
type SignedData struct {
	content     []byte
	contentType []byte
	signer      signerInfo

	// SigningTime is what the signer claims, zero if it claims nothing. It is
	// covered by the signature.
	SigningTime time.Time

	certificates [][]byte
}

// parseSignedData reads a ContentInfo in DER, with signed data of the type want,
// and keeps it.
func parseSignedData(der []byte, want string) (*SignedData, error) {
	root := read(der)
	outer := root.into(tlv.Sequence)
	if oid := outer.Read(tlv.OID); oid != nil && string(oid) != oidSignedData {
		return nil, at("CMS content", ContentType)
	}
	explicit := outer.into(context(0))
	c := explicit.into(tlv.Sequence)
	c.small(5)      // version: it follows from the rest
	c.Read(tlv.Set) // digest algorithms, a hint for readers in one pass
	encap := c.into(tlv.Sequence)
	d := &SignedData{contentType: encap.Read(tlv.OID)}
	inside := encap.into(context(0))
	d.content = inside.Read(tlv.OctetString)
	inside.end()
	encap.end()
	var certificates []byte
	if c.next(context(0)) {
		certificates = c.Read(context(0))
	}
	if c.next(context(1)) {
		c.Read(context(1)) // CRLs: those that count are the caller's
	}
	signers := c.Read(tlv.Set)
	c.end()
	explicit.end()
	outer.end()
	if !root.end() {
		return nil, at("SignedData", Malformed)
	}
	if string(d.contentType) != want {
		return nil, at("encapsulated content", ContentType)
	}
	if err := d.readCertificates(certificates); err != nil {
		return nil, err
	}
	if err := d.readSigner(signers); err != nil {
		return nil, err
	}
	return d, nil
}

// readCertificates collects the certificates of a CertificateSet (RFC 5652
// §10.2.3), unread. Attribute certificates and other formats are passed over.
func (d *SignedData) readCertificates(set []byte) error {
	for c := read(set); ; {
		switch {
		case c.next(tlv.Sequence) && len(d.certificates) == maxEmbedded:
			return at("certificates", TooLarge)
		case c.next(tlv.Sequence):
			d.certificates = append(d.certificates, c.Whole(tlv.Sequence))
		case c.more():
			c.Next()
		case !c.end():
			return at("certificates", Malformed)
		default:
			return nil
		}
	}
}

// signerInfo is the one SignerInfo (RFC 5652 §5.3).
type signerInfo struct {
	issuer    Name // and serial, or
	serial    []byte
	keyID     []byte
	digest    crypto.Hash
	algorithm signatureAlgorithm
	attrs     []byte // as they are signed
	message   []byte // the attribute messageDigest
	signature []byte
}

func (d *SignedData) readSigner(set []byte) (err error) {
	list := read(set)
	c := list.into(tlv.Sequence)
	if list.more() || len(set) == 0 {
		return at("SignedData", Signers)
	}
	s := &d.signer
	c.small(5) // version: it follows from the identifier
	if c.next(implicit(0)) {
		s.keyID = c.Read(implicit(0))
	} else {
		id := c.into(tlv.Sequence)
		s.issuer = id.Read(tlv.Sequence)
		s.serial = id.serial()
		id.end()
	}
	if s.digest, err = digestAlgorithm(&c); err != nil {
		return err
	}
	if !c.next(context(0)) {
		return at("signed attributes", Attribute) // required by RFC 5652 §5.3: the content is not id-data
	}
	attrs := c.Read(context(0))
	if s.algorithm, err = readAlgorithm(&c); err != nil {
		return err
	}
	s.signature = c.Read(tlv.OctetString)
	if c.next(context(1)) {
		c.Read(context(1)) // unsigned attributes
	}
	c.end()
	if !list.end() {
		return at("SignerInfo", Malformed)
	}
	if s.algorithm.digest == 0 {
		s.algorithm.digest = s.digest // rsaEncryption (RFC 3370 §3.2)
	}
	if s.algorithm.digest != s.digest {
		return at("SignerInfo", Disagree) // readers would differ in what they hash
	}
	return d.readAttributes(attrs)
}

// Signer returns the certificate among those of the message that the signer info
// names, read and not verified.
func (d *SignedData) Signer() (*Certificate, error) {
	for _, raw := range d.certificates {
		p, err := split(raw)
		if err != nil {
			continue
		}
		s := &d.signer
		if s.keyID == nil && bytes.Equal(p.serial, s.serial) && p.issuer.Equal(s.issuer) ||
			s.keyID != nil && bytes.Equal(subjectKeyID(p.extensions), s.keyID) {
			return ParseCertificate(raw)
		}
	}
	return nil, NoSigner
}

// Verify checks that the owner of the certificate signed the content: that the
// content has the digest among the signed attributes, and that the signature is
// over these. Whether the signer is to be trusted is a Path's question.
func (d *SignedData) Verify(signer *Certificate, p Policy) error {
	if err := p.digest(d.signer.digest); err != nil {
		return in("content", err)
	}
	var buf [64]byte
	sum := digest(d.signer.digest, d.content, &buf)
	if err := p.demand(bytes.Equal(sum, d.signer.message), BadDigest); err != nil {
		return in("content", err)
	}
	return in("signed attributes", p.verify(signer.Key, d.signer.algorithm, d.signer.attrs, d.signer.signature))
}
