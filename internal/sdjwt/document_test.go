package sdjwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

type members = []jws.Member

// by trusts one key.
func by(key crypto.PublicKey) func(Signed) error {
	return func(s Signed) error { return jws.Verify(s.Alg, key, s.Input, s.Signature) }
}

func newKey(t testing.TB, alg string) crypto.Signer {
	t.Helper()
	var s crypto.Signer
	var err error
	switch alg {
	case "EdDSA":
		_, s, err = ed25519.GenerateKey(rand.Reader)
	case "ES384":
		s, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "ES512":
		s, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	default:
		s, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// jwkOf writes a public key as cnf has it.
func jwkOf(t testing.TB, key crypto.PublicKey) members {
	t.Helper()
	b64 := base64.RawURLEncoding.EncodeToString
	switch k := key.(type) {
	case ed25519.PublicKey:
		return members{{Name: "kty", Value: "OKP"}, {Name: "crv", Value: "Ed25519"}, {Name: "x", Value: b64(k)}}
	case *ecdsa.PublicKey:
		p, err := k.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		n := len(p) / 2
		return members{{Name: "kty", Value: "EC"}, {Name: "crv", Value: k.Params().Name}, {Name: "x", Value: b64(p[1 : 1+n])}, {Name: "y", Value: b64(p[1+n:])}}
	}
	t.Fatal("a key of another type")
	return nil
}

func licence(more ...jws.Member) members {
	return append(members{
		{Name: "iss", Value: "https://authority.example"},
		{Name: "vct", Value: "urn:vn:gov:doc:gplx:1"},
		{Name: "iat", Value: at},
		{Name: "name", Value: Hidden{"Nguyễn Văn Mẫu \"\\"}},
		{Name: "address", Value: Hidden{members{{Name: "street", Value: Hidden{"12 Phố Thử"}}, {Name: "province", Value: "999"}}}},
		{Name: "classes", Value: []any{"A1", Hidden{"B"}, Hidden{members{{Name: "class", Value: "C"}, {Name: "since", Value: Hidden{2012}}}}}},
		{Name: "a/b~c", Value: Hidden{true}},
	}, more...)
}

func TestWhatIsIssuedCanBeShownInParts(t *testing.T) {
	const open = `"iss":"https://authority.example","vct":"urn:vn:gov:doc:gplx:1","iat":1767600000`
	for _, tc := range []struct {
		name  string
		paths []string
		want  string
	}{
		{"nothing", nil, `{` + open + `,"classes":["A1"]}`},
		{"a name", []string{"/name"}, `{` + open + `,"classes":["A1"],"name":"Nguyễn Văn Mẫu \"\\"}`},
		{"an inner claim brings the outer", []string{"/address/street"}, `{` + open + `,"classes":["A1"],"address":{"province":"999","street":"12 Phố Thử"}}`},
		{"an outer claim brings the inner", []string{"/address"}, `{` + open + `,"classes":["A1"],"address":{"province":"999","street":"12 Phố Thử"}}`},
		{"an element", []string{"/classes/1"}, `{` + open + `,"classes":["A1","B"]}`},
		{"an element of members", []string{"/classes/2/since"}, `{` + open + `,"classes":["A1",{"class":"C","since":2012}]}`},
		{"all of an open array", []string{"/classes"}, `{` + open + `,"classes":["A1","B",{"class":"C","since":2012}]}`},
		{"a name of awkward letters", []string{"/a~1b~0c"}, `{` + open + `,"classes":["A1"],"a/b~c":true}`},
	} {
		for _, alg := range []string{"ES256", "ES384", "ES512", "EdDSA"} {
			t.Run(tc.name+" "+alg, func(t *testing.T) {
				signer := newKey(t, alg)
				issued, err := Issuer{Alg: alg, Signer: signer, KeyID: "k1", Decoys: 3}.Issue(licence()...)
				if err != nil {
					t.Fatal(err)
				}
				text, err := issued.Show(tc.paths...)
				if err != nil {
					t.Fatal(err)
				}
				d, err := NewReader(Rules{}).Read(text, Expect{Verify: by(signer.Public())})
				if err != nil {
					t.Fatal(err)
				}
				o := d.Claims()
				if !reflect.DeepEqual(decode(t, o.Text()), decode(t, tc.want)) {
					t.Errorf("got %s, want %s", o.Text(), tc.want)
				}
				if d.Disclosed() != strings.Count(text, "~")-1 || d.Holder() != nil {
					t.Error(d.Disclosed(), d.Holder())
				}
			})
		}
	}
}

func TestWhatNobodyCouldReadIsNotIssued(t *testing.T) {
	signer := newKey(t, "ES256")
	m := func(name string, value any) jws.Member { return jws.Member{Name: name, Value: value} }
	many := members{}
	for i := range 129 {
		many = append(many, m(fmt.Sprint("c", i), Hidden{i}))
	}
	deep := any("x")
	for range 16 {
		deep = members{m("a", deep)}
	}
	for _, tc := range []struct {
		name   string
		issuer Issuer
		claims members
	}{
		{"no iss", Issuer{Alg: "ES256", Signer: signer}, members{m("vct", "v")}},
		{"no vct", Issuer{Alg: "ES256", Signer: signer}, members{m("iss", "i")}},
		{"a hidden vct", Issuer{Alg: "ES256", Signer: signer}, members{m("iss", "i"), m("vct", Hidden{"v"})}},
		{"a hidden status", Issuer{Alg: "ES256", Signer: signer}, licence(m("status", Hidden{"x"}))},
		{"something hidden in cnf", Issuer{Alg: "ES256", Signer: signer}, licence(m("cnf", members{m("jwk", Hidden{1})}))},
		{"a reserved name", Issuer{Alg: "ES256", Signer: signer}, licence(m("_sd", []string{}))},
		{"a reserved name inside", Issuer{Alg: "ES256", Signer: signer}, licence(m("x", Hidden{members{m("...", "")}}))},
		{"a name twice", Issuer{Alg: "ES256", Signer: signer}, licence(m("iat", 1))},
		{"a name twice, once hidden", Issuer{Alg: "ES256", Signer: signer}, licence(m("name", "x"))},
		{"a name twice, both hidden", Issuer{Alg: "ES256", Signer: signer}, licence(m("name", Hidden{"x"}))},
		{"hidden twice over", Issuer{Alg: "ES256", Signer: signer}, licence(m("x", Hidden{Hidden{1}}))},
		{"too many", Issuer{Alg: "ES256", Signer: signer}, append(licence()[:3], many...)},
		{"too many decoys", Issuer{Alg: "ES256", Signer: signer, Decoys: 1100}, licence()},
		{"too deep", Issuer{Alg: "ES256", Signer: signer}, licence(m("x", Hidden{deep}))},
		{"not UTF-8", Issuer{Alg: "ES256", Signer: signer}, licence(m("x", Hidden{"\xff"}))},
		{"no value of JSON", Issuer{Alg: "ES256", Signer: signer}, licence(m("x", Hidden{func() {}}))},
		{"a key of another curve", Issuer{Alg: "ES384", Signer: signer}, licence()},
		{"no key", Issuer{Alg: "ES256"}, licence()},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := (Issuer{Alg: "ES256", Signer: signer}).Issue(licence()...); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			if d, err := tc.issuer.Issue(tc.claims...); err == nil || d.jwt != "" {
				t.Errorf("issued: %v", err)
			}
		})
	}
}

