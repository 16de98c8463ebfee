package audit

import (
	"bytes"
	"crypto/sha256"
	"testing"
	"time"
)

var when = time.Date(2026, 11, 22, 1, 2, 3, 4, time.UTC)

// The encoding is what the package comment says, byte by byte, written down a second time.
func TestTheHashIsOverWhatThePackageCommentSays(t *testing.T) {
	e := Entry{Seq: 7, Time: when, Kind: "read", Salt: bytes.Repeat([]byte{1}, 32), Body: []byte(`{"a":1}`)}
	inner := sha256.Sum256(append(append(append([]byte("vneid-go audit body v1\n\x00\x00\x00\x20"), e.Salt...), 0, 0, 0, 7), e.Body...))
	e.Digest = digest(e.Salt, e.Body)
	if e.Digest != inner {
		t.Error("the digest is something else")
	}
	outer := []byte("vneid-go audit v1\n\x00\x00\x00\x00\x00\x00\x00\x07")
	outer = append(outer, bytes.Repeat([]byte{9}, 32)...)
	ns := when.UnixNano()
	for shift := 56; shift >= 0; shift -= 8 {
		outer = append(outer, byte(ns>>shift))
	}
	outer = append(outer, 0, 4)
	outer = append(outer, "read"...)
	outer = append(outer, inner[:]...)
	if got := e.chain(Hash(bytes.Repeat([]byte{9}, 32))); got != sha256.Sum256(outer) {
		t.Error("the hash is something else")
	}
}

func TestALineIsReadOnlyAsItIsWritten(t *testing.T) {
	e, err := Append(Head{Seq: 6, Hash: Hash{5}}, when, "read", []byte(`{"actor":"citizen","n":1}`))
	if err != nil {
		t.Fatal(err)
	}
	line := e.Line()
	got, err := ParseLine(line)
	if err != nil || got.Hash != e.Hash || got.Digest != e.Digest || !got.Time.Equal(e.Time) || !bytes.Equal(got.Body, e.Body) {
		t.Fatal(err, got)
	}
	for name, other := range map[string][]byte{
		"with a space":           append([]byte(" "), line...),
		"with a member more":     bytes.Replace(line, []byte(`,"hash"`), []byte(`,"x":1,"hash"`), 1),
		"in other letters":       bytes.Replace(line, []byte(`"kind"`), []byte(`"Kind"`), 1),
		"in the time of Vietnam": bytes.Replace(line, []byte(e.Time.Format(time.RFC3339Nano)), []byte(e.Time.In(time.FixedZone("", 7*3600)).Format(time.RFC3339Nano)), 1),
		"with another zone":      bytes.Replace(line, []byte(`Z"`), []byte(`+00:00"`), 1),
		"with a kind of no log":  bytes.Replace(line, []byte(`"read"`), []byte(`"Read"`), 1),
		"cut":                    line[:len(line)-1],
	} {
		if bytes.Equal(other, line) {
			t.Fatalf("%s: the case is none", name)
		}
		if _, err := ParseLine(other); err == nil {
			t.Errorf("a line %s is read", name)
		}
	}
	e.Forget()
	if got, err = ParseLine(e.Line()); err != nil || !got.Forgotten() || got.Hash != e.Hash || got.Digest != e.Digest {
		t.Error("a forgotten line:", err)
	}
	if bytes.Contains(e.Line(), []byte("actor")) || bytes.Contains(e.Line(), []byte("salt")) {
		t.Error("a forgotten line still says something")
	}
}

func TestAnEntryNeedsAKindAndABody(t *testing.T) {
	for _, one := range []struct{ kind, body string }{{"", "{}"}, {"Read", "{}"}, {"read", ""}, {"read", "[]"}} {
		if _, err := Append(Head{}, when, one.kind, []byte(one.body)); err == nil {
			t.Errorf("kind %q with body %q is taken", one.kind, one.body)
		}
	}
}
