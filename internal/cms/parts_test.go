package cms

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func rdn(tag byte, oid, value string) []byte {
	return wrap(nil, tagSet, wrap(nil, tagSequence, append(wrap(nil, tagOID, []byte(oid)), wrap(nil, tag, []byte(value))...)))
}

const oidCommonName = "\x55\x04\x03"

func TestNames(t *testing.T) {
	cn := func(tag byte, value string) Name { return rdn(tag, oidCommonName, value) }
	base := cn(tagPrintable, "CSCA Viet Nam")
	for _, c := range []struct {
		what string
		name Name
		same bool
	}{
		{"itself", cn(tagPrintable, "CSCA Viet Nam"), true},
		{"another string type", cn(tagUTF8, "CSCA Viet Nam"), true},
		{"another case", cn(tagUTF8, "csca VIET nam"), true},
		{"spaces around and within", cn(tagPrintable, "  CSCA   Viet Nam "), true},
		{"two bytes for each character", cn(tagBMP, "\x00C\x00S\x00C\x00A\x00 \x00V\x00i\x00e\x00t\x00 \x00N\x00a\x00m"), true},
		{"four bytes for each character", cn(tagUniversal, "\x00\x00\x00"+strings.Join(strings.Split("CSCA Viet Nam", ""), "\x00\x00\x00")), true},
		{"a space less", cn(tagPrintable, "CSCA VietNam"), false},
		{"a letter less", cn(tagPrintable, "CSCA Viet Na"), false},
		{"a letter more", cn(tagPrintable, "CSCA Viet Nams"), false},
		{"another attribute", rdn(tagPrintable, "\x55\x04\x0b", "CSCA Viet Nam"), false},
		{"one attribute more", append(cn(tagPrintable, "CSCA Viet Nam"), cn(tagPrintable, "x")...), false},
		{"none", nil, false},
		{"cut off", cn(tagPrintable, "CSCA Viet Nam")[:20], false},
	} {
		if got := base.Equal(c.name); got != c.same || c.name.Equal(base) != got {
			t.Errorf("%s: %v", c.what, got)
		}
	}
	// One set of two attributes is not two sets of one.
	pair := func(parts ...[]byte) []byte { return wrap(nil, tagSet, bytes.Join(parts, nil)) }
	a := wrap(nil, tagSequence, append(wrap(nil, tagOID, []byte(oidCommonName)), wrap(nil, tagUTF8, []byte("a"))...))
	if Name(pair(a, a)).Equal(append(pair(a), pair(a)...)) {
		t.Error("sets do not matter")
	}
}

func TestCountries(t *testing.T) {
	for _, c := range []struct{ value, want string }{{"VN", "VN"}, {"vn", "VN"}, {"VNM", ""}, {"V", ""}, {"V1", ""}, {"", ""}} {
		n := append(Name(rdn(tagUTF8, oidCommonName, "x")), rdn(tagPrintable, oidCountry, c.value)...)
		if got := n.Country(); got != c.want {
			t.Errorf("%q gives %q", c.value, got)
		}
	}
	two := append(Name(rdn(tagPrintable, oidCountry, "VN")), rdn(tagPrintable, oidCountry, "LA")...)
	if got := two.Country(); got != "" {
		t.Errorf("two countries give %q", got)
	}
}

func TestTimes(t *testing.T) {
	for _, c := range []struct {
		tag  byte
		text string
		want string // "" refused
	}{
		{tagUTCTime, "260601120000Z", "2026-06-01T12:00:00Z"},
		{tagUTCTime, "491231235959Z", "2049-12-31T23:59:59Z"},
		{tagUTCTime, "500101000000Z", "1950-01-01T00:00:00Z"},
		{tagGeneralized, "20260601120000Z", "2026-06-01T12:00:00Z"},
		{tagGeneralized, "99991231235959Z", "9999-12-31T23:59:59Z"},
		{tagGeneralized, "20280229000000Z", "2028-02-29T00:00:00Z"},
		{tagGeneralized, "20260229000000Z", ""},
		{tagGeneralized, "20260631000000Z", ""},
		{tagGeneralized, "20261301000000Z", ""},
		{tagGeneralized, "20260600000000Z", ""},
		{tagGeneralized, "20260601240000Z", ""},
		{tagGeneralized, "20260601006000Z", ""},
		{tagGeneralized, "20260601000060Z", ""},
		{tagGeneralized, "20260601000000", ""},
		{tagGeneralized, "20260601000000.5Z", ""},
		{tagGeneralized, "2026060100000Z", ""},
		{tagUTCTime, "2606011200Z", ""},
		{tagUTCTime, "260601120000+0700", ""},
		{tagUTCTime, "26060112000xZ", ""},
		{tagUTCTime, "", ""},
		{tagPrintable, "260601120000Z", ""},
	} {
		r := cursor{rest: wrap(nil, c.tag, []byte(c.text))}
		got := r.time()
		if r.bad != (c.want == "") || c.want != "" && got.Format(time.RFC3339) != c.want {
			t.Errorf("%s gives %v", c.text, got)
		}
	}
}

