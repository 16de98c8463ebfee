package licensed

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// good is the code of an answer that is one.
const good vneid.Kind = 0

// codes are the gateway's, and the kind of each.
var codes = map[string]vneid.Kind{
	"00":   vneid.ErrUntrusted, // token
	"01":   good,
	"02":   vneid.ErrUntrusted, // data
	"03":   vneid.ErrMismatch,  // not found
	"20":   vneid.ErrUntrusted, // a header of the signature is missing
	"21":   vneid.ErrUnavailable,
	"22":   vneid.ErrUntrusted,   // timestamp: form
	"23":   vneid.ErrNotYetValid, // timestamp: too old, so one of the clocks is wrong
	"24":   vneid.ErrReplayed,    // nonce
	"25":   vneid.ErrUntrusted,   // partner
	"26":   vneid.ErrUntrusted,   // signature: ours, which does not show any forgery
	"27":   vneid.ErrUnavailable,
	"99":   vneid.ErrUnavailable,
	"4005": vneid.ErrExpired,
}

// states are what a transaction can be besides SUCCESS and PENDING.
var states = map[string]vneid.Kind{
	"REFUSED": vneid.ErrDenied, "REJECTED": vneid.ErrDenied, "DENIED": vneid.ErrDenied, "EXPIRED": vneid.ErrExpired,
}

const (
	stateGood    = "SUCCESS"
	statePending = "PENDING"
)

// hint is what a callback says became of a transaction.
type hint int

const (
	noHint hint = iota
	agreed
	declined
	expired
)

// verdict is the error of a code, nil for good ones. Texts have only codes of the table.
func (c *Config) verdict(code string) error {
	code = strings.TrimPrefix(strings.ToLower(code), "errorcode")
	kind, known := c.Codes[code]
	switch {
	case !known:
		return &vneid.APIError{Kind: vneid.ErrUnavailable}
	case kind == good:
		return nil
	case kind == vneid.ErrUntrusted:
		return fault.New(kind, "the gateway answered code %s: check Config against what the provider registered", code)
	case kind == vneid.ErrNotYetValid:
		return fault.New(kind, "the gateway answered code %s: it finds this machine's clock wrong", code)
	}
	return fault.New(kind, "the gateway answered code %s", code)
}

// ended is the error of a state that is neither good nor pending.
func (c *Config) ended(state string, h hint) error {
	kind, known := c.States[strings.ToUpper(state)]
	if !known {
		kind = map[hint]vneid.Kind{declined: vneid.ErrDenied, expired: vneid.ErrExpired}[h]
	}
	switch kind {
	case vneid.ErrDenied:
		return fault.New(kind, "the citizen did not agree")
	case vneid.ErrExpired:
		return fault.New(kind, "the time for sharing is over")
	case 0:
		return fault.New(vneid.ErrUnavailable, "the gateway names a state that nobody knows")
	}
	return fault.New(kind, "the gateway ended the transaction")
}