func TestNothingIsShownThatIsNotThere(t *testing.T) {
	issued, err := Issuer{Alg: "ES256", Signer: newKey(t, "ES256")}.Issue(licence()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "/", "name", "/iss", "/nam", "/name/x", "/classes/0", "/classes/9"} {
		if text, err := issued.Show("/name", path); err == nil && path != "" || text != "" && path != "" {
			t.Errorf("%q: %v", path, err)
		}
	}
	if all, err := issued.Show(""); err != nil || all != issued.All() {
		t.Error("the empty pointer is not the whole document", err)
	}
}

func TestTheHolderProvesItsKey(t *testing.T) {
	for _, alg := range []string{"ES256", "ES384", "ES512", "EdDSA"} {
		signer, holder := newKey(t, "ES256"), newKey(t, alg)
		cnf := jws.Member{Name: "cnf", Value: members{{Name: "jwk", Value: jwkOf(t, holder.Public())}}}
		issued, err := Issuer{Alg: "ES256", Signer: signer}.Issue(licence(cnf)...)
		if err != nil {
			t.Fatal(err)
		}
		bound, err := Holder{alg, holder}.Bind(issued.All(), client, nonce, at)
		if err != nil {
			t.Fatal(err)
		}
		want := Expect{Verify: by(signer.Public()), Audience: client, Nonce: nonce, Now: at}
		d, err := NewReader(Rules{}).Read(bound, want)
		if err != nil {
			t.Fatal(err)
		}
		if !holder.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(d.Holder()) {
			t.Error("another holder")
		}
		if _, err := (Holder{alg, holder}).Bind(bound, client, nonce, at); err == nil {
			t.Error("bound twice")
		}
		for name, change := range map[string]func(*Expect){
			"Audience": func(e *Expect) { e.Audience = "" }, "Nonce": func(e *Expect) { e.Nonce = "" }, "Now": func(e *Expect) { e.Now = time.Time{} },
		} {
			bad := want
			change(&bad)
			if _, err := NewReader(Rules{}).Read(bound, bad); err == nil || !strings.Contains(err.Error(), name) || anyReason(err) {
				t.Errorf("without %s: %v", name, err)
			}
		}
		for _, tc := range []struct {
			shift, age, skew time.Duration
			want             error
		}{
			{6 * time.Minute, 0, 0, nil}, {6*time.Minute + time.Second, 0, 0, ErrExpired}, {-time.Minute, 0, 0, nil}, {-61 * time.Second, 0, 0, ErrEarly},
			{time.Hour, time.Hour, -1, nil}, {time.Hour + 1, time.Hour, -1, ErrExpired}, {-1, time.Hour, -1, ErrEarly}, {0, time.Hour, -1, nil},
		} {
			e := want
			e.Now, e.MaxAge, e.Skew = at.Add(tc.shift), tc.age, tc.skew
			if _, err := NewReader(Rules{}).Read(bound, e); !errors.Is(err, tc.want) {
				t.Errorf("%v: got %v, want %v", tc, err, tc.want)
			}
		}
	}
}

