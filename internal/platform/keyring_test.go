package platform

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

var secretOfTests = bytes.Repeat([]byte{7}, 32)

// another starts a further process on a world's store.
func (w *world) another(secret []byte) (*Platform, error) {
	return New(Config{Issuer: w.url, Store: w.store, Secret: secret, Now: w.clock.Now, PasswordRounds: 1})
}

// sharedWorld is a platform whose secret others have too.
func sharedWorld(t *testing.T) *world {
	c := &clock{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	p, err := New(Config{Issuer: "http://127.0.0.1:1", Secret: secretOfTests, Now: c.Now, PasswordRounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	return &world{Platform: p, t: t, clock: c, url: "http://127.0.0.1:1"}
}

func (p *Platform) kids(name string) (out []string) {
	for _, key := range p.ring.sets[name].all() {
		out = append(out, key.kid)
	}
	return out
}

func TestKeysOutliveTheProcess(t *testing.T) {
	w := sharedWorld(t)
	if err := w.Platform.login.ensure(t.Context(), "RS256"); err != nil {
		t.Fatal(err)
	}
	again, err := w.another(secretOfTests)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(w.ring.sets)) {
		if a, b := w.kids(name), again.kids(name); len(a) == 0 || !slices.Equal(a, b) || !bytes.Equal(w.ring.sets[name].JWKS(), again.ring.sets[name].JWKS()) {
			t.Errorf("%s: %v here, %v after a restart", name, a, b)
		}
	}
	if len(w.kids("login")) != 2 {
		t.Error("the RSA key is not there")
	}
}

func TestAnotherSecretIsRefused(t *testing.T) {
	w := sharedWorld(t)
	if _, err := w.another(secretOfTests); err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string][]byte{"another": bytes.Repeat([]byte{8}, 32), "a random one": nil} {
		if _, err := w.another(secret); err == nil || err.Error() != "platform: Config.Secret is not the one that this store was made with" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoPrivateKeyIsInTheStore(t *testing.T) {
	w := sharedWorld(t)
	err := w.store.View(t.Context(), func(tx Tx) error {
		rows, err := tx.List(tableKeys, "", "", 1000)
		if len(rows) != len(w.ring.sets) {
			t.Errorf("%d rows", len(rows))
		}
		for _, k := range w.ring.sets {
			for _, key := range k.keys {
				var secret []byte
				var err error
				switch s := key.signer.(type) {
				case ed25519.PrivateKey:
					secret = s.Seed()
				case *ecdsa.PrivateKey:
					secret, err = s.Bytes()
				}
				if err != nil || len(secret) != 32 {
					return errors.Join(err, errors.New("no secret"))
				}
				for _, row := range rows {
					var r keyRow
					if err := json.Unmarshal(row.Value, &r); err != nil {
						return err
					}
					if bytes.Contains(r.Sealed, secret) {
						t.Errorf("%s: a private key in the clear", row.Key)
					}
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A row of the store that is put in another's place is no key: an attacker with the
// store alone cannot make the key of one purpose sign for another.
func TestASealedKeyIsGoodForItsPlaceAlone(t *testing.T) {
	for name, change := range map[string]func(Tx, []byte) error{
		"of another set": func(tx Tx, row []byte) error { return tx.Put(tableKeys, "qr/00000000", row, time.Time{}) },
		"under another number": func(tx Tx, row []byte) error {
			return tx.Put(tableKeys, "login/00000009", row, time.Time{})
		},
		"of another algorithm": func(tx Tx, row []byte) error {
			return tx.Put(tableKeys, "login/00000000", bytes.Replace(row, []byte("ES256"), []byte("EdDSA"), 1), time.Time{})
		},
		"cut": func(tx Tx, row []byte) error {
			return tx.Put(tableKeys, "login/00000000", []byte(`{"kid":"x","sealed":"AAAA"}`), time.Time{})
		},
	} {
		w := sharedWorld(t)
		if _, err := w.another(secretOfTests); err != nil {
			t.Fatal(err)
		}
		if err := w.store.Update(t.Context(), func(tx Tx) error {
			row, err := tx.Get(tableKeys, "login/00000000")
			if err != nil || row == nil {
				t.Fatal("no key", err)
			}
			return change(tx, row)
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.another(secretOfTests); err == nil || !strings.Contains(err.Error(), "damaged key") {
			t.Errorf("a key %s: %v", name, err)
		}
	}
}

func TestAnotherProcessSeesARotation(t *testing.T) {
	w := sharedWorld(t)
	other, err := w.another(secretOfTests)
	if err != nil {
		t.Fatal(err)
	}
	looks := 0
	other.store = views{other.store, &looks}
	if err := w.share.Announce(); err != nil {
		t.Fatal(err)
	}
	other.ring.fresh(t.Context())
	if a, b := w.kids("share"), other.kids("share"); len(a) != 2 || !slices.Equal(a, b) {
		t.Fatalf("%v here, %v there", a, b)
	}
	looks = 0
	for range 1000 {
		other.ring.fresh(t.Context())
	}
	if looks > 1 { // a second may have passed
		t.Errorf("%d looks at the store for a thousand requests", looks)
	}
	if err := w.share.Switch(); err != nil {
		t.Fatal(err)
	}
	other.ring.look.Store(1) // a second later
	other.ring.born = other.ring.born.Add(-2 * lookEvery)
	other.ring.fresh(t.Context())
	a, err1 := w.share.signer("ES256")
	b, err2 := other.share.signer("ES256")
	if err1 != nil || err2 != nil || a.kid != b.kid || a.kid != w.kids("share")[1] {
		t.Error("the two sign with different keys")
	}
}

// views counts how often the store is read.
type views struct {
	Store
	n *int
}

func (v views) View(ctx context.Context, f func(Tx) error) error {
	*v.n++
	return v.Store.View(ctx, f)
}

func (v views) Get(ctx context.Context, table, key string) ([]byte, error) {
	*v.n++
	return v.Store.Get(ctx, table, key)
}

func TestAPlannedRotationHappensByTheClock(t *testing.T) {
	w := sharedWorld(t)
	other, err := w.another(secretOfTests)
	if err != nil {
		t.Fatal(err)
	}
	first := w.kids("qr")[0]
	if err := w.qr.Rotate(t.Context(), 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	other.ring.fresh(t.Context())
	second := w.kids("qr")[1]
	for _, one := range []struct {
		name   string
		ahead  time.Duration
		signs  string
		stands []string
	}{
		{"published", 0, first, []string{first, second}},
		{"a second before", 10*time.Minute - time.Second, first, []string{first, second}},
		{"at its time", time.Second, second, []string{first, second}},
		{"as long as codes live", qrKeyLife - time.Second, second, []string{first, second}},
		{"and no longer", time.Second, second, []string{second}},
	} {
		w.clock.advance(one.ahead)
		for _, p := range []*Platform{w.Platform, other} {
			key, err := p.qr.signer("EdDSA")
			if err != nil || key.kid != one.signs || !slices.Equal(p.kids("qr"), one.stands) {
				t.Errorf("%s: %v, %v", one.name, p.kids("qr"), err)
			}
		}
	}
	rows := func() (n int) {
		if err := w.store.View(t.Context(), func(tx Tx) error {
			all, err := tx.List(tableKeys, "qr/", "", 9)
			n = len(all)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if rows() != 2 || w.qr.tidy(t.Context()) != nil || rows() != 1 {
		t.Error("the former key stays in the store")
	}
	w.clock.advance(-10 * 24 * time.Hour) // a virtual clock may be put back
	if key, err := w.qr.signer("EdDSA"); err != nil || key.kid != second {
		t.Error("nothing signs after the clock was put back:", err)
	}
}

func TestKeysOfWhatIsKeptForGoodStay(t *testing.T) {
	w := sharedWorld(t)
	if err := w.audit.Rotate(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	w.clock.advance(20 * 365 * 24 * time.Hour)
	if err := w.audit.Retire(); err != nil || len(w.kids("audit")) != 2 {
		t.Error("a key of checkpoints is gone", err)
	}
}

func TestSeveralProcessesOnAnEmptyStoreMakeOneSetOfKeys(t *testing.T) {
	store, kids := NewMemory(), make(chan string)
	for range 8 {
		go func() {
			p, err := New(Config{Issuer: "http://127.0.0.1:1", Store: store, Secret: secretOfTests})
			if err != nil {
				kids <- err.Error()
				return
			}
			kids <- strings.Join(p.kids("login"), " ")
		}()
	}
	first := <-kids
	for range 7 {
		if next := <-kids; next != first {
			t.Errorf("%s and %s", first, next)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(Config{Issuer: "http://127.0.0.1:1"}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestASetOfKeysIsFullAndSaysSo(t *testing.T) {
	w := newWorld(t)
	keys := w.AuditKeys()
	for i := range maxKeys - 1 {
		if err := keys.Announce(); err != nil {
			t.Fatalf("key %d: %v", i+2, err)
		}
	}
	if err := keys.Rotate(t.Context(), 0); err == nil {
		t.Error("a rotation that nobody sees")
	}
	if n := len(w.kids("audit")); n != maxKeys {
		t.Errorf("%d keys", n)
	}
}
