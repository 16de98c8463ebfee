package oauth_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// vector is a case of testdata: see make.py.
type vector struct {
	Raw, Twin, Want string
	Until           int64
	Rules           struct {
		Method, URL, Access, Thumbprint string
		Algs                            []string
		Nonce                           *string
		Now, MaxAge, Skew               int64
		Client, Audience                string
		Key                             json.RawMessage
	}
}

func vectors(t testing.TB, name string) map[string]vector {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases map[string]vector }
	if err := json.Unmarshal(text, &file); err != nil || len(file.Cases) == 0 {
		t.Fatal(name, len(file.Cases), err)
	}
	return file.Cases
}

var errNonce = errors.New("another nonce")

func (v vector) proof() (oauth.Proof, error) {
	r := v.Rules
	want := oauth.ProofRules{
		Method: r.Method, URL: r.URL, Access: r.Access, Thumbprint: r.Thumbprint, Algs: r.Algs,
		Now: time.Unix(r.Now, 0), MaxAge: time.Duration(r.MaxAge) * time.Second, Skew: time.Duration(r.Skew) * time.Second,
	}
	if r.Nonce != nil {
		want.Nonce = func(n string) error {
			if n != *r.Nonce {
				return errNonce
			}
			return nil
		}
	}
	return oauth.VerifyProof(v.Raw, want)
}

func (v vector) assertion() (string, time.Time, error) {
	r := v.Rules
	return oauth.VerifyAssertion(v.Raw, oauth.AssertionRules{
		Client: r.Client, Audience: r.Audience, Now: time.Unix(r.Now, 0), Skew: time.Duration(r.Skew) * time.Second,
		Verify: func(alg, kid string, input, sig []byte) error {
			key, err := jwx.ParseKey(string(r.Key))
			if err != nil {
				return err
			}
			return jws.Verify(alg, key.Public, input, sig)
		},
	})
}

// one checks that err has exactly the one kind of that name, and quotes nothing of
// the vector.
func one(t *testing.T, err error, want string, v vector) {
	t.Helper()
	var got []string
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) {
			got = append(got, k.Error())
		}
	}
	if len(got) != 1 || got[0] != want {
		t.Errorf("%v is of kinds %q, want %q", err, got, want)
	}
	if err == nil {
		return
	}
	for _, secret := range []string{v.Rules.Access, v.Rules.Client, v.Rules.Audience, v.Rules.URL, "C3ESc6", "Kz~8", "n-0S6"} {
		if secret != "" && strings.Contains(err.Error(), secret) {
			t.Errorf("the text %q quotes what was presented", err)
		}
	}
}