func anyReason(err error) bool {
	for _, r := range reasons {
		if errors.Is(err, r) {
			return true
		}
	}
	return false
}

// Whatever stands behind the issuer's JWT is not looked at before its signature holds.
func TestTheSignatureComesFirst(t *testing.T) {
	said := errors.New("not a key of ours")
	whole := load[vector](t, "accepted/documents.json")[0].Document
	jwt, _, _ := strings.Cut(whole, "~")
	for _, text := range []string{whole, jwt + "~%%%~", jwt + "~~~", jwt + "~e30~x.y.z"} {
		asked := 0
		d, err := NewReader(Rules{}).Read(text, Expect{Verify: func(s Signed) error {
			asked++
			if s.Issuer != "https://authority.example" || s.Kind != "urn:vn:gov:doc:gplx:1" || s.Alg != "ES256" || s.KeyID != "k1" {
				t.Error(s.Issuer, s.Kind, s.Alg, s.KeyID)
			}
			return said
		}})
		if asked != 1 || err != said || !reflect.DeepEqual(d, Document{}) {
			t.Errorf("asked %d times: %v", asked, err)
		}
	}
	if _, err := NewReader(Rules{}).Read(whole, Expect{}); err == nil || anyReason(err) {
		t.Errorf("nobody looks at the signature: %v", err)
	}
}

