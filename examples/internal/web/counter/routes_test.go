package counter

import (
	"net/url"
	"path"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// TestNoStepOfACaseIsDoneByAnotherUnit tries every step that there is at every station of
// a case, by officers of other units, by the agency, by the staff of a relying party and by
// nobody, with the form that its own officer would send.
func TestNoStepOfACaseIsDoneByAnotherUnit(t *testing.T) {
	o := open(t)
	own := o.as("can-bo-phuong")
	page, at := own.receive(platform.CaseCitizen, "level1")
	strangers := map[string]int{"can-bo-xa": 404, "can-bo-tinh": 404, "can-bo-huyen": 404, "can-bo-dac-khu": 404, "can-bo-xnc": 404, "co-quan": 403, "nhan-vien-portal": 403, "": 0}
	browsers := map[string]*browser{}
	for id := range strangers {
		if browsers[id] = o.browser(); id != "" {
			browsers[id] = o.as(id)
		}
	}
	by := platform.Staff{ID: "can-bo-phuong", Unit: "ca-phuong-mau", Role: platform.RoleOfficer}
	look := func() platform.Case {
		c, err := o.Case(t.Context(), by, path.Base(at))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	acts := new(desk).acts()
	try := func(station string) {
		t.Helper()
		before := look()
		for step := range acts {
			for id, want := range strangers {
				form := url.Values{"key": {station + step + id}, "rev": {strconv.Itoa(before.Rev)}, "phone": {"0000000199"}, "card": {cardOwn}, "kind": {"driver-licence"}, "number": {"999000000002"},
					"decision": {"accept"}, "face": {"match"}, "finger": {"match"}, "agree": {"yes"}, "reason": {"no-match"}, "note": {"x"}}
				res, text := browsers[id].Post(at+"/"+step, form)
				if want == 0 && res.Request.URL.Path != "/staff/login" || want != 0 && res.StatusCode != want || strings.Contains(text, "Trần Thị Bình") {
					t.Errorf("%s: %s by %q: %d at %s", station, step, id, res.StatusCode, res.Request.URL)
				}
			}
			if after := look(); !reflect.DeepEqual(before, after) {
				t.Fatalf("%s: %s by somebody else changed the case: %+v", station, step, after)
			}
		}
	}
	try("received")
	for _, step := range [][]string{stepContact, stepChip, {"paper", "kind", "driver-licence", "number", "999000000002"},
		{"papers", "kind", "driver-licence", "decision", "accept"}, stepCompared, stepAgreed, stepSubmit} {
		page = own.steps(page, at, step)
	}
	try("submitted")
	own.steps(page, at, stepGrant)
	try("granted")
}
