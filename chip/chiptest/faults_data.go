package chiptest

import (
	"crypto"
	"fmt"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// other personalises another person's card of the same issuer.
func other(d *draft) *draft {
	c := d.card
	c.Person, c.Issuer, c.Groups = "namesake", d.issuer, nil
	o, err := newDraft(c)
	if err == nil {
		err = o.finish()
	}
	if err != nil {
		return d
	}
	return o
}

func dropped(from []int, groups ...int) []int {
	return slices.DeleteFunc(slices.Clone(from), func(n int) bool { return slices.Contains(groups, n) })
}

// groupFaults are data groups that are not what was signed, or are signed wrongly.
func groupFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"data-" + name, StageData, about, Card{}, do}
	}
	var out []Fault
	for _, n := range []int{1, 2, 13, 14, 15} {
		name := fmt.Sprintf("DG%d", n)
		out = append(out,
			fault(fmt.Sprintf("dg%d-changed", n), name+" was changed in its last bit after it was signed", content(name, flipped)),
			fault(fmt.Sprintf("dg%d-unsigned", n), "the signed object has no digest of "+name, issue(func(d *draft) { d.hashed = dropped(d.hashed, n) })))
	}
	exchanged := func(name string) script { return forge(func(d *draft) { d.files[name] = other(d).files[name] }) }
	return append(out,
		fault("dg1-of-another", "DG1 is of another card by the same issuer", exchanged("DG1")),
		fault("dg2-of-another", "the portrait is of another card by the same issuer", exchanged("DG2")),
		fault("dg13-of-another", "DG13 is of another card by the same issuer", exchanged("DG13")),
		fault("sod-of-another", "the signed object is of another card by the same issuer", exchanged("SOD")),
		fault("dg13-other-person", "the issuer signed a DG13 of another person than DG1's", issue(func(d *draft) {
			who, _ := personas.Get("namesake")
			d.groups[13] = dg13(who.Record, d.card.Sparse)
		})),
		fault("dg1-other-state", "the issuer signed a zone of another State", issue(func(d *draft) {
			d.groups[1] = slices.Concat(d.groups[1][:7], []byte("UTO"), d.groups[1][10:])
		})),
		fault("dg1-check-digit", "the issuer signed a zone with a wrong check digit", issue(func(d *draft) {
			d.groups[1] = slices.Clone(d.groups[1])
			d.groups[1][5+14] = '0' + (d.groups[1][5+14]-'0'+1)%10
		})),
		fault("digests-exchanged", "the digests of DG1 and DG13 stand in each other's place", issue(func(d *draft) {
			swapped := map[int][]byte{}
			for n, content := range d.groups {
				swapped[n] = content
			}
			swapped[1], swapped[13] = d.groups[13], d.groups[1]
			d.sod.content = securityObject(d.sod.hash, swapped, d.hashed)
		})),
		fault("digest-twice", "DG1 has two digests, and only the first is right", issue(func(d *draft) {
			right := seq(number(1), der(0x04, sum(d.sod.hash, d.groups[1])))
			wrong := seq(number(1), der(0x04, sum(d.sod.hash, d.groups[2])))
			d.sod.content = seq(number(0), digest(d.sod.hash), seq(right, wrong))
		})),
		fault("digest-short", "the digests are cut to eight bytes", issue(func(d *draft) {
			var digests [][]byte
			for _, n := range d.hashed {
				digests = append(digests, seq(number(n), der(0x04, sum(d.sod.hash, d.groups[n])[:8])))
			}
			d.sod.content = seq(number(0), digest(d.sod.hash), seq(digests...))
		})),
		fault("digest-sha1", "the data groups are digested with SHA-1", issue(func(d *draft) { d.lds = crypto.SHA1 })),
	)
}

