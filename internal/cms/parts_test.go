package cms

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

func rdn(tag tlv.Tag, oid, value string) []byte {
	return tlv.New(tlv.Set, tlv.New(tlv.Sequence, append(tlv.New(tlv.OID, []byte(oid)), tlv.New(tag, []byte(value))...)))
}

const oidCommonName = "\x55\x04\x03"

func TestNames(t *testing.T) {
	cn := func(tag tlv.Tag, value string) Name { return rdn(tag, oidCommonName, value) }
	base := cn(tlv.PrintableString, "CSCA Viet Nam")
	for _, c := range []struct {
		what string
		name Name
		same bool
	}{
		{"itself", cn(tlv.PrintableString, "CSCA Viet Nam"), true},
		{"another string type", cn(tlv.UTF8String, "CSCA Viet Nam"), true},
		{"another case", cn(tlv.UTF8String, "csca VIET nam"), true},
		{"spaces around and within", cn(tlv.PrintableString, "  CSCA   Viet Nam "), true},
		{"two bytes for each character", cn(tagBMP, "\x00C\x00S\x00C\x00A\x00 \x00V\x00i\x00e\x00t\x00 \x00N\x00a\x00m"), true},
		{"four bytes for each character", cn(tagUniversal, "\x00\x00\x00"+strings.Join(strings.Split("CSCA Viet Nam", ""), "\x00\x00\x00")), true},
		{"a space less", cn(tlv.PrintableString, "CSCA VietNam"), false},
		{"a letter less", cn(tlv.PrintableString, "CSCA Viet Na"), false},
		{"a letter more", cn(tlv.PrintableString, "CSCA Viet Nams"), false},
		{"another attribute", rdn(tlv.PrintableString, "\x55\x04\x0b", "CSCA Viet Nam"), false},
		{"one attribute more", append(cn(tlv.PrintableString, "CSCA Viet Nam"), cn(tlv.PrintableString, "x")...), false},
		{"none", nil, false},
		{"cut off", cn(tlv.PrintableString, "CSCA Viet Nam")[:20], false},
	} {
		if got := base.Equal(c.name); got != c.same || c.name.Equal(base) != got {
			t.Errorf("%s: %v", c.what, got)
		}
	}
	// One set of two attributes is not two sets of one.
	pair := func(parts ...[]byte) []byte { return tlv.New(tlv.Set, bytes.Join(parts, nil)) }
	a := tlv.New(tlv.Sequence, append(tlv.New(tlv.OID, []byte(oidCommonName)), tlv.New(tlv.UTF8String, []byte("a"))...))
	if Name(pair(a, a)).Equal(append(pair(a), pair(a)...)) {
		t.Error("sets do not matter")
	}
}

func TestCountries(t *testing.T) {
	for _, c := range []struct{ value, want string }{{"VN", "VN"}, {"vn", "VN"}, {"VNM", ""}, {"V", ""}, {"V1", ""}, {"", ""}} {
		n := append(Name(rdn(tlv.UTF8String, oidCommonName, "x")), rdn(tlv.PrintableString, oidCountry, c.value)...)
		if got := n.Country(); got != c.want {
			t.Errorf("%q gives %q", c.value, got)
		}
	}
	two := append(Name(rdn(tlv.PrintableString, oidCountry, "VN")), rdn(tlv.PrintableString, oidCountry, "LA")...)
	if got := two.Country(); got != "" {
		t.Errorf("two countries give %q", got)
	}
}

func TestTimes(t *testing.T) {
	for _, c := range []struct {
		tag  tlv.Tag
		text string
		want string // "" refused
	}{
		{tlv.UTCTime, "260601120000Z", "2026-06-01T12:00:00Z"},
		{tlv.UTCTime, "491231235959Z", "2049-12-31T23:59:59Z"},
		{tlv.UTCTime, "500101000000Z", "1950-01-01T00:00:00Z"},
		{tlv.GeneralizedTime, "20260601120000Z", "2026-06-01T12:00:00Z"},
		{tlv.GeneralizedTime, "99991231235959Z", "9999-12-31T23:59:59Z"},
		{tlv.GeneralizedTime, "20280229000000Z", "2028-02-29T00:00:00Z"},
		{tlv.GeneralizedTime, "20260229000000Z", ""},
		{tlv.GeneralizedTime, "20260631000000Z", ""},
		{tlv.GeneralizedTime, "20261301000000Z", ""},
		{tlv.GeneralizedTime, "20260600000000Z", ""},
		{tlv.GeneralizedTime, "20260601240000Z", ""},
		{tlv.GeneralizedTime, "20260601006000Z", ""},
		{tlv.GeneralizedTime, "20260601000060Z", ""},
		{tlv.GeneralizedTime, "20260601000000", ""},
		{tlv.GeneralizedTime, "20260601000000.5Z", ""},
		{tlv.GeneralizedTime, "2026060100000Z", ""},
		{tlv.UTCTime, "2606011200Z", ""},
		{tlv.UTCTime, "260601120000+0700", ""},
		{tlv.UTCTime, "26060112000xZ", ""},
		{tlv.UTCTime, "", ""},
		{tlv.PrintableString, "260601120000Z", ""},
	} {
		r := read(tlv.New(c.tag, []byte(c.text)))
		got := r.time()
		if r.end() != (c.want != "") || c.want != "" && got.Format(time.RFC3339) != c.want {
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

func TestTheStoreMayBeUsedByManyAtOnce(t *testing.T) {
	var s Store
	if err := s.AddAnchor(fixture(t, "p256.csca.der"), Scope{"VN", ForLists | ForCards, FromTest}); err != nil {
		t.Fatal(err)
	}
	file, crl := fixture(t, "list.ml"), fixture(t, "p256.crl")
	signer := must(ParseCertificate(fixture(t, "p256.ds.der")))
	listed := must(ParseCertificate(fixture(t, "rsa2048.ds.der")))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			list := must(ParseMasterList(file))
			now := list.SigningTime.Add(time.Hour)
			if _, err := s.AddMasterList(list, ForPassports, now, Policy{}); err != nil {
				t.Error(err)
			}
			if err := s.AddCRL(crl, Policy{}); err != nil {
				t.Error(err)
			}
			path, err := s.Path(signer, Query{ForCards, "VN", "ID", Policy{}})
			if err != nil || path.Revocation(now) != nil {
				t.Error(err)
			}
			if _, err := s.Path(listed, Query{ForPassports, "VN", "ID", Policy{}}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
