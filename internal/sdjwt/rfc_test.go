package sdjwt

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// rfc are disclosures of RFC 9901 with the digests that it gives for them.
var rfc = []struct{ section, text, digest string }{
	{"4.2.3", `["_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius"]`, "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"},
	{"4.2.3", `["lklxF5jMYlGTPUovMNIvCA", "FR"]`, "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"},
	{"5.1", `["2GLC42sKQveCfGfryNRN9w", "given_name", "John"]`, "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4"},
	{"5.1", `["eluV5Og3gSNII8EYnsxA_A", "family_name", "Doe"]`, "TGf4oLbgwd5JQaHyKVQZU9UdGE0w5rtDsrZzfUaomLo"},
	{"5.1", `["6Ij7tM-a5iVPGboS5tmvVA", "email", "johndoe@example.com"]`, "JzYjH4svliH0R3PyEMfeZu6Jt69u5qehZo7F7EPYlSE"},
	{"5.1", `["eI8ZWm9QnKPpNPeNenHdhQ", "phone_number", "+1-202-555-0101"]`, "PorFbpKuVu6xymJagvkFsFXAbRoc2JGlAUA2BA4o7cI"},
	{"5.1", `["lklxF5jMYlGTPUovMNIvCA", "US"]`, "pFndjkZ_VCzmyTa6UjlZo3dh-ko8aIKQc9DlGzhaVYo"},
	{"5.1", `["nPuoQnkRFq3BIeAm7AnXFA", "DE"]`, "7Cf6JkPudry3lcbwHgeZ8khAv1U1OSlerP0VkBJrWZ0"},
}

func TestDigestsOfRFC9901(t *testing.T) {
	for _, v := range rfc {
		text := base64.RawURLEncoding.EncodeToString([]byte(v.text))
		list, err := readDisclosures(text+"~", 1)
		if err != nil || encodeSum(list[0].sum) != v.digest {
			t.Errorf("§%s: %s has %s, %v, want %s", v.section, v.text, encodeSum(list[0].sum), err, v.digest)
		}
	}
}

// The digests stand in a document as in RFC 9901 §5.1, and it is read as §5.2 reads it.
func TestTheDocumentOfRFC9901(t *testing.T) {
	signer := newKey(t, "ES256")
	var shown string
	for _, v := range rfc[2:] {
		shown += base64.RawURLEncoding.EncodeToString([]byte(v.text)) + "~"
	}
	payload := `{"_sd":["` + rfc[2].digest + `","` + rfc[3].digest + `","` + rfc[4].digest + `","` + rfc[5].digest + `"],
		"iss":"https://issuer.example.com","vct":"urn:example","_sd_alg":"sha-256","sub":"user_42",
		"nationalities":[{"...":"` + rfc[6].digest + `"},{"...":"` + rfc[7].digest + `"}]}`
	jwt, err := Issuer{Alg: "ES256", Signer: signer}.sign(Type, payload)
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewReader(Rules{}).Read(jwt+"~"+shown, Expect{Verify: by(signer.Public())})
	if err != nil {
		t.Fatal(err)
	}
	o := d.Claims()
	want := `{"iss":"https://issuer.example.com","vct":"urn:example","sub":"user_42","nationalities":["US","DE"],
		"given_name":"John","family_name":"Doe","email":"johndoe@example.com","phone_number":"+1-202-555-0101"}`
	if !reflect.DeepEqual(decode(t, o.Text()), decode(t, want)) {
		t.Error(o.Text())
	}
}

// An example of the SD-JWT VC draft holds in all but its type, which was renamed since.
func TestTheDraftsDocument(t *testing.T) {
	for _, v := range load[struct {
		Issuer                    map[string]string
		Audience, Nonce, Document string
		At                        int64
		Claims                    any
	}](t, "accepted/draft.json") {
		x, _ := jws.DecodeBase64(v.Issuer["x"])
		y, _ := jws.DecodeBase64(v.Issuer["y"])
		want := Expect{Verify: by(publicKey(v.Issuer["kty"], v.Issuer["crv"], x, y)), Audience: v.Audience, Nonce: v.Nonce, Now: time.Unix(v.At, 0)}
		r := NewReader(Rules{})
		if _, err := r.Read(v.Document, want); !errors.Is(err, jws.ErrMalformed) {
			t.Errorf("with its older type: %v", err)
		}
		r.issuer = jws.NewParser(jws.Rules{Algs: curves, Types: []string{"vc+sd-jwt"}})
		d, err := r.Read(v.Document, want)
		if err != nil {
			t.Fatal(err)
		}
		if o := d.Claims(); !reflect.DeepEqual(decode(t, o.Text()), v.Claims) || d.Holder() == nil || d.Disclosed() != 4 {
			t.Errorf("got %s, want %v", o.Text(), v.Claims)
		}
	}
}

// The encodings of Token Status List §4.2.
func TestEncodingsOfTheStatusListDraft(t *testing.T) {
	for _, v := range []struct {
		bits     int
		lst      string
		statuses []Status
	}{
		{1, "eNrbuRgAAhcBXQ", []Status{1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1}},
		{2, "eNo76fITAAPfAgc", []Status{1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3}},
	} {
		list, err := NewListReader(ListRules{}).inflate(v.lst)
		if err != nil {
			t.Fatal(err)
		}
		s, err := NewStatuses(v.bits, len(v.statuses))
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range v.statuses {
			got, err := List{uri: "u", bits: uint(v.bits), bytes: list, until: at}.At(Reference{"u", uint32(i)}, at)
			if err != nil || got != want {
				t.Errorf("%d bits, at %d: got %d, %v", v.bits, i, got, err)
			}
			if err := s.Set(i, want); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(s.bytes, list) {
			t.Errorf("%d bits: we make %x, the draft %x", v.bits, s.bytes, list)
		}
	}
}

// What is issued is made the same way: the payload's list is one zlib stream.
func TestAnIssuedListIsOneStream(t *testing.T) {
	s, err := NewStatuses(1, 16)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := Issuer{Alg: "ES256", Signer: newKey(t, "ES256")}.List(listURI, s, at, time.Minute, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jws.NewParser(jws.Rules{Types: []string{ListType}}).Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	var payload struct {
		List struct{ Lst string } `json:"status_list"`
	}
	if err := json.Unmarshal([]byte(token.Payload), &payload); err != nil {
		t.Fatal(err)
	}
	packed, err := base64.RawURLEncoding.DecodeString(payload.List.Lst)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(stream); err != nil || sha256.Sum256(b) != sha256.Sum256(make([]byte, 2)) {
		t.Errorf("%x, %v", b, err)
	}
}
