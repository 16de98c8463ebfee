package qr

import (
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Warning names something odd about a card's text that a clerk should look at;
// none of it is a reason to refuse by itself. Its values are fixed, fit for a
// metric's label:
//
//	accents-lost         the text came without diacritics (Nu for Nữ)
//	characters-lost      characters were replaced by ? or U+FFFD
//	foreign-letters      the name has letters of another script, or digits
//	reencoded            characters of a wrong character set; not repaired
//	reencoded-big5       UTF-8 was read as Big5; repaired
//	reencoded-latin1     UTF-8 was read as Latin-1 or Windows-1252; repaired
//	reencoded-shift-jis  UTF-8 was read as Shift-JIS; repaired
//	retyped-telex        letters came as Telex keys (Nguyeexn); repaired
//	retyped-vni          letters came as VNI keys (Nguye64n); repaired
//
//	number-birth         the number's digits say another year of birth
//	number-sex           the number's digits say another sex
//	birth-future         born after the day asked about
//	issued-future        issued after the day asked about
//	issued-before-birth  issued before the birth
//	layout-date          issued when cards had the other number of fields
//	layout-unknown       eight or nine fields, which neither model has
type Warning string

// Text says the warning in Vietnamese and English.
func (w Warning) Text() (vi, en string) {
	t := warnings[w]
	return t[0], t[1]
}

var warnings = map[Warning][2]string{
	"accents-lost":        {"Nội dung bị mất dấu tiếng Việt; đối chiếu với mặt thẻ.", "The text has lost its diacritics; compare it with the card."},
	"characters-lost":     {"Một số ký tự không đọc được; đối chiếu với mặt thẻ.", "Some characters were lost; compare the text with the card."},
	"foreign-letters":     {"Họ tên có ký tự lạ; đối chiếu với mặt thẻ.", "The name has unusual characters; compare it with the card."},
	"reencoded":           {"Máy quét dùng sai bảng mã nên chữ bị hỏng; đặt máy quét về UTF-8 rồi quét lại.", "The scanner used a wrong character set; set it to UTF-8 and scan again."},
	"reencoded-big5":      {"Máy quét dùng bảng mã Big5; chữ đã được khôi phục, hãy đối chiếu với mặt thẻ.", "The scanner used Big5; the text was restored, compare it with the card."},
	"reencoded-latin1":    {"Máy quét dùng bảng mã Latin-1; chữ đã được khôi phục, hãy đối chiếu với mặt thẻ.", "The scanner used Latin-1; the text was restored, compare it with the card."},
	"reencoded-shift-jis": {"Máy quét dùng bảng mã Shift-JIS; chữ đã được khôi phục, hãy đối chiếu với mặt thẻ.", "The scanner used Shift-JIS; the text was restored, compare it with the card."},
	"retyped-telex":       {"Máy quét gõ chữ theo kiểu Telex; chữ đã được khôi phục, hãy đối chiếu với mặt thẻ.", "The scanner typed Telex keys; the text was restored, compare it with the card."},
	"retyped-vni":         {"Máy quét gõ chữ theo kiểu VNI; chữ đã được khôi phục, hãy đối chiếu với mặt thẻ.", "The scanner typed VNI keys; the text was restored, compare it with the card."},
	"number-birth":        {"Năm sinh không khớp với số định danh.", "The year of birth does not fit the number."},
	"number-sex":          {"Giới tính không khớp với số định danh.", "The sex does not fit the number."},
	"birth-future":        {"Ngày sinh ở tương lai (kiểm tra giờ máy).", "The date of birth is in the future (check this machine's clock)."},
	"issued-future":       {"Ngày cấp ở tương lai (kiểm tra giờ máy).", "The date of issue is in the future (check this machine's clock)."},
	"issued-before-birth": {"Ngày cấp trước ngày sinh.", "The card was issued before the birth."},
	"layout-date":         {"Số trường không đúng với mẫu thẻ của thời điểm cấp.", "The number of fields is not that of cards issued on that day."},
	"layout-unknown":      {"Số trường không đúng với mẫu thẻ nào đã biết.", "The number of fields is that of no known card."},
}

// warn notes damage once.
func (c *cardText) warn(w Warning) {
	if !slices.Contains(c.damage, w) {
		c.damage = append(c.damage, w)
	}
}

// vietnam is the time zone of the dates on a card.
var vietnam = time.FixedZone("UTC+7", 7*60*60)

// Warnings returns what is odd about the text: first what happened to it on its
// way, then what its fields say against each other and against the day of at
// (zero: that check is left out).
func (c *Card) Warnings(at time.Time) []Warning {
	t := c.text()
	out := slices.Clone(t.damage)
	r := &t.record
	id, err := vneid.ParseCitizenID(r.ID)
	if err != nil {
		return out // the zero Card
	}
	today, _ := vneid.NewDate(at.In(vietnam).Date())
	early, late := t.model == 2024, t.model == 2021
	for _, odd := range []struct {
		w  Warning
		is bool
	}{
		{"number-birth", id.BirthYear() != r.Birth.Year()},
		{"number-sex", id.Sex() != r.Sex},
		{"birth-future", !at.IsZero() && today.Before(r.Birth)},
		{"issued-future", !at.IsZero() && today.Before(r.CardIssued)},
		{"issued-before-birth", r.CardIssued.Before(r.Birth)},
		{"layout-date", early && r.CardIssued.Before(newModel) || late && !r.CardIssued.Before(newModel)},
		{"layout-unknown", t.model == 0},
	} {
		if odd.is {
			out = append(out, odd.w)
		}
	}
	return out
}
