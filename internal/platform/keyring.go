package platform

import (
	"cmp"
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const (
	tableKeys = "key" // set / number → keyRow

	countKeys  = "keys"   // goes on with every change of a key: processes look at it
	headSecret = "secret" // in tableHead: shows that the secret is the store's
)

// How long former keys stay published: longer than anything that they signed.
const (
	loginKeyLife  = 24 * time.Hour           // id_token_hint at a logout, after eight hours of a session
	qrKeyLife     = staticLife + listLife    // codes on cards, and lists of their status
	shareKeyLife  = 5 * 366 * 24 * time.Hour // consent receipts, which both sides keep as long as the usage history
	issuerKeyLife = documentLife + listLife  // documents, and lists of their status
)

// keyRow is a signing key at rest. The private key is sealed with AES-256-GCM, under a
// key that HKDF-SHA-256 (RFC 5869) makes of Config.Secret; the additional data is the
// row's place, name and algorithm, so that no row stands for another.
type keyRow struct {
	KeyID  string    `json:"kid"`
	Alg    string    `json:"alg"`
	Made   time.Time `json:"made"`
	From   time.Time `json:"from,omitzero"`
	To     time.Time `json:"to,omitzero"`
	Until  time.Time `json:"until,omitzero"`
	Sealed []byte    `json:"sealed"` // nonce, then PKCS #8
}

// keyring keeps the sets of keys in the store, and what is in use in memory. A change by
// another process is seen by the next request a second later.
type keyring struct {
	p    *Platform
	aead cipher.AEAD
	sets map[string]*Keys
	born time.Time
	look atomic.Int64 // when the version was looked at last, in nanoseconds since born, and one lookEvery; 0: never

	mu      sync.Mutex // one reload at a time
	version uint64
}

// lookEvery is how stale the keys in memory may be. It counts real time: a virtual
// clock that stands still must not keep a process from looking.
const lookEvery = time.Second

func newKeyring(p *Platform) (*keyring, error) {
	secret, err := hkdf.Key(sha256.New, p.cfg.Secret, nil, "vneid-go platform keys at rest 1", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &keyring{p: p, aead: aead, sets: map[string]*Keys{}, born: time.Now()}, err
}

func (r *keyring) now() time.Time { return r.p.now() }

// add makes a set known, with an algorithm of which there is always a key.
func (r *keyring) add(name, alg string, life time.Duration) *Keys {
	k := &Keys{ring: r, name: name, alg: alg, life: life}
	r.sets[name] = k
	return k
}

// errOtherSecret says what is the matter, and not what the store holds.
var errOtherSecret = errors.New("Config.Secret is not the one that this store was made with")

// open loads the keys, and makes those that are missing, in one transaction: of several
// processes that start on an empty store one makes them.
func (r *keyring) open(ctx context.Context) error {
	err := r.p.store.Update(ctx, func(tx Tx) error {
		if err := r.checkSecret(tx); err != nil {
			return err
		}
		for name, k := range r.sets {
			rows, err := r.rows(tx, k)
			if err != nil || len(rows) > 0 {
				if err != nil {
					return err
				}
				continue
			}
			key, err := generate(k.alg)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			key.from = r.now()
			if err := r.enter(tx, k, key, "made"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.reload(ctx)
}

func (r *keyring) checkSecret(tx Tx) error {
	sealed, err := tx.Get(tableHead, headSecret)
	if err != nil {
		return err
	}
	if sealed == nil {
		return tx.Put(tableHead, headSecret, r.seal(nil, headSecret), time.Time{})
	}
	if _, err := r.unseal(sealed, headSecret); err != nil {
		return errOtherSecret
	}
	return nil
}

// fresh reloads the keys if another process has changed any, looking once a second.
// What fails is tried again by the next call: the keys in memory still sign.
func (r *keyring) fresh(ctx context.Context) {
	now, last := int64(time.Since(r.born))+int64(lookEvery), r.look.Load()
	if now-last < int64(lookEvery) || !r.look.CompareAndSwap(last, now) {
		return
	}
	var version uint64
	err := r.p.store.View(ctx, func(tx Tx) (err error) {
		version, err = counted(tx, countKeys)
		return err
	})
	r.mu.Lock()
	same := version == r.version
	r.mu.Unlock()
	if err == nil && !same {
		err = r.reload(ctx)
	}
	if err != nil {
		r.look.Store(0)
	}
}

// reload reads every set.
func (r *keyring) reload(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var version uint64
	found := map[*Keys][]*signingKey{}
	err := r.p.store.View(ctx, func(tx Tx) (err error) {
		if version, err = counted(tx, countKeys); err != nil {
			return err
		}
		for _, k := range r.sets {
			if found[k], err = r.rows(tx, k); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for k, keys := range found {
		k.mu.Lock()
		k.keys = keys
		k.mu.Unlock()
	}
	r.version = version
	return nil
}

// maxKeys bounds a set: no relying party reads more (vneid/jwks).
const maxKeys = 100

// rows reads a set from the store.
func (r *keyring) rows(tx Tx, k *Keys) (out []*signingKey, err error) {
	rows, err := tx.List(tableKeys, k.name+"/", "", maxKeys)
	for _, one := range rows {
		var row keyRow
		if json.Unmarshal(one.Value, &row) != nil {
			return nil, errors.New("the store holds a damaged key")
		}
		plain, err := r.unseal(row.Sealed, one.Key, row.KeyID, row.Alg)
		if err != nil {
			return nil, err
		}
		parsed, err := x509.ParsePKCS8PrivateKey(plain)
		signer, ok := parsed.(crypto.Signer)
		if err != nil || !ok {
			return nil, errors.New("the store holds a damaged key")
		}
		key := &signingKey{alg: row.Alg, signer: signer, row: one.Key, made: row.Made, from: row.From, to: row.To, until: row.Until}
		if err := key.name(); err != nil {
			return nil, err
		}
		out = append(out, key)
	}
	return out, err
}

// change changes a set in one transaction and is seen here at once.
func (r *keyring) change(ctx context.Context, k *Keys, f func(Tx, []*signingKey) error) error {
	err := r.p.store.Update(ctx, func(tx Tx) error {
		rows, err := r.rows(tx, k)
		if err != nil {
			return err
		}
		return f(tx, rows)
	})
	if err != nil {
		return err
	}
	return r.reload(ctx)
}

// errFullSet says what can be done about it.
var errFullSet = errors.New("platform: the set has a hundred keys: retire those that sign no more")

// enter stores a new key behind the others of its set.
func (r *keyring) enter(tx Tx, k *Keys, key *signingKey, step string) error {
	if there, err := tx.List(tableKeys, k.name+"/", "", maxKeys); err != nil || len(there) >= maxKeys {
		return cmp.Or(err, errFullSet)
	}
	n, err := next(tx, "keys of "+k.name)
	if err != nil {
		return err
	}
	key.row, key.made = fmt.Sprintf("%s/%08d", k.name, n), r.now()
	return r.put(tx, k, key, step)
}

// put stores a key as it is now.
func (r *keyring) put(tx Tx, k *Keys, key *signingKey, step string) error {
	plain, err := x509.MarshalPKCS8PrivateKey(key.signer)
	if err != nil {
		return err
	}
	row := keyRow{KeyID: key.kid, Alg: key.alg, Made: key.made, From: key.from, To: key.to, Until: key.until, Sealed: r.seal(plain, key.row, key.kid, key.alg)}
	return errors.Join(save(tx, tableKeys, key.row, row, time.Time{}), r.rotated(tx, k, key, step))
}

// auditKeyStep is what an entry says of a key.
type auditKeyStep struct {
	Set   string    `json:"set"`
	KeyID string    `json:"kid"`
	Alg   string    `json:"alg"`
	Step  string    `json:"step"` // made, published, used, former, withdrawn
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// rotated tells the other processes and the audit.
func (r *keyring) rotated(tx Tx, k *Keys, key *signingKey, step string) error {
	_, err := next(tx, countKeys)
	return errors.Join(err, r.p.record(tx, entry{Kind: auditKeyRotated, Body: auditKeyStep{k.name, key.kid, key.alg, step, key.from, key.until}}))
}

// seal encrypts for one place; unseal is its reverse.
func (r *keyring) seal(plain []byte, place ...string) []byte {
	nonce := make([]byte, r.aead.NonceSize())
	rand.Read(nonce)
	return r.aead.Seal(nonce, nonce, plain, placeOf(place))
}

func (r *keyring) unseal(sealed []byte, place ...string) ([]byte, error) {
	n := r.aead.NonceSize()
	if len(sealed) < n {
		return nil, errors.New("the store holds a damaged key")
	}
	plain, err := r.aead.Open(nil, sealed[:n], sealed[n:], placeOf(place))
	if err != nil {
		return nil, errors.New("the store holds a damaged key")
	}
	return plain, nil
}

// placeOf joins parts that hold no line feed.
func placeOf(parts []string) (out []byte) {
	for _, s := range parts {
		out = append(append(out, s...), '\n')
	}
	return out
}
