package ui

import (
	"html/template"
	"time"

	"github.com/vneid-sdk/vneid-go/qr/qrimage"
)

// Code is a QR code on a page, which the part "code" draws with the banner and the
// time that is left:
//
//	{{template "code" .Dynamic}}
type Code struct {
	ID    string        // the element's; letters, digits and hyphens
	SVG   template.HTML // drawn by qrimage: no text from outside is in it
	Text  string        // offered to copy; may be empty
	Words Text          // under the code, such as "Dùng một lần."; may be empty
	Big   string        // a number to compare or type, after the words; may be empty
	Until time.Time
	Life  int  // seconds of its whole life, for a bar that runs out; 0: no bar
	Fresh bool // the page, loaded again, shows a newer one

	// Watch is an address that answers "waiting" until the code was used, when the page
	// goes on by being loaded again; may be empty.
	Watch string
}

// Draw makes a Code of a text.
func Draw(id, text string, until time.Time) (Code, error) {
	symbol, err := qrimage.Draw(text, 0)
	if err != nil {
		return Code{}, err
	}
	return Code{ID: id, SVG: template.HTML(symbol.SVG()), Text: text, Until: until}, nil
}
