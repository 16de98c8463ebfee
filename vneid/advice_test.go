package vneid

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/viet"
)

// anError stands for errors of other packages that know their own advice.
type anError struct{ error }

func (anError) Advice() (vi, en string) {
	return "Tắt bộ gõ tiếng Việt.", "Switch the input method off."
}
func (e anError) Unwrap() error { return e.error }

func TestAdviceForEveryKind(t *testing.T) {
	seen := map[string]Kind{}
	for kind := ErrMalformed; kind <= ErrUnavailable; kind++ {
		vi, en := Advice(fmt.Errorf("qr: something: %w", kind))
		if !viet.Accented(vi) || viet.Accented(en) || len(vi) < 40 || len(en) < 40 {
			t.Errorf("%v: %q, %q", kind, vi, en)
		}
		if before, twice := seen[vi]; twice {
			t.Errorf("%v and %v get one advice", kind, before)
		}
		seen[vi] = kind
		// A failed check accuses nobody: no "fake", "forged", "fraud".
		if regexp.MustCompile(`(?i)giả|lừa|gian|fake|forg|fraud|invalid card`).MatchString(vi + en) {
			t.Errorf("%v accuses: %q, %q", kind, vi, en)
		}
	}
}

func TestAdviceForDetails(t *testing.T) {
	soon := time.Now()
	for _, c := range []struct {
		sentence string
		err      error
		vi, en   string
	}{
		{"level too low names the police office", &LevelError{Got: Assurance{Level: 1, Auth: 4}, Want: Assurance{Level: 2}}, "Công an xã/phường/đặc khu hoặc nơi làm thủ tục cấp căn cước", "account of level 2"},
		{"and says that a new login does not help", &LevelError{Want: Assurance{Level: 2}}, "Đăng nhập lại không nâng được mức độ tài khoản", "does not raise it"},
		{"authentication too weak can be stepped up", &LevelError{Got: Assurance{Level: 2, Auth: 2}, Want: Assurance{Level: 2, Auth: 3}}, "xác thực mức độ 3", "authentication level 3"},
		{"an old login", &LevelError{Got: Assurance{At: soon.Add(-time.Hour)}, Want: Assurance{At: soon}}, "đăng nhập lại", "log in again"},
		{"the eID's lock", &LockError{EID: true}, "Căn cước điện tử đang bị khóa", "electronic identity card is locked"},
		{"the account's lock", &LockError{Account: true}, "Tài khoản định danh điện tử đang bị khóa", "account is locked"},
		{"both locks", &LockError{EID: true, Account: true}, "Tài khoản định danh điện tử đang bị khóa", "account is locked"},
		{"when to try again", &APIError{Status: 503, RetryAfter: 30 * time.Second}, "sau khoảng 30 giây", "about 30 s."},
		{"at least a second", &APIError{RetryAfter: time.Millisecond}, "sau khoảng 1 giây", "about 1 s."},
		{"a refusal by a server is its kind", &APIError{Kind: ErrDenied, RetryAfter: time.Second}, "bị từ chối", "refused"},
		{"a time error is its kind", &TimeError{NotAfter: soon.Add(-time.Second), Now: soon}, "Đã hết hiệu lực", "Its time is over"},
		{"an early one too", &TimeError{NotBefore: soon.Add(time.Second), Now: soon}, "kiểm tra giờ máy", "clock"},
		{"misconfiguration is ours", errors.New("sso: Config.ClientID is empty"), "không phải do công dân", "administrator"},
		{"an unknown kind too", Kind(99), "không phải do công dân", "administrator"},
		{"no error", nil, "Không có lỗi", "No error"},
		{"an error that knows better", fmt.Errorf("qr: %w", anError{ErrMalformed}), "Tắt bộ gõ", "input method"},
	} {
		err := c.err
		if err != nil {
			err = fmt.Errorf("pkg: %w", err)
		}
		if vi, en := Advice(err); !strings.Contains(vi, c.vi) || !strings.Contains(en, c.en) {
			t.Errorf("%s: %q, %q", c.sentence, vi, en)
		}
	}
}

