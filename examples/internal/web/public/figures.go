package public

import (
	"fmt"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// Figure is a number as a published text gave it.
type Figure struct {
	ID     string  `json:"id"`
	Label  ui.Text `json:"label"`
	Value  float64 `json:"value"`
	Shown  string  `json:"shown"` // as the text writes it, such as 68,4 triệu
	About  string  `json:"about"` // exactly, nearly or over: how the text hedges it
	Day    string  `json:"day"`   // yyyy-MM-dd, of which it speaks
	Source string  `json:"source"`
}

// Hedge is what the text says of a figure's precision.
func (f Figure) Hedge() ui.Text {
	switch f.About {
	case "nearly":
		return ui.Text{Vi: "gần", En: "nearly"}
	case "over":
		return ui.Text{Vi: "hơn", En: "over"}
	}
	return ui.Text{}
}

// Printed is the day as people in Vietnam write it.
func (f Figure) Printed() string { return f.Day[8:] + "/" + f.Day[5:7] + "/" + f.Day[:4] }

// Source is a published text.
type Source struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Date  string `json:"date"` // of the text; empty: it has none
}

// Sources are the texts that the figures come from.
func Sources() []Source {
	return []Source{
		{"install-guide", "Hướng dẫn cài đặt định danh điện tử", ""},
		{"utilities-guide", "Hướng dẫn sử dụng các tiện ích tài khoản định danh điện tử (VNeID) mức 1, 2", "2024-03-10"},
		{"eid-display", "Hiển thị căn cước điện tử trên VNeID từ 1/7", "2024-07-03"},
	}
}

const (
	autumn2022 = "2022-10-20"
	spring2024 = "2024-03-10"
	summer2024 = "2024-07-03"
)

// Figures are the numbers, the oldest first. Two counts of one thing on two days stand
// beside each other; none is compared with a count of another thing.
func Figures() []Figure {
	return []Figure{
		{"approved-2022", ui.Text{Vi: "Tài khoản được phê duyệt", En: "Accounts approved"}, 11.2e6, "11,2 triệu", "nearly", autumn2022, "install-guide"},
		{"level1-2022", ui.Text{Vi: "trong đó mức độ 1", En: "of these level 1"}, 153_000, "153.000", "nearly", autumn2022, "install-guide"},
		{"level2-2022", ui.Text{Vi: "trong đó mức độ 2", En: "of these level 2"}, 11e6, "11 triệu", "over", autumn2022, "install-guide"},
		{"health-2022", ui.Text{Vi: "Duyệt tích hợp bảo hiểm y tế", En: "Health insurance approved for integration"}, 1e6, "1 triệu", "over", autumn2022, "install-guide"},
		{"licence-2022", ui.Text{Vi: "Duyệt tích hợp giấy phép lái xe", En: "Driving licences approved for integration"}, 200_000, "200.000", "exactly", autumn2022, "install-guide"},
		{"logins-2022", ui.Text{Vi: "Lượt đăng nhập Cổng Dịch vụ công quốc gia", En: "Logins at the National Public Service Portal"}, 30_000, "30.000", "exactly", autumn2022, "install-guide"},
		{"issued-2024", ui.Text{Vi: "Tài khoản đã cấp", En: "Accounts issued"}, 68.4e6, "68,4 triệu", "exactly", spring2024, "utilities-guide"},
		{"level1-2024", ui.Text{Vi: "trong đó mức 1", En: "of these level 1"}, 15e6, "15 triệu", "exactly", spring2024, "utilities-guide"},
		{"level2-2024", ui.Text{Vi: "trong đó mức 2", En: "of these level 2"}, 53.4e6, "53,4 triệu", "exactly", spring2024, "utilities-guide"},
		{"active-2024", ui.Text{Vi: "Tài khoản đã kích hoạt, dùng thường xuyên", En: "Accounts activated and in regular use"}, 52.5e6, "52,5 triệu", "exactly", spring2024, "utilities-guide"},
		{"utilities-2024", ui.Text{Vi: "Tiện ích đã triển khai", En: "Utilities in service"}, 12, "12", "exactly", summer2024, "eid-display"},
		{"uses-2024", ui.Text{Vi: "Lượt truy cập, sử dụng mỗi ngày", En: "Uses a day"}, 1.5e6, "1,5 triệu", "over", summer2024, "eid-display"},
	}
}

// bar is one column of the chart: accounts of level 2 with those of level 1 on top.
type bar struct {
	Day            string
	Whole          string
	Level1         string
	Level2         string
	X, Y1, H1      int
	Y2, H2, LabelY int
}

// The chart's own measures, in the units of its view box.
const (
	chartBase = 180
	chartUnit = 2.1 // for a million accounts
	chartStep = 160
)

// bars draws the accounts of the two days that the texts divide by level. In 2022 both
// parts are hedged, so that the whole is what the text says and not their sum.
func bars() (out []bar) {
	value := map[string]Figure{}
	for _, f := range Figures() {
		value[f.ID] = f
	}
	for i, year := range []string{"2022", "2024"} {
		whole := value["approved-2022"]
		if year == "2024" {
			whole = value["issued-2024"]
		}
		one, two := value["level1-"+year], value["level2-"+year]
		b := bar{Day: whole.Printed(), Whole: whole.Shown, Level1: one.Shown, Level2: two.Shown, X: 60 + i*chartStep}
		b.H2 = int(two.Value / 1e6 * chartUnit)
		b.H1 = max(1, int(one.Value/1e6*chartUnit))
		b.Y2 = chartBase - b.H2
		b.Y1 = b.Y2 - b.H1
		b.LabelY = b.Y1 - 8
		out = append(out, b)
	}
	return out
}

// Text says the bar in words, for those who do not see it.
func (b bar) Text() ui.Text {
	return ui.Text{
		Vi: fmt.Sprintf("%s: %s tài khoản, mức 1: %s, mức 2: %s", b.Day, b.Whole, b.Level1, b.Level2),
		En: fmt.Sprintf("%s: %s accounts, level 1: %s, level 2: %s", b.Day, b.Whole, b.Level1, b.Level2),
	}
}
