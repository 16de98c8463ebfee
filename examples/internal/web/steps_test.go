package web

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// hostile is what a relying party might register as its name.
const hostile = `Ngân hàng "Mẫu" <script>alert(1)</script>`

// views are one View for each state of each step.
func views() map[string]platform.View {
	client := &platform.ClientView{ID: "bank", Name: "Ngân hàng Mẫu", Class: "business"}
	person := &platform.PersonView{Name: "Nguyễn Văn An", Number: "*********001"}
	base := platform.View{Status: 200, Action: "/interaction/abc", CSRF: "csrf-value", Banner: platform.Banner, Client: client}
	at := func(s platform.Step, change func(*platform.View)) platform.View {
		v := base
		v.Step = s
		if s != platform.StepLogin && s != platform.StepError {
			v.Person = person
		}
		if change != nil {
			change(&v)
		}
		return v
	}
	scopes := []platform.ScopeView{
		{Name: "openid", Claims: []string{"sub"}, Required: true},
		{Name: "vneid:id", Claims: []string{"citizen_id", "birthdate", "gender"}, Required: true},
		{Name: "phone", Claims: []string{"phone_number"}},
		{Name: "vneid:card", Claims: []string{"old_id", "card_issued", "residence"}, Free: []string{"old_id", "residence"}},
	}
	return map[string]platform.View{
		"login": at(platform.StepLogin, func(v *platform.View) { v.Want = platform.Want{Level: 2, Auth: 3} }),
		"login-wrong": at(platform.StepLogin, func(v *platform.View) {
			v.Problem, v.LoginHint = platform.ProblemLogin, "999090000001"
		}),
		"login-throttled": at(platform.StepLogin, func(v *platform.View) {
			v.Status, v.Problem, v.Retry = 429, platform.ProblemThrottled, 30*time.Second
		}),
		"login-scan": at(platform.StepLogin, func(v *platform.View) {
			v.Scan, v.Number, v.Until = "https://op.example/app/x.y", "42", time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
		}),
		"login-own":    at(platform.StepLogin, func(v *platform.View) { v.Client = nil }),
		"new-password": at(platform.StepNewPassword, nil),
		"new-password-weak": at(platform.StepNewPassword, func(v *platform.View) {
			v.Problem = platform.ProblemPassword
		}),
		"factor": at(platform.StepFactor, func(v *platform.View) {
			v.Factors = []platform.Factor{platform.FactorOTP, platform.FactorApp, platform.FactorFace}
			v.Want = platform.Want{Level: 2, Auth: 4}
		}),
		"factor-otp": at(platform.StepFactor, func(v *platform.View) {
			v.Factors = []platform.Factor{platform.FactorApp, platform.FactorOTP}
			v.Sent, v.Problem = platform.FactorOTP, platform.ProblemCode
		}),
		"factor-app": at(platform.StepFactor, func(v *platform.View) {
			v.Factors = []platform.Factor{platform.FactorApp}
			v.Sent, v.Number, v.Problem = platform.FactorApp, "42", platform.ProblemWaiting
		}),
		"consent":    at(platform.StepConsent, func(v *platform.View) { v.Scopes = scopes }),
		"share":      at(platform.StepShare, func(v *platform.View) { v.Share = rental() }),
		"wait":       at(platform.StepWait, func(v *platform.View) { v.Problem = platform.ProblemWaiting }),
		"logout":     at(platform.StepLogout, nil),
		"logged-out": at(platform.StepLoggedOut, func(v *platform.View) { v.Action, v.Return = "", "https://bank.example/bye" }),
		"error": at(platform.StepError, func(v *platform.View) {
			v.Action, v.Status, v.Error = "", 400, "invalid_request"
		}),
	}
}

// rental is a data request.
func rental() *platform.ShareView {
	return &platform.ShareView{
		Purpose: "car-rental", Vi: "Cho thuê xe tự lái", En: "Car rental", Basis: "consent", Retention: 30, Store: true,
		Documents: []platform.ShareDoc{
			{Kind: "driver-licence", Field: "driver-licence", Essential: true, Items: []platform.ShareItem{
				{Name: "number", Essential: true}, {Name: "points", Field: "driver-licence/points"},
				{Name: "age>=18", Predicate: true, Essential: true}, {Name: "licence:B", Predicate: true, Field: "driver-licence/licence:B"},
			}},
			{Kind: "residence", Field: "residence", Items: []platform.ShareItem{{Name: "province", Essential: true}}},
		},
	}
}

