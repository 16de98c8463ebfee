package platform

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// hotel is a client for services, by hand.
type hotel struct {
	*fapi
	token string
}

func (w *world) hotel(edit func(*Client)) *hotel {
	w.t.Helper()
	f := w.fapi(func(c *Client) {
		c.ID, c.Name, c.RedirectURIs, c.Sector, c.Scopes, c.Refresh = "hotel", "Chuỗi khách sạn mẫu", nil, "hotel", nil, false
		c.Services = []Service{ServiceStays, ServiceRequests, ServiceNotifications}
		c.Facilities = []Facility{{Code: "h1", Name: "Khách sạn Mẫu 1"}, {Code: "h2", Name: "Khách sạn Mẫu 2"}, {Code: "home", Name: "Hộ mẫu", Kind: Household}}
		if edit != nil {
			edit(c)
		}
	})
	return &hotel{fapi: f}
}

func credentials() url.Values {
	return url.Values{"grant_type": {"client_credentials"}, "scope": {servicewire.Scope}}
}

// access is a token for services.
func (h *hotel) access() string {
	h.t.Helper()
	if h.token == "" {
		a := h.send("/token", credentials(), &h.bound)
		if h.token = a.text("access_token"); a.status != 200 || a.text("token_type") != "DPoP" || h.token == "" {
			h.t.Fatalf("no token: %d %s", a.status, a.raw)
		}
	}
	return h.token
}

// callBy posts JSON with a token and the proof of a device; nil: as Bearer.
func (h *hotel) callBy(path, access string, d *device, body any) answer {
	h.t.Helper()
	text, ok := body.(string)
	if !ok {
		b, err := json.Marshal(body)
		if err != nil {
			h.t.Fatal(err)
		}
		text = string(b)
	}
	for again := false; ; again = true {
		req, err := http.NewRequest("POST", h.url+path, strings.NewReader(text))
		if err != nil {
			h.t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+access)
		if d != nil {
			req.Header.Set("Authorization", "DPoP "+access)
			req.Header.Set("DPoP", h.proofBy(*d, "POST", path, access, nil, nil))
		}
		a := h.call(req)
		if n := a.header.Get("DPoP-Nonce"); n != "" {
			h.nonce = n
		}
		if again || a.text("error") != "use_dpop_nonce" {
			return a
		}
	}
}

func (h *hotel) ask(path string, body any) answer {
	h.t.Helper()
	return h.callBy(path, h.access(), &h.bound, body)
}

func keyOf(c string) string { return strings.Repeat(c, 43) }

// guest is a row with nothing wrong; edits replace or (by nil) remove members. It is
// 16:00 in Vietnam.
func (h *hotel) guest(edits object) object {
	now := h.clock.Now()
	return apply(object{"key": keyOf("a"), "facility": "h1", "room": "302", "name": "Nguyễn Văn An", "number": levelTwo, "nationality": "VNM",
		"source": "chip", "arrive": now.Add(-time.Hour).Format(time.RFC3339), "leave": servicewire.Day(now.AddDate(0, 0, 2)).String()}, edits)
}

// file submits rows and returns the answers.
func (h *hotel) file(rows ...object) []object {
	h.t.Helper()
	a := h.ask(servicewire.PathStays, object{"rows": rows})
	if a.status != 200 {
		h.t.Fatalf("%d %s", a.status, a.raw)
	}
	var out []object
	for _, row := range a.body["rows"].([]any) {
		out = append(out, row.(object))
	}
	return out
}

// takes reports whether one row is taken.
func (h *hotel) takes(edits object) bool {
	h.t.Helper()
	return h.file(h.guest(edits))[0]["id"] != nil && h.file(h.guest(edits))[0]["error"] == nil
}

func TestAttacksOnServicesMeetTheirCheck(t *testing.T) {
	meet(t, append(serviceAttacks(), stayAttacks()...))
}

