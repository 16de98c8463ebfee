// Package decoupled is what requests have in common that no browser carries: the
// provider asks a person on their own telephone while a clerk waits (CIBA Core 1.0).
// sso/ciba logs in that way, vneid/share asks for data.
//
//	number    two random digits that open the binding message, which clerk and person
//	          compare (so khớp số): who confirms without having seen the clerk's screen
//	          must guess
//	one       request at a time for each person: a telephone that rings again and again
//	          is confirmed in the end
//	one       poller at a time for each request, never before the interval, however
//	          many copies of its session there are
//	bells     ring when the provider says that there is something to ask for. They
//	          carry nothing else
//
// What one process knows another does not; the provider keeps to all of it too.
package decoupled

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode"
)

// Bounds.
const (
	Interval    = 5 * time.Second // CIBA §7.3, where the provider names none
	MaxInterval = 5 * time.Minute
	Slower      = 5 * time.Second // what slow_down adds (§11)
	MaxLife     = time.Hour       // of a request; a longer one ends for us then
	MaxID       = 2048            // of an auth_req_id
	MaxMessage  = 17              // of the caller's part of a binding message

	maxHint = 256
)

// Number makes the two digits that clerk and person compare.
func Number() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(90))
	if err != nil {
		return "", err
	}
	return fmt.Sprint(10 + n.Int64()), nil
}

// Binding is the message that the person sees.
func Binding(number, message string) string {
	return strings.TrimSpace(number + " " + strings.Join(strings.Fields(message), " "))
}

// GoodHint reports whether s can be a login_hint.
func GoodHint(s string) bool {
	return s != "" && len(s) <= maxHint && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd })
}

// GoodMessage reports whether s can be the caller's part of a binding message: CIBA
// §7.1 wants it short and plain, and where no letter looks like another and no URL can
// be written nobody is led astray.
func GoodMessage(s string) bool {
	return len(s) <= MaxMessage && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != ' ' && r != '-'
	})
}

// Hasher returns the keyed hash under which hints are remembered: a func, so that no
// print shows the key.
func Hasher(label string, key []byte) func(hint string) [32]byte {
	return func(hint string) (sum [32]byte) {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(label + "\x00" + canonical(hint)))
		copy(sum[:], mac.Sum(nil))
		return sum
	}
}

// canonical is a hint without what people write in more than one way, so that spaces,
// dots and capitals open no second request to one telephone. Two sorts of hint for one
// person, a number and a telephone's, are two all the same.
func canonical(hint string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, hint)
	if plain == "" {
		return hint
	}
	return plain
}

// Sum is what a token is found by: no time tells how far a guess agrees.
func Sum(token string) [32]byte { return sha256.Sum256([]byte(token)) }

// Same compares in constant time.
func Same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
