package audit

import (
	"bytes"
	"errors"
	"os"
	"testing"
)

// The logs of testdata are python's, made by the package comment: see testdata/make.py.
func TestALogMadeElsewhereVerifies(t *testing.T) {
	set, err := os.ReadFile("testdata/keys.json")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ReadKeys(set)
	if err != nil {
		t.Fatal(err)
	}
	trust := Trust{Origin: origin, Keys: keys, MayForget: all}
	read := func(name string) (Report, error) {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return Verify(Lines(bytes.NewReader(b)), trust)
	}
	if r, err := read("accepted/log.jsonl"); err != nil || r.Entries != 6 || r.Covered != 4 || r.Forgotten != 1 {
		t.Fatal(r, err)
	}
	for name, want := range map[string]Error{
		"type.jsonl":    {Seq: 4, Reason: Unsigned}, // a token of another type by the same key
		"domain.jsonl":  {Seq: 1, Reason: Changed},
		"lengths.jsonl": {Seq: 1, Reason: Changed}, // salt and body run together
	} {
		_, err := read("refused/" + name)
		var e *Error
		if !errors.As(err, &e) || *e != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeysThatAreOfNoUseArePassedOver(t *testing.T) {
	const good = `{"kty":"OKP","crv":"Ed25519","use":"sig","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}` // RFC 8037 A.2
	for _, one := range []struct {
		name, set string
		keys      int
	}{
		{"one", `{"keys":[` + good + `]}`, 1},
		{"one beside an EC key", `{"keys":[{"kty":"EC","crv":"P-256","kid":"b"},` + good + `]}`, 1},
		{"one without use", `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`, 0},
		{"a point that anybody can sign for", `{"keys":[{"kty":"OKP","crv":"Ed25519","use":"sig","kid":"a","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}`, 0},
		{"none", `{"keys":[]}`, 0},
		{"no set", `x`, 0},
	} {
		keys, err := ReadKeys([]byte(one.set))
		if len(keys) != one.keys || (err == nil) != (one.keys > 0) {
			t.Errorf("%s: %d keys, %v", one.name, len(keys), err)
		}
	}
}

func FuzzLines(f *testing.F) {
	for _, name := range []string{"accepted/log.jsonl", "refused/domain.jsonl"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		for line := range bytes.Lines(b) {
			f.Add(bytes.TrimSuffix(line, []byte("\n")))
		}
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if e, err := ParseLine(line); err == nil && !bytes.Equal(e.Line(), line) {
			t.Error("a line that would be written otherwise is read")
		}
		if h, err := ParseHead(line); err == nil && !bytes.Equal(h.Line(), line) {
			t.Error("a last line that would be written otherwise is read")
		}
	})
}
