package lab

import (
	"errors"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
)

// clockView is the platform's time beside the real one.
type clockView struct {
	Now, Real time.Time
	Ahead     string // how far the platform's is ahead, in Go's notation; empty: not at all
}

func (l *room) clockView() clockView {
	v := clockView{Now: l.p.Now(), Real: time.Now()}
	if d := l.p.ClockOffset().Round(time.Second); d != 0 {
		v.Ahead = d.String()
	}
	return v
}

// preset is an instant or a step that is worth a button.
type preset struct {
	ID    string
	Label ui.Text
	At    time.Time
	Step  time.Duration
}

var vietnam = time.FixedZone("UTC+7", 7*60*60)

func on(year int, month time.Month, day, hour, minute, second int) time.Time {
	return time.Date(year, month, day, hour, minute, second, 0, vietnam)
}

// presets are the days on which the law or the services changed, ten seconds before, and
// the steps that tests take.
var presets = []preset{
	{ID: "old-accounts", At: on(2024, 6, 30, 23, 59, 50), Label: ui.Text{Vi: "mười giây trước khi tài khoản cổng cũ hết hạn; Luật Căn cước, Nghị định 69", En: "ten seconds before the old portal accounts end; Identity Law, Decree 69"}},
	{ID: "licence", At: on(2024, 6, 1, 8, 0, 0), Label: ui.Text{Vi: "giấy phép lái xe trên ứng dụng dùng thay bản cứng", En: "the licence in the app stands for the plastic one"}},
	{ID: "districts", At: on(2025, 6, 30, 23, 59, 50), Label: ui.Text{Vi: "mười giây trước khi bỏ cấp huyện", En: "ten seconds before districts are gone"}},
	{ID: "data-law", At: on(2025, 12, 31, 23, 59, 50), Label: ui.Text{Vi: "mười giây trước Luật Bảo vệ dữ liệu cá nhân", En: "ten seconds before the Personal Data Protection Law"}},
	{ID: "leap-day", At: on(2028, 2, 29, 9, 0, 0), Label: ui.Text{Vi: "ngày nhuận", En: "a leap day"}},
	{ID: "minute", Step: time.Minute, Label: ui.Text{Vi: "thêm một phút", En: "a minute on"}},
	{ID: "hour", Step: time.Hour, Label: ui.Text{Vi: "thêm một giờ", En: "an hour on"}},
	{ID: "day", Step: 24 * time.Hour, Label: ui.Text{Vi: "thêm một ngày", En: "a day on"}},
	{ID: "month", Step: 31 * 24 * time.Hour, Label: ui.Text{Vi: "thêm 31 ngày", En: "31 days on"}},
	{ID: "years", Step: (5*365 + 2) * 24 * time.Hour, Label: ui.Text{Vi: "thêm hơn năm năm: lịch sử sử dụng hết hạn", En: "more than five years on: usage history is over"}},
}

type clockPage struct {
	page
	clockView
	Field          string // of the form: yyyy-MM-ddTHH:mm:ss in Vietnam
	Instants, Plus []preset
}

func (l *room) clock(w http.ResponseWriter, r *http.Request) { l.showClock(w, r, http.StatusOK, nil) }

func (l *room) showClock(w http.ResponseWriter, r *http.Request, status int, bad *ui.Text) {
	p := clockPage{page: pageOf(r), clockView: l.clockView()}
	p.Problem, p.Field = bad, p.Now.In(vietnam).Format("2006-01-02T15:04:05")
	for _, one := range presets {
		if one.Step > 0 {
			p.Plus = append(p.Plus, one)
		} else {
			p.Instants = append(p.Instants, one)
		}
	}
	l.pages.Render(w, r, status, "clock", p)
}

// moveClock takes a preset, an instant in Vietnam, or the real time.
func (l *room) moveClock(w http.ResponseWriter, r *http.Request) {
	err := l.move(r)
	if err != nil {
		l.showClock(w, r, http.StatusUnprocessableEntity, problem(err))
		return
	}
	form.Lead(w, r, "/lab/clock", "clock")
}

func (l *room) move(r *http.Request) error {
	ctx := r.Context()
	if r.PostFormValue("do") == "real" {
		return l.p.ResetClock(ctx, actor)
	}
	if id := r.PostFormValue("preset"); id != "" {
		for _, p := range presets {
			switch {
			case p.ID != id:
			case p.Step > 0:
				return l.p.AdvanceClock(ctx, actor, p.Step)
			default:
				return l.p.SetClock(ctx, actor, p.At)
			}
		}
		return errForm
	}
	text := r.PostFormValue("at")
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} { // browsers drop seconds that are 0
		if t, err := time.ParseInLocation(layout, text, vietnam); err == nil {
			return l.p.SetClock(ctx, actor, t)
		}
	}
	return errors.Join(errForm)
}
