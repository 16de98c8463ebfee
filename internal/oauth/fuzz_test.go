package oauth_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
)

// What holds must be one of the tokens that the makers signed: nobody else has
// their keys, and a proof with a key of the fuzzer's own must say what we asked.
func FuzzVerifyProof(f *testing.F) {
	for _, file := range []string{"accepted/proofs", "refused/proofs"} {
		for _, v := range vectors(f, file) {
			f.Add(v.Raw)
		}
	}
	f.Add(rfcCode)
	want := oauth.ProofRules{Method: "GET", URL: "https://rs.example/citizens/me", Now: time.Unix(1790000000, 0)}
	f.Fuzz(func(t *testing.T, raw string) {
		p, err := oauth.VerifyProof(raw, want)
		if err != nil {
			if p != (oauth.Proof{}) {
				t.Error("something usable next to an error")
			}
			return
		}
		o := said(t, raw)
		if p.ID == "" || o.String("htm") != "GET" || !strings.Contains(strings.ToLower(o.String("htu")), "rs.example") || len(raw) > 8<<10 {
			t.Errorf("%q holds", raw)
		}
	})
}

func FuzzVerifyAssertion(f *testing.F) {
	for _, file := range []string{"accepted/assertions", "refused/assertions"} {
		for _, v := range vectors(f, file) {
			f.Add(v.Raw)
		}
	}
	want := oauth.AssertionRules{
		Client: "rp", Audience: "https://op.example", Now: time.Unix(1790000000, 0),
		Verify: func(string, string, []byte, []byte) error { return nil }, // the fuzzer signs nothing
	}
	f.Fuzz(func(t *testing.T, raw string) {
		id, until, err := oauth.VerifyAssertion(raw, want)
		if err != nil {
			if id != "" || !until.IsZero() {
				t.Error("something usable next to an error")
			}
			return
		}
		payload, _ := jws.DecodeBase64(strings.Split(raw, ".")[1])
		o, err := jws.ParseObject(string(payload))
		if err != nil || o.String("iss") != "rp" || o.String("sub") != "rp" || o.Raw("aud") == "" || o.Raw("aud")[0] != '"' || id != o.String("jti") || id == "" {
			t.Errorf("%q holds", raw)
		}
	})
}

// A target, once normalised, is its own normal form: otherwise one request would
// have two, and a proof for one would not be a proof for the other.
func FuzzTargets(f *testing.F) {
	for _, v := range vectors(f, "accepted/proofs") {
		f.Add(v.Rules.URL)
	}
	f.Add("https://[::1]:443/%2e%2E/%41?x#y")
	p, err := oauth.NewProver(nil, clock)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		first, err := p.Proof("GET", raw, "")
		if err != nil {
			return
		}
		o := said(t, first)
		htu := o.String("htu")
		u, err := url.Parse(htu)
		if err != nil || u.RawQuery != "" || u.Fragment != "" || u.User != nil || strings.ContainsAny(htu, "?#") {
			t.Fatalf("%q became %q", raw, htu)
		}
		again, err := p.Proof("GET", htu, "")
		if err != nil {
			t.Fatalf("%q became %q, which is none", raw, htu)
		}
		if o := said(t, again); o.String("htu") != htu {
			t.Errorf("%q became %q and then %q", raw, htu, o.String("htu"))
		}
		if _, err := oauth.VerifyProof(first, oauth.ProofRules{Method: "GET", URL: raw, Now: now}); err != nil {
			t.Errorf("our own proof for %q: %v", raw, err)
		}
	})
}
