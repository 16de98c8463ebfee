package platform

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// The services that relying parties call for themselves: internal/servicewire has the
// wire, vneid/services the other end.

// Service is one of the services that a client may be registered for.
type Service string

// The services.
const (
	ServiceStays         Service = "stays"         // notices of stays
	ServiceRequests      Service = "requests"      // procedures and reports, for the people who logged in
	ServiceNotifications Service = "notifications" // an authority's notifications to citizens
)

// Facility is a property whose stays a client notifies. A client may have many.
type Facility struct {
	Code    string       `json:"code"` // 1 to 64 letters, digits, dots, dashes and underscores
	Name    string       `json:"name"`
	Address string       `json:"address,omitempty"`
	Kind    FacilityKind `json:"kind,omitempty"`
}

// FacilityKind says who receives guests there (Luật Cư trú Art. 30).
type FacilityKind string

// The kinds of facilities. Empty is Lodging.
const (
	Lodging   FacilityKind = "lodging"
	Household FacilityKind = "household"
	Medical   FacilityKind = "medical"
)

const maxFacilities = 1000

// checkServices checks the registration for services.
func (c *Client) checkServices() error {
	if len(c.Services) == 0 && len(c.Facilities) == 0 {
		return nil
	}
	signing, _, err := c.keys()
	if err != nil || len(signing) == 0 {
		return errors.New("Client.Services is of clients with a key that signs (Client.Keys)")
	}
	for _, s := range c.Services {
		if s != ServiceStays && s != ServiceRequests && s != ServiceNotifications {
			return errors.New("Client.Services holds an unknown service")
		}
	}
	if len(c.Facilities) > maxFacilities || len(c.Facilities) > 0 && !slices.Contains(c.Services, ServiceStays) {
		return errors.New("Client.Facilities is too long a list, or of a client without stays")
	}
	seen := map[string]bool{}
	for _, f := range c.Facilities {
		if !servicewire.Code(f.Code) || seen[f.Code] || f.Name == "" || !servicewire.Plain(f.Name, 200) {
			return errors.New("Client.Facilities holds one without a name or a code of its own")
		}
		if f.Kind != "" && f.Kind != Lodging && f.Kind != Household && f.Kind != Medical {
			return errors.New("Client.Facilities holds an unknown kind")
		}
		seen[f.Code] = true
	}
	return nil
}

// facility finds one of the client's properties.
func (c *Client) facility(code string) (Facility, bool) {
	i := slices.IndexFunc(c.Facilities, func(f Facility) bool { return f.Code == code })
	if i < 0 {
		return Facility{}, false
	}
	return c.Facilities[i], true
}

const (
	tableServiceTokens = "service" // keyed hash of the access token → serviceToken

	// serviceLife is short: nothing but time takes such a token back.
	serviceLife = 10 * time.Minute
)

// serviceToken is an access token that stands for no person.
type serviceToken struct {
	Client string    `json:"client"`
	JKT    string    `json:"jkt"`
	Until  time.Time `json:"until"`
}

// credentials gives a client a token for its services (RFC 6749 §4.4), bound to the key
// of the proof that came with the call.
func (p *Platform) credentials(tx Tx, q *tokenCall) (refusal, err error) {
	switch {
	case len(q.client.Services) == 0:
		return refuse(http.StatusBadRequest, "unauthorized_client", ""), nil
	case q.form.Get("scope") != servicewire.Scope:
		return refuse(http.StatusBadRequest, "invalid_scope", ""), nil
	case q.jkt == "" && p.on("service-bound"):
		return badProof("tokens for services are bound to a key"), nil
	}
	q.access, q.life, q.scopes = random(), serviceLife, []string{servicewire.Scope}
	t := serviceToken{Client: q.client.ID, JKT: q.jkt, Until: p.now().Add(serviceLife)}
	return nil, save(tx, tableServiceTokens, p.mac("service token", q.access), t, t.Until)
}

