package share

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// defect is one thing that a platform, or somebody between, does wrong on the way of a
// request through a browser, and as what it is refused. check is the one that refuses
// it: without it the fault passes. The names are the project's own; those that begin
// with fapi2- or oidcc- are like modules of the OpenID Foundation's suite: replicated,
// not certified.
type defect struct {
	name   string
	want   vneid.Kind
	check  string
	broken func(o *op)
	query  func(q string) string // of the callback
	wait   time.Duration         // between Begin and the callback
}

func agrees(edit func(d j)) func(*op) { return func(o *op) { o.grants = edit } }

func answers(edit func(a j)) func(*op) { return func(o *op) { o.token = edit } }

func describes(edit func(m j)) func(*op) { return func(o *op) { o.metadata = edit } }

func queries(old, new string) func(string) string {
	return func(q string) string { return strings.ReplaceAll(q, old, new) }
}

// documents of what was granted.
func documents(d j) []any { return d["documents"].([]any) }

func nothing(*op) {}

var defects = []defect{
	{name: "fapi2-issuer-mismatch-in-metadata", want: vneid.ErrUntrusted, check: "issuer", broken: describes(func(m j) { m["issuer"] = platform + "/" })},
	{name: "http-token-endpoint", want: vneid.ErrUntrusted, broken: describes(func(m j) { m["token_endpoint"] = "http://vneid.example/token" })},
	{name: "token-endpoint-on-another-host", want: vneid.ErrUntrusted, check: "endpoint-host", broken: describes(func(m j) { m["token_endpoint"] = "https://evil.example/token" })},
	{name: "par-endpoint-on-another-host", want: vneid.ErrUntrusted, check: "endpoint-host", broken: describes(func(m j) { m["pushed_authorization_request_endpoint"] = "https://evil.example/par" })},
	{name: "no-par-endpoint", want: vneid.ErrUntrusted, broken: describes(func(m j) { delete(m, "pushed_authorization_request_endpoint") })},
	{name: "fapi2-private-key-jwt-not-offered", want: vneid.ErrUntrusted, check: "offer", broken: describes(func(m j) { m["token_endpoint_auth_methods_supported"] = []string{"client_secret_basic"} })},
	{name: "fapi2-dpop-not-offered", want: vneid.ErrUntrusted, check: "offer", broken: describes(func(m j) { delete(m, "dpop_signing_alg_values_supported") })},
	{name: "fapi2-pkce-not-offered", want: vneid.ErrUntrusted, check: "offer", broken: describes(func(m j) { m["code_challenge_methods_supported"] = []string{"plain"} })},
	{name: "details-type-not-offered", want: vneid.ErrUntrusted, check: "offer", broken: describes(func(m j) { m["authorization_details_types_supported"] = []string{"payment"} })},
	{name: "metadata-with-a-list-for-a-url", want: vneid.ErrUnavailable, broken: describes(func(m j) { m["token_endpoint"] = []string{"x"} })},
	{name: "pushed-request-without-expiry", want: vneid.ErrMalformed, check: "par-life", broken: func(o *op) { o.par = func(a j) { delete(a, "expires_in") } }},
	{name: "pushed-request-that-is-over", want: vneid.ErrMalformed, check: "par-life", broken: func(o *op) { o.par = func(a j) { a["expires_in"] = 0 } }},
	{name: "pushed-request-without-a-name", want: vneid.ErrMalformed, broken: func(o *op) { o.par = func(a j) { a["request_uri"] = "" } }},
	{name: "pushed-request-with-a-name-of-two-lines", want: vneid.ErrMalformed, broken: func(o *op) { o.par = func(a j) { a["request_uri"] = "a\nb" } }},

	{name: "fapi2-state-of-another-request", want: vneid.ErrMismatch, check: "state", query: func(q string) string {
		i := strings.Index(q, "state=") + len("state=")
		other := "x"
		if q[i] == 'x' {
			other = "y"
		}
		return q[:i] + other + q[i+1:]
	}},
	{name: "fapi2-no-state", want: vneid.ErrMalformed, query: queries("state=", "estate=")},
	{name: "fapi2-authorization-response-of-another-issuer", want: vneid.ErrMismatch, check: "iss", query: queries("iss=https%3A%2F%2Fvneid.example", "iss=https%3A%2F%2Fevil.example")},
	{name: "fapi2-authorization-response-without-iss", want: vneid.ErrMismatch, check: "iss", query: queries("iss=", "hiss=")},
	{name: "callback-after-ten-minutes", want: vneid.ErrExpired, check: "ten-minutes", wait: sessionLife},
	{name: "callback-with-a-parameter-twice", want: vneid.ErrMalformed, query: func(q string) string { return q + "&code=x" }},
	{name: "callback-with-code-and-error", want: vneid.ErrMalformed, query: func(q string) string { return q + "&error=access_denied" }},
	{name: "callback-with-a-token", want: vneid.ErrMalformed, query: func(q string) string { return q + "&access_token=x" }},
	{name: "callback-with-a-bad-escape", want: vneid.ErrMalformed, query: func(q string) string { return q + "&x=%zz" }},
	{name: "callback-with-neither-code-nor-error", want: vneid.ErrMalformed, query: queries("code=", "mode=")},
	{name: "callback-with-a-code-of-control-characters", want: vneid.ErrMalformed, query: queries("code=", "code=%00")},
	{name: "refused-by-the-citizen", want: vneid.ErrDenied, query: queries("code=", "error=access_denied&mode=")},
	{name: "eid-locked-at-the-redirect", want: vneid.ErrLocked, query: queries("code=", "error=eid_locked&mode=")},
	{name: "level-too-low-at-the-redirect", want: vneid.ErrLevel, query: queries("code=", "error=unmet_authentication_requirements&mode=")},
	{name: "details-refused-at-the-redirect", want: vneid.ErrUntrusted, query: queries("code=", "error=invalid_authorization_details&mode=")},
	{name: "an-error-that-nobody-knows", want: vneid.ErrUnavailable, query: queries("code=", "error=whatever&mode=")},
	{name: "a-code-of-somebody-else", want: vneid.ErrExpired, query: queries("code=", "code=X")},

	{name: "fapi2-bearer-instead-of-dpop", want: vneid.ErrUntrusted, check: "bound", broken: answers(func(a j) { a["token_type"] = "Bearer" })},
	{name: "token-response-without-token", want: vneid.ErrMalformed, broken: answers(func(a j) { delete(a, "access_token") })},
	{name: "token-response-without-details", want: vneid.ErrMalformed, broken: answers(func(a j) { delete(a, "authorization_details") })},
	{name: "token-response-with-two-details", want: vneid.ErrMalformed, broken: answers(func(a j) { d := a["authorization_details"].([]j); a["authorization_details"] = append(d, d[0]) })},
	{name: "granted-without-a-transaction", want: vneid.ErrMalformed, broken: agrees(func(d j) { delete(d, "txn") })},
	{name: "a-document-more-than-asked", want: vneid.ErrMismatch, check: "wider", broken: agrees(func(d j) {
		d["documents"] = append(documents(d), j{"kind": "passport", "claims": []j{{"name": "number"}}})
	})},
	{name: "a-claim-more-than-asked", want: vneid.ErrMismatch, check: "wider", broken: agrees(func(d j) {
		doc := documents(d)[0].(j)
		doc["claims"] = append(doc["claims"].([]any), j{"name": "residence"})
	})},
	{name: "granted-for-another-purpose", want: vneid.ErrMismatch, check: "wider", broken: agrees(func(d j) { d["purpose"].(j)["code"] = "marketing" })},
	{name: "granted-for-longer", want: vneid.ErrMismatch, check: "wider", broken: agrees(func(d j) { d["retention_days"] = 3650 })},
	{name: "an-essential-document-declined", want: vneid.ErrDenied, check: "missing", broken: agrees(func(d j) { d["documents"] = documents(d)[1:] })},
	{name: "an-essential-claim-declined", want: vneid.ErrDenied, check: "missing", broken: agrees(func(d j) { doc := documents(d)[0].(j); doc["claims"] = doc["claims"].([]any)[1:] })},
}

