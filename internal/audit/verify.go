package audit

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
)

// Trust is what a verification leans on. Keys and heads must come from elsewhere than
// the log: whoever can change the log could have changed them with it.
type Trust struct {
	Origin string // whose log it is
	Keys   Keys   // that sign its checkpoints

	// Heads are places of the chain that somebody kept: out of consent receipts, or the
	// last one of an earlier verification.
	Heads []Head

	// Now is the time, by the clock that the log was kept by.
	Now time.Time

	// MayForget reports whether an entry is old enough, and of a kind, to be forgotten.
	// Nil: none is.
	MayForget func(e Entry, now time.Time) bool

	// Gap is how old an entry may be behind the last checkpoint. 0: any age.
	Gap time.Duration

	off checks // only this package's tests set it
}

// checks are some that are taken out, to show that each stops an attack of its own.
type checks []string

func (c checks) has(name string) bool { return slices.Contains(c, name) }

// Report is what a log that verifies says about itself.
type Report struct {
	Entries     uint64
	Forgotten   uint64
	Checkpoints int
	Covered     uint64 // entries up to the last checkpoint: those behind it are the chain's word alone
	Last        Head   // to be kept for the next verification
	From, To    time.Time
}

// Reason says what is wrong with a log.
type Reason string

// What can be wrong.
const (
	Changed    Reason = "the entry was changed, or one before it was put in or taken out"
	Missing    Reason = "an entry is missing or out of its place"
	Forgotten  Reason = "the entry was forgotten before its time"
	Cut        Reason = "the log is cut off before this entry"
	Rewritten  Reason = "the log was written anew: this entry, or one up to the place that is known, is another"
	Unsigned   Reason = "a checkpoint behind this entry is none that a known key signed for this log"
	Uncovered  Reason = "no checkpoint covers the entry, though it is old enough"
	Unreadable Reason = "the log cannot be read on"
)

// Error is the first thing that is wrong with a log.
type Error struct {
	Seq    uint64 // the first entry that cannot be relied on
	Upto   uint64 // with Rewritten: the last that it may be
	Reason Reason
	Err    error // with Unreadable
}

func (e *Error) Error() string {
	if e.Upto > e.Seq {
		return fmt.Sprintf("audit: entry %d to %d: %s", e.Seq, e.Upto, e.Reason)
	}
	return fmt.Sprintf("audit: entry %d: %s", e.Seq, e.Reason)
}

// Unwrap is the trouble of reading.
func (e *Error) Unwrap() error { return e.Err }

// Verify reads a log from its first line to its end. A log that was tampered with is an
// *Error. It finds
//
//	edits          of any byte of any entry that is not forgotten, and of number, time,
//	               kind and place of one that is
//	insertions, deletions, another order
//	forgetting     before the time, or of what stays for good
//	a cut tail     behind the last checkpoint or head that it is given, and, in a file,
//	               of any length
//	a log written  anew, hashes and all: as far as a checkpoint or head reaches
//
// Nothing in the log alone can show that entries behind the newest checkpoint were cut
// off or written anew with their hashes, that is of the last minute; that the newest
// checkpoints were taken away together with everything behind the one before, or the
// whole put back to a former state; or what somebody did who has the signing key. A head
// from a receipt, or from the last verification, shows each of these if it is of later
// than what is left. What was never written down is not missing here: see the platform's
// history.
func Verify(lines iter.Seq2[[]byte, error], t Trust) (Report, error) {
	v := verifier{Trust: t}
	v.Heads = slices.SortedFunc(slices.Values(t.Heads), func(a, b Head) int { return cmp.Compare(a.Seq, b.Seq) })
	for len(v.Heads) > 0 && v.Heads[0].Seq == 0 { // the beginning is nobody's secret
		v.Heads = v.Heads[1:]
	}
	for line, err := range lines {
		if err != nil {
			return Report{}, &Error{Seq: v.last.Seq + 1, Reason: Unreadable, Err: err}
		}
		if err := v.line(line); err != nil {
			return Report{}, err
		}
	}
	if err := v.end(); err != nil {
		return Report{}, err
	}
	v.report.Last = v.last
	return v.report, nil
}

