package platform

import (
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// serviceFault changes the answer of a service, or gives one itself and returns false.
type serviceFault func(w http.ResponseWriter, path string, out *members) bool

// onService limits a change to one path.
func onService(path string, change func(*members)) serviceFault {
	return func(_ http.ResponseWriter, p string, out *members) bool {
		if p == path {
			change(out)
		}
		return true
	}
}

// lost does what was asked and loses the answer, once it is done.
func lost(prefix string, answer func(http.ResponseWriter)) serviceFault {
	return func(w http.ResponseWriter, p string, _ *members) bool {
		if !strings.HasPrefix(p, prefix) {
			return true
		}
		answer(w)
		return false
	}
}

// serviceFaults are services gone wrong.
func serviceFaults() []fault {
	below := func(act func(http.ResponseWriter)) handlerFault {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasPrefix(r.URL.Path, "/services/") {
				return false
			}
			act(w)
			return true
		}
	}
	said := func(status int, code string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { writeJSON(w, status, &oauthError{Code: code}) }
	}
	token := func(name string, value any) func(*members) { return func(m *members) { m.set(name, value) } }
	all := []fault{
		{name: "services-down", about: "every service answers 503", call: below(down)},
		{name: "services-page", about: "a proxy answers for the services with a page", call: below(page)},
		{name: "services-cut", about: "the services' answers break off", call: below(broken)},
		{name: "services-flood", about: "the services' answers have 4 MiB", call: below(flood)},
		{name: "services-redirect", about: "the services send the caller, and its token, elsewhere", call: below(away)},
		{name: "services-forbidden", about: "the client may call no service any more", call: below(said(http.StatusForbidden, servicewire.NotYours))},
		{name: "services-unknown-error", about: "the services answer with a word that nobody knows", call: below(said(http.StatusBadRequest, "moon_phase"))},
		{name: "services-token-taken", about: "the services take no token", call: below(said(http.StatusUnauthorized, "invalid_token"))},
		{name: "services-busy", about: "the services are asked too often", call: below(said(http.StatusTooManyRequests, "temporarily_unavailable"))},
		{name: "services-lost", about: "what was asked is done, and the answer is lost", service: lost("/services/", down)},
		{name: "service-token-bearer", about: "the access token is bound to no key", token: token("token_type", "Bearer")},
		{name: "service-token-scope", about: "the access token is for something else", token: token("scope", "openid")},
	}
	return append(append(all, stayFaults()...), ticketFaults()...)
}

// ticketFaults are tickets that nobody filed, or that are nowhere.
func ticketFaults() []fault {
	on := func(name string, value any) serviceFault {
		return func(_ http.ResponseWriter, path string, m *members) bool {
			if strings.HasPrefix(path, servicewire.PathTickets) {
				m.set(name, value)
			}
			return true
		}
	}
	return []fault{
		{name: "tickets-odd-state", about: "tickets are in a state that nobody knows", service: on("state", "dreamt")},
		{name: "tickets-other", about: "the ticket is another one", service: on("id", "another")},
		{name: "tickets-no-time", about: "nobody says since when", service: on("at", "")},
	}
}

// stayFaults are answers that are not to what was filed.
func stayFaults() []fault {
	rows := func(change func([]jws.Object) []jws.Raw) serviceFault {
		return onService(servicewire.PathStays, func(m *members) {
			text, _ := m.get("rows").(jws.Raw)
			o, err := jws.ParseObject(`{"rows":` + string(text) + `}`)
			if err == nil {
				m.set("rows", jws.Raw(array(change(o.Objects("rows")))))
			}
		})
	}
	each := func(edit func(*servicewire.Answer)) serviceFault {
		return rows(func(in []jws.Object) (out []jws.Raw) {
			for _, o := range in {
				a, err := servicewire.ReadAnswer(o)
				if err != nil {
					continue
				}
				edit(&a)
				if b, err := jws.Encode(a.Members()...); err == nil {
					out = append(out, jws.Raw(b))
				}
			}
			return out
		})
	}
	return []fault{
		{name: "stays-short", about: "one row has no answer", service: rows(func(in []jws.Object) (out []jws.Raw) {
			for _, o := range in[1:] {
				out = append(out, jws.Raw(o.Text()))
			}
			return out
		})},
		{name: "stays-swapped", about: "the answers stand in another order", service: rows(func(in []jws.Object) (out []jws.Raw) {
			for i := range in {
				out = append(out, jws.Raw(in[len(in)-1-i].Text()))
			}
			return out
		})},
		{name: "stays-other-key", about: "the answers are to other rows", service: each(func(a *servicewire.Answer) { a.Key = strings.Repeat("A", 43) })},
		{name: "stays-no-id", about: "the notices have no names", service: each(func(a *servicewire.Answer) { a.ID = "" })},
		{name: "stays-odd-state", about: "the notices are in a state that nobody knows", service: each(func(a *servicewire.Answer) { a.State = "dreamt" })},
		{name: "stays-no-deadline", about: "nobody says until when", service: each(func(a *servicewire.Answer) { a.Deadline = time.Time{} })},
		{name: "stays-no-version", about: "the notices have no version", service: each(func(a *servicewire.Answer) { a.Version = 0 })},
		{name: "stays-late", about: "every notice comes too late", service: each(func(a *servicewire.Answer) { a.Late = true })},
		{name: "stays-duplicate", about: "every guest was notified before", service: each(func(a *servicewire.Answer) { a.Error = servicewire.Duplicate })},
		{name: "stays-foreigner", about: "the platform takes every guest for a foreigner", service: each(func(a *servicewire.Answer) { a.Error = servicewire.Foreigner })},
		{name: "stays-odd-error", about: "a row is refused with a word that nobody knows", service: each(func(a *servicewire.Answer) { a.Error = "moon_phase" })},
		{name: "stays-other-house", about: "the notices asked for are another house's", service: onService(servicewire.PathStayQuery, func(m *members) {
			text, _ := m.get("rows").(jws.Raw)
			m.set("rows", jws.Raw(strings.ReplaceAll(string(text), `"facility":"`, `"facility":"x`)))
		})},
		{name: "stays-no-rows", about: "the answer has no rows", service: onService(servicewire.PathStays, func(m *members) { m.drop("rows") })},
	}
}
