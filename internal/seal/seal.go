// Package seal lets one package of this module open a door to the others and to
// nobody else: an exported function that asks for a Seal can be seen by every
// importer, but only code that may import this internal package can call it with
// effect. A zero Seal, all that generics or reflection could conjure up outside,
// opens nothing.
package seal

// Seal proves that the caller is part of this module.
type Seal struct{ own bool }

// Own returns the seal of this module.
func Own() Seal { return Seal{own: true} }

// Valid reports whether the seal came from Own.
func (s Seal) Valid() bool { return s.own }
