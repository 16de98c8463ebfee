package sso

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// demand is a resource server's answer.
func demand(challenge ...string) *http.Response {
	return &http.Response{StatusCode: 401, Header: http.Header{"Www-Authenticate": challenge}}
}

const insufficient = `error="insufficient_user_authentication"`

func TestADemandForAStrongerLoginBecomesAnAsk(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o)
	id := mustLogin(t, c, o, Ask{}) // level 2, authentication 2
	o.clock.advance(time.Minute)
	need := func(level vneid.Level, auth vneid.AuthLevel) Ask {
		return Ask{Need: vneid.Assurance{Level: level, Auth: auth}, Subject: "pairwise-1", Prompt: "login"}
	}
	for challenge, want := range map[string]Ask{
		`Bearer ` + insufficient + `, acr_values="` + wire.ACR(2, 3) + `"`:                       need(2, 3),
		`DPoP algs="ES256", ` + insufficient + `, acr_values="` + wire.ACR(1, 4) + `"`:           need(1, 4),
		`Bearer ` + insufficient + `,acr_values="` + wire.ACR(2, 4) + ` ` + wire.ACR(2, 3) + `"`: need(2, 3),
		`Bearer ` + insufficient + `, max_age="30"`:                                              need(0, 0),
		`Bearer ` + insufficient + `, max_age=30`:                                                need(0, 0),
		`bearer ` + insufficient:                                                               need(0, 0),
		`Basic realm="x", Bearer realm="a, b", ` + insufficient:                                need(0, 0),
		`Bearer ` + insufficient + `, acr_values="phr ` + wire.ACR(1, 3) + `", scope="openid"`: need(1, 3),
		`Bearer ` + insufficient + `, max_age="30", acr_values="` + wire.ACR(2, 1) + `"`:       need(2, 1),
	} {
		ask, needed, err := c.StepUp(demand(challenge), id)
		if err != nil || !needed || ask != want {
			t.Errorf("%s: %+v %v %v", challenge, ask, needed, err)
		}
	}
	// The whole way: the resource is satisfied by what the ask brings.
	ask, _, _ := c.StepUp(demand(`Bearer `+insufficient+`, acr_values="`+wire.ACR(2, 3)+`"`), id)
	o.auth = 3
	if again := mustLogin(t, c, o, ask); again.Assurance().Auth != 3 {
		t.Error("no stronger login")
	}
	o.claims = func(m object) { m["sub"] = "pairwise-2" }
	_, err := logIn(c, o, ask)
	refusedAs(t, err, vneid.ErrMismatch)
}

func TestOtherAnswersDemandNothing(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o)
	id := mustLogin(t, c, o, Ask{})
	ok := demand(`Bearer ` + insufficient)
	ok.StatusCode = 200
	for _, res := range []*http.Response{
		nil, ok, demand(), demand(""), demand("Bearer"), demand(`Bearer error="invalid_token"`), demand(insufficient),
		demand(`Bearer error_description="insufficient_user_authentication"`), demand(`Bearer error="x`), demand(`Bearer realm="error=\"insufficient_user_authentication\""`),
	} {
		if ask, needed, err := c.StepUp(res, id); needed || err != nil || ask != (Ask{}) {
			t.Errorf("%v: %v %v", res, needed, err)
		}
	}
}

func TestADemandThatNoLoginMeetsIsNotLooped(t *testing.T) {
	o := newOP(t)
	o.level = 1
	c := newClient(t, o)
	id := mustLogin(t, c, o, Ask{})
	for name, test := range map[string]struct {
		challenge string
		id        *Identity
		want      vneid.Kind
	}{
		"account level":     {`acr_values="` + wire.ACR(2, 1) + `"`, id, vneid.ErrLevel},
		"what it has":       {`acr_values="` + wire.ACR(1, 2) + `"`, id, vneid.ErrLevel},
		"fresh enough":      {`max_age="60"`, id, vneid.ErrLevel},
		"a foreign context": {`acr_values="phr phrh"`, id, vneid.ErrUntrusted},
		"nobody":            {`max_age="0"`, nil, vneid.ErrLevel},
	} {
		ask, needed, err := c.StepUp(demand(`Bearer `+insufficient+`, `+test.challenge), test.id)
		if needed || ask != (Ask{}) || err == nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		refusedAs(t, err, test.want)
	}
	var low *vneid.LevelError
	_, _, err := c.StepUp(demand(`Bearer `+insufficient+`, acr_values="`+wire.ACR(2, 1)+`"`), id)
	if !errors.As(err, &low) || low.Got.Level != 1 || low.Want.Level != 2 {
		t.Errorf("%v", err)
	}
}

