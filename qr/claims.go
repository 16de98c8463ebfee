package qr

import (
	"encoding/base64"
	"strings"
	"time"
	"unicode"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Longest texts of a claim, in bytes. The size of a symbol bounds their sum.
const (
	maxClaim = 512
	maxList  = 16 // former numbers
)

// lastSecond is the end of the year 9999, beyond which time.Time does not format.
const lastSecond = 253402300799

func malformed(text string) error { return fault.New(vneid.ErrMalformed, "%s", text) }

// encodeID is the text form of a code's identifier.
func encodeID(id string) string { return base64.RawURLEncoding.EncodeToString([]byte(id)) }

func decodeID(s string) (string, bool) {
	id, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return string(id), err == nil && len(id) == wire.IDLen && len(s) == base64.RawURLEncoding.EncodedLen(wire.IDLen)
}

// complete checks the claims as a whole, the same for both spellings.
func (d *details) complete() error {
	r := &d.record
	switch {
	case d.issuer == "":
		return malformed("the code has no issuer")
	case d.id == "":
		return malformed("the code has no identifier")
	case d.issued.IsZero() || d.expires.IsZero():
		return malformed("the code has no time of issue or of expiry")
	case d.kind < Dynamic || d.kind > Document:
		return malformed("the code's kind is unknown")
	case d.level < 1 || d.level > 2:
		return malformed("the code's account level is unknown")
	case d.holder > HolderLogin:
		return malformed("the code's holder fact is unknown")
	case (d.kind == Document) != (d.carried != nil):
		return malformed("the code's kind does not fit what it carries")
	case d.kind == Document && (r.ID != "" || r.ForeignerID != "" || r.Name != ""):
		return malformed("the code of a document says who somebody is")
	case d.kind != Document && (r.ID == "") == (r.ForeignerID == ""):
		return malformed("the code does not have exactly one number of its holder")
	case d.kind == Static && d.statusURI == "":
		return malformed("the card code has no place to look up its status")
	}
	return nil
}

// plain accepts what may stand in a claim: no controls and no invisible
// characters, which would make two texts look alike.
func plain(s string, ok bool) (string, bool) {
	if !ok || s == "" || len(s) > maxClaim || strings.ContainsFunc(s, hidden) {
		return "", false
	}
	return s, true
}

// words is plain for a text about the person: it returns Vietnamese letters
// composed.
func words(s string, ok bool) (string, bool) {
	s, ok = plain(s, ok)
	return viet.NFC(s), ok
}

// hidden finds what a reader does not see, or sees as damage.
func hidden(r rune) bool {
	if r < 0x7f {
		return r < ' '
	}
	if r <= 0x9f || r == 0xad || r == unicode.ReplacementChar {
		return true
	}
	// Most letters of Vietnamese are below the combining marks or in one block
	// further up: no table needs to be searched for them.
	if r < 0x300 || r >= 0x1e00 && r < 0x1f00 {
		return false
	}
	// Unicode calls more characters invisible than the format controls (UAX #44,
	// Default_Ignorable_Code_Point); the last two are blank by their own glyph.
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r == '\u2800' || r == '\U0001d159'
}

func isDigits(s string, lengths ...int) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	for _, n := range lengths {
		if len(s) == n {
			return true
		}
	}
	return false
}

// instant reads a signed time in seconds.
func instant(n int64) (time.Time, bool) {
	return time.Unix(n, 0).UTC(), n > 0 && n <= lastSecond
}

// isAlpha3 reports whether s looks like an ISO 3166-1 alpha-3 code.
func isAlpha3(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// isURI reports whether s may be the address of a status list. Nothing here
// fetches it; whoever does checks the host.
func isURI(s string) bool {
	return (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}
