package resource

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// The two schemes.
const (
	bearer = "Bearer"
	dpop   = "DPoP"
)

// credentials are what a request brings along to be let in.
type credentials struct{ scheme, token string }

// noToken refuses a request that brings nothing.
type noToken struct{}

func (noToken) Error() string { return "the request has no access token" }
func (noToken) Unwrap() error { return vneid.ErrLevel }

// twoWays refuses a request that brings a token where none may be, or several
// (RFC 6750 §2, §3.1 invalid_request).
func twoWays(text string) error {
	return withCode(fault.New(vneid.ErrMalformed, "%s", text), "invalid_request")
}

// read takes the token from the one Authorization header. URLs end in logs and
// histories, so a token there is refused even next to a header (RFC 6750 §5.3).
func (s *Server) read(r *http.Request) (credentials, error) {
	if !s.omits(checkPlaces) && named(r.URL.RawQuery) {
		return credentials{}, twoWays("an access token in the URL")
	}
	values := r.Header.Values("Authorization")
	switch len(values) {
	case 0:
		return credentials{}, noToken{}
	case 1:
	default:
		return credentials{}, twoWays("several Authorization headers")
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	token = strings.TrimLeft(token, " ") // RFC 9110 §11.4: 1*SP
	c := credentials{token: token}
	switch { // scheme names have no case (RFC 9110 §11.1)
	case strings.EqualFold(scheme, bearer):
		c.scheme = bearer
	case strings.EqualFold(scheme, dpop):
		c.scheme = dpop
	default:
		return credentials{}, noToken{}
	}
	// What else is no token the parser finds; this is to tell two from one.
	if token == "" || strings.IndexByte(token, ' ') >= 0 || strings.IndexByte(token, ',') >= 0 || strings.IndexByte(token, '"') >= 0 {
		return credentials{}, twoWays("the Authorization header holds no single token")
	}
	return c, nil
}

const tokenParam = "access_token"

// named reports whether a query or form has the parameter, however it is escaped,
// and also where a parser divides at semicolons.
func named(query string) bool {
	for part := range strings.FieldsFuncSeq(query, func(c rune) bool { return c == '&' || c == ';' }) {
		name, _, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); err == nil && plain == tokenParam {
			return true
		}
	}
	return false
}

// maxForm is how much of a form is searched for a token.
const maxForm = 64 << 10

// searchForm refuses a token in a form body beside the one in the header (RFC 6750
// §2.2). The body stays whole for the next handler. It runs after the token in the
// header has proven good, so that nobody unknown makes us wait for a body.
func (s *Server) searchForm(r *http.Request) error {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media != "application/x-www-form-urlencoded" || s.omits(checkPlaces) {
		return nil
	}
	if r.PostForm != nil { // somebody read the body already
		if r.PostForm.Has(tokenParam) {
			return twoWays("an access token in the form")
		}
		return nil
	}
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	head, err := io.ReadAll(io.LimitReader(r.Body, maxForm))
	if err != nil {
		return fault.New(vneid.ErrMalformed, "the request's body cannot be read")
	}
	if named(string(head)) {
		return twoWays("an access token in the form")
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), r.Body), r.Body}
	return nil
}
