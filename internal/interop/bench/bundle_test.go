package bench

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jwe"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

type object = map[string]any

// bundles are 1,024 different answers of three documents, encrypted to one client.
type bundles struct {
	key    *ecdsa.PrivateKey // the client's
	texts  [][]byte
	opened []rawBundle
	signer map[string]*ecdsa.PrivateKey
	lists  fixedLists
	sizes  int
}

const (
	sharePolice    = issuer + "/issuer/police"
	shareInsurance = issuer + "/issuer/insurance"
)

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func jsonText(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bundles) sign(t testing.TB, who, typ string, claims any) string {
	t.Helper()
	input := encode(jsonText(t, object{"alg": "ES256", "kid": who, "typ": typ})) + "." + encode(jsonText(t, claims))
	h := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, b.signer[who], h[:])
	if err != nil {
		t.Fatal(err)
	}
	sig := make([]byte, 64)
	return input + "." + encode(append(r.FillBytes(sig[:32])[:32], s.FillBytes(make([]byte, 32))...))
}

// document signs one with its claims disclosed, and two decoys.
func (b *bundles) document(t testing.TB, who, iss, kind string, idx int, n string, hidden, predicates object) string {
	claims := object{
		"iss": iss, "vct": "urn:vneid:document:" + kind + ":1", "aud": client, "txn": "txn-" + n, "sub": "pairwise-" + n, "iat": at.Unix(), "exp": at.Unix() + 86400,
		"status":       object{"status_list": object{"idx": idx, "uri": iss + "/status/1"}},
		"verification": object{"state": "verified", "at": at.Unix() - 86400, "source": "register"}, "_sd_alg": "sha-256",
	}
	var list []string
	hide := func(in object) (digests []string) {
		for _, name := range slices.Sorted(maps.Keys(in)) {
			d := encode(jsonText(t, []any{encode([]byte(rand.Text())[:16]), name, in[name]}))
			h := sha256.Sum256([]byte(d))
			list, digests = append(list, d), append(digests, encode(h[:]))
		}
		for range 2 {
			h := sha256.Sum256([]byte(rand.Text()))
			digests = append(digests, encode(h[:]))
		}
		return digests
	}
	claims["_sd"] = hide(hidden)
	if predicates != nil {
		claims["predicates"] = object{"_sd": hide(predicates)}
	}
	return b.sign(t, who, "dc+sd-jwt", claims) + "~" + strings.Join(list, "~") + "~"
}

func makeBundles(t testing.TB) *bundles {
	t.Helper()
	b := &bundles{signer: map[string]*ecdsa.PrivateKey{}, lists: fixedLists{}}
	newKey := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	for _, who := range []string{"envelope", "receipt", "police", "insurance"} {
		b.signer[who] = newKey()
	}
	b.key = newKey()
	for iss, who := range map[string]string{sharePolice: "police", shareInsurance: "insurance"} {
		var packed bytes.Buffer
		w := zlib.NewWriter(&packed)
		_, _ = w.Write(make([]byte, 1<<15)) // 2¹⁷ statuses of two bits
		_ = w.Close()
		b.lists[iss+"/status/1"] = []byte(b.sign(t, who, "statuslist+jwt", object{
			"sub": iss + "/status/1", "iat": at.Unix() - 10, "exp": at.Unix() + 86400, "ttl": 300,
			"status_list": object{"bits": 2, "lst": encode(packed.Bytes())},
		}))
	}
	for i := range inputs {
		plain := b.bundle(t, i)
		text, err := jwe.Seal(plain, "vneid-bundle+json", jwe.Recipient{ID: "enc-1", Public: &b.key.PublicKey})
		if err != nil {
			t.Fatal(err)
		}
		b.texts = append(b.texts, []byte(text))
		b.sizes = len(plain)
	}
	return b
}

