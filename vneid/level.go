package vneid

import "time"

// Level is the level of an account (mức độ tài khoản định danh điện tử): how its
// owner was proofed. 1 is registered in the app, 2 at a police office with
// biometrics matched against the national registers. 0 is unknown and satisfies
// nothing.
//
// Logging in again never raises a Level; see AuthLevel.
type Level int8

// AuthLevel is the authentication level (mức độ xác thực, Decree 69/2024
// Art. 20.1): which factors were used just now. 1 is one factor and 2 two
// different factors, both without biometrics; 3 is two or more factors of which
// one is biometric; 4 is a biometric, a possession and a knowledge factor.
// 0 is unknown and satisfies nothing.
type AuthLevel int8

// Assurance says how far evidence about a person goes: who was proofed how well,
// who logged in how strongly, and when.
type Assurance struct {
	Level Level
	Auth  AuthLevel
	At    time.Time // when the person authenticated; as a requirement: not before
}

// Check returns nil when a is at least as strong as need in every respect, else
// a *LevelError. Zero fields of need ask for nothing; zero fields of a give
// nothing.
func (a Assurance) Check(need Assurance) error {
	if a.Level < need.Level || a.Auth < need.Auth || !need.At.IsZero() && a.At.Before(need.At) {
		return &LevelError{Got: a, Want: need}
	}
	return nil
}
