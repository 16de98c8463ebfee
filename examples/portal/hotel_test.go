package main

import (
	"bytes"
	"encoding/csv"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/qr/qrimage"
)

// note posts the form of one guest, and shows the book.
func (w *world) note(fields map[string]string, picture []byte) answer {
	w.t.Helper()
	full := map[string]string{"facility": "hotel-1", "room": "302", "arrive": w.here(0).Format("2006-01-02T15:04"), "leave": w.here(48 * time.Hour).Format("2006-01-02")}
	for name, value := range fields {
		full[name] = value
	}
	return w.form("/hotel/guest", full, "picture", "card.png", picture)
}

// here is the time in Vietnam.
func (w *world) here(later time.Duration) time.Time { return w.clock.Now().Add(later).In(vietnam) }

func (w *world) form(path string, fields map[string]string, file, name string, data []byte) answer {
	w.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, v := range fields {
		m.WriteField(k, v)
	}
	if data != nil {
		part, _ := m.CreateFormFile(file, name)
		part.Write(data)
	}
	m.Close()
	return w.do("POST", w.portal+path, m.FormDataContentType(), body.String())
}

func (w *world) act(action string, fields url.Values) answer {
	w.t.Helper()
	return w.do("POST", w.portal+"/hotel/"+action, "application/x-www-form-urlencoded", fields.Encode())
}

// setHour makes it that hour in Vietnam tomorrow: codes must not be older than their
// verifier.
func (w *world) setHour(hour, minute int) {
	y, m, d := time.Now().In(vietnam).Date()
	w.clock.Set(time.Date(y, m, d+1, hour, minute, 30, 0, vietnam))
}

// on is a day as pages write it, counted from the evening.
func on(days int) string { return time.Now().In(vietnam).AddDate(0, 0, days+1).Format("02/01/2006") }

func TestAnEveningAtTheReception(t *testing.T) {
	w := newWorld(t)
	w.setHour(20, 50)
	page := w.get("/hotel")
	page.must(t, 200, "Thông báo lưu trú", "23:00:00 "+on(0), "còn 2 giờ", platform.Banner)
	if strings.Contains(page.body, "<script>") {
		t.Error("the page needs scripts")
	}
	// A code, the text of a card, a typed child with them, a foreigner.
	w.note(map[string]string{"text": w.issue(platform.CodeRequest{Kind: qr.Dynamic, Holder: qr.HolderLogin})}, nil).must(t, 200, "Nguyễn Văn An", "mã QR có chữ ký, đã xác minh", "*********001", "Chưa gửi")
	w.note(map[string]string{"text": "999090000003||Nguyễn Văn Ba|28021990|Nam|Phường Mẫu|15082024", "room": "303"}, nil).must(t, 200, "Nguyễn Văn Ba", "chỉ đọc chữ in trên thẻ, chưa xác thực")
	w.note(map[string]string{"name": "Nguyễn Thị Bé", "birth": "05/05/2020", "with": "1"}, nil).must(t, 200, "Nguyễn Thị Bé", "đi cùng khách số 1")
	w.note(map[string]string{"name": "JOHN EXAMPLE", "nationality": "UTO", "passport": "P0000001"}, nil).must(t, 200, "JOHN EXAMPLE", "Người nước ngoài", "3 khách chưa thông báo")
	sent := w.act("send", nil)
	sent.must(t, 200, "Số khách vừa được tiếp nhận: 3", "Đã tiếp nhận", "Luật 47/2014/QH13")
	if n := strings.Count(sent.body, "<strong>Đã tiếp nhận</strong>"); n != 3 {
		t.Errorf("%d taken", n)
	}
	w.act("send", nil).must(t, 200, "Số khách vừa được tiếp nhận: 0")
	for _, full := range []string{"999090000001", "999090000003", "P0000001"} {
		if strings.Contains(sent.body, full) {
			t.Errorf("the page shows %s", full)
		}
	}
	inbox, err := w.site.Platform.Inbox(t.Context(), "level2", 10)
	if err != nil || len(inbox) != 1 {
		t.Errorf("the guest was told %+v, %v", inbox, err)
	}
	// Another browser sees nothing of it.
	if other := (&world{t: t, portal: w.portal, site: w.site, clock: w.clock, log: w.log, Client: &http.Client{}}).get("/hotel"); strings.Contains(other.body, "Nguyễn Văn An") {
		t.Error("another receptionist's browser shows the book")
	}
}

func TestCorrectionsAndCancellationsAtTheReception(t *testing.T) {
	w := newWorld(t)
	w.setHour(20, 0)
	w.note(map[string]string{"text": w.issue(platform.CodeRequest{Kind: qr.Dynamic})}, nil)
	w.note(map[string]string{"name": "Nguyễn Thị Bé", "birth": "05/05/2020", "with": "1"}, nil)
	w.act("send", nil).must(t, 200, "tiếp nhận: 2")
	w.act("room", url.Values{"row": {"1"}, "room": {"405"}}).must(t, 200, "Đã sửa phòng của khách số 1", "405")
	w.act("room", url.Values{"row": {"2"}, "room": {"405"}}).must(t, 200, "Đã sửa phòng của khách số 2")
	w.act("remove", url.Values{"row": {"1"}}).must(t, 200, "Không đọc được nội dung") // it is notified: cancel it
	w.act("cancel", url.Values{"row": {"1"}}).must(t, 200, "Đã hủy thông báo của khách số 1", "Hủy nhầm")
	w.act("again", url.Values{"row": {"1"}}).must(t, 200, "Đã ghi lại khách số 1")
	w.act("send", nil).must(t, 200, "tiếp nhận: 1")
	w.act("cancel", url.Values{"row": {"9"}}).must(t, 200, "Không đọc được nội dung")
	for _, row := range []string{"", "0", "-1", "x"} {
		w.act("room", url.Values{"row": {row}, "room": {"1"}}).must(t, 200, "Không đọc được nội dung")
	}
}

