package stays_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services"
	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

const (
	canaryID       = "999190123456"
	canaryName     = "Nguyễn Thị Chim Hoàng Yến"
	canaryPassport = "PCANARY99"
	canarySecret   = "canary-secret-canary-secret-cana"
)

func leaks(text string) bool {
	for _, canary := range []string{canaryID[:9], "Chim", canaryPassport, canarySecret[:12], fmt.Sprintf("%x", canaryID), fmt.Sprintf("%X", canaryName), fmt.Sprint([]byte(canarySecret))} {
		if strings.Contains(text, canary) {
			return true
		}
	}
	return false
}

func TestGuestsAndSecretsHideThemselves(t *testing.T) {
	if !leaks("x"+canaryID) || !leaks(canaryName) {
		t.Fatal("the detector does not detect")
	}
	w := newWorld(t)
	s := good(t)
	s.Guest = stays.Typed(vneid.Record{ID: canaryID, Name: canaryName}, canaryPassport)
	client, err := services.New(w.cfg)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := stays.New(stays.Config{Client: client, Secret: []byte(canarySecret)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Submit(t.Context(), []stays.Stay{s}); err != nil {
		t.Fatal(err)
	}
	type foreign struct {
		hidden stays.Stay
		Open   *stays.Stay
		list   []stays.Guest
		keys   map[string]any
		desk   *stays.Desk
		client *services.Client
	}
	v := foreign{s, &s, []stays.Guest{s.Guest}, map[string]any{"x": s.Guest}, desk, client}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "%q", "%d"} {
		for _, x := range []any{v, &v, s, &s, s.Guest, &s.Guest, []any{s}, v.desk, *v.desk, v.client} {
			if text := fmt.Sprintf(verb, x); leaks(text) {
				t.Errorf("%s of %T: %s", verb, x, text)
			}
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "stay", s, "guest", s.Guest, "all", v)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "stay", s, "guest", s.Guest, "all", v)
	if leaks(log.String()) {
		t.Errorf("logged: %s", log.String())
	}
	for _, x := range []any{s, s.Guest, v} {
		text, _ := json.Marshal(x)
		var out bytes.Buffer
		_ = gob.NewEncoder(&out).Encode(x)
		markup, _ := xml.Marshal(x)
		if leaks(string(text) + out.String() + string(markup)) {
			t.Errorf("encoded: %T", x)
		}
	}
	if _, err := json.Marshal(s.Guest); err == nil {
		t.Error("a guest is encoded without Reveal")
	}
}

// No error's text holds anything of a row, whatever is wrong with it.
func TestErrorsQuoteNothing(t *testing.T) {
	w := newWorld(t)
	for _, edit := range []func(*stays.Stay){
		func(s *stays.Stay) { s.Facility = canaryName }, func(s *stays.Stay) { s.Room = canaryName + "\n" }, func(s *stays.Stay) { s.Leave = vneid.Date{} },
		func(s *stays.Stay) {
			s.Guest = stays.Typed(vneid.Record{Name: canaryName, ForeignerID: canaryID}, canaryPassport)
		},
		func(s *stays.Stay) { s.Guest = stays.Typed(vneid.Record{Name: canaryName}, "") },
	} {
		s := good(t)
		s.Guest = stays.Typed(vneid.Record{ID: canaryID, Name: canaryName}, canaryPassport)
		edit(&s)
		a := w.submit(s)[0]
		vi, en := vneid.Advice(a.Err)
		if a.Err == nil || leaks(fmt.Sprintf("%v %+v %#v %v %+v", a.Err, a, a.Err, s, s)+vi+en) {
			t.Errorf("%+v", a)
		}
		for err := a.Err; err != nil; err = errors.Unwrap(err) {
			if leaks(err.Error()) {
				t.Errorf("%v", err)
			}
		}
	}
}

// The key that travels, and what the platform stores by, is no plain hash.
func TestKeysAreKeyed(t *testing.T) {
	w := newWorld(t)
	a := w.one(good(t))
	if strings.Contains(a.ID, "999090") || !servicewire.Code(a.ID) {
		t.Errorf("the notice's name is %s", a.ID)
	}
}
