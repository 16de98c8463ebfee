package cms

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"slices"
	"testing"
	"time"
)

// A vector is what a Store is given, a document, and the question put to it. See
// testdata/make.py, which makes them.
type vector struct {
	Anchors []struct {
		DER, Country, Origin string
		Uses                 []string
	}
	Links, Lists, CRLs []string
	CRLsFirst          bool
	SOD                string
	Groups             map[int]string
	Now                time.Time
	Use, Country, Type string
	Revocation         bool
	AllowSHA1          bool
}

type refusal struct {
	Name, Twin, Want string
	Case             vector
}

var reasons = map[string]Reason{
	"Malformed": Malformed, "TooLarge": TooLarge, "Algorithm": Algorithm, "Parameters": Parameters, "UnknownEC": UnknownEC,
	"BadKey": BadKey, "Disagree": Disagree, "ContentType": ContentType, "Attribute": Attribute, "Signers": Signers,
	"NoSigner": NoSigner, "BadSignature": BadSignature, "BadDigest": BadDigest, "NotListed": NotListed, "WeakDigest": WeakDigest,
	"WeakKey": WeakKey, "NoAnchor": NoAnchor, "OutOfScope": OutOfScope, "NotSelfSigned": NotSelfSigned, "Country": Country,
	"DocumentType": DocumentType, "Critical": Critical, "KeyUsage": KeyUsage, "Purpose": Purpose, "NotCA": NotCA,
	"PathLength": PathLength, "NotYetValid": NotYetValid, "Expired": Expired, "KeyPeriod": KeyPeriod, "Revoked": Revoked,
	"NoCRL": NoCRL, "StaleCRL": StaleCRL, "Rollback": Rollback,
}

var uses = map[string]Use{"cards": ForCards, "passports": ForPassports, "lists": ForLists}

type objects map[string][]byte

func load(t testing.TB) (objects, map[string]vector, []refusal) {
	t.Helper()
	var encoded map[string]string
	var accepted map[string]vector
	var refused []refusal
	for name, into := range map[string]any{"objects.json": &encoded, "accepted/cases.json": &accepted, "refused/cases.json": &refused} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, into); err != nil {
			t.Fatal(name, err)
		}
	}
	all := objects{}
	for name, s := range encoded {
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(name, err)
		}
		all[name] = b
	}
	return all, accepted, refused
}

