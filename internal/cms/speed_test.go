//go:build unix

package cms

import (
	"bytes"
	stdecdsa "crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"os"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// VNEID_SPEED=1 runs the measurements with their full number of rounds and holds
// them to their bars; without it they are short and only print.
func rounds() (n int, long bool) {
	if os.Getenv("VNEID_SPEED") == "1" {
		return 51, true
	}
	return 5, false
}

// A list of 600 certificates made by openssl, no two alike, in the proportions of
// current master lists: 72 % that crypto/x509 reads, RSA nearly all.
const listed = 600

func certificatesOfAList(t testing.TB) (all [][]byte) {
	rsa := []string{"rsa2048", "rsa4096", "rsa3072-pss", "rsa4096-pss", "rsa4096"}
	ec := []string{"bp256", "bp384-explicit", "p384-explicit", "bp512-explicit", "p256-explicit"}
	for i := range listed {
		from := rsa
		if i%100 >= 72 {
			from = ec
		}
		der := bytes.Clone(fixture(t, from[i%len(from)]+".csca.der"))
		binary.BigEndian.PutUint32(der[len(der)-8:], uint32(i)) // the signature, which loading does not check
		c := must(ParseCertificate(der))
		copy(c.SubjectKeyID, der[len(der)-8:])
		all = append(all, der)
	}
	return all
}

// listOf puts certificates into the master list that openssl signed. Its digest is
// then wrong, so the measurement takes that one verdict out, after all the work.
func listOf(t testing.TB, ders [][]byte) []byte {
	root := read(fixture(t, "list.ml"))
	outer := root.into(tlv.Sequence)
	oid := outer.Whole(tlv.OID)
	explicit := outer.into(context(0))
	c := explicit.into(tlv.Sequence)
	version, digests := c.Whole(tlv.Integer), c.Whole(tlv.Set)
	c.Whole(tlv.Sequence)
	content := tlv.New(tlv.Sequence, []byte{2, 1, 0}, tlv.New(tlv.Set, ders...))
	encap := tlv.New(tlv.Sequence, tlv.New(tlv.OID, []byte(oidMasterList)), tlv.New(context(0), tlv.New(tlv.OctetString, content)))
	return tlv.New(tlv.Sequence, oid, tlv.New(context(0), tlv.New(tlv.Sequence, version, digests, encap, c.Rest())))
}

func TestLoadingAMasterListBesidesTheStandardLibrary(t *testing.T) {
	ders := certificatesOfAList(t)
	file := listOf(t, ders)
	var base Store
	if err := base.AddAnchor(fixture(t, "p256.csca.der"), Scope{"VN", ForLists, FromTest}); err != nil {
		t.Fatal(err)
	}
	now := must(ParseMasterList(file)).SigningTime.Add(time.Hour)
	p := Policy{without: BadDigest}
	read := 0
	ours := func() {
		s := Store{anchors: base.anchors}
		list := must(ParseMasterList(file))
		if skipped := must(s.AddMasterList(list, ForPassports, now, p)); skipped != 0 {
			t.Fatal(skipped)
		}
	}
	index := func() {
		for _, der := range ders {
			if h := (&held{raw: der}); h.index() != nil {
				t.Fatal("not indexed")
			}
		}
	}
	std := func() {
		read = 0
		for _, der := range ders {
			if _, err := x509.ParseCertificate(der); err == nil {
				read++
			}
		}
	}
	n, long := rounds()
	times := interleave(n, ours, index, std)
	t.Logf("%d certificates, %d of them for crypto/x509: %v with the signature, %v the index alone, crypto/x509 %v: 1/%.1f and 1/%.1f",
		listed, read, times[0], times[1], times[2], ratio(times[2], times[0]), ratio(times[2], times[1]))
	if long && (ratio(times[2], times[0]) < 2 || ratio(times[2], times[1]) < 5) {
		t.Error("more than half, or a fifth, of crypto/x509")
	}
}

// A document as a chip has it: three files, one of 20 KiB.
type document struct {
	sod   []byte
	files map[int][]byte
	sums  [2][32]byte // what the floor verifies
	sig   []byte
	attrs []byte
	lds   []byte
}

// documents are signed here, by one signer, since 1,024 runs of openssl take long.
func documents(t testing.TB, n int) (*Store, *stdecdsa.PublicKey, []document) {
	key := must(stdecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	ca := must(stdecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	anchor, signer := issue(t, key, ca)
	s := new(Store)
	if err := s.AddAnchor(anchor, card); err != nil {
		t.Fatal(err)
	}
	all := make([]document, n)
	for i := range all {
		all[i] = sign(signer, key, i)
	}
	return s, &key.PublicKey, all
}

func TestVerifyingADocumentBesidesItsHashesAndSignature(t *testing.T) {
	s, key, docs := documents(t, 1024)
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	q := Query{ForCards, "VN", "ID", Policy{}}
	ours := func(d *document) {
		sod := must(ParseSOD(d.sod))
		signer := must(sod.Signer())
		if err := sod.Verify(signer, q.Policy); err != nil {
			t.Fatal(err)
		}
		path := must(s.Path(signer, q))
		if path.ValidAt(now) != nil || path.SignedAt(sod.SigningTime) != nil {
			t.Fatal("not valid")
		}
		for n, file := range d.files {
			if err := sod.Check(n, file, q.Policy); err != nil {
				t.Fatal(err)
			}
		}
	}
	floor := func(d *document) {
		for _, file := range d.files {
			d.sums[1] = sha256.Sum256(file)
		}
		d.sums[1] = sha256.Sum256(d.lds)
		d.sums[0] = sha256.Sum256(d.attrs)
		if !stdecdsa.VerifyASN1(key, d.sums[0][:], d.sig) {
			t.Fatal("floor")
		}
	}
	i, j := 0, 0
	n, long := rounds()
	const each = 64
	times := interleave(n,
		func() {
			for range each {
				ours(&docs[i%len(docs)])
				i++
			}
		}, func() {
			for range each {
				floor(&docs[j%len(docs)])
				j++
			}
		})
	allocs := testing.AllocsPerRun(100, func() { ours(&docs[0]) })
	t.Logf("a document %v, its hashes and signature %v: × %.2f, %.0f allocations", times[0]/each, times[1]/each, ratio(times[0], times[1]), allocs)
	if allocs > 150 {
		t.Errorf("%.0f allocations", allocs)
	}
	if long && ratio(times[0], times[1]) > 1.3 {
		t.Error("more than 1.3 times its floor")
	}
}

// interleave runs the jobs in turns on one processor and returns the median CPU
// time of each.
func interleave(n int, jobs ...func()) []time.Duration {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	took := make([][]time.Duration, len(jobs))
	for i := range n + 2 {
		for k, job := range jobs {
			start := cpu()
			job()
			if d := cpu() - start; i >= 2 { // the first rounds warm up
				took[k] = append(took[k], d)
			}
		}
	}
	medians := make([]time.Duration, len(jobs))
	for k := range took {
		slices.Sort(took[k])
		medians[k] = took[k][len(took[k])/2]
	}
	return medians
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }
