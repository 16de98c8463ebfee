package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/qr/qrimage"
)

// source is a file or a text to scan.
type source struct{ name, file, text string }

// result is what a source gave. Of credential and card at most one is set.
type result struct {
	source     string
	verdict    verdict.Verdict
	err        error         // why not verified; nil for the verdicts without an error
	symbol     *qrimage.Code // nil for text
	credential *qr.Credential
	card       *qr.Card
	warnings   []qr.Warning
}

func (r result) status() int {
	switch r.verdict.Class {
	case "good":
		return passed
	case "problem":
		return refused
	}
	return unknown
}

type checker struct {
	verifier *qr.Verifier // nil: no keys
	nonce    string
	now      func() time.Time
}

func (c checker) check(ctx context.Context, s source, stdin io.Reader) result {
	r := result{source: s.name}
	text, symbol, err := s.read(ctx, stdin)
	r.symbol = symbol
	var path *fs.PathError
	if errors.As(err, &path) {
		r.err, r.verdict = err, noFile
		return r
	}
	if err != nil {
		return r.failed(err)
	}
	switch qr.Classify(text) {
	case qr.Signed:
		return c.signed(ctx, r, text)
	case qr.CardText:
		if r.card, err = qr.ParseCard(text); err != nil {
			return r.failed(err)
		}
		r.warnings = r.card.Warnings(c.now())
		r.verdict = verdict.ReadOnly()
	case qr.Opaque:
		r.verdict = verdict.Opaque()
	default:
		r.verdict = notOurs
	}
	return r
}

func (c checker) signed(ctx context.Context, r result, text string) result {
	if c.verifier == nil {
		r.verdict = noKeys
		return r
	}
	credential, err := c.verifier.VerifyNonce(ctx, text, c.nonce)
	if err != nil {
		return r.failed(err)
	}
	r.credential, r.verdict = credential, verdict.Verified()
	return r
}

func (r result) failed(err error) result {
	r.err, r.verdict = err, verdict.Of(err)
	return r
}

// The verdicts on what never came to a check.
var (
	notOurs = verdict.Unchecked(ui.Text{Vi: "Không phải mã QR của công dân", En: "Not a citizen's QR code"},
		ui.Text{Vi: "Mời công dân mở đúng mã, rồi quét lại.", En: "Ask the citizen to open the right code, and scan again."})
	noFile = verdict.Unchecked(ui.Text{Vi: "Không mở được tệp", En: "The file cannot be opened"},
		ui.Text{Vi: "Kiểm tra tên tệp và quyền đọc.", En: "Check its name and whether it may be read."})
	noKeys = verdict.Unchecked(ui.Text{Vi: "Mã có chữ ký số, chưa có khóa của nơi cấp để đối chiếu", En: "A signed code, and no keys to check it with"},
		ui.Text{Vi: "Chạy lại với -issuer và -keys hoặc -jwks của nơi cấp.", En: "Run again with -issuer and the issuer's -keys or -jwks."})
)

// read returns the text of the code, and the symbol that carried it, if any.
func (s source) read(ctx context.Context, stdin io.Reader) (string, *qrimage.Code, error) {
	if s.file == "" {
		return s.text, nil, nil
	}
	from := stdin
	if s.file != "-" {
		f, err := os.Open(s.file)
		if err != nil {
			return "", nil, err
		}
		defer f.Close()
		from = f
	}
	// No picture format begins with a kilobyte of valid UTF-8 without zeros.
	head, err := io.ReadAll(io.LimitReader(from, 8<<10))
	if err != nil {
		return "", nil, err
	}
	if len(head) < 8<<10 && utf8.Valid(head) && !bytes.ContainsRune(head, 0) {
		return string(head), nil, nil
	}
	codes, err := qrimage.Reader{}.Read(ctx, io.MultiReader(bytes.NewReader(head), from))
	if err != nil {
		return "", nil, err
	}
	code, err := codes.One()
	if err != nil {
		return "", nil, err
	}
	text, err := code.Text()
	return text, &code, err
}
