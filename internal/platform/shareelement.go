package platform

import (
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// readElement holds the element against the registration.
func (p *Platform) readElement(c *Client, d sharewire.Details) (*shareAsk, error) {
	for _, w := range d.Documents {
		if slices.Contains(sensitive, w.Kind) && p.on("share-sensitive") {
			return nil, badDetails("a document of a kind that nobody may ask for")
		}
	}
	for _, f := range d.Findings() {
		if f.Refused && (p.on("share-sensitive") || !strings.HasPrefix(f.Where, "documents")) {
			return nil, badDetails("nobody may ask so: " + f.EN)
		}
	}
	purpose, err := p.readPurpose(c, d)
	if err != nil {
		return nil, err
	}
	ask := &shareAsk{
		Purpose: d.Purpose.Code, VI: d.Purpose.VI, EN: d.Purpose.EN, Basis: d.Basis.Kind, Citation: d.Basis.Citation,
		Retention: d.RetentionDays, Store: d.Store, Nonce: d.Nonce,
	}
	if d.Periodic != nil {
		ask.Periodic, ask.Until, ask.Frequency = true, d.Periodic.Until.String(), d.Periodic.Days
		if end, ok := ask.end(); !ok || !end.After(p.now()) || end.After(p.now().Add(maxPeriod)) {
			return nil, badDetails("until is over, or more than a year ahead")
		}
	}
	for _, w := range d.Documents {
		if !purpose.allows(w.Kind) && p.on("share-kind") {
			return nil, badDetails("a document of a kind that is not registered for the purpose")
		}
		ask.Documents = append(ask.Documents, docFrom(w))
	}
	return ask, nil
}

// readPurpose checks what for, on which basis, and for how long. The words that the
// citizen reads are the registered ones: a client cannot say one thing to us and
// another to them.
func (p *Platform) readPurpose(c *Client, d sharewire.Details) (*Purpose, error) {
	purpose := c.purpose(d.Purpose.Code)
	if purpose == nil && !p.on("share-purpose") && len(c.Purposes) > 0 {
		purpose = &c.Purposes[0]
	}
	switch {
	case purpose == nil:
		return nil, badDetails("purpose is not registered for this client")
	case (d.Purpose.VI != purpose.Vi || d.Purpose.EN != "" && d.Purpose.EN != purpose.En) && p.on("share-words"):
		return nil, badDetails("purpose has other words than it was registered with")
	case d.Basis.Kind == wire.BasisLaw && d.Basis.Citation != purpose.Citation && p.on("share-basis"):
		return nil, badDetails("basis cites another law than the purpose was registered with")
	case d.RetentionDays > purpose.RetentionDays && p.on("share-retention"):
		return nil, badDetails("retention_days is longer than registered for the purpose")
	}
	return purpose, nil
}

// maxPeriod bounds a periodic grant: who still wants it then asks again.
const maxPeriod = 366 * 24 * time.Hour

// vietnam is UTC+7, without daylight saving: the days of the wire are its days.
var vietnam = time.FixedZone("UTC+7", 7*60*60)

// end is when a periodic grant is over: after its last day.
func (a *shareAsk) end() (time.Time, bool) {
	day, err := time.ParseInLocation(time.DateOnly, a.Until, vietnam)
	return day.AddDate(0, 0, 1), err == nil
}

func docFrom(w sharewire.Document) shareDoc {
	d := shareDoc{Kind: w.Kind, Essential: w.Essential, MaxAge: w.MaxAgeDays}
	for _, c := range w.Claims {
		d.Claims = append(d.Claims, shareItem(c))
	}
	for _, c := range w.Predicates {
		d.Predicates = append(d.Predicates, shareItem{c.String(), c.Essential})
	}
	return d
}

func (d shareDoc) onWire() sharewire.Document {
	w := sharewire.Document{Kind: d.Kind, Essential: d.Essential, MaxAgeDays: d.MaxAge}
	for _, c := range d.Claims {
		w.Claims = append(w.Claims, sharewire.Claim(c))
	}
	for _, c := range d.Predicates {
		asked, _ := document.ParsePredicate(c.Name)
		w.Predicates = append(w.Predicates, sharewire.Predicate{Predicate: asked, Essential: c.Essential})
	}
	return w
}

// onWire is the element again, with what was granted of it (RFC 9396 §7).
func (a *shareAsk) onWire(granted []shareDoc) sharewire.Details {
	d := sharewire.Details{
		Purpose: sharewire.Purpose{Code: a.Purpose, VI: a.VI, EN: a.EN}, Basis: sharewire.Basis{Kind: a.Basis, Citation: a.Citation},
		RetentionDays: a.Retention, Store: a.Store, Nonce: a.Nonce,
	}
	if until, err := vneid.ParseDate(a.Until); err == nil && a.Periodic {
		d.Periodic = &sharewire.Period{Until: until, Days: a.Frequency}
	}
	for _, doc := range granted {
		d.Documents = append(d.Documents, doc.onWire())
	}
	return d
}

func has(items []shareItem, name string) bool {
	return slices.ContainsFunc(items, func(i shareItem) bool { return i.Name == name })
}

func rawArray(values []string) jws.Raw { return jws.Raw("[" + strings.Join(values, ",") + "]") }
