package chiptest

import (
	"bytes"
	"crypto"
	"math/big"
	"slices"
)

// signatureFaults are signed objects that are not what RFC 5652 and ICAO Doc
// 9303-10 want, signed with the right key wherever that is possible.
func signatureFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"sod-" + name, StageData, about, Card{}, do}
	}
	attribute := func(id string, value []byte) script {
		return issue(func(d *draft) {
			d.sod.attributes = func(a map[string][]byte) {
				if a[id] = value; value == nil {
					delete(a, id)
				}
			}
		})
	}
	return []Fault{
		fault("signature-wrong", "the signature differs in one bit", issue(func(d *draft) {
			d.sod.corrupt = func(s []byte) { s[len(s)-1] ^= 1 }
		})),
		fault("signature-zero", "the signature is two zeros", issue(func(d *draft) {
			d.sod.corrupt = func(s []byte) { clear(s[copy(s, seq(number(0), number(0))):]) }
		})),
		fault("other-key", "another key has signed than the certificate's", issue(func(d *draft) {
			if key, err := newSigner(d.issuer.authority.Signer, d.random, false); err == nil {
				d.sod.key = key
			}
		})),
		fault("digest-wrong", "the signed digest is of other contents", attribute(idMessageDigest, der(0x04, make([]byte, 32)))),
		fault("digest-missing", "no digest of the contents is signed", attribute(idMessageDigest, nil)),
		fault("type-wrong", "the signed type is of other contents", attribute(idContentType, oid(idCardSecurity))),
		fault("type-missing", "no type of the contents is signed", attribute(idContentType, nil)),
		fault("attributes-missing", "there are no signed attributes", issue(func(d *draft) { d.sod.noAttributes = true })),
		fault("attributes-unsorted", "the signed attributes are not in the order of DER", issue(func(d *draft) { d.sod.unsorted = true })),
		fault("content-type", "the contents say that they are of another type", issue(func(d *draft) { d.sod.kind = "1.2.840.113549.1.7.1" })),
		fault("two-signers", "there are two signers", issue(func(d *draft) { d.sod.signers = 2 })),
		fault("no-certificate", "the document signer's certificate is missing", issue(func(d *draft) { d.sod.noCerts = true })),
		fault("sha1", "everything is digested and signed with SHA-1", issue(func(d *draft) { d.sod.hash = crypto.SHA1 })),
		fault("content-changed", "the digest of DG1 was changed after signing", forge(func(d *draft) {
			sod := slices.Clone(d.files["SOD"])
			if i := bytes.Index(sod, sum(d.lds, d.groups[1])); i > 0 {
				sod[i] ^= 1
			}
			d.files["SOD"] = sod
		})),
		fault("cut", "the signed object ends early, within its length", content("SOD", func(b []byte) []byte { return der(0x77, b[4:len(b)-20]) })),
		fault("trailing", "bytes stand behind the signed object, within the file", content("SOD", func(b []byte) []byte { return der(0x77, b[4:], []byte{5, 0}) })),
		fault("garbage", "the file holds no signed object", content("SOD", func([]byte) []byte { return der(0x77, seq(number(1))) })),
	}
}

// signerFaults are document signers that nobody should trust.
func signerFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"ds-" + name, StageData, about, Card{}, do}
	}
	change := func(f func(d *draft, c *certificate)) script { return issue(func(d *draft) { f(d, d.sod.ds) }) }
	return []Fault{
		fault("expired", "the document signer's certificate is over", change(func(d *draft, c *certificate) { c.notAfter = d.now.AddDate(0, 0, -10) })),
		fault("future", "the document signer's certificate does not hold yet", change(func(d *draft, c *certificate) { c.notBefore = d.now.AddDate(0, 0, 10) })),
		fault("signed-before", "the card was signed before the document signer's certificate began", change(func(d *draft, c *certificate) {
			d.sod.at = c.notBefore.AddDate(0, -1, 0)
		})),
		fault("usage", "the document signer's key is for encipherment", change(func(_ *draft, c *certificate) { c.usage = 0x20 })),
		fault("no-usage", "the document signer's certificate says nothing of its use", change(func(_ *draft, c *certificate) { c.usage = 0 })),
		fault("passport", "the document signer signs passports", change(func(_ *draft, c *certificate) { c.documentTypes = []string{"P"} })),
		fault("country", "the document signer is of another State", change(func(_ *draft, c *certificate) { c.subject = name("UT", "DS TEST") })),
		fault("self-signed", "the document signer's certificate is signed by itself", change(func(d *draft, c *certificate) {
			c.by, c.issuer, c.aki = d.sod.key, c.subject, c.ski
		})),
		fault("other-csca", "another authority of the same name has signed the document signer's certificate", change(func(d *draft, c *certificate) {
			if i, err := newIssuer(d.issuer.authority, d.random); err == nil {
				c.by, c.aki = i.key, i.ski
			}
		})),
		fault("impostor", "another authority has the same name and key identifier", change(func(d *draft, c *certificate) {
			if i, err := newIssuer(d.issuer.authority, d.random); err == nil {
				c.by = i.key
			}
		})),
		fault("signature-wrong", "the signature of the document signer's certificate differs in one bit", issue(func(d *draft) {
			if cert, err := d.sod.ds.sign(d.random); err == nil {
				d.sod.issued = flipped(cert)
			}
		})),
		fault("generator", "the document signer's curve has a generator of its own", issue(fakeGenerator)),
		{"csca-other-state", StageData, "the authority is of another State than the card", Card{}, issue(func(d *draft) {
			a := d.issuer.authority
			a.Country = "UT"
			if i, err := newIssuer(a, d.random); err == nil {
				d.issuer, d.sod.ds = i, i.documentSigner(d.sod.key, d.random)
			}
		})},
	}
}

// fakeGenerator gives the signer's certificate explicit parameters that are right
// but for the generator, so that the public key could be anybody's
// (CVE-2020-0601). The signature holds over those parameters.
func fakeGenerator(d *draft) {
	key := *d.sod.key
	if key.curve == nil {
		return
	}
	c := *key.curve
	c.g = c.power(c.g, big.NewInt(2))
	key.curve, key.explicit = &c, true
	key.public = c.power(c.g, key.d)
	d.sod.key, d.sod.ds.key = &key, key.spki()
}
