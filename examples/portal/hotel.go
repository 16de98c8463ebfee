package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/testkeys"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services"
	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

// hotel is the reception of two houses, which notifies the stays of its guests
// (thông báo lưu trú). What a receptionist has noted is theirs alone, by a ticket in
// their cookie, and forgotten after a day. In a real hotel they log in first.
type hotel struct {
	desk *stays.Desk
	now  func() time.Time

	mu    sync.Mutex
	books map[string]*book
}

// book is an evening at the reception.
type book struct {
	until time.Time

	mu      sync.Mutex
	entries []entry
	problem *verdict.Verdict // of the last form
	said    *ui.Text
}

// entry is a guest in the book.
type entry struct {
	stay   stays.Stay
	filed  *stays.Stay // as the platform has it; nil: not taken yet
	answer *stays.Answer
}

func (e *entry) taken() bool { return e.filed != nil }

const (
	hotelCookie = "reception"
	maxBooks    = 200
	maxEntries  = 1000
	bookLife    = 24 * time.Hour
)

// houses are the properties, as the platform has them registered.
var houses = []house{{"hotel-1", "Khách sạn Mẫu 1"}, {"hotel-2", "Nhà nghỉ Mẫu 2"}}

type house struct{ Code, Name string }

func houseOf(code string) string {
	for _, h := range houses {
		if h.Code == code {
			return h.Name
		}
	}
	return code
}

// hotelKey is the client that notifies; without one it is that of the test platform.
func (c *Config) hotelKey() (id, keyID string, key crypto.Signer) {
	if c.HotelKey == nil {
		return "portal-hotel", testkeys.ID, testkeys.Signing()
	}
	return c.HotelID, c.HotelKeyID, c.HotelKey
}

func newHotel(cfg Config) (*hotel, error) {
	id, keyID, key := cfg.hotelKey()
	client, err := services.New(services.Config{Issuer: cfg.Issuer, ClientID: id, Key: key, KeyID: keyID, Now: cfg.Now})
	if err != nil {
		return nil, err
	}
	// A hotel keeps its secret with its data: with a new one, as here after each start,
	// guests who were notified before are refused as duplicates instead of recognised.
	secret := make([]byte, 32)
	rand.Read(secret)
	desk, err := stays.New(stays.Config{Client: client, Secret: secret})
	h := &hotel{desk: desk, now: cfg.Now, books: map[string]*book{}}
	if h.now == nil {
		h.now = time.Now
	}
	return h, err
}

// open returns the receptionist's book; nil for none.
func (h *hotel) open(r *http.Request) *book {
	k, err := r.Cookie(hotelCookie)
	if err != nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if b := h.books[k.Value]; b != nil && h.now().Before(b.until) {
		return b
	}
	return nil
}

// begin opens a book for who has none.
func (h *hotel) begin() (ticket string, b *book, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	for t, old := range h.books {
		if !now.Before(old.until) {
			delete(h.books, t)
		}
	}
	if len(h.books) >= maxBooks {
		return "", nil, &vneid.APIError{Status: http.StatusServiceUnavailable, RetryAfter: time.Minute}
	}
	ticket, b = rand.Text(), &book{until: now.Add(bookLife)}
	h.books[ticket] = b
	return ticket, b, nil
}

func (s *site) routeHotel(mux *http.ServeMux) {
	mux.HandleFunc("GET /hotel", s.hotelPage)
	for action, do := range map[string]func(context.Context, *http.Request, *book) error{
		"guest": s.hotelGuest, "file": s.hotelFile, "send": s.hotelSend, "room": s.hotelRoom,
		"cancel": s.hotelCancel, "again": s.hotelAgain, "remove": s.hotelRemove,
	} {
		mux.HandleFunc("POST /hotel/"+action, s.hotelDo(do))
	}
	mux.HandleFunc("GET /hotel/{list}", s.hotelList)
}

// hotelDo lets a form act on the book, and shows the book again.
func (s *site) hotelDo(do func(context.Context, *http.Request, *book) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b := s.hotel.open(r)
		if b == nil {
			ticket, fresh, err := s.hotel.begin()
			if err != nil {
				s.refusal(w, r, err)
				return
			}
			http.SetCookie(w, &http.Cookie{
				Name: hotelCookie, Value: ticket, Path: "/hotel", MaxAge: int(bookLife / time.Second),
				HttpOnly: true, Secure: strings.HasPrefix(s.origin, "https:"), SameSite: http.SameSiteStrictMode,
			})
			b = fresh
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.problem, b.said = nil, nil
		if err := do(r.Context(), r, b); err != nil {
			s.log.WarnContext(r.Context(), "hotel: refused", "page", r.URL.Path, "why", err)
			v := verdict.Of(err)
			b.problem = &v
		}
		http.Redirect(w, r, "/hotel", http.StatusSeeOther)
	}
}

// hotelSend notifies everybody in the book. Who is taken already is sent as they were
// then, so that rows keep their numbers; the platform answers as it did.
func (s *site) hotelSend(ctx context.Context, _ *http.Request, b *book) error {
	rows := make([]stays.Stay, len(b.entries))
	for i, e := range b.entries {
		if rows[i] = e.stay; e.taken() {
			rows[i] = *e.filed
		}
	}
	// The answers are worth having though the receptionist closes the page.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	answers, err := s.hotel.desk.Submit(ctx, rows)
	if err != nil {
		return err
	}
	fresh := 0
	for i := range answers {
		e := &b.entries[i]
		if e.taken() {
			continue
		}
		a := answers[i]
		if e.answer = &a; a.Err == nil {
			e.filed = &rows[i]
			fresh++
		}
	}
	b.said = &ui.Text{Vi: "Đã gửi. Số khách vừa được tiếp nhận: " + itoa(fresh) + ".", En: "Sent. Guests taken just now: " + itoa(fresh) + "."}
	return nil
}
