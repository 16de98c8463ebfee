package cms

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// fixture reads a file that openssl made; see testdata/make.sh.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	return must(os.ReadFile("testdata/openssl/" + name))
}

func names(t testing.TB, pattern string) (list []string) {
	t.Helper()
	found := must(filepath.Glob("testdata/openssl/" + pattern))
	if len(found) < 15 {
		t.Fatalf("only %d files %s", len(found), pattern)
	}
	for _, f := range found {
		list = append(list, strings.TrimSuffix(filepath.Base(f), pattern[1:]))
	}
	return list
}

var card = Scope{"VN", ForCards, FromTest}

func TestDocumentsMadeByOpenssl(t *testing.T) {
	dg1 := fixture(t, "dg1")
	for _, name := range names(t, "*.csca.der") {
		for _, form := range []string{".sod.cms", ".stream.cms"} {
			if strings.HasSuffix(name, "-pss") && form == ".stream.cms" {
				continue // openssl 3.0 cannot write it
			}
			t.Run(name+form, func(t *testing.T) {
				var s Store
				if err := s.AddAnchor(fixture(t, name+".csca.der"), card); err != nil {
					t.Fatal(err)
				}
				p := Policy{AllowSHA1: name == "sha1"}
				if err := s.AddCRL(fixture(t, name+".crl"), p); err != nil {
					t.Fatal(err)
				}
				sod := must(ParseSOD(tlv.New(tagSOD, fixture(t, name+form))))
				signer := must(sod.Signer())
				if !bytes.Equal(signer.Raw, fixture(t, name+".ds.der")) {
					t.Error("another signer")
				}
				path, err := s.Path(signer, Query{ForCards, "VN", "ID", p})
				if err != nil {
					t.Fatal(err)
				}
				now := sod.SigningTime.Add(time.Hour)
				if err := errors.Join(sod.Verify(signer, p), path.ValidAt(now), path.SignedAt(sod.SigningTime), path.Revocation(now), sod.Check(1, dg1, p)); err != nil {
					t.Error(err)
				}
				if err := sod.Check(1, dg1[1:], p); !errors.Is(err, BadDigest) {
					t.Error("another file:", err)
				}
				if p.AllowSHA1 {
					if err := sod.Verify(signer, Policy{}); !errors.Is(err, WeakDigest) {
						t.Error("SHA-1:", err)
					}
				}
			})
		}
	}
}

// Signers of one authority must not pass under another of the same kind.
func TestNoAuthorityOfOpensslVouchesForAnothersSigner(t *testing.T) {
	var all []*Certificate
	for _, name := range names(t, "*.csca.der") {
		all = append(all, must(ParseCertificate(fixture(t, name+".csca.der"))))
	}
	p := Policy{AllowSHA1: true}
	for i, name := range names(t, "*.ds.der") {
		signer := must(ParseCertificate(fixture(t, name+".ds.der")))
		for j, c := range all {
			err := p.verify(c.Key, signer.signed.algorithm, signer.signed.body, signer.signed.signature)
			if (err == nil) != (i == j) {
				t.Errorf("signer %s under %s: %v", name, c.Subject, err)
			}
		}
	}
}

