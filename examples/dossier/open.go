package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// dossier is one customer's files, the oldest first, and those that tell nothing last.
type dossier struct {
	entries []*entry
}

// entry is one file and how it came out.
type entry struct {
	name     string
	evidence share.Evidence
	report   share.Report
	err      error
	verdict  verdict.Verdict
	keep     keeping
}

// keeping says whether a file may be kept.
type keeping int

const (
	inForce   keeping = iota // by consent
	held                     // consent is over, a duty stands
	mustGo                   // consent is over, no duty stands
	dutyEnded                // likewise: it stood until a day that is past
)

const maxEvidence = 8 << 20

// open verifies all files. They are one customer's, whom the first that holds names.
func (o *options) open(ctx context.Context, v *share.Verifier) *dossier {
	d := &dossier{}
	for _, name := range o.files {
		d.entries = append(d.entries, o.read(ctx, v, name))
	}
	slices.SortStableFunc(d.entries, func(a, b *entry) int {
		switch {
		case (a.err == nil) != (b.err == nil):
			if a.err == nil {
				return -1
			}
			return 1
		case a.err != nil:
			return 0
		}
		return a.report.Verified().Compare(b.report.Verified())
	})
	for _, e := range d.entries {
		if e.err == nil && e.report.Subject() != d.subject() {
			e.err = vneid.ErrMismatch
			e.verdict = verdict.Of(e.err)
			e.verdict.Reason = ui.Text{Vi: "Hồ sơ của người khác", En: "Another person's file"}
			e.verdict.Advice = ui.Text{Vi: "Mỗi lần chỉ in hồ sơ của một khách hàng.", En: "Print one customer's dossier at a time."}
		}
	}
	return d
}

// subject is the customer, as the platform calls them at this relying party.
func (d *dossier) subject() string {
	for _, e := range d.entries {
		if !e.report.IsZero() {
			return e.report.Subject()
		}
	}
	return ""
}

func (o *options) read(ctx context.Context, v *share.Verifier, name string) *entry {
	e := &entry{name: name}
	data, err := readFile(name, maxEvidence)
	if err != nil {
		e.err = errors.Join(vneid.ErrUnavailable, err)
	} else if err := json.Unmarshal(data, &e.evidence); err != nil {
		e.err = vneid.ErrMalformed // the cause could quote the file
	} else if e.report, err = v.Evidence(ctx, e.evidence); err != nil {
		e.err = err
	}
	e.verdict = verdict.Of(e.err)
	if e.err == nil {
		e.verdict.Reason = ui.Text{Vi: "Mọi chữ ký và ràng buộc đúng tại thời điểm nhận", En: "Every signature and binding holds as of then"}
		e.keep = o.keeping(e)
	}
	return e
}

// keeping judges what the relying party wrote down itself.
func (o *options) keeping(e *entry) keeping {
	receipt := e.report.Receipt()
	over := e.report.Usable() != nil || o.now.After(e.report.Verified().AddDate(0, 0, receipt.RetentionDays))
	h := e.evidence.Hold
	switch {
	case !over:
		return inForce
	case h == nil:
		return mustGo
	case h.Until.Ended(o.now):
		return dutyEnded
	}
	return held
}

// keepTexts are the words of keeping, and their marks.
var keepTexts = map[keeping]ui.Text{
	inForce:   {Vi: "Được giữ và dùng theo sự đồng ý.", En: "May be kept and used, by consent."},
	held:      {Vi: "CHỈ ĐƯỢC GIỮ: sự đồng ý hoặc thời hạn đã hết, nghĩa vụ lưu giữ còn hiệu lực. Không được dùng vào việc khác.", En: "KEPT ONLY: the consent or the retention is over, the duty to keep stands. No other use."},
	mustGo:    {Vi: "PHẢI XÓA: sự đồng ý đã được rút hoặc thời hạn lưu giữ đã hết, và không có nghĩa vụ lưu giữ nào được ghi.", En: "TO BE DELETED: consent was withdrawn or the retention is over, and no duty to keep is noted."},
	dutyEnded: {Vi: "PHẢI XÓA: nghĩa vụ lưu giữ đã hết.", En: "TO BE DELETED: the duty to keep has ended."},
}

func (e *entry) status() int {
	var kind vneid.Kind
	errors.As(e.err, &kind)
	switch {
	case e.err == nil && (e.keep == mustGo || e.keep == dutyEnded):
		return refused
	case e.err == nil:
		return passed
	case kind == vneid.ErrUnavailable, kind == vneid.ErrMalformed, kind == 0:
		return unknown
	}
	return refused
}

// status prefers a refusal over what could not be checked.
func (d *dossier) status() int {
	out := passed
	for _, e := range d.entries {
		switch s := e.status(); {
		case s == refused:
			return refused
		case s == unknown:
			out = unknown
		}
	}
	return out
}
