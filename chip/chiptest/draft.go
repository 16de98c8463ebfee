package chiptest

import (
	"crypto"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// draft is a card on its way through personalisation. Faults change it before the
// issuer signs, or after.
type draft struct {
	card   Card
	issuer *Issuer
	now    time.Time
	random entropy
	record vneid.Record
	access Access

	offers []agreement // of PACE, signed for in DG14
	static []staticKey
	active *activeKey

	groups map[int][]byte // data groups, before any wrapping
	listed []int          // in EF.COM
	hashed []int          // in the signed object
	lds    crypto.Hash    // of their digests; 0 is the signature's
	sod    *signedData

	files  map[string][]byte // what the chip serves, by name
	denied map[string]uint16 // files that it refuses, with what
}

func newDraft(c Card) (*draft, error) {
	record := c.Record
	if record.ID == "" {
		person, ok := personas.Get(c.Person)
		if !ok || person.Record.ID == "" {
			return nil, fmt.Errorf("Card.Person: nobody with a card has the handle %q", c.Person)
		}
		record = person.Record
	} else if _, err := vneid.ParseCitizenID(record.ID); err != nil || record.Name == "" || record.Birth.IsZero() || record.Sex == "" || record.CardExpires.IsZero() {
		return nil, errors.New("Card.Record lacks a number, name, birth date, sex or expiry")
	}
	if !slices.Contains([]string{"", "nonce", "mapping-key", "generator", "key", "secret"}, c.LeadingZero) {
		return nil, fmt.Errorf("Card.LeadingZero: %q does not exist", c.LeadingZero)
	}
	d := &draft{card: c, issuer: c.Issuer, now: c.Now(), random: c.random, record: record, access: newAccess(record),
		groups: map[int][]byte{}, files: map[string][]byte{}, denied: map[string]uint16{"DG3": swDenied, "DG4": swDenied}}
	var err error
	if d.issuer == nil {
		if d.issuer, err = newIssuer(Authority{Now: c.Now}, c.random); err != nil {
			return nil, err
		}
	}
	if err := d.keys(); err != nil {
		return nil, err
	}
	return d, d.contents()
}

// keys understands the protocols and makes the chip's keys.
func (d *draft) keys() error {
	for _, p := range d.card.PACE {
		a, err := p.pace()
		if err != nil {
			return fmt.Errorf("Card.PACE: %w", err)
		}
		d.offers = append(d.offers, a)
	}
	for i, p := range d.card.CA {
		a, err := p.chipAuthentication()
		if err != nil {
			return fmt.Errorf("Card.CA: %w", err)
		}
		d.static = append(d.static, staticKey{a, i + 1, len(d.card.CA) > 1, d.random.scalar(a.group.order())})
	}
	for _, a := range d.offers {
		if a.mapping != "CAM" {
			continue
		}
		key := d.camKey(a)
		if key == nil {
			return fmt.Errorf("Card.CA: PACE-CAM needs a key of Chip Authentication on its curve")
		}
		key.id, key.named = a.group.number(), true // as in Appendix I of ICAO Doc 9303-11
	}
	if d.card.NoAA {
		return nil
	}
	key, err := newSigner(d.card.AA, d.random, d.card.Explicit)
	if err != nil || key.pss {
		return fmt.Errorf("Card.AA: %w", d.card.AA.unknown())
	}
	d.active = &activeKey{key, key.hash}
	return nil
}

// camKey is the static key with which PACE-CAM proves the chip: one in the same
// group.
func (d *draft) camKey(a agreement) *staticKey {
	for i, k := range d.static {
		if k.group.number() == a.group.number() {
			return &d.static[i]
		}
	}
	return nil
}

// contents writes the data groups, and says how the signed object will be made.
func (d *draft) contents() error {
	image, width, height := d.card.Portrait, 0, 0
	if image == nil {
		var err error
		if image, width, height, err = portrait(d.record.ID); err != nil {
			return err
		}
	}
	d.groups[1] = dg1(d.access)
	d.groups[2] = dg2(image, width, height)
	d.groups[3] = dg3(d.random.bytes(512))
	d.groups[13] = dg13(d.record, d.card.Sparse)
	d.groups[14] = d.dg14()
	if d.active != nil {
		d.groups[15] = der(0x6F, d.active.spki())
	}
	for n, content := range d.card.Groups {
		if n < 1 || n > 16 {
			return fmt.Errorf("Card.Groups: there is no data group %d", n)
		}
		if d.groups[n] = content; content == nil {
			delete(d.groups, n)
		}
	}
	d.listed = slices.Sorted(maps.Keys(d.groups))
	d.hashed = slices.Clone(d.listed)
	key, err := newSigner(d.issuer.authority.Signer, d.random, d.issuer.authority.Explicit)
	if err != nil {
		return fmt.Errorf("Authority.Signer: %w", err)
	}
	d.sod = &signedData{kind: idSOD, hash: key.hash, at: d.now.Add(-24 * time.Hour), key: key, ds: d.issuer.documentSigner(key, d.random)}
	return nil
}

// finish signs and lays the files out.
func (d *draft) finish() error {
	if d.lds == 0 {
		d.lds = d.sod.hash
	}
	if d.sod.content == nil {
		d.sod.content = securityObject(d.lds, d.groups, d.hashed)
	}
	sod, err := d.sod.sign(d.random)
	if err != nil {
		return err
	}
	d.files["SOD"] = der(0x77, sod)
	d.files["COM"] = com(d.listed)
	for n, content := range d.groups {
		d.files["DG"+strconv.Itoa(n)] = content
	}
	d.files["DIR"] = der(0x61, der(0x4F, applet))
	if !d.card.Short {
		d.files["ATR"] = atr()
	}
	if len(d.offers) > 0 {
		d.files["CardAccess"] = cardAccess(d.offers)
	}
	return d.cardSecurity()
}

// replace exchanges files after everything is signed.
func (d *draft) replace(files map[string][]byte) error {
	for name, content := range files {
		n, err := strconv.Atoi(strings.TrimPrefix(name, "DG"))
		group := err == nil && n >= 1 && n <= 16 && name == "DG"+strconv.Itoa(n)
		if !group && !slices.Contains([]string{"CardAccess", "CardSecurity", "COM", "SOD"}, name) {
			return fmt.Errorf("Card.Files: there is no file %q", name)
		}
		if d.files[name] = content; content == nil {
			delete(d.files, name)
		}
	}
	return nil
}

// cardSecurity signs the key with which PACE-CAM proves the chip (ICAO Doc 9303-11
// §9.2.11).
func (d *draft) cardSecurity() error {
	for _, a := range d.offers {
		if a.mapping != "CAM" {
			continue
		}
		s := *d.sod
		s.kind, s.content = idCardSecurity, setOf(paceInfo(a), d.camKey(a).numberedKey())
		var err error
		d.files["CardSecurity"], err = s.sign(d.random)
		return err
	}
	return nil
}
