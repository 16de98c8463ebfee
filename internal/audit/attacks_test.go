package audit

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// log is a log as an attacker has it who can write to the store: lines to change, and
// what of it there is outside.
type log struct {
	t       testing.TB
	lines   []string
	entries []Entry
	trust   Trust
}

const origin = "https://id.example/audit"

func signer(seed string) Signer {
	sum := sha256.Sum256([]byte(seed))
	return Signer{KeyID: "k1", Key: ed25519.NewKeyFromSeed(sum[:])}
}

func keysOf(s Signer) Keys { return Keys{s.KeyID: s.Key.Public().(ed25519.PublicKey)} }

// begun is when the logs of the tests begin; there is an entry a second.
var begun = time.Date(2020, 2, 29, 9, 0, 0, 0, time.UTC)

// newLog has twelve entries: of usage those whose number is even, two of them
// forgotten; checkpoints behind the fourth and the eighth.
func newLog(t testing.TB) *log {
	l := &log{t: t, trust: Trust{
		Origin: origin, Keys: keysOf(signer("the log")), Now: begun.AddDate(5, 0, 0).Add(5 * time.Second), Gap: 6 * 365 * 24 * time.Hour,
		MayForget: func(e Entry, now time.Time) bool { return e.Kind == "read" && !now.Before(e.Time.AddDate(5, 0, 0)) },
	}}
	for i := range 12 {
		kind := []string{"locked", "read"}[i%2]
		l.append(kind, fmt.Sprintf(`{"actor":"citizen","n":%d}`, i+1))
	}
	l.entries[1].Forget()
	l.entries[3].Forget()
	l.write(4, 8)
	return l
}

func (l *log) append(kind, body string) {
	head := Head{}
	if n := len(l.entries); n > 0 {
		head = l.entries[n-1].Head()
	}
	e, err := Append(head, begun.Add(time.Duration(head.Seq)*time.Second), kind, []byte(body))
	if err != nil {
		l.t.Fatal(err)
	}
	l.entries = append(l.entries, e)
}

// write writes the lines, with the log's checkpoints behind some entries.
func (l *log) write(points ...uint64) {
	l.lines = nil
	for _, e := range l.entries {
		l.lines = append(l.lines, string(e.Line()))
		if slices.Contains(points, e.Seq) {
			l.lines = append(l.lines, l.point(signer("the log"), origin, e.Head()))
		}
	}
	l.end()
}

// end writes the last line.
func (l *log) end() {
	h := Head{}
	if n := len(l.entries); n > 0 {
		h = l.entries[n-1].Head()
	}
	l.lines = slices.DeleteFunc(l.lines, func(s string) bool { return strings.HasPrefix(s, endBegin) })
	l.lines = append(l.lines, string(h.Line()))
}

func (l *log) point(by Signer, whose string, at Head) string {
	b, err := by.Sign(Checkpoint{Origin: whose, Head: at, Time: begun.Add(time.Hour)})
	if err != nil {
		l.t.Fatal(err)
	}
	return string(b)
}

// rehash makes the chain anew from an entry on, as an attacker would.
func (l *log) rehash(from int) {
	for i := from; i < len(l.entries); i++ {
		prev := Hash{}
		if i > 0 {
			prev = l.entries[i-1].Hash
		}
		l.entries[i].Hash = l.entries[i].chain(prev)
	}
}

// say changes what an entry says.
func (l *log) say(i int, body string) {
	l.entries[i].Body = []byte(body)
	l.entries[i].Digest = digest(l.entries[i].Salt, l.entries[i].Body)
}

func (l *log) renumber(from int) {
	for i := from; i < len(l.entries); i++ {
		l.entries[i].Seq = uint64(i + 1)
	}
}

func (l *log) verify() (Report, error) {
	return Verify(Lines(strings.NewReader(strings.Join(l.lines, "\n")+"\n")), l.trust)
}