func serviceAttacks() []attack {
	return []attack{
		{"a stolen token as Bearer", "service-scheme", func(w *world) bool {
			h := w.hotel(nil)
			return h.callBy(servicewire.PathStays, h.access(), nil, object{"rows": []object{h.guest(nil)}}).status == 200
		}},
		{"a stolen token with the thief's own proof", "service-key", func(w *world) bool {
			h, thief := w.hotel(nil), newDevice(w.t)
			return h.callBy(servicewire.PathStays, h.access(), &thief, object{"rows": []object{h.guest(nil)}}).status == 200
		}},
		{"a token that is too old", "service-time", func(w *world) bool {
			h := w.hotel(nil)
			h.access()
			w.clock.advance(serviceLife)
			return h.ask(servicewire.PathStays, object{"rows": []object{h.guest(nil)}}).status == 200
		}},
		{"a token bound to no key", "service-bound", func(w *world) bool {
			h := w.hotel(func(c *Client) { c.Profile, c.DPoP = Standard, false })
			return h.send("/token", credentials(), nil).status == 200
		}},
		{"a hotel sends a notification as if it were an authority", "service-right", func(w *world) bool {
			h := w.hotel(func(c *Client) { c.Services = []Service{ServiceRequests}; c.Facilities = nil })
			return h.ask(servicewire.PathStays, object{"rows": []object{h.guest(nil)}}).status == 200
		}},
	}
}

func stayAttacks() []attack {
	return []attack{
		{"a notice for a house that is not the client's", "stay-facility", func(w *world) bool { return w.hotel(nil).takes(object{"facility": "h9"}) }},
		{"a foreigner hidden among the citizens", "stay-foreigner", func(w *world) bool { return w.hotel(nil).takes(object{"nationality": "UTO"}) }},
		{"a tenant passed off as a guest", "stay-residence", func(w *world) bool {
			return w.hotel(nil).takes(object{"leave": servicewire.Day(w.clock.Now().AddDate(0, 0, 60)).String()})
		}},
		{"an evening filed ahead", "stay-future", func(w *world) bool {
			return w.hotel(nil).takes(object{"arrive": w.clock.Now().Add(time.Hour).Format(time.RFC3339)})
		}},
		{"a stay made up afterwards", "stay-old", func(w *world) bool {
			return w.hotel(nil).takes(object{"arrive": w.clock.Now().AddDate(0, 0, -40).Format(time.RFC3339), "leave": servicewire.Day(w.clock.Now().AddDate(0, 0, -38)).String()})
		}},
		{"an adult without a number", "stay-number", func(w *world) bool { return w.hotel(nil).takes(object{"number": nil}) }},
		{"a child with nobody", "stay-adult", func(w *world) bool {
			return w.hotel(nil).takes(object{"number": nil, "birth": "2020-05-05", "with": keyOf("z")})
		}},
		{"a hotel that notifies once for good", "stay-household", func(w *world) bool { return w.hotel(nil).takes(object{"family": true}) }},
		{"another row under a key", "stay-body", func(w *world) bool {
			h := w.hotel(nil)
			h.file(h.guest(nil))
			return h.file(h.guest(object{"room": "1"}))[0]["id"] != nil
		}},
		{"a guest notified twice", "stay-duplicate", func(w *world) bool {
			h := w.hotel(nil)
			h.file(h.guest(nil))
			return h.file(h.guest(object{"key": keyOf("b")}))[0]["error"] == nil
		}},
		{"a correction that loses another's", "stay-version", func(w *world) bool {
			h := w.hotel(nil)
			id := h.file(h.guest(nil))[0]["id"]
			return twice(func() bool {
				return h.ask(servicewire.PathCorrect, object{"id": id, "version": 1, "row": h.guest(object{"room": "9"})}).status == 200
			})
		}},
		{"one guest turned into another", "stay-guest", func(w *world) bool {
			h := w.hotel(nil)
			id := h.file(h.guest(nil))[0]["id"]
			return h.ask(servicewire.PathCorrect, object{"id": id, "version": 1, "row": h.guest(object{"number": "999090000003"})}).status == 200
		}},
		{"a cancelled notice brought back", "stay-sticky", func(w *world) bool {
			h := w.hotel(nil)
			id := h.file(h.guest(nil))[0]["id"]
			h.ask(servicewire.PathCancel, object{"id": id, "version": 1})
			return h.ask(servicewire.PathCorrect, object{"id": id, "version": 2, "row": h.guest(nil)}).status == 200
		}},
	}
}

