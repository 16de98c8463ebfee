package chiptest

import (
	"crypto"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// contentFaults are data groups that the issuer signed, and should not have.
func contentFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"data-" + name, StageData, about, Card{}, do}
	}
	signed := func(n int, content func(d *draft) []byte) script {
		return issue(func(d *draft) { d.groups[n] = content(d) })
	}
	// person signs for a DG13 that differs from DG1 in one field.
	person := func(edit func(r *vneid.Record)) script {
		return signed(13, func(d *draft) []byte {
			r := d.record
			edit(&r)
			return dg13(r, d.card.Sparse)
		})
	}
	of := func(name string) script { return forge(func(d *draft) { d.files[name] = other(d).files[name] }) }
	date := func(year int) vneid.Date {
		d, _ := vneid.NewDate(year, 2, 3)
		return d
	}
	return []Fault{
		fault("dg13-other-name", "the issuer signed another name in DG13 than in DG1", person(func(r *vneid.Record) { r.Name = "Lê Thị Dụ" })),
		fault("dg13-other-birth", "the issuer signed another birth in DG13 than in DG1", person(func(r *vneid.Record) { r.Birth = date(1991) })),
		fault("dg13-other-sex", "the issuer signed another sex in DG13 than in DG1", person(func(r *vneid.Record) { r.Sex = vneid.Female })),
		fault("dg13-other-expiry", "the issuer signed another expiry in DG13 than in DG1", person(func(r *vneid.Record) { r.CardExpires = date(2055) })),
		fault("dg1-hollow", "the issuer signed a DG1 without contents", signed(1, func(*draft) []byte { return der(0x61) })),
		fault("dg1-inner-overrun", "the zone is longer than the DG1 that holds it", signed(1, func(d *draft) []byte {
			b := slices.Clone(d.groups[1])
			b[4]++ // of 61 len 5F 1F len
			return b
		})),
		fault("dg1-inner-tag", "the zone has another tag", signed(1, func(d *draft) []byte {
			b := slices.Clone(d.groups[1])
			b[3] = 0x20
			return b
		})),
		fault("dg1-cut", "the issuer signed two lines of a zone of three", signed(1, func(d *draft) []byte { return der(0x61, der(0x5F1F, d.groups[1][5:65])) })),
		fault("dg14-malformed", "the issuer signed a DG14 that is no list", signed(14, func(*draft) []byte { return der(0x6E, number(1)) })),
		fault("dg14-of-another", "DG14 is of another card by the same issuer", of("DG14")),
		fault("dg15-of-another", "DG15 is of another card by the same issuer", of("DG15")),
		fault("nothing-signed", "the issuer signed no digest at all", issue(func(d *draft) { d.hashed = nil })),
		fault("digest-unknown", "the data groups are digested in a way that nobody knows", issue(func(d *draft) {
			d.sod.content = seq(number(0), seq(oid("1.2.840.113549.2.5"), null()), seq(seq(number(1), der(0x04, make([]byte, 16)))))
		})),
		fault("digest-long", "a byte stands behind each digest", issue(func(d *draft) {
			var digests [][]byte
			for _, n := range d.hashed {
				digests = append(digests, seq(number(n), der(0x04, sum(d.sod.hash, d.groups[n]), []byte{0})))
			}
			d.sod.content = seq(number(0), digest(d.sod.hash), seq(digests...))
		})),
		fault("com-garbage", "the list is none", content("COM", bytesOf(0x60, 0x02, 0xFF, 0xFF))),
		fault("com-hides-dg2", "the portrait is gone from the list, and not from the chip", forge(func(d *draft) { d.files["COM"] = com(dropped(d.listed, 2)) })),
	}
}

