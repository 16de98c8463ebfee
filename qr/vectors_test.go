package qr_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// vector is a file of testdata/accepted or testdata/refused, made by the foreign
// signer that Made names (make_vectors.py, make_documents.py, make_vectors.mjs).
type vector struct {
	Name   string `json:"-"`
	Desc   string
	Made   string
	Text   string
	Config struct {
		At              int64
		Audience, Nonce string
		Need            vneid.Level
		AcceptUnchecked bool `json:"accept_unchecked"`
		Document        document.Kind
		Signs           string // kinds of documents, between spaces
	}

	// accepted
	Record       vneid.Record
	Level        vneid.Level
	Kind, Holder string
	Paper        json.RawMessage // what a document says

	// refused
	Want string
	Twin string // the accepted vector that differs in the named fault alone

	anyIssuer bool   // set by tests that take the check of issuers out
	off       string // the check that a test takes out
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
		v := vector{Name: strings.TrimSuffix(filepath.Base(file), ".json")}
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out[v.Name] = v
	}
	return out
}

const issuer = "https://qr.vneid.example"

// byUse is a key set for all that one organisation signs. Each part is bound to
// its use when it is loaded.
type byUse map[vneid.Use]vneid.KeySet

func (m byUse) Verify(ctx context.Context, s vneid.Signed) error {
	if set := m[s.Use]; set != nil {
		return set.Verify(ctx, s)
	}
	return vneid.ErrUntrusted
}

