package platform

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/registers"
)

func TestTheClocksOffsetOutlivesTheProcess(t *testing.T) {
	ctx, store, secret := context.Background(), NewMemory(), make([]byte, 32)
	start := func() (*Platform, *Clock) {
		t.Helper()
		c := new(Clock)
		p, err := New(Config{Issuer: "http://127.0.0.1:1", Store: store, Secret: secret, PasswordRounds: 1, Clock: c})
		if err != nil {
			t.Fatal(err)
		}
		return p, c
	}
	near := func(p *Platform, want time.Time) {
		t.Helper()
		if d := p.Now().Sub(want); d < -time.Minute || d > time.Minute {
			t.Errorf("the time is %v, want about %v", p.Now(), want)
		}
	}
	p, _ := start()
	near(p, time.Now())
	then := time.Date(2024, 6, 30, 16, 59, 50, 0, time.UTC)
	if err := p.SetClock(ctx, "co-quan", then); err != nil {
		t.Fatal(err)
	}
	near(p, then)
	if err := p.AdvanceClock(ctx, "", 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	near(p, then.AddDate(0, 0, 1))
	again, _ := start()
	near(again, then.AddDate(0, 0, 1))

	// Another process with the same store hears of a change.
	if err := again.ResetClock(ctx, ""); err != nil {
		t.Fatal(err)
	}
	if err := p.resumeClock(ctx); err != nil {
		t.Fatal(err)
	}
	near(p, time.Now())
	for _, far := range []time.Time{{}, time.Date(2019, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if err := p.SetClock(ctx, "", far); !errors.Is(err, ErrFarClock) {
			t.Errorf("%v: %v", far, err)
		}
	}
	if err := p.AdvanceClock(ctx, "", 100*365*24*time.Hour); !errors.Is(err, ErrFarClock) {
		t.Errorf("a hundred years: %v", err)
	}
	fixed, err := New(Config{Issuer: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := fixed.SetClock(ctx, "", then); !errors.Is(err, ErrNoClock) {
		t.Errorf("without a clock: %v", err)
	}
}

func TestWeatherIsOfOnePlaceAndPasses(t *testing.T) {
	p, err := New(Config{Issuer: "http://127.0.0.1:1", PasswordRounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	h := p.Handler()
	get := func(path string) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w.Code
	}
	if err := p.SetWeather("GET /jwks.json", Weather{Down: true}); err != nil {
		t.Fatal(err)
	}
	if get("/jwks.json") != http.StatusServiceUnavailable || get(pathDiscovery) != http.StatusOK {
		t.Error("the weather is not where it was made")
	}
	if err := p.SetWeather("GET /jwks.json", Weather{Delay: 50 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	if began := time.Now(); get("/jwks.json") != http.StatusOK || time.Since(began) < 50*time.Millisecond {
		t.Errorf("the answer came after %v", time.Since(began))
	}
	// Who has gone is not answered, and does not hold a place.
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if err := p.SetWeather("GET /jwks.json", Weather{Delay: MaxDelay}); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/jwks.json", nil).WithContext(gone))
	if time.Since(began) > MaxDelay/2 {
		t.Error("nobody noticed that the caller had gone")
	}
	if err := p.SetWeather("register population", Weather{Down: true}); err != nil || !p.Registers().Off(registers.Population) || p.Registers().Off(registers.Cards) {
		t.Errorf("the register: %v", err)
	}
	if list := p.Weathers(); len(list) != 2 {
		t.Errorf("%v", list)
	}
	for place, w := range map[string]Weather{"GET /nowhere": {Down: true}, "POST /token": {Delay: MaxDelay + 1}, "GET /userinfo": {Delay: -1}, "register population": {Delay: 1}} {
		if err := p.SetWeather(place, w); !errors.Is(err, ErrNoPlace) {
			t.Errorf("%s: %v", place, err)
		}
	}
	p.clearSky()
	if p.Registers().Off(registers.Population) || len(p.Weathers()) != 0 || p.sky.clouds.Load() != 0 {
		t.Error("the sky is not clear")
	}
	if places := p.Places(); !slices.Contains(places, "POST /token") || !slices.Contains(places, "register immigration") {
		t.Errorf("%v", places)
	}
}

func TestAResetLeavesTheKeysAndWhatIsSpent(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	tokens := w.login("level2", nil)
	access := tokens.body["access_token"].(string)
	if err := w.Break("", "slow-token"); err != nil {
		t.Fatal(err)
	}
	if err := w.SetWeather("POST /token", Weather{Down: true}); err != nil {
		t.Fatal(err)
	}
	if fresh, err := w.first(ctx, w.now().Add(time.Hour), "proof", "key", "jti"); !fresh || err != nil {
		t.Fatal(fresh, err)
	}
	before := string(w.LoginKeys().JWKS())
	if err := w.Reset(ctx, ""); err != nil {
		t.Fatal(err)
	}
	if got := w.userinfo(access); got.status != http.StatusUnauthorized {
		t.Errorf("a token is good after the reset: %d", got.status)
	}
	if _, err := w.Account(ctx, "level2"); err == nil {
		t.Error("somebody is still there")
	}
	if list, err := w.Clients(ctx, "", 10); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
	if len(w.BrokenClients())+len(w.Weathers())+len(w.Calls("rp")) != 0 {
		t.Error("faults, weather or calls stayed")
	}
	if fresh, err := w.first(ctx, w.now().Add(time.Hour), "proof", "key", "jti"); fresh || err != nil {
		t.Errorf("what was spent is fresh again: %v", err)
	}
	if after := string(w.LoginKeys().JWKS()); after != before {
		t.Error("the keys are others")
	}
	if err := w.Seed(ctx); err != nil {
		t.Fatal(err)
	}
	w.register(Client{ID: "rp", Name: "R", Secret: rpSecret, RedirectURIs: []string{rpBack}, Scopes: []string{"profile", "vneid:id"}})
	w.login("level2", nil)
	if n := len(personas.All()); n == 0 {
		t.Error("nobody was seeded")
	}
}

// A table that is not in the list would keep its rows over a reset.
func TestEveryTableIsResetOrStaysForAReason(t *testing.T) {
	stay := map[string]bool{"tableKeys": true, "tableSpent": true, "tableLab": true, "tableHead": true, "tableCounters": true}
	values := map[string]bool{}
	for _, table := range resetTables {
		values[table] = true
	}
	names, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			for i, id := range v.Names {
				lit, isText := literal(v, i)
				if !isText || !strings.HasPrefix(id.Name, "table") {
					continue
				}
				found++
				if !values[lit] && !stay[id.Name] {
					t.Errorf("%s: %s is neither in resetTables nor among those that stay (reset.go)", name, id.Name)
				}
			}
			return true
		})
	}
	if found < len(resetTables)+len(stay) {
		t.Errorf("%d tables found, %d listed", found, len(resetTables)+len(stay))
	}
}

func literal(v *ast.ValueSpec, i int) (string, bool) {
	if i >= len(v.Values) {
		return "", false
	}
	lit, ok := v.Values[i].(*ast.BasicLit)
	if !ok || lit.Kind != gotoken.STRING {
		return "", false
	}
	return strings.Trim(lit.Value, `"`), true
}
