package vneid_test

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
	"text/template"

	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// The canaries: long enough that no address printed in their place looks like a
// part of them.
const (
	canaryID   = "999190123456"
	canaryOld  = "987654321"
	canaryName = "Nguyễn Thị Chim Hoàng Yến"
)

func canaries(t testing.TB) (vneid.CitizenID, vneid.OldID, vneid.Citizen) {
	t.Helper()
	id, err := vneid.ParseCitizenID(canaryID)
	if err != nil {
		t.Fatal(err)
	}
	old, err := vneid.ParseOldID(canaryOld)
	if err != nil {
		t.Fatal(err)
	}
	return id, old, vneid.NewCitizen(vneid.Record{ID: canaryID, OldID: canaryOld, Name: canaryName}, seal.Own())
}

// leak returns what of the canaries text gives away: six digits or letters in a
// row, plain or in hexadecimal.
func leak(text string) string {
	for _, canary := range []string{canaryID, canaryOld, canaryName} {
		for i := 0; i+6 <= len(canary); i++ {
			part := canary[i : i+6]
			for _, form := range []string{part, hex.EncodeToString([]byte(part)), strings.ToUpper(hex.EncodeToString([]byte(part))), strings.Trim(fmt.Sprint([]byte(part)), "[]")} {
				if strings.Contains(text, form) {
					return form
				}
			}
		}
	}
	return ""
}

func TestTheLeakDetectorDetects(t *testing.T) {
	for _, text := range []string{"x" + canaryID, "190123", fmt.Sprintf("%x", canaryOld), fmt.Sprintf("%X", canaryName), fmt.Sprint([]byte(canaryID)), `"Chim Hoàng"`} {
		if leak(text) == "" {
			t.Errorf("%q passes", text)
		}
	}
	if found := leak("citizen *********456 and ******321"); found != "" {
		t.Errorf("the mask is taken for a leak: %q", found)
	}
}

// holder is a struct of some other package, with secrets in every position.
type holder[T comparable] struct {
	plain   T
	Public  T
	ptr     *T
	slice   []T
	Array   [2]T
	keys    map[T]int
	Keys    map[T]int
	any     any
	Nested  struct{ inner T }
	stringy fmt.Stringer
	Chan    chan T `json:"-" xml:"-"`
}

func hold[T comparable](v T) holder[T] {
	h := holder[T]{plain: v, Public: v, ptr: &v, slice: []T{v}, Array: [2]T{v, v}, keys: map[T]int{v: 1}, Keys: map[T]int{v: 1}, any: v}
	h.Nested.inner = v
	h.stringy, _ = any(v).(fmt.Stringer)
	return h
}

func forms[T comparable](v T) map[string]any {
	h, p := hold(v), &v
	return map[string]any{
		"value": v, "pointer": &v, "pointer to pointer": &p, "slice": []T{v}, "array": [1]T{v}, "map key": map[T]string{v: "x"},
		"map value": map[string]T{"x": v}, "any": []any{v, &v}, "struct": h, "pointer to struct": &h, "slice of structs": []holder[T]{h},
		"anonymous struct": struct{ v T }{v}, "error": fmt.Errorf("with %v and %q", v, fmt.Sprint(v)),
	}
}

func allForms(t *testing.T) map[string]map[string]any {
	id, old, citizen := canaries(t)
	return map[string]map[string]any{"CitizenID": forms(id), "OldID": forms(old), "Citizen": forms(citizen)}
}

func TestNothingPrintsANumber(t *testing.T) {
	verbs := []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "% x", "%q", "%+q", "%d", "%t", "%p", "%T", "%o", "%c", "%U", "%b", "%e", "%20s", "%.3s", "%!", "%z"}
	for typ, values := range allForms(t) {
		for form, v := range values {
			for _, verb := range verbs {
				if found := leak(fmt.Sprintf(verb, v)); found != "" {
					t.Errorf("%s as %s: %s prints %q", typ, form, verb, found)
				}
			}
			if found := leak(fmt.Sprint(v) + fmt.Sprintln(v)); found != "" {
				t.Errorf("%s as %s: Sprint prints %q", typ, form, found)
			}
			var out bytes.Buffer
			if err := template.Must(template.New("").Parse(`{{.}} {{printf "%v" .}}`)).Execute(&out, v); err == nil && leak(out.String()) != "" {
				t.Errorf("%s as %s: a template prints %q", typ, form, leak(out.String()))
			}
		}
	}
}

