package platform

import (
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// FuzzDetails: what passes asks for registered kinds alone, for no longer than
// registered, and what does not is refused with one code.
func FuzzDetails(f *testing.F) {
	w := newWorld(f)
	a := w.asker(func(c *Client) { c.Purposes[0].Kinds = []document.Kind{document.DriverLicence, document.Residence} })
	c, err := w.client(f.Context(), a.id)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{
		details(nil), periodic(nil), details(object{"documents": []object{docOf("biometrics", "face")}}), details(object{"retention_days": -1}),
		strings.Replace(details(nil), `"car-rental"`, `"audit"`, 1), `[{"type":"vneid_share","type":"x"}]`, "[]", "[[]]", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ask, err := w.readDetails(c, text)
		if err != nil {
			var e *oauthError
			if !errors.As(err, &e) || e.Code != "invalid_authorization_details" || ask != nil {
				t.Errorf("%v %v", ask, err)
			}
			return
		}
		u := c.purpose(ask.Purpose)
		if u == nil || ask.VI != u.Vi || ask.Retention > u.RetentionDays || len(ask.Documents) == 0 {
			t.Fatalf("%+v", ask)
		}
		for _, d := range ask.Documents {
			if !slices.Contains(u.Kinds, d.Kind) || slices.Contains(sensitive, d.Kind) || len(d.Claims)+len(d.Predicates) == 0 {
				t.Errorf("%+v", d)
			}
		}
		encoded, err := ask.onWire(ask.Documents).Encode()
		if err != nil {
			t.Errorf("what was read cannot be written: %v", err)
		}
		if again, err := w.readDetails(c, encoded); err != nil || len(again.Documents) != len(ask.Documents) {
			t.Errorf("%v %v", again, err)
		}
	})
}

// FuzzChosen: no form makes a person share what was not asked for, nor a part of a
// document without what is essential of it.
func FuzzChosen(f *testing.F) {
	for _, s := range []string{"", "driver-licence", "driver-licence,driver-licence/points", "driver-licence/points", "passport", "driver-licence/birth,driver-licence"} {
		f.Add(s)
	}
	ask := shareAsk{Documents: []shareDoc{
		{Kind: "driver-licence", Claims: []shareItem{{"number", true}, {"points", false}}, Predicates: []shareItem{{"age>=18", false}}},
		{Kind: "residence", Claims: []shareItem{{"province", false}}},
	}}
	f.Fuzz(func(t *testing.T, form string) {
		got := ask.chosen(strings.Split(form, ","))
		left := ask.without(got)
		for _, d := range got {
			was := findDoc(ask.Documents, d.Kind)
			if was == nil || len(d.Claims)+len(d.Predicates) == 0 {
				t.Fatalf("%+v", d)
			}
			for _, c := range append(slices.Clone(d.Claims), d.Predicates...) {
				if !has(was.Claims, c.Name) && !has(was.Predicates, c.Name) {
					t.Errorf("%s", c.Name)
				}
			}
			for _, c := range was.Claims {
				if c.Essential && !has(d.Claims, c.Name) {
					t.Errorf("without %s", c.Name)
				}
			}
		}
		if len(got) == 0 != (len(left) == len(ask.Documents) && !slices.ContainsFunc(left, func(d shareDoc) bool { return d.Claims != nil || d.Predicates != nil })) {
			t.Errorf("%v and %v", got, left)
		}
	})
}

// FuzzPoll: no body makes the platform forget an event that its client did not name.
func FuzzPoll(f *testing.F) {
	for _, s := range []string{`{"maxEvents":1,"ack":["x"]}`, `{"ack":[],"setErrs":{"x":{"err":"y"}}}`, `{"maxEvents":-1}`, `{"maxEvents":1e9}`, `{}`, `[]`, ``} {
		f.Add(s)
	}
	w := newWorld(f)
	a := w.asker(nil)
	ctx := f.Context()
	if err := w.store.Update(ctx, func(tx Tx) error { return w.tellOf(tx, "level2", a.id, event{Name: "phone-changed"}) }); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", "/share/v1/events", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		q, err := readPoll(httptest.NewRecorder(), r)
		var e *oauthError
		if err != nil && !errors.As(err, &e) {
			t.Errorf("%v", err)
		}
		if err != nil {
			return
		}
		var left []event
		err = w.store.Update(t.Context(), func(tx Tx) error {
			if err := w.settle(tx, a.id, q); err != nil {
				return err
			}
			left, err = w.unacknowledged(tx, a.id, 10)
			return err
		})
		if err != nil || len(left) != 1 {
			t.Errorf("%d events are left: %v", len(left), err)
		}
	})
}

// FuzzBundle: without a token of a data request there are no documents.
func FuzzBundle(f *testing.F) {
	w := newWorld(f)
	a := w.asker(nil)
	login := w.login("level2", nil).text("access_token")
	h := w.Handler()
	for _, s := range []string{"DPoP " + login, "Bearer " + login, "DPoP x", "Basic eDp5", "", "DPoP  " + a.id} {
		f.Add(s, "x.y.z")
	}
	f.Fuzz(func(t *testing.T, authorization, proof string) {
		r := httptest.NewRequest("GET", "/share/v1/bundle", nil)
		r.Header["Authorization"], r.Header["Dpop"] = []string{authorization}, []string{proof}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code < 400 || rec.Code >= 500 && rec.Code != 503 || strings.Contains(rec.Body.String(), "envelope") {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	})
}
