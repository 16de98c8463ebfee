package form

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAFormKeepsWhatWasTypedAndWhatIsWrong(t *testing.T) {
	r := httptest.NewRequest("POST", "/?a=query", strings.NewReader("a=+x+&b=1&key=K"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f := Read(r)
	if f.V("a") != "x" || !f.Is("b", "1") || f.Is("b", "2") || f.Key() != "K" || f.Bad() || f.Status() != http.StatusOK {
		t.Errorf("%+v", f)
	}
	f.Wrong("a", "một", "one")
	f.Wrong("a", "hai", "two")
	if f.E("a").En != "one" || f.E("b") != nil || !f.Bad() || f.Status() != http.StatusUnprocessableEntity {
		t.Errorf("%+v", f)
	}
}

func TestANewFormHasAKeyOfItsOwn(t *testing.T) {
	a, b := new(Form), new(Form)
	first := a.Key()
	if len(first) < 22 || a.Key() != first || b.Key() == first || a.V("x") != "" {
		t.Error(first, a.Key(), b.Key())
	}
}

func TestNoFormIsAnEmptyOne(t *testing.T) {
	var f *Form
	if f.V("a") != "" || f.Secret("a") != "" || f.Is("a", "x") || f.Has("a", "") || f.All("a") != nil || f.E("a") != nil || f.Bad() || f.Status() != http.StatusOK {
		t.Error("nil is no empty form")
	}
}

func TestBlanksOfASecretCount(t *testing.T) {
	r := httptest.NewRequest("POST", "/", strings.NewReader("password=+x+&to=a&to=b"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f := Read(r)
	if f.Secret("password") != " x " || f.V("password") != "x" {
		t.Errorf("%q", f.Secret("password"))
	}
	if !f.Has("to", "b") || f.Has("to", "c") || len(f.All("to")) != 2 {
		t.Errorf("%v", f.All("to"))
	}
}

func TestAPageSaysWhatItsTableHas(t *testing.T) {
	d := Done{"saved": {Vi: "Đã lưu", En: "Saved"}}
	w := httptest.NewRecorder()
	Lead(w, httptest.NewRequest("POST", "/", nil), "/page", "saved")
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "/page?done=saved" {
		t.Errorf("%d to %s", w.Code, to)
	} else if said := d.Said(httptest.NewRequest("GET", to, nil)); said == nil || said.En != "Saved" {
		t.Errorf("%v", said)
	}
	if said := d.Said(httptest.NewRequest("GET", "/page?done=%3Cb%3E", nil)); said != nil {
		t.Errorf("an address puts %v into the page", said)
	}
}
