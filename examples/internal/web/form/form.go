// Package form is what somebody typed into a page, what is wrong with it, and the text
// that makes a form that is sent twice one form.
package form

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// Form is a form as it was posted. The zero value is an empty one with nothing wrong, and
// so is nil.
type Form struct {
	values url.Values
	errs   map[string]ui.Text
	key    string
}

// Read reads the form of a request. What cannot be read is empty.
func Read(r *http.Request) *Form {
	if r.ParseForm() != nil {
		return &Form{}
	}
	return &Form{values: r.PostForm, key: r.PostForm.Get("key")}
}

// Key names the form: the one that was posted, or a new random one. A page puts it into
// a hidden field of the same name.
func (f *Form) Key() string {
	if f.key == "" {
		f.key = rand.Text()
	}
	return f.key
}

// Renew makes what is posted from now on another form: what was wrong with the old one
// was that.
func (f *Form) Renew() { f.key = "" }

// All is what was chosen in a field that may be chosen more than once.
func (f *Form) All(name string) []string {
	if f == nil {
		return nil
	}
	return f.values[name]
}

// V is what was typed into a field, without blanks around it.
func (f *Form) V(name string) string { return strings.TrimSpace(f.Secret(name)) }

// Secret is what was typed into a field whose blanks count. No page shows it again.
func (f *Form) Secret(name string) string {
	if all := f.All(name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Is reports whether a choice was made.
func (f *Form) Is(name, value string) bool { return f.Secret(name) == value }

// Has reports whether one of several choices was ticked.
func (f *Form) Has(name, value string) bool { return slices.Contains(f.All(name), value) }

// E says what is wrong with a field; nil for nothing.
func (f *Form) E(name string) *ui.Text {
	if !f.Bad() {
		return nil
	}
	if t, ok := f.errs[name]; ok {
		return &t
	}
	return nil
}

// Bad reports whether anything is wrong.
func (f *Form) Bad() bool { return f != nil && len(f.errs) > 0 }

// Wrong says what is wrong with a field. What was said of it first stays.
func (f *Form) Wrong(name, vi, en string) {
	if f.errs == nil {
		f.errs = map[string]ui.Text{}
	}
	if _, was := f.errs[name]; !was {
		f.errs[name] = ui.Text{Vi: vi, En: en}
	}
}

// Status is what a page with the form answers.
func (f *Form) Status() int {
	if f.Bad() {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// Done is what a page can say after a form. It stands in a table, so that no address can
// put words into a page.
type Done map[string]ui.Text

// Said is what the address asks the page to say; nil for nothing.
func (d Done) Said(r *http.Request) *ui.Text {
	if t, ok := d[r.URL.Query().Get("done")]; ok {
		return &t
	}
	return nil
}

// Lead leads from a form to a page that says what was done.
func Lead(w http.ResponseWriter, r *http.Request, page, done string) {
	http.Redirect(w, r, page+"?done="+done, http.StatusSeeOther)
}
