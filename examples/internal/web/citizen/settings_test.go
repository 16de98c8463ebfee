package citizen_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

func TestSensitiveChangesAskForThePassword(t *testing.T) {
	h := open(t)
	v := h.logIn("level2", 3)
	for path, f := range map[string]url.Values{
		"/me/locks": tk03("eid"), "/me/settings/phone": {"to": {"+84000000099"}}, "/me/settings/email": {"to": {"b@example.org"}},
		"/me/settings/password": {"new": {"mot-mat-khau-khac"}}, "/me/settings/device": {"name": {"Mới"}}, "/me/locks/open": {},
	} {
		f.Set("password", "not-the-password")
		if res, page := v.Post(path, f); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "Mật khẩu không đúng") && path != "/me/locks/open" {
			t.Errorf("%s with a wrong password: %d", path, res.StatusCode)
		}
		h.clock.Advance(time.Hour) // so many wrong ones cost time
	}
}

func TestMovingTheAppEndsEveryLogin(t *testing.T) {
	h := open(t)
	weak := h.logIn("level2", 1)
	move := url.Values{"name": {"Điện thoại mới"}, "password": {personas.Password}}
	if res, _ := weak.Post("/me/settings/device", move); !strings.HasPrefix(res.Request.URL.Path, "/interaction/") {
		t.Errorf("moved with a password alone: %s", res.Request.URL)
	}
	v := h.logIn("level2", 2)
	h.clock.Advance(time.Second)
	if res, _ := v.Post("/me/settings/device", move); !strings.HasPrefix(res.Request.URL.Path, "/interaction/") {
		t.Errorf("the login goes on at %s", res.Request.URL)
	}
	if res, _ := weak.Get("/me"); res.Request.URL.Path == "/me" {
		t.Error("the other login goes on")
	}
	h.clock.Advance(time.Second)
	if _, page := h.logIn("level2", 1).Get("/me/sessions"); !strings.Contains(page, "Điện thoại mới") || !strings.Contains(page, "Thiết bị đầu tiên") {
		t.Error("the devices are not shown")
	}
}

func TestAChangedPasswordIsTheOneThatLogsIn(t *testing.T) {
	h := open(t)
	elsewhere, v := h.logIn("level2", 1), h.logIn("level2", 1)
	change := url.Values{"password": {personas.Password}, "new": {"ngan"}}
	if res, page := v.Post("/me/settings/password", change); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `id="password-new-error"`) || strings.Contains(page, `value="ngan"`) {
		t.Errorf("a short one: %d", res.StatusCode)
	}
	change.Set("new", "mot-mat-khau-khac")
	h.clock.Advance(time.Second)
	res, page := v.Post("/me/settings/password", change)
	if !strings.HasPrefix(res.Request.URL.Path, "/interaction/") {
		t.Fatalf("the login goes on at %s", res.Request.URL)
	}
	if res, _ := elsewhere.Get("/me"); res.Request.URL.Path == "/me" {
		t.Error("the other login goes on")
	}
	who, _ := personas.Get("level2")
	form := url.Values{"csrf": {csrfField.FindStringSubmatch(page)[1]}, "username": {who.Username()}, "password": {"mot-mat-khau-khac"}}
	if res, page := v.Post(res.Request.URL.Path, form); res.Request.URL.Path != "/me/settings" || !strings.Contains(page, "Đã đổi mật khẩu") {
		t.Errorf("with the new one at %s", res.Request.URL)
	}
}

func TestTheTelephoneShowsAllChannels(t *testing.T) {
	h := open(t)
	v := h.logIn("level2", 1)
	if res, page := v.Post("/me/settings/channels", url.Values{"channel": {"email", "app"}}); res.StatusCode != 200 || !strings.Contains(page, "Đã lưu") {
		t.Fatalf("%d", res.StatusCode)
	}
	if res, _ := v.Post("/me/settings/channels", url.Values{}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("no channel at all: %d", res.StatusCode)
	}
	v.Post("/me/locks", tk03("eid"))
	sent, err := h.Platform.Outbox(t.Context(), "level2")
	if err != nil || len(sent) != 2 || sent[0].Channel == sent[1].Channel {
		t.Fatalf("%+v %v", sent, err)
	}
	if _, page := v.Get("/phone"); !strings.Contains(page, "an@example.com") || strings.Count(page, "Căn cước điện tử đã bị khóa") != 2 {
		t.Errorf("the telephone lacks one: %s", page)
	}
}