func render(t *testing.T, lang string, v platform.View) *httptest.ResponseRecorder {
	t.Helper()
	pages, err := NewPages(nil, false)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	pages.Render(w, httptest.NewRequest("GET", "/interaction/abc?lang="+lang, nil), v)
	return w
}

// The consent page says what the relying party registered, and no more where it said
// nothing.
func TestConsentSaysWhatForAndForHowLong(t *testing.T) {
	v := views()["consent"]
	for lang, want := range map[string][]string{"vi": {"nhận ra bạn", "chưa nêu thời hạn", "365 ngày"}, "en": {"to know you the next time", "names no time", "365 days"}} {
		for _, words := range want {
			if page := render(t, lang, v).Body.String(); !strings.Contains(page, words) {
				t.Errorf("of a party that said nothing the page lacks %q", words)
			}
		}
	}
	said := *v.Client
	said.Login = platform.LoginPurpose{Vi: "Mở tài khoản", En: "To open an account <b>", RetentionDays: 40}
	v.Client = &said
	for lang, want := range map[string][]string{"vi": {"Mở tài khoản", "Không quá 40 ngày"}, "en": {"To open an account &lt;b&gt;", "At most 40 days"}} {
		for _, words := range want {
			if page := render(t, lang, v).Body.String(); !strings.Contains(page, words) || strings.Contains(page, "to know you the next time") {
				t.Errorf("the page lacks %q", words)
			}
		}
	}
}

func TestEveryStepIsAWholePageInBothLanguages(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<script>|<script [^s]|<style|\sstyle=|\son[a-z]+=|javascript:`)
	for name, v := range views() {
		for _, lang := range []string{"vi", "en"} {
			t.Run(name+" "+lang, func(t *testing.T) {
				w := render(t, lang, v)
				page := w.Body.String()
				if w.Code != v.Status {
					t.Errorf("status %d, want %d", w.Code, v.Status)
				}
				for _, want := range []string{`<html lang="` + lang + `">`, platform.Banner, `<main id="main">`, "<h1>", `name="viewport"`} {
					if !strings.Contains(page, want) {
						t.Errorf("the page lacks %s", want)
					}
				}
				if found := inline.FindString(page); found != "" {
					t.Errorf("the policy forbids %q", found)
				}
				if v.Action != "" && strings.Count(page, `name="csrf" value="csrf-value"`) != strings.Count(page, "<form") {
					t.Error("a form lacks its csrf field")
				}
				if strings.Contains(page, "checked") {
					t.Error("something is ticked before the person ticked it")
				}
			})
		}
	}
}

func TestTheTwoLanguagesDiffer(t *testing.T) {
	for name, v := range views() {
		vi, en := render(t, "vi", v).Body.String(), render(t, "en", v).Body.String()
		h1 := regexp.MustCompile(`<h1>(.*?)</h1>`)
		if h1.FindString(vi) == h1.FindString(en) {
			t.Errorf("%s has the same heading in both languages", name)
		}
	}
}

func TestFormsPostWhatTheStepAsksFor(t *testing.T) {
	fields := map[string][]string{
		"login":        {"csrf", "username", "password", "decision"},
		"new-password": {"csrf", "new_password", "decision"},
		"factor":       {"csrf", "factor", "result", "decision"},
		"factor-otp":   {"csrf", "factor", "code", "decision"},
		"factor-app":   {"csrf", "factor", "decision"},
		"consent":      {"csrf", "scope", "without", "decision"},
		"logout":       {"csrf", "decision"},
	}
	named := regexp.MustCompile(`name="([a-z_]+)"`)
	for name, want := range fields {
		found := map[string]bool{}
		body := render(t, "vi", views()[name]).Body.String()
		for _, m := range named.FindAllStringSubmatch(body[strings.Index(body, "<form"):], -1) {
			found[m[1]] = true
		}
		for _, f := range want {
			if !found[f] {
				t.Errorf("%s: no field %s", name, f)
			}
			delete(found, f)
		}
		for f := range found {
			t.Errorf("%s: the step does not ask for %s", name, f)
		}
	}
}

func TestEveryFieldHasALabel(t *testing.T) {
	input := regexp.MustCompile(`<input type="(text|password)"[^>]*>`)
	for name, v := range views() {
		page := render(t, "vi", v).Body.String()
		for _, tag := range input.FindAllString(page, -1) {
			id := regexp.MustCompile(`\sid="([^"]+)"`).FindStringSubmatch(tag)
			if strings.Contains(tag, `aria-hidden="true"`) {
				continue // tells password managers whose password it is
			}
			if id == nil || !strings.Contains(page, `<label for="`+id[1]+`"`) {
				t.Errorf("%s: no label for %s", name, tag)
			}
		}
	}
}

