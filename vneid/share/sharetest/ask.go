package sharetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// object is JSON by hand: the suite writes the element without package share, so that
// an error there shows here.
type object map[string]any

func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// element is the suite's request as it goes over the wire.
func (r *run) element() object {
	purpose := object{"code": r.target.Purpose.Code, "vi": r.target.Purpose.VI}
	if r.target.Purpose.EN != "" {
		purpose["en"] = r.target.Purpose.EN
	}
	return object{
		"type": wire.DetailsType, "purpose": purpose, "basis": object{"kind": "consent"},
		"retention_days": 30, "mode": "once", "use": "store", "documents": []any{licence(), vehicle()},
	}
}

func licence() object {
	return object{"kind": "driver-licence", "essential": true, "max_age_days": 1,
		"claims":     []any{object{"name": "number", "essential": true}, object{"name": "points"}},
		"predicates": []any{object{"name": "age", "at_least": 18, "essential": true}, object{"name": "licence", "includes": "B", "essential": true}}}
}

func vehicle() object {
	return object{"kind": "vehicle-registration", "claims": []any{object{"name": "plate", "essential": true}}}
}

func one(kind, claim string) []any {
	return []any{object{"kind": kind, "claims": []any{object{"name": claim}}}}
}

// asks are requests that must not be taken, each beside the good one.
func asks() []test {
	const rar, par, fapi = "RFC 9396 §5", "RFC 9126 §2.1", "FAPI 2.0 Security Profile §5.3.2.2"
	details := func(name, proves, clause string, edit func(object)) test {
		return test{Case{"ask/" + name, proves, clause}, func(r *run) error {
			e := r.element()
			edit(e)
			return r.refuses(wire.InvalidDetails, nil, []any{e})
		}}
	}
	form := func(name, proves, clause string, edit func(url.Values)) test {
		return test{Case{"ask/" + name, proves, clause}, func(r *run) error { return r.refuses("", edit, []any{r.element()}) }}
	}
	set := func(name string, v any) func(object) { return func(o object) { o[name] = v } }
	without := func(name string) func(url.Values) { return func(q url.Values) { q.Del(name) } }
	return []test{
		{Case{"ask/two-elements", "one request asks once", rar}, func(r *run) error {
			return r.refuses(wire.InvalidDetails, nil, []any{r.element(), r.element()})
		}},
		{Case{"ask/no-element", "a request asks for something", rar}, func(r *run) error { return r.refuses(wire.InvalidDetails, nil, []any{}) }},
		{Case{"ask/anonymous", "nobody asks without showing who they are", "RFC 9126 §2"}, askAnonymously},
		details("unknown-type", "types that nobody knows are refused", rar, set("type", "payment")),
		details("unknown-member", "what nobody understands is refused, not ignored", rar, set("colour", "red")),
		details("unregistered-purpose", "a purpose is registered", "project format: purpose", func(o object) { o["purpose"].(object)["code"] = "nobody-registered-this" }),
		details("other-words", "people read the registered words of a purpose", "project format: purpose", func(o object) { o["purpose"].(object)["vi"] = "Theo yêu cầu khác" }),
		details("law-without-citation", "processing by law names the provision", "Law 91/2025/QH15 Art. 19", set("basis", object{"kind": "law"})),
		details("unknown-basis", "a legal basis is one of three", "project format: basis", set("basis", object{"kind": "interest"})),
		details("biometrics", "biometrics are never shared", "project format: kinds", set("documents", one("biometrics", "face"))),
		details("judicial-record-2", "nobody may demand judicial record no. 2", "project format: kinds", set("documents", one("judicial-record-2", "number"))),
		details("health-record", "the health record is shown by its owner, never pulled", "project format: kinds", set("documents", one("health-record", "number"))),
		details("unknown-kind", "kinds are those of the table", "project format: kinds", set("documents", one("library-card", "number"))),
		details("unknown-claim", "claims are those of the kind", "project format: claims", set("documents", one("driver-licence", "shoe_size"))),
		details("kind-twice", "a kind is asked for once", "project format: documents", set("documents", []any{vehicle(), vehicle()})),
		details("nothing-of-it", "a document is asked for something", "project format: documents", set("documents", []any{object{"kind": "driver-licence"}})),
		details("no-documents", "a request names documents", "project format: documents", set("documents", []any{})),
		details("forever", "retention has a bound", "project format: retention", set("retention_days", 36500)),
		details("once-until", "an end goes with repeating alone", "project format: mode", set("until", "2099-01-31")),
		details("periodic-without-end", "repeating has an end", "project format: mode", set("mode", "periodic")),
		form("login-too", "logins and data requests are two requests", "project format: scope", func(q url.Values) { q.Set("scope", "openid "+wire.ScopeShare) }),
		form("no-details", "the scope alone asks for nothing", "project format: scope", without(wire.Details)),
		form("no-pkce", "codes are bound to who asked", fapi, without("code_challenge")),
		form("plain-pkce", "and by a hash", fapi, func(q url.Values) { q.Set("code_challenge_method", "plain") }),
		form("elsewhere", "answers go to the registered address", par, func(q url.Values) { q.Set("redirect_uri", "https://elsewhere.example/callback") }),
		form("request-uri-inside", "no request refers to another", par, func(q url.Values) { q.Set("request_uri", "urn:ietf:params:oauth:request_uri:x") }),
		form("too-weak", "documents need account level 2", "project format: levels", func(q url.Values) { q.Set("acr_values", wire.ACR(1, 1)) }),
	}
}

// refuses pushes the good request, which must be taken, and then the bad one.
func (r *run) refuses(code string, edit func(url.Values), elements []any) error {
	good, _, err := r.form([]any{r.element()})
	if err != nil {
		return err
	}
	bad, _, err := r.form(elements)
	if err != nil {
		return err
	}
	if edit != nil {
		edit(bad)
	}
	a, err := r.push(good)
	if err == nil {
		err = expect(a, http.StatusCreated, "")
	}
	if err != nil {
		return fmt.Errorf("the twin: %w", err)
	}
	if a, err = r.push(bad); err != nil {
		return err
	}
	return expect(a, 0, code)
}

func askAnonymously(r *run) error {
	form, _, err := r.form([]any{r.element()})
	if err != nil {
		return err
	}
	where, err := r.endpoint("pushed_authorization_request_endpoint")
	if err != nil {
		return err
	}
	nobody := r.another()
	nobody.Key = nil
	a, err := nobody.Post(r.ctx, where, form)
	if err != nil {
		return err
	}
	return expect(a, 0, "invalid_client")
}
