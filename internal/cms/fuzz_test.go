package cms

import (
	"bytes"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// Each target starts from every object of the vectors and fixtures, since what is
// wrong for one parser is input for all.

func seeds(f *testing.F, patterns ...string) {
	all, _, _ := load(f)
	for _, b := range all {
		if len(b) < 4096 {
			f.Add(b)
		}
	}
	for _, p := range patterns {
		for _, name := range names(f, p) {
			f.Add(fixture(f, name+p[1:]))
		}
	}
}

func FuzzCertificate(f *testing.F) {
	seeds(f, "*.csca.der", "*.ds.der")
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseCertificate(b)
		if err != nil {
			if c != nil {
				t.Fatal("a certificate next to an error")
			}
			return
		}
		if !bytes.Equal(c.Raw, b) || !bytes.Contains(b, c.signed.body) || c.Key == nil || !c.Subject.Equal(c.Subject) {
			t.Error("parts that are not the certificate's")
		}
		c.CRLPoints()
		c.selfSigned()
		var s Store
		if s.AddLink(b) != nil {
			t.Error("read, but not indexed")
		}
		if _, err := s.Path(c, Query{Use: ForCards, Country: "VN"}); err == nil {
			t.Error("a path without an anchor")
		}
	})
}

func FuzzCRL(f *testing.F) {
	seeds(f, "*.crl")
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := ParseCRL(b)
		if err != nil {
			return
		}
		if l.lists(nil) {
			t.Error("lists no number")
		}
		l.fresh(time.Unix(0, 0))
	})
}

func FuzzSOD(f *testing.F) {
	seeds(f, "*.sod.cms")
	for _, name := range names(f, "*.sod.cms") {
		f.Add(tlv.New(tagSOD, fixture(f, name+".sod.cms")))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ParseSOD(b)
		if err != nil {
			return
		}
		if len(s.content) == 0 || len(s.signer.attrs) == 0 {
			t.Error("an empty SOD")
		}
		if c, err := s.Signer(); err == nil {
			s.Verify(c, Policy{})
		}
		for n := -1; n < 20; n++ {
			if s.Lists(n) != (s.Check(n, nil, Policy{}) != NotListed) {
				t.Error("listed or not?")
			}
		}
	})
}

func FuzzMasterList(f *testing.F) {
	seeds(f, "*.sod.cms")
	f.Add(fixture(f, "list.ml"))
	anchor := fixture(f, "p256.csca.der")
	genuine := must(ParseMasterList(fixture(f, "list.ml")))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ParseMasterList(b)
		if err != nil {
			return
		}
		var s Store
		if err := s.AddAnchor(anchor, Scope{"VN", ForLists, FromTest}); err != nil {
			t.Fatal(err)
		}
		_, err = s.AddMasterList(m, ForPassports, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), Policy{})
		if err == nil && !bytes.Equal(m.content, genuine.content) {
			t.Error("a list that nobody signed")
		}
	})
}