// keys are those of testdata/keys.json.
func keys(t testing.TB) vneid.KeySet {
	t.Helper()
	raw, err := os.ReadFile("testdata/keys.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	all := byUse{}
	for _, use := range []vneid.Use{vneid.UseQR, vneid.UseIDToken} {
		if all[use], err = jwks.Parse(doc[string(use)], issuer, use); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// verifier is the one that the vector's configuration describes, with an empty
// replay store.
func (v vector) verifier(t testing.TB, keys vneid.KeySet) *qr.Verifier {
	t.Helper()
	now := func() time.Time { return time.Unix(v.Config.At, 0) }
	issuers := []string{issuer}
	if v.anyIssuer {
		issuers = append(issuers, "https://other.example", issuer+"/", strings.ToUpper(issuer))
	}
	signs := make(map[string][]document.Kind)
	for _, kind := range strings.Fields(v.Config.Signs) {
		signs[issuer] = append(signs[issuer], document.Kind(kind))
	}
	verifier, err := qr.New(qr.Config{
		Document: v.Config.Document, Signs: signs,
		Issuers: issuers, Keys: keys, Audience: v.Config.Audience, Need: v.Config.Need,
		AcceptUnchecked: v.Config.AcceptUnchecked, Now: now,
		Replay: vneid.NewMemoryReplay(0, func() time.Time { return time.Unix(v.Config.At-600, 0) }),
	})
	if err != nil {
		t.Fatal(err)
	}
	return qr.Without(verifier, v.off)
}

func (v vector) verify(t testing.TB, keys vneid.KeySet) (*qr.Credential, error) {
	t.Helper()
	return v.verifier(t, keys).VerifyNonce(context.Background(), v.Text, v.Config.Nonce)
}

var (
	kindNames   = map[string]qr.Kind{"dynamic": qr.Dynamic, "card": qr.Static, "document": qr.Document}
	holderNames = map[string]qr.Holder{"none": qr.HolderNone, "device": qr.HolderDevice, "card": qr.HolderCard, "login": qr.HolderLogin}
)

func TestCodesOfForeignSignersAreAccepted(t *testing.T) {
	keys := keys(t)
	for name, v := range vectors(t, "accepted") {
		t.Run(name, func(t *testing.T) {
			c, err := v.verify(t, keys)
			if err != nil {
				t.Fatalf("%s: %v", v.Desc, err)
			}
			if got := c.Citizen().Reveal(); !reflect.DeepEqual(got, v.Record) {
				t.Errorf("record %+v, want %+v", got, v.Record)
			}
			if c.Level() != v.Level || c.Kind() != kindNames[v.Kind] || c.Holder() != holderNames[v.Holder] {
				t.Errorf("level %d, kind %d, holder %d; want %d, %s, %s", c.Level(), c.Kind(), c.Holder(), v.Level, v.Kind, v.Holder)
			}
			if said := revealed(t, c); (said == nil) != (v.Paper == nil) || said != nil && !reflect.DeepEqual(said, parsed(t, c.Document(), v.Paper)) {
				t.Errorf("document %+v, want %s", said, v.Paper)
			}
			if c.Issuer() != issuer || c.ID() != "MDEyMzQ1Njc4OTo7PD0-Pw" || c.Status() != qr.StatusUnchecked {
				t.Errorf("issuer %q, id %q, status %d", c.Issuer(), c.ID(), c.Status())
			}
			if form := qr.Classify(v.Text); form != qr.Signed {
				t.Errorf("classified as %d", form)
			}
		})
	}
}

// revealed is what the document of a code says, nil for other codes.
func revealed(t testing.TB, c *qr.Credential) (said paper.Paper) {
	t.Helper()
	var err error
	switch c.Document() {
	case document.DriverLicence:
		said, err = qr.Reveal[paper.DriverLicence](c)
	case document.VehicleRegistration:
		said, err = qr.Reveal[paper.VehicleRegistration](c)
	case document.HealthInsurance:
		said, err = qr.Reveal[paper.HealthInsurance](c)
	case "":
		return nil
	}
	if said == nil || err != nil {
		t.Fatalf("no document: %v", err)
	}
	return said
}

func parsed(t testing.TB, kind document.Kind, text []byte) paper.Paper {
	t.Helper()
	p, err := paper.Parse(kind, text)
	if err != nil {
		t.Fatal(err)
	}
	return p
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

func TestEachFaultIsRefusedForItsReasonAndItsTwinIsNot(t *testing.T) {
	keys := keys(t)
	accepted, refused := vectors(t, "accepted"), vectors(t, "refused")
	for name, v := range refused {
		t.Run(name, func(t *testing.T) {
			twin, ok := accepted[v.Twin]
			if !ok {
				t.Fatalf("no twin %q", v.Twin)
			}
			if _, err := twin.verify(t, keys); err != nil {
				t.Fatalf("the twin is refused: %v", err)
			}
			if differences := btoi(twin.Text != v.Text) + btoi(twin.Config != v.Config); differences != 1 {
				t.Fatalf("%d differences from the twin, want the text or the configuration", differences)
			}
			c, err := v.verify(t, keys)
			if err == nil || c != nil {
				t.Fatalf("%s: accepted", v.Desc)
			}
			if kind := kindOf(t, err); kind.Error() != v.Want {
				t.Errorf("%s: %v (%v), want %s", v.Desc, err, kind, v.Want)
			}
			if !strings.HasPrefix(err.Error(), "qr: ") || strings.Count(err.Error(), "qr: ")+strings.Count(err.Error(), "vneid: ") != 1 {
				t.Errorf("not one prefix: %q", err)
			}
			if leak := personal(err.Error()); leak != "" {
				t.Errorf("the text %q tells %q", err, leak)
			}
			if vi, en := vneid.Advice(err); vi == "" || en == "" {
				t.Error("no advice")
			}
		})
	}
	if len(refused) < 75 {
		t.Errorf("%d faults, want 75 at least", len(refused))
	}
}

// TestNothingElseStandsInTheWay takes out the one check at which a vector aims,
// by configuring it away: then the code must pass. Otherwise the vector would be
// refused for something else, and say nothing about the check.
func TestNothingElseStandsInTheWay(t *testing.T) {
	trusted := keys(t)
	passed, structural := map[string]int{}, 0
	for name, v := range vectors(t, "refused") {
		if v.Want == "malformed" || strings.Contains(name, "alg") {
			structural++ // no configuration lets these pass
			continue
		}
		accepted := false
		for _, relaxed := range v.relaxed(trusted) {
			if c, err := relaxed(t); err == nil && c != nil {
				accepted = true
			}
		}
		if !accepted {
			t.Errorf("%s (%s) is refused without the check too", name, v.Want)
		}
		passed[v.Want]++
	}
	t.Logf("pass once their check is out: %v; %d structural", passed, structural)
}

// relaxed returns verifications of v without the check that wants to refuse it.
func (v vector) relaxed(trusted vneid.KeySet) (out []func(testing.TB) (*qr.Credential, error)) {
	with := func(v vector, keys vneid.KeySet) {
		out = append(out, func(t testing.TB) (*qr.Credential, error) { return v.verify(t, keys) })
	}
	switch v.Want {
	case "untrusted", "bad signature":
		v.anyIssuer = true
		with(v, refusing{nil}) // which refuses nothing
		v.off = "signs"
		v.Config.Document = "driver-licence"
		v.Config.Signs += " driver-licence"
		with(v, trusted)
	case "expired", "not yet valid":
		for _, off := range []string{"over", "since"} {
			other := v
			other.off = off
			with(other, trusted)
		}
		for _, shift := range []int64{-31536000, -86400, -3590, -120, 60} {
			early := v
			early.Config.At += shift
			with(early, trusted)
		}
	case "mismatch":
		other := v
		other.off = "asked"
		with(other, trusted)
		for _, audience := range []string{"", "quầy", "quầy-1", "quầy-2"} {
			for _, nonce := range []string{"", "n-other", "n-0S6_WzA2Mj"} {
				free := v
				free.Config.Audience, free.Config.Nonce = audience, nonce
				with(free, trusted)
			}
		}
	case "level too low":
		for _, v.off = range []string{"level", "state"} {
			with(v, trusted)
		}
		v.Config.Need, v.off = 0, ""
		with(v, trusted)
	case "unavailable":
		v.Config.AcceptUnchecked = true
		with(v, trusted)
	}
	return out
}

// personal returns what of the vectors' people, identifiers and places stands in
// text.
func personal(text string) string {
	for _, secret := range []string{
		"999090000001", "090000001", "000001", "Trần", "Thử", "Nghiệm", "Ví Dụ", "1990", "MDEyMzQ1", "n-0S6", "quầy",
		"other.example", "qr-ed", "VN1:", "eyJ",
	} {
		if strings.Contains(text, secret) {
			return secret
		}
	}
	return ""
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestBothSpellingsOfACodeHaveTheSameVerdict(t *testing.T) {
	keys := keys(t)
	pairs := 0
	for _, dir := range []string{"accepted", "refused"} {
		all := vectors(t, dir)
		for name, v := range all {
			rest, isVN1 := strings.CutPrefix(name, "vn1-")
			j, ok := all["jws-"+rest]
			if !isVN1 || !ok || slices.Contains(spellingsDiffer, rest) {
				continue
			}
			pairs++
			c1, err1 := v.verify(t, keys)
			c2, err2 := j.verify(t, keys)
			if err1 != nil || err2 != nil {
				if err1 == nil || err2 == nil || kindOf(t, err1) != kindOf(t, err2) {
					t.Errorf("%s: %v and %v", rest, err1, err2)
				}
				continue
			}
			if !reflect.DeepEqual(c1.Citizen().Reveal(), c2.Citizen().Reveal()) {
				t.Errorf("%s: %+v and %+v", rest, c1.Citizen().Reveal(), c2.Citizen().Reveal())
			}
			if p1, p2 := revealed(t, c1), revealed(t, c2); !reflect.DeepEqual(p1, p2) || c1.Document() != c2.Document() {
				t.Errorf("%s: %+v and %+v", rest, p1, p2)
			}
			type facts struct {
				level           vneid.Level
				issuer, id, uri string
				kind            qr.Kind
				issued, expires time.Time
				holder          qr.Holder
				index           uint64
			}
			of := func(c *qr.Credential) facts {
				uri, index := c.StatusList()
				return facts{c.Level(), c.Issuer(), c.ID(), uri, c.Kind(), c.Issued(), c.Expires(), c.Holder(), index}
			}
			if of(c1) != of(c2) {
				t.Errorf("%s: %+v and %+v", rest, of(c1), of(c2))
			}
		}
	}
	if pairs < 100 {
		t.Errorf("only %d pairs", pairs)
	}
}

// spellingsDiffer lists the vectors whose names meet by chance: the envelopes
// differ there, not the claims. A COSE signature of another length cannot be
// taken apart, a JOSE one is the key set's to judge.
var spellingsDiffer = []string{"signature-63", "signature-65", "es256-der"}
