package sso

import (
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Integrity says what keeps the statements about a person from being changed on
// their way (tính toàn vẹn). The zero value is nothing at all.
type Integrity int

// The order matters: more is better.
const (
	// TransportOnly: the provider signed nothing. The statements are as good as the
	// TLS connections they came over, and prove nothing to anybody else. That is
	// all that the wires of sso/legacy give; it satisfies no Require and no need
	// unless Config.Accept or Ask.Accept says TransportOnly.
	TransportOnly Integrity = iota + 1

	// Signed: the provider's signature names person, level and relying party.
	Signed
)

// least joins what Config and Ask accept: Signed unless one names TransportOnly.
func least(accepts ...Integrity) Integrity {
	for _, a := range accepts {
		if a == TransportOnly {
			return TransportOnly
		}
	}
	return Signed
}

func (i Integrity) known() bool { return i >= 0 && i <= Signed }

// Integrity returns what protects the statements about the person.
func (id *Identity) Integrity() Integrity { return id.get().integrity }

// solid refuses a login whose integrity is less than what was accepted by name.
func (f *facts) solid(accepted Integrity) error {
	if f.integrity < max(accepted, TransportOnly) {
		return fault.New(vneid.ErrUntrusted, "nobody signed what is known of this login, and neither Config.Accept nor Ask.Accept says TransportOnly")
	}
	return nil
}