// The label of the card changes with the platform's clock.
func TestTheCardIsCalledByTheDay(t *testing.T) {
	h := open(t)
	for at, want := range map[string]string{"2024-06-30T23:59:00+07:00": "Thông tin thẻ CCCD", "2024-07-01T00:00:00+07:00": "Căn cước điện tử"} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		h.clock.Set(when)
		v := h.logIn("level2", 1)
		_, home := v.Get("/me")
		_, page := v.Get("/me/eid")
		if !strings.Contains(home, want+"</h2>") || !strings.Contains(page, "<h1>"+want) {
			t.Errorf("%s: the card is called otherwise", at)
		}
	}
}

func TestNumbersAndCardsOfBefore(t *testing.T) {
	h := open(t)
	for handle, want := range map[string]string{"reissued": "999087000017", "old-cmnd": "999000015"} {
		if _, page := h.logIn(handle, 1).Get("/me/eid"); !strings.Contains(page, want) {
			t.Errorf("%s: the number of before is not shown", handle)
		}
	}
	if err := h.Platform.ReissueNumber(t.Context(), "level2", "999090000099"); err != nil {
		t.Fatal(err)
	}
	v := h.visitor()
	res, page := v.Get("/login?return=/me/eid")
	v.Post(res.Request.URL.Path, url.Values{"csrf": {csrfField.FindStringSubmatch(page)[1]}, "username": {"999090000099"}, "password": {personas.Password}})
	if _, page = v.Get("/me/eid"); !strings.Contains(page, "999090000099") || !strings.Contains(page, "Số định danh đã hủy") || !strings.Contains(page, "22/11/2026") {
		t.Errorf("after the number changed: %s", page)
	}
}

func TestCodesComeAnewWithoutScripts(t *testing.T) {
	h := open(t)
	v := h.logIn("level2", 1)
	res, first := v.Get("/me/code/dynamic")
	_, second := v.Get("/me/code/dynamic")
	if res.Header.Get("Refresh") != "120" || first == second || !strings.Contains(first, "data-until=") || !strings.Contains(first, "Hết hiệu lực lúc") {
		t.Errorf("refresh %q", res.Header.Get("Refresh"))
	}
	if res, _ := v.Get("/me/code/other"); res.StatusCode != http.StatusNotFound {
		t.Errorf("a code of no kind: %d", res.StatusCode)
	}
}

func TestTheHealthRecordAsksForASecondFactor(t *testing.T) {
	h := open(t)
	if res, _ := h.logIn("level2", 1).Get("/me/health"); !strings.HasPrefix(res.Request.URL.Path, "/interaction/") {
		t.Errorf("opened with a password alone: %s", res.Request.URL)
	}
	v := h.logIn("level2", 2)
	if _, page := v.Get("/me/health"); !strings.Contains(page, "J06.9;R05") || strings.Contains(page, "VN1:") || strings.Contains(page, "<figure") {
		t.Error("the record is not shown, or as a code")
	}
	if _, page := h.logIn("old-cmnd", 2).Get("/me/health"); !strings.Contains(page, "Chưa có sổ") {
		t.Error("a record of nobody")
	}
}

