package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

// rentalPage says what will be asked for, and why, before anybody is sent anywhere.
func (s *site) rentalPage(w http.ResponseWriter, r *http.Request) {
	id, _ := sso.FromContext(r.Context())
	type wanted struct {
		Label, Needed, Free ui.Text
		Optional            bool
	}
	req := asking.RentalRequest(id.Subject(), s.rental.now())
	var list []wanted
	for _, d := range req.Documents {
		var needed, free []string
		for _, c := range d.Claims {
			if c.Optional {
				free = append(free, c.Name)
			} else {
				needed = append(needed, c.Name)
			}
		}
		for _, q := range d.Predicates {
			needed = append(needed, q.String())
		}
		list = append(list, wanted{verdict.Kind(d.Kind), askedTexts(needed), askedTexts(free), d.Optional})
	}
	s.pages.Render(w, r, http.StatusOK, "rental", struct {
		Purpose ui.Text
		Days    int
		Until   string
		Wanted  []wanted
		Before  int
	}{ui.Text{Vi: req.Purpose.VI, En: req.Purpose.EN}, req.RetentionDays, req.Periodic.Until.Printed(), list, len(s.rental.book.of(id.Subject()))})
}

// rentalRefused is the page of everything that brings no data. That somebody declined is
// their right: the page says what the way without it is.
func (s *site) rentalRefused(w http.ResponseWriter, r *http.Request, err error) {
	s.log.WarnContext(r.Context(), "rental: no answer", "page", r.URL.Path, "why", err)
	v, status := verdict.Of(err), verdict.Status(err)
	switch {
	case errors.Is(err, vneid.ErrDenied):
		status = http.StatusOK // an answer like any other
		v.Class = "who"
		v.Reason = ui.Text{Vi: "Không có giấy tờ nào được chia sẻ", En: "Nothing was shared"}
		v.Advice = ui.Text{
			Vi: "Bạn đã không chọn một mục bắt buộc, hoặc mục đó không có. Trang này không biết là trường hợp nào và không lưu gì về việc này.",
			En: "You did not tick something that is essential, or it does not exist. This site cannot tell which, and keeps nothing about it.",
		}
	case errors.Is(err, vneid.ErrRevoked):
		v.Advice = ui.Text{
			Vi: "Nơi cấp đã thu hồi hoặc tạm dừng một giấy tờ. Hãy hỏi nơi cấp nếu bạn cho rằng có nhầm lẫn.",
			En: "An issuer has taken a document back, or suspended it. Ask the issuer if you think that this is a mistake.",
		}
	}
	s.pages.Render(w, r, status, "rental-refused", v)
}

// receiptRow is a line of the list.
type receiptRow struct {
	Grant   string
	Purpose ui.Text
	At      time.Time
	Given   ui.Text
	State   ui.Text
	Class   string
}

// receiptsPage lists what the person agreed to here.
func (s *site) receiptsPage(w http.ResponseWriter, r *http.Request) {
	s.listen(r.Context())
	id, _ := sso.FromContext(r.Context())
	var rows []receiptRow
	for _, c := range s.rental.book.of(id.Subject()) {
		st := s.standing(r, c)
		row := receiptRow{
			Grant: c.id, Purpose: ui.Text{Vi: c.receipt.Purpose.VI, En: c.receipt.Purpose.EN}, At: c.receipt.Issued,
			State: ui.Text{Vi: "Đang có hiệu lực", En: "In force"}, Class: "good",
		}
		if st != nil {
			row.State, row.Class = st.Reason, st.Class
		}
		for i, p := range c.receipt.Granted {
			if t := verdict.Kind(p.Kind); i == 0 {
				row.Given = t
			} else {
				row.Given.Vi, row.Given.En = row.Given.Vi+", "+t.Vi, row.Given.En+", "+t.En
			}
		}
		rows = append(rows, row)
	}
	s.pages.Render(w, r, http.StatusOK, "receipts", rows)
}

// standing says why the data of a consent may not be used now; nil when it may.
func (s *site) standing(r *http.Request, c *consent) *verdict.Verdict {
	ctx, sub := r.Context(), c.receipt.Subject
	state, err := s.rental.ledger.State(ctx, s.rental.issuer, sub)
	if err == nil {
		c.settle(state, s.rental.now())
		if v := endedText(c); v != nil {
			return v
		}
		err = s.rental.ledger.Allows(ctx, s.rental.issuer, sub, c.id)
	}
	if err == nil {
		return nil
	}
	v := verdict.Of(err)
	v.Class = "warn"
	if errors.Is(err, vneid.ErrLocked) {
		v.Advice = ui.Text{
			Vi: "Trong lúc khóa, trang này không dùng và không lấy thêm dữ liệu của bạn. Mở khóa trong ứng dụng thì trang này dùng lại được.",
			En: "While it is locked this site neither uses nor fetches your data. It can again once you unlock it in the app.",
		}
	}
	return &v
}