// signingFaults are signed objects and certificates beside signatureFaults and
// signerFaults.
func signingFaults() []Fault {
	fault := func(name, about string, do func(d *draft)) Fault {
		return Fault{name, StageData, about, Card{}, issue(do)}
	}
	attribute := func(id string, value func(d *draft) []byte) func(d *draft) {
		return func(d *draft) {
			d.sod.attributes = func(a map[string][]byte) { a[id] = value(d) }
		}
	}
	return []Fault{
		fault("sod-digest-two-values", "two digests of the contents are signed, and the first is right", attribute(idMessageDigest, func(d *draft) []byte {
			return slices.Concat(der(0x04, sum(d.sod.hash, d.sod.content)), der(0x04, make([]byte, 32)))
		})),
		fault("sod-digest-cut", "the signed digest is its first half", attribute(idMessageDigest, func(d *draft) []byte {
			return der(0x04, sum(d.sod.hash, d.sod.content)[:16])
		})),
		fault("sod-signer-unknown", "the signer says that his certificate is another than the one that is there", func(d *draft) {
			if cert, err := d.sod.ds.sign(d.random); err == nil {
				d.sod.issued = cert
				d.sod.ds.serial = flipped(d.sod.ds.serial)
			}
		}),
		fault("sod-hash-named-wrong", "the signature is made with another hash than the one that is named", func(d *draft) {
			d.sod.corrupt = func(s []byte) {
				message := der(0x31, d.sod.signedAttributes()...)
				if wrong, err := d.sod.key.sign(d.random, crypto.SHA512, message); err == nil && len(wrong) == len(s) {
					copy(s, wrong)
				} else {
					s[len(s)-1] ^= 1
				}
			}
		}),
		fault("ds-signed-after", "the card was signed after the document signer's certificate had ended", func(d *draft) { d.sod.at = d.sod.ds.notAfter.AddDate(0, 1, 0) }),
		fault("ds-critical", "the document signer's certificate has a critical extension that nobody knows", func(d *draft) {
			d.sod.ds.extra = extension("2.999.1", true, number(1))
		}),
		fault("ds-extension-twice", "the document signer's certificate has an extension twice", func(d *draft) {
			d.sod.ds.extra = extension("2.5.29.15", true, der(0x03, []byte{7, usageSignature}))
		}),
		fault("ds-weak-key", "the document signer's key is too short", func(d *draft) {
			if key, err := newSigner(Protocol{"RSA-SHA256", "1024"}, d.random, false); err == nil {
				d.sod.key, d.sod.ds.key = key, key.spki()
			}
		}),
		fault("ds-sha1", "the document signer's certificate is signed with SHA-1", func(d *draft) {
			by := *d.sod.ds.by
			by.hash = crypto.SHA1
			d.sod.ds.by = &by
		}),
		fault("ds-not-yet-ended", "the document signer's certificate ends before it begins", func(d *draft) {
			d.sod.ds.notBefore, d.sod.ds.notAfter = d.now.AddDate(0, 0, -1), d.now.AddDate(0, 0, -2)
		}),
		fault("csca-expired", "the authority's certificate is over", func(d *draft) {
			a, ds := d.issuer.authority, d.sod.ds
			a.Now = func() time.Time { return d.now.AddDate(-20, 0, 0) }
			if i, err := newIssuer(a, d.random); err == nil {
				fresh := i.documentSigner(d.sod.key, d.random)
				fresh.notBefore, fresh.notAfter = ds.notBefore, ds.notAfter
				d.issuer, d.sod.ds = i, fresh
			}
		}),
	}
}

// offerFaults are ways in that the chip offers and does not sign for as they are,
// or files that say nothing of them, beside downgradeFaults.
func offerFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"downgrade-" + name, StageDowngrade, about, Card{}, do}
	}
	offered := func(p Protocol) script {
		return forge(func(d *draft) {
			if a, err := p.pace(); err == nil {
				d.offers = []agreement{a}
				d.files["CardAccess"] = cardAccess(d.offers)
			}
		})
	}
	both := Card{NoAA: true, PACE: []Protocol{{"PACE-ECDH-CAM-AES-CBC-CMAC-128", "brainpoolP256r1"}, {"PACE-ECDH-GM-AES-CBC-CMAC-128", "brainpoolP256r1"}}}
	return []Fault{
		fault("curve", "the chip signs for one curve and offers a smaller one", offered(Protocol{"PACE-ECDH-GM-AES-CBC-CMAC-128", "secp192r1"})),
		fault("integers", "the chip signs for a curve and offers integers modulo a prime", offered(Protocol{"PACE-DH-GM-AES-CBC-CMAC-128", "modp1024-160"})),
		fault("integrated", "the chip signs for one mapping and offers another", offered(Protocol{"PACE-ECDH-IM-AES-CBC-CMAC-128", "brainpoolP256r1"})),
		{"downgrade-no-cam", StageDowngrade, "the chip signs for the mapping that proves it and offers only the one that does not", both, forge(func(d *draft) {
			d.offers = d.offers[1:]
			d.files["CardAccess"] = cardAccess(d.offers)
		})},
		fault("wrong-parameter", "EF.CardAccess names another curve than the one that the chip works on", content("CardAccess", func([]byte) []byte {
			a, _ := Protocol{"PACE-ECDH-GM-AES-CBC-CMAC-128", "secp256r1"}.pace()
			return cardAccess([]agreement{a})
		})),
		fault("version", "EF.CardAccess names a version of PACE that nobody knows", content("CardAccess", func([]byte) []byte {
			return setOf(seq(oid("0.4.0.127.0.7.2.2.4.2.2"), number(1), number(13)))
		})),
		fault("explicit", "EF.CardAccess leaves the domain to parameters of its own", content("CardAccess", func([]byte) []byte {
			return setOf(seq(oid("0.4.0.127.0.7.2.2.4.2.2"), number(2)))
		})),
		fault("large", "EF.CardAccess announces sixty thousand bytes", content("CardAccess", bytesOf(0x31, 0x82, 0xEA, 0x60))),
		fault("many", "EF.CardAccess lists a hundred ways in", content("CardAccess", func(b []byte) []byte {
			return der(0x31, slices.Repeat([][]byte{b[2:]}, 100)...)
		})),
		fault("cut", "EF.CardAccess is shorter than its header says", content("CardAccess", func(b []byte) []byte { return b[:len(b)-4] })),
		fault("overrun", "an entry of EF.CardAccess is longer than the list", content("CardAccess", func(b []byte) []byte { b[3]++; return b })),
		fault("no-bytes", "EF.CardAccess is there and has no bytes", reply(func(e *Emulator, c command, r response) response {
			if c.ins == insRead && !e.app && e.ch == nil {
				return status(swOK)
			}
			return r
		})),
		fault("drip", "EF.CardAccess announces four thousand bytes and gives them one by one", reply(func(e *Emulator, c command, r response) response {
			if c.ins != insRead || e.app || e.ch != nil {
				return r
			}
			if c.p1&0x80 != 0 {
				return response{[]byte{0x31, 0x82, 0x0F, 0xA0}, swOK}
			}
			return response{[]byte{0}, swOK}
		})),
	}
}
