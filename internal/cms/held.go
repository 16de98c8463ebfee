package cms

import (
	"bytes"
	"sync"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// held is a certificate of a Store that a path may go through: found by two
// fields, read when it is needed.
type held struct {
	raw     []byte
	subject Name
	keyID   []byte
	scope   Scope  // none: a link
	list    string // country of the master list that brought it

	once   sync.Once
	cert   *Certificate
	err    error
	rooted bool // signed by its own key
}

// index finds what is needed to find the certificate, and no more.
func (h *held) index() error {
	p, err := split(h.raw)
	if err != nil {
		return err
	}
	h.subject, h.keyID = p.subject, subjectKeyID(p.extensions)
	return nil
}

// subjectKeyID finds the subject key identifier among extensions, nil if there is
// none.
func subjectKeyID(extensions []byte) []byte {
	c := read(extensions)
	for list := c.into(tlv.Sequence); list.more(); {
		if oid, _, value := list.extension(); string(oid) == oidSubjectKeyID {
			v := read(value)
			return v.Read(tlv.OctetString)
		}
	}
	return nil
}

// answers reports whether the certificate may be the issuer that is looked for.
// Key identifiers, which are compared fast, go first; without one on either side
// the name decides.
func (h *held) answers(c claim) bool {
	return (c.keyID == nil || h.keyID == nil || bytes.Equal(c.keyID, h.keyID)) && h.subject.Equal(c.issuer)
}

// load reads the certificate on first use.
func (h *held) load() (*Certificate, error) {
	h.once.Do(func() {
		if h.cert, h.err = ParseCertificate(h.raw); h.err != nil {
			return
		}
		h.rooted = h.cert.selfSigned()
		if h.list != "" {
			h.scope.Country = h.cert.Subject.Country()
		}
	})
	return h.cert, h.err
}

// anchor reports whether a path may end here, once loaded.
func (h *held) anchor() bool { return h.rooted && h.scope.Uses != 0 }

// selfSigned reports whether a certificate is signed by its own key. The digest
// and the size of the key do not matter: a self-signature makes nobody trusted.
func (c *Certificate) selfSigned() bool {
	if !c.Issuer.Equal(c.Subject) ||
		c.AuthorityKeyID != nil && c.SubjectKeyID != nil && !bytes.Equal(c.AuthorityKeyID, c.SubjectKeyID) {
		return false
	}
	return c.Key.fits(c.signed.algorithm) && c.Key.verify(c.signed.algorithm, c.signed.body, c.signed.signature)
}
