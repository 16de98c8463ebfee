package cms

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// VNEID_MASTER_LISTS names a directory with real master lists (*.ml), which are
// not ours to distribute; the German and the Dutch one are on the web sites of
// their publishers. Everything in them must be readable, and every self-signed
// certificate must be found so, as openssl finds it.
func TestRealMasterLists(t *testing.T) {
	dir := os.Getenv("VNEID_MASTER_LISTS")
	if dir == "" {
		t.Skip("VNEID_MASTER_LISTS is not set")
	}
	peer(t)
	for _, name := range must(filepath.Glob(filepath.Join(dir, "*.ml"))) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			file := must(os.ReadFile(name))
			list := must(ParseMasterList(file))
			signer := must(list.Signer())
			if err := list.Verify(signer, Policy{}); err != nil {
				t.Error("signature:", err)
			}
			all := list.Certificates()
			readable, std, agree, self := 0, 0, 0, 0
			var root []byte
			for i, der := range all {
				if _, err := x509.ParseCertificate(der); err == nil {
					std++
				}
				c, err := ParseCertificate(der)
				if err != nil {
					t.Logf("certificate %d: %v", i, err)
					continue
				}
				readable++
				if c.Subject.Equal(signer.Issuer) && string(c.SubjectKeyID) == string(signer.AuthorityKeyID) && c.selfSigned() {
					root = der
				}
				ours := c.selfSigned()
				if ours {
					self++
				}
				if ours == (c.Issuer.Equal(c.Subject) && opensslVerifies(t, c)) {
					agree++
				} else {
					t.Logf("certificate %d: self-signed %v, openssl says otherwise", i, ours)
				}
			}
			t.Logf("%d certificates: %d readable (crypto/x509: %d), %d self-signed; openssl agrees about %d", len(all), readable, std, self, agree)
			if 100*agree < 99*len(all) {
				t.Error("less than 99 % usable")
			}
			if root != nil {
				loadReal(t, file, root, list)
			}
		})
	}
}

func loadReal(t *testing.T, file, root []byte, list *MasterList) {
	var base Store
	country := Name(must(list.Signer()).Subject).Country()
	if err := base.AddAnchor(root, Scope{country, ForLists, FromCaller}); err != nil {
		t.Fatal(err)
	}
	all := list.Certificates()
	n, _ := rounds()
	times := interleave(n, func() {
		s := Store{anchors: base.anchors}
		must(s.AddMasterList(must(ParseMasterList(file)), ForPassports, list.SigningTime.Add(time.Hour), Policy{}))
	}, func() {
		for _, der := range all {
			x509.ParseCertificate(der)
		}
	}, func() {
		for _, der := range all {
			if h := (&held{raw: der}); h.index() != nil {
				t.Fatal("not indexed")
			}
		}
	})
	t.Logf("loading %v, the index alone %v, crypto/x509 %v: 1/%.1f and 1/%.1f", times[0], times[2], times[1], ratio(times[1], times[0]), ratio(times[1], times[2]))
}

// opensslVerifies asks openssl about a certificate's signature by its own key.
func opensslVerifies(t *testing.T, c *Certificate) bool {
	a := c.signed.algorithm
	args := []string{"dgst", "-" + digestName(a), "-verify", "key", "-signature", "sig"}
	if a.scheme == pss {
		args = append(args, "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:"+strconv.Itoa(a.salt))
	}
	return says(t, map[string][]byte{"key": opensslKey(t, c.Raw), "sig": c.signed.signature, "body": c.signed.body}, append(args, "body")...)
}
