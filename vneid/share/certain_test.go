package share

import (
	"encoding/json"
	"testing"
	"time"
)

// Calls for one grant are one call, whether they have it from Records or from the
// store, in whatever time zone that reads times.
func TestAGrantFromTheStoreIsTheGrantInMemory(t *testing.T) {
	o := newOP(t)
	periodic(o)
	moved := time.Now() // with a reading of the monotonic clock, as time.Now has one
	c := o.client(func(cfg *Config) {
		cfg.Now = func() time.Time { return moved.Add(o.clock().Sub(moved)) }
	})
	r, err := o.share(c, monthly())
	if err != nil {
		t.Fatal(err)
	}
	o.advance(30 * 24 * time.Hour)
	o.fresh()
	text, err := json.Marshal(r.Consent())
	if err != nil {
		t.Fatal(err)
	}
	kept := new(Grant)
	if err := json.Unmarshal(text, kept); err != nil {
		t.Fatal(err)
	}
	for _, g := range []*Grant{r.Consent(), kept} {
		if _, err := c.Refetch(t.Context(), g, nowhere); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.count("/share/v1/bundle"); n != 2 {
		t.Errorf("%d fetches, with the first answer", n)
	}
}

// A paper that nobody has verified is genuine, and yet proves nothing of what it says.
func TestOnlyAVerifiedPaperAnswersAndNames(t *testing.T) {
	for state, good := range map[string]bool{"verified": true, "pending": false, "unverified": false} {
		w := newWorld()
		s := w.answer()
		for _, p := range s.papers {
			p.open["verification"].(j)["state"] = state
		}
		r, err := verify(w.verifier(), s, expect())
		if err != nil {
			t.Fatal(err)
		}
		if yes, known := r.Holds(AgeAtLeast(18)); yes != good || !known {
			t.Errorf("%s: of age %v, answered %v", state, yes, known)
		}
		if r.Citizen().IsZero() == good {
			t.Errorf("%s: a citizen %v", state, !r.Citizen().IsZero())
		}
	}
}