func (b *bundles) bundle(t testing.TB, i int) []byte {
	n := fmt.Sprint(100000 + i)
	docs := []string{
		b.document(t, "police", sharePolice, "identity", i, n, object{"name": "Nguyễn Văn Mẫu", "birth": "1990-01-02", "id": "999090" + n, "sex": "male"}, nil),
		b.document(t, "police", sharePolice, "driver-licence", i+1, n, object{"number": "999000" + n, "name": "NGUYỄN VĂN MẪU",
			"classes": []object{{"class": "B"}}, "issued": "2020-05-06", "expires": "2030-05-06"}, object{"age>=18": true}),
		b.document(t, "insurance", shareInsurance, "health-insurance", i, n, object{"number": "0000" + n, "name": "Nguyễn Văn Mẫu", "valid_until": "2026-12-31"}, nil),
	}
	digests := []string{}
	for _, d := range docs {
		h := sha256.Sum256([]byte(d))
		digests = append(digests, encode(h[:]))
	}
	receipt := b.sign(t, "receipt", "consent-receipt+jwt", object{
		"iss": issuer, "aud": client, "sub": "pairwise-" + n, "txn": "txn-" + n, "grant": "grant-" + n, "jti": "r-" + n, "iat": at.Unix(),
		"schema_version": "urn:vneid:consent-receipt:1", "record_id": "c-" + n,
		"purposes": []object{{
			"purpose": "car-rental", "vi": "Thuê xe", "en": "Car rental", "lawful_basis": "consent", "processing_method": "store", "retention_period_days": 30,
			"collection_method": "once", "validity_start": at.Unix() - 20, "pii_controller": client, "withdrawal_method": issuer + "/grants",
			"pii_information": []object{
				{"pii_type": "identity", "attributes": []string{"name", "birth", "id", "sex"}},
				{"pii_type": "driver-licence", "attributes": []string{"number", "name", "classes", "issued", "expires"}, "predicates": []string{"age>=18"}},
				{"pii_type": "health-insurance", "attributes": []string{"number", "name", "valid_until"}},
			},
		}},
		"events": []object{{"event_type": "decided", "event_state": "given", "event_time": at.Unix() - 20, "by": "self"}, {"event_type": "delivered", "event_time": at.Unix()}},
	})
	h := sha256.Sum256([]byte(receipt))
	envelope := b.sign(t, "envelope", "vneid-envelope+jwt", object{
		"iss": issuer, "aud": client, "sub": "pairwise-" + n, "txn": "txn-" + n, "grant": "grant-" + n, "jti": "e-" + n, "nonce": "nonce-" + n,
		"iat": at.Unix(), "exp": at.Unix() + 300, "acr": "urn:vneid:acr:l2:a3", "auth_time": at.Unix() - 30, "decision": "approved", "documents": digests,
		"declined": []object{}, "receipt": encode(h[:]), "approvals": []object{{"by": "self", "at": at.Unix() - 20}}, "eid_locked": false, "seq": 1,
	})
	return jsonText(t, object{"envelope": envelope, "receipt": receipt, "documents": docs})
}

// fixedLists is a source of lists that are there already.
type fixedLists map[string][]byte

func (l fixedLists) Fetch(_ context.Context, uri string) ([]byte, error) { return l[uri], nil }

// never says that nothing was used: the rotation shows each answer many times.
type never struct{}

func (never) Use(context.Context, vneid.Once) error { return nil }

