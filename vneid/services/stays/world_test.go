package stays_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services"
	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

// world is a platform, a hotel with two houses and a household, and a clock: it is
// 20:00 in Vietnam on 22/11/2026.
type world struct {
	*platform.Platform
	t    *testing.T
	now  time.Time
	cfg  services.Config
	desk *stays.Desk
}

var evening = time.Date(2026, 11, 22, 20, 0, 0, 0, servicewire.Zone)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, now: evening}
	srv := httptest.NewUnstartedServer(nil)
	clock := func() time.Time { return w.now }
	var err error
	w.Platform, err = platform.New(platform.Config{Issuer: "http://" + srv.Listener.Addr().String(), Now: clock, PasswordRounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	srv.Config.Handler = w.Handler()
	srv.Start()
	t.Cleanup(srv.Close)
	if err := w.Seed(context.Background()); err != nil {
		t.Fatal(err)
	}
	w.cfg = w.register("hotel", platform.Facility{Code: "hotel-1", Name: "Khách sạn Mẫu 1"}, platform.Facility{Code: "hotel-2", Name: "Khách sạn Mẫu 2"},
		platform.Facility{Code: "home", Name: "Hộ gia đình mẫu", Kind: platform.Household})
	w.desk = w.open(w.cfg)
	return w
}

// register enters a client with a key of its own.
func (w *world) register(id string, houses ...platform.Facility) services.Config {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	set, err := jwx.Marshal(jwx.Key{Public: key.Public(), ID: "k", Alg: "ES256", Use: "sig"})
	if err == nil {
		err = w.Register(context.Background(), platform.Client{ID: id, Name: "Chuỗi khách sạn mẫu", Keys: set,
			Services: []platform.Service{platform.ServiceStays}, Facilities: houses})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return services.Config{Issuer: w.Issuer(), ClientID: id, Key: key, KeyID: "k", Now: func() time.Time { return w.now }}
}

func (w *world) open(cfg services.Config) *stays.Desk {
	w.t.Helper()
	client, err := services.New(cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	desk, err := stays.New(stays.Config{Client: client, Secret: []byte("0123456789abcdef0123456789abcdef")})
	if err != nil {
		w.t.Fatal(err)
	}
	return desk
}

// person is one of the cast as a login shows them.
func person(t testing.TB, handle string) vneid.Citizen {
	t.Helper()
	who, ok := personas.Get(handle)
	if !ok {
		t.Fatal(handle)
	}
	return vneid.NewCitizen(who.Record, seal.Own())
}

func day(t testing.TB, s string) vneid.Date {
	t.Helper()
	d, err := vneid.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// good is a stay with nothing wrong: level2 came at 19:30 and leaves on the 24th.
func good(t testing.TB) stays.Stay {
	return stays.Stay{Facility: "hotel-1", Room: "302", Guest: stays.FromLogin(person(t, "level2")),
		Arrive: evening.Add(-30 * time.Minute), Leave: day(t, "2026-11-24"), Reason: "du lịch"}
}

func (w *world) submit(rows ...stays.Stay) []stays.Answer {
	w.t.Helper()
	got, err := w.desk.Submit(w.t.Context(), rows)
	if err != nil || len(got) != len(rows) {
		w.t.Fatalf("%d answers to %d rows: %v", len(got), len(rows), err)
	}
	return got
}

// one submits a row that must be taken.
func (w *world) one(s stays.Stay) stays.Answer {
	w.t.Helper()
	a := w.submit(s)[0]
	if a.Err != nil {
		w.t.Fatalf("not taken: %v", a.Err)
	}
	return a
}

// code is the word of a row's refusal.
func code(err error) string {
	var foreign *stays.ForeignerError
	var e *stays.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &foreign):
		return servicewire.Foreigner
	case errors.As(err, &e):
		return e.Code
	}
	return "?" + err.Error()
}
