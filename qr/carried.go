package qr

import (
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/cbor"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// carried is the document in a code: what both spellings say, in the names of JSON.
type carried struct {
	rule   wire.DocumentRule
	state  string
	claims []jws.Member
	start  vneid.Date // of the document as a whole; zero if it says none
	end    vneid.Date // likewise
	ends   []vneid.Date
}

// maxCount bounds points and percentages.
const maxCount = 999

// date keeps a date, which may be Không thời hạn where the document ends.
func (p *carried) date(c wire.DocumentClaim, d vneid.Date) bool {
	if c.Start {
		p.start = d
	}
	if c.End {
		p.end = d
	}
	p.add(c.Name, d.String())
	return c.End || !d.IsForever()
}

// class adds one class of a licence to the list, and until when it may be driven.
func (p *carried) class(list *[]string, name string, end vneid.Date, limit string) bool {
	m := []jws.Member{{Name: wire.ClassName, Value: name}}
	if !end.IsZero() {
		m = append(m, jws.Member{Name: wire.ClassExpires, Value: end.String()})
	}
	if limit != "" {
		m = append(m, jws.Member{Name: wire.ClassLimit, Value: limit})
	}
	text, err := jws.Encode(m...)
	*list, p.ends = append(*list, string(text)), append(p.ends, end)
	return err == nil
}

// classes keeps the list.
func (p *carried) classes(name string, list []string) {
	p.add(name, jws.Raw("["+strings.Join(list, ",")+"]"))
}

func (p *carried) add(name string, value any) {
	p.claims = append(p.claims, jws.Member{Name: name, Value: value})
}

// complete asks for what every document says: its kind, its state and the claim
// that names it.
func (p *carried) complete() bool {
	if p.rule.Kind == "" || p.state == "" {
		return false
	}
	for _, c := range p.claims {
		if c.Name == p.rule.Claims[0].Name {
			return true
		}
	}
	return false
}

// over reports whether nothing of the document holds any more: a class of a licence
// may outlive the others.
func (p *carried) over(now time.Time) bool {
	ends := p.ends
	if len(ends) == 0 {
		ends = []vneid.Date{p.end}
	}
	for _, end := range ends {
		if end.IsZero() {
			end = p.end
		}
		if !end.Ended(now) {
			return false
		}
	}
	return true
}

// cborCarried reads the map of a VN1 code. Deterministic CBOR has the kind first,
// which says how to read the rest.
func cborCarried(v cbor.Value) (*carried, bool) {
	items, ok := v.Map()
	p := new(carried)
	for ok && items.Len() > 0 {
		label, known := items.Next().Int()
		value := items.Next()
		if !known {
			continue
		}
		switch label {
		case wire.LabelDocumentKind:
			n, isInt := value.Uint()
			p.rule, ok = wire.DocumentByNumber(n)
			ok = ok && isInt
		case wire.LabelDocumentState:
			n, isInt := small(value)
			if ok = isInt && n <= uint64(len(wire.DocumentStates())); ok {
				p.state = wire.DocumentStates()[n-1]
			}
		default:
			if c, its := p.rule.Claim(label); its {
				ok = p.read(c, value)
			}
		}
	}
	return p, ok && p.complete()
}

func (p *carried) read(c wire.DocumentClaim, v cbor.Value) bool {
	switch c.Form {
	case wire.FormDate:
		d, ok := cborDate(v)
		return p.date(c, d) && ok
	case wire.FormClasses:
		return p.readClasses(c, v)
	case wire.FormCount:
		n, ok := v.Uint()
		p.add(c.Name, int64(min(n, maxCount)))
		return ok && n <= maxCount
	}
	s, ok := words(v.Text())
	p.add(c.Name, s)
	return ok
}

func (p *carried) readClasses(c wire.DocumentClaim, v cbor.Value) bool {
	items, ok := v.Array()
	if !ok || items.Len() == 0 || items.Len() > maxList {
		return false
	}
	var list []string
	for items.Len() > 0 {
		if !p.readClass(&list, items.Next()) {
			return false
		}
	}
	p.classes(c.Name, list)
	return true
}

// readClass reads a text, or an array of text, date or 0, and perhaps limit.
func (p *carried) readClass(list *[]string, v cbor.Value) bool {
	if name, ok := words(v.Text()); ok {
		return p.class(list, name, vneid.Date{}, "")
	}
	parts, ok := v.Array()
	n := parts.Len()
	if !ok || n < 2 || n > 3 {
		return false
	}
	name, ok := words(parts.Next().Text())
	date := parts.Next()
	end, isDate := cborDate(date)
	none, isInt := date.Uint()
	if isInt && none == 0 && n == 3 {
		end, isDate = vneid.Date{}, true
	}
	limit := ""
	if n == 3 {
		var isText bool
		limit, isText = words(parts.Next().Text())
		ok = ok && isText
	}
	return ok && isDate && p.class(list, name, end, limit)
}

// carried reads the member document of a JWS code.
func (r *nameReader) carried() *carried {
	if !r.o.Has(wire.Document) {
		return nil
	}
	inner, err := jws.ParseObject(r.o.Raw(wire.Document))
	in := nameReader{o: &inner}
	p := new(carried)
	p.rule, _ = wire.DocumentByKind(in.text(wire.DocumentKind))
	if n := in.choice(wire.DocumentState, wire.DocumentStates()...); n > 0 {
		p.state = wire.DocumentStates()[n-1]
	}
	for _, c := range p.rule.Claims {
		if inner.Has(c.Name) {
			in.claim(p, c)
		}
	}
	r.bad = r.bad || err != nil || in.bad || inner.Err() != nil || !p.complete()
	return p
}

func (r *nameReader) claim(p *carried, c wire.DocumentClaim) {
	switch c.Form {
	case wire.FormDate:
		r.bad = !p.date(c, r.date(c.Name, true)) || r.bad
	case wire.FormClasses:
		r.classes(p, c.Name)
	case wire.FormCount:
		n := r.o.Int(c.Name)
		r.bad = r.bad || n < 0 || n > maxCount
		p.add(c.Name, n)
	default:
		p.add(c.Name, r.words(c.Name))
	}
}

func (r *nameReader) classes(p *carried, name string) {
	objects := r.o.Objects(name)
	r.bad = r.bad || len(objects) == 0 || len(objects) > maxList
	var list []string
	for i := range objects {
		in := nameReader{o: &objects[i]}
		class := in.words(wire.ClassName)
		written := p.class(&list, class, in.date(wire.ClassExpires, true), in.words(wire.ClassLimit))
		r.bad = r.bad || in.bad || objects[i].Err() != nil || class == "" || !written
	}
	p.classes(name, list)
}
