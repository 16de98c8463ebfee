package platform

import (
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// readElement reads the element and holds it against the registration.
func (p *Platform) readElement(c *Client, o *jws.Object) (*shareAsk, error) {
	if !onlyMembers(o, wire.DetailType, wire.DetailPurpose, wire.DetailBasis, wire.DetailRetention, wire.DetailMode, wire.DetailUntil,
		wire.DetailFrequency, wire.DetailUse, wire.DetailNonce, wire.DetailDocuments) || o.String(wire.DetailType) != wire.DetailsType {
		return nil, badDetails("authorization_details has another type, or members that nobody knows")
	}
	ask := &shareAsk{Retention: int(o.Int(wire.DetailRetention))}
	purpose, err := p.readPurpose(c, o, ask)
	if err != nil {
		return nil, err
	}
	if err := p.readPeriod(o, ask); err != nil {
		return nil, err
	}
	seen := map[document.Kind]bool{}
	all := o.Objects(wire.DetailDocuments)
	if o.Err() != nil || len(all) == 0 || len(all) > maxDocuments {
		return nil, badDetails("authorization_details asks for no documents, or for too many")
	}
	for i := range all {
		d, err := readDocument(&all[i])
		if err != nil {
			return nil, err
		}
		switch {
		case slices.Contains(sensitive, d.Kind) && p.on("share-sensitive"):
			return nil, badDetails("a document of a kind that nobody may ask for")
		case !slices.Contains(purpose.Kinds, d.Kind) && p.on("share-kind"):
			return nil, badDetails("a document of a kind that is not registered for the purpose")
		case seen[d.Kind]:
			return nil, badDetails("a document is asked for twice")
		}
		seen[d.Kind] = true
		ask.Documents = append(ask.Documents, d)
	}
	return ask, nil
}

// readPurpose reads what for, on which basis, and for how long.
func (p *Platform) readPurpose(c *Client, o *jws.Object, ask *shareAsk) (*Purpose, error) {
	said, basis := o.Object(wire.DetailPurpose), o.Object(wire.DetailBasis)
	ask.Purpose = said.String(wire.PurposeCode)
	ask.Basis, ask.Citation = basis.String(wire.BasisKind), basis.String(wire.BasisCitation)
	vi, en := said.String(wire.PurposeVI), said.String(wire.PurposeEN)
	known := onlyMembers(&said, wire.PurposeCode, wire.PurposeVI, wire.PurposeEN) && onlyMembers(&basis, wire.BasisKind, wire.BasisCitation)
	if said.Err() != nil || basis.Err() != nil || o.Err() != nil || !known {
		return nil, badDetails("purpose, basis or retention_days is not what it should be")
	}
	purpose := c.purpose(ask.Purpose)
	if purpose == nil && !p.on("share-purpose") && len(c.Purposes) > 0 {
		purpose = &c.Purposes[0]
	}
	switch {
	case purpose == nil:
		return nil, badDetails("purpose is not registered for this client")
	case vi != "" && vi != purpose.Vi || en != "" && en != purpose.En:
		return nil, badDetails("purpose has other words than it was registered with")
	case !slices.Contains([]string{wire.BasisConsent, wire.BasisContract, wire.BasisLaw}, ask.Basis):
		return nil, badDetails("basis is neither consent, contract nor law")
	case ask.Basis == wire.BasisLaw && (ask.Citation == "" || ask.Citation != purpose.Citation) && p.on("share-basis"):
		return nil, badDetails("basis cites another law than the purpose was registered with")
	case len(ask.Citation) > 512:
		return nil, badDetails("basis is too long")
	case ask.Retention < 0 || ask.Retention > purpose.RetentionDays && p.on("share-retention"):
		return nil, badDetails("retention_days is longer than registered for the purpose")
	}
	return purpose, nil
}

// maxPeriod bounds a periodic grant: who still wants it then asks again.
const maxPeriod = 366 * 24 * time.Hour

func (p *Platform) readPeriod(o *jws.Object, ask *shareAsk) error {
	mode, use := o.String(wire.DetailMode), o.String(wire.DetailUse)
	ask.Periodic, ask.Store = mode == wire.ModePeriodic, use == wire.UseStore
	ask.Until, ask.Frequency = o.String(wire.DetailUntil), int(o.Int(wire.DetailFrequency))
	switch {
	case o.Err() != nil || mode != wire.ModeOnce && mode != wire.ModePeriodic || use != wire.UseView && use != wire.UseStore:
		return badDetails("mode or use has an unknown value")
	case !ask.Periodic && (o.Has(wire.DetailUntil) || o.Has(wire.DetailFrequency)):
		return badDetails("until and frequency_days are of periodic requests")
	case !ask.Periodic:
		return nil
	}
	end, ok := ask.end()
	if !ok || ask.Frequency < 1 || ask.Frequency > 366 || !end.After(p.now()) || end.After(p.now().Add(maxPeriod)) {
		return badDetails("until and frequency_days say no period of a year at most")
	}
	return nil
}

// vietnam is UTC+7, without daylight saving: the days of the wire are its days.
var vietnam = time.FixedZone("UTC+7", 7*60*60)

// end is when a periodic grant is over: after its last day.
func (a *shareAsk) end() (time.Time, bool) {
	day, err := time.ParseInLocation(time.DateOnly, a.Until, vietnam)
	return day.AddDate(0, 0, 1), err == nil
}

func readDocument(o *jws.Object) (d shareDoc, err error) {
	d = shareDoc{
		Kind: document.Kind(o.String(wire.DetailKind)), Essential: o.Bool(wire.DetailEssential), MaxAge: int(o.Int(wire.DetailMaxAge)),
	}
	claims, predicates := o.Objects(wire.DetailClaims), o.Objects(wire.DetailPredicates)
	known := onlyMembers(o, wire.DetailKind, wire.DetailEssential, wire.DetailMaxAge, wire.DetailClaims, wire.DetailPredicates)
	switch n := len(claims) + len(predicates); {
	case o.Err() != nil || !known || d.MaxAge < 0:
		return d, badDetails("a document's request is not what it should be")
	case n == 0 || n > maxItems:
		return d, badDetails("a document is asked for without claims, or with too many")
	}
	for i := range claims {
		item := shareItem{claims[i].String(wire.DetailName), claims[i].Bool(wire.DetailEssential)}
		if claims[i].Err() != nil || !onlyMembers(&claims[i], wire.DetailName, wire.DetailEssential) || !claimOf(d.Kind, item.Name) || has(d.Claims, item.Name) {
			return d, badDetails("a claim that the document does not have, or one twice")
		}
		d.Claims = append(d.Claims, item)
	}
	for i := range predicates {
		item, ok := readPredicate(&predicates[i], d.Kind)
		if !ok || has(d.Predicates, item.Name) {
			return d, badDetails("a predicate that the document cannot answer, or one twice")
		}
		d.Predicates = append(d.Predicates, item)
	}
	return d, nil
}

// readPredicate gives a predicate its canonical text.
func readPredicate(o *jws.Object, kind document.Kind) (shareItem, bool) {
	item := shareItem{Essential: o.Bool(wire.DetailEssential)}
	var asked document.Predicate
	switch o.String(wire.DetailName) {
	case wire.PredicateAge:
		asked = document.AgeAtLeast(int(o.Int(wire.DetailAtLeast)))
	case wire.PredicateLicence:
		asked = document.LicenceIncludes(document.LicenceClass(o.String(wire.DetailIncludes)))
	}
	item.Name = asked.String()
	known := onlyMembers(o, wire.DetailName, wire.DetailAtLeast, wire.DetailIncludes, wire.DetailEssential)
	return item, known && o.Err() == nil && !asked.IsZero() && asked.FitsKind(kind) && o.Has(wire.DetailAtLeast) != o.Has(wire.DetailIncludes)
}

func has(items []shareItem, name string) bool {
	return slices.ContainsFunc(items, func(i shareItem) bool { return i.Name == name })
}

// onlyMembers reports whether an object has no member beside these.
func onlyMembers(o *jws.Object, names ...string) bool {
	for _, name := range o.Names() {
		if !slices.Contains(names, name) {
			return false
		}
	}
	return true
}

// predicateMembers writes a predicate as a request has it.
func predicateMembers(text string) []jws.Member {
	asked, _ := document.ParsePredicate(text)
	if n := asked.Years(); n > 0 {
		return []jws.Member{is(wire.DetailName, wire.PredicateAge), is(wire.DetailAtLeast, n)}
	}
	return []jws.Member{is(wire.DetailName, wire.PredicateLicence), is(wire.DetailIncludes, string(asked.Class()))}
}

func rawArray(values []string) jws.Raw { return jws.Raw("[" + strings.Join(values, ",") + "]") }