// judge asks everything that a verifier of documents asks, in its order.
func (all objects) judge(v vector, p Policy) error {
	p.AllowSHA1 = v.AllowSHA1
	s := new(Store)
	for _, a := range v.Anchors {
		scope := Scope{Country: a.Country, Origin: map[string]Origin{"test": FromTest}[a.Origin]}
		for _, u := range a.Uses {
			scope.Uses |= uses[u]
		}
		if err := s.AddAnchor(all[a.DER], scope); err != nil {
			return err
		}
	}
	for _, l := range v.Links {
		if err := s.AddLink(all[l]); err != nil {
			return err
		}
	}
	steps := []func() error{
		func() error { return all.addLists(s, v, p) },
		func() error { return all.addCRLs(s, v, p) },
	}
	if v.CRLsFirst {
		slices.Reverse(steps)
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return all.document(s, v, p)
}

func (all objects) addLists(s *Store, v vector, p Policy) error {
	for _, l := range v.Lists {
		list, err := ParseMasterList(all[l])
		if err != nil {
			return err
		}
		if _, err := s.AddMasterList(list, ForPassports, v.Now, p); err != nil {
			return err
		}
	}
	return nil
}

func (all objects) addCRLs(s *Store, v vector, p Policy) error {
	for _, l := range v.CRLs {
		if err := s.AddCRL(all[l], p); err != nil {
			return err
		}
	}
	return nil
}

func (all objects) document(s *Store, v vector, p Policy) error {
	sod, err := ParseSOD(all[v.SOD])
	if err != nil {
		return err
	}
	signer, err := sod.Signer()
	if err != nil {
		return err
	}
	if err := sod.Verify(signer, p); err != nil {
		return err
	}
	path, err := s.Path(signer, Query{uses[v.Use], v.Country, v.Type, p})
	if err != nil {
		return err
	}
	if err := path.ValidAt(v.Now); err != nil {
		return err
	}
	if !sod.SigningTime.IsZero() {
		if err := path.SignedAt(sod.SigningTime); err != nil {
			return err
		}
	}
	if v.Revocation {
		if err := path.Revocation(v.Now); err != nil {
			return err
		}
	}
	for _, n := range slices.Sorted(maps.Keys(v.Groups)) {
		if err := sod.Check(n, all[v.Groups[n]], p); err != nil {
			return err
		}
	}
	return nil
}

func TestRefusedDocumentsAndTheirTwins(t *testing.T) {
	all, accepted, refused := load(t)
	if len(refused) < 150 {
		t.Errorf("only %d refused cases", len(refused))
	}
	for name, v := range accepted {
		if err := all.judge(v, Policy{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	met := map[Reason]int{}
	for _, r := range refused {
		t.Run(r.Name, func(t *testing.T) {
			twin, ok := accepted[r.Twin]
			if !ok {
				t.Fatal("no twin")
			}
			if err := all.judge(twin, Policy{}); err != nil {
				t.Fatalf("the twin is refused: %v", err)
			}
			want := reasons[r.Want]
			if err := all.judge(r.Case, Policy{}); want == "" || !errors.Is(err, want) {
				t.Fatalf("got %v, want %s", err, r.Want)
			}
			met[want]++
		})
	}
	for name, r := range reasons {
		if met[r] == 0 {
			t.Errorf("no case for %s", name)
		}
	}
}

// An attack that a check stops must succeed when that check alone is taken out;
// otherwise it was stopped by something else and shows nothing about the check.
func TestAttacksSucceedWithoutTheirCheck(t *testing.T) {
	all, _, refused := load(t)
	substance := []Reason{BadSignature, BadDigest, WeakDigest, WeakKey, OutOfScope, Country, DocumentType, Critical, KeyUsage,
		Purpose, NotCA, PathLength, NotYetValid, Expired, KeyPeriod, Revoked, NoCRL, StaleCRL, Rollback}
	configuration := []string{ // refused by AddAnchor, which knows no policy; or by the bound on a path
		"an anchor for no use", "an anchor for no country", "an anchor from nowhere", "an anchor for another country than its own", "three links",
	}
	pairs := 0
	for _, r := range refused {
		want := reasons[r.Want]
		if !slices.Contains(substance, want) || slices.Contains(configuration, r.Name) {
			continue
		}
		pairs++
		if err := all.judge(r.Case, Policy{without: want}); err != nil {
			t.Errorf("%s: with %s taken out, still %v", r.Name, r.Want, err)
		}
	}
	t.Logf("%d attacks stopped by their check and by nothing else", pairs)
	if pairs < 70 {
		t.Errorf("only %d attacks", pairs)
	}
}

// A bit of every byte is altered. What still passes lies in parts that no signature
// covers, and not in the certificate or the signature.
func TestNoAlteredDocumentPasses(t *testing.T) {
	all, accepted, _ := load(t)
	v := accepted["plain"]
	file := all[v.SOD]
	sod := must(ParseSOD(file))
	cert := must(sod.Signer())
	copied := maps.Clone(all)
	passed := 0
	for i := range file {
		altered := slices.Clone(file)
		altered[i] ^= 1 << (i % 8)
		copied[v.SOD] = altered
		if copied.judge(v, Policy{}) == nil {
			passed++
			if in := bytes.Index(file, cert.Raw); i >= in && i < in+len(cert.Raw) || i > len(file)-80 {
				t.Errorf("byte %d of %d altered, still accepted", i, len(file))
			}
		}
	}
	// The versions of SignedData and SignerInfo and the set of digest algorithms
	// repeat what stands elsewhere and are not signed.
	if passed > 24 {
		t.Errorf("%d alterations passed", passed)
	}
	t.Logf("%d of %d alterations change nothing that is signed", passed, len(file))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