// serviceRoutes are the addresses of the services.
func (p *Platform) serviceRoutes() []route {
	at := func(path string, s Service, f serviceCall) route { return route{"POST " + path, p.service(s, f)} }
	return []route{
		at(servicewire.PathStays, ServiceStays, p.fileStays),
		at(servicewire.PathCorrect, ServiceStays, p.correctStay),
		at(servicewire.PathCancel, ServiceStays, p.cancelStay),
		at(servicewire.PathStayQuery, ServiceStays, p.queryStays),
		at(servicewire.PathTickets, ServiceRequests, p.fileTicket),
		at(servicewire.PathTicketQuery, ServiceRequests, p.queryTicket),
		at(servicewire.PathNotifications, ServiceNotifications, p.sendNotification),
	}
}

// serviceCall answers one request of a client that may make it.
type serviceCall func(ctx context.Context, c *Client, o jws.Object) (members, error)

// service lets a call through that has a live token, a proof by its key, and a body that
// is one strict object.
func (p *Platform) service(s Service, act serviceCall) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := p.admitService(w, r, s)
		if err != nil {
			challengeToken(w, err)
			return
		}
		if p.breakCall(w, r, c.ID) {
			return
		}
		o, err := serviceBody(w, r)
		var again *repeat
		var out members
		if err == nil {
			again, err = p.repeatable(r, c, keepRepeats, o.Text())
		}
		if err == nil {
			out, err = act(repeating(r.Context(), again), c, o)
		}
		if err != nil {
			fail(w, err)
			return
		}
		for _, f := range p.faultsOf(c.ID) {
			if f.service != nil && !f.service(w, r.URL.Path, &out) {
				return
			}
		}
		writeMembers(w, out)
	})
}

// admitService finds the client of a token, and holds the proof to it.
func (p *Platform) admitService(w http.ResponseWriter, r *http.Request, s Service) (*Client, error) {
	access, bound, ok := presented(r)
	if !ok {
		return nil, errNoToken
	}
	var t *serviceToken
	var c *Client
	err := p.store.View(r.Context(), func(tx Tx) (err error) {
		if t, err = load[serviceToken](tx, tableServiceTokens, p.mac("service token", access)); err != nil || t == nil {
			return err
		}
		c, err = load[Client](tx, tableClients, t.Client)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case c == nil || !p.now().Before(t.Until) && p.on("service-time"):
		return nil, errInvalidToken
	case !bound && p.on("service-scheme"):
		return nil, errInvalidToken // taken from its owner (RFC 9449 §7.2)
	}
	if bound {
		jkt, err := p.proof(w, r, c, access)
		var e *oauthError
		switch {
		case errors.As(err, &e):
			return nil, &challenged{*e, "DPoP"}
		case err != nil:
			return nil, err
		case jkt != t.JKT && p.on("service-key"):
			return nil, &challenged{*(errInvalidToken.(*oauthError)), "DPoP"}
		}
	}
	if !slices.Contains(c.Services, s) && p.on("service-right") {
		return nil, refuse(http.StatusForbidden, servicewire.NotYours, "")
	}
	return c, nil
}

// serviceBody reads one strict object.
func serviceBody(w http.ResponseWriter, r *http.Request) (jws.Object, error) {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), "application/json") || r.URL.RawQuery != "" {
		return jws.Object{}, refuse(http.StatusUnsupportedMediaType, "invalid_request", "the body must be application/json, the URL without a query")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, servicewire.MaxBody))
	if err != nil {
		return jws.Object{}, refuse(http.StatusRequestEntityTooLarge, "invalid_request", "the body is too long or broken off")
	}
	o, err := jws.ParseObject(string(body))
	if err != nil {
		return jws.Object{}, errShape
	}
	return o, nil
}

var errShape = refuse(http.StatusBadRequest, servicewire.Malformed, "")

// refuseCode is the answer to a call whose one subject is refused.
func refuseCode(code string) error {
	status := http.StatusConflict
	switch code {
	case servicewire.Malformed, servicewire.NoNumber:
		status = http.StatusBadRequest
	case servicewire.Unknown:
		status = http.StatusNotFound
	case servicewire.NotOffered, servicewire.Sensitive, servicewire.NotYours, servicewire.UnknownFacility, servicewire.Foreigner:
		status = http.StatusForbidden
	}
	return refuse(status, code, "")
}

// onlyNames reports whether an object has no other members.
func onlyNames(o jws.Object, names ...string) bool {
	for _, name := range o.Names() {
		if !slices.Contains(names, name) {
			return false
		}
	}
	return true
}
