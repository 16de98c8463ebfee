package platform

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// oauthError is an answer of RFC 6749 §4.1.2.1 and §5.2. Descriptions are
// constants: nothing that came with a request is echoed (security: injection
// into pages and logs).
type oauthError struct {
	Status int    `json:"-"`
	Code   string `json:"error"`
	Text   string `json:"error_description,omitempty"`
}

func (e *oauthError) Error() string { return e.Code + ": " + e.Text }

func refuse(status int, code, text string) error { return &oauthError{status, code, text} }

func badRequest(text string) error { return refuse(http.StatusBadRequest, "invalid_request", text) }

func badGrant(text string) error { return refuse(http.StatusBadRequest, "invalid_grant", text) }

// maxBody bounds every body, maxQuery every query.
const (
	maxBody  = 64 << 10
	maxQuery = 8 << 10
)

// queryOf reads the query strictly: no parameter twice (RFC 6749 §3.1), no
// semicolons, no broken escapes.
func queryOf(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	if len(r.URL.RawQuery) > maxQuery {
		return nil, badRequest("the query is too long")
	}
	v, err := once(r.URL.RawQuery)
	noteOf(w).with(v)
	return v, err
}

// formOf reads an urlencoded body as strictly.
func formOf(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), "application/x-www-form-urlencoded") {
		return nil, refuse(http.StatusUnsupportedMediaType, "invalid_request", "the body must be application/x-www-form-urlencoded")
	}
	body, err := readBody(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, refuse(http.StatusRequestEntityTooLarge, "invalid_request", "the body is too long or broken off")
	}
	v, err := once(body)
	noteOf(w).with(v)
	return v, err
}

// readBody is io.ReadAll of what is bounded.
func readBody(from io.Reader) (string, error) {
	room := takeRoom()
	body := bytes.NewBuffer(room.b)
	_, err := body.ReadFrom(from)
	text := body.String()
	room.free(body.Bytes())
	return text, err
}

// once reads parameters as url.ParseQuery does, each once, with fewer allocations: every
// call brings a dozen.
func once(encoded string) (url.Values, error) {
	n := min(strings.Count(encoded, "&")+1, 32)
	v, room := make(url.Values, n), make([]string, 0, n)
	for encoded != "" {
		var pair string
		if pair, encoded, _ = strings.Cut(encoded, "&"); pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err1 := url.QueryUnescape(name)
		value, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil || strings.IndexByte(pair, ';') >= 0 {
			return nil, badRequest("the parameters are not well encoded")
		}
		old, twice := v[name]
		// Boxes of the consent form may be ticked several times.
		if twice && name != FieldScope && name != FieldWithout {
			return nil, badRequest("a parameter stands twice")
		}
		room = append(room, value)
		if last := len(room); twice {
			v[name] = append(old, value)
		} else {
			v[name] = room[last-1 : last : last]
		}
	}
	return v, nil
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header()["Content-Type"] = jsonType
	w.WriteHeader(status)
	// Only a broken connection fails here.
	_ = json.NewEncoder(w).Encode(v)
}

// fail answers an API request: an oauthError as it says, anything else as 503,
// since what is not the caller's mistake is the store's trouble.
func fail(w http.ResponseWriter, err error) {
	if errors.Is(err, errAnswered) {
		return
	}
	var e *oauthError
	if !errors.As(err, &e) {
		e = &oauthError{http.StatusServiceUnavailable, "temporarily_unavailable", ""}
		w.Header().Set("Retry-After", retryAfter)
	}
	noteRefusal(w, e)
	var used usedAgain
	if n, ok := w.(*noted); ok && errors.As(err, &used) && used.why != "" {
		n.heard.Detail = used.why
	}
	if e.Code == "invalid_client" {
		w.Header().Set("WWW-Authenticate", `Basic realm="vneid-test"`)
	}
	writeJSON(w, e.Status, e)
}
