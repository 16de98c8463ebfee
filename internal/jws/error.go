package jws

// Reason is why a token or key was refused; see the package comment.
type Reason uint8

// The four reasons.
const (
	ErrMalformed Reason = iota + 1
	ErrAlgorithm
	ErrKey
	ErrSignature
)

// Error names the reason in a word or two.
func (r Reason) Error() string {
	switch r {
	case ErrMalformed:
		return "malformed"
	case ErrAlgorithm:
		return "algorithm not accepted"
	case ErrKey:
		return "key not usable"
	case ErrSignature:
		return "bad signature"
	}
	return "unknown reason"
}

// Error is a refusal. Its text is fixed: nothing of the token goes into it.
type Error struct {
	Reason Reason
	Text   string
}

func (e *Error) Error() string { return e.Text }

// Unwrap makes errors.Is find the reason.
func (e *Error) Unwrap() error { return e.Reason }

func fail(r Reason, text string) error { return &Error{r, text} }