func (b *bundles) keys(t testing.TB, iss string, names []string, uses ...vneid.Use) vneid.KeySet {
	t.Helper()
	var list []jwx.Key
	for _, name := range names {
		list = append(list, jwx.Key{Public: &b.signer[name].PublicKey, ID: name, Alg: "ES256"})
	}
	doc, err := jwx.Marshal(list...)
	if err != nil {
		t.Fatal(err)
	}
	set, err := jwks.Parse(doc, iss, uses...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// ours goes from the JWE to Records, with every check of package share.
func (b *bundles) ours(t testing.TB) func(int) error {
	t.Helper()
	v := &share.Verifier{
		Platform: issuer, Client: client, Keys: b.keys(t, issuer, []string{"envelope", "receipt"}, share.UseEnvelope, share.UseReceipt),
		Issuers: map[string]share.Trust{
			sharePolice:    {Keys: b.keys(t, sharePolice, []string{"police"}, share.UseDocument, vneid.UseStatus), Kinds: []document.Kind{document.Identity, document.DriverLicence}},
			shareInsurance: {Keys: b.keys(t, shareInsurance, []string{"insurance"}, share.UseDocument, vneid.UseStatus), Kinds: []document.Kind{document.HealthInsurance}},
		},
		Status: b.lists, Decrypt: []share.DecryptKey{{ID: "enc-1", Key: b.key}}, Replay: never{}, Now: func() time.Time { return at },
	}
	claims := func(names ...string) (out []share.Claim) {
		for _, name := range names {
			out = append(out, share.Claim{Name: name})
		}
		return out
	}
	request := share.Request{
		Documents: []share.Want{
			{Kind: document.Identity, Claims: claims("name", "birth", "id", "sex")},
			{Kind: document.DriverLicence, Claims: claims("number", "name", "classes", "issued", "expires"), Predicates: []share.Predicate{share.AgeAtLeast(18)}},
			{Kind: document.HealthInsurance, Claims: claims("number", "name", "valid_until")},
		},
		Purpose: share.Purpose{Code: "car-rental"}, RetentionDays: 30, Store: true, Need: vneid.Assurance{Level: 2, Auth: 2},
	}
	wants := make([]share.Expect, inputs)
	for i := range wants {
		n := fmt.Sprint(100000 + i)
		wants[i] = share.Expect{Request: request, Txn: "txn-" + n, Grant: "grant-" + n, Nonce: "nonce-" + n, Subject: "pairwise-" + n}
	}
	ctx := context.Background()
	// The same build refuses: an answer to another request, and one bit changed.
	if _, err := v.Verify(ctx, b.texts[0], wants[1]); !errors.Is(err, vneid.ErrMismatch) {
		t.Fatal(err)
	}
	bent := bytes.Clone(b.texts[0])
	bent[len(bent)/2] ^= 1
	if _, err := v.Verify(ctx, bent, wants[0]); err == nil {
		t.Fatal("a changed answer passed")
	}
	return func(i int) error {
		r, err := v.Verify(ctx, b.texts[i%inputs], wants[i%inputs])
		if err == nil && len(r.Documents()) != 3 {
			err = errors.New("documents")
		}
		return err
	}
}

// rawBundle is what the raw operations need of an answer, cut up beforehand.
type rawBundle struct {
	epk               *ecdh.PublicKey
	header            []byte
	wrapped, iv, text []byte // text: ciphertext and tag
	checks            []rawCheck
	disclosures       [][]byte
}

type rawCheck struct {
	key   *ecdsa.PublicKey
	input []byte
	der   []byte
}

// floor is the raw cryptography of the same bytes: the key agreement, the unwrapping,
// AES-GCM, five signatures with the hash of what they sign, and SHA-256 of every
// disclosure. It decodes and parses nothing.
func (b *bundles) floor(t testing.TB) func(int) error {
	t.Helper()
	own, err := b.key.ECDH()
	if err != nil {
		t.Fatal(err)
	}
	decode := func(s string) []byte {
		out, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, text := range b.texts {
		p := strings.Split(string(text), ".")
		var head struct{ Epk struct{ X, Y string } }
		if err := json.Unmarshal(decode(p[0]), &head); err != nil {
			t.Fatal(err)
		}
		epk, err := ecdh.P256().NewPublicKey(append(append([]byte{4}, decode(head.Epk.X)...), decode(head.Epk.Y)...))
		if err != nil {
			t.Fatal(err)
		}
		raw := rawBundle{epk: epk, header: []byte(p[0]), wrapped: decode(p[1]), iv: decode(p[2]), text: append(decode(p[3]), decode(p[4])...)}
		plain, err := raw.open(own)
		if err != nil {
			t.Fatal(err)
		}
		var parts struct {
			Envelope, Receipt string
			Documents         []string
		}
		if err := json.Unmarshal(plain, &parts); err != nil {
			t.Fatal(err)
		}
		who := []string{"envelope", "receipt", "police", "police", "insurance"}
		for n, doc := range append([]string{parts.Envelope, parts.Receipt}, parts.Documents...) {
			jwt, rest, _ := strings.Cut(doc, "~")
			at := strings.LastIndexByte(jwt, '.')
			sig := decode(jwt[at+1:])
			der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])})
			if err != nil {
				t.Fatal(err)
			}
			raw.checks = append(raw.checks, rawCheck{&b.signer[who[n]].PublicKey, []byte(jwt[:at]), der})
			for _, d := range strings.Split(rest, "~") {
				if d != "" {
					raw.disclosures = append(raw.disclosures, []byte(d))
				}
			}
		}
		b.opened = append(b.opened, raw)
	}
	return func(i int) error {
		raw := &b.opened[i%inputs]
		if _, err := raw.open(own); err != nil {
			return err
		}
		for _, c := range raw.checks {
			h := sha256.Sum256(c.input)
			if !ecdsa.VerifyASN1(c.key, h[:], c.der) {
				return errors.New("signature")
			}
		}
		x := byte(0)
		for _, d := range raw.disclosures {
			h := sha256.Sum256(d)
			x ^= h[0]
		}
		keep = x
		return nil
	}
}

