package citizen

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// card is the electronic identity card on a page; nil Fields where it is not shown.
type card struct {
	Title   ui.Text
	Version string
	Fields  []field
	Number  string // masked: the page is looked at over shoulders
	Name    string
	Warning platform.CardWarning
	Whole   bool // all fields, unmasked
}

type field struct {
	Label ui.Text
	Value string
}

// card returns the card, or nil and why there is none: a lock or the level.
func (c *app) card(ctx context.Context, a platform.Account) (*card, error) {
	shown, err := c.p.EIDCard(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	number, _ := vneid.ParseCitizenID(a.Record.ID)
	out := &card{
		Title: ui.Text(shown.Template.Title), Version: shown.Template.Version, Number: fmt.Sprint(number), Name: a.Record.Name,
		Warning: shown.Warning,
	}
	for _, f := range shown.Fields {
		out.Fields = append(out.Fields, field{ui.Text(f.Label), f.Value})
	}
	return out, nil
}

// home is the first page of the app.
func (c *app) home(w http.ResponseWriter, r *http.Request, me platform.Session) {
	ctx, a := r.Context(), me.Account
	eid, err := c.card(ctx, a)
	if errors.Is(err, vneid.ErrLocked) || errors.Is(err, vneid.ErrLevel) {
		err = nil
	}
	dynamic, err1 := c.dynamic(ctx, a.ID)
	static, err2 := c.static(ctx, a.ID)
	history, err3 := c.p.History(ctx, a.ID, 5)
	prompts, err4 := c.p.Prompts(ctx, a.ID)
	if err := errors.Join(err, err1, err2, err3, err4); err != nil {
		c.fail(w, r, err)
		return
	}
	number, _ := vneid.ParseCitizenID(a.Record.ID)
	c.show(w, r, "me", struct {
		Name, Number    string
		Level           int // that counts now
		Card            *card
		EIDLocked       bool
		Low             bool // account level 1
		Dynamic, Static *ui.Code
		History         []read
		Doors           []door
		Waiting         int
	}{
		a.Record.Name, fmt.Sprint(number), int(me.Assurance.Level), eid, a.EIDLocked, a.Level < 2, dynamic, static, reads(history), doors(a), len(prompts),
	})
}

// door leads to another page of the app.
type door struct {
	Href       string
	Name, Hint ui.Text
}

// doors are the pages that stand at no tab.
func doors(a platform.Account) (out []door) {
	add := func(href, vi, en, hintVi, hintEn string) {
		out = append(out, door{href, ui.Text{Vi: vi, En: en}, ui.Text{Vi: hintVi, En: hintEn}})
	}
	add("/me/papers", "Giấy tờ", "Papers", "xuất trình giấy phép lái xe, thẻ BHYT, đăng ký xe", "present a licence, an insurance card, a vehicle's papers")
	add("/me/requests", "Yêu cầu chờ bạn", "Waiting for you", "xác nhận đăng nhập, đề nghị tại quầy", "logins to confirm, what counters ask for")
	add("/me/history", "Lịch sử sử dụng", "Usage history", "ai đã đọc gì, để làm gì", "who read what, and what for")
	add("/me/sessions", "Phiên đăng nhập, thiết bị", "Logins and devices", "bạn đang đăng nhập ở đâu; kết thúc từng phiên", "where you are logged in; end each")
	add("/me/locks", "Khóa và mở khóa", "Locks", "căn cước điện tử, tài khoản: mẫu TK03", "the card and the account: form TK03")
	add("/me/residence", "Cư trú, hộ gia đình", "Residence and household", "nơi thường trú, chủ hộ, thành viên", "where you are registered, and with whom")
	add("/me/dependants", "Người phụ thuộc", "Dependants", "con dưới 14 tuổi, người được giám hộ", "children under 14, wards")
	add("/me/health", "Sổ sức khỏe điện tử", "Health record", "chỉ bạn mở và xuất trình", "you alone open and show it")
	add("/me/stays", "Thông báo lưu trú", "Notice of a stay", "khách ở nhà bạn, hoặc chính bạn", "a guest at your home, or yourself")
	add("/me/filings", "Hồ sơ, phản ánh", "Filings and reports", "cư trú, lý lịch tư pháp, phản ánh an ninh trật tự", "residence, judicial record, reports")
	add("/me/bills", "Hóa đơn", "Bills", "điện, nước, chuyển tiền: trang minh họa", "electricity, water, transfers: a page alone")
	if a.Level < 2 {
		add("/me/level2", "Tài khoản mức độ 2", "Account level 2", "có thêm gì, làm ở đâu", "what it adds, and where to get it")
	}
	return out
}

// large shows one code alone, to hold under a scanner. A browser without the script loads
// the page again when the code is over.
func (c *app) large(w http.ResponseWriter, r *http.Request, me platform.Session) {
	page := struct {
		Kind string
		Name ui.Text
		Code *ui.Code
	}{Kind: r.PathValue("kind")}
	var err error
	switch page.Kind {
	case "dynamic":
		page.Name = ui.Text{Vi: "Mã QR định danh", En: "Identification code"}
		page.Code, err = c.dynamic(r.Context(), me.Account.ID)
		w.Header().Set("Refresh", strconv.Itoa(int(dynamicLife.Seconds())))
	case "static":
		page.Name = ui.Text{Vi: "Mã QR căn cước", En: "Card code"}
		page.Code, err = c.static(r.Context(), me.Account.ID)
	default:
		http.NotFound(w, r)
		return
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.show(w, r, "large", page)
}
