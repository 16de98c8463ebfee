package platform

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// authRequest is a checked authorization request.
type authRequest struct {
	Client    string   `json:"client"`
	Redirect  string   `json:"redirect"`
	State     string   `json:"state"`
	Nonce     string   `json:"nonce"`
	Challenge string   `json:"challenge"`
	Scopes    []string `json:"scopes"`
	Prompt    []string `json:"prompt,omitempty"`
	Hint      string   `json:"hint,omitempty"`
	Want      want     `json:"want"`
	Mode      string   `json:"mode,omitempty"`     // response_mode
	JKT       string   `json:"jkt,omitempty"`      // dpop_jkt: the key that may spend the code (RFC 9449 §10)
	Resource  string   `json:"resource,omitempty"` // the only one that tokens may be for (RFC 8707)

	Wire ClientWire `json:"wire,omitempty"` // the request came over a wire before OpenID Connect

	Share   *shareAsk `json:"share,omitempty"`   // a data request: what for and which documents
	Sharing string    `json:"sharing,omitempty"` // and its record

	MaxAge *time.Duration `json:"max_age,omitempty"`
}

func (q *authRequest) prompts(value string) bool { return slices.Contains(q.Prompt, value) }

// want is which acr values would do.
type want struct {
	Values    []assurance `json:"values,omitempty"` // in the order of preference; none: anything
	Essential bool        `json:"essential,omitempty"`
}

// assurance is one acr value.
type assurance struct {
	Level vneid.Level     `json:"l"`
	Auth  vneid.AuthLevel `json:"a"`
}

// maxParam bounds state and nonce, which the platform must carry along.
const maxParam = 1024

// findClient checks the two parameters that must be right before anything may be
// sent to the redirect URI (RFC 6749 §4.1.2.1): the client, and the URI itself,
// compared byte by byte with the registered ones (RFC 9700 §2.1).
func (p *Platform) findClient(c *Client, q url.Values) error {
	if c == nil {
		return badRequest("client_id is not registered")
	}
	if !slices.Contains(c.RedirectURIs, q.Get("redirect_uri")) && p.on("redirect") {
		return badRequest("redirect_uri is not registered")
	}
	return nil
}

// readRequest checks all the rest. It is stricter than OpenID Connect Core: PKCE
// by S256, state and nonce are required.
func readRequest(c *Client, q url.Values) (*authRequest, error) {
	req := &authRequest{
		Client: c.ID, Redirect: q.Get("redirect_uri"), State: q.Get("state"), Nonce: q.Get("nonce"),
		Challenge: q.Get("code_challenge"), Scopes: strings.Fields(q.Get("scope")), Prompt: strings.Fields(q.Get("prompt")),
		Hint: q.Get("login_hint"), Mode: q.Get("response_mode"), JKT: q.Get("dpop_jkt"), Resource: q.Get("resource"),
	}
	switch {
	case q.Has("request"):
		return nil, refuse(400, "request_not_supported", "")
	case q.Has("request_uri"):
		return nil, refuse(400, "request_uri_not_supported", "")
	case q.Get("response_type") != "code":
		return nil, refuse(400, "unsupported_response_type", "response_type must be code")
	case q.Has("response_mode") && !slices.Contains(responseModes(), req.Mode):
		return nil, badRequest("response_mode must be query, query.jwt or jwt")
	case c.JARM && !signedMode(req.Mode):
		return nil, badRequest("response_mode must be jwt for this client")
	case q.Has("dpop_jkt") && !challenge(req.JKT):
		return nil, badRequest("dpop_jkt is not a SHA-256 thumbprint (RFC 9449 §10)")
	case q.Has("resource") && !slices.Contains(c.Resources, req.Resource):
		return nil, refuse(400, "invalid_target", "resource is not registered for this client")
	case !visible(req.State, maxParam):
		return nil, badRequest("state is missing or too long")
	case !visible(req.Nonce, maxParam):
		return nil, badRequest("nonce is missing or too long")
	case q.Get("code_challenge_method") != "S256" || !challenge(req.Challenge):
		return nil, badRequest("PKCE with S256 is required (RFC 7636)")
	case len(req.Hint) > 256:
		return nil, badRequest("login_hint is too long")
	}
	if err := req.readScopes(c); err != nil {
		return nil, err
	}
	if err := req.readPrompt(q); err != nil {
		return nil, err
	}
	return req, req.readWant(q)
}

// challenge reports whether s can be BASE64URL(SHA-256(…)): 43 characters.
func challenge(s string) bool {
	if len(s) != 43 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}

func (req *authRequest) readScopes(c *Client) error {
	if len(c.Purposes) > 0 && slices.Equal(req.Scopes, []string{wire.ScopeShare}) {
		return nil // readShare has the rest
	}
	if !slices.Contains(req.Scopes, scopeOpenID) || len(req.Scopes) > 32 {
		return refuse(400, "invalid_scope", "scope must contain openid")
	}
	slices.Sort(req.Scopes)
	req.Scopes = slices.Compact(req.Scopes)
	for _, s := range req.Scopes {
		if !c.may(s) {
			return refuse(400, "invalid_scope", "a scope is not registered for this client")
		}
	}
	return nil
}

func (req *authRequest) readPrompt(q url.Values) error {
	for _, v := range req.Prompt {
		switch v {
		case "none", "login", "consent", "select_account":
		default:
			return badRequest("prompt has an unknown value")
		}
	}
	if req.prompts("none") && len(req.Prompt) > 1 {
		return badRequest("prompt=none stands alone")
	}
	if q.Has("max_age") {
		n, err := strconv.ParseUint(q.Get("max_age"), 10, 31)
		if err != nil {
			return badRequest("max_age is not a number of seconds")
		}
		age := time.Duration(n) * time.Second
		req.MaxAge = &age
	}
	return nil
}

// readWant reads acr_values, which are a wish, and the claims parameter, where
// acr can be essential (OpenID Connect Core §5.5.1.1). Other claims that it names
// come with their scopes or not at all.
func (req *authRequest) readWant(q url.Values) error {
	values := strings.Fields(q.Get("acr_values"))
	if raw := q.Get("claims"); raw != "" {
		var claims struct {
			IDToken map[string]json.RawMessage `json:"id_token"`
		}
		var acr struct {
			Essential bool     `json:"essential"`
			Value     string   `json:"value"`
			Values    []string `json:"values"`
		}
		err := json.Unmarshal([]byte(raw), &claims)
		if wish := claims.IDToken["acr"]; err == nil && wish != nil {
			err = json.Unmarshal(wish, &acr)
		}
		if err != nil {
			return badRequest("claims is not the JSON that OpenID Connect Core §5.5 describes")
		}
		if acr.Value != "" {
			acr.Values = []string{acr.Value}
		}
		if len(acr.Values) > 0 {
			values, req.Want.Essential = acr.Values, acr.Essential
		}
	}
	if len(values) > 16 {
		return badRequest("too many acr values")
	}
	for _, v := range values {
		if level, auth, ok := wire.ParseACR(v); ok {
			req.Want.Values = append(req.Want.Values, assurance{level, auth})
		}
	}
	if req.Want.Essential && len(req.Want.Values) == 0 {
		return refuse(400, wire.ErrorUnmet, "no such acr value here")
	}
	return nil
}