func TestErrorsSayWhatAndWhereAndNothingElse(t *testing.T) {
	err := in("anchor", Policy{}.demand(false, Country))
	if !errors.Is(err, Country) || errors.Is(err, Expired) || err.Error() != "anchor: another country" {
		t.Error(err)
	}
	if in("anchor", nil) != nil {
		t.Error("a place makes an error")
	}
	all, _, refused := load(t)
	for _, r := range refused {
		err := fmt.Sprint(all.judge(r.Case, Policy{}))
		for _, secret := range []string{"999090000001", "Thử", "Test only"} {
			if strings.Contains(err, secret) {
				t.Errorf("%s: %s", r.Name, err)
			}
		}
	}
}

// Nothing usable is returned next to an error.
func TestNothingIsReturnedNextToAnError(t *testing.T) {
	all, _, _ := load(t)
	for _, b := range all {
		if x, err := ParseSOD(b); err != nil && x != nil {
			t.Errorf("a SOD next to %v", err)
		}
		if x, err := ParseCertificate(b); err != nil && x != nil {
			t.Errorf("a certificate next to %v", err)
		}
		if x, err := ParseMasterList(b); err != nil && x != nil {
			t.Errorf("a master list next to %v", err)
		}
		if x, err := ParseCRL(b); err != nil && x != nil {
			t.Errorf("a CRL next to %v", err)
		}
	}
	var s Store
	if p, err := s.Path(must(ParseCertificate(fixture(t, "p256.ds.der"))), Query{}); err == nil || p != nil {
		t.Error("an empty store finds a path")
	}
}

func TestTheStoreRemembersGoodSignaturesAlone(t *testing.T) {
	var s Store
	if err := s.AddAnchor(fixture(t, "p384.csca.der"), card); err != nil {
		t.Fatal(err)
	}
	signer := must(ParseCertificate(fixture(t, "p384.ds.der")))
	q := Query{ForCards, "VN", "ID", Policy{}}
	for range 2 {
		if _, err := s.Path(signer, q); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.good.edges) != 1 {
		t.Errorf("%d signatures remembered", len(s.good.edges))
	}
	der := bytes.Clone(signer.Raw)
	der[len(der)-1] ^= 1
	forged := must(ParseCertificate(der))
	for range 2 {
		if _, err := s.Path(forged, q); !errors.Is(err, BadSignature) {
			t.Error(err)
		}
	}
	for i := range 3 * maxGood {
		s.good.add(edge{whole: [32]byte{byte(i), byte(i >> 8)}})
	}
	if len(s.good.edges) > maxGood {
		t.Errorf("%d signatures remembered", len(s.good.edges))
	}
}

// A policy that allows SHA-1 must not open the door for one that does not.
func TestWhatIsRememberedDoesNotLoosenAPolicy(t *testing.T) {
	var s Store
	if err := s.AddAnchor(fixture(t, "sha1.csca.der"), card); err != nil {
		t.Fatal(err)
	}
	signer := must(ParseCertificate(fixture(t, "sha1.ds.der")))
	if _, err := s.Path(signer, Query{ForCards, "VN", "ID", Policy{AllowSHA1: true}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Path(signer, Query{ForCards, "VN", "ID", Policy{}}); !errors.Is(err, WeakDigest) {
		t.Error(err)
	}
}

func TestTheStoreHoldsEachAnchorOnce(t *testing.T) {
	var s Store
	for range 3 {
		if err := s.AddAnchor(fixture(t, "p384.csca.der"), card); err != nil {
			t.Fatal(err)
		}
		if err := s.AddLink(fixture(t, "link.der")); err != nil {
			t.Fatal(err)
		}
		if err := s.AddCRL(fixture(t, "p384.crl"), Policy{}); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.anchors) != 1 || len(s.links) != 1 || len(s.crls) != 1 {
		t.Error(len(s.anchors), len(s.links), len(s.crls))
	}
}

// One certificate may be an anchor for cards from one source and for passports
// from another.
func TestOneAnchorInTwoScopes(t *testing.T) {
	var s Store
	passports := Scope{"VN", ForPassports, FromCaller}
	if err := errors.Join(s.AddAnchor(fixture(t, "p384.csca.der"), card), s.AddAnchor(fixture(t, "p384.csca.der"), passports)); err != nil {
		t.Fatal(err)
	}
	signer := must(ParseCertificate(fixture(t, "p384.ds.der")))
	for use, want := range map[Use]Scope{ForCards: card, ForPassports: passports} {
		path, err := s.Path(signer, Query{use, "VN", "ID", Policy{}})
		if err != nil || path.Anchor != want {
			t.Error(use, path, err)
		}
	}
	if _, err := s.Path(signer, Query{ForCards | ForPassports, "VN", "ID", Policy{}}); !errors.Is(err, OutOfScope) {
		t.Error("two uses at once:", err)
	}
}

func TestAZeroQueryFindsNothing(t *testing.T) {
	var s Store
	if err := s.AddAnchor(fixture(t, "p384.csca.der"), card); err != nil {
		t.Fatal(err)
	}
	signer := must(ParseCertificate(fixture(t, "p384.ds.der")))
	if _, err := s.Path(signer, Query{}); err == nil {
		t.Error("accepted")
	}
}