func TestFilingsAndStaysSayWhatIsWrongAndPassWithoutIt(t *testing.T) {
	h := open(t)
	v := h.logIn("level2", 1)
	stay := func(edit map[string]string) url.Values {
		f := url.Values{"key": {key(t, v, "/me/stays")}, "name": {"Khách Mẫu"}, "number": {"999195000002"}, "place": {"Số 1"}, "arrive": {"2026-11-22T16:00"}, "leave": {"2026-11-24"}}
		for k, val := range edit {
			f.Set(k, val)
		}
		return f
	}
	for field, edit := range map[string]map[string]string{
		"name": {"name": ""}, "number": {"number": ""}, "nation": {"nation": "other"}, "place": {"place": ""},
		"arrive": {"arrive": "2026-12-22T16:00"}, "leave": {"leave": "2027-01-24"},
	} {
		if field == "number" {
			if res, page := v.Post("/me/stays", stay(map[string]string{"number": "12"})); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `id="number-error"`) {
				t.Errorf("a number of two digits: %d", res.StatusCode)
			}
		}
		if res, page := v.Post("/me/stays", stay(edit)); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `id="`+field+`-error"`) {
			t.Errorf("a stay with a wrong %s: %d", field, res.StatusCode)
		}
	}
	if res, page := v.Post("/me/stays", stay(nil)); res.Request.URL.RequestURI() != "/me/stays?done=stay" || !strings.Contains(page, "Khách Mẫu") {
		t.Errorf("their twin: %s", res.Request.URL)
	}
	for path, want := range map[string]string{"report": "text-error", "permanent": "address-error", "temporary": "until-error", "judicial": "text-error", "integration": "number-error"} {
		if res, page := v.Post("/me/filings/"+path, url.Values{"key": {key(t, v, "/me/filings/"+path)}}); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `id="`+want+`"`) {
			t.Errorf("an empty %s: %d", path, res.StatusCode)
		}
		f := url.Values{"key": {key(t, v, "/me/filings/"+path)}, "category": {"fraud"}, "text": {"Nội dung"}, "address": {"Số 2"}, "from": {"2026-11-23"}, "until": {"2026-12-30"}, "province": {"001"}, "document": {"driver-licence"}, "number": {"999000000001"}}
		if res, _ := v.Post("/me/filings/"+path, f); res.Request.URL.RequestURI() != "/me/filings?done=filed" {
			t.Errorf("its twin %s: %d", path, res.StatusCode)
		}
	}
	if _, page := v.Get("/me/filings"); strings.Count(page, `class="steps"`) != 5 {
		t.Error("not all filings are listed")
	}
	if res, _ := v.Post("/me/filings/nothing", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("a filing of no kind: %d", res.StatusCode)
	}
}

func TestTheHistoryIsFilteredAndPaged(t *testing.T) {
	h := open(t)
	ctx := t.Context()
	for _, id := range []string{"a", "b"} {
		if err := h.Platform.Register(ctx, platform.Client{ID: id, Name: "Đơn vị " + id, Secret: "secret-secret-secret", RedirectURIs: []string{"https://rp.example/cb"}, Scopes: []string{"profile"}, SkipConsent: true}); err != nil {
			t.Fatal(err)
		}
	}
	v := h.logIn("level2", 1)
	use := func(id string) {
		v.Client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
			if r.URL.Host == "rp.example" {
				return http.ErrUseLastResponse
			}
			return nil
		}
		q := url.Values{"client_id": {id}, "redirect_uri": {"https://rp.example/cb"}, "response_type": {"code"}, "scope": {"openid profile"}, "state": {"0123456789abcdef"}, "nonce": {"0123456789abcdef"},
			"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"}}
		res, _ := v.Get("/authorize?" + q.Encode())
		to, _ := url.Parse(res.Header.Get("Location"))
		v.Post("/token", url.Values{"grant_type": {"authorization_code"}, "code": {to.Query().Get("code")}, "redirect_uri": {"https://rp.example/cb"}, "client_id": {id}, "client_secret": {"secret-secret-secret"},
			"code_verifier": {"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}})
		h.clock.Advance(time.Second)
	}
	for range 12 {
		use("a")
		use("b")
	}
	_, page := v.Get("/me/history")
	if strings.Count(page, `scope="row"`) != 20 || !strings.Contains(page, `rel="next"`) || !strings.Contains(page, "Thông tin cơ bản") {
		t.Fatalf("%d entries: %s", strings.Count(page, `scope="row"`), page)
	}
	_, page = v.Get("/me/history?client=a")
	if strings.Count(page, `<th scope="row" lang="vi">Đơn vị a`) != 12 || strings.Contains(page, `<th scope="row" lang="vi">Đơn vị b`) || strings.Contains(page, `rel="next"`) {
		t.Error("the filter lets others through, or keeps some back")
	}
	if _, page := v.Get("/me/sessions"); !strings.Contains(page, "Đơn vị a") || !strings.Contains(page, "Đơn vị b") {
		t.Error("the login does not say where")
	}
	if _, page := h.logIn("namesake", 1).Get("/me/history?client=a"); strings.Contains(page, `scope="row"`) {
		t.Error("somebody else's history")
	}
}
