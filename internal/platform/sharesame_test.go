package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jwe"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// lose takes a paper out of the registers.
func (w *world) lose(handle string, kind document.Kind) {
	w.t.Helper()
	err := w.store.Update(context.Background(), func(tx Tx) error { return tx.Delete(tablePapers, handle+"/"+string(kind)) })
	if err != nil {
		w.t.Fatal(err)
	}
}

// outcomeOf is everything that a client, and somebody who watches the page, can see of
// one request.
type outcomeOf struct {
	pages, tokens, bundle []byte
	lengths               []int // of the bundle's bytes, of each document, of the JWE
}

// run lets level2 answer a request for a licence and a vehicle.
func runShare(t *testing.T, encrypted bool, prepare func(w *world), ticks string) outcomeOf {
	t.Helper()
	w := newWorld(t)
	enc := newDevice(t)
	a := w.asker(func(c *Client) {
		if encrypted {
			c.Keys = withKey(c.Keys, apply(enc.jwk(), object{"kid": "e1", "alg": "ECDH-ES+A256KW", "use": "enc"}))
		}
	})
	if prepare != nil {
		prepare(w)
	}
	asked := details(object{"documents": []object{licenceDoc(), docOf("vehicle-registration", "plate", "owner")}})
	b := w.browser("level2")
	b.forms[StepShare] = map[string]string{FieldScope: ticks}
	tokens := a.grantBy(b, asked)
	if tokens.status != 200 {
		t.Fatalf("%s", tokens.raw)
	}
	got := a.fetch(tokens.text("access_token"))
	out := outcomeOf{tokens: masked2(tokens.raw), lengths: []int{len(got.raw)}}
	plain := got
	if encrypted {
		opener, err := jwe.NewOpener(jwe.Rules{Type: wire.TypeBundle, MaxSize: wire.MaxBundle}, jwe.Key{ID: "e1", Key: enc.key})
		if err != nil {
			t.Fatal(err)
		}
		if text, err := opener.Open(got.raw); err == nil {
			plain.raw = []byte(text)
		} else {
			t.Fatalf("%v: %s", err, got.raw[:100])
		}
		plain.body = nil
		if err := json.Unmarshal(plain.raw, &plain.body); err != nil {
			t.Fatal(err)
		}
	}
	read := a.read(plain)
	for _, text := range read.raw {
		out.lengths = append(out.lengths, len(text))
	}
	all, err := json.Marshal([]any{read.envelope, read.receipt, read.docs})
	if err != nil {
		t.Fatal(err)
	}
	out.bundle = masked2(all)
	for _, v := range b.seen {
		page, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.pages = append(out.pages, masked2(page)...)
	}
	return out
}

func withKey(set json.RawMessage, key object) json.RawMessage {
	var all struct {
		Keys []object `json:"keys"`
	}
	_ = json.Unmarshal(set, &all) // the test's own
	return jwkSet(append(all.Keys, key)...)
}

// masked2 takes out what differs between any two runs: random names, times, digests,
// signatures, ports.
func masked2(b []byte) []byte {
	for _, pattern := range []string{`[A-Za-z0-9_-]{22,}`, `127\.0\.0\.1:[0-9]+`, `"idx":[0-9]+`, `[0-9]{10}`} {
		b = regexp.MustCompile(pattern).ReplaceAllFunc(b, func(m []byte) []byte {
			if i := bytes.IndexByte(m, ':'); i >= 0 {
				return m[:i]
			}
			return []byte(strings.Repeat("x", len(m)))
		})
	}
	return regexp.MustCompile(`"[0-9]{2}"`).ReplaceAll(b, []byte(`"nn"`)) // the number of the app's prompt
}

// A document that does not exist reads like one that was declined: in every byte but
// those that always differ, and in every length.
func TestWhatDoesNotExistReadsLikeWhatWasDeclined(t *testing.T) {
	const licence = "driver-licence,driver-licence/points,driver-licence/licence:B"
	const both = licence + ",vehicle-registration"
	noVehicle := func(w *world) { w.lose("level2", document.VehicleRegistration) }
	noPapers := func(w *world) { noVehicle(w); w.lose("level2", document.DriverLicence) }
	noPoints := func(w *world) { w.without("level2", document.DriverLicence, "points") }
	for _, c := range []struct {
		name           string
		gone           func(*world)
		agreed, ticked string // by who has nothing, and by who declines
	}{
		{"one of two documents", noVehicle, both, licence},
		{"both", noPapers, both, ""},
		{"an optional claim", noPoints, both, "driver-licence,driver-licence/licence:B,vehicle-registration"},
	} {
		for _, encrypted := range []bool{false, true} {
			declined, absent := runShare(t, encrypted, nil, c.ticked), runShare(t, encrypted, c.gone, c.agreed)
			if !bytes.Equal(declined.pages, absent.pages) {
				t.Errorf("%s: the pages differ\n%s\n%s", c.name, declined.pages, absent.pages)
			}
			if !bytes.Equal(declined.tokens, absent.tokens) {
				t.Errorf("%s: the tokens' answers differ\n%s\n%s", c.name, declined.tokens, absent.tokens)
			}
			if !bytes.Equal(declined.bundle, absent.bundle) {
				t.Errorf("%s: the bundles differ\n%s\n%s", c.name, declined.bundle, absent.bundle)
			}
			for i := range declined.lengths {
				if len(absent.lengths) != len(declined.lengths) || declined.lengths[i] != absent.lengths[i] {
					t.Errorf("%s, encrypted %v: lengths %v and %v", c.name, encrypted, declined.lengths, absent.lengths)
					break
				}
			}
		}
	}
	all, some := runShare(t, false, nil, both), runShare(t, false, nil, licence)
	if bytes.Equal(all.bundle, some.bundle) || all.lengths[0] == some.lengths[0] {
		t.Error("the comparison sees nothing")
	}
}

// without takes a claim off a paper.
func (w *world) without(handle string, kind document.Kind, claim string) {
	w.t.Helper()
	papers, err := w.Papers(context.Background(), handle)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, held := range papers {
		if held.Kind != kind {
			continue
		}
		claims := object{}
		if err := json.Unmarshal(held.Claims, &claims); err != nil {
			w.t.Fatal(err)
		}
		delete(claims, claim)
		if held.Claims, err = json.Marshal(claims); err == nil {
			err = w.SetPaper(context.Background(), handle, held)
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}