// receiptView is one consent as its page shows it.
type receiptView struct {
	share.Receipt
	Purpose   ui.Text
	Grant     string
	Stopped   *verdict.Verdict // why nothing is shown
	Problem   *verdict.Verdict // of the last button
	Partial   bool
	Fits      bool
	Documents []docView
	Declined  []partView
	Granted   []partView
	Approved  []line
	Assurance vneid.Assurance
	Verified  time.Time
	Fetched   int
	Next      time.Time
	Last      time.Time // the last day of fetching
	Keep      time.Time
	Due       bool // may be fetched again now
	Held      *events.Hold
	File      bool // there is evidence to download
	Signed    bool // a contract, just now
}

// receiptOf finds the consent that a request is about, among those of the person.
func (s *site) receiptOf(w http.ResponseWriter, r *http.Request) *consent {
	id, _ := sso.FromContext(r.Context())
	c := s.rental.book.find(id.Subject(), r.PathValue("grant"))
	if c == nil {
		s.none(w, r)
	}
	return c
}

func (s *site) receiptPage(w http.ResponseWriter, r *http.Request) {
	if c := s.receiptOf(w, r); c != nil {
		s.showReceipt(w, r, http.StatusOK, c, nil)
	}
}

func (s *site) showReceipt(w http.ResponseWriter, r *http.Request, status int, c *consent, problem *verdict.Verdict) {
	s.listen(r.Context())
	stopped := s.standing(r, c)
	c.mu.Lock()
	defer c.mu.Unlock()
	v := c.view(s.rental.now(), stopped == nil)
	v.Stopped, v.Problem, v.Signed = stopped, problem, r.URL.Query().Has("signed")
	s.pages.Render(w, r, status, "receipt", v)
}

// view shows the data only where it may be used.
func (c *consent) view(now time.Time, usable bool) receiptView {
	v := receiptView{
		Receipt: c.receipt, Purpose: ui.Text{Vi: c.receipt.Purpose.VI, En: c.receipt.Purpose.EN}, Grant: c.id,
		Granted: viewParts(c.receipt.Granted), Fetched: c.fetched, Keep: c.until, File: c.evidence.Version != 0,
	}
	if !c.hold.Until.IsZero() {
		v.Held = &c.hold
	}
	for _, a := range c.receipt.Approvals {
		v.Approved = append(v.Approved, line{Label: approvalText(a), Value: same(ui.When(a.At))})
	}
	if !usable {
		return v
	}
	wants := asking.RentalRequest("", now).Documents
	for _, d := range c.records.Documents() {
		for _, want := range wants {
			if want.Kind == d.Kind() {
				one := viewDocument(c.records, d, want)
				one.Revoked = c.revoked[string(d.Kind())]
				v.Documents = append(v.Documents, one)
			}
		}
	}
	v.Partial, v.Declined = c.records.Decision() == "partial", viewParts(c.records.Declined())
	v.Fits = fits(c.records) && len(c.revoked) == 0
	v.Assurance, v.Verified = c.records.Assurance(), c.records.Verified()
	v.Next, v.Last = c.grant.Next(), c.grant.Until()
	v.Due = c.grant.Renewable() && !now.Before(v.Next)
	return v
}

// receiptFile hands out the receipt as the platform signed it, or the evidence, for
// examples/dossier. Both are the person's own.
func (s *site) receiptFile(w http.ResponseWriter, r *http.Request) {
	c := s.receiptOf(w, r)
	if c == nil {
		return
	}
	s.standing(r, c) // what has to be gone is gone
	var kind string
	var body []byte
	switch r.PathValue("file") {
	case "receipt.jwt":
		kind, body = "application/jwt", []byte(c.signed)
	case "evidence.json":
		e, ok := c.archive()
		if !ok {
			s.none(w, r)
			return
		}
		text, err := json.MarshalIndent(e, "", "  ")
		if err != nil {
			s.rentalRefused(w, r, err)
			return
		}
		kind, body = "application/json", text
	default:
		s.none(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+r.PathValue("file")+`"`)
	w.Write(body)
}
