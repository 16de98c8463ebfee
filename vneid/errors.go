package vneid

import (
	"fmt"
	"time"
)

// Kind says what a refusal means for the person at the counter. Every error with
// which this module refuses evidence matches exactly one kind:
//
//	if errors.Is(err, vneid.ErrExpired) { askForAFreshCode() }
//
//	var kind vneid.Kind
//	if errors.As(err, &kind) { metrics.Refused(kind.Error()) }
//
// A mistake in the caller's own configuration has no kind; its text names the
// field. Kinds are constants: no program can change them for another.
type Kind uint8

// The twelve kinds, one per action that a clerk or a program takes.
const (
	ErrMalformed   Kind = iota + 1 // not this sort of evidence, or damaged: read or scan it again
	ErrSignature                   // altered or forged: refuse
	ErrUntrusted                   // the signer, key or algorithm is not one we trust: refuse, check the configuration
	ErrExpired                     // its time is over: ask for a fresh one
	ErrNotYetValid                 // its time has not begun: check this machine's clock
	ErrMismatch                    // meant for another party, transaction or person: start again
	ErrReplayed                    // used before: ask for a fresh one
	ErrLevel                       // the account or the login is too weak for this service
	ErrLocked                      // the account or the electronic identity card is locked
	ErrRevoked                     // withdrawn or suspended by its issuer
	ErrDenied                      // the citizen, a guardian, the police or the card said no
	ErrUnavailable                 // cannot be checked now: try again later
)

var kindNames = [...]string{
	"unknown kind", "malformed", "bad signature", "untrusted", "expired", "not yet valid",
	"mismatch", "replayed", "level too low", "locked", "revoked", "denied", "unavailable",
}

// Error names the kind in a few lower-case words, fit for a metric's label.
func (k Kind) Error() string {
	if int(k) >= len(kindNames) {
		k = 0
	}
	return kindNames[k]
}

// LevelError tells how strong the evidence was and how strong it had to be.
// It matches ErrLevel.
type LevelError struct {
	Got, Want Assurance
}

func (e *LevelError) Error() string {
	switch {
	case e.Got.Level < e.Want.Level:
		return fmt.Sprintf("account level %d, need %d", e.Got.Level, e.Want.Level)
	case e.Got.Auth < e.Want.Auth:
		return fmt.Sprintf("authentication level %d, need %d", e.Got.Auth, e.Want.Auth)
	}
	return "the login is too long ago"
}

// Unwrap makes the error match ErrLevel.
func (e *LevelError) Unwrap() error { return ErrLevel }

// TimeError tells between which instants the evidence holds and when it was
// checked. It matches ErrNotYetValid before NotBefore, otherwise ErrExpired.
// A zero bound is absent.
type TimeError struct {
	NotBefore, NotAfter, Now time.Time
}

func (e *TimeError) Error() string {
	if e.early() {
		return fmt.Sprintf("not valid for another %v", e.NotBefore.Sub(e.Now).Round(time.Second))
	}
	return fmt.Sprintf("expired %v ago", e.Now.Sub(e.NotAfter).Round(time.Second))
}

func (e *TimeError) early() bool { return !e.NotBefore.IsZero() && e.Now.Before(e.NotBefore) }

// Unwrap makes the error match ErrNotYetValid or ErrExpired.
func (e *TimeError) Unwrap() error {
	if e.early() {
		return ErrNotYetValid
	}
	return ErrExpired
}

// LockError tells which of the two locks stands. It matches ErrLocked.
//
// EID is the lock of the electronic identity card (khóa căn cước điện tử): it
// ends every use that needs account level 2, while a level-1 login may still
// pass. Account is the lock of the whole account (khóa tài khoản định danh).
type LockError struct {
	EID, Account bool
}

func (e *LockError) Error() string {
	if e.Account {
		return "the account is locked"
	}
	return "the electronic identity card is locked"
}

// Unwrap makes the error match ErrLocked.
func (e *LockError) Unwrap() error { return ErrLocked }

// APIError tells what a server answered. It matches Kind, or ErrUnavailable when
// Kind is zero. It never holds the answer's body.
type APIError struct {
	Kind       Kind
	Status     int           // HTTP status; 0 when no answer came or no call was made
	Code       string        // the server's error code from a fixed vocabulary, else empty
	RequestID  string        // what to quote to the operator
	RetryAfter time.Duration // 0: not said
}

func (e *APIError) Error() string {
	text := "no answer"
	if e.Status != 0 {
		text = fmt.Sprintf("answered with status %d", e.Status)
	}
	if e.Code != "" {
		text += " (" + e.Code + ")"
	}
	if e.RetryAfter > 0 {
		text += fmt.Sprintf(", try again in %v", e.RetryAfter.Round(time.Second))
	}
	return text
}

// Unwrap makes the error match its kind.
func (e *APIError) Unwrap() error {
	if e.Kind == 0 {
		return ErrUnavailable
	}
	return e.Kind
}
