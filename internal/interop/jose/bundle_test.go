package jose

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jwe"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// What the platform answers to a data request, and this module archives, is checked by a
// program that shares nothing with either; what is encrypted to somebody, jose opens.
func TestAnswersAreReadByOthers(t *testing.T) {
	node(t)
	p := vneidtest.New(t)
	cfg := p.Share(back)
	r, err := p.Ask("level2", cfg, share.Request{
		Purpose: share.Purpose{Code: vneidtest.Purpose.Code, VI: vneidtest.Purpose.VI, EN: vneidtest.Purpose.EN}, RetentionDays: 30, Store: true,
		Documents: []share.Want{
			{Kind: document.Identity, Claims: []share.Claim{{Name: "name"}, {Name: "birth"}}},
			{Kind: document.DriverLicence, Claims: []share.Claim{{Name: "number"}, {Name: "classes"}}, Predicates: []share.Predicate{share.AgeAtLeast(18)}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := r.Evidence()
	if err != nil {
		t.Fatal(err)
	}
	archives := []share.Evidence{e}
	for _, spoil := range []func(*share.Evidence){
		func(e *share.Evidence) { e.Txn = "another" },
		func(e *share.Evidence) { e.Client = "another" },
		func(e *share.Evidence) { e.Verified = e.Verified.AddDate(1, 0, 0) },
		func(e *share.Evidence) { e.Documents = e.Documents[:1] },
		func(e *share.Evidence) { e.Documents[0], e.Documents[1] = e.Documents[1], e.Documents[0] },
		func(e *share.Evidence) { e.Envelope = flipped(e.Envelope) },
		func(e *share.Evidence) { e.Receipt = flipped(e.Receipt) },
		func(e *share.Evidence) {
			e.Documents[0] = flipped(e.Documents[0][:strings.IndexByte(e.Documents[0], '~')]) + e.Documents[0][strings.IndexByte(e.Documents[0], '~'):]
		},
	} {
		other := e
		other.Documents = append([]string{}, e.Documents...)
		spoil(&other)
		archives = append(archives, other)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	const plain = `{"envelope":"Nguyễn"}`
	sealed, err := jwe.Seal([]byte(plain), "vneid-bundle+json", jwe.Recipient{ID: "enc-1", Public: &key.PublicKey})
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Verdicts   []string
		Claims     map[string]map[string]json.RawMessage
		Plain, Cty string
		Refused    bool
	}
	ask(t, map[string]any{"sealed": sealed, "key": privateJWK(t, key), "archives": archives}, &answer, "node", "bundle.mjs")
	if answer.Plain != plain || answer.Cty != "vneid-bundle+json" || !answer.Refused {
		t.Errorf("jose opens %q as %q, refuses a changed one: %v", answer.Plain, answer.Cty, answer.Refused)
	}
	for i, verdict := range answer.Verdicts {
		if (verdict == "") != (i == 0) {
			t.Errorf("archive %d: %q", i, verdict)
		}
	}
	for _, d := range r.Documents() {
		said := answer.Claims["urn:vneid:document:"+string(d.Kind())+":1"]
		for _, name := range d.Names() {
			if raw, _ := d.Claim(name); !sameJSON(raw, said[name]) {
				t.Errorf("%s, %s: %s here, %s there", d.Kind(), name, raw, said[name])
			}
		}
	}
	if string(answer.Claims["urn:vneid:document:driver-licence:1"]["age>=18"]) != "true" {
		t.Error("the question is not answered there")
	}
}

// flipped changes the first character of a token's signature.
func flipped(token string) string {
	at := strings.LastIndexByte(token, '.') + 1
	c := "A"
	if token[at] == 'A' {
		c = "B"
	}
	return token[:at] + c + token[at+1:]
}

func privateJWK(t *testing.T, k *ecdsa.PrivateKey) map[string]string {
	t.Helper()
	e, err := k.ECDH()
	if err != nil {
		t.Fatal(err)
	}
	text := base64.RawURLEncoding.EncodeToString
	point := e.PublicKey().Bytes() // 4, x, y
	return map[string]string{"kty": "EC", "crv": "P-256", "x": text(point[1:33]), "y": text(point[33:]), "d": text(e.Bytes())}
}

func sameJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	p, _ := json.Marshal(x)
	q, _ := json.Marshal(y)
	return string(p) == string(q)
}
