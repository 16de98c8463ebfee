package qr

import (
	"errors"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// readJWS reads the spelling for partners with a JOSE stack. It verifies nothing.
func readJWS(p *jws.Parser, token string) (*details, vneid.Signed, error) {
	t, err := p.Parse(token)
	if err != nil {
		kind := vneid.ErrMalformed
		if errors.Is(err, jws.ErrAlgorithm) {
			kind = vneid.ErrUntrusted
		}
		return nil, vneid.Signed{}, fault.New(kind, "%s", err.Error())
	}
	// As in VN1, the header is exactly algorithm, key and type.
	if t.KeyID == "" || t.Header("cty") != "" || t.Header("x5t#S256") != "" {
		return nil, vneid.Signed{}, malformed("the header is not exactly algorithm, key and type")
	}
	claims, err := t.Claims()
	if err != nil {
		return nil, vneid.Signed{}, malformed(err.Error())
	}
	d := &details{names: claims}
	r := nameReader{o: &claims}
	r.top(d)
	r.person(&d.record)
	if r.bad || claims.Err() != nil {
		return nil, vneid.Signed{}, malformed("a claim of the code has the wrong form")
	}
	if err := d.complete(); err != nil {
		return nil, vneid.Signed{}, err
	}
	return d, vneid.Signed{
		Use: vneid.UseQR, Issuer: d.issuer, Alg: t.Alg, KeyID: t.KeyID, Input: t.Input, Signature: t.Signature,
	}, nil
}

// nameReader reads claims by name and remembers whether one had a form of its
// own. What is absent is zero; what is present is held to the same rules as its
// VN1 twin.
type nameReader struct {
	o   *jws.Object
	bad bool
}

func (r *nameReader) text(name string) string {
	if !r.o.Has(name) {
		return ""
	}
	s, ok := plain(r.o.String(name), true)
	r.bad = r.bad || !ok
	return s
}

func (r *nameReader) words(name string) string { return viet.NFC(r.text(name)) }

func (r *nameReader) time(name string) time.Time {
	if !r.o.Has(name) {
		return time.Time{}
	}
	t, ok := instant(r.o.Int(name))
	r.bad = r.bad || !ok
	return t
}

// choice returns the place of a text claim in values, counted from 1.
func (r *nameReader) choice(name string, values ...string) uint8 {
	got := r.text(name)
	for i, v := range values {
		if got == v {
			return uint8(i + 1)
		}
	}
	r.bad = r.bad || got != ""
	return 0
}

func (r *nameReader) digits(name string, lengths ...int) string {
	s := r.text(name)
	r.bad = r.bad || s != "" && !isDigits(s, lengths...)
	return s
}

// date reads yyyy-MM-dd, yyyy-MM or yyyy, and Không thời hạn where open.
func (r *nameReader) date(name string, open bool) vneid.Date {
	s := r.text(name)
	if s == "" {
		return vneid.Date{}
	}
	d, err := vneid.ParseDate(s, "yyyy-MM-dd", "yyyy-MM", "yyyy", "Không thời hạn")
	r.bad = r.bad || err != nil || d.IsForever() && !open || d.String() != s
	return d
}

func (r *nameReader) place(name string) vneid.Address {
	if !r.o.Has(name) {
		return vneid.Address{}
	}
	inner, err := jws.ParseObject(r.o.Raw(name))
	in := nameReader{o: &inner}
	a := vneid.Address{Text: in.words(wire.PlaceText), AsOf: in.date(wire.PlaceAsOf, false)}
	r.bad = r.bad || err != nil || in.bad || inner.Err() != nil || a.Text == ""
	return a
}

// status reads {"status_list":{"idx":…,"uri":…}} (Token Status List).
func (r *nameReader) status() (uri string, index uint64) {
	if !r.o.Has(wire.Status) {
		return "", 0
	}
	outer, err := jws.ParseObject(r.o.Raw(wire.Status))
	if err != nil || !outer.Has(wire.StatusList) {
		r.bad = true
		return "", 0
	}
	list, err := jws.ParseObject(outer.Raw(wire.StatusList))
	in := nameReader{o: &list}
	uri = in.text(wire.StatusURI)
	index, err2 := strconv.ParseUint(list.Raw(wire.StatusIndex), 10, 53)
	r.bad = r.bad || err != nil || err2 != nil || in.bad || list.Err() != nil || !isURI(uri)
	return uri, index
}

func (r *nameReader) top(d *details) {
	d.issuer, d.audience, d.nonce = r.text("iss"), r.text("aud"), r.text("nonce")
	d.issued, d.expires = r.time("iat"), r.time("exp")
	if r.o.Has("jti") {
		id, ok := decodeID(r.o.String("jti"))
		d.id, r.bad = id, r.bad || !ok
	}
	d.kind = Kind(r.choice(wire.CodeKind, wire.KindDynamic, wire.KindCard, wire.KindDocument))
	d.holder = Holder(r.choice(wire.CodeHolder, wire.HolderDevice, wire.HolderCard, wire.HolderLogin))
	if n := r.o.Int(wire.AccountLevel); n < 1 || n > 2 {
		r.bad = r.bad || r.o.Has(wire.AccountLevel)
	} else {
		d.level = vneid.Level(n)
	}
	d.statusURI, d.statusIndex = r.status()
	d.carried = r.carried()
}

func (r *nameReader) person(p *vneid.Record) {
	p.ID = r.digits(wire.CitizenID, 12)
	p.ForeignerID = r.words(wire.ForeignerID)
	p.OldID = r.digits(wire.OldID, 9, 12)
	p.FormerIDs = r.numbers(wire.FormerIDs)
	p.Name = r.words(wire.Name)
	p.Birth = r.date(wire.Birth, false)
	p.Sex = [...]vneid.Sex{"", vneid.Male, vneid.Female}[r.choice(wire.Gender, string(vneid.Male), string(vneid.Female))]
	p.Nationality = r.text(wire.Nationality)
	r.bad = r.bad || p.Nationality != "" && !isAlpha3(p.Nationality)
	p.Origin, p.Residence = r.place(wire.Origin), r.place(wire.Residence)
	p.Ethnicity, p.Religion = r.words(wire.Ethnicity), r.words(wire.Religion)
	p.CardIssued, p.CardExpires = r.date(wire.CardIssued, false), r.date(wire.CardExpires, true)
	p.CardIssuer = r.words(wire.CardIssuer)
	p.Father, p.Mother = r.words(wire.Father), r.words(wire.Mother)
}

func (r *nameReader) numbers(name string) []string {
	raw := r.o.Raw(name)
	if raw == "" {
		return nil
	}
	list := r.o.Strings(name)
	r.bad = r.bad || raw[0] != '[' || len(list) == 0 || len(list) > maxList
	for _, s := range list {
		r.bad = r.bad || !isDigits(s, 12)
	}
	return list
}
