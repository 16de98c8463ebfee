package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

// hotelView is the reception's page.
type hotelView struct {
	Houses   []house
	Problem  *verdict.Verdict
	Said     *ui.Text
	Guests   []guestView
	Waiting  int // not taken yet
	Abroad   int // foreigners
	Deadline time.Time
	Left     ui.Text
	Over     bool
	Arrive   string // what the form begins with
	Leave    string
}

type guestView struct {
	Row                  int
	Name, Number, Room   string
	House                string
	With                 int
	Source               ui.Text
	Verified             bool
	Arrive, Leave        string
	Class                string // good, warn, problem; empty: not sent
	Result, Advice       ui.Text
	Late                 bool
	Taken, Gone, Foreign bool
	ID                   string
}

// hotelPage works without scripts: the time that is left is that of this answer.
func (s *site) hotelPage(w http.ResponseWriter, r *http.Request) {
	now := s.hotel.now()
	v := hotelView{Houses: houses, Arrive: now.In(vietnam).Format("2006-01-02T15:04"), Leave: now.In(vietnam).AddDate(0, 0, 1).Format("2006-01-02")}
	v.Deadline, _ = stays.Deadline(now)
	if b := s.hotel.open(r); b != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		v.Problem, v.Said = b.problem, b.said
		b.problem, b.said = nil, nil
		for i := range b.entries {
			v.add(i+1, &b.entries[i])
		}
	}
	v.Over = !now.Before(v.Deadline)
	v.Left = left(v.Deadline.Sub(now))
	s.pages.Render(w, r, http.StatusOK, "hotel", v)
}

// add shows a guest, and keeps the earliest deadline of those who wait.
func (v *hotelView) add(row int, e *entry) {
	st := e.stay
	record, passport := st.Guest.Reveal()
	g := guestView{Row: row, Name: st.Guest.Name(), Room: st.Room, House: houseOf(st.Facility), With: st.With, Verified: st.Guest.Source().Verified(),
		Leave: st.Leave.Printed(), Taken: e.taken(), Foreign: !st.Guest.IsZero() && st.Guest.Foreign()}
	g.Source.Vi, g.Source.En = st.Guest.Source().Text()
	if id, err := vneid.ParseCitizenID(record.ID); err == nil {
		g.Number = fmt.Sprint(id)
	} else if passport != "" {
		g.Number = "***" + passport[max(0, len(passport)-3):]
	}
	if !st.Arrive.IsZero() {
		g.Arrive = st.Arrive.In(vietnam).Format("15:04 02/01")
	}
	if g.Foreign {
		v.Abroad++
	}
	if e.answer != nil {
		g.outcome(*e.answer)
	}
	if until, ok := stays.Deadline(st.Arrive); ok && !g.Taken && !g.Foreign && st.Unread() == nil {
		if v.Waiting == 0 || until.Before(v.Deadline) {
			v.Deadline = until
		}
		v.Waiting++
	}
	v.Guests = append(v.Guests, g)
}

func (g *guestView) outcome(a stays.Answer) {
	g.ID, g.Late = a.ID, a.Late
	var foreign *stays.ForeignerError
	switch {
	case a.Err == nil && a.State == stays.Cancelled:
		g.Class, g.Result, g.Gone = "warn", ui.Text{Vi: "Đã hủy", En: "Cancelled"}, true
		return
	case a.Err == nil && a.Late:
		g.Class, g.Result = "warn", ui.Text{Vi: "Đã tiếp nhận, trễ hạn", En: "Taken, late"}
		return
	case a.Err == nil:
		g.Class, g.Result = "good", ui.Text{Vi: "Đã tiếp nhận", En: "Taken"}
		return
	case errors.As(a.Err, &foreign):
		g.Class, g.Result = "warn", ui.Text{Vi: "Người nước ngoài: khai báo riêng", En: "Foreigner: declared elsewhere"}
	case errors.Is(a.Err, vneid.ErrUnavailable):
		g.Class, g.Result = "warn", ui.Text{Vi: "Chưa gửi được", En: "Not sent"}
	default:
		g.Class, g.Result = "problem", ui.Text{Vi: "Chưa được nhận", En: "Not taken"}
	}
	g.Advice.Vi, g.Advice.En = vneid.Advice(a.Err)
}

// left words how long there is.
func left(d time.Duration) ui.Text {
	if d < 0 {
		d = -d
	}
	h, m := int(d/time.Hour), int(d/time.Minute)%60
	return ui.Text{Vi: fmt.Sprintf("%d giờ %d phút", h, m), En: fmt.Sprintf("%d h %d min", h, m)}
}

// hotelList hands out a file: the form to fill in, the answers, the foreigners.
func (s *site) hotelList(w http.ResponseWriter, r *http.Request) {
	var rows []stays.Stay
	var answers []stays.Answer
	if b := s.hotel.open(r); b != nil {
		b.mu.Lock()
		for i, e := range b.entries {
			rows = append(rows, e.stay)
			a := stays.Answer{Row: i + 1, Err: vneid.ErrUnavailable}
			if e.answer != nil {
				a = *e.answer
			}
			answers = append(answers, a)
		}
		b.mu.Unlock()
	}
	english := ui.LangOf(r) == ui.En
	var out bytes.Buffer
	var err error
	switch r.PathValue("list") {
	case "form.csv":
		err = stays.WriteCSV(&out, nil, english)
	case "answers.csv":
		err = stays.WriteAnswers(&out, rows, answers, english)
	case "foreigners.csv":
		err = stays.WriteForeigners(&out, rows, english)
	default:
		s.none(w, r)
		return
	}
	if err != nil {
		s.refusal(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+r.PathValue("list")+`"`)
	w.Write(out.Bytes())
}
