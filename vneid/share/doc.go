// Package share asks a citizen for data with VNeID and verifies the answer.
//
// The wire is a project format, not VNeID's: VNeID has published none. It profiles
// existing standards: a pushed authorization request (RFC 9126) with one element of
// authorization_details (RFC 9396), documents as SD-JWT VC (RFC 9901), a signed
// envelope and receipt.
package share

import (
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Uses of keys, for the key sets of package jwks. None of these is a login's key.
const (
	UseDocument vneid.Use = wire.UseDocument // an issuer's, for one document
	UseEnvelope vneid.Use = wire.UseEnvelope // the platform's, for one answer
	UseReceipt  vneid.Use = wire.UseReceipt  // the platform's, for what was agreed to
)
