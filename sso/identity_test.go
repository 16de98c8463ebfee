package sso

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// hider holds values as other people's code does: unexported, by value and by
// pointer, in slices and maps, behind any.
type hider struct {
	Open    any
	closed  any
	pointer *Identity
	value   Identity
	list    []Identity
	byName  map[string]*Identity
	login   *Session
	logins  []*Session
}

// Keys are in hardware or here: no print of a Config or a Client shows them.
func TestNothingPrintsTheKeysOfAClient(t *testing.T) {
	signing, binding, opening := p256(t), p256(t), p256(t)
	var cfg Config
	o, c := newFAPI(t, func(to *Config) {
		to.Key, to.DPoPKey, to.Decrypt = signing, binding, []crypto.PrivateKey{opening}
		cfg = *to
	})
	o.fapi.client = &signing.PublicKey
	var secrets []string
	for _, k := range []*ecdsa.PrivateKey{signing, binding, opening} {
		b, err := k.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		d := new(big.Int).SetBytes(b)
		secrets = append(secrets, fmt.Sprintf("%x", b), fmt.Sprintf("%X", b), d.String(), strings.Trim(fmt.Sprint(b), "[]"), encode(b))
	}
	_, begun, err := c.Begin(t.Context(), Ask{})
	if err != nil {
		t.Fatal(err)
	}
	type foreign struct{ client *Client }
	for _, v := range []any{cfg, &cfg, c, *c, foreign{c}, []any{cfg, c}, map[string]any{"c": c}, begun} {
		texts := []string{}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "%q", "%d"} {
			texts = append(texts, fmt.Sprintf(verb, v))
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		b, _ := json.Marshal(v)
		for _, text := range append(texts, log.String(), string(b)) {
			for _, secret := range secrets {
				if strings.Contains(text, secret) {
					t.Fatalf("%T shows a key", v)
				}
			}
		}
	}
	if _, err := json.Marshal(cfg); err == nil {
		t.Error("a Config was encoded")
	}
}

func TestNothingPrintsWhatALoginHolds(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o)
	id := mustLogin(t, c, o, Ask{})
	_, s, err := c.Begin(context.Background(), Ask{Subject: "pairwise-1"})
	if err != nil {
		t.Fatal(err)
	}
	secrets := append([]string{s.data().State, s.data().Nonce, s.data().Verifier, "urn:vneid", "Thử Nghiệm", "1990"}, canaries[:5]...)
	h := hider{id, id, id, *id, []Identity{*id}, map[string]*Identity{"x": id}, s, []*Session{s}}
	look := func(how, text string) {
		t.Helper()
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s shows %q", how, secret)
			}
		}
	}
	for _, v := range []any{id, *id, s, h, &h, []any{id, s}, map[string]any{"id": id, "s": s}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "%q", "%d", "%t", "%p", "%T"} {
			look(fmt.Sprintf("%s of %T", verb, v), fmt.Sprintf(verb, v))
		}
		var log bytes.Buffer
		for _, l := range []*slog.Logger{slog.New(slog.NewTextHandler(&log, nil)), slog.New(slog.NewJSONHandler(&log, nil))} {
			switch v.(type) {
			case *Session, []any, map[string]any: // its JSON is for storage: it says so, and slog's JSON of containers uses it
			default:
				l.Info("x", "v", v)
			}
		}
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		look(fmt.Sprintf("slog of %T", v), log.String())
		func() {
			defer func() { look(fmt.Sprintf("a panic with %T", v), fmt.Sprint(recover())) }()
			panic(v)
		}()
	}
	for _, v := range []any{id, *id, struct{ Who *Identity }{id}, map[string]Identity{"x": *id}} {
		b, _ := json.Marshal(v)
		look(fmt.Sprintf("JSON of %T", v), string(b))
		b, _ = xml.Marshal(v)
		look(fmt.Sprintf("XML of %T", v), string(b))
		var buf bytes.Buffer
		_ = gob.NewEncoder(&buf).Encode(v)
		look(fmt.Sprintf("gob of %T", v), buf.String())
	}
	if _, err := json.Marshal(id); err == nil {
		t.Error("an Identity was encoded")
	}
	if got := fmt.Sprint(id); got != "citizen *********001" {
		t.Errorf("an Identity prints as %q", got)
	}
}

func TestNobodySatisfiesNothing(t *testing.T) {
	for _, id := range []*Identity{nil, {}, new(Identity)} {
		refused := id.Check(vneid.Assurance{})
		if !errors.Is(refused, vneid.ErrLevel) || !id.IsZero() || !id.Citizen().IsZero() || id.Subject() != "" || id.Assurance() != (vneid.Assurance{}) {
			t.Errorf("nobody passes: %v", refused)
		}
		if _, ok := id.Claim("sub"); ok {
			t.Error("nobody has a claim")
		}
		if len(id.Scopes()) != 0 || id.String() == "" {
			t.Error("nobody has scopes or no word")
		}
	}
	if id, ok := FromContext(context.Background()); ok || id != nil {
		t.Error("a context without login has one")
	}
	var id Identity
	for _, text := range []string{`{}`, `{"f":{}}`, `null`, `{"Citizen":{}}`} {
		//lint:ignore SA9005 that it has nothing to decode into is what is tested
		if json.Unmarshal([]byte(text), &id); !id.IsZero() {
			t.Errorf("%s was decoded into somebody", text)
		}
	}
	var s *Session
	if s.State() != "" || s.Return() != "/" || !s.Expires().IsZero() {
		t.Error("no session has something")
	}
}

func TestNoPrintOfAClientShowsItsSecrets(t *testing.T) {
	cfg := Config{
		Issuer: "https://op.example", ClientID: "portal:1", ClientSecret: "canary-secret", RedirectURL: "https://rp.example/cb",
		CookieKeys: [][]byte{[]byte("canary-key-of-thirty-two-bytes..")},
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	type app struct {
		Login *Client
		login *Client
		value Client
		any   any
	}
	a := app{c, c, *c, c}
	for _, v := range []any{cfg, &cfg, c, *c, a, &a, []any{c}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d", "%t", "%p"} {
			if _, config := v.(Config); config && verb == "%p" {
				continue // fmt asks no methods: see Config.Format
			}
			text := fmt.Sprintf(verb, v)
			for _, secret := range []string{"canary", fmt.Sprintf("%x", "canary"), fmt.Sprint([]byte("canary"))[1:20], "0x63, 0x61"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s of %T shows a secret", verb, v)
				}
			}
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		if strings.Contains(log.String(), "canary") {
			t.Errorf("slog of %T shows a secret", v)
		}
	}
	type holder struct{ C Config } // exported fields: fmt and encoders ask them
	for _, v := range []any{holder{cfg}, &holder{cfg}, []Config{cfg}, map[string]Config{"c": cfg}} {
		var out bytes.Buffer
		fmt.Fprintf(&out, "%v %+v %#v", v, v, v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
		if err := gob.NewEncoder(&out).Encode(v); err == nil {
			t.Errorf("gob encodes a %T", v)
		}
		if _, err := json.Marshal(v); !errors.Is(err, errSecrets) {
			t.Errorf("json of %T: %v", v, err)
		}
		if strings.Contains(out.String(), "canary") || strings.Contains(out.String(), fmt.Sprint([]byte("canary"))[1:20]) {
			t.Errorf("%T shows a secret: %s", v, out.String())
		}
	}
	if got := fmt.Sprint(cfg); got != `sso.Config of "portal:1" at "https://op.example"` {
		t.Errorf("a Config prints as %s", got)
	}
}
