package main

import (
	"errors"
	"strconv"

	"github.com/vneid-sdk/vneid-go/examples/internal/facts"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

type named struct {
	name string
	ui.Text
}

var codes = map[qr.Kind]named{
	qr.Dynamic:  {"dynamic", ui.Text{Vi: "Mã QR định danh (dùng một lần)", En: "Identification code (one-time)"}},
	qr.Static:   {"card", ui.Text{Vi: "Mã QR căn cước", En: "Card code"}},
	qr.Document: {"document", ui.Text{Vi: "Mã xuất trình giấy tờ (dùng một lần)", En: "A document presented by code (one-time)"}},
}

var holders = map[qr.Holder]named{
	qr.HolderNone:   {"none", ui.Text{Vi: "Không rõ: mã có thể là bản sao, hãy đối chiếu người với giấy tờ", En: "Not known: the code may be a copy, compare the person with a document"}},
	qr.HolderDevice: {"device", ui.Text{Vi: "Thiết bị đã đăng ký, do chủ tài khoản mở khóa", En: "The registered device, unlocked by its owner"}},
	qr.HolderCard:   {"card", ui.Text{Vi: "Có chip của thẻ", En: "The card's chip was present"}},
	qr.HolderLogin:  {"login", ui.Text{Vi: "Vừa đăng nhập", En: "Just logged in"}},
}

// facts are what the code says, in the order of a card.
func (r result) facts(o *options) []facts.Fact {
	var out []facts.Fact
	add := func(vi, en, value string) {
		out = append(out, facts.Fact{Label: ui.Text{Vi: vi, En: en}, Value: value})
	}
	if c := r.credential; c != nil {
		add("Loại mã", "Code", codes[c.Kind()].In(o.lang))
		add("Nơi cấp mã", "Issuer", c.Issuer())
		add("Tài khoản định danh điện tử", "Account", ui.Text{Vi: "mức độ ", En: "level "}.In(o.lang)+strconv.Itoa(int(c.Level())))
		add("Thời điểm tạo mã", "Made", facts.Clock(c.Issued()))
		add("Có giá trị đến", "Valid until", facts.Clock(c.Expires()))
		add("Khi tạo mã", "When it was made", holders[c.Holder()].In(o.lang))
		if c.Kind() == qr.Static && c.Status() == qr.StatusUnchecked {
			add("Tình trạng thu hồi", "Revocation", ui.Text{Vi: "chưa kiểm tra", En: "not checked"}.In(o.lang))
		}
		if c.Kind() != qr.Static && o.redeem == "" {
			add("Dùng một lần", "One-time use", onceHere.In(o.lang))
		}
		if c.Kind() == qr.Document {
			return append(out, r.document(o)...)
		}
	}
	record, ok := r.record()
	if !ok {
		return out
	}
	if !o.reveal {
		add("Số định danh cá nhân", "Personal number", facts.Masked(record))
		return out
	}
	return append(out, facts.Person(record, o.lang)...)
}

// onceHere is what a machine cannot know by itself.
var onceHere = ui.Text{
	Vi: "chỉ kiểm tra tại máy này; chưa hỏi nơi cấp mã đã được dùng ở nơi khác hay chưa",
	En: "checked on this machine only; nobody asked the issuer whether the code was used elsewhere",
}

// record is what the code says about the person, verified or not: the verdict
// stands above it.
func (r result) record() (vneid.Record, bool) {
	switch {
	case r.credential != nil:
		return r.credential.Citizen().Reveal(), r.credential.Document() == ""
	case r.card != nil:
		return r.card.Reveal(), true
	}
	return vneid.Record{}, false
}

func kindOf(err error) string {
	var kind vneid.Kind
	if !errors.As(err, &kind) {
		return ""
	}
	return kind.Error()
}