func TestNothingLogsANumber(t *testing.T) {
	for typ, values := range allForms(t) {
		for form, v := range values {
			var out bytes.Buffer
			for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
				log := slog.New(h)
				log.Info("message", "value", v, slog.Group("group", "value", v))
				log.With("value", v).Info("message")
			}
			if found := leak(out.String()); found != "" || out.Len() == 0 {
				t.Errorf("%s as %s: slog writes %q", typ, form, found)
			}
		}
	}
}

func TestNothingEncodesANumber(t *testing.T) {
	encoders := map[string]func(any) ([]byte, error){
		"json": json.Marshal,
		"xml":  xml.Marshal,
		"gob": func(v any) ([]byte, error) {
			var out bytes.Buffer
			err := gob.NewEncoder(&out).Encode(v)
			return out.Bytes(), err
		},
	}
	for typ, values := range allForms(t) {
		for name, encode := range encoders {
			for form, v := range values {
				out, err := encode(v)
				if found := leak(string(out) + fmt.Sprint(err)); found != "" {
					t.Errorf("%s as %s: %s gives %q", typ, form, name, found)
				}
			}
			if _, err := encode(values["value"]); err == nil {
				t.Errorf("%s: %s encodes it as something that is not it", typ, name)
			}
		}
		for _, form := range []string{"value", "pointer", "slice", "map key", "map value", "struct"} {
			if _, err := json.Marshal(values[form]); err == nil || !strings.Contains(err.Error(), "Reveal()") {
				t.Errorf("%s as %s: the JSON error does not name Reveal(): %v", typ, form, err)
			}
		}
	}
}

// A panic prints its value past fmt; only a process that dies shows how.
func TestNoPanicShowsANumber(t *testing.T) {
	if which := os.Getenv("VNEID_PANIC_WITH"); which != "" {
		id, old, citizen := canaries(t)
		panic(map[string]any{
			"id": id, "old": old, "citizen": citizen, "pointer": &citizen, "struct": hold(id), "error": fmt.Errorf("about %v", id),
			"reveal": canaryID, // the detector's own proof
		}[which])
	}
	for _, which := range []string{"id", "old", "citizen", "pointer", "struct", "error", "reveal"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestNoPanicShowsANumber$")
		cmd.Env = append(os.Environ(), "VNEID_PANIC_WITH="+which)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "panic") {
			t.Fatalf("%s: the process did not panic: %s", which, out)
		}
		if found := leak(string(out)); (found != "") != (which == "reveal") {
			t.Errorf("%s: the panic shows %q", which, found)
		}
	}
}

func TestARecordIsNotLogged(t *testing.T) {
	_, _, citizen := canaries(t)
	r := citizen.Reveal()
	var out bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("m", "record", r, "pointer", &r)
	}
	if found := leak(out.String()); found != "" || !strings.Contains(out.String(), "record") {
		t.Errorf("slog writes %q", found)
	}
	// The limit that Record documents: slog asks the logged value, not what it holds.
	for name, v := range map[string]any{"slice": []vneid.Record{r}, "struct": struct{ R vneid.Record }{r}} {
		out.Reset()
		slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "value", v)
		if leak(out.String()) == "" {
			t.Errorf("a record in a %s is hidden: then Record's comment is wrong", name)
		}
	}
	text, err := json.Marshal(r)
	if err != nil || leak(string(text)) == "" {
		t.Errorf("but it is there to be stored: %s, %v", text, err)
	}
}
