package platform

import (
	"net/http"
	"time"
)

// cibaFaults are what logins at a counter can suffer.
func cibaFaults() []fault {
	refused := func(code string) handlerFault {
		return at(pathBackchannel, func(w http.ResponseWriter) { writeJSON(w, http.StatusBadRequest, &oauthError{Code: code}) })
	}
	always := func(code string) func(string) string { return func(string) string { return code } }
	drop := func(name string) func(*members) { return func(m *members) { m.drop(name) } }
	set := func(name string, value any) func(*members) { return func(m *members) { m.set(name, value) } }
	return []fault{
		{name: "ciba-down", about: "the endpoint for logins at a counter answers 503", call: at(pathBackchannel, down)},
		{name: "ciba-page", about: "a proxy answers for that endpoint with a page", call: at(pathBackchannel, page)},
		{name: "ciba-no-id", about: "the acknowledgement has no auth_req_id", asked: drop("auth_req_id")},
		{name: "ciba-no-expiry", about: "the acknowledgement does not say when the request ends", asked: drop("expires_in")},
		{name: "ciba-slow", about: "the acknowledgement wants half a minute between polls", asked: set("interval", 31)},
		{name: "ciba-no-interval", about: "the acknowledgement names no interval, which is then five seconds", asked: drop("interval")},
		{name: "ciba-expired-hint", about: "the hint is over", call: refused("expired_id_token_hint")},
		{name: "ciba-invalid-hint", about: "the hint is nothing that the platform issued", call: refused("invalid_id_token_hint")},
		{name: "ciba-unknown-user", about: "nobody has the number", call: refused("unknown_user_id")},
		{name: "ciba-invalid-request", about: "the token endpoint blames the request", polled: always("invalid_request")},
		{name: "ciba-denied", about: "the person is said to have refused", polled: always("access_denied")},
		{name: "ciba-expired", about: "the request is said to be over", polled: always("expired_token")},
		{name: "ciba-slow-down", about: "every poll that finds no answer is called too fast", polled: func(code string) string {
			if code == "authorization_pending" {
				return "slow_down"
			}
			return code
		}},
		{name: "ciba-other-request", about: "the ID token names another request", idToken: setClaim("urn:openid:params:jwt:claim:auth_req_id", "another-request")},
		{name: "ciba-ping-wrong-token", about: "the ping comes with a token of nobody's", ping: func(q *pinged) { q.Token = "" }},
		{name: "ciba-ping-wrong-id", about: "the ping is for another request", ping: func(q *pinged) { q.ID = "" }},
		{name: "week-old-token", about: "the ID token was issued a week ago", idToken: shift([]string{"iat"}, -7*24*time.Hour)},
		{name: "missing-scope", about: "the token answer does not say its scope, which the RFC allows", token: drop("scope")},
	}
}
