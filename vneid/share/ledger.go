package share

import "context"

// Ledger is what a relying party knows of locks, withdrawals and deaths since its
// answers came: package share/events keeps one from the platform's event stream. A
// Client with a Ledger asks it before each fetch, and before an answer is given out.
//
// One that is an events.Ledger also learns from each answer, which says as of which of
// the person's events both locks were open.
//
// Implementations are safe for concurrent use.
type Ledger interface {
	// Allows returns nil when data of the subject may be fetched and used under the
	// grant, else an error of kind vneid.ErrLocked, vneid.ErrRevoked or, where what
	// is known is too old to say, vneid.ErrUnavailable. grant is "" where there is
	// none yet.
	Allows(ctx context.Context, issuer, subject, grant string) error
}
