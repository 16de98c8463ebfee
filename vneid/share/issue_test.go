package share

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// An issuer and a platform written apart from everything that reads: maps,
// encoding/json and one kind of key. What they sign is what a test says, true or not.

const (
	platform  = "https://vneid.example"
	police    = platform + "/issuer/police"
	insurance = "https://insurance.example"
	client    = "portal"
	person    = "pairwise-1"
	txn       = "txn-1"
	grant     = "grant-1"
	nonce     = "nonce-1"
	policeURI = police + "/status/1"
	healthURI = insurance + "/status/1"
)

var noon = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)

type j = map[string]any

// key signs, under a name.
type key struct {
	id   string
	priv *ecdsa.PrivateKey
}

func newKey(id string) *key {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return &key{id, k}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func sum(s string) string { h := sha256.Sum256([]byte(s)); return b64(h[:]) }

func (k *key) sign(typ string, claims any) string {
	head := j{"alg": "ES256", "typ": typ}
	if k.id != "" {
		head["kid"] = k.id
	}
	return k.signText(text(head), text(claims))
}

func (k *key) signText(head, claims string) string {
	input := b64([]byte(head)) + "." + b64([]byte(claims))
	h := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, k.priv, h[:])
	if err != nil {
		panic(err)
	}
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	return input + "." + b64(sig)
}

// paperSpec is a document to sign: what is open, what is hidden and disclosed.
type paperSpec struct {
	key        *key
	typ        string
	open       j
	hidden     j
	predicates j
	decoys     int
	proof      string // behind the last "~"
}

func disclose(name string, value any) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt)
	return b64([]byte(text([]any{b64(salt), name, value})))
}

func (p *paperSpec) sign() string {
	claims := maps.Clone(p.open)
	var list, digests []string
	for _, name := range slices.Sorted(maps.Keys(p.hidden)) {
		d := disclose(name, p.hidden[name])
		list, digests = append(list, d), append(digests, sum(d))
	}
	for range p.decoys {
		digests = append(digests, sum(disclose("", "")))
	}
	slices.Sort(digests)
	if digests != nil {
		claims["_sd"] = digests
		claims["_sd_alg"] = "sha-256"
	}
	if p.predicates != nil {
		inside := []string{}
		for _, name := range slices.Sorted(maps.Keys(p.predicates)) {
			d := disclose(name, p.predicates[name])
			list, inside = append(list, d), append(inside, sum(d))
		}
		claims["predicates"] = j{"_sd": inside}
		claims["_sd_alg"] = "sha-256"
	}
	out := p.key.sign(p.typ, claims) + "~"
	for _, d := range list {
		out += d + "~"
	}
	return out + p.proof
}

// spec is an answer to make.
type spec struct {
	envelopeKey, receiptKey *key
	envelopeTyp, receiptTyp string
	envelope, receipt       j
	papers                  []*paperSpec

	documents []string                     // instead of what papers give
	after     func(parts j)                // of the finished parts
	between   func(docs []string) []string // between signing documents and the envelope
}

func (s *spec) bundle() []byte {
	docs := s.documents
	if docs == nil {
		docs = []string{}
		for _, p := range s.papers {
			docs = append(docs, p.sign())
		}
	}
	if s.between != nil {
		docs = s.between(docs)
	}
	if _, set := s.envelope["documents"]; !set {
		digests := []string{}
		for _, d := range docs {
			digests = append(digests, sum(d[:strings.LastIndex(d, "~")+1]))
		}
		s.envelope["documents"] = digests
	}
	receipt := s.receiptKey.sign(s.receiptTyp, s.receipt)
	if _, set := s.envelope["receipt"]; !set {
		s.envelope["receipt"] = sum(receipt)
	}
	parts := j{"envelope": s.envelopeKey.sign(s.envelopeTyp, s.envelope), "receipt": receipt, "documents": docs}
	if s.after != nil {
		s.after(parts)
	}
	return []byte(text(parts))
}

// world has the keys of everybody.
type world struct {
	platform, receipt, police, policeStatus, insurance, insuranceStatus, stranger *key
	now                                                                           time.Time
	lists                                                                         lists
}

