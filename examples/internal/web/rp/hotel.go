package rp

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services"
	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

// hotel notifies the stay of a guest who has logged in (thông báo lưu trú): the details
// come from the login, so nobody types a number.
type hotel struct {
	desk *stays.Desk

	mu    sync.Mutex
	filed map[string][]notice // by subject: a guest sees their own
}

const maxGuests = 1000

func (s *site) openHotel() error {
	if !s.stays() {
		return nil
	}
	client, err := services.New(services.Config{Issuer: s.issuer, ClientID: s.id, Key: s.keys.sign, KeyID: signID, HTTP: s.http, Now: s.now})
	if err != nil {
		return err
	}
	desk, err := stays.New(stays.Config{Client: client, Secret: s.keys.rows})
	if err != nil {
		return err
	}
	s.hotel = &hotel{desk: desk, filed: map[string][]notice{}}
	in := func(page http.HandlerFunc) http.Handler { return s.login.Require(sso.Ask{}, page) }
	s.rooms["stays"], s.rooms["notify"] = in(s.staysPage), in(s.notify)
	return nil
}

// stayView is the reception's page for the guest who is logged in.
type stayView struct {
	At           string
	Name, Number string
	Foreign      bool
	Leave        string // yyyy-MM-dd: what the form begins with
	Notices      []notice
	Problem      *verdict.Verdict
	Done         bool
	Missing      bool // they keep back what a notice needs
}

type notice struct {
	Room   string
	Arrive time.Time
	Leave  string
	State  ui.Text
	Late   bool
}

var vietnam = time.FixedZone("UTC+7", 7*60*60)

func (s *site) staysPage(w http.ResponseWriter, r *http.Request) {
	s.showStays(w, r, http.StatusOK, nil)
}

func (s *site) showStays(w http.ResponseWriter, r *http.Request, status int, bad *verdict.Verdict) {
	id, _ := sso.FromContext(r.Context())
	guest := stays.FromLogin(id.Citizen())
	today := s.now().In(vietnam)
	v := stayView{
		At: s.at(""), Name: guest.Name(), Number: fmt.Sprint(guest), Foreign: guest.Foreign(), Problem: bad,
		Missing: guest.Name() == "" || id.Citizen().ID().IsZero() && !guest.Foreign(),
		Leave:   today.AddDate(0, 0, 1).Format(time.DateOnly), Done: r.URL.Query().Has("done"),
	}
	s.hotel.mu.Lock()
	v.Notices = slices.Clone(s.hotel.filed[id.Subject()])
	s.hotel.mu.Unlock()
	s.pages.Render(w, r, status, "stays", v)
}

var stateWords = map[stays.State]ui.Text{
	stays.Filed:     {Vi: "Đã tiếp nhận", En: "Taken"},
	stays.Corrected: {Vi: "Đã sửa", En: "Corrected"},
	stays.Cancelled: {Vi: "Đã hủy", En: "Cancelled"},
}

// notify files the stay of the person who is logged in.
func (s *site) notify(w http.ResponseWriter, r *http.Request) {
	id, _ := sso.FromContext(r.Context())
	leave, err := vneid.ParseDate(r.PostFormValue("leave"))
	var answers []stays.Answer
	if err == nil {
		answers, err = s.hotel.desk.Submit(r.Context(), []stays.Stay{{
			Facility: facility, Room: strings.TrimSpace(r.PostFormValue("room")), Guest: stays.FromLogin(id.Citizen()),
			Arrive: s.now(), Leave: leave, Reason: "Lưu trú",
		}})
	}
	if err == nil {
		err = answers[0].Err
	}
	if err != nil {
		bad := verdict.Of(err)
		s.showStays(w, r, http.StatusUnprocessableEntity, &bad)
		return
	}
	s.hotel.note(id.Subject(), notice{strings.TrimSpace(r.PostFormValue("room")), answers[0].At, leave.Printed(), stateWords[answers[0].State], answers[0].Late})
	http.Redirect(w, r, s.at("/stays?done"), http.StatusSeeOther)
}

func (h *hotel) note(subject string, n notice) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.filed) >= maxGuests && h.filed[subject] == nil {
		clear(h.filed)
	}
	if mine := h.filed[subject]; len(mine) < 20 {
		h.filed[subject] = append(mine, n)
	}
}
