package link

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Account is what the portal's register says of one of its accounts. It prints as
// "account" wherever fmt and slog ask methods.
type Account struct {
	ID      string     // the portal's name for it, never reused
	Bound   bool       // some login with VNeID is bound to it
	Numbers []string   // every personal number and CMND number on file, digits alone
	Name    string     // as on file; "" where there is none
	Birth   vneid.Date // likewise; zero where there is none
}

// Format prints what sort of thing a is, whatever the verb and flags.
func (a Account) Format(f fmt.State, _ rune) { io.WriteString(f, "account") }

// LogValue logs what Format prints.
func (a Account) LogValue() slog.Value { return slog.StringValue("account") }

// Store is the portal's register of accounts. Implementations are safe for concurrent
// use; Create and Bind are atomic across all processes, which takes unique indexes
// over (issuer, subject) and over the bound account, not a look before a leap. Package
// ssotest has the contract as a test.
//
// An index of numbers that must not be readable uses a keyed hash (HMAC): without a
// key, all numbers can be tried.
type Store interface {
	// ByLogin returns the account that is bound to issuer and subject, byte for
	// byte; nil when there is none.
	ByLogin(ctx context.Context, issuer, subject string) (*Account, error)

	// ByNumber returns every account that has one of the numbers on file, whether
	// bound or not. Each number is nine or twelve digits.
	ByNumber(ctx context.Context, numbers []string) ([]Account, error)

	// Bind binds an account to issuer and subject. It changes nothing and returns
	// false when either is bound already, be it to the other, or there is no such
	// account.
	Bind(ctx context.Context, issuer, subject, account string) (bool, error)

	// Create opens an account for a person and binds it. It changes nothing and
	// returns nil when issuer and subject are bound already. What of the record the
	// register keeps is the portal's decision.
	Create(ctx context.Context, issuer, subject string, about vneid.Record) (*Account, error)
}
