package citizen

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// facts words the claims of a document, in their order. It knows no kind: a claim that is
// new is shown under its own name.
func facts(claims json.RawMessage) (out []field) {
	o, err := jws.ParseObject(string(claims))
	if err != nil {
		return nil
	}
	for _, name := range o.Names() {
		vi, en := paper.Label(name)
		if v := worded(json.RawMessage(o.Raw(name))); v != "" {
			out = append(out, field{ui.Text{Vi: vi, En: en}, v})
		}
	}
	return out
}

// worded writes a value as a line. Documents are in Vietnamese, so their values are.
func worded(raw json.RawMessage) string {
	var v any
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return ""
	}
	return line(v)
}

func line(v any) string {
	switch v := v.(type) {
	case string:
		return printed(v)
	case bool:
		if v {
			return "Có"
		}
		return "Không"
	case json.Number:
		return v.String()
	case []any:
		var parts []string
		for _, one := range v {
			parts = append(parts, line(one))
		}
		return strings.Join(parts, "; ")
	case map[string]any:
		if text, ok := v["text"].(string); ok { // an address
			return text
		}
		var parts []string
		for _, key := range order(v) {
			parts = append(parts, line(v[key]))
		}
		return strings.Join(parts, ", ")
	}
	return ""
}

// order puts names before numbers, and what is left by its name.
func order(v map[string]any) (keys []string) {
	first := []string{"name", "relation", "class", "number", "id", "from", "to"}
	for _, k := range first {
		if _, ok := v[k]; ok {
			keys = append(keys, k)
		}
	}
	var rest []string
	for k := range v {
		if !slices.Contains(first, k) {
			rest = append(rest, k)
		}
	}
	slices.Sort(rest)
	return append(keys, rest...)
}

// printed writes dates and codes as Vietnamese documents print them.
func printed(s string) string {
	if w, ok := map[string]string{"male": "Nam", "female": "Nữ", "VNM": "Việt Nam", "citizen-card": "Thẻ căn cước", "old-card": "CMND", "white": "Trắng", "yellow": "Vàng", "blue": "Xanh", "red": "Đỏ"}[s]; ok {
		return w
	}
	if len(s) >= 7 && s[4] == '-' {
		if d, err := vneid.ParseDate(s); err == nil {
			return d.Printed()
		}
	}
	return s
}
