package jwks

import (
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// JWKS writes the keys as a JWK Set, for an archive that says which keys there were.
func (k *Static) JWKS() ([]byte, error) {
	b, err := k.set.document()
	return b, fault.Prefix("jwks", err)
}

// JWKS writes the keys in use now as a JWK Set, for an archive that says which keys
// there were. It fetches nothing: without a set it is vneid.ErrUnavailable.
func (r *Remote) JWKS() ([]byte, error) {
	var s *set
	if cur := r.cur.Load(); cur != nil {
		s = cur.set
	}
	b, err := s.document()
	return b, fault.Prefix("jwks", err)
}

func (s *set) document() ([]byte, error) {
	if s == nil || len(s.all) == 0 {
		return nil, fault.New(vneid.ErrUnavailable, "there are no keys")
	}
	return jwx.Marshal(s.all...)
}
