package chip

import (
	"errors"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// proprietary is the reason for a DG13 that its issuer encoded in a way of its own.
const proprietary = "proprietary-encoding"

// parseDetails reads DG13. Of what does not have the known form only the bytes are
// kept.
func parseDetails(file []byte) (Details, error) {
	f, err := lds.DG13(file)
	if err != nil {
		return Details{Raw: file}, err
	}
	d := Details{
		ID: f.Text(1), Name: f.Text(2), Birth: date13(f.Text(3)), Sex: sex13(f.Text(4)), Nationality: f.Text(5),
		Ethnicity: f.Text(6), Religion: f.Text(7), Origin: f.Text(8), Residence: f.Text(9), Features: f.Text(10),
		Issued: date13(f.Text(11)), Expires: date13(f.Text(12)),
		Father: f.At(lds.FieldParents, 0), Mother: f.At(lds.FieldParents, 1), Spouse: f.Text(lds.FieldSpouse),
		Field15: f.Text(15), Field16: f.Text(16), Raw: file,
	}
	for _, s := range []string{d.Field15, d.Field16} { // readers disagree which field it is
		if d.OldID == "" && len(s) == 9 && digits(s) {
			d.OldID = s
		}
	}
	return d, nil
}

// date13 reads the texts of dates that open readers found; zero for others.
func date13(s string) vneid.Date {
	d, err := vneid.ParseDate(strings.TrimSpace(s), "dd/MM/yyyy", "ddMMyyyy", "MM/yyyy", "yyyy", "Không thời hạn")
	if err != nil {
		return vneid.Date{}
	}
	return d
}

func sex13(s string) vneid.Sex {
	switch viet.Fold(strings.TrimSpace(s)) {
	case "nam":
		return vneid.Male
	case "nu":
		return vneid.Female
	}
	return ""
}

// person compares the two descriptions of the person. Both are signed, so that
// they differ is the issuer's mistake or a trick on its data entry: it is nobody
// that can be named.
func (e *examination) person() {
	switch {
	case !e.authentic() || e.zone.IsZero():
		e.note(checkPerson, Inconclusive, "not-authentic", vneid.ErrSignature)
	case !e.sod.Lists(13):
		e.note(checkPerson, NotApplicable, "", 0)
	case e.group(13) == nil:
		e.note(checkPerson, Inconclusive, "unread", vneid.ErrMalformed)
	case errors.Is(e.form13, lds.ErrProprietary):
		e.note(checkPerson, Inconclusive, proprietary, vneid.ErrMalformed)
	case e.form13 != nil:
		e.note(checkPerson, Inconclusive, "malformed", vneid.ErrMalformed)
	default:
		if why := e.differs(); why != "" {
			e.note(checkPerson, Failed, why, vneid.ErrMismatch)
			return
		}
		e.pass(checkPerson, "")
	}
}

// differs names the first field in which DG13 contradicts DG1. An absent field
// contradicts nothing; a zone's dates and names are shorter by nature. A year alone
// agrees with the January 1st that zones of people whose birthday is not known are
// said to have.
func (e *examination) differs() string {
	zone, d := e.fields, e.details
	contradicts := func(a, b vneid.Date) bool { return !a.IsZero() && !b.IsZero() && !a.Agrees(b) }
	switch {
	case d.ID != "" && d.ID != zone.ID.Reveal():
		return "number-differs"
	case contradicts(d.Birth, zone.Birth):
		return "birth-differs"
	case d.Sex != "" && zone.Sex != "" && d.Sex != zone.Sex:
		return "sex-differs"
	case contradicts(d.Expires, zone.Expires):
		return "expiry-differs"
	case d.Name != "" && vneid.CompareNames(d.Name, e.zone.Name()) == vneid.NamesDifferent:
		return "name-differs"
	}
	return ""
}

// record puts together what the files say about the person, DG13 before DG11
// before the zone.
func (e *examination) record() vneid.Record {
	zone, d := e.fields, e.details
	r := vneid.Record{
		ID: zone.ID.Reveal(), Name: e.zone.Name(), Birth: zone.Birth, Sex: zone.Sex, Nationality: e.zone.Nationality(),
		CardExpires: zone.Expires, OldID: d.OldID, Ethnicity: d.Ethnicity, Religion: d.Religion,
		CardIssued: d.Issued, Father: d.Father, Mother: d.Mother,
		Origin:    vneid.Address{Text: d.Origin},
		Residence: vneid.Address{Text: d.Residence, AsOf: d.Issued},
	}
	if h := e.holder; h != nil {
		r.Name = first(h.Name, r.Name)
		r.Residence.Text = first(r.Residence.Text, h.Address)
	}
	r.Name = first(d.Name, r.Name)
	if !d.Birth.IsZero() {
		r.Birth = d.Birth
	}
	if !d.Expires.IsZero() {
		r.CardExpires = d.Expires
	}
	if !zone.Passport {
		r.CardIssuer = issuer(d.Issued)
	}
	if r.Residence.Text == "" {
		r.Residence = vneid.Address{}
	}
	return r
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// issuer names who issued cards on a day: nothing in the chip does (inferred from
// the models of Circulars 06/2021 and 16/2024/TT-BCA).
func issuer(issued vneid.Date) string {
	change, _ := vneid.NewDate(2024, 7, 1)
	switch {
	case issued.IsZero():
		return ""
	case issued.Before(change):
		return "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
	}
	return "Bộ Công an"
}
