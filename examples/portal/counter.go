package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/ciba"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// counter is the clerk's side of logins without a browser (CIBA): what is under way,
// by a ticket in the clerk's cookie. In a real portal clerks log in first: whoever
// reaches this page can make people's telephones ring.
type counter struct {
	desk *ciba.Desk
	now  func() time.Time

	mu   sync.Mutex
	open map[string]*visit
}

// visit is one person at the counter.
type visit struct {
	session *ciba.Session
	until   time.Time // forgotten then

	mu  sync.Mutex
	id  *sso.Identity // once they confirmed
	err error         // once they will not any more
}

const (
	counterCookie = "counter"
	maxVisits     = 1000
	resultLife    = 2 * time.Minute // how long the outcome stays on the clerk's screen
)

func newCounter(client *sso.Client, now func() time.Time) (*counter, error) {
	desk, err := ciba.New(ciba.Config{Client: client})
	if now == nil {
		now = time.Now
	}
	return &counter{desk: desk, now: now, open: map[string]*visit{}}, err
}

// begin asks the person's telephone and returns the ticket of the visit.
func (c *counter) begin(ctx context.Context, number string) (ticket string, err error) {
	s, err := c.desk.Begin(ctx, ciba.Ask{
		Hint: strings.TrimSpace(number), Message: "Quay 3", Need: vneid.Assurance{Level: 2},
	})
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	for t, v := range c.open {
		if !now.Before(v.until) {
			delete(c.open, t)
		}
	}
	if len(c.open) >= maxVisits {
		return "", &vneid.APIError{Status: http.StatusServiceUnavailable, RetryAfter: time.Minute}
	}
	ticket = rand.Text()
	c.open[ticket] = &visit{session: s, until: s.Expires().Add(resultLife)}
	return ticket, nil
}

// find returns the visit of a clerk's request, nil for none.
func (c *counter) find(r *http.Request) *visit {
	k, err := r.Cookie(counterCookie)
	if err != nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if v := c.open[k.Value]; v != nil && c.now().Before(v.until) {
		return v
	}
	return nil
}

// look asks the provider whether the person has answered. again is when to look next;
// 0 means that it is over, with an identity or an error.
func (c *counter) look(ctx context.Context, v *visit) (id *sso.Identity, again time.Duration, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.id != nil || v.err != nil {
		return v.id, 0, v.err
	}
	// The answer comes once: a clerk who closes the page must not lose it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	id, err = c.desk.Poll(ctx, v.session)
	var wait *ciba.Pending
	switch {
	case err == nil:
		v.id = id
	case errors.As(err, &wait):
		return nil, max(wait.Again, time.Second), nil
	case errors.Is(err, vneid.ErrUnavailable) && c.now().Before(v.session.Expires()):
		return nil, 10 * time.Second, nil // the provider, or the way there: the request goes on
	default:
		v.err = err
	}
	return v.id, 0, v.err
}

func (s *site) routeCounter(mux *http.ServeMux) {
	mux.HandleFunc("GET /counter", s.counterPage)
	mux.HandleFunc("POST /counter", s.counterBegin)
	mux.HandleFunc("POST /counter/end", s.counterEnd)
}

// counterView is what the clerk sees: a form, a number to show, or an outcome.
type counterView struct {
	Number    string // to show to the person
	Expires   time.Time
	Again     int // seconds until the page looks again by itself
	Known     bool
	Name, ID  string
	Birth     string
	Assurance vneid.Assurance
	Refused   *verdict.Verdict
}

// counterPage works without scripts: the header Refresh has the browser look again.
func (s *site) counterPage(w http.ResponseWriter, r *http.Request) {
	v := s.counter.find(r)
	if v == nil {
		s.pages.Render(w, r, http.StatusOK, "counter", counterView{})
		return
	}
	id, again, err := s.counter.look(r.Context(), v)
	switch {
	case again > 0:
		secs := int((again + time.Second - 1) / time.Second)
		w.Header().Set("Refresh", strconv.Itoa(secs))
		s.pages.Render(w, r, http.StatusOK, "counter", counterView{Number: v.session.Number(), Expires: v.session.Expires(), Again: secs})
	case err != nil:
		s.counterRefused(w, r, err)
	default:
		c := id.Citizen()
		s.pages.Render(w, r, http.StatusOK, "counter", counterView{
			Known: true, Name: c.Name(), ID: fmt.Sprint(c.ID()), Birth: c.Birth().Printed(), Assurance: id.Assurance(),
		})
	}
}

func (s *site) counterRefused(w http.ResponseWriter, r *http.Request, err error) {
	s.log.WarnContext(r.Context(), "counter: refused", "why", err)
	why := verdict.Of(err)
	s.pages.Render(w, r, verdict.Status(err), "counter", counterView{Refused: &why})
}

// counterBegin takes the number that the person says. It travels in a body, and is
// kept nowhere.
func (s *site) counterBegin(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	ticket, err := s.counter.begin(r.Context(), r.PostFormValue("number"))
	if errors.Is(err, vneid.ErrMismatch) { // the provider does not say which of these
		s.log.InfoContext(r.Context(), "counter: nobody to ask", "why", err)
		s.pages.Render(w, r, http.StatusForbidden, "counter", counterView{Refused: &verdict.Verdict{
			Class:  "warn",
			Reason: ui.Text{Vi: "Không có ai nhận được yêu cầu với số này", En: "Nobody can be asked by this number"},
			Advice: ui.Text{
				Vi: "Hãy đọc lại số. Người chưa cài ứng dụng hoặc có tài khoản bị khóa cần cách xác minh khác.",
				En: "Read the number again. Who has no app, or a locked account, needs another way.",
			},
		}})
		return
	}
	if err != nil {
		s.counterRefused(w, r, err)
		return
	}
	s.setCounter(w, ticket, 0)
	http.Redirect(w, r, "/counter", http.StatusSeeOther)
}

// counterEnd makes room for the next person. The telephone's question ends by itself.
func (s *site) counterEnd(w http.ResponseWriter, r *http.Request) {
	s.setCounter(w, "", -1)
	http.Redirect(w, r, "/counter", http.StatusSeeOther)
}

func (s *site) setCounter(w http.ResponseWriter, ticket string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: counterCookie, Value: ticket, Path: "/counter", MaxAge: age,
		HttpOnly: true, Secure: strings.HasPrefix(s.origin, "https:"), SameSite: http.SameSiteStrictMode,
	})
}
