package platform

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"go/types"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas/wallet"
	"github.com/vneid-sdk/vneid-go/internal/record"
	"github.com/vneid-sdk/vneid-go/internal/registers"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// stored is every type of record that the platform writes and reads.
var stored = []any{
	Account{}, Application{}, Case{}, Client{}, Device{}, Hold{}, LockGround{}, LockRequest{}, Message{}, Notification{}, Organisation{},
	Paper{}, Prompt{}, Read{}, Ticket{}, Tombstone{}, answered{}, aside{}, ask{}, code{}, consent{}, event{}, filed{}, grant{}, interaction{},
	issued{}, keyRow{}, labClock{}, loggedIn{}, notice{}, password{}, pendingContact{}, place{}, pointed{}, pushed{}, refresh{},
	registers.Entry{}, relation{}, serviceToken{}, session{}, sharing{}, staffRow{}, staffSession{}, stay{}, token{}, tries{},
	wallet.Health{}, sdjwt.Status(0), "", 0,
	// What the audit says.
	auditRegistration{}, auditShare{}, auditUse{}, auditKeyStep{}, auditLoaded{}, auditHold{}, auditTicketStep{}, auditPaper{},
}

// writer fills values. A whole one leaves nothing empty, so that nothing that is omitted
// hides; any other holds what is at the edges: nothing, nil, texts that need escaping.
type writer struct {
	*rand.Rand
	whole bool
}

var (
	goodTexts = []string{"Nguyễn Thị Ơn", "Ê-đê “Kđăm” 😀", "<b>&amp;'", "a\"b\\c/", "line\nfeed\ttab\x00\x1f\x7f", "\u2028\u2029\ufeff\ufffd", strings.Repeat("Đ", 300)}
	edgeTexts = append([]string{"", " ", "null", "{", `]}"`, "broken \xff\xc3"}, goodTexts...)
	goodDates = []string{"1990-02-14", "2028-02-29", "1954", "1975-10", "Không thời hạn"}
	goodTimes = []time.Time{
		time.Unix(0, 1).UTC(), time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC),
	}
	edgeTimes = append([]time.Time{{}, time.Date(2026, 2, 28, 23, 59, 59, 120_000_000, vietnam)}, goodTimes...)
)

func (w writer) pick(whole, edge []string) string {
	if w.whole {
		edge = whole
	}
	return edge[w.IntN(len(edge))]
}

// special fills the types that have a form of their own.
func (w writer) special(t *testing.T, v reflect.Value) bool {
	switch to := v.Addr().Interface().(type) {
	case *time.Time:
		if *to = goodTimes[w.IntN(len(goodTimes))]; !w.whole {
			*to = edgeTimes[w.IntN(len(edgeTimes))]
		}
	case *vneid.Date:
		text := w.pick(goodDates, append([]string{""}, goodDates...))
		d, err := vneid.ParseDate(text)
		if err != nil && text != "" {
			t.Fatal(err)
		}
		*to = d
	case *json.RawMessage:
		*to = json.RawMessage(`{"a":["Đ",null,1e3,{"b":"\u0041"}]}`)
		if !w.whole && w.IntN(2) == 0 {
			*to = nil
		}
	case *[]byte:
		*to = []byte(w.pick(goodTexts, edgeTexts))
	default:
		return false
	}
	return true
}