func TestAStepUpIsTriedOnce(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o)
	id := mustLogin(t, c, o, Ask{})
	o.clock.advance(time.Second)
	now := demand(`Bearer ` + insufficient + `, max_age="0"`)
	ask, needed, err := c.StepUp(now, id)
	if err != nil || !needed {
		t.Fatalf("the first attempt: %v", err)
	}
	id = mustLogin(t, c, o, ask)
	o.clock.advance(time.Second)
	_, needed, err = c.StepUp(now, id) // an age of 0 is never reached
	refusedAs(t, err, vneid.ErrLevel)
	if needed {
		t.Error("a second attempt")
	}
	o.clock.advance(stepUpPause)
	if _, needed, err := c.StepUp(now, id); err != nil || !needed {
		t.Errorf("later: %v", err)
	}
}

func TestTheHandlersTakeAStepUp(t *testing.T) {
	s := newSite(t)
	s.mux.Handle("/api", s.c.Require(Ask{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, _ := FromContext(r.Context())
		if id.Assurance().Auth >= 3 {
			w.Write([]byte("done"))
			return
		}
		ask, needed, err := s.c.StepUp(demand(`Bearer `+insufficient+`, acr_values="`+wire.ACR(2, 3)+`"`), id)
		if err != nil || !needed {
			t.Error(err)
		}
		ask.Return = "/api"
		s.c.Login(ask).ServeHTTP(w, r)
	})))
	b := s.browser()
	b.get("/home")
	s.op.auth = 3
	if status, body := b.get("/api"); status != 200 || body != "done" || s.op.count("/authorize") != 2 {
		t.Errorf("%d %s after %d logins", status, body, s.op.count("/authorize"))
	}
}

func TestChallengesAreReadAsTheirGrammarHasThem(t *testing.T) {
	p := func(kv ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = kv[i+1]
		}
		return m
	}
	for line, want := range map[string][]challenged{
		``:                                nil,
		`Bearer`:                          {{"bearer", p()}},
		`Bearer, DPoP algs="ES256"`:       {{"bearer", p()}, {"dpop", p("algs", "ES256")}},
		`Bearer a=b,c="d e" , F = "g\"h"`: {{"bearer", p("a", "b", "c", "d e", "f", `g"h`)}},
		`, , Bearer a=b`:                  {{"bearer", p("a", "b")}},
		`Bearer a=b, a=c, d=e`:            {{"bearer", p("a", "b")}},
		`a=b`:                             nil,
		`Bearer a="b`:                     {{"bearer", p()}},
		`Bearer a="b\`:                    {{"bearer", p()}},
		`Negotiate YWJj==, Bearer x=y`:    {{"negotiate", p()}},
		"Bearer \x00":                     {{"bearer", p()}},
	} {
		if got := challenges([]string{line}); len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v", line, got)
		}
	}
	if got := challenges([]string{strings.Repeat("Bearer, ", 10000)}); len(got) != maxChallenges {
		t.Errorf("%d", len(got))
	}
}

func FuzzStepUp(f *testing.F) {
	o := newOP(f)
	c := newClient(f, o)
	id := mustLogin(f, c, o, Ask{})
	o.clock.advance(time.Minute)
	f.Add(`Bearer ` + insufficient + `, acr_values="` + wire.ACR(2, 3) + `", max_age=1`)
	f.Add(`DPoP a="\"", Bearer x=y`)
	f.Add(`Bearer a="b`)
	f.Fuzz(func(t *testing.T, line string) {
		ask, needed, err := c.StepUp(demand(line), id)
		switch {
		case needed && (err != nil || ask.Subject != "pairwise-1" || ask.Prompt != "login" || ask.Need.Level > 2):
			t.Errorf("%+v %v", ask, err)
		case !needed && ask != (Ask{}):
			t.Error("an ask that is not needed")
		case needed:
			if _, _, err := c.Begin(context.Background(), ask); err != nil {
				t.Errorf("the ask cannot be begun: %v", err)
			}
		}
	})
}
