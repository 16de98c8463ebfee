package web

import (
	"strconv"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/lab"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/personas/crowd"
)

// person is one of the cast, as the home page introduces them.
type person struct {
	Handle, Name, Number string
	Password             string // empty: the first one comes by message
	Level                int    // 0: no account
	About                ui.Text
}

// people returns the whole cast.
func people() []person {
	var list []person
	for _, p := range personas.All() {
		list = append(list, person{
			Handle: p.Handle, Name: p.Record.Name, Number: p.Username(), Password: p.Account.Password,
			Level: int(p.Account.Level), About: ui.Text{Vi: aboutVi[p.Handle], En: p.About},
		})
	}
	return list
}

// maxListed bounds the lab's list: of more people the others are found by their number.
const maxListed = 5000

// everybody is the cast and then the generated people, for the lab's list.
func (s *Site) everybody() (out []lab.Person) {
	for _, p := range people() {
		out = append(out, lab.Person{Handle: p.Handle, Name: p.Name, Number: p.Number, Level: p.Level, Password: p.Password, About: p.About, Cast: true})
	}
	if s.cfg.People == nil {
		return out
	}
	for p := range s.cfg.People {
		if len(out) >= maxListed {
			break
		}
		one := lab.Person{Handle: p.Handle, Name: p.Record.Name, Number: p.Username(), Level: int(p.Account.Level), Password: p.Account.Password, About: ui.Text{Vi: p.About, En: p.About}}
		if digits, ok := strings.CutPrefix(p.Handle, "crowd-"); ok {
			if n, err := strconv.Atoi(digits); err == nil {
				one.About.Vi = crowd.TraitOf(n).Vi
			}
		}
		out = append(out, one)
	}
	return out
}

// aboutVi says in Vietnamese what each person is for; package personas says it in
// English.
var aboutVi = map[string]string{
	"level2":          "tài khoản mức độ 2, mọi thứ bình thường: hãy bắt đầu với người này",
	"level1":          "tài khoản mức độ 1: đăng ký trong ứng dụng, chưa đến cơ quan công an",
	"namesake":        "trùng họ tên và ngày sinh với level2 nhưng là người khác",
	"no-app":          "tài khoản mức độ 2, điện thoại không cài ứng dụng: chỉ nhận được tin nhắn",
	"first-login":     "mật khẩu lần đầu nằm trong tin nhắn và phải đổi",
	"no-account":      "có thẻ nhưng chưa đăng ký tài khoản",
	"eid-locked":      "căn cước điện tử bị khóa: đăng nhập mức độ 1 được, mức độ 2 thì không",
	"account-locked":  "tài khoản định danh bị khóa: không đăng nhập được",
	"minor":           "trẻ từ đủ 6 đến dưới 14 tuổi, có hai người đại diện",
	"infant":          "trẻ dưới 6 tuổi: chỉ có tài khoản mức độ 1, do người đại diện đăng ký",
	"teen":            "trẻ 15 tuổi có tài khoản mức độ 2: chỉ chia sẻ khi người đại diện cùng đồng ý",
	"guardian":        "mẹ của minor, infant và teen, người giám hộ của ward",
	"ward":            "người thành niên được giám hộ",
	"expired-card":    "CCCD cấp năm 2021, hết hạn khi đủ 25 tuổi",
	"no-expiry":       "thẻ không thời hạn",
	"old-cmnd":        "từng có CMND 9 số",
	"old-cmnd-12":     "từng có CMND 12 số",
	"reissued":        "có số định danh cũ đã hủy bên cạnh số hiện tại",
	"birth-year-only": "chỉ biết năm sinh",
	"highlander":      "họ tên có dấu nháy, của dân tộc không đặt họ ở đầu",
	"foreigner":       "người nước ngoài cư trú: có số riêng, không có thẻ",
	"long-name":       "họ tên dài bốn mươi chữ cái, quá sức chứa dòng MRZ của thẻ",
}
