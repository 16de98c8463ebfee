// Package servicewire is what the two ends of vneid/services say to each other, and
// the rules that both hold, in one text. It is a project format, not VNeID's, and it
// knows neither HTTP nor a store.
//
//	POST /token                        client_credentials, scope vneid:services, DPoP
//	POST /services/v1/stays            {"rows":[stay…]} → {"rows":[answer…]}
//	POST /services/v1/stays/correct    {"id","version","row"} → answer
//	POST /services/v1/stays/cancel     {"id","version"} → answer
//	POST /services/v1/stays/query      {"facility","day"} → {"rows":[notice…]}
//	POST /services/v1/tickets          a filing → ticket
//	POST /services/v1/tickets/query    {"id"} → ticket
//	POST /services/v1/notifications    a notification → {"id"}
//
// Every call but the first has an access token bound to a key (RFC 9449) and a JSON
// body of at most MaxBody bytes. A refusal is {"error": code} with one of Codes.
//
// Objects are read strictly: no name twice, none that is not known, exact names.
package servicewire

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Where the calls go.
const (
	PathToken         = "/token"
	PathStays         = "/services/v1/stays"
	PathCorrect       = "/services/v1/stays/correct"
	PathCancel        = "/services/v1/stays/cancel"
	PathStayQuery     = "/services/v1/stays/query"
	PathTickets       = "/services/v1/tickets"
	PathTicketQuery   = "/services/v1/tickets/query"
	PathNotifications = "/services/v1/notifications"
)

// Scope is what the access token of all services is for.
const Scope = "vneid:services"

// MaxBody bounds a request, MaxRows the rows of one.
const (
	MaxBody = 256 << 10
	MaxRows = 100
)

// Zone is Vietnam's, which has no summer time.
var Zone = time.FixedZone("UTC+7", 7*60*60)

// Day is the civil day of an instant in Vietnam.
func Day(t time.Time) vneid.Date {
	d, _ := vneid.NewDate(t.In(Zone).Date())
	return d
}

// The codes of refusals.
const (
	Malformed       = "malformed"        // a member is missing or no such value
	UnknownFacility = "unknown_facility" // not a property of this client
	Foreigner       = "foreigner"        // khai báo tạm trú cho người nước ngoài, not this
	NoNumber        = "no_number"        // an adult without a number, or a child with nobody
	Residence       = "residence"        // 30 days or more: đăng ký tạm trú, not this
	Future          = "future"           // nobody has arrived yet
	TooOld          = "too_old"          // more than MaxAge ago
	Duplicate       = "duplicate"        // this guest and night have a notice under another key
	KeyReused       = "key_reused"       // the key came with another row before
	Unknown         = "unknown"          // no such notice or ticket of this client
	Changed         = "changed"          // another version by now
	OtherGuest      = "other_guest"      // a correction never makes one guest another
	Cancelled       = "cancelled"        // it was withdrawn
	NotHousehold    = "not_household"    // only households notify close family once
	Later           = "later"            // the rows around it took all that is left
	NotOffered      = "not_offered"      // not at this place, or not yet
	Sensitive       = "sensitive"        // never by a relying party
	NotYours        = "not_yours"        // the client may not send this
)

// kinds says what each code means for who is told it.
var kinds = map[string]vneid.Kind{
	Malformed: vneid.ErrMalformed, UnknownFacility: vneid.ErrMismatch, Foreigner: vneid.ErrMismatch, NoNumber: vneid.ErrMalformed,
	Residence: vneid.ErrMismatch, Future: vneid.ErrNotYetValid, TooOld: vneid.ErrExpired, Duplicate: vneid.ErrReplayed,
	KeyReused: vneid.ErrReplayed, Unknown: vneid.ErrMismatch, Changed: vneid.ErrMismatch, OtherGuest: vneid.ErrMismatch,
	Cancelled: vneid.ErrRevoked, NotHousehold: vneid.ErrMismatch, Later: vneid.ErrUnavailable,
	NotOffered: vneid.ErrDenied, Sensitive: vneid.ErrDenied, NotYours: vneid.ErrDenied,
}

// KindOf returns the kind of a code; false for a word that is none.
func KindOf(code string) (vneid.Kind, bool) {
	k, ok := kinds[code]
	return k, ok
}

// Codes lists every code, sorted.
func Codes() []string {
	var all []string
	for code := range kinds {
		all = append(all, code)
	}
	slices.Sort(all)
	return all
}

// ErrShape is what every reader answers for an object that is not of its sort.
var ErrShape = errors.New("not an object of this sort")

// only reports whether an object has no member beyond the names.
func only(o jws.Object, names ...string) bool {
	for _, name := range o.Names() {
		if !slices.Contains(names, name) {
			return false
		}
	}
	return true
}

// Plain reports whether s is text of at most n letters: no control characters, nothing
// invisible, no broken UTF-8. Empty text is plain.
func Plain(s string, n int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= n && strings.TrimSpace(s) == s &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// Code reports whether s is a name such as a facility's: 1 to 64 letters, digits and
// the marks ._- of ASCII.
func Code(s string) bool {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r)) {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// digits reports whether s has one of the lengths and digits alone.
func digits(s string, lengths ...int) bool {
	return slices.Contains(lengths, len(s)) && strings.Trim(s, "0123456789") == ""
}
