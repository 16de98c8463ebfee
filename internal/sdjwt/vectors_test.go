package sdjwt

import (
	"crypto"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

const (
	client  = "portal"
	nonce   = "n-0S6_WzA2Mj"
	listURI = "https://status.example/lists/1"
)

var at = time.Unix(1767600000, 0)

// vector is one of testdata's, which testdata/make.py made with Python's cryptography.
type vector struct {
	Name, Twin, Reason, Text string
	Also                     string // what stops it once its check is left out; "": nothing

	Document string
	Claims   any

	List     string
	Statuses []Status
	At       int64
}

func load[T any](t testing.TB, file string) (out []T) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("%s is empty", file)
	}
	return out
}

// trusted verifies with the keys of testdata, found by kid.
func trusted(t testing.TB) func(Signed) error {
	keys := map[string]crypto.PublicKey{}
	for _, k := range load[map[string]string](t, "keys.json") {
		x, _ := jws.DecodeBase64(k["x"])
		y, _ := jws.DecodeBase64(k["y"])
		keys[k["kid"]] = publicKey(k["kty"], k["crv"], x, y)
	}
	return func(s Signed) error { return jws.Verify(s.Alg, keys[s.KeyID], s.Input, s.Signature) }
}

func expect(t testing.TB) Expect {
	return Expect{Verify: trusted(t), Audience: client, Nonce: nonce, Now: at}
}

// strict are the rules that the vectors were made for.
var strict = Rules{Open: []string{"aud", "txn", "sub", "iat"}, MaxDisclosures: 100}

// checkOf finds the check that has that text: 0 if leaving it out means nothing.
func checkOf(text string) check {
	for c := range lastCheck {
		if refusals[c].text == text && text != "" {
			return c
		}
	}
	return 0
}

func TestDocumentsThatHold(t *testing.T) {
	r := NewReader(strict)
	for _, v := range load[vector](t, "accepted/documents.json") {
		t.Run(v.Name, func(t *testing.T) {
			d, err := r.Read(v.Document, expect(t))
			if err != nil {
				t.Fatal(err)
			}
			o := d.Claims()
			if v.Claims != nil && !reflect.DeepEqual(decode(t, o.Text()), v.Claims) {
				t.Errorf("got %s, want %v", o.Text(), v.Claims)
			}
			if d.Issuer() != "https://authority.example" || d.Kind() != "urn:vn:gov:doc:gplx:1" {
				t.Error(d.Issuer(), d.Kind())
			}
			if (d.Holder() != nil) != o.Has("cnf") {
				t.Error("a holder without cnf, or the other way round")
			}
			ref, there, err := d.Status()
			if err != nil || !there || ref != (Reference{listURI, 3}) {
				t.Error(ref, there, err)
			}
		})
	}
}

func decode(t *testing.T, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Each fault is refused for its own reason and in its own words, after its twin has
// passed; and where a check alone stops it, it passes once the check is left out.
func TestDocumentsThatDoNotHold(t *testing.T) {
	twins := map[string]string{}
	for _, v := range load[vector](t, "accepted/documents.json") {
		twins[v.Name] = v.Document
	}
	pairs := map[check]int{}
	for _, v := range load[vector](t, "refused/documents.json") {
		t.Run(v.Name, func(t *testing.T) {
			r := NewReader(strict)
			if _, err := r.Read(twins[v.Twin], expect(t)); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			d, err := r.Read(v.Document, expect(t))
			refused(t, err, v)
			if !reflect.DeepEqual(d, Document{}) {
				t.Error("something is returned next to the error")
			}
			if r.off = checkOf(v.Text); r.off != 0 {
				_, err := r.Read(v.Document, expect(t))
				passed(t, err, v, pairs, r.off)
			}
		})
	}
	for c := checkDisclosures; c <= checkHashOf; c++ {
		if pairs[c] == 0 {
			t.Errorf("no attack aims at %q", refusals[c].text)
		}
		t.Logf("%d aim at %q: refused with it, accepted without", pairs[c], refusals[c].text)
	}
}

func refused(t *testing.T, err error, v vector) {
	t.Helper()
	if err == nil || err.Error() != v.Text {
		t.Fatalf("got %v, want %q", err, v.Text)
	}
	var found []error
	for _, reason := range reasons {
		if errors.Is(err, reason) {
			found = append(found, reason)
		}
	}
	if len(found) != 1 || found[0].Error() != v.Reason {
		t.Errorf("%v is for %v, want %q", err, found, v.Reason)
	}
}

// passed holds an attack to what happens without its check, and counts it if it gets in.
func passed(t *testing.T, err error, v vector, pairs map[check]int, off check) {
	t.Helper()
	switch {
	case v.Also == "" && err == nil:
		pairs[off]++
	case v.Also == "" || err == nil || err.Error() != v.Also:
		t.Errorf("with its check left out: %v, want %q", err, v.Also)
	}
}

var reasons = []error{jws.ErrMalformed, jws.ErrAlgorithm, jws.ErrKey, jws.ErrSignature, ErrMismatch, ErrExpired, ErrEarly}

func listExpect(t testing.TB) ListExpect {
	return ListExpect{Verify: trusted(t), URI: listURI, Now: at}
}

func TestListsThatHold(t *testing.T) {
	r := NewListReader(ListRules{MaxLength: 4096})
	for _, v := range load[vector](t, "accepted/lists.json") {
		t.Run(v.Name, func(t *testing.T) {
			l, err := r.Read(v.List, listExpect(t))
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range v.Statuses {
				if got, err := l.At(Reference{listURI, uint32(i)}, at); err != nil || got != want {
					t.Errorf("at %d: got %d, %v, want %d", i, got, err, want)
				}
			}
			if v.Name != "as long as may be" && l.Len() != len(v.Statuses) {
				t.Errorf("%d statuses, want %d", l.Len(), len(v.Statuses))
			}
			if !l.Until().Equal(at.Add(10*time.Minute)) || !l.Issued().Equal(at.Add(-time.Minute)) {
				t.Error(l.Until(), l.Issued())
			}
		})
	}
}

func TestListsThatDoNotHold(t *testing.T) {
	twin := load[vector](t, "accepted/lists.json")[0].List
	pairs := map[check]int{}
	for _, v := range load[vector](t, "refused/lists.json") {
		t.Run(v.Name, func(t *testing.T) {
			r := NewListReader(ListRules{MaxLength: 4096})
			ask := func(text string, at0 int64) error {
				l, err := r.Read(text, listExpect(t))
				if err == nil && at0 >= 0 {
					_, err = l.At(Reference{listURI, uint32(at0)}, at)
				} else if err != nil && l.Len() != 0 {
					t.Error("something is returned next to the error")
				}
				return err
			}
			if err := ask(twin, 0); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			refused(t, ask(v.List, v.At), v)
			if r.off = checkOf(v.Text); r.off != 0 {
				passed(t, ask(v.List, v.At), v, pairs, r.off)
			}
		})
	}
	for _, c := range []check{checkListURI, checkListOld, checkListEarly, checkLength, checkTail, checkIndex} {
		if pairs[c] == 0 {
			t.Errorf("no attack aims at %q", refusals[c].text)
		}
	}
}
