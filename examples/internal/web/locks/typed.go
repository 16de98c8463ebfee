package locks

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// The forms of a file.
const (
	formPlace   = "place"
	formRequest = "request"
	formButton  = "button" // one with nothing to type
)

// typed is what somebody typed into a form of a file, and what is wrong with it.
type typed struct {
	form    string
	problem *ui.Text
	field   string // where the problem is

	Ground                         platform.Ground
	Locks                          platform.Locks
	Reason, Body, Reference, Until string
}

func read(r *http.Request, form string) typed {
	v := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	t := typed{form: form, Ground: platform.Ground(v("ground")), Reason: v("reason"), Body: v("body"), Reference: v("reference"), Until: v("until")}
	for _, lock := range r.PostForm["lock"] {
		t.Locks.EID, t.Locks.Account = t.Locks.EID || lock == "eid", t.Locks.Account || lock == "account"
	}
	return t
}

// At is what is wrong with a field; nil for nothing.
func (t typed) At(field string) *ui.Text {
	if t.field == field {
		return t.problem
	}
	return nil
}

// end is the end of the day that was typed; zero for none.
func (t typed) end() (time.Time, error) {
	if t.Until == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, t.Until, time.FixedZone("UTC+7", 7*60*60))
	end := day.AddDate(0, 0, 1)
	if err != nil || end.Year() > 9999 { // which no record can hold
		return end, platform.ErrTerm
	}
	return end, nil
}

// back answers a form: it leads on, or shows the file with what was wrong at its field.
func (d *desk) back(w http.ResponseWriter, r *http.Request, by platform.Staff, t typed, to string, err error) {
	why := refusals.Of(err)
	switch {
	case err == nil:
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	case errors.Is(err, platform.ErrNoLock):
		t.field = "lock"
	case errors.Is(err, platform.ErrTerm):
		t.field = "until"
	case errors.Is(err, platform.ErrText):
		t.field = "text"
	case why.Status == http.StatusConflict:
		t.form = formButton
	default:
		d.Fail(w, r, err)
		return
	}
	t.problem = &why.Text
	d.show(w, r, by, why.Status, t)
}
