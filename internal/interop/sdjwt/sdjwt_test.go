// Package sdjwt lets a foreign library read our documents and status lists, and ours
// read its: @sd-jwt on Node. Each must also refuse the other's once they are tampered
// with.
//
// A peer that is not installed is skipped, and is a failure where VNEID_REQUIRE_PEERS
// is 1. To install it: npm ci in this directory.
package sdjwt

import (
	"bufio"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
)

const (
	client = "portal"
	nonce  = "n-0S6_WzA2Mj"
	uri    = "https://status.example/lists/1"
)

// The peer looks at its own clock.
var now = time.Now().Truncate(time.Second)

type object = map[string]any

// node is one process for all questions, a line each: nearly all of a question's time
// was its start. It ends with its input, and so with the tests; the one limit on its
// answers is that of go test.
var node = sync.OnceValues(func() (ask func([]byte) ([]byte, error), err error) {
	cmd := exec.Command("node", "peer.mjs")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	lines := bufio.NewReader(out)
	return func(question []byte) ([]byte, error) {
		if _, err := in.Write(append(question, '\n')); err != nil {
			return nil, err
		}
		return lines.ReadBytes('\n')
	}, cmd.Start()
})

// peer asks Node.
func peer[T any](t *testing.T, ask string, request object) (answer T) {
	t.Helper()
	missing := func(why string) {
		if os.Getenv("VNEID_REQUIRE_PEERS") == "1" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	if _, err := exec.LookPath("node"); err != nil {
		missing("Node is not installed")
	}
	if _, err := os.Stat("node_modules/@sd-jwt/core"); err != nil {
		missing("@sd-jwt is not installed: run npm ci in internal/interop/sdjwt")
	}
	question, err := json.Marshal(merge(object{"ask": ask, "now": now.Unix(), "aud": client, "nonce": nonce}, request))
	if err != nil {
		t.Fatal(err)
	}
	send, err := node()
	if err != nil {
		t.Fatal(err)
	}
	out, err := send(question)
	if err != nil {
		t.Fatalf("%s: Node ended: %v", ask, err)
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatalf("%s answered %.200q", ask, out)
	}
	return answer
}

func merge(a, b object) object {
	for k, v := range b {
		a[k] = v
	}
	return a
}

func by(t *testing.T, jwk json.RawMessage) func(sdjwt.Signed) error {
	t.Helper()
	key, err := jwx.ParseKey(string(jwk))
	if err != nil {
		t.Fatal(err)
	}
	return func(s sdjwt.Signed) error { return jws.Verify(s.Alg, key.Public, s.Input, s.Signature) }
}

func decode(t *testing.T, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTheirDocumentsHoldWithUs(t *testing.T) {
	for _, algs := range [][2]string{{"ES256", "ES256"}, {"EdDSA", "ES384"}, {"ES384", "EdDSA"}, {"ES512", "ES512"}} {
		made := peer[struct {
			Issuer    json.RawMessage
			Documents []struct {
				Name, Text string
				Claims     any
			}
		}](t, "make", object{"alg": algs[0], "holderAlg": algs[1]})
		r := sdjwt.NewReader(sdjwt.Rules{})
		want := sdjwt.Expect{Verify: by(t, made.Issuer), Audience: client, Nonce: nonce, Now: now}
		for _, d := range made.Documents {
			t.Run(algs[0]+" "+d.Name, func(t *testing.T) {
				got, err := r.Read(d.Text, want)
				if err != nil {
					t.Fatal(err)
				}
				o := got.Claims()
				if !reflect.DeepEqual(decode(t, o.Text()), d.Claims) {
					t.Errorf("we read %s, they %v", o.Text(), d.Claims)
				}
				for name, text := range tampered(d.Text) {
					if _, err := r.Read(text, want); err == nil {
						t.Errorf("accepted with %s", name)
					}
				}
			})
		}
		if len(made.Documents) < 9 {
			t.Errorf("only %d documents", len(made.Documents))
		}
	}
}

// tampered are changes of a document that nobody may accept.
func tampered(text string) map[string]string {
	parts := strings.Split(text, "~")
	jwt, last := parts[0], len(parts)-1
	out := map[string]string{
		"another payload":           flip(jwt, strings.IndexByte(jwt, '.')+9) + text[len(jwt):],
		"another signature":         flip(jwt, len(jwt)-9) + text[len(jwt):],
		"a disclosure from nowhere": jwt + "~" + base64.RawURLEncoding.EncodeToString([]byte(`["salt","role","admin"]`)) + text[len(jwt):],
	}
	if last > 1 {
		parts[1] = flip(parts[1], 12)
		out["another disclosure"] = strings.Join(parts, "~")
	}
	if parts[last] != "" {
		out["another proof"] = flip(text, len(text)-9)
	}
	return out
}

func flip(s string, i int) string {
	b := []byte(s)
	if b[i] == 'A' {
		b[i] = 'B'
	} else {
		b[i] = 'A'
	}
	return string(b)
}

func newKey(t *testing.T, alg string) (crypto.Signer, json.RawMessage) {
	t.Helper()
	var s crypto.Signer
	var err error
	switch alg {
	case "EdDSA":
		_, s, err = ed25519.GenerateKey(rand.Reader)
	case "ES384":
		s, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	default:
		s, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		t.Fatal(err)
	}
	set, err := jwx.Marshal(jwx.Key{Public: s.Public(), ID: "k1", Alg: alg, Use: "sig"})
	if err != nil {
		t.Fatal(err)
	}
	var keys struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(set, &keys); err != nil || len(keys.Keys) != 1 {
		t.Fatal(err)
	}
	return s, keys.Keys[0]
}

// claims are a document of ours, of every shape.
func claims(more ...jws.Member) []jws.Member {
	m := func(name string, value any) jws.Member { return jws.Member{Name: name, Value: value} }
	hide := func(v any) sdjwt.Hidden { return sdjwt.Hidden{Value: v} }
	return append([]jws.Member{
		m("iss", "https://authority.example"), m("vct", "urn:vn:gov:doc:gplx:1"), m("iat", now), m("exp", now.Add(time.Hour)),
		m("name", hide("Nguyễn Văn Mẫu \"\\\u0001😀")), m("nothing", hide(nil)), m("number", hide(1500)),
		m("address", hide([]jws.Member{m("street", hide("12 Phố Thử")), m("ward", hide([]jws.Member{m("code", 999), m("name", hide("Phường Mẫu"))}))})),
		m("open", []jws.Member{m("inside", hide(true)), m("plain", false)}),
		m("classes", []any{"A1", hide("B"), hide([]jws.Member{m("class", "C"), m("since", hide(2012))})}),
	}, more...)
}

func TestOurDocumentsHoldWithThem(t *testing.T) {
	type document struct {
		Text  string `json:"text"`
		Bound bool   `json:"bound"`
	}
	for _, algs := range [][2]string{{"ES256", "EdDSA"}, {"EdDSA", "ES384"}, {"ES384", "ES256"}} {
		signer, issuer := newKey(t, algs[0])
		key, holder := newKey(t, algs[1])
		i := sdjwt.Issuer{Alg: algs[0], Signer: signer, KeyID: "k1", Decoys: 3}
		free, err := i.Issue(claims()...)
		if err != nil {
			t.Fatal(err)
		}
		tied, err := i.Issue(claims(jws.Member{Name: "cnf", Value: []jws.Member{{Name: "jwk", Value: holder}}})...)
		if err != nil {
			t.Fatal(err)
		}
		var ours []document
		for _, paths := range [][]string{{}, {""}, {"/name"}, {"/address/ward"}, {"/classes/2/since", "/open"}, {"/classes/1", "/nothing", "/number"}} {
			text, err := free.Show(paths...)
			if err != nil {
				t.Fatal(err)
			}
			ours = append(ours, document{text, false})
			if text, err = tied.Show(paths...); err != nil {
				t.Fatal(err)
			}
			if text, err = (sdjwt.Holder{Alg: algs[1], Signer: key}).Bind(text, client, nonce, now); err != nil {
				t.Fatal(err)
			}
			ours = append(ours, document{text, true})
		}
		good := len(ours)
		for _, d := range ours[:good:good] {
			for name, text := range tampered(d.Text) {
				// This version of the peer passes over disclosures that belong to no
				// digest, where RFC 9901 §7.1 step 5 and we refuse them; the hash in a
				// key's proof is what stops it.
				if d.Bound || !strings.Contains(name, "disclosure") {
					ours = append(ours, document{text, d.Bound})
				}
			}
		}
		answers := peer[[]struct {
			Claims any
			Error  string
		}](t, "verify", object{"alg": algs[0], "holderAlg": algs[1], "issuer": issuer, "holder": holder, "documents": ours})
		want := sdjwt.Expect{Verify: by(t, issuer), Audience: client, Nonce: nonce, Now: now}
		for n, answer := range answers {
			got, err := sdjwt.NewReader(sdjwt.Rules{}).Read(ours[n].Text, want)
			switch o := got.Claims(); {
			case n >= good && (err == nil || answer.Error == ""):
				t.Errorf("document %d is accepted: by us %v, by them %q", n, err, answer.Error)
			case n < good && (err != nil || answer.Error != ""):
				t.Errorf("document %d is refused: by us %v, by them %q", n, err, answer.Error)
			case n < good && !reflect.DeepEqual(decode(t, o.Text()), answer.Claims):
				t.Errorf("document %d: we read %s, they %v", n, o.Text(), answer.Claims)
			}
		}
		if len(answers) != len(ours) || len(ours) <= good {
			t.Errorf("%d answers to %d documents", len(answers), len(ours))
		}
	}
}

func TestTheirListsHoldWithUs(t *testing.T) {
	made := peer[struct {
		Issuer json.RawMessage
		Lists  []struct {
			Bits     int
			Statuses []int
			Token    string
		}
	}](t, "lists", object{"uri": uri})
	want := sdjwt.ListExpect{Verify: by(t, made.Issuer), URI: uri, Now: now}
	for _, l := range made.Lists {
		list, err := sdjwt.NewListReader(sdjwt.ListRules{}).Read(l.Token, want)
		if err != nil || list.Len() != len(l.Statuses) {
			t.Fatalf("%d bits: %d statuses, %v", l.Bits, list.Len(), err)
		}
		for i, status := range l.Statuses {
			if got, err := list.At(sdjwt.Reference{URI: uri, Index: uint32(i)}, now); err != nil || int(got) != status {
				t.Fatalf("%d bits, at %d: got %d, %v, want %d", l.Bits, i, got, err, status)
			}
		}
		if _, err := sdjwt.NewListReader(sdjwt.ListRules{}).Read(flip(l.Token, strings.IndexByte(l.Token, '.')+40), want); err == nil {
			t.Errorf("%d bits: accepted with another payload", l.Bits)
		}
	}
	if len(made.Lists) != 4 {
		t.Errorf("%d lists", len(made.Lists))
	}
}

func TestOurListsHoldWithThem(t *testing.T) {
	signer, issuer := newKey(t, "ES256")
	var tokens []string
	var want [][]int
	for _, bits := range []int{1, 2, 4, 8} {
		s, err := sdjwt.NewStatuses(bits, 4096)
		if err != nil {
			t.Fatal(err)
		}
		statuses := make([]int, 4096)
		for i := range statuses {
			statuses[i] = (i * i * 7919 >> 3) % (1 << bits)
			if err := s.Set(i, sdjwt.Status(statuses[i])); err != nil {
				t.Fatal(err)
			}
		}
		token, err := sdjwt.Issuer{Alg: "ES256", Signer: signer, KeyID: "k1"}.List(uri, s, now, 10*time.Minute, 24*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		tokens, want = append(tokens, token, flip(token, strings.IndexByte(token, '.')+40)), append(want, statuses, nil)
	}
	got := peer[[][]int](t, "statuses", object{"issuer": issuer, "tokens": tokens})
	for i := range want {
		if len(got) != len(want) || !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("list %d is read otherwise", i)
		}
	}
}

// The drafts' list encodings, as the peer's own tests have them.
func TestTheDraftsEncodings(t *testing.T) {
	signer, issuer := newKey(t, "ES256")
	encodings := peer[[]struct {
		Bits     int
		Lst      string
		Statuses []int
	}](t, "encodings", nil)
	for _, e := range encodings {
		payload, err := json.Marshal(object{"sub": uri, "iat": now.Unix(), "exp": now.Unix() + 9, "ttl": 9, "status_list": object{"bits": e.Bits, "lst": e.Lst}})
		if err != nil {
			t.Fatal(err)
		}
		token, err := jws.Compact("ES256", signer, []jws.Member{{Name: "typ", Value: sdjwt.ListType}}, payload)
		if err != nil {
			t.Fatal(err)
		}
		list, err := sdjwt.NewListReader(sdjwt.ListRules{}).Read(token, sdjwt.ListExpect{Verify: by(t, issuer), URI: uri, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range e.Statuses {
			if got, err := list.At(sdjwt.Reference{URI: uri, Index: uint32(i)}, now); err != nil || int(got) != want {
				t.Errorf("%s, at %d: got %d, %v, want %d", e.Lst, i, got, err, want)
			}
		}
		t.Logf("%d bits, %s: %d statuses", e.Bits, e.Lst, len(e.Statuses))
	}
	if len(encodings) < 2 {
		t.Error("the peer's tests have no encodings any more")
	}
}
