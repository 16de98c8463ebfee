package citizen

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/form"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	maxOwn = 50

	minute = "2006-01-02T15:04" // of input type datetime-local
)

// vietnam is the clock of what people type.
var vietnam = time.FixedZone("UTC+7", 7*60*60)

type stayRow struct {
	platform.OwnStay
	State ui.Text
	Open  bool
}

var stayStates = map[string]ui.Text{
	servicewire.StateFiled:     {Vi: "Đã thông báo", En: "Notified"},
	servicewire.StateCorrected: {Vi: "Đã sửa", En: "Corrected"},
	servicewire.StateCancelled: {Vi: "Đã rút", En: "Taken back"},
}

// stays shows the notices of stays that the person gave, and the form for one.
func (c *app) stays(w http.ResponseWriter, r *http.Request, me platform.Session) {
	c.showStays(w, r, me, nil)
}

func (c *app) showStays(w http.ResponseWriter, r *http.Request, me platform.Session, f *form.Form) {
	all, err := c.p.OwnStays(r.Context(), me.Account.ID, maxOwn)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	now := c.p.Now().In(vietnam)
	until, _ := servicewire.Deadline(now)
	page := struct {
		Done     *ui.Text
		Form     *form.Form
		Key      string
		Now, Day string
		Deadline time.Time
		Home     string
		Name     string
		Stays    []stayRow
	}{Done: doneText(r), Form: f, Key: f.V("key"), Now: now.Format(minute), Day: now.AddDate(0, 0, 1).Format(time.DateOnly), Deadline: until,
		Home: me.Account.Record.Residence.Text, Name: me.Account.Record.Name}
	if page.Key == "" {
		page.Key = platform.NewKey()
	}
	for _, s := range all {
		page.Stays = append(page.Stays, stayRow{s, stayStates[s.State], s.State != servicewire.StateCancelled})
	}
	c.pages.Render(w, r, f.Status(), "stays", page)
}

// foreign is the code of an unspecified nationality (ICAO 9303-3 §5). The page asks only
// whether a guest is Vietnamese: the stay of anybody else is declared elsewhere, and the
// engine answers so whatever the country.
const foreign = "XXX"

// notify takes one notice.
func (c *app) notify(w http.ResponseWriter, r *http.Request, me platform.Session) {
	f := form.Read(r)
	row := servicewire.Stay{Key: f.V("key"), Name: f.V("name"), Number: strings.ReplaceAll(f.V("number"), " ", ""), Reason: f.V("reason"), Family: f.Has("family", "yes")}
	if f.V("who") == "self" {
		row.Name, row.Number = me.Account.Record.Name, me.Account.Record.ID
	}
	if f.V("nation") == "other" {
		row.Nationality = foreign
	}
	var err error
	if row.Arrive, err = time.ParseInLocation(minute, f.V("arrive"), vietnam); err != nil {
		f.Wrong("arrive", "Hãy ghi ngày giờ đến.", "When did they arrive?")
	}
	if row.Leave, err = vneid.ParseDate(f.V("leave")); err != nil || row.Leave.Day() == 0 {
		f.Wrong("leave", "Hãy ghi ngày đi dự kiến.", "When will they leave?")
	}
	if n := row.Number; n != "" && (len(n) != 9 && len(n) != 12 || strings.Trim(n, "0123456789") != "") {
		f.Wrong("number", "Số định danh có 12 chữ số, số CMND có 9 hoặc 12 chữ số.", "A personal number has 12 digits, that of the old card 9 or 12.")
	}
	if row.Name == "" {
		f.Wrong("name", "Hãy ghi họ tên.", "Whose stay is it?")
	}
	if f.V("place") == "" {
		f.Wrong("place", "Hãy ghi địa chỉ lưu trú.", "Where is it?")
	}
	if f.Bad() {
		c.showStays(w, r, me, f)
		return
	}
	var refused *platform.FilingError
	switch err = c.p.NotifyStay(r.Context(), me, f.V("place"), row); {
	case err == nil:
		done(w, r, "/me/stays", "stay")
	case errors.As(err, &refused):
		field, why := whyNot(refused.Code)
		f.Wrong(field, why.Vi, why.En)
		c.showStays(w, r, me, f)
	default:
		c.fail(w, r, err)
	}
}

// unnotify takes a notice back.
func (c *app) unnotify(w http.ResponseWriter, r *http.Request, me platform.Session) {
	version, _ := strconv.Atoi(r.PostFormValue("version"))
	err := c.p.CancelStay(r.Context(), me, r.PostFormValue("id"), version)
	var refused *platform.FilingError
	if err != nil && !errors.As(err, &refused) {
		c.fail(w, r, err)
		return
	}
	if err != nil { // somebody else's, or it is as it was to be
		http.Redirect(w, r, "/me/stays", http.StatusSeeOther)
		return
	}
	done(w, r, "/me/stays", "back")
}

// whyNot says at which field a refusal belongs, and what to do.
func whyNot(code string) (field string, why ui.Text) {
	if not, ok := notFiled[code]; ok {
		return not.field, not.why
	}
	return "form", ui.Text{Vi: "Thông tin còn thiếu hoặc chưa đúng. Hãy xem lại từng ô.", En: "Something is missing or wrong. Look at each field again."}
}

// notFiled are the refusals of stays and of filings.
var notFiled = map[string]struct {
	field string
	why   ui.Text
}{
	servicewire.Foreigner:  {"nation", ui.Text{Vi: "Người nước ngoài khai báo tạm trú ở nơi khác: hãy báo cơ sở lưu trú hoặc Công an xã, phường, đặc khu.", En: "Foreigners are declared elsewhere: tell the lodging, or the commune's police."}},
	servicewire.NoNumber:   {"number", ui.Text{Vi: "Cần số định danh hoặc số CMND của người từ đủ 14 tuổi.", En: "Whoever is 14 or older needs a number."}},
	servicewire.Future:     {"arrive", ui.Text{Vi: "Thời điểm đến còn ở tương lai.", En: "That is still to come."}},
	servicewire.TooOld:     {"arrive", ui.Text{Vi: "Đã quá 30 ngày kể từ ngày đến.", En: "That is more than 30 days ago."}},
	servicewire.Residence:  {"leave", ui.Text{Vi: "Từ 30 ngày trở lên là tạm trú: hãy đăng ký tạm trú.", En: "30 days or more are a temporary residence: register it."}},
	servicewire.Duplicate:  {"name", ui.Text{Vi: "Người này đã được thông báo cho ngày đó.", En: "This person was notified for that day."}},
	servicewire.KeyReused:  {"name", ui.Text{Vi: "Biểu mẫu này đã được gửi. Hãy mở lại trang để gửi thông báo khác.", En: "This form was sent before. Open the page again for another."}},
	servicewire.NotOffered: {"province", ui.Text{Vi: "Chưa nhận yêu cầu của nơi này qua ứng dụng.", En: "Not offered for this place in the app yet."}},
	servicewire.Unknown:    {"form", ui.Text{Vi: "Tài khoản của bạn chưa nộp được loại hồ sơ này.", En: "Your account cannot file this."}},
}
