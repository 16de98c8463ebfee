package platform

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// shareAsk is a checked data request: the one element of authorization_details.
type shareAsk struct {
	Purpose   string `json:"purpose"` // a registered code
	VI        string `json:"vi,omitempty"`
	EN        string `json:"en,omitempty"`
	Nonce     string `json:"nonce,omitempty"` // of a decoupled request
	Basis     string `json:"basis"`           // consent, contract, law
	Citation  string `json:"citation,omitempty"`
	Retention int    `json:"retention"` // days
	Periodic  bool   `json:"periodic,omitempty"`
	Until     string `json:"until,omitempty"`     // of a periodic one: the last day, yyyy-MM-dd
	Frequency int    `json:"frequency,omitempty"` // days between its fetches
	Store     bool   `json:"store,omitempty"`     // it is kept, not just looked at

	Documents []shareDoc `json:"documents"`
}

// shareDoc is a document of a request, or of what was granted.
type shareDoc struct {
	Kind       document.Kind `json:"kind"`
	Essential  bool          `json:"essential,omitempty"`
	MaxAge     int           `json:"max_age,omitempty"` // days
	Claims     []shareItem   `json:"claims,omitempty"`
	Predicates []shareItem   `json:"predicates,omitempty"` // by their canonical text
}

type shareItem struct {
	Name      string `json:"name"`
	Essential bool   `json:"essential,omitempty"`
}

func badDetails(text string) error {
	return refuse(http.StatusBadRequest, "invalid_authorization_details", text)
}

// shares reports whether a request is one for data.
func shares(scopes []string, q url.Values) bool {
	return q.Has("authorization_details") || slices.Contains(scopes, wire.ScopeShare)
}

// readShare checks a request for data (RFC 9396 §5), and asks for the login that it
// needs: account level 2 and two factors for everything but who somebody is.
func (p *Platform) readShare(c *Client, q url.Values, req *authRequest) error {
	if !shares(req.Scopes, q) {
		return nil
	}
	if !slices.Equal(req.Scopes, []string{wire.ScopeShare}) {
		return refuse(http.StatusBadRequest, "invalid_scope", "data requests have the scope vneid:share alone")
	}
	ask, err := p.readDetails(c, q.Get("authorization_details"))
	if err != nil {
		return err
	}
	req.Share = ask
	return req.needForShare(ask.level())
}

// needForShare takes out of the acr values what would not do for the documents.
func (req *authRequest) needForShare(floor assurance) error {
	var good []assurance
	for _, v := range req.Want.Values {
		if v.Level >= floor.Level && v.Auth >= floor.Auth {
			good = append(good, v)
		}
	}
	if len(req.Want.Values) > 0 && len(good) == 0 {
		return refuse(http.StatusBadRequest, wire.ErrorUnmet, "the acr values are too weak for the documents")
	}
	if len(good) == 0 {
		for _, value := range wire.AtLeast(floor.Level, floor.Auth) {
			if level, auth, ok := wire.ParseACR(value); ok {
				good = append(good, assurance{level, auth})
			}
		}
	}
	req.Want = want{Values: good, Essential: true}
	return nil
}

// level is the weakest login that may share the documents.
func (a *shareAsk) level() assurance {
	for _, d := range a.Documents {
		if sharewire.NeedsLevel2(d.Kind) {
			return assurance{2, 2}
		}
	}
	return assurance{1, 1}
}

// readDetails reads authorization_details: an array of one element of our type.
func (p *Platform) readDetails(c *Client, text string) (*shareAsk, error) {
	d, err := sharewire.Decode(text)
	if err != nil {
		return nil, badDetails(err.Error()) // constant texts
	}
	return p.readElement(c, d)
}
