package stays

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const bom = "\ufeff"

// formulas are the first letters that make a spreadsheet calculate what a cell says
// (OWASP: CSV injection), the full-width ones among them.
const formulas = "=+-@\t\r\n＝＋－＠"

// safeCell writes text so that it stays text.
func safeCell(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune(formulas, first) {
		return "'" + s
	}
	return s
}

// plainCell takes back what safeCell put on.
func plainCell(s string) string {
	rest, quoted := strings.CutPrefix(s, "'")
	if first, _ := utf8.DecodeRuneInString(rest); quoted && rest != "" && strings.ContainsRune(formulas, first) {
		return rest
	}
	return s
}

// table writes rows that no spreadsheet calculates.
func table(w io.Writer, rows [][]string) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	for _, cells := range rows {
		for i := range cells {
			cells[i] = safeCell(cells[i])
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// pick chooses a language: Vietnamese unless english.
func pick(english bool, vi, en string) string {
	if english {
		return en
	}
	return vi
}

// WriteCSV writes stays so that ReadCSV reads them again; of none, the headings: a form
// to fill in. It holds personal data: it is the hotel's own book.
func WriteCSV(w io.Writer, stays []Stay, english bool) error {
	all := columns()
	head := make([]string, len(all))
	for i, c := range all {
		head[i] = pick(english, c.vi, c.en)
	}
	rows := [][]string{head}
	for i, s := range stays {
		cells := make([]string, len(all))
		for j, c := range all {
			cells[j] = c.write(i, s)
		}
		rows = append(rows, cells)
	}
	return table(w, rows)
}

// WriteAnswers writes what became of each row, and what to do about it: the file to work
// through at the desk. answers are those of Submit for stays. It has names and no numbers.
func WriteAnswers(w io.Writer, stays []Stay, answers []Answer, english bool) error {
	if len(stays) != len(answers) {
		return errors.New("stays: as many answers as stays are needed")
	}
	rows := [][]string{{
		pick(english, "STT", "No."), pick(english, "Cơ sở", "Facility"), pick(english, "Phòng", "Room"), pick(english, "Họ và tên", "Full name"),
		pick(english, "Nguồn", "Source"), pick(english, "Kết quả", "Result"), pick(english, "Mã thông báo", "Notice"),
		pick(english, "Hạn thông báo", "Deadline"), pick(english, "Trễ hạn", "Late"), pick(english, "Việc cần làm", "What to do"),
	}}
	for i, a := range answers {
		s := stays[i]
		vi, en := s.Guest.Source().Text()
		result, todo := outcome(a, english)
		late := ""
		if a.Late {
			late = pick(english, "trễ", "late")
		}
		rows = append(rows, []string{row(a.Row), s.Facility, s.Room, s.Guest.Name(), pick(english, vi, en), result, a.ID, writeArrival(a.Deadline), late, todo})
	}
	return table(w, rows)
}

// outcome words an answer.
func outcome(a Answer, english bool) (result, todo string) {
	var foreign *ForeignerError
	var e *Error
	switch {
	case a.Err == nil && a.State == Cancelled:
		return pick(english, "đã hủy", "cancelled"), ""
	case a.Err == nil && a.Again:
		return pick(english, "đã tiếp nhận từ trước", "taken before"), ""
	case a.Err == nil:
		return pick(english, "đã tiếp nhận", "taken"), ""
	case errors.As(a.Err, &foreign):
		result = pick(english, "người nước ngoài", "foreigner")
	case errors.Is(a.Err, vneid.ErrUnavailable):
		result = pick(english, "chưa gửi được", "not sent")
	case errors.As(a.Err, &e) && e.Code == servicewire.Duplicate:
		result = pick(english, "đã có thông báo", "notified already")
	default:
		result = pick(english, "bị từ chối", "refused")
	}
	vi, en := vneid.Advice(a.Err)
	return result, pick(english, vi, en)
}

// Foreigners returns the stays of foreigners among stays, for WriteForeigners.
func Foreigners(stays []Stay) (out []Stay) {
	for _, s := range stays {
		if s.bad == nil && !s.Guest.IsZero() && s.Guest.Foreign() {
			out = append(out, s)
		}
	}
	return out
}

// WriteForeigners writes the list of the foreigners among stays, for their own procedure
// (khai báo tạm trú cho người nước ngoài). It is the project's table, not that
// procedure's form.
func WriteForeigners(w io.Writer, stays []Stay, english bool) error {
	rows := [][]string{{
		pick(english, "STT", "No."), pick(english, "Cơ sở", "Facility"), pick(english, "Phòng", "Room"), pick(english, "Họ và tên", "Full name"),
		pick(english, "Giới tính", "Sex"), pick(english, "Ngày sinh", "Birth"), pick(english, "Quốc tịch", "Nationality"), pick(english, "Số hộ chiếu", "Passport"),
		pick(english, "Số định danh người nước ngoài", "Foreigner's number"), pick(english, "Giờ đến", "Arrival"), pick(english, "Ngày đi", "Leaving"),
	}}
	for i, s := range Foreigners(stays) {
		r, passport := s.Guest.Reveal()
		rows = append(rows, []string{row(i + 1), s.Facility, s.Room, r.Name, sexWord(r.Sex), r.Birth.Printed(), r.Nationality, passport,
			r.ForeignerID, writeArrival(s.Arrive), s.Leave.Printed()})
	}
	return table(w, rows)
}
