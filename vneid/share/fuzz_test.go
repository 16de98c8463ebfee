package share

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// anyKey finds every signature good, so that what is behind it meets every input.
type anyKey struct{}

func (anyKey) Verify(context.Context, vneid.Signed) error { return nil }

// open is a verifier that trusts every signature and no digest less than usual.
func (w *world) trusting() *Verifier {
	v := w.verifier()
	v.Keys = anyKey{}
	for iss, t := range v.Issuers {
		t.Keys = anyKey{}
		v.Issuers[iss] = t
	}
	return v
}

func refusedOnce(t *testing.T, err error) {
	t.Helper()
	if !strings.HasPrefix(err.Error(), "share: ") {
		t.Fatal("no prefix: ", err)
	}
	n := 0
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) {
			n++
		}
	}
	if n != 1 {
		t.Fatalf("%v has %d kinds", err, n)
	}
}

// No bytes pass but those that were signed.
func FuzzBundle(f *testing.F) {
	w := newWorld()
	good := w.answer().bundle()
	f.Add(good)
	for _, x := range attacks {
		w, s, want := newWorld(), newWorld().answer(), expect()
		x.do(w, w.verifier(), s, &want)
		f.Add(s.bundle())
	}
	for _, c := range misshapen {
		w := newWorld()
		s := w.answer()
		c.do(w, s)
		f.Add(s.bundle())
	}
	f.Add([]byte("a.b.c.d.e"))
	strict, trusting := w.verifier(), w.trusting()
	strict.Replay, trusting.Replay = unlimited{}, unlimited{}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := strict.Verify(context.Background(), b, expect())
		if err != nil {
			refusedOnce(t, err)
		}
		if r.IsZero() != (err != nil) {
			t.Fatal("something next to an error")
		}
		if err == nil && !sameParts(b, good) {
			t.Fatal("another answer passed")
		}
		if _, err := trusting.Verify(context.Background(), b, expect()); err != nil {
			refusedOnce(t, err)
		}
	})
}

// sameParts compares two answers by their parts: white space between them is nobody's.
func sameParts(a, b []byte) bool {
	x, err := readParts(string(a))
	y, err2 := readParts(string(b))
	return err == nil && err2 == nil && text(x.documents) == text(y.documents) && x.envelope == y.envelope && x.receipt == y.receipt
}

type unlimited struct{}

func (unlimited) Use(context.Context, vneid.Once) error { return nil }

// A receipt's claims, whatever they are, give a receipt or one refusal.
func FuzzReceipt(f *testing.F) {
	w := newWorld()
	f.Add(text(w.answer().receipt))
	for _, c := range misshapen {
		s := w.answer()
		c.do(newWorld(), s)
		f.Add(text(s.receipt))
	}
	v := w.trusting()
	v.Replay, v.off = unlimited{}, "receipt digest"
	var parts j
	if err := json.Unmarshal(w.answer().bundle(), &parts); err != nil {
		f.Fatal(err)
	}
	head := b64([]byte(`{"alg":"ES256","typ":"consent-receipt+jwt","kid":"receipt-1"}`))
	f.Fuzz(func(t *testing.T, claims string) {
		parts["receipt"] = head + "." + b64([]byte(claims)) + ".AAAA"
		r, err := v.Verify(context.Background(), []byte(text(parts)), expect())
		if err != nil {
			refusedOnce(t, err)
			return
		}
		got := r.Receipt()
		if got.ID == "" || got.Record == "" || got.Subject != person || got.Purpose.Code != "car-rental" || len(got.Granted) != 3 || len(got.Approvals) != 1 {
			t.Fatalf("%+v", got)
		}
	})
}

// What is read as evidence is written and read again as the same, and reports or
// refuses with one kind.
func FuzzEvidence(f *testing.F) {
	w := newWorld()
	good := archiveOf(f, w)
	f.Add(good)
	f.Add([]byte(`{"version":1,"verified":"2026-11-22T05:00:00Z"}`))
	f.Add([]byte(strings.Replace(string(good), `"need":`, `"withdrawn":"2027-01-01T00:00:00Z","need":`, 1)))
	v := w.later(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		var e Evidence
		if err := json.Unmarshal(b, &e); err != nil {
			if e.Envelope != "" || e.Version != 0 {
				t.Fatal("something next to an error")
			}
			return
		}
		again, err := json.Marshal(e)
		if err != nil {
			t.Skip() // a year that JSON has no words for
		}
		var e2 Evidence
		if err := json.Unmarshal(again, &e2); err != nil || text(e2) != string(again) {
			t.Fatalf("%v: %s", err, again)
		}
		r, err := v.Evidence(context.Background(), e)
		if err != nil {
			refusedOnce(t, err)
		}
		if r.IsZero() != (err != nil) {
			t.Fatal("something next to an error")
		}
	})
}
