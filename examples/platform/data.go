package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/store"
)

// stored says where a command's records and their secret are.
type stored struct {
	Data       string `help:"Folder of the database and the secret." default:"${data}" placeholder:"DIR"`
	Store      string `help:"Where records are kept: memory:, sqlite:FILE or postgres://USER@HOST/NAME. If not given, sqlite:DIR/platform.db." placeholder:"URL"`
	SecretFile string `help:"File with the secret that the records are bound to, made at the first start. If not given, DIR/platform.secret." placeholder:"FILE"`
}

// dataDir is the user's own folder for what programs remember: not the cache, which
// others may empty, and not the folder that the command was started in, where the
// database would end up in somebody's repository.
func dataDir() string {
	const name = "vneid-platform"
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, name)
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		if dir, err := os.UserConfigDir(); err == nil {
			return filepath.Join(dir, name)
		}
	} else if dir, err := os.UserHomeDir(); err == nil {
		return filepath.Join(dir, ".local", "state", name)
	}
	return ""
}

var errNoData = errors.New("there is no folder of your own to keep data in: name one with -data, or take -store memory: and forget everything")

var (
	errNoStore  = errors.New("there is no store, or nothing in it")
	errNoSecret = errors.New("the secret that the store was made with is missing")
)

// inMemory reports whether nothing is kept.
func (s stored) inMemory() bool { return s.Store == "memory:" }

// url names the store.
func (s stored) url() (string, error) {
	if s.Store != "" {
		return s.Store, nil
	}
	if s.Data == "" {
		return "", errNoData
	}
	return "sqlite:" + filepath.Join(s.Data, "platform.db"), nil
}

func (s stored) makeData() error {
	if s.Data == "" {
		return errNoData
	}
	return os.MkdirAll(s.Data, 0o700)
}

// open opens the store, and brings its schema up to date. What is not there is made, and
// the folder that it stands in by default.
func (s stored) open(ctx context.Context) (store.Store, error) {
	url, err := s.url()
	if err == nil && s.Store == "" {
		err = s.makeData()
	}
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, url)
}

// openFilled opens a store to read what is in it. Who mistypes its place would else have
// the copy of an empty store that was made on the spot, or an empty log that verifies.
func (s stored) openFilled(ctx context.Context) (store.Store, error) {
	url, err := s.url()
	if err != nil {
		return nil, err
	}
	if s.inMemory() {
		return nil, errForgets
	}
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, errNoStore
		}
	}
	records, err := store.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	empty, err := store.Empty(ctx, records)
	if empty {
		err = errNoStore
	}
	if err != nil {
		return nil, errors.Join(err, records.Close())
	}
	return records, nil
}

// openWithSecret opens the store and reads its secret, or makes both.
func (s stored) openWithSecret(ctx context.Context) (store.Store, []byte, error) {
	records, err := s.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	secret, err := s.secret(func() (bool, error) { return store.Empty(ctx, records) })
	if err != nil {
		return nil, nil, errors.Join(err, records.Close())
	}
	return records, secret, nil
}

// secret reads the secret, and makes one for an empty store: for any other it is lost, and
// another in its place would go into the next copy. Without a store to outlive it there is
// none, unless a file is named.
func (s stored) secret(empty func() (bool, error)) ([]byte, error) {
	name := s.SecretFile
	if name == "" {
		if s.inMemory() {
			return nil, nil
		}
		if err := s.makeData(); err != nil {
			return nil, err
		}
		name = filepath.Join(s.Data, "platform.secret")
	}
	secret, err := readSecret(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return secret, err
	}
	first, err := empty()
	if err == nil && first {
		err = makeSecret(name)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if secret, err = readSecret(name); errors.Is(err, fs.ErrNotExist) { // it is there if another process was first
		return nil, fmt.Errorf("%w: %s", errNoSecret, name)
	}
	return secret, err
}

// secretSize is what platform.Config asks for.
const secretSize = 32

func readSecret(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("others can read the secret: chmod 600 %s", name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	secret, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) < secretSize { // the cause could quote it
		return nil, fmt.Errorf("%s is not 32 bytes in base64url", name)
	}
	return secret, nil
}

// makeSecret writes a new secret where there is none. It is whole or not there: another
// process may look meanwhile.
func makeSecret(name string) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".secret-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	b := make([]byte, secretSize)
	rand.Read(b)
	_, err = f.WriteString(base64.RawURLEncoding.EncodeToString(b) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), name) // unlike a rename, it refuses to replace
}