func TestRefusingIsAsLargeAsAgreeing(t *testing.T) {
	for _, name := range []string{"consent", "logout", "login"} {
		page := render(t, "vi", views()[name]).Body.String()
		_, after, ok := strings.Cut(page, `<div class="buttons`)
		buttons, _, _ := strings.Cut(after, "</div>")
		if !ok || strings.Count(buttons, "<button") != 2 || !strings.Contains(buttons, `value="deny"`) {
			t.Errorf("%s: agreeing and refusing do not stand beside each other", name)
		}
	}
}

func TestNamesOfRelyingPartiesAreText(t *testing.T) {
	for name, v := range views() {
		if v.Client == nil {
			continue
		}
		v.Client = &platform.ClientView{ID: "x", Name: hostile, Class: hostile}
		v.LoginHint, v.Error, v.Number = hostile, hostile, hostile
		v.Scopes = append(v.Scopes, platform.ScopeView{Name: hostile, Claims: []string{hostile}})
		if page := render(t, "vi", v).Body.String(); strings.Contains(page, "<script>") {
			t.Errorf("%s: a name became markup", name)
		}
	}
}

func TestALevelStandsWithItsNoun(t *testing.T) {
	page := render(t, "vi", views()["login"]).Body.String()
	if !strings.Contains(page, "Tài khoản mức độ 2, Xác thực mức độ 3") {
		t.Error("the levels asked for are not told apart")
	}
}

func TestTheBannerIsThePlatforms(t *testing.T) {
	if ui.Banner != platform.Banner {
		t.Error("pages and engine show different banners")
	}
}

func TestTheLanguageSwitchKeepsTheQueryAndIsRemembered(t *testing.T) {
	pages, _ := NewPages(nil, false)
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "//evil.example/x?state=a%2Bb&lang=en", nil)
	pages.Render(w, r, views()["login"])
	if !strings.Contains(w.Body.String(), `href="?state=a%2Bb&amp;lang=vi"`) {
		t.Error("the switch leads elsewhere")
	}
	if c := w.Result().Cookies(); len(c) != 1 || c[0].Name != "lang" || c[0].Value != "en" || !c[0].HttpOnly {
		t.Errorf("cookies are %v", c)
	}
	r = httptest.NewRequest("GET", "/", nil)
	r.AddCookie(&http.Cookie{Name: "lang", Value: "en"})
	if ui.LangOf(r) != ui.En {
		t.Error("the cookie is not read")
	}
	r = httptest.NewRequest("GET", "/?lang=fr", nil)
	if ui.LangOf(r) != ui.Vi {
		t.Error("an unknown language is not Vietnamese")
	}
}

func TestTheConsentPageSaysWhoAsksWhatForHowLongAndWhatARefusalDoes(t *testing.T) {
	for name, want := range map[string][]string{
		"consent": {"Ngân hàng Mẫu", "Doanh nghiệp, tổ chức khác", "kết nối qua <span lang=\"vi\">Đơn vị xác thực Mẫu", "Mục đích sử dụng", "91/2025/QH15", "365 ngày", "Không chia sẻ: nơi cư trú", "Nếu từ chối", "rút lại"},
		"share":   {"Ngân hàng Mẫu", "kết nối qua <span lang=\"vi\">Đơn vị xác thực Mẫu", "Cho thuê xe tự lái", "Sự đồng ý của bạn", "30 ngày", "Giấy phép lái xe", "Nếu từ chối", "rút lại"},
	} {
		v := views()[name]
		v.Client.Channel, v.Client.Provider = "provider", "Đơn vị xác thực Mẫu"
		page := render(t, "vi", v).Body.String()
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s lacks %q", name, w)
			}
		}
	}
}

func TestEveryErrorPageSaysWhatToDo(t *testing.T) {
	for code := range errorWords {
		v := views()["error"]
		v.Error = code
		if page := render(t, "vi", v).Body.String(); strings.Count(page[strings.Index(page, "Bạn có thể làm gì"):], "<li><a href=") < 2 {
			t.Errorf("%q: no way on", code)
		}
	}
}