func newWorld() *world {
	w := &world{now: noon}
	for _, k := range []struct {
		to *(*key)
		id string
	}{
		{&w.platform, "envelope-1"}, {&w.receipt, "receipt-1"}, {&w.police, "police-1"}, {&w.policeStatus, "police-status"},
		{&w.insurance, "insurance-1"}, {&w.insuranceStatus, "insurance-status"}, {&w.stranger, "police-1"},
	} {
		*k.to = newKey(k.id)
	}
	w.lists = lists{
		policeURI: w.policeStatus.sign("statuslist+jwt", w.list(policeURI, police)),
		healthURI: w.insuranceStatus.sign("statuslist+jwt", w.list(healthURI, insurance)),
	}
	return w
}

// list is a status list in which index 3 is suspended and 5 revoked.
func (w *world) list(uri, iss string) j {
	return j{
		"iss": iss, "sub": uri, "iat": w.now.Unix() - 60, "exp": w.now.Unix() + 86400, "ttl": 300,
		"status_list": j{"bits": 2, "lst": deflate(append([]byte{0b10_00_00_00, 0b00_11_01_00}, make([]byte, 1<<10)...))},
	}
}

func deflate(b []byte) string {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return b64(out.Bytes())
}

// lists is a StatusSource.
type lists map[string]string

func (l lists) Fetch(_ context.Context, uri string) ([]byte, error) {
	if raw, ok := l[uri]; ok {
		return []byte(raw), nil
	}
	return nil, errors.New("no such list")
}

// keyed is a KeySet written apart: keys by issuer, use and kid.
type keyed map[string]*key

func trust(iss string, use vneid.Use, k *key) keyed {
	return keyed{iss + " " + string(use) + " " + k.id: k}
}

func (m keyed) and(other keyed) keyed {
	out := maps.Clone(m)
	maps.Copy(out, other)
	return out
}

func (m keyed) Verify(_ context.Context, s vneid.Signed) error {
	k := m[s.Issuer+" "+string(s.Use)+" "+s.KeyID]
	if k == nil || s.Alg != "ES256" {
		return fault.New(vneid.ErrUntrusted, "no such key")
	}
	h := sha256.Sum256(s.Input)
	if len(s.Signature) != 64 || !ecdsa.Verify(&k.priv.PublicKey, h[:], number(s.Signature[:32]), number(s.Signature[32:])) {
		return fault.New(vneid.ErrSignature, "wrong")
	}
	return nil
}

func (w *world) verifier() *Verifier {
	return &Verifier{
		Platform: platform, Client: client,
		Keys: trust(platform, UseEnvelope, w.platform).and(trust(platform, UseReceipt, w.receipt)),
		Issuers: map[string]Trust{
			police:    {trust(police, UseDocument, w.police).and(trust(police, vneid.UseStatus, w.policeStatus)), []document.Kind{document.Identity, document.DriverLicence, document.ElectronicID}},
			insurance: {trust(insurance, UseDocument, w.insurance).and(trust(insurance, vneid.UseStatus, w.insuranceStatus)), []document.Kind{document.HealthInsurance}},
		},
		Status: w.lists, Replay: vneid.NewMemoryReplay(0, func() time.Time { return noon.Add(-time.Hour) }),
		Now: func() time.Time { return w.now },
	}
}

// request asks for who somebody is, for what they may drive, and perhaps for their
// insurance.
func request() Request {
	return Request{
		Documents: []Want{
			{Kind: document.Identity, Claims: []Claim{{Name: "name"}, {Name: "birth"}, {Name: "id"}}},
			{Kind: document.DriverLicence, Claims: []Claim{{Name: "number"}, {Name: "name"}, {Name: "classes", Optional: true}},
				Predicates: []Predicate{AgeAtLeast(18), LicenceIncludes("B")}, MaxAgeDays: 1},
			{Kind: document.HealthInsurance, Claims: []Claim{{Name: "number"}}, Optional: true},
		},
		Purpose: Purpose{Code: "car-rental", VI: "Thuê xe", EN: "Car rental"}, RetentionDays: 30, Store: true,
		Need: vneid.Assurance{Level: 2, Auth: 2},
	}
}