func TestProofsOfAForeignMaker(t *testing.T) {
	good := vectors(t, "accepted/proofs")
	for name, v := range good {
		p, err := v.proof()
		if err != nil || p.ID == "" || p.Issued.IsZero() || len(p.Thumbprint) != 43 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	bad := vectors(t, "refused/proofs")
	for name, v := range bad {
		t.Run(name, func(t *testing.T) {
			twin, ok := good[v.Twin]
			if !ok {
				t.Fatalf("no twin %q", v.Twin)
			}
			if _, err := twin.proof(); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			p, err := v.proof()
			if p != (oauth.Proof{}) {
				t.Error("something usable next to an error")
			}
			one(t, err, v.Want, v)
			if strings.HasPrefix(name, "nonce") && v.Want == "expired" && !errors.Is(err, errNonce) {
				t.Error("the server's own error is not found")
			}
		})
	}
	t.Logf("%d proofs accepted, %d refused", len(good), len(bad))
}

func TestAssertionsOfAForeignMaker(t *testing.T) {
	good := vectors(t, "accepted/assertions")
	for name, v := range good {
		id, until, err := v.assertion()
		if err != nil || id == "" || until.Unix() != v.Until {
			t.Errorf("%s: %q, until %d, %v", name, id, until.Unix(), err)
		}
	}
	bad := vectors(t, "refused/assertions")
	for name, v := range bad {
		t.Run(name, func(t *testing.T) {
			twin, ok := good[v.Twin]
			if !ok {
				t.Fatalf("no twin %q", v.Twin)
			}
			if _, _, err := twin.assertion(); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			id, until, err := v.assertion()
			if id != "" || !until.IsZero() {
				t.Error("something usable next to an error")
			}
			one(t, err, v.Want, v)
		})
	}
	t.Logf("%d assertions accepted, %d refused", len(good), len(bad))
}

// RFC 9449 §4.1 and §7.1, with the key's thumbprint from §6.1.
const (
	rfcHead = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19"
	rfcCode = rfcHead + ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"
	rfcUse  = rfcHead + ".eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA"

	rfcThumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
	rfcAccess     = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
)

func TestTheProofsOfRFC9449(t *testing.T) {
	for _, tc := range []struct {
		name, raw string
		want      oauth.ProofRules
		id        string
	}{
		{"§4.1", rfcCode, oauth.ProofRules{Method: "POST", URL: "https://server.example.com/token", Now: time.Unix(1562262616, 0)}, "-BwC3ESc6acc2lTc"},
		{"§7.1", rfcUse, oauth.ProofRules{Method: "GET", URL: "https://resource.example.org/protectedresource", Access: rfcAccess, Thumbprint: rfcThumbprint, Now: time.Unix(1562262618, 0)}, "e1j3V_bKic8-LAEB"},
	} {
		p, err := oauth.VerifyProof(tc.raw, tc.want)
		if err != nil || p.Thumbprint != rfcThumbprint || p.ID != tc.id || !p.Issued.Equal(tc.want.Now) {
			t.Errorf("%s: %+v, %v", tc.name, p, err)
		}
		tc.want.Now = tc.want.Now.Add(time.Hour)
		if _, err := oauth.VerifyProof(tc.raw, tc.want); !errors.Is(err, vneid.ErrExpired) {
			t.Errorf("%s an hour later: %v", tc.name, err)
		}
	}
}

func TestRulesThatSayNothingAreAMistakeOfTheProgram(t *testing.T) {
	v := vectors(t, "accepted/proofs")["a proof by ES256"]
	var kind vneid.Kind
	for _, change := range []func(*vector){
		func(v *vector) { v.Rules.Method = "" }, func(v *vector) { v.Rules.URL = "/citizens/me" }, func(v *vector) { v.Rules.URL = "" },
	} {
		bad := v
		change(&bad)
		if p, err := bad.proof(); err == nil || errors.As(err, &kind) || p != (oauth.Proof{}) {
			t.Errorf("%+v, %v", p, err)
		}
	}
	raw := vectors(t, "accepted/assertions")["by ES256"].Raw
	if id, _, err := oauth.VerifyAssertion(raw, oauth.AssertionRules{Client: "rp", Audience: "https://op.example", Now: now}); err == nil || errors.As(err, &kind) || id != "" {
		t.Errorf("an assertion without a key: %v", err)
	}
	failing := errors.New("no keys")
	_, _, err := oauth.VerifyAssertion(raw, oauth.AssertionRules{Client: "rp", Audience: "https://op.example", Now: now, Verify: func(string, string, []byte, []byte) error { return failing }})
	if !errors.Is(err, vneid.ErrUnavailable) || !errors.Is(err, failing) {
		t.Errorf("keys that cannot be had: %v", err)
	}
	_, _, err = oauth.VerifyAssertion(raw, oauth.AssertionRules{Client: "rp", Audience: "https://op.example", Now: now, Verify: func(string, string, []byte, []byte) error { return vneid.ErrRevoked }})
	if !errors.Is(err, vneid.ErrRevoked) {
		t.Errorf("a key with a verdict of its own: %v", err)
	}
}

func TestAServerWordsItsOwnRefusalOfANonce(t *testing.T) {
	v := vectors(t, "accepted/proofs")["with a nonce"]
	want := oauth.ProofRules{Method: v.Rules.Method, URL: v.Rules.URL, Now: now, Nonce: func(string) error { return vneid.ErrReplayed }}
	_, err := oauth.VerifyProof(v.Raw, want)
	one(t, err, vneid.ErrReplayed.Error(), v)
}