func TestTheDeadlineIsShownAndPassed(t *testing.T) {
	w := newWorld(t)
	w.setHour(22, 30)
	w.note(map[string]string{"name": "Nguyễn Văn Bốn", "number": "999090000044"}, nil).must(t, 200, "1 khách chưa thông báo", "23:00:00 "+on(0))
	w.setHour(23, 20)
	w.get("/hotel").must(t, 200, "đã trễ", "Vẫn phải gửi")
	w.act("send", nil).must(t, 200, "Đã tiếp nhận, trễ hạn")
	w.get("/hotel").must(t, 200, "08:00:00 "+on(1), "còn 8 giờ") // for who comes now
}

func TestAnEveningFromAFile(t *testing.T) {
	w := newWorld(t)
	w.setHour(21, 0)
	w.note(map[string]string{"name": "Nguyễn Văn Trước", "number": "999090000055"}, nil)
	file := "\ufeffSTT;Họ và tên;Số định danh;Ngày sinh;Quốc tịch;Số hộ chiếu;Giờ đến;Ngày đi;Phòng;Đi cùng\r\n" +
		"1;Nguyễn Văn An;999090000001;28/02/1990;;;" + on(0) + " 20:00;" + on(2) + ";302;\r\n" +
		"2;Nguyễn Thị Bé;;05/05/2020;;;" + on(0) + " 20:00;" + on(2) + ";302;1\r\n" +
		"3;=cmd|' /C calc'!A0;;24/12/1980;UTO;P0000001;" + on(0) + " 20:00;" + on(2) + ";303;\r\n" +
		"4;Trần Văn Sáu;1090000006;;;;" + on(0) + " 20:00;" + on(2) + ";304;\r\n"
	w.form("/hotel/file", map[string]string{"facility": "hotel-2"}, "file", "toi.csv", []byte(file)).must(t, 200, "Đã đọc 4 khách", "Nhà nghỉ Mẫu 2", "đi cùng khách số 2")
	w.act("send", nil).must(t, 200, "tiếp nhận: 3", "Số định danh phải đủ 12 chữ số", "Người nước ngoài")
	answers := w.get("/hotel/answers.csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(answers.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 6 || rows[4][3] != "'=cmd|' /C calc'!A0" || !strings.HasPrefix(answers.header.Get("Content-Type"), "text/csv") || !strings.Contains(answers.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%v %v", rows, err)
	}
	if foreign := w.get("/hotel/foreigners.csv"); strings.Count(foreign.body, "\r\n") != 2 || !strings.Contains(foreign.body, "P0000001") {
		t.Errorf("%s", foreign.body)
	}
	if form := w.get("/hotel/form.csv"); !strings.Contains(form.body, "Họ và tên") || strings.Count(form.body, "\r\n") != 1 {
		t.Errorf("%s", form.body)
	}
	w.get("/hotel/else.csv").must(t, 404)
	w.form("/hotel/file", nil, "file", "x.csv", []byte("a,b\n1,2\n")).must(t, 200, "Không đọc được nội dung")
	w.act("remove", url.Values{"row": {"5"}}).must(t, 200)
	if page := w.get("/hotel"); strings.Contains(page.body, "Trần Văn Sáu") {
		t.Error("still in the book")
	}
}

func TestAPictureAtTheReceptionIsReadAndNotKept(t *testing.T) {
	w := newWorld(t)
	w.setHour(20, 0)
	symbol, err := qrimage.Draw(w.issue(platform.CodeRequest{Kind: qr.Dynamic}), 0)
	if err != nil {
		t.Fatal(err)
	}
	w.note(nil, symbol.PNG(6)).must(t, 200, "Nguyễn Văn An", "đã xác minh")
	w.note(nil, []byte("no picture")).must(t, 200, "Không đọc được nội dung")
}

func TestThePlatformsTroubleIsShownRowByRow(t *testing.T) {
	w := newWorld(t)
	w.setHour(20, 0)
	w.note(map[string]string{"name": "Nguyễn Văn Bốn", "number": "999090000044"}, nil)
	if err := w.site.Platform.Break("", "services-lost"); err != nil {
		t.Fatal(err)
	}
	w.act("send", nil).must(t, 200, "Chưa gửi được", "tiếp nhận: 0")
	w.site.Platform.Heal("")
	w.act("send", nil).must(t, 200, "tiếp nhận: 1", "Đã tiếp nhận")
	if strings.Contains(w.log.String(), "999090000044") || strings.Contains(w.log.String(), "Bốn") {
		t.Error("the log tells of a guest")
	}
}

func TestFormsOfOtherSitesDoNotReachTheReception(t *testing.T) {
	w := newWorld(t)
	for _, action := range []string{"guest", "file", "send", "room", "cancel", "again", "remove"} {
		if a := w.do("POST", w.portal+"/hotel/"+action, "application/x-www-form-urlencoded", "row=1", "Sec-Fetch-Site", "cross-site"); a.status != 403 {
			t.Errorf("%s: %d", action, a.status)
		}
	}
	page := w.get("/hotel")
	for _, m := range regexp.MustCompile(`<form[^>]*action="([^"]+)"`).FindAllStringSubmatch(page.body, -1) {
		if !strings.HasPrefix(m[1], "/hotel/") {
			t.Errorf("a form leads to %s", m[1])
		}
	}
}
