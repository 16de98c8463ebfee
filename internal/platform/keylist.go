package platform

import (
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// KeySet is one of the platform's sets of signing keys: what it may sign, and where it is
// published. Sets never mix: a key of one makes nothing of another's.
type KeySet struct {
	Name  string          // login, qr, share, audit, issuer-police …
	Path  string          // of the JWK Set
	Kinds []document.Kind // of an issuer of documents: those that it signs
	Keys  *Keys
}

// KeyInfo is a published key in words: nothing that signs.
type KeyInfo struct {
	ID, Alg    string
	Thumbprint string // RFC 7638, SHA-256
	Phase      KeyPhase
	From       time.Time // since when, or from when, it signs; zero: not decided
	To         time.Time // when its successor signs; zero: none is planned
	Until      time.Time // when it is published no more; zero: not decided
}

// KeyPhase is where a key is between being published and being withdrawn.
type KeyPhase string

// The phases of a key.
const (
	KeyAnnounced KeyPhase = "announced" // published, signs nothing yet
	KeySigning   KeyPhase = "signing"
	KeyFormer    KeyPhase = "former" // signs nothing any more
)

// KeySets lists the sets in the order in which a reader looks for them.
func (p *Platform) KeySets() []KeySet {
	out := []KeySet{
		{"login", pathJWKS, nil, p.login}, {"qr", pathQRJWKS, nil, p.qr},
		{"share", wire.PathShareJWKS, nil, p.share}, {"audit", pathAuditJWKS, nil, p.audit},
	}
	names := []string{}
	for name := range issuerKinds {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		out = append(out, KeySet{"issuer-" + name, wire.PathIssuers + name + "/jwks.json", slices.Clone(issuerKinds[name]), p.issuers[name].keys})
	}
	return out
}

// List describes the published keys, in the order in which they were made.
func (k *Keys) List() (out []KeyInfo) {
	now := k.ring.now()
	for _, key := range k.all() {
		info := KeyInfo{ID: key.kid, Alg: key.alg, From: key.from, To: key.to, Until: key.until, Phase: KeyFormer}
		switch {
		case key.signs(now):
			info.Phase = KeySigning
		case key.from.IsZero() || now.Before(key.from):
			info.Phase = KeyAnnounced
		}
		if print, err := jwx.Thumbprint(key.signer.Public()); err == nil { // every key of ours has one
			info.Thumbprint = print
		}
		out = append(out, info)
	}
	return out
}