// through is the whole way with the fault, for a client without one check.
func (f defect) through(t *testing.T, off string, on bool) error {
	o := newOP(t)
	if f.broken == nil {
		f.broken = nothing
	}
	if on {
		f.broken(o)
	}
	c := o.client()
	c.off = off
	_, s, err := c.Begin(t.Context(), request())
	if err != nil {
		return err
	}
	query := o.callback()
	if on {
		o.advance(f.wait)
		if f.query != nil {
			query = f.query(query)
		}
	}
	o.fresh()
	_, err = c.Finish(t.Context(), s, query)
	return err
}

func TestEveryFaultIsRefusedWithItsKind(t *testing.T) {
	pairs := 0
	for _, f := range defects {
		t.Run(f.name, func(t *testing.T) {
			if err := f.through(t, "", false); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			err := f.through(t, "", true)
			refusedAs(t, err, f.want)
			for _, leak := range []string{"evil", "999190", "whatever", "residence"} {
				if strings.Contains(err.Error(), leak) {
					t.Errorf("%q repeats what came", err)
				}
			}
			if f.check == "" {
				return
			}
			pairs++
			if err := f.through(t, f.check, true); err != nil {
				t.Errorf("without the check %q: %v", f.check, err)
			}
		})
	}
	t.Logf("%d faults, %d of them with the attack that succeeds without its check", len(defects), pairs)
}

