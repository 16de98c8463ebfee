package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/personas/crowd"
	"github.com/vneid-sdk/vneid-go/sso"
)

// The bounds hold for the long form (VNEID_LONG=1): 100,000 citizens on SQLite within 30
// seconds, the first page within one behind them, and the history of somebody with
// 5,000 entries within 50 ms. The short form walks the same way.
func TestManyCitizensAreLoadedAndABusyOneLooksAtTheHistory(t *testing.T) {
	citizens, reads := 1500, 30
	long := os.Getenv("VNEID_LONG") != ""
	if long {
		citizens, reads = 100_000, 5000
	}
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	data, began := t.TempDir(), time.Now()
	out, err := exec.Command(filepath.Join(dir, "platform"), "load", "-data", data, "-citizens", strconv.Itoa(citizens)).CombinedOutput()
	took := time.Since(began)
	if err != nil || !strings.Contains(string(out), strconv.Itoa(citizens)+" people added") {
		t.Fatalf("%v: %s", err, out)
	}
	t.Logf("%d citizens in %.1f s", citizens, took.Seconds())
	if long && took > 30*time.Second {
		t.Errorf("%d citizens in %.1f s", citizens, took.Seconds())
	}
	portal := httptest.NewUnstartedServer(nil)
	portal.Start()
	defer portal.Close()
	p := launch(t, freePort(t), "-data", data, "-portal", portal.URL+"/callback")
	t.Logf("the first page after %v", p.first)
	if long && p.first > time.Second {
		t.Errorf("the first page after %v", p.first)
	}
	i := citizens - citizens%10 - 10 // the father of the last whole household
	w := newWalker(t, p.address, crowd.Crowd{Seed: 1}.Person(i))
	busy(t, portal, p.address, reads)
	if got := w.walk(portal.URL + "/login"); got.StatusCode != 200 || got.body != "read" {
		t.Fatalf("status %d at %s: %s", got.StatusCode, got.Request.URL.Path, got.body)
	}
	var times []time.Duration
	for range 21 {
		began := time.Now()
		got := w.get("/me/history")
		times = append(times, time.Since(began))
		if got.StatusCode != 200 || got.Request.URL.Path != "/me/history" || strings.Count(got.body, "Cổng dịch vụ mẫu") < min(reads, 10) {
			t.Fatalf("status %d at %s, %d bytes", got.StatusCode, got.Request.URL.Path, len(got.body))
		}
	}
	slices.Sort(times)
	t.Logf("the history of %d entries: %v, at most %v", reads+1, times[len(times)/2], times[len(times)-1])
	if long && times[len(times)/2] > 50*time.Millisecond {
		t.Errorf("the history page takes %v", times[len(times)/2])
	}
	size, err := os.Stat(filepath.Join(data, "platform.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the database has %d MiB", size.Size()>>20)
	_, figures := get(t, p.address+"/metrics")
	if m := regexp.MustCompile(`vneid_store_errors_total\{operation="\w+"\} [1-9]`).FindString(figures); m != "" {
		t.Error(m)
	}
	if err := p.stop(os.Interrupt); err != nil {
		t.Errorf("it ended with %v\n%s", err, p.log)
	}
}

// busy makes the portal a relying party that reads about whoever logs in, again and
// again.
func busy(t *testing.T, portal *httptest.Server, base string, reads int) {
	t.Helper()
	registered := web.Portal(portal.URL + "/callback")
	client, err := sso.New(sso.Config{
		Issuer: base, ClientID: registered.ID, ClientSecret: registered.Secret, RedirectURL: portal.URL + "/callback",
		Scopes: []string{"profile", "vneid:id"},
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /login", client.Login(sso.Ask{}))
	mux.Handle("GET /callback", client.Callback(func(w http.ResponseWriter, r *http.Request, id *sso.Identity, _ string) {
		calls, err := client.Access(id.Tokens(), func(context.Context, *sso.Tokens) error { return nil }, base)
		for i := 0; err == nil && i < reads; i++ {
			var res *http.Response
			if res, err = calls.Get(base + "/userinfo"); err == nil {
				_, err = io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
		}
		if err != nil {
			t.Error(err)
		}
		io.WriteString(w, "read")
	}))
	portal.Config.Handler = mux
}
