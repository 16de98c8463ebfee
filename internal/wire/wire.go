// Package wire names what travels between a relying party and an identity
// provider of the Standard and FAPI2 profiles: claims, scopes and acr values.
// They are this project's names (VNeID publishes none); sso reads them, the
// reference platform writes them.
package wire

import (
	"strconv"
	"strings"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Claims beyond OpenID Connect Core §5.1.
const (
	CitizenID    = "citizen_id"    // twelve digits
	ForeignerID  = "foreigner_id"  // a foreigner's number
	OldID        = "old_id"        // CMND
	FormerIDs    = "former_ids"    // array of cancelled numbers
	AccountLevel = "account_level" // 1 or 2
	AccountType  = "account_type"  // citizen, foreigner, organisation
	EIDStatus    = "eid_status"    // active, locked
	Account      = "account_status"
	Nationality  = "nationality" // ISO 3166-1 alpha-3
	Origin       = "place_of_origin"
	Residence    = "residence" // {text, as_of}
	CardIssued   = "card_issued"
	CardExpires  = "card_expires" // date or "Không thời hạn"

	// VerifiedBy tells which registers confirmed the person, each with the NumericDate
	// of when: {"population": …, "card": …, "immigration": …}. Those that were not asked
	// are not in it.
	VerifiedBy = "verified_by"
)

// Scopes beyond OpenID Connect's openid, profile, phone, email.
const (
	ScopeID   = "vneid:id"   // citizen_id, birthdate, gender, verified_by; account level 1
	ScopeCard = "vneid:card" // card and former numbers; account level 2
)

// acr values say account level and authentication level together,
// "urn:vneid:acr:l2:a3", so that neither is mistaken for the other.
const acrPrefix = "urn:vneid:acr:l"

// ACR formats an acr value.
func ACR(level vneid.Level, auth vneid.AuthLevel) string {
	return acrPrefix + strconv.Itoa(int(level)) + ":a" + strconv.Itoa(int(auth))
}

// ParseACR reads an acr value of exactly the form that ACR writes, levels 1–2
// and 1–4.
func ParseACR(s string) (vneid.Level, vneid.AuthLevel, bool) {
	rest, ok := strings.CutPrefix(s, acrPrefix)
	if !ok || len(rest) != 4 || rest[1] != ':' || rest[2] != 'a' ||
		rest[0] < '1' || rest[0] > '2' || rest[3] < '1' || rest[3] > '4' {
		return 0, 0, false
	}
	return vneid.Level(rest[0] - '0'), vneid.AuthLevel(rest[3] - '0'), true
}

// AtLeast lists, weakest first, the acr values that satisfy both levels.
func AtLeast(level vneid.Level, auth vneid.AuthLevel) []string {
	var out []string
	for l := max(level, 1); l <= 2; l++ {
		for a := max(auth, 1); a <= 4; a++ {
			out = append(out, ACR(l, a))
		}
	}
	return out
}

// Error codes of an authorization response beyond RFC 6749 §4.1.2.1 and OpenID
// Connect Core §3.1.2.6.
const (
	ErrorUnmet         = "unmet_authentication_requirements" // the acr that was essential cannot be reached (OpenID registered)
	ErrorAccountLocked = "account_locked"                    // khóa tài khoản định danh: refuses every login
	ErrorEIDLocked     = "eid_locked"                        // khóa căn cước điện tử: refuses what needs account level 2
)
