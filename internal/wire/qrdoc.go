package wire

import "github.com/vneid-sdk/vneid-go/vneid"

// A code of the kind document carries one paper of a person, as the claim
// LabelDocument or the member Document. The names of its claims are those of
// vneid/document/paper; package qr documents the map, this file is its one table.

// What marks a code of a document.
const (
	KindDocument  = "document"
	LabelDocument = -65538     // of the claims set, beside LabelCode: the map of the labels below
	Document      = "document" // JWS: an object
	DocumentKind  = "kind"     // which paper
	DocumentState = "state"    // how far it is verified: one of DocumentStates
)

// Labels of the first two claims of the map. Those of the others stand in their
// DocumentClaim.
const (
	LabelDocumentKind  = 1 // uint: DocumentRule.Number
	LabelDocumentState = 2 // uint: place in DocumentStates, counted from 1
)

// Members of a class of a licence, which VN1 writes as a text, or as an array of
// text, date (0: none) and perhaps limit.
const (
	ClassName    = "class"
	ClassExpires = "expires"
	ClassLimit   = "limit"
)

// DocumentStates are the states of an integrated paper. Only the first, đã được xác
// thực, stands in for it.
func DocumentStates() []string { return []string{StateVerified, StatePending, StateUnverified} }

// Form is how a claim of a document is spelled.
type Form uint8

// The forms.
const (
	FormText    Form = iota // tstr; a JSON string
	FormDate                // see PackDate; yyyy-MM-dd and shorter, or Không thời hạn
	FormClasses             // array of at most sixteen classes
	FormCount               // uint below 1,000; a JSON number
)

// DocumentClaim is a claim of a document's map.
type DocumentClaim struct {
	Label int64
	Name  string
	Form  Form
	Start bool // a date before which the document does not hold
	End   bool // a date after which the document is over
}

// DocumentRule says how one kind of document is presented.
type DocumentRule struct {
	Kind   string // of vneid/document
	Number uint64 // in a VN1 code
	Since  vneid.Date
	Claims []DocumentClaim // the first is required
}

// Claim finds a claim by its label.
func (r DocumentRule) Claim(label int64) (DocumentClaim, bool) {
	for _, c := range r.Claims {
		if c.Label == label {
			return c, true
		}
	}
	return DocumentClaim{}, false
}

// DocumentByKind returns the rule of a kind that can be presented.
func DocumentByKind(kind string) (DocumentRule, bool) {
	for _, r := range documentRules() {
		if r.Kind == kind {
			return r, true
		}
	}
	return DocumentRule{}, false
}

// DocumentByNumber returns the rule that a VN1 code names.
func DocumentByNumber(n uint64) (DocumentRule, bool) {
	for _, r := range documentRules() {
		if r.Number == n {
			return r, true
		}
	}
	return DocumentRule{}, false
}

// documentRules is the dated table of what can be presented, and what of it an
// inspection needs: no address, no personal number. Driving licences count since
// 2024-06-01 by the announcement of that day; the same day is taken for the two
// other papers (inferred).
func documentRules() [3]DocumentRule {
	june2024, _ := vneid.NewDate(2024, 6, 1)
	return [3]DocumentRule{
		{"driver-licence", 1, june2024, []DocumentClaim{
			{Label: 3, Name: "number"}, {Label: 4, Name: "name"}, {Label: 5, Name: "birth", Form: FormDate},
			{Label: 6, Name: "issued", Form: FormDate}, {Label: 7, Name: "expires", Form: FormDate, End: true},
			{Label: 8, Name: "authority"}, {Label: 9, Name: "classes", Form: FormClasses}, {Label: 10, Name: "points", Form: FormCount},
		}},
		{"vehicle-registration", 2, june2024, []DocumentClaim{
			{Label: 11, Name: "plate"}, {Label: 3, Name: "number"}, {Label: 12, Name: "owner"},
			{Label: 6, Name: "issued", Form: FormDate}, {Label: 7, Name: "expires", Form: FormDate, End: true},
			{Label: 8, Name: "authority"}, {Label: 13, Name: "plate_colour"}, {Label: 14, Name: "vehicle_type"},
			{Label: 15, Name: "brand"}, {Label: 16, Name: "model"}, {Label: 17, Name: "colour"},
			{Label: 18, Name: "engine_number"}, {Label: 19, Name: "chassis_number"},
		}},
		{"health-insurance", 3, june2024, []DocumentClaim{
			{Label: 3, Name: "number"}, {Label: 4, Name: "name"}, {Label: 5, Name: "birth", Form: FormDate},
			{Label: 20, Name: "facility"}, {Label: 21, Name: "facility_code"}, {Label: 22, Name: "share", Form: FormCount},
			{Label: 23, Name: "valid_from", Form: FormDate, Start: true}, {Label: 24, Name: "valid_until", Form: FormDate, End: true},
			{Label: 25, Name: "five_years", Form: FormDate}, {Label: 8, Name: "authority"},
		}},
	}
}