func TestNoByteCanChange(t *testing.T) {
	for _, v := range load[vector](t, "accepted/documents.json") {
		if v.Name != "bound to a key" {
			continue
		}
		r, want := NewReader(strict), expect(t)
		for i := range len(v.Document) {
			b := []byte(v.Document)
			if b[i]++; b[i] > 'z' {
				b[i] = 'a'
			}
			if _, err := r.Read(string(b), want); err == nil || !anyReason(err) {
				t.Errorf("byte %d: %v", i, err)
			}
			if _, err := r.Read(v.Document[:i], want); err == nil || !anyReason(err) {
				t.Errorf("%d bytes: %v", i, err)
			}
		}
		return
	}
	t.Error("no such vector")
}

func TestOneReaderServesMany(t *testing.T) {
	r := NewReader(strict)
	all, bad := load[vector](t, "accepted/documents.json"), load[vector](t, "refused/documents.json")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i := range all {
				if _, err := r.Read(all[i].Document, expect(t)); err != nil {
					t.Errorf("%s: %v", all[i].Name, err)
				}
				if _, err := r.Read(bad[i].Document, expect(t)); err == nil {
					t.Errorf("%s is accepted", bad[i].Name)
				}
			}
		})
	}
	group.Wait()
}

func TestSizeIsLookedAtFirst(t *testing.T) {
	v := load[vector](t, "accepted/documents.json")[0].Document
	for size, ok := range map[int]bool{len(v): true, len(v) - 1: false} {
		if _, err := NewReader(Rules{MaxSize: size}).Read(v, expect(t)); (err == nil) != ok {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestStatusReferencesAreStrict(t *testing.T) {
	signer := newKey(t, "ES256")
	for _, tc := range []struct {
		status string
		there  bool
		ok     bool
	}{
		{``, false, true},
		{`{}`, false, true},
		{`{"other":{}}`, false, true},
		{`{"status_list":{"idx":0,"uri":"u"}}`, true, true},
		{`{"status_list":{"idx":4294967295,"uri":"u","more":1},"other":1}`, true, true},
		{`{"status_list":{"idx":4294967296,"uri":"u"}}`, false, false},
		{`{"status_list":{"idx":-1,"uri":"u"}}`, false, false},
		{`{"status_list":{"idx":-0,"uri":"u"}}`, false, false},
		{`{"status_list":{"idx":1.0,"uri":"u"}}`, false, false},
		{`{"status_list":{"idx":1e1,"uri":"u"}}`, false, false},
		{`{"status_list":{"idx":"1","uri":"u"}}`, false, false},
		{`{"status_list":{"uri":"u"}}`, false, false},
		{`{"status_list":{"idx":1}}`, false, false},
		{`{"status_list":{"idx":1,"uri":""}}`, false, false},
		{`{"status_list":{"idx":1,"uri":7}}`, false, false},
		{`{"status_list":[]}`, false, false},
		{`"x"`, false, false},
	} {
		claims := licence()
		if tc.status != "" {
			claims = licence(jws.Member{Name: "status", Value: jws.Raw(tc.status)})
		}
		issued, err := Issuer{Alg: "ES256", Signer: signer}.Issue(claims...)
		if err != nil {
			t.Fatal(err)
		}
		d, err := NewReader(Rules{}).Read(issued.All(), Expect{Verify: by(signer.Public())})
		if err != nil {
			t.Fatal(err)
		}
		ref, there, err := d.Status()
		if there != tc.there || (err == nil) != tc.ok || !tc.ok && !errors.Is(err, jws.ErrMalformed) || !there && ref != (Reference{}) {
			t.Errorf("%s: %v %v %v", tc.status, ref, there, err)
		}
	}
}