func expect() Expect { return Expect{Request: request(), Txn: txn, Grant: grant, Nonce: nonce} }

func (w *world) paper(kind document.Kind, iss, uri string, idx int, k *key, hidden, predicates j) *paperSpec {
	return &paperSpec{key: k, typ: "dc+sd-jwt", hidden: hidden, predicates: predicates, decoys: 2, open: j{
		"iss": iss, "vct": "urn:vneid:document:" + string(kind) + ":1", "aud": client, "txn": txn, "sub": person,
		"iat": w.now.Unix(), "exp": w.now.Unix() + 30*86400, "status": j{"status_list": j{"idx": idx, "uri": uri}},
		"verification": j{"state": "verified", "at": w.now.Unix() - 86400*100, "source": "register"},
	}}
}

// answer is a good one to request.
func (w *world) answer() *spec {
	at := w.now.Unix()
	approval := j{"by": "self", "at": at - 20}
	return &spec{
		envelopeKey: w.platform, receiptKey: w.receipt, envelopeTyp: "vneid-envelope+jwt", receiptTyp: "consent-receipt+jwt",
		papers: []*paperSpec{
			w.paper(document.Identity, police, policeURI, 0, w.police, j{"name": "Nguyễn Thị Mẫu", "birth": "1990-05-06", "id": "999190000001"}, nil),
			w.paper(document.DriverLicence, police, policeURI, 1, w.police,
				j{"number": "999000000001", "name": "NGUYỄN THỊ MẪU", "classes": []j{{"class": "B"}}}, j{"age>=18": true, "licence:B": true}),
			w.paper(document.HealthInsurance, insurance, healthURI, 2, w.insurance, j{"number": "0000000001"}, nil),
		},
		envelope: j{
			"iss": platform, "aud": client, "sub": person, "txn": txn, "grant": grant, "jti": fmt.Sprint("e-", rand.Text()), "nonce": nonce,
			"iat": at, "exp": at + 300, "acr": "urn:vneid:acr:l2:a3", "auth_time": at - 30, "account_type": "organisation", "decision": "approved",
			"declined": []j{}, "approvals": []j{approval}, "eid_locked": false, "seq": 7,
		},
		receipt: j{
			"iss": platform, "aud": client, "sub": person, "txn": txn, "grant": grant, "jti": "r-1", "iat": at,
			"schema_version": "urn:vneid:consent-receipt:1", "record_id": "c-1",
			"purposes": []j{{
				"purpose": "car-rental", "vi": "Thuê xe", "en": "Car rental", "lawful_basis": "consent", "processing_method": "store",
				"retention_period_days": 30, "collection_method": "once", "validity_start": at - 20, "pii_controller": client,
				"withdrawal_method": platform + "/grants",
				"pii_information": []j{
					{"pii_type": "identity", "attributes": []string{"name", "birth", "id"}},
					{"pii_type": "driver-licence", "attributes": []string{"number", "name", "classes"}, "predicates": []string{"age>=18", "licence:B"}},
					{"pii_type": "health-insurance", "attributes": []string{"number"}},
				},
			}},
			"events": []j{{"event_type": "requested", "event_time": at - 60},
				{"event_type": "decided", "event_state": "given", "event_time": at - 20, "by": "self"}, {"event_type": "delivered", "event_time": at}},
		},
	}
}

// purpose is the receipt's only one.
func (s *spec) purpose() j { return s.receipt["purposes"].([]j)[0] }

// info is what the receipt says of document i.
func (s *spec) info(i int) j { return s.purpose()["pii_information"].([]j)[i] }

func verify(v *Verifier, s *spec, want Expect) (Records, error) {
	return v.Verify(context.Background(), s.bundle(), want)
}

func kindOf(t testing.TB, err error) vneid.Kind {
	t.Helper()
	var found []vneid.Kind
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) {
			found = append(found, k)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%v has %d kinds", err, len(found))
	}
	return found[0]
}
