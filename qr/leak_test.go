package qr_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// secrets are parts of what the card and the credential of this test hold.
var secrets = []string{"999190", "190000", "000001", "Nguyễn", "Phương", "Thử Nghiệm", "1990-01", "31011990", "{1990"}

// told returns the secret that text gives away, plain, in hexadecimal or as a
// list of bytes.
func told(text string) string {
	for _, s := range secrets {
		for _, form := range []string{s, hex.EncodeToString([]byte(s)), strings.ToUpper(hex.EncodeToString([]byte(s))), strings.Trim(fmt.Sprint([]byte(s)), "[]")} {
			if strings.Contains(text, form) {
				return form
			}
		}
	}
	return ""
}

// evidence is a struct of a careless program: everything everywhere.
type evidence[T any] struct {
	hidden  T
	Shown   T
	pointer *T
	slice   []T
	Many    []*T
	byName  map[string]T
	any     any
	Inner   struct{ deep *T }
}

func carelessly[T any](v *T) evidence[T] {
	e := evidence[T]{hidden: *v, Shown: *v, pointer: v, slice: []T{*v}, Many: []*T{v}, byName: map[string]T{"x": *v}, any: *v}
	e.Inner.deep = v
	return e
}

func printings(v any) map[string]string {
	out := make(map[string]string)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "% x", "%T", "%p", "%10v", "%!"} {
		out[verb] = fmt.Sprintf(verb, v)
	}
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"slog text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"slog JSON": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var b bytes.Buffer
		slog.New(handler(&b)).Info("verified", "evidence", v, slog.Group("g", "v", v))
		out[name] = b.String()
	}
	for name, encode := range map[string]func(any) ([]byte, error){
		"JSON": json.Marshal, "XML": xml.Marshal,
		"gob": func(v any) ([]byte, error) {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(v)
			return b.Bytes(), err
		},
	} {
		b, err := encode(v)
		out[name] = string(b)
		if err != nil {
			out[name] += err.Error()
		}
	}
	func() {
		defer func() { out["panic"] = fmt.Sprint(recover()) }()
		panic(v)
	}()
	out["error"] = fmt.Errorf("refused %v", v).Error()
	return out
}

func TestNeitherCardNorCredentialTellsAboutThePerson(t *testing.T) {
	card := parse(t, "999190000001||Nguyễn Thị Phương Thảo|31011990|Nữ|Đường Thử Nghiệm|04032021||Nguyễn Văn Phương||")
	all := map[string]any{"card": carelessly(card), "card alone": card}
	for name, text := range spellings(t, dynamic(t), edKey) {
		c, err := newVerifier(t, config()).Verify(context.Background(), text)
		if err != nil {
			t.Fatal(err)
		}
		all[name], all[name+" alone"], all[name+" value"] = carelessly(c), c, *c
	}
	for name, text := range spellings(t, presented(t, "verified", licence(t)), edKey) {
		c, err := newVerifier(t, inspection()).Verify(context.Background(), text)
		if err != nil {
			t.Fatal(err)
		}
		all[name+" licence"], all[name+" licence alone"] = carelessly(c), c
	}
	for name, v := range all {
		for how, text := range printings(v) {
			if secret := told(text); secret != "" {
				t.Errorf("%s under %s tells %q: %s", name, how, secret, text)
			}
		}
	}
	// The detector finds them where they are shown on purpose.
	if told(fmt.Sprintf("%+v", card.Reveal())) == "" || told(fmt.Sprintf("%x", "Phương")) == "" {
		t.Error("the detector detects nothing")
	}
	if got := fmt.Sprint(card); got != "unsigned card text of *********001" {
		t.Errorf("the card prints as %q", got)
	}
}

func TestNothingDecodesIntoACredentialOrACard(t *testing.T) {
	for _, v := range []any{new(qr.Credential), new(qr.Card)} {
		if err := json.Unmarshal([]byte(`{"d":{"level":2},"Citizen":{"ID":"999190000001"}}`), v); err != nil {
			continue
		}
		if c, ok := v.(*qr.Credential); ok && (c.Level() != 0 || !c.Citizen().IsZero()) {
			t.Error("a credential was decoded")
		}
		if c, ok := v.(*qr.Card); ok && c.Reveal().ID != "" {
			t.Error("a card was decoded")
		}
	}
	if _, err := json.Marshal(new(qr.Credential)); err == nil {
		t.Error("a credential was encoded")
	}
	if _, err := json.Marshal(parse(t, card2021)); err == nil {
		t.Error("a card was encoded")
	}
	var need vneid.Assurance
	need.Level = 1
	if (vneid.Assurance{Level: new(qr.Credential).Level()}).Check(need) == nil {
		t.Error("the zero credential satisfies level 1")
	}
}
