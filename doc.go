// Package vneidgo is the map of the VNeID SDK for Go: which package turns which
// evidence about a person into a verified citizen.
//
//	evidence                          package   verified by        gives
//	a login with VNeID                sso       Client.Finish      *sso.Identity
//	a citizen's QR code               qr        Verifier.Verify    *qr.Credential
//	the chip of the CCCD / Căn cước   chip      (under way)
//	an answer to a data request       vneid/share (under way)
//
// All of them speak the vocabulary of package vneid: Citizen, CitizenID, Level,
// the twelve kinds of error. Package vneid/jwks holds keys, package
// vneid/vneidtest is a fake platform for your unit tests.
package vneidgo
