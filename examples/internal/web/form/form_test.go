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
