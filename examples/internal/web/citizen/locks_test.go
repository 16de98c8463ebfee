package citizen_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

func tk03(what ...string) url.Values {
	return url.Values{"lock": what, "agree": {"yes"}, "password": {personas.Password}, "reason": {"Mất điện thoại"}}
}

// A locked electronic identity card hides codes and documents at once, and its holder opens
// it again, with a stronger login than the one that closed it.
func TestLockingTheCardHidesWhatIsOnIt(t *testing.T) {
	h := open(t)
	v := h.logIn("level2", 1)
	if _, page := v.Get("/me"); strings.Count(page, "<svg") < 3 || !strings.Contains(page, "Mã QR căn cước") {
		t.Fatal("no codes before")
	}
	res, page := v.Post("/me/locks", tk03("eid"))
	if res.Request.URL.RequestURI() != "/me/locks?done=locked" || !strings.Contains(page, "Chủ thể yêu cầu khóa") || !strings.Contains(page, "Mất điện thoại") || !strings.Contains(page, "TK03") {
		t.Fatalf("%s: %s", res.Request.URL, page)
	}
	_, home := v.Get("/me")
	if strings.Count(home, `<figure class="code"`) != 1 || strings.Contains(home, "idcard") || !strings.Contains(home, "/me/locks") {
		t.Error("the card or its code is on the page")
	}
	for _, path := range []string{"/me/eid", "/me/papers", "/me/residence", "/me/dependants", "/me/health", "/me/filings/judicial"} {
		if res, page := v.Get(path); res.StatusCode != http.StatusForbidden || !strings.Contains(page, "đang bị khóa") || strings.Contains(page, "999090000001") || strings.Contains(page, "VN1:") {
			t.Errorf("%s is shown: %d", path, res.StatusCode)
		}
	}
	for _, path := range []string{"/me/papers/driver-licence", "/me/code/static"} {
		if _, page := v.Get(path); strings.Contains(page, "VN1:") || strings.Contains(page, "<figure") {
			t.Errorf("%s has a code", path)
		}
	}
	if res, _ := v.Post("/me/locks/open", url.Values{"password": {personas.Password}}); !strings.HasPrefix(res.Request.URL.Path, "/interaction/") {
		t.Errorf("a login by password alone opens it: %s", res.Request.URL)
	}
	strong := h.logIn("level2", 3)
	if res, page := strong.Post("/me/locks/open", url.Values{"password": {"wrong"}}); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `aria-invalid="true"`) || !strings.Contains(page, "<title>Lỗi: ") {
		t.Errorf("a wrong password opens it: %d", res.StatusCode)
	}
	if res, _ := strong.Post("/me/locks/open", url.Values{"password": {personas.Password}}); res.Request.URL.RequestURI() != "/me/locks?done=unlocked" {
		t.Errorf("not opened: %s", res.Request.URL)
	}
	if res, _ := v.Get("/me/papers"); res.StatusCode != 200 {
		t.Error("opened, and still hidden")
	}
}

func TestLockingTheAccountEndsEveryLogin(t *testing.T) {
	h := open(t)
	v, elsewhere := h.logIn("level2", 1), h.logIn("level2", 1)
	res, page := v.Post("/me/locks", tk03("account"))
	if res.Request.URL.Path != "/me/locked" || !strings.Contains(page, "Công an xã/phường/đặc khu") {
		t.Fatalf("%s: %s", res.Request.URL, page)
	}
	for _, b := range []*visitor{v, elsewhere} {
		if res, _ := b.Get("/me"); !strings.HasPrefix(res.Request.URL.Path, "/interaction/") {
			t.Errorf("still logged in at %s", res.Request.URL)
		}
	}
	again := h.visitor()
	res, page = again.Get("/login?return=/me")
	who, _ := personas.Get("level2")
	res, page = again.Post(res.Request.URL.Path, url.Values{"csrf": {csrfField.FindStringSubmatch(page)[1]}, "username": {who.Username()}, "password": {personas.Password}})
	if res.StatusCode != http.StatusForbidden || !strings.Contains(page, "đang bị khóa") {
		t.Errorf("a locked account logs in: %d", res.StatusCode)
	}
}

func TestTheFormSaysWhatIsWrong(t *testing.T) {
	h := open(t)
	v := h.logIn("level2", 1)
	for name, c := range map[string]struct {
		edit func(url.Values)
		want string
	}{
		"nothing chosen":   {func(f url.Values) { f.Del("lock") }, `id="lock-error"`},
		"not confirmed":    {func(f url.Values) { f.Del("agree") }, `id="agree-error"`},
		"a wrong password": {func(f url.Values) { f.Set("password", "x") }, `id="lock-password-error"`},
		"no plain words":   {func(f url.Values) { f.Set("reason", "a\x01b") }, `id="reason-error"`},
		"too many words":   {func(f url.Values) { f.Set("reason", strings.Repeat("a", 501)) }, `id="reason-error"`},
	} {
		f := tk03("eid")
		c.edit(f)
		res, page := v.Post("/me/locks", f)
		if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, c.want) || strings.Contains(page, personas.Password) {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	if a, err := h.Platform.Account(t.Context(), "level2"); err != nil || a.EIDLocked {
		t.Error("locked by a form with a mistake")
	}
	if res, _ := v.Post("/me/locks", tk03("eid", "account")); res.Request.URL.Path != "/me/locked" {
		t.Errorf("its twin: %s", res.Request.URL)
	}
}

func TestOtherGroundsAreShownAndStay(t *testing.T) {
	h := open(t)
	ctx := t.Context()
	staff, err := h.Platform.StaffMembers(ctx, 50)
	if err != nil {
		t.Fatal(err)
	}
	var agency platform.Staff
	for _, s := range staff {
		if s.Role == platform.RoleAgency {
			agency = s
		}
	}
	if _, err := h.Platform.PlaceLock(ctx, agency, "level2", platform.LockOrder{Ground: platform.GroundCard, Reason: "Thẻ bị giữ"}); err != nil {
		t.Fatal(err)
	}
	v := h.logIn("level2", 3)
	_, page := v.Get("/me/locks")
	if !strings.Contains(page, "Thẻ căn cước bị thu hồi hoặc bị giữ") || !strings.Contains(page, "cán bộ tiếp nhận") || strings.Contains(page, agency.Name) || strings.Contains(page, agency.ID) || strings.Contains(page, "/me/locks/open") {
		t.Errorf("the ground of the card: %s", page)
	}
	v.Post("/me/locks", tk03("eid"))
	if res, page := v.Post("/me/locks/open", url.Values{"password": {personas.Password}}); res.Request.URL.RequestURI() != "/me/locks?done=other" || !strings.Contains(page, "còn căn cứ khác") {
		t.Errorf("%s", res.Request.URL)
	}
	if a, err := h.Platform.Account(ctx, "level2"); err != nil || !a.EIDLocked {
		t.Error("opened though another ground stands")
	}
}
