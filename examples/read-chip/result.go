package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/pcsc"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// result is what a card gave.
type result struct {
	source  *source
	status  int
	verdict verdict.Verdict
	err     error          // why not verified; nil if it was
	checks  []chip.Check   // empty if it came to none
	doc     *chip.Document // nil: the data may not be used
	dump    *chip.Dump     // nil: nothing was read
}

// verify asks the verifier and words its answer.
func verify(ctx context.Context, v *chip.Verifier, s *source, dump *chip.Dump, options chip.VerifyOptions) *result {
	r := &result{source: s, dump: dump}
	r.doc, r.err = v.Verify(ctx, dump, options)
	var failed *chip.VerifyError
	switch {
	case r.err == nil:
		r.checks = r.doc.Checks()
	case errors.As(r.err, &failed):
		r.checks = failed.Checks
	}
	r.judge(verdict.OfChip(r.doc, r.err))
	return r
}

func (r *result) judge(v verdict.Verdict) {
	r.verdict = v
	switch v.Class {
	case "good":
		r.status = passed
	case "problem":
		r.status = refused
	default:
		r.status = unknown
	}
}

// unread is the result of a card that could not be read to the end. A card that
// keeps its data to itself has not been refused by anybody.
func (s *source) unread(err error) *result {
	r := &result{source: s, err: err}
	r.judge(verdict.Of(err))
	var status *chip.StatusError
	switch {
	case errors.Is(err, errConsent):
		r.judge(verdict.Unchecked(ui.Text{Vi: "Chủ thẻ chưa đồng ý", En: "The holder has not agreed"}, r.verdict.Advice))
	case errors.As(err, &status) && status.Denied:
		r.judge(verdict.Unchecked(ui.Text{Vi: "Thẻ không mở bằng số CAN hoặc MRZ này", En: "The card does not open with this CAN or MRZ"},
			ui.Text{Vi: "Kiểm tra lại số in trên thẻ, rồi thử lại.", En: "Compare with what the card has printed, and try again."}))
	}
	for code, say := range readerTrouble {
		if errors.Is(err, code) {
			r.verdict.Reason, r.verdict.Advice = say.reason, say.advice
		}
	}
	return r
}

// readerTrouble words what a reader reports and a clerk can mend.
var readerTrouble = map[pcsc.Code]struct{ reason, advice ui.Text }{
	pcsc.NoService: {
		ui.Text{Vi: "Dịch vụ đầu đọc thẻ chưa chạy", En: "The smart card service does not run"},
		ui.Text{Vi: "Khởi động pcscd (Linux) hoặc dịch vụ Smart Card (Windows), rồi thử lại.", En: "Start pcscd (Linux) or the Smart Card service (Windows), and try again."}},
	pcsc.Busy: {
		ui.Text{Vi: "Chương trình khác đang giữ thẻ", En: "Another program keeps the card to itself"},
		ui.Text{Vi: "Đóng chương trình đó, rồi thử lại.", En: "Close it, and try again."}},
	pcsc.Mute: {
		ui.Text{Vi: "Thẻ không trả lời", En: "The card does not answer"},
		ui.Text{Vi: "Đặt thẻ lại cho ngay ngắn.", En: "Lay the card down again, flat."}},
	pcsc.Removed: {
		ui.Text{Vi: "Mất liên lạc với thẻ", En: "Contact with the card is lost"},
		ui.Text{Vi: "Đặt thẻ lại và giữ yên cho đến khi đọc xong.", En: "Lay the card down again and leave it until it has been read."}},
	pcsc.Reset: {
		ui.Text{Vi: "Chương trình khác đã ngắt thẻ", En: "Another program reset the card"},
		ui.Text{Vi: "Đóng chương trình đó, rồi thử lại.", En: "Close it, and try again."}},
}

// keep writes what the caller wants to keep.
func (r *result) keep(o *options) error {
	if o.save != "" && r.dump != nil {
		text, err := json.Marshal(r.dump)
		if err != nil {
			return err
		}
		if err := write(o.save, text); err != nil {
			return fmt.Errorf("-save: %w", err)
		}
	}
	if o.portrait != "" && r.doc != nil {
		image, media := r.doc.Portrait()
		if media == "" {
			return errors.New("-portrait: the chip has no portrait")
		}
		if err := write(o.portrait, image); err != nil {
			return fmt.Errorf("-portrait: %w", err)
		}
	}
	return nil
}

// write makes a file that other users cannot read, also where one stood before.
func write(name string, content []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err := f.Chmod(0o600); err != nil {
		return errors.Join(err, f.Close())
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

func kindOf(err error) string {
	var kind vneid.Kind
	if !errors.As(err, &kind) {
		return ""
	}
	return kind.Error()
}