func TestASessionOfAnotherClientFinishesNothing(t *testing.T) {
	o := newOP(t)
	key := []byte(strings.Repeat("k", 32))
	ring := func(cfg *Config) { cfg.CookieKeys = [][]byte{key} }
	a := o.client(ring)
	b := o.client(ring, func(cfg *Config) { cfg.RedirectURL = "https://portal.example/other" })
	_, s, err := a.Begin(t.Context(), request())
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Finish(t.Context(), s, o.callback())
	refusedAs(t, err, vneid.ErrMismatch)
	b.off = "session-binding"
	if _, err := b.Finish(t.Context(), s, o.callback()); err != nil {
		t.Errorf("without its check: %v", err)
	}
	_, err = a.Poll(t.Context(), s)
	refusedAs(t, err, vneid.ErrMismatch) // of Begin
	o.advance(time.Second)
	other, err := a.Ask(t.Context(), request(), citizen, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Finish(t.Context(), other, o.callback())
	refusedAs(t, err, vneid.ErrMismatch) // of Ask
}

// What the bundle endpoint answers, and how the request ends then.
func TestWhatTheBundleEndpointAnswers(t *testing.T) {
	for name, a := range map[string]struct {
		want    vneid.Kind
		handler http.HandlerFunc
	}{
		"the eID was locked meanwhile":  {vneid.ErrLocked, refusing(403, "eid_locked")},
		"the account was locked":        {vneid.ErrLocked, refusing(403, "account_locked")},
		"the consent was withdrawn":     {vneid.ErrRevoked, refusing(403, "consent_withdrawn")},
		"the level was lost":            {vneid.ErrLevel, refusing(403, "unmet_authentication_requirements")},
		"the purpose is not registered": {vneid.ErrUntrusted, refusing(403, "unauthorized_client")},
		"the token has fetched before":  {vneid.ErrExpired, refusing(401, "invalid_token")},
		"a word that nobody knows":      {vneid.ErrUntrusted, refusing(403, "canary")},
		"it is down":                    {vneid.ErrUnavailable, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }},
		"it leads elsewhere": {vneid.ErrUnavailable, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://evil.example/")
			w.WriteHeader(302)
		}},
		"a page":                          {vneid.ErrMalformed, typed("text/html", "<html>")},
		"JSON that is no bundle by name":  {vneid.ErrMalformed, typed("application/json", `{"envelope":"x"}`)},
		"a bundle that is no JSON":        {vneid.ErrMalformed, typed("application/vneid-bundle+json", `{`)},
		"a bundle without end":            {vneid.ErrMalformed, typed("application/vneid-bundle+json", `{"envelope":"`+strings.Repeat("x", 256<<10)+`"}`)},
		"an answer larger than any":       {vneid.ErrUnavailable, typed("application/vneid-bundle+json", strings.Repeat("x", 1<<20+1))},
		"a ciphertext without keys of it": {vneid.ErrMalformed, typed("application/jose", "a.b.c.d.e")},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOP(t)
			o.override = map[string]http.HandlerFunc{"/share/v1/bundle": a.handler}
			_, err := o.share(o.client(), request())
			refusedAs(t, err, a.want)
			if strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "evil") {
				t.Errorf("%q repeats what came", err)
			}
		})
	}
}