func TestAMasterListMadeByOpenssl(t *testing.T) {
	var s Store
	if err := s.AddAnchor(fixture(t, "p256.csca.der"), Scope{"VN", ForLists, FromTest}); err != nil {
		t.Fatal(err)
	}
	list := must(ParseMasterList(fixture(t, "list.ml")))
	now := list.SigningTime.Add(time.Hour)
	if skipped, err := s.AddMasterList(list, ForCards, now, Policy{}); err != nil || skipped != 0 {
		t.Fatal(skipped, err)
	}
	for _, name := range names(t, "*.ds.der") {
		signer := must(ParseCertificate(fixture(t, name+".ds.der")))
		path, err := s.Path(signer, Query{ForCards, "VN", "ID", Policy{AllowSHA1: true}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if path.List != "VN" || path.Anchor != card || path.ValidAt(now) != nil {
			t.Errorf("%s: %+v", name, path)
		}
	}
}

func TestALinkMadeByOpenssl(t *testing.T) {
	var s Store
	signer := must(ParseCertificate(fixture(t, "p384.ds.der")))
	q := Query{ForCards, "VN", "ID", Policy{}}
	if err := s.AddAnchor(fixture(t, "p256.csca.der"), card); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Path(signer, q); !errors.Is(err, NoAnchor) {
		t.Error("without the link:", err)
	}
	if err := s.AddLink(fixture(t, "link.der")); err != nil {
		t.Fatal(err)
	}
	if path, err := s.Path(signer, q); err != nil || len(path.Certificates) != 3 {
		t.Error("with the link:", err)
	}
}

// peer skips the test where openssl is missing, unless it must be there.
func peer(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
}

// says runs openssl with the files in place of their names and reports whether it
// was content.
func says(t *testing.T, files map[string][]byte, args ...string) bool {
	t.Helper()
	dir := t.TempDir()
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("openssl", args...)
	cmd.Dir = dir
	return cmd.Run() == nil
}

// differ are cases in which openssl and this package come to different verdicts,
// each for a reason.
var differ = map[string]string{
	"attributes unsorted on the wire":                         "openssl verifies the order received, not DER (RFC 5652 §5.4)",
	"a signature over unsorted attributes":                    "the same, from the other side",
	"issuer written with other case, spaces and string types": "openssl folds the case of ASCII alone",
	"a curve of 192 bits":                                     "weak here",
	"an RSA key of 1,024 bits":                                "weak here",
	"an RSA algorithm with an EC key":                         "openssl goes by the key",
}

func TestOpensslAgreesAboutSignaturesOfDocuments(t *testing.T) {
	peer(t)
	all, accepted, refused := load(t)
	cases := map[string]vector{}
	for name, v := range accepted {
		cases[name] = v
	}
	for _, r := range refused {
		cases[r.Name] = r.Case
	}
	seen := map[string]bool{}
	good, bad := 0, 0
	for name, v := range cases {
		file := all[v.SOD]
		if seen[v.SOD] || len(file) < 4 {
			continue
		}
		seen[v.SOD] = true
		sod, err := ParseSOD(file)
		if err != nil {
			continue // a matter of form, on which openssl is more patient
		}
		signer, err := sod.Signer()
		if err != nil {
			continue
		}
		ours := sod.Verify(signer, Policy{AllowSHA1: true}) == nil
		c := read(must(tlv.ToDER(file)))
		theirs := says(t, map[string][]byte{"sod": c.Read(tagSOD)}, "cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", "sod", "-out", "content")
		if why := differ[name]; (ours != theirs) != (why != "") {
			t.Errorf("%s: ours %v, openssl %v (%s)", name, ours, theirs, why)
		}
		if ours {
			good++
		} else {
			bad++
		}
	}
	t.Logf("%d good and %d bad signatures, as openssl says", good, bad)
	if good < 50 || bad < 3 {
		t.Error("too few compared")
	}
}

func TestOpensslAgreesAboutChains(t *testing.T) {
	peer(t)
	cas := names(t, "*.csca.der")
	for i, name := range cas {
		signer := must(ParseCertificate(fixture(t, name+".ds.der")))
		for _, other := range []string{name, cas[(i+1)%len(cas)]} {
			var s Store
			if err := s.AddAnchor(fixture(t, other+".csca.der"), card); err != nil {
				t.Fatal(err)
			}
			_, err := s.Path(signer, Query{ForCards, "VN", "ID", Policy{AllowSHA1: true}})
			theirs := opensslVouches(t, name, fixture(t, other+".csca.der"), signer)
			if (err == nil) != theirs || theirs != (name == other) {
				t.Errorf("%s under %s: ours %v, openssl %v", name, other, err, theirs)
			}
		}
	}
}

// opensslVouches asks for a path, or for the signature alone where openssl does not
// take the certificate's explicit parameters (RFC 5480 §2.1.1 forbids them).
func opensslVouches(t *testing.T, name string, ca []byte, signer *Certificate) bool {
	t.Helper()
	if !strings.HasSuffix(name, "-explicit") {
		return says(t, map[string][]byte{"ca": pemOf(ca), "ds": pemOf(signer.Raw)},
			"verify", "-check_ss_sig", "-auth_level", "0", "-no_check_time", "-CAfile", "ca", "ds")
	}
	return says(t, map[string][]byte{"key": opensslKey(t, ca), "sig": signer.signed.signature, "body": signer.signed.body},
		"dgst", "-"+digestName(signer.signed.algorithm), "-verify", "key", "-signature", "sig", "body")
}

func digestName(a signatureAlgorithm) string {
	return strings.ToLower(strings.ReplaceAll(a.digest.String(), "-", ""))
}

// opensslKey has openssl take the public key out of a certificate.
func opensslKey(t *testing.T, der []byte) []byte {
	t.Helper()
	cmd := exec.Command("openssl", "x509", "-pubkey", "-noout", "-inform", "DER")
	cmd.Stdin = bytes.NewReader(der)
	return must(cmd.Output())
}
