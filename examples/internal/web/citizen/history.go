package citizen

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// read is an entry of the usage history on a page.
type read struct {
	Name string
	At   time.Time
	Text ui.Text
}

func reads(history []platform.Read) []read {
	var list []read
	for _, h := range history {
		t := words.Of(words.Reads, h.Kind)
		if h.Share != nil {
			t = withDocuments(t, h.Share)
		}
		list = append(list, read{h.Name, h.At, t})
	}
	return list
}

// withDocuments says which documents were given out.
func withDocuments(t ui.Text, given *platform.ReadDocuments) ui.Text {
	var vi, en []string
	for _, kind := range slices.Sorted(maps.Keys(given.Documents)) {
		v, e := document.Kind(kind).Label()
		vi, en = append(vi, v), append(en, e)
	}
	if vi == nil {
		return t
	}
	return ui.Text{Vi: t.Vi + ": " + strings.Join(vi, ", "), En: t.En + ": " + strings.Join(en, ", ")}
}
