package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/audit"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// auditCmd looks at the audit log.
type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Find out whether anything in the log was changed, put in, taken out, cut off or written anew."`
	Export auditExportCmd `cmd:"" help:"Write the log as lines of JSON, also while the platform runs."`
}

// auditVerifyCmd verifies a log. What it leans on comes from elsewhere than the log.
type auditVerifyCmd struct {
	stored

	File   string    `help:"An exported log, instead of the one in the store." type:"existingfile" placeholder:"FILE"`
	Issuer string    `help:"The URL of the platform whose log it is." default:"http://127.0.0.1:8088"`
	Keys   string    `help:"The platform's keys for checkpoints, kept in a file. If not given, they are fetched from ISSUER/audit/jwks.json." type:"existingfile" placeholder:"FILE"`
	Kept   string    `help:"A file with the end of the log as of the last verification, which is read if it is there, and written if the log verifies." placeholder:"FILE"`
	Head   []string  `help:"A place of the log out of a consent receipt." placeholder:"NUMBER:HASH"`
	Now    time.Time `help:"The time by the platform's clock, if that is not the real one." placeholder:"TIME"`
}

// Run implements the command.
func (c *auditVerifyCmd) Run(ctx context.Context, to output) (err error) {
	trust := platform.AuditTrust{Issuer: c.Issuer, Now: c.Now}
	if trust.Now.IsZero() {
		trust.Now = time.Now()
	}
	if trust.Keys, err = c.keys(ctx); err != nil {
		return err
	}
	if trust.Heads, err = c.heads(); err != nil {
		return err
	}
	report, err := c.verify(ctx, trust)
	if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "Nhật ký nguyên vẹn / the log is whole: %d entries, %d forgotten in time, %d checkpoints up to entry %d\n",
		report.Entries, report.Forgotten, report.Checkpoints, report.Covered)
	fmt.Fprintf(to.out, "Cuối / end   %d:%s\n", report.Last.Seq, report.Last.Hash)
	if c.Kept == "" {
		return nil
	}
	return writeWhole(c.Kept, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s\n", report.Last.Line())
		return err
	})
}

func (c *auditVerifyCmd) verify(ctx context.Context, trust platform.AuditTrust) (r audit.Report, err error) {
	if c.File != "" {
		f, err := os.Open(c.File)
		if err != nil {
			return r, err
		}
		defer f.Close()
		return platform.VerifyAudit(audit.Lines(f), trust)
	}
	records, err := c.openFilled(ctx)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	return platform.VerifyAudit(platform.AuditLines(ctx, records), trust)
}

func (c *auditVerifyCmd) keys(ctx context.Context) ([]byte, error) {
	if c.Keys != "" {
		return os.ReadFile(c.Keys)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.Issuer, "/")+"/audit/jwks.json", nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, errors.New("the platform's keys cannot be fetched: start it, or name a file with -keys")
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, errors.New("the platform does not give its keys out")
	}
	return io.ReadAll(io.LimitReader(res.Body, 1<<20))
}

// heads are the places of the log that somebody kept.
func (c *auditVerifyCmd) heads() (heads []audit.Head, err error) {
	for _, s := range c.Head {
		number, hash, ok := strings.Cut(s, ":")
		line := fmt.Sprintf(`{"end":%s,"hash":"%s"}`, number, hash)
		h, err := audit.ParseHead([]byte(line))
		if err != nil || !ok {
			return nil, fmt.Errorf("-head: %s is no number and hash", s)
		}
		heads = append(heads, h)
	}
	if c.Kept == "" {
		return heads, nil
	}
	text, err := os.ReadFile(c.Kept)
	if errors.Is(err, fs.ErrNotExist) {
		return heads, nil
	}
	h, err2 := audit.ParseHead([]byte(strings.TrimSuffix(string(text), "\n")))
	if err = errors.Join(err, err2); err != nil {
		return nil, fmt.Errorf("-kept: %w", err)
	}
	return append(heads, h), nil
}

// auditExportCmd writes the log.
type auditExportCmd struct {
	stored

	File string `arg:"" help:"The file to write; - is standard output."`
}

// Run implements the command.
func (c *auditExportCmd) Run(ctx context.Context, to output) (err error) {
	records, err := c.openFilled(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	if c.File == "-" {
		return platform.ExportAudit(ctx, records, to.out)
	}
	return writeWhole(c.File, func(w io.Writer) error { return platform.ExportAudit(ctx, records, w) })
}

var errNoFile = errors.New("a device, folder or pipe is not replaced by a file")

// writeWhole writes a file that appears when it is whole, and is nobody else's to read.
func writeWhole(name string, write func(io.Writer) error) error {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%w: %s", errNoFile, name)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".whole-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	w := bufio.NewWriterSize(f, 1<<16)
	if err := errors.Join(write(w), w.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
