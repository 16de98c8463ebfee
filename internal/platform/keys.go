package platform

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"
)

// Keys is a set of signing keys of one purpose. A key is published before it signs and
// after it has signed: both are times in the store, so that every process on the store
// does the same at the same instant, and a restart changes nothing.
//
//	made ──published──▶ From ──signs──▶ To ──published──▶ Until ──gone
//
// Rotate plans all of it. Announce, Switch and Retire are the steps by hand.
type Keys struct {
	ring *keyring
	name string        // login, qr, share, audit, issuer-police …
	alg  string        // of the key that there always is
	life time.Duration // how long what a key signed may have to be verified; 0: for good

	mu   sync.RWMutex
	keys []*signingKey // in the order in which they were made
}

type signingKey struct {
	kid, alg string
	signer   crypto.Signer
	jwk      map[string]any

	row   string // its key in the store
	made  time.Time
	from  time.Time // from when it signs; zero: nobody has decided
	to    time.Time // when its successor signs
	until time.Time // when it is published no more
}

// signs reports whether new signatures are the key's at an instant.
func (key *signingKey) signs(at time.Time) bool {
	return !key.from.IsZero() && !at.Before(key.from) && (key.to.IsZero() || at.Before(key.to))
}

func (key *signingKey) published(at time.Time) bool {
	return key.until.IsZero() || at.Before(key.until)
}

// errNoKey is answered as 503: another process has made the key within the last second.
var errNoKey = errors.New("platform: no key signs by that algorithm yet")

// signer returns the key that signs alg now. It looks at no store: it may be called
// within a transaction.
func (k *Keys) signer(alg string) (*signingKey, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if key := k.current(alg, k.ring.now()); key != nil {
		return key, nil
	}
	k.ring.look.Store(0)
	return nil, errNoKey
}

// current is the newest key that signs. A clock that was put back before all of them
// finds the oldest.
func (k *Keys) current(alg string, now time.Time) (found *signingKey) {
	for _, key := range k.keys {
		if key.alg == alg && key.signs(now) {
			found = key
		}
	}
	for i := 0; found == nil && i < len(k.keys); i++ {
		if key := k.keys[i]; key.alg == alg && !key.from.IsZero() && key.published(now) {
			found = key
		}
	}
	return found
}

// JWKS returns the published set (RFC 7517 §5).
func (k *Keys) JWKS() []byte {
	set := make([]map[string]any, 0, 4)
	for _, key := range k.all() {
		set = append(set, key.jwk)
	}
	b, err := json.Marshal(map[string]any{"keys": set})
	if err != nil { // maps of strings
		return nil
	}
	return b
}

// all lists copies of the published keys.
func (k *Keys) all() (out []signingKey) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	now := k.ring.now()
	for _, key := range k.keys {
		if key.published(now) {
			out = append(out, *key)
		}
	}
	return out
}

// Announced reports whether a next key is published that does not sign yet.
func (k *Keys) Announced() bool {
	now := k.ring.now()
	for _, key := range k.all() {
		if key.from.IsZero() || now.Before(key.from) {
			return true
		}
	}
	return false
}

// Rotate publishes the next key of every algorithm in use now, signs with it in a while,
// and publishes the former ones until nothing that they signed has to be verified any
// more. In a while is longer than relying parties keep the set: it is given out for five
// minutes.
func (k *Keys) Rotate(ctx context.Context, in time.Duration) error {
	if in < 0 {
		return errors.New("platform: a rotation in the past")
	}
	if err := k.announce(ctx); err != nil {
		return err
	}
	return k.use(ctx, k.ring.now().Add(in))
}

// Announce makes the next key of every algorithm in use and publishes it.
func (k *Keys) Announce() error { return k.announce(context.Background()) }

// Switch begins to sign with the newest announced keys. The former ones stay published.
func (k *Keys) Switch() error { return k.use(context.Background(), k.ring.now()) }

// Retire stops publishing the keys that sign no more, before their time. What they
// signed can no longer be verified, so that the keys of what is kept for good stay.
func (k *Keys) Retire() error { return k.drop(context.Background(), k.life > 0) }

func (k *Keys) announce(ctx context.Context) error {
	var next []*signingKey
	for _, alg := range k.algs() {
		key, err := generate(alg) // RSA takes its time: not within the transaction
		if err != nil {
			return err
		}
		next = append(next, key)
	}
	return k.ring.change(ctx, k, func(tx Tx, _ []*signingKey) error {
		for _, key := range next {
			if err := k.ring.enter(tx, k, key, "published"); err != nil {
				return err
			}
		}
		return nil
	})
}

// algs lists the algorithms that some key signs.
func (k *Keys) algs() (out []string) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	now := k.ring.now()
	for _, key := range k.keys {
		if k.current(key.alg, now) == key {
			out = append(out, key.alg)
		}
	}
	return out
}

// use signs from an instant on with the newest keys that were announced; of several the
// others are passed over.
func (k *Keys) use(ctx context.Context, at time.Time) error {
	return k.ring.change(ctx, k, func(tx Tx, rows []*signingKey) error {
		turned, now := map[string]bool{}, k.ring.now()
		for i := len(rows) - 1; i >= 0; i-- {
			key := rows[i]
			next := key.from.IsZero() || now.Before(key.from)
			switch {
			case next && !turned[key.alg]:
				key.from, turned[key.alg] = at, true
			case turned[key.alg] && (next || key.to.IsZero()):
				key.to = at
				if key.from.IsZero() {
					key.from = at
				}
				if k.life > 0 {
					key.until = at.Add(k.life)
				}
			default:
				continue
			}
			step := "used"
			if !key.to.IsZero() {
				step = "former"
			}
			if err := k.ring.put(tx, k, key, step); err != nil {
				return err
			}
		}
		return nil
	})
}

// drop deletes the keys that nobody needs: those whose time is over, or with now all
// that sign no more.
func (k *Keys) drop(ctx context.Context, now bool) error {
	return k.ring.change(ctx, k, func(tx Tx, rows []*signingKey) error {
		for _, key := range rows {
			over := !key.published(k.ring.now())
			if former := !key.to.IsZero() && !k.ring.now().Before(key.to); !over && !(now && former) {
				continue
			}
			if err := errors.Join(tx.Delete(tableKeys, key.row), k.ring.rotated(tx, k, key, "withdrawn")); err != nil {
				return err
			}
		}
		return nil
	})
}

// tidy drops the keys whose time is over, if there are any.
func (k *Keys) tidy(ctx context.Context) error {
	k.mu.RLock()
	over := slices.ContainsFunc(k.keys, func(key *signingKey) bool { return !key.published(k.ring.now()) })
	k.mu.RUnlock()
	if !over {
		return nil
	}
	return k.drop(ctx, false)
}

// ensure makes the first key of an algorithm.
func (k *Keys) ensure(ctx context.Context, alg string) error {
	if _, err := k.signer(alg); err == nil {
		return nil
	}
	key, err := generate(alg)
	if err != nil {
		return err
	}
	key.from = k.ring.now()
	return k.ring.change(ctx, k, func(tx Tx, rows []*signingKey) error {
		for _, there := range rows {
			if there.alg == alg && !there.from.IsZero() {
				return nil // another process was first
			}
		}
		return k.ring.enter(tx, k, key, "made")
	})
}
