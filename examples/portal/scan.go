package main

import (
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// What the scanner page takes.
const (
	maxPicture = 20 << 20 // what qrimage.Reader takes
	maxUpload  = maxPicture + 1<<20
	maxTyped   = 8 << 10
)

// result is what the verdict page shows.
type result struct {
	Verdict  verdict.Verdict
	Signed   bool // the facts are verified
	Facts    []fact
	Warnings []ui.Text
	Seen     *sight // of a picture; nil when there is nothing to show
}

type fact struct{ Label, Value ui.Text }

// scan checks what was typed, or what a picture shows.
func (s *site) scan(w http.ResponseWriter, r *http.Request) {
	text, seen, err := s.evidence(r)
	if seen != nil {
		withPictures(w.Header())
	}
	if err != nil {
		s.pages.Render(w, r, verdict.Status(err), "verdict", result{Verdict: verdict.Of(err), Seen: seen})
		return
	}
	res, status := s.judge(r.Context(), text)
	res.Seen = seen
	s.pages.Render(w, r, status, "verdict", res)
}

// evidence reads the form as it streams in: nothing is written to disk.
func (s *site) evidence(r *http.Request) (text string, seen *sight, err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return "", nil, vneid.ErrMalformed
	}
	for {
		part, err := form.NextPart()
		if err == io.EOF {
			return text, nil, nil
		}
		if err != nil {
			return "", nil, vneid.ErrMalformed
		}
		switch {
		case part.FormName() == "text":
			typed, err := io.ReadAll(io.LimitReader(part, maxTyped+1))
			if err != nil || len(typed) > maxTyped {
				return "", nil, vneid.ErrMalformed
			}
			text = string(typed)
		case part.FormName() == "picture" && part.FileName() != "":
			return s.look(r.Context(), part)
		}
	}
}

// read is look for pages that show no picture.
func (s *site) read(ctx context.Context, part *multipart.Part) (string, error) {
	text, _, err := s.look(ctx, part)
	return text, err
}

// judge decides what a text is worth. Only a signature makes it more than text.
func (s *site) judge(ctx context.Context, text string) (result, int) {
	switch qr.Classify(text) {
	case qr.Signed:
		c, err := s.codes.Verify(ctx, text)
		if err != nil {
			return result{Verdict: verdict.Of(err)}, verdict.Status(err)
		}
		return result{Verdict: verdict.Verified(), Signed: true, Facts: signed(c)}, http.StatusOK
	case qr.CardText:
		c, err := qr.ParseCard(text)
		if err != nil {
			return result{Verdict: verdict.Of(err)}, verdict.Status(err)
		}
		res := result{Verdict: verdict.ReadOnly(), Facts: printed(c)}
		for _, warning := range c.Warnings(time.Now()) {
			vi, en := warning.Text()
			res.Warnings = append(res.Warnings, ui.Text{Vi: vi, En: en})
		}
		return res, http.StatusOK
	case qr.Opaque:
		return result{Verdict: verdict.Opaque()}, http.StatusOK
	}
	return result{Verdict: verdict.Of(vneid.ErrMalformed)}, http.StatusBadRequest
}

// signed lists what a verified code says, and what stands behind it.
func signed(c *qr.Credential) []fact {
	facts := []fact{
		{ui.Text{Vi: "Họ và tên", En: "Full name"}, same(c.Citizen().Name())},
		{ui.Text{Vi: "Số định danh cá nhân", En: "Personal identification number"}, same(fmt.Sprint(c.Citizen().ID()))},
		{ui.Text{Vi: "Ngày sinh", En: "Date of birth"}, same(c.Citizen().Birth().Printed())},
		{ui.Text{Vi: "Giới tính", En: "Sex"}, sex(c.Citizen().Sex())},
		{ui.Text{Vi: "Tài khoản định danh điện tử", En: "Account"}, ui.Text{
			Vi: fmt.Sprintf("Tài khoản mức độ %d", c.Level()), En: fmt.Sprintf("Account level %d", c.Level())}},
		{ui.Text{Vi: "Loại mã", En: "Code"}, kinds[c.Kind()]},
		{ui.Text{Vi: "Người giữ mã", En: "Holder"}, holders[c.Holder()]},
		{ui.Text{Vi: "Nơi cấp mã", En: "Issuer"}, same(c.Issuer())},
		{ui.Text{Vi: "Hiệu lực đến", En: "Valid until"}, same(ui.When(c.Expires()))},
	}
	if c.Kind() == qr.Static && c.Status() == qr.StatusUnchecked {
		facts = append(facts, fact{ui.Text{Vi: "Tình trạng", En: "Status"}, ui.Text{
			Vi: "chưa tra cứu mã có bị thu hồi hay không", En: "nobody has looked whether the code was withdrawn"}})
	}
	return present(facts)
}

var kinds = map[qr.Kind]ui.Text{
	qr.Dynamic: {Vi: "Mã QR định danh (dùng một lần)", En: "Identification code (works once)"},
	qr.Static:  {Vi: "Mã QR căn cước", En: "Card code"},
}

var holders = map[qr.Holder]ui.Text{
	qr.HolderNone:   {Vi: "chưa chứng minh: ai có ảnh của mã cũng đưa ra được", En: "not proven: whoever has a picture of the code can show it"},
	qr.HolderDevice: {Vi: "đã mở khóa thiết bị đã đăng ký khi lấy mã", En: "had unlocked the registered device"},
	qr.HolderCard:   {Vi: "có chip của thẻ khi lấy mã", En: "had the card's chip at hand"},
	qr.HolderLogin:  {Vi: "vừa đăng nhập khi lấy mã", En: "had just logged in"},
}

// printed lists what the text of a card says. Nobody vouches for any of it.
func printed(c *qr.Card) []fact {
	r := c.Reveal()
	number, _ := vneid.ParseCitizenID(r.ID)
	return present([]fact{
		{ui.Text{Vi: "Họ và tên", En: "Full name"}, same(r.Name)},
		{ui.Text{Vi: "Số định danh cá nhân", En: "Personal identification number"}, same(fmt.Sprint(number))},
		{ui.Text{Vi: "Ngày sinh", En: "Date of birth"}, same(r.Birth.Printed())},
		{ui.Text{Vi: "Giới tính", En: "Sex"}, sex(r.Sex)},
		{ui.Text{Vi: "Địa chỉ", En: "Address"}, same(r.Residence.Text)},
		{ui.Text{Vi: "Ngày cấp", En: "Day of issue"}, same(r.CardIssued.Printed())},
	})
}

func same(s string) ui.Text { return ui.Text{Vi: s, En: s} }

// present drops the facts that the evidence does not carry.
func present(facts []fact) []fact {
	kept := facts[:0]
	for _, f := range facts {
		if strings.TrimSpace(f.Value.Vi) != "" {
			kept = append(kept, f)
		}
	}
	return kept
}