// attacks are what somebody does to a log, which check stops it, and what it says.
var attacks = []struct {
	name   string
	check  string
	act    func(l *log)
	seq    uint64
	reason Reason
}{
	{"an entry says something else", "hash", func(l *log) { l.say(4, `{"actor":"citizen","n":99}`); l.write(4, 8) }, 5, Changed},
	{"an entry is of another time", "hash", func(l *log) { l.entries[4].Time = begun; l.write(4, 8) }, 5, Changed},
	{"an entry is of another kind", "hash", func(l *log) { l.entries[4].Kind = "unlocked"; l.write(4, 8) }, 5, Changed},
	{"a forgotten entry is of another kind", "hash", func(l *log) { l.trust.MayForget = all; l.entries[3].Kind = "unlocked"; l.write(4, 8) }, 4, Changed},
	{"a forgotten entry gets words again", "hash", func(l *log) { l.entries[3].Salt = bytes.Repeat([]byte{1}, 32); l.say(3, `{"n":4}`); l.write(4, 8) }, 4, Changed},
	{"two entries change places", "hash", func(l *log) { l.entries[9], l.entries[10] = l.entries[10], l.entries[9]; l.renumber(9); l.write(4, 8) }, 10, Changed},
	{"an entry is taken out and the rest numbered anew", "hash", func(l *log) { l.entries = slices.Delete(l.entries, 9, 10); l.renumber(9); l.write(4, 8) }, 10, Changed},
	{"an entry is taken out and the rest hashed anew", "number", func(l *log) { l.entries = slices.Delete(l.entries, 9, 10); l.rehash(9); l.write(4, 8) }, 10, Missing},
	{"an entry is put in and the rest numbered anew", "hash", func(l *log) {
		l.entries = slices.Insert(l.entries, 9, l.entries[8])
		l.renumber(9)
		l.write(4, 8)
	}, 10, Changed},
	{"an entry stands twice, hashed anew", "number", func(l *log) { l.entries = slices.Insert(l.entries, 9, l.entries[8]); l.rehash(9); l.write(4, 8) }, 10, Missing},
	{"an entry before a checkpoint is changed and all hashed anew", "checkpoint", func(l *log) {
		l.say(5, `{"actor":"citizen","n":99}`)
		old := slices.Clone(l.lines)
		l.rehash(5)
		l.write(4)
		l.lines = slices.Insert(l.lines, 9, point(old, 2))
	}, 5, Rewritten},
	{"and a checkpoint made anew with another key", "signature", func(l *log) {
		l.say(5, `{"actor":"citizen","n":99}`)
		l.rehash(5)
		l.write(4)
		l.lines = slices.Insert(l.lines, 9, l.point(signer("the attacker"), origin, l.entries[7].Head()))
	}, 8, Unsigned},
	{"and a checkpoint of another log with the same key", "origin", func(l *log) {
		l.say(5, `{"actor":"citizen","n":99}`)
		l.rehash(5)
		l.write(4)
		l.lines = slices.Insert(l.lines, 9, l.point(signer("the log"), "https://test.example/audit", l.entries[7].Head()))
	}, 8, Unsigned},
	{"the tail is cut off up to before a checkpoint", "checkpoint", func(l *log) {
		last := point(l.lines, 2)
		l.entries = l.entries[:6]
		l.write(4)
		l.lines = slices.Insert(l.lines, len(l.lines)-1, last)
	}, 7, Cut},
	{"the tail and its end line are cut off", "end", func(l *log) { l.lines = l.lines[:len(l.lines)-2] }, 12, Cut},
	{"the tail is cut off and the end line left", "end", func(l *log) { l.lines = slices.Delete(l.lines, len(l.lines)-2, len(l.lines)-1) }, 12, Cut},
	{"the tail and its checkpoint are cut off, but a receipt has the head", "heads", func(l *log) {
		l.trust.Heads = []Head{l.entries[9].Head()}
		l.entries = l.entries[:6]
		l.write(4)
	}, 7, Cut},
	{"the tail and its checkpoint are written anew, but a receipt has the head", "heads", func(l *log) {
		l.trust.Heads = []Head{l.entries[9].Head(), l.entries[2].Head(), {}}
		l.say(6, `{"n":99}`)
		l.rehash(6)
		l.write(4)
	}, 5, Rewritten},
	{"the tail is written anew and its checkpoints taken away", "gap", func(l *log) {
		l.trust.Gap = time.Hour
		l.say(6, `{"n":99}`)
		l.rehash(6)
		l.write(4)
	}, 5, Uncovered},
	{"an entry of what stays for good is forgotten", "forgotten", func(l *log) { l.entries[2].Forget(); l.write(4, 8) }, 3, Forgotten},
	{"an entry is forgotten a second too early", "forgotten", func(l *log) { l.entries[5].Forget(); l.trust.Now = l.trust.Now.Add(-time.Second); l.write(4, 8) }, 6, Forgotten},
}

