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
	set, err := k.get(ctx)
	if err != nil {
		return err
	}
	return set.Verify(ctx, s)
}

// Ready returns nil when there are keys to verify with, fetching them if need be.
func (k *providerKeys) Ready(ctx context.Context) error {
	set, err := k.get(ctx)
	if err != nil {
		return err
	}
	return set.Ready(ctx)
}

func (k *providerKeys) get(ctx context.Context) (*jwks.Remote, error) {
	md, err := k.client.provider.Get(ctx)
	if err != nil {
		return nil, err
	}
	set := k.set.Load()
	if set == nil || set.URL != md.jwks {
		fresh := &jwks.Remote{
			URL: md.jwks, Issuer: k.client.cfg.Issuer, Uses: []vneid.Use{vneid.UseIDToken, vneid.UseLogout},
			HTTP: k.client.named("keys"), Now: k.client.cfg.Now,
		}
		if k.set.CompareAndSwap(set, fresh) {
			set = fresh
		} else {
			set = k.set.Load()
		}
	}
	return set, nil
}

// checked words a refusal of the key set. What this module says of its own sets
// stays as it is: with a kind, or without one where they are not configured. To
// another's refusal a kind is given if it lacks one, since a set that cannot say why
// cannot tell, and all but one taken away.
func checked(err error) error {
	if _, own := fault.Own(err); own {
		return err
	}
	var kind vneid.Kind
	if !errors.As(err, &kind) || kind < vneid.ErrMalformed || kind > vneid.ErrUnavailable {
		return fault.Wrap(vneid.ErrUnavailable, err, "the key set cannot tell")
	}
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if k != kind && errors.Is(err, k) {
			return fault.New(kind, "the key set: %v", kind) // the cause would match k too
		}
	}
	return fault.Wrap(kind, err, "the key set: %v", kind)
}
