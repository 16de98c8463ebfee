package licensed

import (
	"encoding/json"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// field is a claim and the member of the person that it is made of.
type field struct {
	claim, member string
	form          func(text string) (any, bool)
}

// fields are those of each kind. There is no portrait among them, whatever comes.
var fields = map[document.Kind][]field{
	document.Identity: {
		{"id", memberID, number}, {"name", "fullName", words}, {"birth", "birthDate", date}, {"sex", "gender", sex},
		{"nationality", "nationalityCode", country}, {"phone", "phone", words}, {"email", "email", words},
	},
	document.CitizenCard: {
		{"id", memberID, number}, {"name", "fullName", words}, {"birth", "birthDate", date}, {"sex", "gender", sex},
		{"nationality", "nationalityCode", country}, {"residence", "permanentAddress", address}, {"card_issued", "dateOfIssue", date},
		{"card_expires", "idCardExpireDate", expiry}, {"card_issuer", "issuingAuthority", words},
	},
	document.Residence: {
		{"permanent", "permanentAddress", address}, {"commune", "permanentVillageText", words},
		{"province", "permanentCityText", words}, {"living", "livingPlace", address},
	},
}

const memberID = "citizenPid"

// person is who the gateway says it is.
type person struct {
	number string
	papers map[document.Kind][]byte
}

// person reads the members, each a text or absent; null and "" are absent.
func (c *Config) person(o *jws.Object) (person, error) {
	p := person{papers: map[document.Kind][]byte{}}
	for kind, list := range fields {
		claims := map[string]any{}
		for _, f := range list {
			text, err := c.member(o, f.member)
			if err != nil {
				return person{}, err
			}
			if text == "" {
				continue
			}
			value, ok := f.form(text)
			if !ok {
				return person{}, fault.New(vneid.ErrMalformed, "the gateway's %s is not what it should be", f.member)
			}
			if claims[f.claim] = value; f.member == memberID {
				p.number = text
			}
		}
		if len(claims) == 0 {
			continue
		}
		text, err := json.Marshal(claims)
		if err != nil {
			return person{}, fault.New(vneid.ErrMalformed, "the gateway's person cannot be written down")
		}
		p.papers[kind] = text
	}
	if p.number == "" {
		return person{}, fault.New(vneid.ErrMalformed, "the gateway's person has no %s", memberID)
	}
	return p, nil
}

// maxWords bounds one member.
const maxWords = 1024

func (c *Config) member(o *jws.Object, name string) (string, error) {
	at := name
	if other := c.Fields[name]; other != "" {
		at = other
	}
	raw := o.Raw(at)
	if raw == "" || raw == "null" {
		return "", nil
	}
	text, ok := jws.Text(raw)
	if !ok || len(text) > maxWords {
		return "", fault.New(vneid.ErrMalformed, "the gateway's %s is no text, or without end", name)
	}
	return viet.NFC(strings.TrimSpace(text)), nil
}

func words(s string) (any, bool) {
	return s, !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd })
}

func number(s string) (any, bool) {
	_, err := vneid.ParseCitizenID(s)
	return s, err == nil
}

func date(s string) (any, bool) {
	d, err := vneid.ParseDate(s, "dd/MM/yyyy")
	return d, err == nil
}

func expiry(s string) (any, bool) {
	d, err := vneid.ParseDate(s, "dd/MM/yyyy", "Không thời hạn")
	return d, err == nil
}

// sex takes Nam and Nữ, and what is left of the latter where diacritics were lost.
func sex(s string) (any, bool) {
	switch strings.ToLower(s) {
	case "nam":
		return vneid.Male, true
	case "nữ", "nu":
		return vneid.Female, true
	}
	return nil, false
}

// country makes the three letters of ISO 3166-1 of the one country whose two were seen.
func country(s string) (any, bool) {
	if s == "VN" {
		return "VNM", true
	}
	return words(s)
}

func address(s string) (any, bool) {
	_, ok := words(s)
	return vneid.Address{Text: s}, ok
}
