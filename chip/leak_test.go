package chip_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// secrets are parts of what the test person's card holds.
var secrets = []string{"999090", "090000001", "000001", "Nguyễn", "NGUYEN", "1990-02", "900214", "14/02/1990", "Thử Nghiệm"}

// told returns the secret that a text gives away, plain, in hexadecimal, in base64
// or as a list of bytes.
func told(text string) string {
	for _, s := range secrets {
		forms := []string{s, hex.EncodeToString([]byte(s)), strings.ToUpper(hex.EncodeToString([]byte(s))), strings.Trim(fmt.Sprint([]byte(s)), "[]")}
		for skip := range 3 { // wherever it begins in a group of three
			padded := base64.StdEncoding.EncodeToString(append(make([]byte, skip), s...))
			forms = append(forms, padded[4*((skip+2)/3):len(padded)-4])
		}
		for _, form := range forms {
			if len(form) > 4 && strings.Contains(text, form) {
				return form
			}
		}
	}
	return ""
}

// careless is a struct of a careless program: everything everywhere.
type careless[T any] struct {
	hidden  T
	Shown   T
	pointer *T
	slice   []T
	byName  map[string]T
	any     any
	Inner   struct{ deep *T }
}

func carelessly[T any](v *T) careless[T] {
	c := careless[T]{hidden: *v, Shown: *v, pointer: v, slice: []T{*v}, byName: map[string]T{"x": *v}, any: *v}
	c.Inner.deep = v
	return c
}

func printings(v any, encoders bool) map[string]string {
	out := make(map[string]string)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "% x", "%T", "%10v"} {
		out[verb] = fmt.Sprintf(verb, v)
	}
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Info("read", "v", v)
	out["slog"] = b.String()
	if encoders {
		var b bytes.Buffer
		slog.New(slog.NewJSONHandler(&b, nil)).Info("read", "v", v)
		out["slog JSON"] = b.String()
		for name, encode := range map[string]func(any) ([]byte, error){
			"JSON": json.Marshal, "XML": xml.Marshal,
			"gob": func(v any) ([]byte, error) {
				var b bytes.Buffer
				err := gob.NewEncoder(&b).Encode(v)
				return b.Bytes(), err
			},
		} {
			text, err := encode(v)
			out[name] = string(text) + fmt.Sprint(err)
		}
	}
	func() {
		defer func() { out["panic"] = fmt.Sprint(recover()) }()
		panic(v)
	}()
	return out
}

func TestNothingTellsAboutTheHolder(t *testing.T) {
	card := newCard(t, chiptest.Card{})
	v := trusting(t, card)
	access := byMRZ(t, card)
	var trace []chip.Event
	c, err := v.Challenge(session)
	if err != nil {
		t.Fatal(err)
	}
	d, err := chip.Read(context.Background(), card, access, chip.ReadOptions{Challenge: &c, Trace: func(e chip.Event) { trace = append(trace, e) }})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := v.Verify(context.Background(), d, chip.VerifyOptions{Session: session})
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Verify(context.Background(), d, chip.VerifyOptions{})
	verdict := refusedFor(t, err, "active-authentication", "other-challenge", vneid.ErrMismatch)
	zone := doc.MRZ()
	for name, p := range map[string]map[string]string{
		"document": printings(carelessly(doc), true), "document alone": printings(doc, true), "document value": printings(*doc, true),
		"zone": printings(carelessly(&zone), true), "access": printings(carelessly(&access), true),
		"dump": printings(carelessly(d), false), "dump alone": printings(d, false), // a Dump is encoded on purpose
		"verdict": printings(carelessly(verdict), true), "trace": printings(trace, true), "checks": printings(doc.Checks(), true),
	} {
		for how, text := range p {
			if secret := told(text); secret != "" {
				t.Errorf("%s under %s tells %q", name, how, secret)
			}
		}
	}
	if len(trace) < 20 {
		t.Error("the trace has", len(trace), "events")
	}
	encoded, _ := json.Marshal(d)
	if told(fmt.Sprintf("%+v", doc.Details())) == "" || told(string(encoded)) == "" || told(zone.Reveal()) == "" {
		t.Error("the detector detects nothing")
	}
	for _, v := range []slog.LogValuer{doc.Details(), zone.Fields()} {
		if secret := told(v.LogValue().String()); secret != "" {
			t.Error("slog tells", secret)
		}
	}
}

// Whoever knows the challenge key makes challenges of his own, so no print of a
// Verifier or Config tells it.
func TestNoPrintTellsTheChallengeKey(t *testing.T) {
	key := []byte("a key of at least thirty-two bytes")
	cfg := chip.Config{ChallengeKey: key, Replay: vneid.NewMemoryReplay(0, nil)}
	v, err := chip.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	tells := func(text string) bool {
		for _, form := range []string{string(key[:8]), hex.EncodeToString(key[:8]), strings.ToUpper(hex.EncodeToString(key[:8])),
			fmt.Sprintf("% x", key[:8]), strings.Trim(fmt.Sprint(key[:8]), "[]"), fmt.Sprintf("%#v", key[:8])[7:40], base64.StdEncoding.EncodeToString(key[:6])} {
			if strings.Contains(text, form) {
				return true
			}
		}
		return false
	}
	type kept struct{ v *chip.Verifier }
	for name, p := range map[string]map[string]string{
		"verifier": printings(v, true), "verifier kept": printings(carelessly(v), true), "verifier alone": printings(kept{v}, true),
		"config": printings(cfg, true), "pointer to config": printings(&cfg, true), "configs": printings([]any{cfg}, true),
	} {
		for how, text := range p {
			if tells(text) {
				t.Errorf("%s under %s tells the key", name, how)
			}
		}
	}
	type copied chip.Config // without the methods
	for _, verb := range []string{"%+v", "%x", "%#v"} {
		if !tells(fmt.Sprintf(verb, copied(cfg))) {
			t.Errorf("the detector detects nothing under %s", verb)
		}
	}
	if !strings.Contains(fmt.Sprint(cfg), "0 anchors") || !strings.Contains(cfg.LogValue().String(), "chip.Config") {
		t.Error(cfg)
	}
}

func TestNothingDecodesIntoADocument(t *testing.T) {
	var doc chip.Document
	if err := decode(`{"d":{"genuine":true},"genuine":true}`, &doc); err == nil && (doc.Genuine() || !doc.Citizen().IsZero()) {
		t.Error("a document was decoded")
	}
	if doc.Genuine() || doc.Anchor() != "" || len(doc.Checks()) != 0 || !doc.MRZ().IsZero() || (*chip.Document)(nil).Genuine() {
		t.Error("the zero document says something")
	}
	if _, err := json.Marshal(doc); err == nil {
		t.Error("a document was encoded")
	}
}

func decode(text string, v any) error { return json.Unmarshal([]byte(text), v) }
