package sso

// AuthError is the provider's own refusal, at the redirect or at the token
// endpoint. It matches one kind; errors.As also finds the *vneid.LockError or
// *vneid.LevelError in it. What else the provider wrote (error_description) is
// dropped: it may hold anything.
type AuthError struct {
	Code string // a code of RFC 6749, OpenID Connect or this project's table; "" for any other
	Err  error  // a vneid.Kind, *vneid.LockError or *vneid.LevelError
}

func (e *AuthError) Error() string { return "the provider answered " + e.Code }

// Unwrap makes the error match its kind.
func (e *AuthError) Unwrap() error { return e.Err }
