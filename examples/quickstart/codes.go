package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/qr/qrimage"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// The photo and the key of who signed its code: made by testdata/make_card.py,
// which shares no code with the SDK.
var (
	//go:embed testdata/card.jpg
	cardPhoto []byte
	//go:embed testdata/card-forged.txt
	cardForged string
	//go:embed testdata/issuer.jwks.json
	cardKeys []byte
)

// cardIssuer signed the photo's code, on the day printed on the card.
const cardIssuer = "https://issuer.example"

var cardPrinted = time.Date(2026, 1, 15, 9, 0, 0, 0, time.FixedZone("UTC+7", 7*60*60))

// verifier accepts the platform's codes, with keys fetched from it.
func (w *world) verifier(now func() time.Time) (*qr.Verifier, error) {
	issuer := w.site.Platform.Issuer()
	return qr.New(qr.Config{
		Issuers: []string{issuer}, Now: now,
		Keys: &jwks.Remote{URL: issuer + "/qr/jwks.json", Issuer: issuer, Uses: []vneid.Use{vneid.UseQR}},
	})
}

func (w *world) issue(ctx context.Context) (string, error) {
	return w.site.Platform.IssueCode(ctx, "level2", platform.CodeRequest{Kind: qr.Dynamic, Holder: qr.HolderLogin})
}

// freshCode draws a code to a file and reads the file.
func (w *world) freshCode(ctx context.Context) (row, error) {
	// The verifier comes first: it refuses codes that are older than its memory.
	v, err := w.verifier(nil)
	if err != nil {
		return row{}, err
	}
	code, err := w.issue(ctx)
	if err != nil {
		return row{}, err
	}
	symbol, err := qrimage.Draw(code, 0)
	if err != nil {
		return row{}, err
	}
	dir, err := os.MkdirTemp("", "quickstart")
	if err != nil {
		return row{}, err
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "code.png")
	if err := os.WriteFile(name, symbol.PNG(6), 0o600); err != nil {
		return row{}, err
	}
	picture, err := os.ReadFile(name)
	if err != nil {
		return row{}, err
	}
	text, err := scan(ctx, picture)
	if err != nil {
		return row{}, err
	}
	if text != code {
		return row{}, errors.New("the picture says something else than what was drawn")
	}
	// The one verifier remembers the code, so that usedCode can show it again.
	w.codes, w.code = v, code
	r := w.check(ctx, v, code, ui.Text{Vi: "Mã QR định danh, vẽ ra PNG rồi đọc lại", En: "Identification code, drawn as PNG and read"})
	r.Proof = ui.Text{
		Vi: fmt.Sprintf("chữ ký Ed25519 của nền tảng; phiên bản QR %d", symbol.Version()),
		En: fmt.Sprintf("the platform's Ed25519 signature; QR version %d", symbol.Version()),
	}
	return r, nil
}

func (w *world) usedCode(ctx context.Context) (row, error) {
	r := w.check(ctx, w.codes, w.code, ui.Text{Vi: "Cùng mã đó, đưa ra lần thứ hai", En: "The same code, shown again"})
	r.Proof = ui.Text{Vi: "bộ nhớ mã đã dùng", En: "the memory of used codes"}
	return r, nil
}

// photo reads a picture that somebody else made, as of the day it was made.
func (w *world) photo(ctx context.Context) (row, error) {
	text, err := scan(ctx, cardPhoto)
	if err != nil {
		return row{}, err
	}
	v, err := cardVerifier()
	if err != nil {
		return row{}, err
	}
	r := w.check(ctx, v, text, ui.Text{Vi: "Ảnh JPEG chụp thẻ có mã QR căn cước", En: "JPEG photo of a card with a card code"})
	r.Proof = ui.Text{
		Vi: "chữ ký do công cụ Python tạo; ngày 15/01/2026; chưa tra cứu có bị thu hồi hay không",
		En: "a signature made in Python; day 15/01/2026; nobody looked whether it was withdrawn",
	}
	return r, nil
}

// cardVerifier trusts the signer of the photo's code and nobody else.
func cardVerifier() (*qr.Verifier, error) {
	keys, err := jwks.Parse(cardKeys, cardIssuer, vneid.UseQR)
	if err != nil {
		return nil, err
	}
	return qr.New(qr.Config{
		Issuers: []string{cardIssuer}, Keys: keys, Now: func() time.Time { return cardPrinted },
		AcceptUnchecked: true, // nobody looks up whether the card was withdrawn
	})
}

// cardText is what the QR code of a real card holds: anybody can write it.
func (w *world) cardText(context.Context) (row, error) {
	const text = "999090000001||Nguyễn Văn An|14021990|Nam|Số 1 Đường Thử Nghiệm, Phường Mẫu, Tỉnh Ví Dụ|15082021"
	if qr.Classify(text) != qr.CardText {
		return row{}, errors.New("the text of a card is not recognised")
	}
	if _, err := qr.ParseCard(text); err != nil {
		return row{}, err
	}
	return row{
		Evidence: ui.Text{Vi: "Mã QR in trên thẻ (chữ thường)", En: "The code printed on a card (plain text)"},
		Verdict:  verdict.ReadOnly(),
		Proof:    ui.Text{Vi: "không có gì: ai cũng in được", En: "nothing: anybody can print it"},
	}, nil
}

// forgedCode is the photo's code with another name under the same signature.
func (w *world) forgedCode(ctx context.Context) (row, error) {
	v, err := cardVerifier()
	if err != nil {
		return row{}, err
	}
	r := w.check(ctx, v, cardForged, ui.Text{Vi: "Mã trong ảnh đó, tên bị sửa", En: "The photo's code with another name put in"})
	r.Proof = ui.Text{Vi: "chữ ký không khớp nội dung", En: "the signature does not fit"}
	return r, nil
}

// expiredCode checks a fresh code with a clock that is ten minutes ahead.
func (w *world) expiredCode(ctx context.Context) (row, error) {
	code, err := w.issue(ctx)
	if err != nil {
		return row{}, err
	}
	later, err := w.verifier(func() time.Time { return time.Now().Add(10 * time.Minute) })
	if err != nil {
		return row{}, err
	}
	r := w.check(ctx, later, code, ui.Text{Vi: "Mã QR định danh, mười phút sau", En: "An identification code, ten minutes later"})
	r.Proof = ui.Text{Vi: "thời hạn hai phút nằm dưới chữ ký", En: "its two minutes stand under the signature"}
	return r, nil
}

// strangersCode is well signed by somebody whom this verifier does not trust.
func (w *world) strangersCode(ctx context.Context) (row, error) {
	text, err := scan(ctx, cardPhoto)
	if err != nil {
		return row{}, err
	}
	r := w.check(ctx, w.codes, text, ui.Text{Vi: "Ảnh thẻ đó, nơi cấp không được tin cậy", En: "The photo, where its issuer is not trusted"})
	r.Proof = ui.Text{Vi: "danh sách nơi cấp được tin cậy", En: "the list of trusted issuers"}
	return r, nil
}

func scan(ctx context.Context, picture []byte) (string, error) {
	codes, err := qrimage.Reader{}.Read(ctx, bytes.NewReader(picture))
	if err != nil {
		return "", err
	}
	code, err := codes.One()
	if err != nil {
		return "", err
	}
	return code.Text()
}

// check verifies a code and words how it came out.
func (w *world) check(ctx context.Context, v *qr.Verifier, code string, evidence ui.Text) row {
	c, err := v.Verify(ctx, code)
	r := row{Evidence: evidence, Verdict: verdict.Of(err), Err: err}
	if err == nil {
		r.About = about(c.Citizen())
	}
	return r
}
