package main

import (
	"strconv"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/facts"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// document is what a document's code says. Without -reveal only what an inspector
// decides by: what may be driven, not by whom.
func (r result) document(o *options) []facts.Fact {
	kind := r.credential.Document()
	vi, en := kind.Label()
	out := lines{o: o}
	out.add("Giấy tờ", "Document", ui.Text{Vi: vi, En: en}.In(o.lang))
	out.add("Trạng thái", "State", ui.Text{Vi: "đã được xác thực", En: "verified"}.In(o.lang))
	switch p := r.paper().(type) {
	case paper.DriverLicence:
		out.licence(p)
	case paper.VehicleRegistration:
		out.vehicle(p)
	case paper.HealthInsurance:
		out.insured(p)
	}
	return out.facts
}

// paper is the document that was presented; nil if none was.
func (r result) paper() (p paper.Paper) {
	var err error
	switch r.credential.Document() {
	case document.DriverLicence:
		p, err = qr.Reveal[paper.DriverLicence](r.credential)
	case document.VehicleRegistration:
		p, err = qr.Reveal[paper.VehicleRegistration](r.credential)
	case document.HealthInsurance:
		p, err = qr.Reveal[paper.HealthInsurance](r.credential)
	}
	if err != nil {
		return nil
	}
	return p
}

type lines struct {
	o     *options
	facts []facts.Fact
}

func (l *lines) add(vi, en, value string) {
	l.facts = append(l.facts, facts.Fact{Label: ui.Text{Vi: vi, En: en}, Value: value})
}

// number shows the last digits, or all of them.
func (l *lines) number(vi, en, value string) {
	if value != "" && !l.o.reveal {
		letters := []rune(value)
		value = strings.Repeat("*", max(0, len(letters)-3)) + string(letters[max(0, len(letters)-3):])
	}
	l.add(vi, en, value)
}

// personal adds a line with -reveal only.
func (l *lines) personal(vi, en, value string) {
	if l.o.reveal {
		l.add(vi, en, value)
	}
}

func (l *lines) date(vi, en string, d vneid.Date) { l.personal(vi, en, d.Printed()) }

func (l *lines) licence(p paper.DriverLicence) {
	l.number("Số giấy phép lái xe", "Licence number", p.Number)
	for _, held := range p.Classes {
		text := string(held.Class)
		end := held.Expires
		if end.IsZero() {
			end = p.Expires
		}
		if end.Ended(l.o.clock()) {
			text += ui.Text{Vi: " (đã hết thời hạn)", En: " (expired)"}.In(l.o.lang)
		} else if l.o.reveal && !end.IsZero() {
			text += ui.Text{Vi: ", đến ", En: ", until "}.In(l.o.lang) + end.Printed()
		}
		if held.Limit != "" {
			text += " – " + held.Limit
		}
		l.add("Hạng", "Class", text)
	}
	if p.Points != nil {
		l.add("Điểm còn lại", "Points left", strconv.Itoa(*p.Points))
	}
	l.personal("Họ, chữ đệm và tên", "Full name", p.Name)
	l.date("Ngày sinh", "Date of birth", p.Birth)
	l.date("Ngày cấp", "Issued", p.Issued)
	l.date("Có giá trị đến", "Valid until", p.Expires)
	l.personal("Nơi cấp", "Issued by", p.Authority)
}

func (l *lines) vehicle(p paper.VehicleRegistration) {
	l.number("Biển số", "Plate", p.Plate)
	l.add("Loại xe", "Type", p.Type)
	l.add("Nhãn hiệu", "Brand", strings.TrimSpace(p.Brand+" "+p.Model))
	l.add("Màu sơn", "Colour", p.Paint)
	l.number("Số máy", "Engine number", p.Engine)
	l.number("Số khung", "Chassis number", p.Chassis)
	l.personal("Chủ xe", "Owner", p.Owner)
	l.date("Ngày cấp", "Issued", p.Issued)
	l.date("Có giá trị đến", "Valid until", p.Expires)
	l.personal("Nơi cấp", "Issued by", p.Authority)
}

func (l *lines) insured(p paper.HealthInsurance) {
	l.number("Số thẻ BHYT", "Card number", p.Number)
	if p.Share > 0 {
		l.add("Mức hưởng", "Benefit", strconv.Itoa(p.Share)+" %")
	}
	l.personal("Họ, chữ đệm và tên", "Full name", p.Name)
	l.date("Ngày sinh", "Date of birth", p.Birth)
	l.personal("Nơi đăng ký khám chữa bệnh ban đầu", "Registered facility", p.Facility)
	l.date("Có giá trị từ", "Valid from", p.From)
	l.date("Có giá trị đến", "Valid until", p.Until)
	l.date("Đủ 5 năm liên tục", "Five years on end", p.FiveYears)
}
