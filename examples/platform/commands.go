package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/store"
	"github.com/vneid-sdk/vneid-go/internal/personas/crowd"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

var errForgets = errors.New("a store in memory is gone when the command ends")

// loadCmd adds citizens.
type loadCmd struct {
	stored

	Citizens int    `help:"How many; those that are there already count." required:"" placeholder:"N"`
	Seed     uint64 `help:"Who they are." default:"1"`
}

// Run implements the command.
func (c *loadCmd) Run(ctx context.Context, to output) (err error) {
	if c.inMemory() {
		return errForgets
	}
	if c.Citizens < 1 || c.Citizens > crowd.Max {
		return fmt.Errorf("-citizens is from 1 to %d", crowd.Max)
	}
	records, secret, err := c.openWithSecret(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	p, err := platform.New(platform.Config{Issuer: "http://127.0.0.1", Store: records, Secret: secret})
	if err != nil {
		return err
	}
	began := time.Now()
	added, err := p.Load(ctx, crowd.Crowd{Seed: c.Seed}.People(0, c.Citizens))
	fmt.Fprintf(to.out, "Đã thêm %d người / %d people added (%.1f s)\n", added, added, time.Since(began).Seconds())
	return err
}

// migrateCmd brings the schema up to date.
type migrateCmd struct{ stored }

// Run implements the command.
func (c *migrateCmd) Run(ctx context.Context, to output) error {
	if c.inMemory() {
		return errForgets
	}
	records, err := c.open(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(to.out, "Lược đồ đã mới nhất / the schema is up to date")
	return records.Close()
}

// backupCmd copies the store into a file.
type backupCmd struct {
	stored

	File string `arg:"" help:"The file to write; - is standard output."`
}

// Run implements the command.
func (c *backupCmd) Run(ctx context.Context, to output) (err error) {
	records, err := c.openFilled(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	if c.File == "-" {
		_, err = store.Backup(ctx, records, to.out)
		return err
	}
	n := 0
	err = writeWhole(c.File, func(w io.Writer) (err error) {
		n, err = store.Backup(ctx, records, w)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "Đã sao lưu %d bản ghi / %d records copied\n", n, n)
	fmt.Fprintln(to.out, "Giữ bí mật bên cạnh bản sao: thiếu nó thì bản sao vô dụng / keep the secret with the copy, which is of no use without it")
	return nil
}

// restoreCmd reads a copy into an empty store.
type restoreCmd struct {
	stored

	File string `arg:"" help:"The file to read." type:"existingfile"`
}

// Run implements the command.
func (c *restoreCmd) Run(ctx context.Context, to output) (err error) {
	if c.inMemory() {
		return errForgets
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	records, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	n, err := store.Restore(ctx, records, f)
	if err == nil {
		fmt.Fprintf(to.out, "Đã khôi phục %d bản ghi / %d records restored\n", n, n)
	}
	return err
}

// healthCmd asks a platform on this machine.
type healthCmd struct {
	Addr string        `help:"Where it listens." default:"127.0.0.1:8088"`
	Wait time.Duration `help:"How long to wait until it is ready." default:"0s"`
}

// Run implements the command.
func (c *healthCmd) Run(ctx context.Context, to output) error {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	url, until := "http://"+net.JoinHostPort(host, port)+"/readyz", time.Now().Add(c.Wait)
	for {
		text, err := askReady(ctx, url)
		if err == nil {
			_, err = fmt.Fprint(to.out, text)
			return err
		}
		if time.Now().After(until) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func askReady(ctx context.Context, url string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", errors.New("nobody answers there")
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 200))
	if err == nil && res.StatusCode != http.StatusOK {
		err = errors.New("not ready: " + strings.TrimSpace(string(text)))
	}
	return string(text), err
}

// versionCmd says which version this is.
type versionCmd struct{}

// Run implements the command.
func (versionCmd) Run(to output) error {
	_, err := fmt.Fprintln(to.out, version())
	return err
}

// version is what the program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && !strings.Contains(v, s.Value[:min(12, len(s.Value))]) {
			v += " " + s.Value
		}
	}
	return strings.TrimSpace(v)
}