func all(Entry, time.Time) bool { return true }

// point finds the n-th checkpoint.
func point(lines []string, n int) string {
	for _, s := range lines {
		if strings.HasPrefix(s, pointBegin) {
			if n--; n == 0 {
				return s
			}
		}
	}
	return ""
}

func TestEachAttackIsStoppedByItsCheckAndByNoOther(t *testing.T) {
	for _, a := range attacks {
		l := newLog(t)
		if r, err := l.verify(); err != nil || r.Entries != 12 || r.Forgotten != 2 || r.Checkpoints != 2 || r.Covered != 8 {
			t.Fatalf("the log as it is: %v, %+v", err, r)
		}
		a.act(l)
		_, err := l.verify()
		var e *Error
		if !errors.As(err, &e) || e.Seq != a.seq || e.Reason != a.reason {
			t.Errorf("%s: %v, not entry %d: %s", a.name, err, a.seq, a.reason)
			continue
		}
		l.trust.off = checks{a.check}
		if _, err := l.verify(); err != nil {
			t.Errorf("%s is not stopped by the check %q alone: without it %v", a.name, a.check, err)
			continue
		}
		t.Logf("%-75s stopped by %-10s entry %d; passes without it", a.name, a.check, e.Seq)
	}
}

// Some changes nobody needs a check of its own for: they are no lines any more.
func TestDamagedLinesAreFound(t *testing.T) {
	for _, one := range []struct {
		name string
		edit func([]string) []string
		seq  uint64
	}{
		{"a bit of the body", func(s []string) []string { s[5] = strings.Replace(s[5], `"n":`, `"m":`, 1); return s }, 5},
		{"a blank more", func(s []string) []string { s[0] = strings.Replace(s[0], `,"time"`, `, "time"`, 1); return s }, 1},
		{"an empty line", func(s []string) []string { return slices.Insert(s, 1, "") }, 2},
		{"a line behind the end", func(s []string) []string { return append(s, s[0]) }, 13},
		{"the end line twice", func(s []string) []string { return append(s, s[len(s)-1]) }, 13},
		{"a checkpoint out of its place", func(s []string) []string { s[4], s[5] = s[5], s[4]; return s }, 5},
		{"an end line of less", func(s []string) []string { s[len(s)-1] = string(Head{Seq: 3}.Line()); return s }, 4},
		{"a damaged end line", func(s []string) []string { s[len(s)-1] += " "; return s }, 13},
		{"a checkpoint without its end", func(s []string) []string { s[4] = strings.TrimSuffix(s[4], pointEnd); return s }, 4},
		{"a damaged checkpoint", func(s []string) []string { s[4] = strings.Replace(s[4], ".", "..", 1); return s }, 4},
	} {
		l := newLog(t)
		if _, err := l.verify(); err != nil {
			t.Fatal(err)
		}
		l.lines = one.edit(l.lines)
		_, err := l.verify()
		var e *Error
		if !errors.As(err, &e) || e.Seq != one.seq {
			t.Errorf("%s: %v, not entry %d", one.name, err, one.seq)
		}
	}
}

func TestAFileThatEndsInALineIsCutOff(t *testing.T) {
	l := newLog(t)
	text := strings.Join(l.lines, "\n") + "\n"
	for n := range text {
		if _, err := Verify(Lines(strings.NewReader(text[:n])), l.trust); err == nil {
			t.Fatalf("a file of %d of %d bytes passes", n, len(text))
		}
	}
}

func TestAnEmptyLogVerifies(t *testing.T) {
	l := &log{t: t, trust: newLog(t).trust}
	l.write()
	if r, err := l.verify(); err != nil || r.Entries != 0 || r.Last != (Head{}) {
		t.Error(r, err)
	}
}

func TestTheLastHeadOfAReportIsGoodForTheNextVerification(t *testing.T) {
	l := newLog(t)
	r, err := l.verify()
	if err != nil {
		t.Fatal(err)
	}
	l.append("read", `{"n":13}`)
	l.trust.Heads = []Head{r.Last}
	l.write(4, 8, 13)
	if _, err := l.verify(); err != nil {
		t.Error("a log that grew:", err)
	}
	l.entries = l.entries[:11]
	l.write(4, 8)
	if _, err := l.verify(); err == nil {
		t.Error("a log that became shorter passes")
	}
}
