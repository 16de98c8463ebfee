package sso

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// providerKeys is the KeySet that the provider's metadata points to. A jwks_uri
// that changes means a new set, so that old keys end with their address.
type providerKeys struct {
	client *Client
	set    atomic.Pointer[jwks.Remote]
}

func (k *providerKeys) Verify(ctx context.Context, s vneid.Signed) error {
	md, err := k.client.provider.get(ctx)
	if err != nil {
		return err
	}
	set := k.set.Load()
	if set == nil || set.URL != md.jwks {
		fresh := &jwks.Remote{
			URL: md.jwks, Issuer: k.client.cfg.Issuer, Uses: []vneid.Use{vneid.UseIDToken},
			HTTP: k.client.http, Now: k.client.cfg.Now,
		}
		if k.set.CompareAndSwap(set, fresh) {
			set = fresh
		} else {
			set = k.set.Load()
		}
	}
	return set.Verify(ctx, s)
}

// checked gives the refusal of a KeySet that a caller wrote a kind, if it lacks
// one: a set that cannot say why is one that cannot tell.
func checked(err error) error {
	var kind vneid.Kind
	if errors.As(err, &kind) {
		return err
	}
	return fault.Wrap(vneid.ErrUnavailable, err, "the key set cannot tell")
}