// comFaults are lists of contents that do not agree with what was signed.
func comFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"com-" + name, StageData, about, Card{}, do}
	}
	drop := func(groups ...int) script {
		return forge(func(d *draft) {
			d.files["COM"] = com(dropped(d.listed, groups...))
			for _, n := range groups {
				delete(d.files, fmt.Sprintf("DG%d", n))
			}
		})
	}
	eleven := der(0x6B, der(0x5C, []byte{0x5F, 0x0E}), der(0x5F0E, []byte("UNSIGNED<<DATA")))
	return []Fault{
		fault("drops-dg15", "DG15 is gone from the list and from the chip, so that there seems to be no Active Authentication", drop(15)),
		fault("drops-dg14", "DG14 is gone from the list and from the chip, so that there seems to be no Chip Authentication", drop(14)),
		fault("drops-both", "DG14 and DG15 are gone from the list and from the chip", drop(14, 15)),
		fault("adds-dg11", "the list and the chip have a DG11 that was not signed", forge(func(d *draft) {
			d.files["COM"], d.files["DG11"] = com(slices.Insert(slices.Clone(d.listed), 3, 11)), eleven
		})),
		fault("names-dg11", "the list has a DG11 that neither the chip nor the signed object has", forge(func(d *draft) {
			d.files["COM"] = com(slices.Insert(slices.Clone(d.listed), 3, 11))
		})),
		fault("empty", "the list names no data group", forge(func(d *draft) { d.files["COM"] = com(nil) })),
		fault("unknown-tag", "the list has a tag of no data group", content("COM", func(b []byte) []byte { b[len(b)-1] = 0x42; return b })),
	}
}

// downgradeFaults are cards that sign for more than they offer.
func downgradeFaults() []Fault {
	weak := Protocol{"PACE-ECDH-GM-3DES-CBC-CBC", "secp256r1"}
	fault := func(name, about string, do script) Fault {
		return Fault{"downgrade-" + name, StageDowngrade, about, Card{}, do}
	}
	unknown := func(infos ...[]byte) script {
		return content("CardAccess", func([]byte) []byte { return setOf(infos...) })
	}
	return []Fault{
		fault("no-card-access", "the chip signs for PACE and offers none", forge(func(d *draft) {
			delete(d.files, "CardAccess")
			d.offers = nil
		})),
		fault("weaker", "the chip signs for AES and offers 3DES on another curve", forge(func(d *draft) {
			if a, err := weak.pace(); err == nil {
				d.offers = []agreement{a}
				d.files["CardAccess"] = cardAccess(d.offers)
			}
		})),
		fault("added", "besides what it signs for the chip offers something weaker", forge(func(d *draft) {
			if a, err := weak.pace(); err == nil {
				d.offers = append([]agreement{a}, d.offers...)
				d.files["CardAccess"] = cardAccess(d.offers)
			}
		})),
		fault("refuses-pace", "the chip offers PACE and then refuses it, so that BAC is left", reply(func(_ *Emulator, c command, r response) response {
			if c.ins == 0x22 && c.p1 == 0xC1 {
				return status(swInstruction)
			}
			return r
		})),
		fault("denied", "the chip refuses to show EF.CardAccess", reply(func(e *Emulator, c command, r response) response {
			if !e.app && e.ch == nil && (c.ins == 0xB0 || c.ins == 0xA4 && c.p1 == 2) {
				return status(swDenied)
			}
			return r
		})),
		fault("unknown-protocol", "EF.CardAccess names only a protocol that nobody knows", unknown(seq(oid("0.4.0.127.0.7.2.2.4.99.1"), number(2), number(13)))),
		fault("unknown-domain", "EF.CardAccess names domain parameters that nobody knows", unknown(seq(oid("0.4.0.127.0.7.2.2.4.2.2"), number(2), number(31)))),
		fault("empty", "EF.CardAccess lists nothing", unknown()),
		fault("malformed", "EF.CardAccess is no list", content("CardAccess", bytesOf(0x31, 0x84, 0xFF, 0xFF, 0xFF, 0xFF))),
	}
}
