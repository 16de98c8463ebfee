package main

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

const (
	maxCSV    = 1 << 20
	maxField  = 300
	maxFields = 40
)

// vietnam needs no time zone data.
var vietnam = time.FixedZone("UTC+7", 7*60*60)

// guestForm is the form of one guest.
type guestForm struct {
	fields  map[string]string
	picture string // what a picture's code says
	file    []byte
}

func itoa(n int) string { return strconv.Itoa(n) }

// readForm reads a form as it streams in: no picture is written anywhere.
func (s *site) readForm(r *http.Request) (*guestForm, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, vneid.ErrMalformed
	}
	f := &guestForm{fields: map[string]string{}}
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if err == io.EOF {
			return f, nil
		}
		if err != nil || n > maxFields {
			return nil, vneid.ErrMalformed
		}
		if err := s.readPart(r.Context(), f, part); err != nil {
			return nil, err
		}
	}
}

func (s *site) readPart(ctx context.Context, f *guestForm, part *multipart.Part) (err error) {
	limit := maxField
	switch part.FormName() {
	case "picture":
		if part.FileName() != "" {
			f.picture, err = s.read(ctx, part)
		}
		return err
	case "file":
		limit = maxCSV
	case "text":
		limit = maxTyped
	}
	data, err := io.ReadAll(io.LimitReader(part, int64(limit)+1))
	if err != nil || len(data) > limit {
		return vneid.ErrMalformed
	}
	if part.FormName() == "file" {
		f.file = data
		return nil
	}
	f.fields[part.FormName()] = strings.TrimSpace(string(data))
	return nil
}

// hotelGuest notes one guest: from a code, from the text of a card, or typed.
func (s *site) hotelGuest(ctx context.Context, r *http.Request, b *book) error {
	f, err := s.readForm(r)
	if err != nil {
		return err
	}
	if len(b.entries) >= maxEntries {
		return vneid.ErrMalformed
	}
	stay := stays.Stay{Facility: f.fields["facility"], Room: f.fields["room"], Reason: f.fields["reason"]}
	if stay.Guest, err = s.guestOf(ctx, f); err != nil {
		return err
	}
	if stay.Arrive, err = time.ParseInLocation("2006-01-02T15:04", f.fields["arrive"], vietnam); err != nil {
		return vneid.ErrMalformed
	}
	if stay.Leave, err = vneid.ParseDate(f.fields["leave"]); err != nil {
		return err
	}
	if with := f.fields["with"]; with != "" {
		if stay.With, err = strconv.Atoi(with); err != nil || stay.With < 1 || stay.With > len(b.entries) {
			return vneid.ErrMalformed
		}
	}
	b.entries = append(b.entries, entry{stay: stay})
	b.said = &ui.Text{Vi: "Đã ghi khách số " + itoa(len(b.entries)) + ". Thông báo chưa được gửi.", En: "Guest no. " + itoa(len(b.entries)) + " is noted. No notice has been sent yet."}
	return nil
}

// guestOf decides by the evidence what the guest is known by. Only a signature makes it
// more than text.
func (s *site) guestOf(ctx context.Context, f *guestForm) (stays.Guest, error) {
	text := f.fields["text"]
	if f.picture != "" {
		text = f.picture
	}
	switch {
	case text == "":
		return typedGuest(f.fields)
	case qr.Classify(text) == qr.Signed:
		c, err := s.codes.Verify(ctx, text)
		if err != nil {
			return stays.Guest{}, err
		}
		return stays.FromCode(c), nil
	case qr.Classify(text) == qr.CardText:
		c, err := qr.ParseCard(text)
		if err != nil {
			return stays.Guest{}, err
		}
		return stays.FromCard(c), nil
	}
	return stays.Guest{}, vneid.ErrMalformed
}

func typedGuest(fields map[string]string) (stays.Guest, error) {
	r := vneid.Record{Name: fields["name"], Nationality: fields["nationality"], Sex: vneid.Sex(fields["sex"])}
	if fields["birth"] != "" {
		birth, err := vneid.ParseDate(fields["birth"])
		if err != nil {
			return stays.Guest{}, err
		}
		r.Birth = birth
	}
	if n := fields["number"]; len(n) == 9 {
		r.OldID = n
	} else {
		r.ID = n
	}
	if r.Name == "" {
		return stays.Guest{}, vneid.ErrMalformed
	}
	return stays.Typed(r, fields["passport"]), nil
}

