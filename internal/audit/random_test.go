package audit

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Logs that were changed at random, half of them hashed anew from some entry on, under
// checkpoints that the right key signed before. What must come out follows from what was
// done, by rules that are written here and not in the verifier.
func TestLogsChangedAtRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 26))
	refused, passed := 0, 0
	for range 3000 {
		l := newLog(t)
		if _, err := l.verify(); err != nil {
			t.Fatal(err)
		}
		was := slices.Clone(l.entries)
		var done []string
		for range 1 + r.IntN(3) {
			done = append(done, l.change(r))
		}
		if r.IntN(2) == 0 {
			l.renumber(0)
			l.rehash(r.IntN(len(l.entries)))
			done = append(done, "rehashed")
		}
		points := []uint64{4, 8}
		if r.IntN(3) == 0 {
			points = points[:r.IntN(2)] // taken away
		}
		l.write(points...)
		// The checkpoints that write makes are the log's own only where nothing changed.
		for i, s := range l.lines {
			if n := slices.IndexFunc(points, func(p uint64) bool { return i > 0 && isEntry(l.lines[i-1], p) }); strings.HasPrefix(s, pointBegin) && n >= 0 {
				l.lines[i] = l.point(signer("the log"), origin, was[points[n]-1].Head())
			}
		}
		if r.IntN(4) == 0 {
			l.trust.Heads = []Head{was[r.IntN(len(was))].Head()}
		}
		_, err := l.verify()
		if want := l.acceptable(was, points); (err == nil) != want {
			t.Fatalf("%v, checkpoints %v, %d heads: %v, want acceptable %v", done, points, len(l.trust.Heads), err, want)
		}
		if err == nil {
			passed++
		} else {
			refused++
		}
	}
	if t.Logf("%d refused, %d pass", refused, passed); passed < 100 || refused < 1000 {
		t.Error("the changes are too much alike")
	}
}

func isEntry(line string, seq uint64) bool {
	e, err := ParseLine([]byte(line))
	return err == nil && e.Seq == seq
}

// change changes the entries in one way.
func (l *log) change(r *rand.Rand) string {
	i := r.IntN(len(l.entries))
	switch r.IntN(6) {
	case 0:
		if l.entries[i].Forgotten() {
			return "nothing"
		}
		l.say(i, `{"n":`+strings.Repeat("9", 1+r.IntN(3))+`}`)
		return "said something else"
	case 1:
		if len(l.entries) < 3 {
			return "nothing"
		}
		l.entries = slices.Delete(l.entries, i, i+1)
		return "taken out"
	case 2:
		l.entries = slices.Insert(l.entries, i, l.entries[r.IntN(len(l.entries))])
		return "put in"
	case 3:
		j := r.IntN(len(l.entries))
		l.entries[i], l.entries[j] = l.entries[j], l.entries[i]
		return "changed places"
	case 4:
		l.entries[i].Forget()
		return "forgotten"
	}
	l.entries = l.entries[:max(2, i)]
	return "cut"
}

// acceptable is the rule: what is left is a chain of its own, forgets what it may, and is
// the one that the checkpoints and heads know.
func (l *log) acceptable(was []Entry, points []uint64) bool {
	prev := Hash{}
	for i, e := range l.entries {
		if e.Seq != uint64(i+1) || e.chain(prev) != e.Hash || e.Forgotten() && !l.trust.MayForget(e, l.trust.Now) {
			return false
		}
		prev = e.Hash
	}
	known := slices.Clone(l.trust.Heads)
	for _, p := range points {
		if int(p) <= len(l.entries) { // write puts no checkpoint behind the end
			known = append(known, was[p-1].Head())
		}
	}
	for _, h := range known {
		if int(h.Seq) > len(l.entries) || l.entries[h.Seq-1].Hash != h.Hash {
			return false
		}
	}
	return true
}