var keep byte

func (r *rawBundle) open(own *ecdh.PrivateKey) ([]byte, error) {
	z, err := own.ECDH(r.epk)
	if err != nil {
		return nil, err
	}
	info := append([]byte{0, 0, 0, 1}, z...)
	info = append(info, 0, 0, 0, 14)
	info = append(info, "ECDH-ES+A256KW"...)
	info = append(info, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0)
	kek := sha256.Sum256(info)
	block, err := aes.NewCipher(kek[:])
	if err != nil {
		return nil, err
	}
	a, key := [16]byte{}, bytes.Clone(r.wrapped[8:])
	copy(a[:8], r.wrapped)
	for j := 24; j > 0; j-- {
		part := key[(j-1)%4*8:][:8]
		copy(a[8:], part)
		binary.BigEndian.PutUint64(a[:8], binary.BigEndian.Uint64(a[:8])^uint64(j))
		block.Decrypt(a[:], a[:])
		copy(part, a[8:])
	}
	content, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(content)
	if err != nil {
		return nil, err
	}
	return gcm.Open(nil, r.iv, r.text, r.header)
}

// TestBundleToRecords prints the ratio; VNEID_BENCH=1 runs the long form and holds it
// to the project's bounds. Without it the run is short and asserts the allocations.
func TestBundleToRecords(t *testing.T) {
	long := os.Getenv("VNEID_BENCH") == "1"
	rounds, ops := 5, 50
	if long {
		rounds, ops = 101, inputs/4
	}
	b := makeBundles(t)
	results, err := Race([]Contender{{"floor: raw cryptography", b.floor(t)}, {"share: JWE to Records", b.ours(t)}}, rounds, ops)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d answers of %d bytes (%d in the clear)\n%s", inputs, len(b.texts[0]), b.sizes, Table(results))
	floor, ours := results[0], results[1]
	if ours.Allocs > 350 {
		t.Errorf("%.0f allocations", ours.Allocs)
	}
	if ratio := float64(ours.CPU) / float64(floor.CPU); long && ratio > 1.25 {
		t.Errorf("%.3f times the floor", ratio)
	}
}

func BenchmarkBundleToRecords(b *testing.B) {
	bundles := makeBundles(b)
	run := bundles.ours(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := run(i); err != nil {
			b.Fatal(err)
		}
	}
}
