package sharewire

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Limits of lists and texts. A page must be able to show all of it.
const (
	maxDocuments = 16
	maxClaims    = 64
	maxAsked     = 8   // predicates of a document
	maxText      = 512 // bytes of what a citizen reads
	maxCode      = 64
	maxDays      = 36525 // a hundred years
)

// Decode reads what a relying party asks for. A request must still be free of refused
// Findings.
func Decode(text string) (Details, error) { return decode(text, false) }

// DecodeGranted reads what a token's answer says was granted.
func DecodeGranted(text string) (Details, error) { return decode(text, true) }

func decode(text string, granted bool) (Details, error) {
	if len(text) > MaxSize {
		return Details{}, errors.New("authorization_details is too long")
	}
	elements, err := jws.AppendArray(nil, text)
	if err != nil || len(elements) != 1 {
		return Details{}, errors.New("authorization_details is not an array of one element")
	}
	var r reader
	d := r.details(elements[0], granted)
	if r.err != nil {
		return Details{}, r.err
	}
	return d, nil
}

// reader keeps the first disappointment.
type reader struct{ err error }

func (r *reader) fail(text string) {
	if r.err == nil {
		r.err = errors.New(text)
	}
}

// need fails unless what should be so is.
func (r *reader) need(is bool, text string) {
	if !is {
		r.fail(text)
	}
}

// object reads an object with no other members than those named.
func (r *reader) object(raw, what string, names ...string) jws.Object {
	o, err := jws.ParseObject(raw)
	if err != nil {
		r.fail(what + " is not an object")
		return jws.Object{}
	}
	for _, name := range o.Names() {
		r.need(slices.Contains(names, name), what+" has a member that is not known")
	}
	return o
}

func (r *reader) details(raw string, granted bool) Details {
	names := []string{wire.DetailType, wire.DetailPurpose, wire.DetailBasis, wire.DetailRetention, wire.DetailMode, wire.DetailUntil,
		wire.DetailFrequency, wire.DetailUse, wire.DetailNonce, wire.DetailDocuments}
	if granted {
		names = append(names, wire.DetailTransaction, wire.DetailGrant)
	}
	o := r.object(raw, "the element", names...)
	r.need(r.word(&o, wire.DetailType) == wire.DetailsType, "the type is not "+wire.DetailsType)
	purpose := r.object(o.Raw(wire.DetailPurpose), wire.DetailPurpose, wire.PurposeCode, wire.PurposeVI, wire.PurposeEN)
	basis := r.object(o.Raw(wire.DetailBasis), wire.DetailBasis, wire.BasisKind, wire.BasisCitation)
	d := Details{
		Purpose:       Purpose{r.word(&purpose, wire.PurposeCode), r.shown(&purpose, wire.PurposeVI), r.shown(&purpose, wire.PurposeEN)},
		Basis:         Basis{r.word(&basis, wire.BasisKind), r.shown(&basis, wire.BasisCitation)},
		RetentionDays: r.days(&o, wire.DetailRetention, 0),
		Periodic:      r.period(&o),
		Store:         r.either(&o, wire.DetailUse, wire.UseView, wire.UseStore),
		Nonce:         r.id(&o, wire.DetailNonce),
		Transaction:   r.id(&o, wire.DetailTransaction),
		Grant:         r.id(&o, wire.DetailGrant),
	}
	r.need(o.Has(wire.DetailRetention), wire.DetailRetention+" is missing")
	r.need(granted == (d.Transaction != "" && d.Grant != ""), "txn or grant is missing")
	r.need(o.Has(wire.DetailDocuments), wire.DetailDocuments+" is missing")
	for i, raw := range r.array(&o, wire.DetailDocuments, maxDocuments) {
		w := r.document(raw)
		r.need(!slices.ContainsFunc(d.Documents[:i], func(x Document) bool { return x.Kind == w.Kind }), "a kind of document stands twice")
		d.Documents = append(d.Documents, w)
	}
	r.need(granted || len(d.Documents) > 0, "no document is asked for")
	return d
}

func (r *reader) period(o *jws.Object) *Period {
	if !r.either(o, wire.DetailMode, wire.ModeOnce, wire.ModePeriodic) {
		r.need(!o.Has(wire.DetailUntil) && !o.Has(wire.DetailFrequency), "until and frequency_days are for mode periodic")
		return nil
	}
	until, err := vneid.ParseDate(r.word(o, wire.DetailUntil), "yyyy-MM-dd")
	r.need(err == nil, "until is not a date")
	return &Period{until, r.days(o, wire.DetailFrequency, 1)}
}

