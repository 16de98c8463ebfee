package web

import (
	"embed"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/house"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/words"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

//go:embed templates/*.html
var templates embed.FS

// Pages draws the steps of a login (platform.Pages).
type Pages struct{ set *ui.Set }

// NewPages parses the templates. Countdowns follow the clock; nil: time.Now. With lab
// the navigation leads to the lab.
func NewPages(now func() time.Time, lab bool) (*Pages, error) {
	set, err := ui.Parse(templates, "templates", house.Area{Class: "platform"}.Site(now, lab))
	if err != nil {
		return nil, err
	}
	return &Pages{set}, nil
}

// Render implements platform.Pages.
func (p *Pages) Render(w http.ResponseWriter, r *http.Request, v platform.View) {
	p.set.Render(w, r, v.Status, string(v.Step), step{v})
}

// step is a View with words for people.
type step struct{ platform.View }

// ProblemText says what went wrong the last time, nil when nothing did.
func (s step) ProblemText() *ui.Text {
	var t ui.Text
	switch s.Problem {
	case "", platform.ProblemWaiting: // a message on its way is no mistake
		return nil
	case platform.ProblemThrottled:
		t = throttled(s.Retry)
	default:
		t = words.Of(problemWords, s.Problem)
	}
	return &t
}

// Waiting reports whether the app has been asked and has not answered.
func (s step) Waiting() bool {
	return s.Problem == platform.ProblemWaiting && s.Sent == platform.FactorApp
}

// ClassText says what sort of relying party asks.
func (s step) ClassText() *ui.Text {
	if s.Client == nil || s.Client.Class == "" {
		return nil
	}
	t := words.Of(words.Classes, s.Client.Class)
	return &t
}

// ChannelText says how the relying party is connected; through a provider, whose name follows.
func (s step) ChannelText() ui.Text {
	if s.Client.Channel == string(platform.ChannelProvider) {
		return ui.Text{Vi: "kết nối qua", En: "connected through"}
	}
	return ui.Text{Vi: "kết nối trực tiếp", En: "connected directly"}
}

// WantText says how strong a login is asked for. A level never stands without
// its noun: there are two scales.
func (s step) WantText() *ui.Text {
	var vi, en []string
	if s.Want.Level > 0 {
		n := string(rune('0' + s.Want.Level))
		vi, en = append(vi, "Tài khoản mức độ "+n), append(en, "account level "+n)
	}
	if s.Want.Auth > 0 {
		n := string(rune('0' + s.Want.Auth))
		vi, en = append(vi, "Xác thực mức độ "+n), append(en, "authentication level "+n)
	}
	if vi == nil {
		return nil
	}
	return &ui.Text{Vi: strings.Join(vi, ", "), En: strings.Join(en, ", ")}
}

// PurposeText says what the relying party logs people in for.
func (s step) PurposeText() ui.Text {
	if l := s.Client; l != nil && l.Login.Vi != "" {
		return ui.Text{Vi: l.Login.Vi, En: l.Login.En}
	}
	return ui.Text{Vi: "Đăng nhập, và nhận ra bạn ở những lần sau", En: "To log you in, and to know you the next time"}
}

// KeptText says how long it keeps what it is told.
func (s step) KeptText() ui.Text {
	if s.Client == nil || s.Client.Login.RetentionDays == 0 {
		return ui.Text{Vi: "Đơn vị chưa nêu thời hạn lưu giữ", En: "The party names no time"}
	}
	n := words.Days(s.Client.Login.RetentionDays)
	return ui.Text{Vi: "Không quá " + n.Vi + " sau lần đăng nhập cuối", En: "At most " + n.En + " after your last login"}
}

// ConsentDays is how long the consent is remembered.
func (step) ConsentDays() int { return platform.ConsentDays }

// ErrorText explains the error step.
func (s step) ErrorText() ui.Text {
	if t, ok := errorWords[s.Error]; ok {
		return t
	}
	return errorWords[""]
}

// ScanCode draws the code of the login page; nil where it has none.
func (s step) ScanCode() *ui.Code {
	if s.Scan == "" {
		return nil
	}
	code, err := ui.Draw("scan", s.Scan, s.Until)
	if err != nil { // the page works without it
		return nil
	}
	code.Words, code.Big, code.Fresh = ui.Text{Vi: "Số cần nhập trong ứng dụng:", En: "Number to type in the app:"}, s.Number, true
	if i := strings.LastIndex(s.Scan, "/app/"); i >= 0 {
		code.Watch = s.Scan[i:] + "/state"
	}
	return &code
}

// Sample is the number of the person to begin with.
func (step) Sample() string { p, _ := personas.Get("level2"); return p.Username() }

// SamplePassword is theirs.
func (step) SamplePassword() string { return personas.Password }

// Next are the ways on from the error step.
func (s step) Next() []door {
	var next []door
	switch s.Error {
	case "account_locked", "eid_locked":
		next = append(next, door{"/help#locks", ui.Text{Vi: "Hai khóa và cách mở khóa", En: "The two locks, and how they are lifted"}, ui.Text{}})
	case "temporarily_unavailable":
		next = append(next, door{"", ui.Text{Vi: "Tải lại trang này", En: "Load this page again"}, ui.Text{}})
	case "login_required", "interaction_over", "csrf":
		if s.Client == nil {
			next = append(next, door{"/me", ui.Text{Vi: "Đăng nhập lại", En: "Log in again"}, ui.Text{}})
		}
	}
	return append(next,
		door{"/#cast", ui.Text{Vi: "Xem đăng nhập được bằng ai", En: "See whom to log in as"}, ui.Text{Vi: "trang chủ của nền tảng thử nghiệm", En: "the home page of the test platform"}},
		door{"/help", ui.Text{Vi: "Đọc trợ giúp", En: "Read the help"}, ui.Text{}})
}

// way is a factor that the person may use now.
type way struct {
	Factor platform.Factor
	Label  ui.Text
	Sent   bool
}

// Ways lists the factors, the one whose message is on its way first.
func (s step) Ways() []way {
	var ways []way
	for _, f := range s.Factors {
		ways = append(ways, way{f, words.Of(factorWords, f), f == s.Sent})
	}
	slices.SortStableFunc(ways, func(a, b way) int {
		switch {
		case a.Sent == b.Sent:
			return 0
		case a.Sent:
			return -1
		}
		return 1
	})
	return ways
}

// item is one thing to share.
type item struct {
	Name   string
	Label  ui.Text
	Claims *ui.Text
	Free   []claim // what may be kept back of it
}

// claim is one fact about a person.
type claim struct {
	Name  string
	Label ui.Text
}

// Essential lists what the relying party cannot do without.
func (s step) Essential() []item { return s.items(true) }

// Optional lists what the person may agree to, thing by thing.
func (s step) Optional() []item { return s.items(false) }

func (s step) items(required bool) []item {
	var list []item
	for _, v := range s.Scopes {
		if v.Required == required {
			i := item{v.Name, words.Of(words.Scopes, v.Name), words.ClaimList(v.Claims), nil}
			for _, c := range v.Free {
				i.Free = append(i.Free, claim{c, words.Of(words.Claims, c)})
			}
			list = append(list, i)
		}
	}
	return list
}
