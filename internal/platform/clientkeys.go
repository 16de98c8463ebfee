package platform

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

// ClientKey is one of a client's registered public keys, as somebody compares it with
// their own: by its thumbprint (dấu vân tay của khóa, RFC 7638 with SHA-256).
type ClientKey struct {
	ID         string // kid
	Alg, Use   string
	Thumbprint string
}

var (
	errKeySet  = errors.New("platform: not a JWK Set of usable public keys")
	errKeyGone = errors.New("platform: the client has no such key")
)

// KeyList reads the client's registered keys.
func (c *Client) KeyList() (out []ClientKey, err error) {
	if len(c.Keys) == 0 {
		return nil, nil
	}
	all, err := parseKeys(c.Keys)
	for _, k := range all {
		print, err := jwx.Thumbprint(k.Public)
		if err != nil {
			return nil, errKeySet
		}
		out = append(out, ClientKey{ID: k.ID, Alg: k.Alg, Use: k.Use, Thumbprint: print})
	}
	return out, err
}

// AddKeys adds the keys of a set to the client's: the first half of a rotation, after
// which it authenticates by the old key and by the new one. A key for encryption takes
// the place of the one there was, since a client has one.
func (c *Client) AddKeys(set []byte) error {
	fresh, err := parseKeys(set)
	if err != nil || len(fresh) == 0 {
		return errKeySet
	}
	all, err := parseKeys(c.Keys)
	if err != nil {
		return err
	}
	for _, k := range fresh {
		all = slices.DeleteFunc(all, func(old jwx.Key) bool {
			return old.Use == "enc" && k.Use == "enc" || old.ID == k.ID && k.ID != "" || sameKey(old, k)
		})
		all = append(all, k)
	}
	return c.setKeys(all)
}

// DropKey takes a key away: the second half of a rotation. What is signed by it is
// refused from now on.
func (c *Client) DropKey(thumbprint string) error {
	all, err := parseKeys(c.Keys)
	if err != nil {
		return err
	}
	stay := slices.DeleteFunc(slices.Clone(all), func(k jwx.Key) bool {
		print, err := jwx.Thumbprint(k.Public)
		return err == nil && print == thumbprint
	})
	if len(stay) == len(all) {
		return errKeyGone
	}
	return c.setKeys(stay)
}

func (c *Client) setKeys(keys []jwx.Key) (err error) {
	c.Keys = json.RawMessage(nil)
	if len(keys) > 0 {
		c.Keys, err = jwx.Marshal(keys...)
	}
	return err
}

func parseKeys(set []byte) ([]jwx.Key, error) {
	if len(set) == 0 {
		return nil, nil
	}
	if len(set) > maxBody {
		return nil, errKeySet
	}
	all, skipped, err := jwx.ParseSet(set)
	if err != nil || len(skipped) > 0 {
		return nil, errKeySet
	}
	return all, nil
}

func sameKey(a, b jwx.Key) bool {
	x, err1 := jwx.Thumbprint(a.Public)
	y, err2 := jwx.Thumbprint(b.Public)
	return err1 == nil && err2 == nil && x == y
}