// fill writes into v; pointers and lists end at some depth, since types contain themselves.
func (w writer) fill(t *testing.T, v reflect.Value, depth int) {
	t.Helper()
	if w.special(t, v) {
		return
	}
	some := 1 + w.IntN(3)
	if !w.whole {
		some = w.IntN(3)
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(w.pick(goodTexts, edgeTexts))
	case reflect.Bool:
		v.SetBool(w.whole || w.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		spare := 64 - v.Type().Bits()
		v.SetInt([]int64{1, -1, math.MaxInt64 >> spare, math.MinInt64 >> spare}[w.IntN(4)])
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint([]uint64{1, math.MaxUint64 >> (64 - v.Type().Bits())}[w.IntN(2)])
	case reflect.Pointer:
		if depth < 6 && some > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			w.fill(t, v.Elem(), depth+1)
		}
	case reflect.Slice:
		if !w.whole && some == 0 && w.IntN(2) == 0 || depth >= 6 {
			return // nil
		}
		v.Set(reflect.MakeSlice(v.Type(), some, some))
		for i := range some {
			w.fill(t, v.Index(i), depth+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range some {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			writer{w.Rand, true}.fill(t, key, depth+1)
			w.fill(t, value, depth+1)
			v.SetMapIndex(key, value)
		}
	case reflect.Array:
		for i := range v.Len() {
			w.fill(t, v.Index(i), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				w.fill(t, v.Field(i), depth+1)
			}
		}
	case reflect.Interface:
		// Nothing that is stored has one but the body of an audit entry, which has a row of its own.
	default:
		t.Fatalf("a %v is stored, and the test cannot fill it", v.Type())
	}
}

func TestEveryRecordComesBackAsItWas(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, zero := range stored {
		of := reflect.TypeOf(zero)
		for n := range 200 {
			in := reflect.New(of)
			w := writer{r, n%2 == 0}
			w.fill(t, in.Elem(), 0)
			ours, err := record.Encode(in.Interface())
			if err != nil {
				t.Fatalf("%v: %v", of, err)
			}
			theirs, err := json.Marshal(in.Interface())
			if err != nil {
				t.Fatalf("%v: %v", of, err)
			}
			want, got, cross, back := reflect.New(of).Interface(), reflect.New(of).Interface(), reflect.New(of).Interface(), reflect.New(of).Interface()
			if json.Unmarshal(theirs, want) != nil || record.Decode(ours, got) != nil || record.Decode(theirs, cross) != nil || json.Unmarshal(ours, back) != nil {
				t.Fatalf("%v: what was written is not read:\n%s", of, ours)
			}
			if w.whole && !reflect.DeepEqual(got, in.Interface()) {
				t.Fatalf("%v:\n%#v came back as\n%#v", of, in.Elem(), got)
			}
			for name, one := range map[string]any{"by record alone": got, "written by encoding/json": cross, "read by encoding/json": back} {
				if !reflect.DeepEqual(one, want) {
					t.Fatalf("%v, %s:\n%s\nis not\n%s", of, name, ours, theirs)
				}
			}
		}
	}
}

// What is behind a record, cut off or of another sort is refused; a member that nobody
// knows, of a later version, is passed over.
func TestADamagedRecordIsRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, zero := range stored {
		of := reflect.TypeOf(zero)
		in := reflect.New(of)
		writer{r, true}.fill(t, in.Elem(), 0)
		good, err := record.Encode(in.Interface())
		if err != nil || record.Decode(good, reflect.New(of).Interface()) != nil {
			t.Fatalf("%v: the twin is not read: %v", of, err)
		}
		bad := map[string]string{"a second value behind it": string(good) + "{}", "a letter behind it": string(good) + "x", "nothing": "", "another sort": `[[{}]]`}
		if of.Kind() == reflect.Struct {
			bad["cut off"] = string(good[:len(good)-1])
			later := `{"a member of a later version":[{"x":1}],` + string(good[1:])
			got := reflect.New(of).Interface()
			if err := record.Decode([]byte(later), got); err != nil || !reflect.DeepEqual(got, in.Interface()) {
				t.Errorf("%v: a record of a later version: %v", of, err)
			}
		}
		for name, text := range bad {
			if record.Decode([]byte(text), reflect.New(of).Interface()) == nil {
				t.Errorf("%v: %s is read", of, name)
			}
		}
	}
}

// A type that load or list reads, and stored lacks, would go untested.
func TestEveryTypeThatIsReadStandsInTheList(t *testing.T) {
	listed := map[string]bool{"T": true, "Notification": true} // which servicewire calls so too
	for _, zero := range stored {
		listed[strings.TrimPrefix(reflect.TypeOf(zero).String(), "platform.")] = true
	}
	names, err := filepath.Glob("*.go")
	if err != nil || len(names) == 0 {
		t.Fatal(err)
	}
	found := 0
	for _, name := range slices.DeleteFunc(names, func(n string) bool { return strings.HasSuffix(n, "_test.go") }) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(gotoken.NewFileSet(), name, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			of, ok := n.(*ast.IndexExpr)
			if !ok {
				return true
			}
			if by, ok := of.X.(*ast.Ident); ok && (by.Name == "load" || by.Name == "list") {
				kind := types.ExprString(of.Index)
				if _, isIndex := of.Index.(*ast.BasicLit); isIndex || kind == "i" {
					return true // a list that is called list
				}
				if found++; !listed[kind] {
					t.Errorf("%s: %s[%s] is not in stored", name, by.Name, kind)
				}
			}
			return true
		})
	}
	if found < 100 {
		t.Errorf("%d places that read records", found)
	}
}