func (r *reader) document(raw string) Document {
	o := r.object(raw, "a document", wire.DetailKind, wire.DetailEssential, wire.DetailMaxAge, wire.DetailClaims, wire.DetailPredicates)
	w := Document{
		Kind:       document.Kind(r.word(&o, wire.DetailKind)),
		Essential:  r.flag(&o),
		MaxAgeDays: r.days(&o, wire.DetailMaxAge, 0),
	}
	r.need(isCode(string(w.Kind)), "a document's kind is not a name")
	for i, raw := range r.array(&o, wire.DetailClaims, maxClaims) {
		c := r.claim(raw)
		r.need(!slices.ContainsFunc(w.Claims[:i], func(x Claim) bool { return x.Name == c.Name }), "a claim stands twice")
		w.Claims = append(w.Claims, c)
	}
	for i, raw := range r.array(&o, wire.DetailPredicates, maxAsked) {
		p := r.predicate(raw)
		r.need(!slices.ContainsFunc(w.Predicates[:i], func(x Predicate) bool { return x.Predicate == p.Predicate }), "a predicate stands twice")
		w.Predicates = append(w.Predicates, p)
	}
	return w
}

func (r *reader) claim(raw string) Claim {
	o := r.object(raw, "a claim", wire.DetailName, wire.DetailEssential)
	c := Claim{r.word(&o, wire.DetailName), r.flag(&o)}
	r.need(isCode(strings.ReplaceAll(c.Name, "_", "-")), "a claim's name is not a name")
	return c
}

func (r *reader) predicate(raw string) Predicate {
	o := r.object(raw, "a predicate", wire.DetailName, wire.DetailAtLeast, wire.DetailIncludes, wire.DetailEssential)
	p := Predicate{Essential: r.flag(&o)}
	switch name := r.word(&o, wire.DetailName); {
	case name == wire.PredicateAge && !o.Has(wire.DetailIncludes):
		p.Predicate = document.AgeAtLeast(r.days(&o, wire.DetailAtLeast, 1))
	case name == wire.PredicateLicence && !o.Has(wire.DetailAtLeast):
		class := document.LicenceClass(r.word(&o, wire.DetailIncludes))
		if p.Predicate = document.LicenceIncludes(class); p.Class() != class { // one spelling, as in documents
			p.Predicate = document.Predicate{}
		}
	}
	r.need(!p.IsZero(), "a predicate is not one that there is")
	return p
}

func (r *reader) array(o *jws.Object, name string, most int) (out []string) {
	raw := o.Raw(name)
	if raw == "" {
		return nil
	}
	r.need(raw[0] == '[', name+" is not an array")
	for v := range jws.Elements(raw) {
		if len(out) == most {
			r.fail(name + " has too many elements")
			return nil
		}
		out = append(out, v)
	}
	return out
}

// word reads a member that no citizen reads.
func (r *reader) word(o *jws.Object, name string) string {
	s, ok := jws.Text(o.Raw(name))
	r.need(ok || !o.Has(name), name+" is not a string")
	return s
}

// shown reads a text for the consent page. What is there says something; line breaks
// and signs that turn or hide what follows could make a page say something else.
func (r *reader) shown(o *jws.Object, name string) string {
	s := r.word(o, name)
	r.need(!o.Has(name) || isShown(s), name+" is not a line of text")
	return s
}

func isShown(s string) bool {
	return s != "" && utf8.ValidString(s) && len(s) <= maxText && strings.TrimSpace(s) == s && !strings.ContainsFunc(s, func(c rune) bool {
		return c != ' ' && (!unicode.IsGraphic(c) || unicode.Is(unicode.Zs, c))
	})
}

// id reads what a server or client made of random bits.
func (r *reader) id(o *jws.Object, name string) string {
	s := r.word(o, name)
	r.need(!o.Has(name) || isID(s), name+" is not an identifier")
	return s
}

func (r *reader) days(o *jws.Object, name string, least int) int {
	n := o.Int(name)
	if o.Err() != nil || n < int64(least) || n > maxDays {
		r.fail(name + " is not a whole number in its bounds")
		return 0
	}
	return int(n)
}

func (r *reader) flag(o *jws.Object) bool {
	is := o.Bool(wire.DetailEssential)
	r.need(o.Err() == nil, wire.DetailEssential+" is not true or false")
	return is
}

// either reads a member that is one of two words, and whether it is the second.
func (r *reader) either(o *jws.Object, name, first, second string) bool {
	s := r.word(o, name)
	r.need(s == first || s == second, name+" is not "+first+" or "+second)
	return s == second
}

func isID(s string) bool {
	return len(s) >= 16 && len(s) <= 128 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// isCode reports whether s is a name of small letters, digits and single dashes.
func isCode(s string) bool {
	if len(s) > maxCode {
		return false
	}
	for part := range strings.SplitSeq(s, "-") {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}