// Every error of the package matches exactly the kind it says, through wrapping.
func TestEveryRefusalMatchesExactlyOneKind(t *testing.T) {
	now := time.Now()
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	_, badID := ParseCitizenID("12")
	_, badOld := ParseOldID("12")
	_, badDate := ParseDate("12")
	_, noDate := NewDate(1, 1, 1)
	for _, c := range []struct {
		sentence string
		err      error
		want     Kind
	}{
		{"level", &LevelError{}, ErrLevel},
		{"weak assurance", Assurance{Level: 1}.Check(Assurance{Level: 2}), ErrLevel},
		{"expired", &TimeError{NotAfter: now, Now: now.Add(1)}, ErrExpired},
		{"not yet valid", &TimeError{NotBefore: now.Add(1), NotAfter: now, Now: now}, ErrNotYetValid},
		{"no bounds", &TimeError{Now: now}, ErrExpired},
		{"locked", &LockError{EID: true}, ErrLocked},
		{"no answer", &APIError{}, ErrUnavailable},
		{"an answer of a kind", &APIError{Kind: ErrRevoked, Status: 403}, ErrRevoked},
		{"a bad number", badID, ErrMalformed},
		{"a bad old number", badOld, ErrMalformed},
		{"a bad date", badDate, ErrMalformed},
		{"no such day", noDate, ErrMalformed},
		{"a replay store that is cancelled", NewMemoryReplay(1, nil).Use(cancelled, Once{}), ErrUnavailable},
		{"a replay store and an old code", NewMemoryReplay(1, nil).Use(context.Background(), Once{}), ErrExpired},
		{"a kind itself", ErrMismatch, ErrMismatch},
	} {
		wrapped := fmt.Errorf("outer: %w", c.err)
		for kind := ErrMalformed; kind <= ErrUnavailable; kind++ {
			if got := errors.Is(wrapped, kind); got != (kind == c.want) {
				t.Errorf("%s (%v): Is %v = %v", c.sentence, c.err, kind, got)
			}
		}
		var kind Kind
		if !errors.As(wrapped, &kind) || kind != c.want {
			t.Errorf("%s: As gives %v", c.sentence, kind)
		}
		if c.err.Error() == "" || strings.Count(c.err.Error(), "vneid: ") > 1 {
			t.Errorf("%s: text %q", c.sentence, c.err)
		}
	}
}

func TestErrorTexts(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		err  error
		want string
	}{
		{&LevelError{Got: Assurance{Level: 1}, Want: Assurance{Level: 2, Auth: 3}}, "account level 1, need 2"},
		{&LevelError{Got: Assurance{Level: 2, Auth: 1}, Want: Assurance{Level: 2, Auth: 3}}, "authentication level 1, need 3"},
		{&LevelError{Want: Assurance{At: now}}, "the login is too long ago"},
		{&TimeError{NotAfter: now, Now: now.Add(90 * time.Second)}, "expired 1m30s ago"},
		{&TimeError{NotBefore: now.Add(2 * time.Second), Now: now}, "not valid for another 2s"},
		{&LockError{}, "the electronic identity card is locked"},
		{&LockError{Account: true, EID: true}, "the account is locked"},
		{&APIError{}, "no answer"},
		{&APIError{Status: 503, Code: "busy", RetryAfter: time.Minute}, "answered with status 503 (busy), try again in 1m0s"},
		{ErrNotYetValid, "not yet valid"},
		{Kind(0), "unknown kind"},
		{Kind(200), "unknown kind"},
	} {
		if c.err.Error() != c.want {
			t.Errorf("%q, want %q", c.err, c.want)
		}
	}
}

func TestAssuranceCheck(t *testing.T) {
	now := time.Now()
	full := Assurance{Level: 2, Auth: 3, At: now}
	for _, c := range []struct {
		sentence  string
		have, ask Assurance
		ok        bool
	}{
		{"nothing is asked of nothing", Assurance{}, Assurance{}, true},
		{"exactly enough", full, full, true},
		{"more than enough", full, Assurance{Level: 1, Auth: 2, At: now.Add(-1)}, true},
		{"level", full, Assurance{Level: 3}, false},
		{"factors", full, Assurance{Auth: 4}, false},
		{"recency", full, Assurance{At: now.Add(1)}, false},
		{"zero satisfies nothing", Assurance{}, Assurance{Level: 1}, false},
		{"zero time satisfies nothing", Assurance{Level: 2, Auth: 4}, Assurance{At: now}, false},
	} {
		err := c.have.Check(c.ask)
		var detail *LevelError
		if (err == nil) != c.ok || err != nil && (!errors.As(err, &detail) || detail.Got != c.have || detail.Want != c.ask) {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}
