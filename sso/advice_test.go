package sso

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestAdviceSendsToThePoliceForTheAccountLevelOnly(t *testing.T) {
	const police, again, inApp = "Công an", "đăng nhập", "xác thực bổ sung"
	for name, test := range map[string]struct {
		code     string
		need     vneid.Assurance
		has, not []string
	}{
		"only the authentication":     {wire.ErrorUnmet, vneid.Assurance{Auth: 3}, []string{inApp, again, "mức độ 3"}, []string{police}},
		"that and what everybody has": {wire.ErrorUnmet, vneid.Assurance{Level: 1, Auth: 4}, []string{inApp, "mức độ 4"}, []string{police}},
		"only the account level":      {wire.ErrorUnmet, vneid.Assurance{Level: 2}, []string{police}, []string{inApp}},
		"either":                      {wire.ErrorUnmet, vneid.Assurance{Level: 2, Auth: 3}, []string{police, inApp, "mức độ 2", "mức độ 3"}, nil},
		"neither level":               {wire.ErrorUnmet, vneid.Assurance{}, []string{again}, []string{police, inApp}},
		"nobody at the provider":      {"login_required", vneid.Assurance{Level: 2, Auth: 3}, []string{again}, []string{police, inApp}},
		"a click is needed":           {"interaction_required", vneid.Assurance{}, []string{again}, []string{police}},
		"a choice is needed":          {"account_selection_required", vneid.Assurance{}, []string{again}, []string{police}},
	} {
		vi, en := vneid.Advice(refusal(test.code, test.need))
		for _, word := range test.has {
			if !strings.Contains(vi, word) {
				t.Errorf("%s: no %q in %q", name, word, vi)
			}
		}
		for _, word := range test.not {
			if strings.Contains(vi, word) {
				t.Errorf("%s: %q in %q", name, word, vi)
			}
		}
		if en == "" || strings.Contains(en, "police") != strings.Contains(vi, police) {
			t.Errorf("%s: %q", name, en)
		}
	}
}

func TestAnUnmetLoginNamesTheNeedOfTheClientThatFinishesIt(t *testing.T) {
	o := newOP(t)
	o.callback = func(v url.Values) { v.Del("code"); v.Set("error", wire.ErrorUnmet) }
	to, s, err := newClient(t, o).Begin(t.Context(), Ask{})
	if err != nil {
		t.Fatal(err)
	}
	_, raw, _ := strings.Cut(o.authorize(to), "?")
	_, err = newClient(t, o, func(c *Config) { c.Need.Auth = 3 }).Finish(t.Context(), s, raw)
	refusedAs(t, err, vneid.ErrLevel)
	var low *vneid.LevelError
	if !errors.As(err, &low) || low.Want.Auth != 3 {
		t.Errorf("%v", err)
	}
}

func TestOtherAnswersOfTheProviderKeepTheAdviceOfTheirKind(t *testing.T) {
	for code, same := range map[string]error{
		"access_denied":         vneid.ErrDenied,
		"server_error":          vneid.ErrUnavailable,
		"invalid_scope":         vneid.ErrUntrusted,
		"nobody knows this":     vneid.ErrUnavailable,
		wire.ErrorAccountLocked: &vneid.LockError{Account: true},
		wire.ErrorEIDLocked:     &vneid.LockError{EID: true},
	} {
		vi, en := vneid.Advice(refusal(code, vneid.Assurance{Level: 2}))
		if wantVI, wantEN := vneid.Advice(same); vi != wantVI || en != wantEN {
			t.Errorf("%s: %q", code, vi)
		}
	}
}

func TestNobodyIsToldToLogInAndNotToGoToThePolice(t *testing.T) {
	s := newSite(t)
	s.browser().send(http.MethodPost, "/home")
	refusedAs(t, s.lastError(), vneid.ErrLevel)
	var nobody *Identity
	refusedAs(t, nobody.Check(vneid.Assurance{}), vneid.ErrLevel)
	for _, err := range []error{s.lastError(), nobody.Check(vneid.Assurance{})} {
		if vi, en := vneid.Advice(err); !strings.Contains(vi, "Mời công dân đăng nhập") || strings.Contains(vi, "Công an") || strings.Contains(en, "police") {
			t.Errorf("%q, %q", vi, en)
		}
	}
}

func TestAnAuthErrorOfNothingHasAKind(t *testing.T) {
	err := error(new(AuthError))
	if !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("%v", err)
	}
	vi, _ := vneid.Advice(err)
	if want, _ := vneid.Advice(vneid.ErrUnavailable); vi != want {
		t.Errorf("%q", vi)
	}
}
