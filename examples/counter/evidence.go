package main

import (
	"fmt"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/examples/internal/facts"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// piece is one piece of evidence, and what came of checking it.
type piece struct {
	Name    ui.Text
	Verdict verdict.Verdict
	Proves  ui.Text // empty where it was refused
	Not     ui.Text // what it does not prove

	rank     rank
	verified bool
	record   vneid.Record  // empty where it was refused: nothing is read out of that
	history  vneid.History // likewise
}

// rank is the order in which values count.
type rank int

const (
	electronicID rank = iota // Law 26/2023/QH15 Art. 33.2
	register                 // login and code: from the register behind it (inferred)
	card                     // the chip
	printed                  // text: counts for nothing
)

func (p *piece) of(c vneid.Citizen) {
	p.verified, p.record, p.history = true, c.Reveal(), c.History()
}

// fromLogin is what a login proves.
func fromLogin(id *sso.Identity, err error) piece {
	p := piece{
		Name: ui.Text{Vi: "Đăng nhập tại quầy (ứng dụng)", En: "Login at the counter (app)"}, rank: register, Verdict: verdict.Of(err),
		Not: ui.Text{Vi: "điện thoại đang trong tay chủ tài khoản, nếu không so khuôn mặt", En: "that the telephone is in its owner's hands, unless faces were compared"},
	}
	if err != nil {
		return p
	}
	a := id.Assurance()
	p.Proves = ui.Text{
		Vi: fmt.Sprintf("chủ tài khoản mức độ %d vừa xác thực mức độ %d, lúc %s", a.Level, a.Auth, facts.Clock(a.At)),
		En: fmt.Sprintf("the owner of an account of level %d just authenticated, level %d, at %s", a.Level, a.Auth, facts.Clock(a.At)),
	}
	p.of(id.Citizen())
	return p
}

// fromChip is what a chip proves.
func fromChip(doc *chip.Document, err error) piece {
	p := piece{
		Name: ui.Text{Vi: "Chip của thẻ", En: "The card's chip"}, rank: card, Verdict: verdict.OfChip(doc, err),
		Not: ui.Text{Vi: "thẻ là của người đang đứng đây, hay thẻ chưa bị báo mất", En: "that the card is this person's, or was not reported lost"},
	}
	if err != nil {
		return p
	}
	p.Proves = ui.Text{Vi: "nơi cấp ký dữ liệu; chip thật, không phải bản sao", En: "the issuer signed the data; the chip is genuine and no copy"}
	if !doc.Genuine() {
		p.Proves = ui.Text{Vi: "nơi cấp ký dữ liệu; chip có thể là bản sao", En: "the issuer signed the data; the chip may be a copy"}
	}
	p.of(doc.Citizen())
	return p
}

// fromCode is what a code of the app proves.
func fromCode(c *qr.Credential, err error) piece {
	p := piece{
		Name: ui.Text{Vi: "Mã QR định danh", En: "Identification code"}, rank: register, Verdict: verdict.Of(err),
		Not: ui.Text{Vi: "ai đang cầm màn hình", En: "who holds the screen"},
	}
	if err != nil {
		return p
	}
	p.Proves = ui.Text{
		Vi: fmt.Sprintf("nền tảng ký cho tài khoản mức độ %d, lúc %s, dùng một lần", c.Level(), facts.Clock(c.Issued())),
		En: fmt.Sprintf("the platform signed it for an account of level %d, at %s, to be used once", c.Level(), facts.Clock(c.Issued())),
	}
	p.of(c.Citizen())
	return p
}

// fromShared is what a shared electronic identity card proves.
func fromShared(answer share.Records, err error) piece {
	p := piece{
		Name: ui.Text{Vi: "Căn cước điện tử được chia sẻ", En: "Shared electronic identity card"}, rank: electronicID, Verdict: verdict.Of(err),
		Not: ui.Text{Vi: "người đang đứng đây là chủ căn cước", En: "that the person standing here is its holder"},
	}
	doc, ok := answer.Get(document.ElectronicID)
	if err != nil || !ok {
		return p
	}
	p.Proves = ui.Text{
		Vi: "nơi cấp ký, công dân đồng ý; không bị thu hồi lúc " + facts.Clock(doc.StatusAt()),
		En: "signed by its issuer, with consent; not revoked as of " + facts.Clock(doc.StatusAt()),
	}
	if !doc.Verified() {
		p.Verdict = verdict.Unchecked(ui.Text{Vi: "Chưa được nơi cấp xác thực", En: "Not verified by its issuer"}, ui.Text{Vi: "Đề nghị xuất trình thẻ.", En: "Ask for the card."})
		return p
	}
	p.of(answer.Citizen())
	return p
}

// notShared is somebody who shares nothing, which is their right and no mark against them.
func notShared() piece {
	return piece{
		Name: ui.Text{Vi: "Căn cước điện tử được chia sẻ", En: "Shared electronic identity card"}, rank: electronicID,
		Verdict: verdict.Verdict{Word: ui.Text{Vi: "Không được chia sẻ", En: "Not shared"}, Class: "who", Reason: ui.Text{Vi: "Công dân có quyền không chia sẻ", En: "Nobody has to share"}},
	}
}

// fromText is what the text printed on a card proves: nothing.
func fromText(c *qr.Card, err error) piece {
	p := piece{
		Name: ui.Text{Vi: "Mã QR in trên thẻ", En: "The code printed on the card"}, rank: printed, Verdict: verdict.ReadOnly(),
		Not: ui.Text{Vi: "bất cứ điều gì: ai cũng in được", En: "anything: anybody can print it"},
	}
	if err != nil {
		p.Verdict = verdict.Of(err)
		return p
	}
	p.record = c.Reveal()
	return p
}
