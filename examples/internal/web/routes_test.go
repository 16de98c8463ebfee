package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/web/routes"
	"github.com/vneid-sdk/vneid-go/examples/internal/web/webtest"
	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// doors are who may pass each route of the site: of those who knock, by the first letters
// of their names. A question mark: the engine decides, by what the form says. A dash is a
// route for everybody, with or without a session.
var doors = map[string]map[string]string{
	"citizen": {
		"GET /me": "c", "GET /me/eid": "c", "GET /me/level2": "c", "GET /me/code/{kind}": "c", "GET /me/requests": "c", "POST /me/requests": "c",
		"GET /me/sessions": "c", "POST /me/sessions/end": "c", "GET /me/history": "c", "GET /me/locks": "c", "POST /me/locks": "c", "POST /me/locks/open": "c",
		"GET /me/settings": "c", "POST /me/settings/phone": "c", "POST /me/settings/phone/code": "c", "POST /me/settings/email": "c",
		"POST /me/settings/email/code": "c", "POST /me/settings/channels": "c", "POST /me/settings/password": "c", "POST /me/settings/device": "c",
		"GET /me/papers": "c", "GET /me/papers/{kind}": "c", "GET /me/shares": "c", "POST /me/shares/withdraw": "c", "POST /me/shares/decide": "c",
		"POST /me/shares/forget": "c", "GET /me/inbox": "c", "GET /me/bills": "c", "GET /me/residence": "c", "GET /me/dependants": "c", "GET /me/health": "c",
		"GET /me/stays": "c", "POST /me/stays": "c", "POST /me/stays/cancel": "c", "GET /me/filings": "c", "GET /me/filings/{kind}": "c", "POST /me/filings/{kind}": "c",
		"POST /me/leave": "-", "GET /me/locked": "-",
	},
	"counter": {
		"GET /counter": "o", "GET /counter/done": "o", "POST /counter/cases": "o", "GET /counter/cases/{id}": "o", "POST /counter/cases/{id}/{step}": "o",
		"GET /counter/applications": "a", "POST /counter/applications": "a",
		"GET /counter/relay": "-", // asks for the token of one reading
		"GET /staff/login":   "-", "POST /staff/login": "-", "POST /staff/logout": "-", "GET /staff/home": "-",
	},
	"locks": {
		"GET /counter/locks": "oa", "POST /counter/locks": "oa", "GET /counter/locks/of/{account}": "oa", "POST /counter/locks/of/{account}/place": "oa?",
		"POST /counter/locks/of/{account}/lift": "oa?", "POST /counter/locks/of/{account}/card": "oa?", "POST /counter/locks/of/{account}/request": "oa?",
		"POST /counter/locks/requests/{id}": "oa?",
	},
	"agency": {
		"GET /agency": "a", "POST /agency": "a", "GET /agency/of/{account}": "a", "POST /agency/of/{account}/hold": "a",
		"POST /agency/of/{account}/lift": "a", "POST /agency/of/{account}/close": "a", "POST /agency/of/{account}/number": "a",
	},
	"console": {
		"GET /console": "ra", "POST /console": "r", // which leads the agency to its own
		"GET /console/keys": "r", "POST /console/keys": "r", "GET /console/purposes": "r", "POST /console/purposes": "r", "GET /console/calls": "r",
		"POST /console/calls": "r", "GET /console/calls.har": "r", "GET /console/events": "r", "POST /console/events": "r", "GET /console/reconciliation": "r",
		"GET /console/clients": "a", "POST /console/clients": "a", "GET /console/clients/{client}": "a", "POST /console/clients/{client}": "a",
	},
}

// TestEveryRouteHasItsDoor knocks at every route that needs a session, as everybody: who
// has none is sent to log in, and whose it is not is refused. A route that is not in the
// table fails.
func TestEveryRouteHasItsDoor(t *testing.T) {
	site, v := open(t)
	visitors := map[string]*visitor{"nobody": v}
	for _, id := range []string{"citizen", "officer", "agency", "relying party"} {
		visitors[id] = stranger(t, v.Base)
	}
	visitors["citizen"].logIn("level2")
	for who, id := range map[string]string{"officer": "can-bo-phuong", "agency": "co-quan", "relying party": "nhan-vien-dvc"} {
		visitors[who].Staff(id, personas.Password, "/")
	}
	fill := strings.NewReplacer("{account}", "level2", "{id}", "nothing", "{step}", "contact", "{kind}", "report", "{client}", "bank")
	for dir, table := range doors {
		all, err := routes.In(dir)
		if err != nil {
			t.Fatal(err)
		}
		for route := range table {
			if !slices.Contains(all, route) {
				t.Errorf("%s is no route of %s", route, dir)
			}
		}
		for _, route := range all {
			whose, ok := table[route]
			if !ok {
				t.Errorf("%s is a route of %s that has no row", route, dir)
			}
			if whose == "-" {
				continue
			}
			method, path, _ := strings.Cut(fill.Replace(route), " ")
			for who, v := range visitors {
				got, want := v.knock(method, path), "refused"
				switch theirs := strings.Contains(whose, who[:1]); {
				case theirs && strings.HasSuffix(whose, "?") && got == "refused":
					continue
				case theirs:
					want = "passes"
				case dir == "citizen" || who == "nobody" || who == "citizen":
					want = "sent to log in"
				}
				if got != want {
					t.Errorf("%s at %s: %s, want %s", who, route, got, want)
				}
			}
		}
	}
	if a, err := site.Platform.Account(t.Context(), "level2"); err != nil || a.EIDLocked || !a.EndedAt.IsZero() {
		t.Errorf("and yet something happened: %v", err)
	}
}

// knock says what a route makes of an empty form, or of an address.
func (v *visitor) knock(method, path string) string {
	v.T.Helper()
	client := *v.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	once := webtest.Browser{T: v.T, Base: v.Base, Client: &client}
	res, _ := once.Send(method, path, nil, "Content-Type", "application/x-www-form-urlencoded")
	to := res.Header.Get("Location")
	switch {
	case res.StatusCode == http.StatusForbidden:
		return "refused"
	case strings.HasPrefix(to, "/login?auth="): // again, and stronger: they are known
		return "passes"
	case res.StatusCode == http.StatusUnauthorized, strings.HasPrefix(to, "/login?"), strings.HasPrefix(to, "/staff/login"):
		return "sent to log in"
	case res.StatusCode >= 500:
		return res.Status
	}
	return "passes"
}
