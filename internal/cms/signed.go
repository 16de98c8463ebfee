package cms

import (
	"bytes"
	"crypto"
	"time"
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

// parseSignedData reads a ContentInfo with signed data of the type want and keeps
// b.
func parseSignedData(b []byte, want string) (*SignedData, error) {
	b, err := definite(b)
	if err != nil {
		return nil, err
	}
	outer := open(b, tagSequence)
	if oid := outer.take(tagOID); !outer.bad && string(oid) != oidSignedData {
		return nil, at("CMS content", ContentType)
	}
	explicit := outer.into(context(0))
	c := explicit.into(tagSequence)
	c.small(5)                // version: it follows from the rest
	digests := c.into(tagSet) // a hint for readers in one pass
	encap := c.into(tagSequence)
	d := &SignedData{contentType: encap.take(tagOID)}
	inside := encap.into(context(0))
	d.content = inside.octets()
	ok := !digests.bad && inside.end() && encap.end() && outer.end() && explicit.end()
	if ok && string(d.contentType) != want {
		return nil, at("encapsulated content", ContentType)
	}
	if c.next(context(0)) {
		if d.certificates, err = embedded(c.into(context(0))); err != nil {
			return nil, err
		}
	}
	if c.next(context(1)) {
		c.take(context(1)) // CRLs: those that count are the caller's
	}
	signers := c.into(tagSet)
	if !ok || !c.end() {
		return nil, at("SignedData", Malformed)
	}
	one := signers.into(tagSequence)
	if one.bad || !signers.end() {
		return nil, at("SignedData", Signers)
	}
	if err := d.readSigner(&one); err != nil {
		return nil, err
	}
	return d, nil
}

// embedded collects the certificates of a CertificateSet (RFC 5652 §10.2.3),
// unread. Attribute certificates and other formats are passed over.
func embedded(set cursor) (list [][]byte, err error) {
	for set.more() {
		tag, _, whole := set.element()
		switch {
		case set.bad:
		case len(list) == maxEmbedded:
			return nil, at("certificates", TooLarge)
		case tag == tagSequence:
			list = append(list, whole)
		}
	}
	if set.bad {
		return nil, at("certificates", Malformed)
	}
	return list, nil
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

func (d *SignedData) readSigner(c *cursor) (err error) {
	s := &d.signer
	c.small(5) // version: it follows from the identifier
	if c.next(contextPrimitive(0)) {
		s.keyID = c.take(contextPrimitive(0))
	} else {
		id := c.into(tagSequence)
		s.issuer = id.take(tagSequence)
		s.serial = id.integer()
		c.bad = c.bad || !id.end()
	}
	if c.bad {
		return at("SignerInfo", Malformed)
	}
	if s.digest, err = digestAlgorithm(c); err != nil {
		return err
	}
	if !c.next(context(0)) {
		return at("signed attributes", Attribute) // required by RFC 5652 §5.3: the content is not id-data
	}
	attrs := c.take(context(0))
	if s.algorithm, err = readAlgorithm(c.into(tagSequence)); err != nil {
		return err
	}
	s.signature = c.take(tagOctets)
	if c.next(context(1)) {
		c.take(context(1)) // unsigned attributes
	}
	if !c.end() {
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
