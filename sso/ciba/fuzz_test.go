package ciba

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// Whatever is sent to the notification endpoint: one of its statuses, and the bell
// rings only for the token and the request that belong together.
func FuzzNotify(f *testing.F) {
	f.Add("Bearer good", "application/json", `{"auth_req_id":"req-1"}`)
	f.Add("bearer good", "application/json; charset=utf-8", `{"auth_req_id":"req-2"}`)
	f.Add("Bearer bad", "application/json", `{"auth_req_id":"req-1"}`)
	f.Add("Bearer good", "text/plain", `{`)
	f.Add("", "", "")
	f.Fuzz(func(t *testing.T, auth, media, body string) {
		o := newOP(t)
		d := o.desk(ping)
		s := new(Session)
		sum := decoupled.Sum("good")
		d.open.Hang(sum, time.Now().Add(time.Hour))
		s.put(pending{ID: "req-1", Bell: &sum, Expires: time.Now().Add(time.Hour)})
		d.open.Tune(sum, s.look().ID, s.Expires())
		r := httptest.NewRequest(http.MethodPost, "/ping", strings.NewReader(body))
		r.Header.Set("Authorization", auth)
		r.Header.Set("Content-Type", media)
		code := send(d, r)
		rung := false
		select {
		case <-d.bell(s.look()):
			rung = true
		default:
		}
		var said struct {
			ID string `json:"auth_req_id"`
		}
		mine := strings.EqualFold(strings.TrimSuffix(auth, "good"), "Bearer ") && strings.HasSuffix(auth, " good")
		if rung && (!mine || json.Unmarshal([]byte(body), &said) != nil || said.ID != "req-1") || rung != (code == 204) || code != 204 && code != 400 && code != 401 {
			t.Errorf("%d, rung %v", code, rung)
		}
	})
}

// Whatever an acknowledgement says: a Session within its bounds, or a refusal.
func FuzzAcknowledgement(f *testing.F) {
	f.Add(`{"auth_req_id":"req-1","expires_in":120,"interval":5}`)
	f.Add(`{"auth_req_id":"","expires_in":-1,"interval":9223372036854775807}`)
	f.Add(`{"auth_req_id":1,"expires_in":"1"}`)
	now := time.Unix(1767600000, 0)
	f.Fuzz(func(t *testing.T, text string) {
		o, err := jws.ParseObject(text)
		if err != nil {
			return
		}
		s, err := acknowledged(&o, pending{Begun: now}, now)
		if (s == nil) != (err != nil) {
			t.Fatalf("%v, %v", s, err)
		}
		if err != nil {
			return
		}
		p := s.look()
		if p.ID == "" || p.Interval < time.Second || p.Interval > decoupled.MaxInterval || !p.Expires.After(now) || p.Expires.Sub(now) > decoupled.MaxLife {
			t.Errorf("%+v", p)
		}
	})
}
