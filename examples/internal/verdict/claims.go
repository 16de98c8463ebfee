package verdict

import (
	"fmt"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// Kind is what a kind of document is called.
func Kind(kind document.Kind) ui.Text {
	vi, en := kind.Label()
	return ui.Text{Vi: vi, En: en}
}

// Claim is what a claim of a document, or a question about one, is called.
func Claim(name string) ui.Text {
	q, ok := document.ParsePredicate(name)
	switch {
	case !ok:
		vi, en := paper.Label(name)
		return ui.Text{Vi: vi, En: en}
	case q.Years() > 0:
		return ui.Text{Vi: fmt.Sprintf("Đã đủ %d tuổi", q.Years()), En: fmt.Sprintf("%d years or older", q.Years())}
	}
	return ui.Text{Vi: "Được lái xe hạng " + string(q.Class()), En: "May drive class " + string(q.Class())}
}