func TestABundleUnderAnotherNameIsNone(t *testing.T) {
	for media, want := range map[string]bool{"application/vneid-bundle+json": true, "text/plain": false, "application/octet-stream": false, "": false} {
		o := newOP(t)
		o.override = map[string]http.HandlerFunc{"/share/v1/bundle": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{media}
			_, _ = w.Write(o.good().bundle())
		}}
		_, err := o.share(o.client(), request())
		if want && err != nil {
			t.Errorf("the twin: %v", err)
		} else if !want {
			refusedAs(t, err, vneid.ErrMalformed)
		}
	}
}

func refusing(status int, code string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, status, j{"error": code, "error_description": "canary"})
	}
}

func typed(media, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media)
		fmt.Fprint(w, body)
	}
}

// Answers of one request do not answer another of the same person, nor do the answers
// of two fetches mix.
func TestBundlesDoNotSwap(t *testing.T) {
	for name, edit := range map[string]func(*spec){
		"of another request":     func(s *spec) { s.envelope["nonce"] = "another" },
		"of another transaction": func(s *spec) { s.envelope["txn"] = "txn-xxxxxxxxxxxxxxxxxxxxxx" },
		"of another grant":       func(s *spec) { s.envelope["grant"] = "grant-xxxxxxxxxxxxxxxxxxxx" },
	} {
		o := newOP(t)
		o.bundle = edit
		_, err := o.share(o.client(), request())
		refusedAs(t, err, vneid.ErrMismatch)
		_ = name
	}
	o := newOP(t)
	c := o.client()
	var first string
	o.bundle = func(s *spec) {
		if first == "" {
			first = s.envelope["jti"].(string)
		}
		s.envelope["jti"] = first
	}
	if _, err := o.share(c, request()); err != nil {
		t.Fatal(err)
	}
	_, err := o.share(c, request())
	refusedAs(t, err, vneid.ErrReplayed)
}

// What the ledger refuses is not used up: the answer is fetched and checked, and only
// what passes everything counts as taken.
func TestTheLedgerIsAskedBeforeTheAnswerIsTaken(t *testing.T) {
	for _, kind := range []vneid.Kind{vneid.ErrLocked, vneid.ErrRevoked} {
		o := newOP(t)
		l := &ledger{err: kind}
		c := o.client(func(cfg *Config) { cfg.Ledger = l })
		spends := &counter{Replay: c.verifier().Replay}
		c.verifier().Replay = spends
		_, err := o.share(c, request())
		refusedAs(t, err, kind)
		if spends.n != 0 || len(l.asked) != 1 || l.asked[0] != platform+" "+person+" "+consent {
			t.Errorf("%d spent, asked %v", spends.n, l.asked)
		}
		c.off = "ledger"
		if _, err := o.share(c, request()); err != nil {
			t.Errorf("without its check: %v", err)
		}
		// Where the subject is known it is asked before anything is fetched.
		c.off = ""
		r := request()
		r.Subject = person
		before := o.count("/share/v1/bundle")
		_, err = o.share(c, r)
		refusedAs(t, err, kind)
		if o.count("/share/v1/bundle") != before {
			t.Error("it was fetched all the same")
		}
	}
}

type counter struct {
	vneid.Replay
	n int
}

func (c *counter) Use(ctx context.Context, once vneid.Once) error {
	c.n++
	return c.Replay.Use(ctx, once)
}

func TestARequestThatMustNotBeMadeIsNotSent(t *testing.T) {
	o := newOP(t)
	c := o.client()
	for name, edit := range map[string]func(*Request){
		"biometrics":        func(r *Request) { r.Documents[0].Kind = "biometrics" },
		"judicial record 2": func(r *Request) { r.Documents[0].Kind = "judicial-record-2" },
		"no purpose":        func(r *Request) { r.Purpose = Purpose{} },
		"a level above":     func(r *Request) { r.Need.Level = 3 },
		"a later login":     func(r *Request) { r.Need.At = noon.Add(time.Hour) },
	} {
		r := request()
		edit(&r)
		if _, _, err := c.Begin(t.Context(), r); err == nil {
			t.Errorf("%s is sent", name)
		} else if kind := vneid.Kind(0); errors.As(err, &kind) {
			t.Errorf("%s has the kind %v, though it is the program's mistake", name, kind)
		}
	}
	if o.count("/par") != 0 {
		t.Error("something was sent")
	}
	if b, _ := json.Marshal(o.calls); o.count("/.well-known/openid-configuration") != 0 {
		t.Errorf("calls: %s", b)
	}
}