// hotelFile takes an evening from a file.
func (s *site) hotelFile(_ context.Context, r *http.Request, b *book) error {
	f, err := s.readForm(r)
	if err != nil {
		return err
	}
	rows, err := stays.ReadCSV(strings.NewReader(string(f.file)), f.fields["facility"])
	if err != nil {
		return err
	}
	before := len(b.entries)
	if before+len(rows) > maxEntries {
		return vneid.ErrMalformed
	}
	for _, row := range rows {
		if row.With > 0 {
			row.With += before
		}
		b.entries = append(b.entries, entry{stay: row})
	}
	b.said = &ui.Text{Vi: "Đã đọc " + itoa(len(rows)) + " khách từ tệp. Thông báo chưa được gửi.", En: itoa(len(rows)) + " guests were read. No notice has been sent yet."}
	return nil
}

// at finds the guest that a small form is about.
func at(r *http.Request, b *book) (*entry, int, error) {
	n, err := strconv.Atoi(r.PostFormValue("row"))
	if err != nil || n < 1 || n > len(b.entries) {
		return nil, 0, vneid.ErrMalformed
	}
	return &b.entries[n-1], n, nil
}

// hotelRoom moves a guest to another room: in the book, and in the notice if there is one.
func (s *site) hotelRoom(ctx context.Context, r *http.Request, b *book) error {
	e, n, err := at(r, b)
	if err != nil {
		return err
	}
	changed := e.stay
	changed.Room = strings.TrimSpace(r.PostFormValue("room"))
	if e.taken() {
		sent := changed
		sent.With = 0 // whom a child came with stays as it is
		a, err := s.hotel.desk.Correct(ctx, e.answer.ID, e.answer.Version, sent)
		if err != nil {
			return err
		}
		a.Row = n
		e.answer = &a
	}
	e.stay = changed
	b.said = &ui.Text{Vi: "Đã sửa phòng của khách số " + itoa(n) + ".", En: "The room of guest no. " + itoa(n) + " was corrected."}
	return nil
}

// hotelCancel withdraws a notice.
func (s *site) hotelCancel(ctx context.Context, r *http.Request, b *book) error {
	e, n, err := at(r, b)
	if err != nil {
		return err
	}
	if !e.taken() {
		return vneid.ErrMalformed
	}
	a, err := s.hotel.desk.Cancel(ctx, e.answer.ID, e.answer.Version)
	if err != nil {
		return err
	}
	a.Row = n
	e.answer = &a
	b.said = &ui.Text{Vi: "Đã hủy thông báo của khách số " + itoa(n) + ".", En: "The notice of guest no. " + itoa(n) + " was cancelled."}
	return nil
}

// hotelAgain notes a guest anew whose notice was cancelled by mistake.
func (s *site) hotelAgain(_ context.Context, r *http.Request, b *book) error {
	e, n, err := at(r, b)
	if err != nil {
		return err
	}
	if !e.taken() || e.answer.State != stays.Cancelled || len(b.entries) >= maxEntries {
		return vneid.ErrMalformed
	}
	anew := e.stay
	anew.After = e.answer.ID
	b.entries = append(b.entries, entry{stay: anew})
	b.said = &ui.Text{Vi: "Đã ghi lại khách số " + itoa(n) + ". Thông báo chưa được gửi.", En: "Guest no. " + itoa(n) + " is noted anew. No notice has been sent yet."}
	return nil
}

// hotelRemove strikes a guest out who was not notified. The others keep whom they came
// with.
func (s *site) hotelRemove(_ context.Context, r *http.Request, b *book) error {
	e, n, err := at(r, b)
	if err != nil {
		return err
	}
	if e.taken() {
		return vneid.ErrMalformed
	}
	b.entries = append(b.entries[:n-1:n-1], b.entries[n:]...)
	for i := range b.entries {
		for _, stay := range []*stays.Stay{&b.entries[i].stay, b.entries[i].filed} {
			switch {
			case stay == nil:
			case stay.With == n:
				stay.With = 0
			case stay.With > n:
				stay.With--
			}
		}
	}
	return nil
}
