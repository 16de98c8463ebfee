package platform

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/audit"
)

const (
	tablePoints = "checkpoint" // number of the last entry, twenty digits → its line of the log
	headPoint   = "checkpoint" // in tableHead: pointed
)

// pointed is the last checkpoint. At counts real time, since the log's own clock may be
// a virtual one that stands still.
type pointed struct {
	Size uint64    `json:"size"`
	At   time.Time `json:"at"`
}

// checkpointEvery is how often Work signs while there are new entries; with several
// processes on a store one of them does it.
const checkpointEvery = 30 * time.Second

// auditOrigin names the log in its checkpoints.
func auditOrigin(issuer string) string { return issuer + "/audit" }

// Checkpoint signs where the audit log stands, unless nothing is new. Work does so at
// most a minute after an entry, and when it ends.
func (p *Platform) Checkpoint(ctx context.Context) error { return p.checkpoint(ctx, 0) }

// checkpoint leaves it to the next time when the last one is younger than age.
func (p *Platform) checkpoint(ctx context.Context, age time.Duration) error {
	key, err := p.audit.signer("EdDSA")
	if err != nil {
		return err
	}
	return p.store.Update(ctx, func(tx Tx) error {
		at, err1 := auditHead(tx)
		last, err2 := load[pointed](tx, tableHead, headPoint)
		if err := errors.Join(err1, err2); err != nil || at.Seq == 0 {
			return err
		}
		now := time.Now()
		if last != nil && (last.Size == at.Seq || now.Sub(last.At) < age) {
			return nil
		}
		line, err := audit.Signer{KeyID: key.kid, Key: key.signer}.Sign(audit.Checkpoint{Origin: auditOrigin(p.cfg.Issuer), Head: at, Time: p.now()})
		if err != nil {
			return err
		}
		return errors.Join(tx.Put(tablePoints, auditKey(at.Seq), line, time.Time{}), save(tx, tableHead, headPoint, pointed{at.Seq, now}, time.Time{}))
	})
}

// AuditState is how far the log and its checkpoints are.
type AuditState struct {
	Head    audit.Head
	Covered uint64    // entries up to the last checkpoint
	Signed  time.Time // when that was, by the real clock
}

// AuditState returns how far the log is, for figures and health.
func (p *Platform) AuditState(ctx context.Context) (out AuditState, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		at, err1 := auditHead(tx)
		last, err2 := load[pointed](tx, tableHead, headPoint)
		out = AuditState{Head: at}
		if last != nil {
			out.Covered, out.Signed = last.Size, last.At
		}
		return errors.Join(err1, err2)
	})
	return out, err
}

// auditPage is how many entries are read at a time.
const auditPage = 500

// AuditLines reads the log of a store, platform or not, in pages: the log may go on
// growing meanwhile. The lines are what audit.Verify reads, and what an export holds.
func AuditLines(ctx context.Context, store Store) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		after := ""
		for {
			lines, last, err := auditLines(ctx, store, after)
			for _, line := range lines {
				if !yield(line, nil) {
					return
				}
			}
			if err != nil {
				yield(nil, err)
			}
			if err != nil || last == "" {
				return
			}
			after = last
		}
	}
}

// auditLines reads a page behind an entry: each checkpoint behind its own entry, and
// with the last page the end. last is empty then.
func auditLines(ctx context.Context, store Store, after string) (lines [][]byte, last string, err error) {
	err = store.View(ctx, func(tx Tx) error {
		lines, last = nil, ""
		rows, err := tx.List(tableAudit, "", after, auditPage)
		if err != nil {
			return err
		}
		points, err := tx.List(tablePoints, "", after, len(rows)+1)
		if err != nil {
			return err
		}
		for _, row := range rows {
			lines = append(lines, row.Value)
			for len(points) > 0 && points[0].Key <= row.Key {
				lines, points = append(lines, points[0].Value), points[1:]
			}
		}
		if len(rows) == auditPage {
			last = rows[len(rows)-1].Key
			return nil
		}
		for _, one := range points { // behind the last entry: something was cut off
			lines = append(lines, one.Value)
		}
		at, err := tx.Get(tableHead, "audit")
		if at == nil {
			at = audit.Head{}.Line()
		}
		lines = append(lines, at)
		return err
	})
	return lines, last, err
}

// ExportAudit writes the log of a store as JSON lines.
func ExportAudit(ctx context.Context, store Store, w io.Writer) error {
	for line, err := range AuditLines(ctx, store) {
		if err == nil {
			_, err = w.Write(append(line[:len(line):len(line)], '\n'))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// AuditTrust is what a verification of a platform's log leans on; none of it may come
// from the store that is verified.
type AuditTrust struct {
	Issuer string       // of the platform
	Keys   []byte       // the JWK Set of /audit/jwks.json, kept or fetched
	Heads  []audit.Head // out of consent receipts, or an earlier report's Last
	Now    time.Time    // by the platform's clock
}

// auditGap is how old an entry without a checkpoint may be: the platform was killed, or
// the checkpoint was taken away.
const auditGap = 5 * time.Minute

// VerifyAudit verifies a platform's audit log. lines come from AuditLines, for a store,
// or from audit.Lines, for an exported file:
//
//	report, err := platform.VerifyAudit(platform.AuditLines(ctx, store), trust)
//	report, err := platform.VerifyAudit(audit.Lines(file), trust)
//
// A log that was tampered with is an *audit.Error, which names the first entry that
// cannot be relied on. What no verification can find stands with audit.Verify.
func VerifyAudit(lines iter.Seq2[[]byte, error], t AuditTrust) (audit.Report, error) {
	keys, err := audit.ReadKeys(t.Keys)
	if err != nil {
		return audit.Report{}, err
	}
	return audit.Verify(lines, audit.Trust{
		Origin: auditOrigin(t.Issuer), Keys: keys, Heads: t.Heads, Now: t.Now, Gap: auditGap,
		MayForget: func(e audit.Entry, now time.Time) bool { return usage(e.Kind) && !now.Before(usageEnds(e.Time)) },
	})
}
