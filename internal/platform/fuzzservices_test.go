package platform

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// FuzzServices: whatever the body, a service answers by its rules: no trouble of its own,
// no foreigner and no row without a number and an adult is taken, and what it answers is
// what the other end reads.
func FuzzServices(f *testing.F) {
	w := newWorld(f)
	h := w.hotel(func(c *Client) { c.Class = "state" })
	c, err := w.client(f.Context(), "hotel")
	if err != nil || c == nil {
		f.Fatal(err)
	}
	row, _ := json.Marshal(h.guest(nil))
	for kind, body := range []string{
		`{"rows":[` + string(row) + `]}`, `{"id":"x","version":1,"row":` + string(row) + `}`, `{"id":"x","version":1}`, `{"facility":"h1","day":"2026-11-22"}`,
	} {
		f.Add(uint8(kind), body)
	}
	ticket, _ := json.Marshal(filing(nil))
	sending, _ := json.Marshal(death(object{"deceased": "999090999998"}))
	f.Add(uint8(4), string(ticket))
	f.Add(uint8(5), `{"id":"x"}`)
	f.Add(uint8(6), string(sending))
	f.Add(uint8(0), strings.Replace(`{"rows":[`+string(row)+`]}`, `"VNM"`, `"UTO"`, 1))
	calls := []serviceCall{w.fileStays, w.correctStay, w.cancelStay, w.queryStays, w.fileTicket, w.queryTicket, w.sendNotification}
	f.Fuzz(func(t *testing.T, kind uint8, body string) {
		o, err := jws.ParseObject(body)
		if err != nil {
			return
		}
		out, err := calls[int(kind)%len(calls)](t.Context(), c, o)
		if err != nil {
			if _, ok := err.(*oauthError); !ok {
				t.Fatalf("%v", err)
			}
			return
		}
		text, err := jws.Encode(out...)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := jws.ParseObject(string(text))
		if err != nil {
			t.Fatal(err)
		}
		if int(kind)%len(calls) != 0 {
			return
		}
		asked := o.Objects("rows")
		for i, got := range answer.Objects("rows") {
			a, err := servicewire.ReadAnswer(got)
			if err != nil {
				t.Fatalf("%v: %s", err, got.Text())
			}
			s, err := servicewire.ReadStay(asked[i])
			if a.Error == "" && (err != nil || s.Foreign() || s.Number == "" && s.Passport == "" && s.With == "" || s.Facility != "h1" && s.Facility != "h2" && s.Facility != "home") {
				t.Errorf("taken: %s", asked[i].Text())
			}
		}
	})
}
