// Package kiosk opens trust bundles for programs that run without a network. It
// remembers the newest bundle that this machine has seen, so that nobody gives it an
// older one.
package kiosk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/trustbundle"
)

// Pin reads the file with the keys of a bundle's maker, which came by hand: a JWK Set
// with the member issuer beside keys, as trust-bundle -new-key writes it.
func Pin(file string) (trustbundle.Config, error) {
	doc, err := read(file)
	if err != nil {
		return trustbundle.Config{}, err
	}
	var named struct{ Issuer string }
	if err := json.Unmarshal(doc, &named); err != nil || named.Issuer == "" {
		return trustbundle.Config{}, errors.New("the file does not say whose keys it has (issuer)")
	}
	keys, err := jwks.Parse(doc, named.Issuer, trustbundle.Use)
	if err != nil {
		return trustbundle.Config{}, err
	}
	return trustbundle.Config{Maker: named.Issuer, Keys: keys}, nil
}

// Open opens a bundle under the keys of a pin, and notes its sequence in the user's
// cache folder.
func Open(ctx context.Context, bundle, pin string, now func() time.Time) (*trustbundle.Bundle, error) {
	cfg, err := Pin(pin)
	if err != nil {
		return nil, fmt.Errorf("-bundle-key: %w", err)
	}
	file, err := read(bundle)
	if err != nil {
		return nil, fmt.Errorf("-bundle: %w", err)
	}
	note, err := noteOf(cfg.Maker)
	if err != nil {
		return nil, err
	}
	if cfg.Held, err = note.held(); err != nil {
		return nil, err
	}
	cfg.Now = now
	b, err := cfg.Open(ctx, file)
	if err != nil {
		return nil, fmt.Errorf("-bundle: %w", err)
	}
	if b.Sequence() > cfg.Held {
		err = note.keep(b.Sequence())
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// largest is a little more than any bundle.
const largest = 17 << 20

func read(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, largest))
}

// note is the file with the sequence of the newest bundle of one maker.
type note string

func noteOf(maker string) (note, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", errors.New("there is no cache folder that remembers the newest bundle")
	}
	sum := sha256.Sum256([]byte(maker))
	return note(filepath.Join(cache, "vneid-kiosk", hex.EncodeToString(sum[:8])+".seq")), nil
}

func (n note) held() (uint64, error) {
	text, err := os.ReadFile(string(n))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	held, bad := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || bad != nil {
		return 0, fmt.Errorf("%s: does not say which bundle was the newest", n)
	}
	return held, nil
}

// keep writes beside and renames, so that a crash leaves one sequence or the other. What
// another program noted meanwhile is not taken back.
func (n note) keep(sequence uint64) error {
	if held, err := n.held(); err != nil || held >= sequence {
		return err
	}
	dir := filepath.Dir(string(n))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return errors.New("the newest bundle cannot be noted: " + dir + " cannot be made")
	}
	f, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return fmt.Errorf("the newest bundle cannot be noted: %w", err)
	}
	_, err = io.WriteString(f, strconv.FormatUint(sequence, 10)+"\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), string(n))
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("the newest bundle cannot be noted: %w", err)
	}
	return nil
}
