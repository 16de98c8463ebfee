package platform

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// Whatever is remembered of what clients send counts, and is forgotten in time.
func TestClientsCannotFillTheStore(t *testing.T) {
	for name, c := range map[string]struct {
		send func(f *fapi, d *device) int
		wait time.Duration
	}{
		"assertions": {func(f *fapi, _ *device) int { return f.send("/revoke", nil, nil).status }, 2 * time.Minute},
		"pushed requests": {func(f *fapi, _ *device) int {
			form := request(map[string]string{"client_id": "app", "scope": "openid"})
			return f.postForm("/par", form, nil).status
		}, pushedLife + time.Second},
		"proofs": {func(f *fapi, d *device) int {
			form := request(map[string]string{"client_id": "app", "scope": "openid"})
			f.nonce = f.proofNonce("", f.now())
			return f.postForm("/par", form, func(r *http.Request) {
				r.Header.Set("DPoP", f.proofBy(*d, "POST", "/par", "", nil, nil))
			}).status
		}, 2 * time.Minute},
	} {
		w := newWorld(t)
		w.register(Client{ID: "app", Public: true, RedirectURIs: []string{rpBack}})
		f, d := w.fapi(nil), newDevice(t)
		before, err := w.store.Sweep(context.Background(), w.now())
		if err != nil {
			t.Fatal(err)
		}
		w.cfg.MaxRecords = int64(before + 40)
		full := 0
		for range 120 {
			if status := c.send(f, &d); status == 503 {
				full++
			} else if status >= 400 {
				t.Fatalf("%s: %d", name, status)
			}
		}
		stay, err := w.store.Sweep(context.Background(), w.now())
		if err != nil || full < 60 || stay > before+45 {
			t.Errorf("%s: %d of 120 turned away, %d records, %v", name, full, stay-before, err)
		}
		w.clock.advance(c.wait)
		if status := c.send(f, &d); status >= 400 {
			t.Errorf("%s: the platform does not recover: %d", name, status)
		}
	}
}

func TestTheStoreHoldsNoSecretOfWhatCameWithFAPI2(t *testing.T) {
	w := newWorld(t)
	f := w.reader()
	uri := f.push(nil)
	login := f.login(nil)
	jwt := f.tokenFor(apiURL, nil).text("access_token")
	f.userinfo(login.text("access_token"))
	k := w.keeper()
	rotated := k.refresh(k.login(nil).text("refresh_token"), nil)
	secrets := []string{uri, strings.TrimPrefix(uri, pushedPrefix), login.text("access_token"), login.text("refresh_token"), login.text("id_token"),
		jwt, rotated.text("refresh_token"), rpSecret, personas.Password, f.nonce}
	var tables []string
	for table, rows := range w.memory().tables {
		if len(rows.rows) > 0 {
			tables = append(tables, table)
		}
		for key, row := range rows.rows {
			for _, secret := range secrets {
				if strings.Contains(key, secret) || strings.Contains(string(row.value), secret) {
					t.Errorf("table %s holds a secret in the clear", table)
				}
			}
			if (table == tablePushed || table == tableSpent || table == tableRefresh) && row.until == 0 {
				t.Errorf("table %s keeps a record for good", table)
			}
		}
	}
	for _, table := range []string{tablePushed, tableSpent, tableRefresh, tableTokens, tableAudiences} {
		if !slices.Contains(tables, table) {
			t.Errorf("the test never wrote to table %s", table)
		}
	}
}

func TestTroubleInTheStoreIsTemporaryForTheNewEndpointsToo(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	access, uri := f.login(nil).text("access_token"), f.push(nil)
	proof := f.proofBy(f.bound, "GET", "/userinfo", access, nil, nil)
	w.store = brokenStore{w.store}
	for name, a := range map[string]answer{
		"push":       f.send("/par", f.ask(nil), nil),
		"authorize":  w.get("/authorize?" + f.refer(uri).Encode()),
		"token":      f.send("/token", codeForm("x"), &f.bound),
		"userinfo":   w.userinfoBy("DPoP", access, proof),
		"introspect": w.introspectAs("rp", access),
	} {
		if a.status != 503 || strings.Contains(string(a.raw), "10.0.0") || strings.Contains(string(a.raw), "999090") {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
}

func TestEveryModuleHasItsFault(t *testing.T) {
	known := catalogue()
	seen := map[string]bool{}
	plans := map[string]int{}
	for _, m := range Modules() {
		if seen[m.Name] {
			t.Errorf("%s stands twice", m.Name)
		}
		seen[m.Name] = true
		if _, ok := known[m.Fault]; m.Fault != "" && !ok {
			t.Errorf("%s: no fault %q", m.Name, m.Fault)
		}
		if m.Fault == "" && !m.Passes {
			t.Errorf("%s: nothing is wrong, and yet it must not pass", m.Name)
		}
		switch {
		case strings.Contains(m.Name, "-ensure-jarm-"):
			plans["jarm"]++
		case strings.HasPrefix(m.Name, "fapi2-"):
			plans["fapi2"]++
		default:
			plans["oidcc"]++
		}
	}
	if plans["jarm"] != 8 || plans["fapi2"] != 23 || plans["oidcc"] < 24 {
		t.Errorf("%v", plans)
	}
}
