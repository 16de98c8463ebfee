package audit

import (
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// TypeCheckpoint is the typ of a checkpoint, which is a compact JWS of
//
//	{"origin":"https://…","size":7,"head":"…","iat":1795309323}
//
// signed with Ed25519 by a key that signs nothing else: size entries, the hash of the
// last one, and when. C2SP's tlog-checkpoint is not used, though its words are: by its
// text the hash is the root of a Merkle tree (RFC 6962), and a witness that co-signs
// would ask for consistency proofs that a chain does not have.
const TypeCheckpoint = "audit-checkpoint+jwt"

// Checkpoint is what one says.
type Checkpoint struct {
	Origin string // whose log
	Head   Head
	Time   time.Time // in seconds
}

// Signer signs checkpoints.
type Signer struct {
	KeyID string
	Key   crypto.Signer // Ed25519
}

// Sign makes the checkpoint's line of the log.
func (s Signer) Sign(c Checkpoint) ([]byte, error) {
	payload, err := jws.Encode(
		jws.Member{Name: "origin", Value: c.Origin}, jws.Member{Name: "size", Value: int64(c.Head.Seq)},
		jws.Member{Name: "head", Value: c.Head.Hash.String()}, jws.Member{Name: "iat", Value: c.Time})
	if err != nil {
		return nil, err
	}
	text, err := jws.Compact("EdDSA", s.Key, []jws.Member{{Name: "kid", Value: s.KeyID}, {Name: "typ", Value: TypeCheckpoint}}, payload)
	if err != nil {
		return nil, err
	}
	return []byte(pointBegin + text + pointEnd), nil
}

// A checkpoint stands in the log as a line behind the last entry that it is about.
const (
	pointBegin = `{"checkpoint":"`
	pointEnd   = `"}`
)

// Keys are the public keys of checkpoints, by their identifiers.
type Keys map[string]ed25519.PublicKey

// ReadKeys reads a JWK Set (RFC 7517 §5, RFC 8037 §2). Keys that are of no use here are
// passed over.
func ReadKeys(set []byte) (Keys, error) {
	var in struct {
		Keys []struct{ Kty, Crv, Kid, Use, X string }
	}
	if err := json.Unmarshal(set, &in); err != nil {
		return nil, errors.New("audit: not a JWK Set")
	}
	out := Keys{}
	for _, k := range in.Keys {
		x, err := base64.RawURLEncoding.Strict().DecodeString(k.X)
		if k.Kty != "OKP" || k.Crv != "Ed25519" || k.Kid == "" || k.Use != "sig" || err != nil || len(x) != ed25519.PublicKeySize {
			continue
		}
		if key := ed25519.PublicKey(x); jws.CheckKey(key) == nil {
			out[k.Kid] = key
		}
	}
	if len(out) == 0 {
		return nil, errors.New("audit: the JWK Set has no key for checkpoints")
	}
	return out, nil
}

var checkpoints = jws.NewParser(jws.Rules{Algs: []string{"EdDSA"}, Types: []string{TypeCheckpoint}, MaxSize: 4096})

// verify reads a checkpoint that one of the keys signed.
func (k Keys) verify(text string, off checks) (c Checkpoint, err error) {
	bad := errors.New("audit: not a checkpoint that a known key signed")
	t, err := checkpoints.Parse(text)
	if err != nil {
		return c, bad
	}
	key := k[t.KeyID]
	if key == nil || !off.has("signature") && jws.Verify("EdDSA", key, t.Input, t.Signature) != nil {
		return c, bad
	}
	o, err := t.Claims()
	if err != nil {
		return c, bad
	}
	c.Origin, c.Time = o.String("origin"), o.Time("iat")
	size := o.Int("size")
	c.Head.Hash, err = ParseHash(o.String("head"))
	if o.Err() != nil || err != nil || size < 1 {
		return c, bad
	}
	c.Head.Seq = uint64(size)
	return c, nil
}