// verifier is how far a verification has come.
type verifier struct {
	Trust
	report Report
	last   Head
	sure   uint64 // up to here the chain is somebody else's word too
	ended  bool
	bare   Entry // the first behind the last checkpoint
}

func (v *verifier) fail(seq uint64, why Reason) error { return &Error{Seq: seq, Reason: why} }

func (v *verifier) line(line []byte) error {
	switch {
	case v.ended:
		return v.fail(v.last.Seq+1, Missing)
	case bytes.HasPrefix(line, []byte(pointBegin)):
		return v.checkpoint(string(line[len(pointBegin):]))
	case bytes.HasPrefix(line, []byte(endBegin)):
		return v.endLine(line)
	}
	e, err := ParseLine(line)
	if err != nil {
		return v.fail(v.last.Seq+1, Changed)
	}
	return v.entry(e)
}

func (v *verifier) entry(e Entry) error {
	switch {
	case e.Seq != v.last.Seq+1 && !v.off.has("number"):
		return v.fail(v.last.Seq+1, Missing)
	case e.chain(v.last.Hash) != e.Hash && !v.off.has("hash"):
		return v.fail(e.Seq, Changed)
	case e.Forgotten() && (v.MayForget == nil || !v.MayForget(e, v.Now)) && !v.off.has("forgotten"):
		return v.fail(e.Seq, Forgotten)
	}
	v.last = e.Head()
	if v.bare.Seq == 0 {
		v.bare = e
	}
	if v.report.Entries++; v.report.Entries == 1 {
		v.report.From = e.Time
	}
	if v.report.To = e.Time; e.Forgotten() {
		v.report.Forgotten++
	}
	for len(v.Heads) > 0 && v.Heads[0].Seq == e.Seq {
		if err := v.known(v.Heads[0]); err != nil && !v.off.has("heads") {
			return err
		}
		v.Heads = v.Heads[1:]
	}
	return nil
}

// known compares the chain with what somebody else knows of it.
func (v *verifier) known(h Head) error {
	if h.Seq > v.last.Seq {
		return v.fail(v.last.Seq+1, Cut)
	}
	if h != v.last {
		return &Error{Seq: v.sure + 1, Upto: h.Seq, Reason: Rewritten}
	}
	v.sure = h.Seq
	return nil
}

func (v *verifier) checkpoint(text string) error {
	text, whole := strings.CutSuffix(text, pointEnd)
	c, err := v.Keys.verify(text, v.off)
	if err != nil || !whole || c.Origin != v.Origin && !v.off.has("origin") {
		return v.fail(v.last.Seq, Unsigned)
	}
	if c.Head.Seq < v.last.Seq {
		return v.fail(v.last.Seq, Missing) // it stands behind its own entry
	}
	if !v.off.has("checkpoint") {
		if err := v.known(c.Head); err != nil {
			return err
		}
	}
	v.report.Checkpoints++
	v.report.Covered, v.bare = c.Head.Seq, Entry{}
	return nil
}

// endLine holds the last line against what came before it.
func (v *verifier) endLine(line []byte) error {
	h, err := ParseHead(line)
	if err != nil {
		return v.fail(v.last.Seq+1, Changed)
	}
	if v.ended = true; v.off.has("end") {
		return nil
	}
	if h.Seq < v.last.Seq {
		return v.fail(h.Seq+1, Missing)
	}
	return v.known(h)
}

// end is called behind the last line.
func (v *verifier) end() error {
	if !v.ended && !v.off.has("end") {
		return v.fail(v.last.Seq+1, Cut)
	}
	if len(v.Heads) > 0 && !v.off.has("heads") {
		return v.fail(v.last.Seq+1, Cut)
	}
	if v.Gap > 0 && v.bare.Seq > 0 && v.bare.Time.Add(v.Gap).Before(v.Now) && !v.off.has("gap") {
		return v.fail(v.bare.Seq, Uncovered)
	}
	return nil
}
