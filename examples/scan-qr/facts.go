package main

import (
	"errors"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// fact is a line of the result.
type fact struct {
	label ui.Text
	value string
}

type named struct {
	name string
	ui.Text
}

var codes = map[qr.Kind]named{
	qr.Dynamic: {"dynamic", ui.Text{Vi: "Mã QR định danh (dùng một lần)", En: "Identification code (one-time)"}},
	qr.Static:  {"card", ui.Text{Vi: "Mã QR căn cước", En: "Card code"}},
}

var holders = map[qr.Holder]named{
	qr.HolderNone:   {"none", ui.Text{Vi: "Không rõ: mã có thể là bản sao, hãy đối chiếu người với giấy tờ", En: "Not known: the code may be a copy, compare the person with a document"}},
	qr.HolderDevice: {"device", ui.Text{Vi: "Thiết bị đã đăng ký, do chủ tài khoản mở khóa", En: "The registered device, unlocked by its owner"}},
	qr.HolderCard:   {"card", ui.Text{Vi: "Có chip của thẻ", En: "The card's chip was present"}},
	qr.HolderLogin:  {"login", ui.Text{Vi: "Vừa đăng nhập", En: "Just logged in"}},
}

// facts are what the code says, in the order of a card.
func (r result) facts(o *options) []fact {
	var out []fact
	add := func(vi, en, value string) { out = append(out, fact{ui.Text{Vi: vi, En: en}, value}) }
	if c := r.credential; c != nil {
		add("Loại mã", "Code", codes[c.Kind()].In(o.lang))
		add("Nơi cấp mã", "Issuer", c.Issuer())
		add("Tài khoản định danh điện tử", "Account", ui.Text{Vi: "mức độ ", En: "level "}.In(o.lang)+strconv.Itoa(int(c.Level())))
		add("Thời điểm tạo mã", "Made", clock(c.Issued()))
		add("Có giá trị đến", "Valid until", clock(c.Expires()))
		add("Khi tạo mã", "When it was made", holders[c.Holder()].In(o.lang))
		if c.Kind() == qr.Static && c.Status() == qr.StatusUnchecked {
			add("Tình trạng thu hồi", "Revocation", ui.Text{Vi: "chưa kiểm tra", En: "not checked"}.In(o.lang))
		}
	}
	record, ok := r.record()
	if !ok {
		return out
	}
	if !o.reveal {
		add("Số định danh cá nhân", "Personal number", masked(record))
		return out
	}
	return append(out, person(record, o.lang)...)
}

// person is everything about the person, for those who asked with -reveal.
func person(r vneid.Record, lang ui.Lang) []fact {
	var out []fact
	add := func(vi, en, value string) { out = append(out, fact{ui.Text{Vi: vi, En: en}, value}) }
	add("Số định danh cá nhân", "Personal number", r.ID)
	add("Số của người nước ngoài", "Foreigner's number", r.ForeignerID)
	add("Họ, chữ đệm và tên khai sinh", "Full name", r.Name)
	add("Ngày sinh", "Date of birth", r.Birth.Printed())
	switch r.Sex {
	case vneid.Male:
		add("Giới tính", "Sex", ui.Text{Vi: "Nam", En: "Male"}.In(lang))
	case vneid.Female:
		add("Giới tính", "Sex", ui.Text{Vi: "Nữ", En: "Female"}.In(lang))
	}
	add("Quốc tịch", "Nationality", r.Nationality)
	add("Quê quán", "Place of origin", r.Origin.Text)
	add("Nơi cư trú", "Residence", r.Residence.Text)
	add("Số CMND cũ", "Old number", r.OldID)
	for _, id := range r.FormerIDs {
		add("Số định danh đã hủy", "Cancelled number", id)
	}
	add("Ngày cấp thẻ", "Card issued", r.CardIssued.Printed())
	add("Thẻ có giá trị đến", "Card expires", r.CardExpires.Printed())
	add("Nơi cấp thẻ", "Card issued by", r.CardIssuer)
	add("Họ tên cha", "Father", r.Father)
	add("Họ tên mẹ", "Mother", r.Mother)
	return out
}

// record is what the code says about the person, verified or not: the verdict
// stands above it.
func (r result) record() (vneid.Record, bool) {
	switch {
	case r.credential != nil:
		return r.credential.Citizen().Reveal(), true
	case r.card != nil:
		return r.card.Reveal(), true
	}
	return vneid.Record{}, false
}

// masked shows the last digits.
func masked(r vneid.Record) string {
	if id, err := vneid.ParseCitizenID(r.ID); err == nil {
		return id.String()
	}
	return ""
}

func clock(t time.Time) string { return t.In(vietnam).Format("02/01/2006 15:04") }

func kindOf(err error) string {
	var kind vneid.Kind
	if !errors.As(err, &kind) {
		return ""
	}
	return kind.Error()
}
