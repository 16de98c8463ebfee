package share

import (
	"bytes"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// The canaries: long enough that no address printed in their place looks like a part of
// them.
var canaries = []string{"999190123456", "Chim Hoàng Yến", "ledger-of-the-canary"}

// leak returns what of the canaries a text gives away: six bytes in a row, plain, in
// hexadecimal or as numbers.
func leak(text string) string {
	for _, c := range canaries {
		for i := 0; i+6 <= len(c); i++ {
			part := c[i : i+6]
			for _, form := range []string{part, hex.EncodeToString([]byte(part)), strings.ToUpper(hex.EncodeToString([]byte(part))), strings.Trim(fmt.Sprint([]byte(part)), "[]"), b64([]byte(part))} {
				if strings.Contains(text, form) {
					return form
				}
			}
		}
	}
	return ""
}

func secrets(t testing.TB) (Records, Document, Report) {
	w := newWorld()
	s, want := w.answer(), expect()
	s.papers[0].hidden["name"], s.papers[0].hidden["id"], s.papers[1].hidden["name"] = canaries[1], canaries[0], canaries[1]
	s.envelope["sub"], s.receipt["sub"] = canaries[2], canaries[2]
	for _, p := range s.papers {
		p.open["sub"] = canaries[2]
	}
	r, err := verify(w.verifier(), s, want)
	if err != nil {
		t.Fatal(err)
	}
	e, err := r.Evidence()
	if err != nil {
		t.Fatal(err)
	}
	report, err := w.verifier().Evidence(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	d, _ := r.Get(document.Identity)
	return r, d, report
}

// within is a struct of some other package, with secrets in every position.
type within[T comparable] struct {
	plain  T
	Public T
	ptr    *T
	slice  []T
	Array  [2]T
	keys   map[T]int
	Values map[string]T
	any    any
	Nested struct{ inner T }
}

func forms[T comparable](v T) map[string]any {
	h := within[T]{plain: v, Public: v, ptr: &v, slice: []T{v}, Array: [2]T{v, v}, keys: map[T]int{v: 1}, Values: map[string]T{"x": v}, any: v}
	h.Nested.inner = v
	p := &v
	return map[string]any{
		"value": v, "pointer": &v, "pointer to pointer": &p, "slice": []T{v}, "map key": map[T]string{v: "x"}, "map value": map[string]T{"x": v},
		"any": []any{v, &v}, "struct": h, "pointer to struct": &h, "error": fmt.Errorf("with %v and %q", v, fmt.Sprint(v)),
	}
}

func everything(t testing.TB) map[string]map[string]any {
	r, d, report := secrets(t)
	return map[string]map[string]any{"Records": forms(r), "Document": forms(d), "Report": forms(report)}
}

func TestTheLeakDetectorDetects(t *testing.T) {
	r, d, report := secrets(t)
	claims, _ := report.Claims(document.Identity)
	for _, text := range []string{r.Subject(), r.Citizen().Reveal().Name, string(claims), fmt.Sprintf("%x", r.Subject()), fmt.Sprint([]byte(canaries[0]))} {
		if leak(text) == "" {
			t.Errorf("%q passes", text)
		}
	}
	if raw, _ := d.Claim("name"); leak(string(raw)) == "" {
		t.Error("a claim that was asked for is not there")
	}
}

func TestNothingPrintsAnAnswer(t *testing.T) {
	verbs := []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "% x", "%q", "%+q", "%d", "%t", "%p", "%T", "%o", "%c", "%U", "%b", "%e", "%20s", "%.3s", "%!", "%z"}
	for typ, values := range everything(t) {
		for form, v := range values {
			for _, verb := range verbs {
				if found := leak(fmt.Sprintf(verb, v)); found != "" {
					t.Errorf("%s as %s: %s prints %q", typ, form, verb, found)
				}
			}
			var out bytes.Buffer
			for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
				slog.New(h).With("value", v).Info("message", "value", v, slog.Group("group", "value", v))
			}
			if found := leak(out.String() + fmt.Sprint(v)); found != "" || out.Len() == 0 {
				t.Errorf("%s as %s: slog writes %q", typ, form, found)
			}
		}
	}
}

func TestNothingEncodesAnAnswer(t *testing.T) {
	encoders := map[string]func(any) ([]byte, error){
		"json": json.Marshal, "xml": xml.Marshal,
		"gob": func(v any) ([]byte, error) {
			var out bytes.Buffer
			err := gob.NewEncoder(&out).Encode(v)
			return out.Bytes(), err
		},
	}
	for typ, values := range everything(t) {
		for name, encode := range encoders {
			for form, v := range values {
				out, err := encode(v)
				if found := leak(string(out) + fmt.Sprint(err)); found != "" {
					t.Errorf("%s as %s: %s gives %q", typ, form, name, found)
				}
			}
			if _, err := encode(values["value"]); err == nil {
				t.Errorf("%s: %s encodes it", typ, name)
			}
		}
	}
}

func TestNothingDecodesIntoAnAnswer(t *testing.T) {
	for _, text := range []string{`{}`, `{"a":{}}`, `{"Subject":"s"}`} {
		var r Records
		var d Document
		var report Report
		for _, v := range []any{&r, &d, &report} {
			_ = json.Unmarshal([]byte(text), v)
		}
		if !r.IsZero() || !d.IsZero() || !report.IsZero() {
			t.Errorf("%s made something", text)
		}
	}
	if (Records{}).Check(vneid.Assurance{}) == nil || !(Records{}).Citizen().IsZero() || len((Records{}).Documents()) != 0 {
		t.Error("the zero Records satisfy something")
	}
}

// A panic prints its value past fmt; only a process that dies shows how.
func TestNoPanicShowsAnAnswer(t *testing.T) {
	if which := os.Getenv("VNEID_SHARE_PANIC"); which != "" {
		r, d, report := secrets(t)
		panic(map[string]any{"records": r, "document": d, "report": report, "struct": within[Records]{plain: r}, "reveal": r.Subject()}[which])
	}
	for _, which := range []string{"records", "document", "report", "struct", "reveal"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestNoPanicShowsAnAnswer$")
		cmd.Env = append(os.Environ(), "VNEID_SHARE_PANIC="+which)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "panic") {
			t.Fatalf("%s: the process did not panic: %s", which, out)
		}
		if found := leak(string(out)); (found != "") != (which == "reveal") {
			t.Errorf("%s: the panic shows %q", which, found)
		}
	}
}

// A Verifier holds private keys.
func TestAVerifierPrintsNoKeys(t *testing.T) {
	own := newKey("enc-1")
	v := newWorld().verifier()
	v.Decrypt = []DecryptKey{{"enc-1", own.priv}}
	d := own.priv.D
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb, v.Decrypt, &v.Decrypt[0])
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "key", v.Decrypt[0])
	if strings.Contains(out.String(), d.String()) || strings.Contains(out.String(), d.Text(16)) {
		t.Error("a key is printed")
	}
	if _, err := json.Marshal(v.Decrypt[0]); err == nil {
		t.Error("a key is encoded")
	}
}