// A number that the platform knows is answered as one that it does not.
func TestANoticeIsNoOracle(t *testing.T) {
	w := newWorld(t)
	h := w.hotel(nil)
	known, unknown := h.file(h.guest(nil))[0], h.file(h.guest(object{"key": keyOf("b"), "number": "999090999999"}))[0]
	for _, a := range []object{known, unknown} {
		if id, _ := a["id"].(string); len(id) != 22 {
			t.Fatalf("%v", a)
		}
		delete(a, "id")
		delete(a, "key")
	}
	one, _ := json.Marshal(known)
	two, _ := json.Marshal(unknown)
	if string(one) != string(two) {
		t.Errorf("%s\n%s", one, two)
	}
	if inbox, err := w.Inbox(t.Context(), "level2", 5); err != nil || len(inbox) != 1 || inbox[0].From != "Chuỗi khách sạn mẫu" {
		t.Errorf("%+v %v", inbox, err)
	}
	// The hotel learned nothing, so nothing stands in the history.
	if read, err := w.History(t.Context(), "level2", 5); err != nil || len(read) != 0 {
		t.Errorf("%+v %v", read, err)
	}
}

// A child's adult is notified, at the same house, is no child and did not leave again.
func TestAChildsAdultIsThere(t *testing.T) {
	child := object{"key": keyOf("c"), "number": nil, "birth": "2020-05-05", "with": keyOf("a")}
	file := func(h *hotel) any { return h.file(h.guest(child))[0]["error"] }
	h := newWorld(t).hotel(nil)
	h.file(h.guest(nil))
	if got := file(h); got != nil {
		t.Fatalf("the twin: %v", got)
	}
	second := object{"key": keyOf("d"), "number": nil, "birth": "2021-05-05", "with": keyOf("c")}
	if got := h.file(h.guest(second))[0]["error"]; got != servicewire.NoNumber {
		t.Errorf("with a child: %v", got)
	}
	h = newWorld(t).hotel(nil)
	h.file(h.guest(object{"facility": "h2"}))
	if got := file(h); got != servicewire.NoNumber {
		t.Errorf("with somebody at another house: %v", got)
	}
	h = newWorld(t).hotel(nil)
	h.ask(servicewire.PathCancel, object{"id": h.file(h.guest(nil))[0]["id"], "version": 1})
	if got := file(h); got != servicewire.NoNumber {
		t.Errorf("with somebody whose notice was cancelled: %v", got)
	}
}

func TestACorrectionDoesNotMakeANightForGood(t *testing.T) {
	h := newWorld(t).hotel(nil)
	id := h.file(h.guest(object{"facility": "home"}))[0]["id"]
	ask := func(edits object) answer {
		return h.ask(servicewire.PathCorrect, object{"id": id, "version": 1, "row": h.guest(edits)})
	}
	if a := ask(object{"facility": "home", "family": true}); a.text("error") != servicewire.OtherGuest {
		t.Errorf("%d %s", a.status, a.raw)
	}
	// Onto a night that has a notice of its own.
	h.file(h.guest(object{"facility": "home", "key": keyOf("b"), "arrive": h.clock.Now().AddDate(0, 0, -1).Format(time.RFC3339)}))
	if a := ask(object{"facility": "home", "arrive": h.clock.Now().AddDate(0, 0, -1).Format(time.RFC3339)}); a.text("error") != servicewire.Duplicate {
		t.Errorf("%d %s", a.status, a.raw)
	}
	if a := ask(object{"facility": "home", "arrive": h.clock.Now().AddDate(0, 0, -2).Format(time.RFC3339)}); a.status != 200 {
		t.Errorf("the twin: %d %s", a.status, a.raw)
	}
	// The night that was left is free, the new one is not.
	if got := h.file(h.guest(object{"facility": "home", "key": keyOf("d")}))[0]["error"]; got != nil {
		t.Errorf("the night that was left: %v", got)
	}
	day := servicewire.Day(h.clock.Now().AddDate(0, 0, -2)).String()
	if a := h.ask(servicewire.PathStayQuery, object{"facility": "home", "day": day}); len(a.body["rows"].([]any)) != 1 {
		t.Errorf("%s", a.raw)
	}
}

func TestWorkRemindsOnceADay(t *testing.T) {
	w := newWorld(t)
	var last vneid.Date
	w.remindDaily(t.Context(), &last)
	first, err := w.Inbox(t.Context(), "expired-card", 10)
	if err != nil || len(first) != 1 || last != servicewire.Day(w.now()) {
		t.Fatalf("%v %v %v", first, last, err)
	}
	w.clock.advance(24 * time.Hour)
	w.remindDaily(t.Context(), &last)
	if last != servicewire.Day(w.now()) {
		t.Error("a new day begins and nobody looks")
	}
}

