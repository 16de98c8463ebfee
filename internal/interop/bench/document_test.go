package bench

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
)

// documents are 1,024 different documents by one authority, of twelve disclosures
// each, two of them inside a third.
type documents struct {
	public *ecdsa.PublicKey
	texts  []string
	der    [][]byte
}

const disclosures = 12

func makeDocuments(t testing.TB) *documents {
	t.Helper()
	signer := generate(t, "ES256")
	d := &documents{public: signer.Public().(*ecdsa.PublicKey)}
	m := func(name string, value any) jws.Member { return jws.Member{Name: name, Value: value} }
	hide := func(v any) sdjwt.Hidden { return sdjwt.Hidden{Value: v} }
	for i := range inputs {
		n := strconv.Itoa(100000 + i)
		issued, err := sdjwt.Issuer{Alg: "ES256", Signer: signer, KeyID: kid, Decoys: 2}.Issue(
			m("iss", issuer), m("vct", "urn:vn:gov:doc:gplx:1"), m("aud", client), m("txn", "transaction-"+n), m("sub", "pairwise-subject-"+n),
			m("iat", at), m("exp", at.Add(24*time.Hour)),
			m("status", jws.Raw(`{"status_list":{"idx":`+n+`,"uri":"https://status.example/lists/1"}}`)),
			m("number", hide("999090"+n)), m("name", hide("Nguyễn Văn Mẫu")), m("birthdate", hide("1990-01-02")), m("nationality", hide("VNM")),
			m("issued_on", hide("2020-05-06")), m("expires_on", hide("2030-05-06")), m("issuing_place", hide("Tỉnh Thử")), m("state", hide("verified")),
			m("classes", []any{hide([]jws.Member{m("class", "B"), m("since", "2012-03-04")})}),
			m("residence", hide([]jws.Member{m("ward", hide("Phường Mẫu")), m("street", hide("12 Phố Thử")), m("as_of", "2025-07-01")})),
		)
		if err != nil {
			t.Fatal(err)
		}
		text := issued.All()
		if strings.Count(text, "~") != disclosures+1 {
			t.Fatal(text)
		}
		d.texts = append(d.texts, text)
		jwt, _, _ := strings.Cut(text, "~")
		sig, _ := base64.RawURLEncoding.DecodeString(jwt[strings.LastIndexByte(jwt, '.')+1:])
		der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])})
		if err != nil {
			t.Fatal(err)
		}
		d.der = append(d.der, der)
	}
	return d
}

// floor is the raw operation: payload, signature and disclosures are decoded into
// ready buffers, input and disclosures hashed, the signature checked.
func (d *documents) floor() func(int) error {
	whole, buf, sums := make([][]byte, inputs), make([]byte, 8192), [disclosures + 1][32]byte{}
	for i, t := range d.texts {
		whole[i] = []byte(t)
	}
	return func(i int) error {
		i %= inputs
		text, b := d.texts[i], whole[i]
		from, tilde := strings.IndexByte(text, '.'), strings.IndexByte(text, '~')
		end := strings.LastIndexByte(text[:tilde], '.')
		for _, part := range [][2]int{{from + 1, end}, {end + 1, tilde}} {
			if _, err := base64.RawURLEncoding.Decode(buf, b[part[0]:part[1]]); err != nil {
				return err
			}
		}
		for n := 0; tilde < len(b)-1; n++ {
			next := tilde + 1 + strings.IndexByte(text[tilde+1:], '~')
			if _, err := base64.RawURLEncoding.Decode(buf, b[tilde+1:next]); err != nil {
				return err
			}
			sums[n] = sha256.Sum256(b[tilde+1 : next])
			tilde = next
		}
		digest := sha256.Sum256(b[:end])
		if !ecdsa.VerifyASN1(d.public, digest[:], d.der[i]) {
			return errors.New("signature")
		}
		return nil
	}
}

// ours goes from the text to checked claims and the reference of the status.
func (d *documents) ours() func(int) error {
	r := sdjwt.NewReader(sdjwt.Rules{Algs: []string{"ES256"}, Open: []string{"aud", "txn", "sub", "iat"}})
	want := sdjwt.Expect{Verify: func(s sdjwt.Signed) error {
		if s.Issuer != issuer || s.KeyID != kid {
			return errors.New("issuer")
		}
		return jws.Verify(s.Alg, d.public, s.Input, s.Signature)
	}}
	return func(i int) error {
		got, err := r.Read(d.texts[i%inputs], want)
		if err != nil {
			return err
		}
		c := got.Claims()
		ref, there, err := got.Status()
		if err != nil || !there || ref.Index < 100000 || c.String("aud") != client || !at.Before(c.Time("exp")) || c.String("name") == "" || c.Raw("residence") == "" || c.Err() != nil {
			return errors.New("claims")
		}
		return nil
	}
}

// TestDocumentToClaims prints the ratio; VNEID_BENCH=1 runs the long form and holds
// it to the project's bound. Without it the run is short and asserts the allocations.
func TestDocumentToClaims(t *testing.T) {
	long := os.Getenv("VNEID_BENCH") == "1"
	rounds, ops := 5, 50
	if long {
		rounds, ops = 101, inputs/4
	}
	d := makeDocuments(t)
	results, err := Race([]Contender{{"floor: base64, SHA-256, check", d.floor()}, {"this module", d.ours()}}, rounds, ops)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d documents of %d bytes\n%s", inputs, len(d.texts[0]), Table(results))
	floor, ours := results[0], results[1]
	if ours.Allocs > floor.Allocs+60 {
		t.Errorf("%.0f allocations, the floor has %.0f", ours.Allocs, floor.Allocs)
	}
	if ratio := float64(ours.CPU) / float64(floor.CPU); long && ratio > 1.25 {
		t.Errorf("%.3f times the floor", ratio)
	}
}

func BenchmarkDocumentToClaims(b *testing.B) {
	d := makeDocuments(b)
	run := d.ours()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := run(i); err != nil {
			b.Fatal(err)
		}
	}
}
