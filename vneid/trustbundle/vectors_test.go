package trustbundle_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/trustbundle"
)

const maker = "https://kiosks.vneid.example"

// vector is a file of testdata/accepted or testdata/refused, made by Node with jose
// (testdata/make_bundle.mjs).
type vector struct {
	Desc, File string
	At         int64
	Held       uint64
	Want, Twin string // of refused ones
}

func vectors(t testing.TB, dir string) map[string]vector {
	t.Helper()
	files, err := filepath.Glob("testdata/" + dir + "/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors in %s: %v", dir, err)
	}
	out := make(map[string]vector, len(files))
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var v vector
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".json")] = v
	}
	return out
}

func pinned(t testing.TB) vneid.KeySet {
	t.Helper()
	doc, err := os.ReadFile("testdata/pinned.json")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := jwks.Parse(doc, maker, trustbundle.Use)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func (v vector) config(t testing.TB) trustbundle.Config {
	t.Helper()
	return trustbundle.Config{Maker: maker, Keys: pinned(t), Held: v.Held, Now: func() time.Time { return time.Unix(v.At, 0) }}
}

func (v vector) open(t testing.TB) (*trustbundle.Bundle, error) {
	t.Helper()
	return v.config(t).Open(context.Background(), []byte(v.File))
}

// kindOf returns the single kind that err matches.
func kindOf(t testing.TB, err error) vneid.Kind {
	t.Helper()
	var found []vneid.Kind
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) {
			found = append(found, k)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%v matches the kinds %v, want exactly one", err, found)
	}
	return found[0]
}

func TestBundlesOfAForeignMakerOpen(t *testing.T) {
	for name, v := range vectors(t, "accepted") {
		b, err := v.open(t)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c := b.Contents()
		if c.Maker != maker || b.Sequence() != 7 || c.Made.Unix() != 1768442400 || (name == "empty") != (len(c.Issuers) == 0) {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestEachFaultIsRefusedForItsReasonAndItsTwinIsNot(t *testing.T) {
	accepted, refused := vectors(t, "accepted"), vectors(t, "refused")
	for name, v := range refused {
		twin, ok := accepted[v.Twin]
		if !ok {
			t.Fatalf("%s: no twin %q", name, v.Twin)
		}
		if _, err := twin.open(t); err != nil {
			t.Fatalf("%s: the twin is refused: %v", name, err)
		}
		if same := twin.File == v.File; same == (twin.At == v.At && twin.Held == v.Held) {
			t.Errorf("%s differs from its twin in not exactly one of file and circumstances", name)
		}
		b, err := v.open(t)
		if err == nil || b != nil {
			t.Errorf("%s (%s): accepted", name, v.Desc)
			continue
		}
		if kind := kindOf(t, err); kind.Error() != v.Want {
			t.Errorf("%s (%s): %v, want %s", name, v.Desc, err, v.Want)
		}
		if !strings.HasPrefix(err.Error(), "trustbundle: ") || strings.Count(err.Error(), ": ") > 2 {
			t.Errorf("%s: not one prefix: %q", name, err)
		}
		for _, said := range []string{"vneid.example", "evil", "police", "bundle-1", "eyJ", "VN", "qr-ed"} {
			if strings.Contains(err.Error(), said) {
				t.Errorf("%s: %q tells %q", name, err, said)
			}
		}
		if vi, en := vneid.Advice(err); vi == "" || en == "" {
			t.Errorf("%s: no advice", name)
		}
	}
	if len(refused) < 70 {
		t.Errorf("%d faults, want 70 at least", len(refused))
	}
}

// Each attack passes as soon as the one check at which it aims is taken out.
func TestAttacksSucceedOnlyWithoutTheirCheck(t *testing.T) {
	refused := vectors(t, "refused")
	for attack, check := range map[string]string{
		"stranger": "signature", "altered": "signature", "kid": "signature", "maker": "maker", "late": "late", "early": "early",
		"older": "held", "life": "life", "issuer-twice": "twice", "use-twice": "twice",
	} {
		v, ok := refused[attack]
		if !ok {
			t.Fatalf("no vector %s", attack)
		}
		if _, err := v.open(t); err == nil {
			t.Errorf("%s: succeeds", attack)
		}
		if _, err := v.config(t).Without(check).Open(context.Background(), []byte(v.File)); err != nil {
			t.Errorf("%s: fails without the check of %s too: %v", attack, check, err)
		}
		t.Logf("%s: refused; without the check of %s: accepted", attack, check)
	}
}

func FuzzOpen(f *testing.F) {
	genuine := make(map[string]bool)
	for _, dir := range []string{"accepted", "refused"} {
		for _, v := range vectors(f, dir) {
			f.Add(v.File)
			genuine[strings.TrimSpace(v.File)] = dir == "accepted" || v.Want == "unavailable" || v.Want == "not yet valid" || v.Held > 0
		}
	}
	cfg := vectors(f, "accepted")["bundle"].config(f)
	f.Fuzz(func(t *testing.T, file string) {
		b, err := cfg.Open(context.Background(), []byte(file))
		if err != nil {
			if kindOf(t, err); b != nil {
				t.Error("a bundle beside an error")
			}
			return
		}
		if !genuine[strings.TrimSpace(file)] {
			t.Errorf("opened %q, which nobody signed", file)
		}
	})
}