func TestServiceRequestsAreReadStrictly(t *testing.T) {
	w := newWorld(t)
	h := w.hotel(nil)
	row, err := json.Marshal(h.guest(nil))
	if err != nil {
		t.Fatal(err)
	}
	good := string(row)
	for name, text := range map[string]string{
		"a member that nobody knows": strings.Replace(good, `{`, `{"colour":"red",`, 1),
		"a member twice":             strings.Replace(good, `{`, `{"room":"1",`, 1),
		"a member in another case":   strings.Replace(good, `"room"`, `"Room"`, 1),
		"a number for a text":        strings.Replace(good, `"302"`, `302`, 1),
		"an arrival without a zone":  strings.Replace(good, `Z"`, `"`, 1),
		"a source that is none":      strings.Replace(good, `"chip"`, `"dream"`, 1),
		"a short key":                strings.Replace(good, keyOf("a"), "a", 1),
	} {
		a := h.ask(servicewire.PathStays, `{"rows":[`+text+`]}`)
		rows, _ := a.body["rows"].([]any)
		if refused := a.text("error") == servicewire.Malformed && a.status == 400; !refused && (len(rows) != 1 || rows[0].(object)["error"] != servicewire.Malformed) {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
	for name, text := range map[string]string{"no rows": `{"rows":[]}`, "no object": `[]`, "more": `{"rows":[` + good + `],"x":1}`, "101 rows": `{"rows":[` + strings.Repeat(good+",", 100) + good + `]}`} {
		if a := h.ask(servicewire.PathStays, text); a.status != 400 || a.text("error") != servicewire.Malformed {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
	if a := h.ask(servicewire.PathStays, `{"rows":[`+good+`]}`); a.status != 200 || strings.Contains(string(a.raw), "error") {
		t.Errorf("the twin: %d %s", a.status, a.raw)
	}
}

func TestTokensForServicesAreForServices(t *testing.T) {
	w := newWorld(t)
	h := w.hotel(nil)
	if a := h.userinfo(h.access()); a.status != 401 {
		t.Errorf("userinfo: %d %s", a.status, a.raw)
	}
	if a := h.send("/introspect", url.Values{"token": {h.access()}}, nil); a.body["active"] != false {
		t.Errorf("introspection: %s", a.raw)
	}
	for name, form := range map[string]url.Values{
		"no scope":      {"grant_type": {"client_credentials"}},
		"another scope": {"grant_type": {"client_credentials"}, "scope": {"openid"}},
		"more scopes":   {"grant_type": {"client_credentials"}, "scope": {servicewire.Scope + " openid"}},
	} {
		if a := h.send("/token", form, &h.bound); a.text("error") != "invalid_scope" {
			t.Errorf("%s: %s", name, a.raw)
		}
	}
	f := w.fapi(nil)
	if a := f.send("/token", credentials(), &f.bound); a.text("error") != "unauthorized_client" {
		t.Errorf("a client without services: %s", a.raw)
	}
	// A login's token opens no service.
	login := f.login(nil).text("access_token")
	h.nonce = f.nonce
	if a := h.callBy(servicewire.PathStays, login, &f.bound, object{"rows": []object{h.guest(nil)}}); a.status != 401 {
		t.Errorf("a login's token: %d %s", a.status, a.raw)
	}
}

func TestRegistrationsForServicesAreChecked(t *testing.T) {
	w := newWorld(t)
	d := newDevice(t)
	keys := jwkSet(apply(d.jwk(), object{"kid": "k1", "alg": "ES256", "use": "sig"}))
	good := Client{ID: "h", Name: "x", Keys: keys, Services: []Service{ServiceStays}, Facilities: []Facility{{Code: "a", Name: "A"}}}
	if err := w.Register(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*Client){
		"a secret":            func(c *Client) { c.Keys, c.Secret = nil, "a-secret-of-sixteen" },
		"an unknown service":  func(c *Client) { c.Services = []Service{"weather"} },
		"a code twice":        func(c *Client) { c.Facilities = []Facility{{Code: "a", Name: "A"}, {Code: "a", Name: "B"}} },
		"a code with a slash": func(c *Client) { c.Facilities = []Facility{{Code: "a/b", Name: "A"}} },
		"no name":             func(c *Client) { c.Facilities = []Facility{{Code: "a"}} },
		"an unknown kind":     func(c *Client) { c.Facilities = []Facility{{Code: "a", Name: "A", Kind: "castle"}} },
		"houses, no stays":    func(c *Client) { c.Services = []Service{ServiceRequests} },
	} {
		c := good
		edit(&c)
		if err := w.Register(t.Context(), c); err == nil {
			t.Errorf("%s: registered", name)
		}
	}
}
