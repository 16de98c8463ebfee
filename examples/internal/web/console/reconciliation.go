package console

import (
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// reconPage is the list of one day in Vietnam.
type reconPage struct {
	page
	Day      string // yyyy-MM-dd, as the field has it
	Printed  string
	Rows     []reconRow
	Billable int
}

type reconRow struct {
	platform.ReconRow
	Kind, Outcome ui.Text
}

var vietnam = time.FixedZone("UTC+7", 7*60*60)

func (d *desk) reconciliation(v *visit) {
	day, err := time.ParseInLocation(time.DateOnly, v.r.URL.Query().Get("day"), vietnam)
	if err != nil {
		day = d.Platform.Now().In(vietnam)
	}
	p := reconPage{page: v.page(), Day: day.Format(time.DateOnly)}
	on, err := vneid.NewDate(day.Date())
	if err != nil {
		d.Fail(v.w, v.r, err)
		return
	}
	rows, err := d.Platform.Reconciliation(v.r.Context(), v.client.ID, on)
	if err != nil {
		d.Fail(v.w, v.r, err)
		return
	}
	p.Printed = on.Printed()
	for _, row := range rows {
		if row.Billable {
			p.Billable++
		}
		p.Rows = append(p.Rows, reconRow{row, kindText(document.Kind(row.Kind)), outcomeText(row.Outcome)})
	}
	d.Render(v.w, v.r, v.who, http.StatusOK, "reconciliation", p)
}

func outcomeText(code string) ui.Text {
	if t, ok := outcomes[code]; ok {
		return t
	}
	return ui.Text{Vi: code, En: code}
}

var outcomes = map[string]ui.Text{
	"pending":   {Vi: "đang chờ trả lời", En: "waiting for an answer"},
	"approved":  {Vi: "đồng ý, chưa lấy", En: "agreed, not fetched"},
	"partial":   {Vi: "đồng ý một phần, chưa lấy", En: "agreed in part, not fetched"},
	"delivered": {Vi: "đã cung cấp", En: "delivered"},
	"declined":  {Vi: "không chia sẻ hoặc không có", En: "declined, or not there"},
	"denied":    {Vi: "từ chối tất cả", En: "everything declined"},
	"expired":   {Vi: "hết hạn", En: "expired"},
	"withdrawn": {Vi: "đã rút lại", En: "withdrawn"},
	"given-up":  {Vi: "đơn vị đã thôi", En: "given up by the relying party"},
	"over":      {Vi: "đã xong", En: "over"},
}
