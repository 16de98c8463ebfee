package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

// An event that was refused for good blocks nothing, is listed, and fills the gap that it
// left once it is sent again.
func TestARefusedEventIsSetAsideAndCanBeSentAgain(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	at := &receiving{next: http.NotFoundHandler()}
	srv := httptest.NewServer(at)
	defer srv.Close()
	a := w.asker(func(c *Client) { c.EventsURI = srv.URL + "/events" })
	ledger := events.NewMemoryLedger(0, 0, w.clock.Now)
	receiver, err := events.New(events.Config{
		Issuer: w.url, ClientID: a.id, Keys: a.keySet("/share/jwks.json", w.url, vneid.UseEvent), Ledger: ledger, Now: w.clock.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	at.next = receiver.Push()
	sub := a.bundle("level2", details(nil)).envelope["sub"].(string)
	answer := func(status int) {
		at.mu.Lock()
		at.down = status
		at.mu.Unlock()
	}
	deliver := func() {
		t.Helper()
		w.clock.advance(beat)
		if _, err := w.Deliver(ctx); err != nil {
			t.Fatal(err)
		}
	}
	state := func() (waiting, aside int) {
		t.Helper()
		list, err := w.Events(ctx, a.id)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if e.Aside.IsZero() {
				waiting++
			} else {
				aside++
			}
		}
		return waiting, aside
	}
	deliver() // the ledger hears where the stream begins
	answer(http.StatusBadRequest)
	if err := w.SetLocks(ctx, "level2", Locks{EID: true}); err != nil {
		t.Fatal(err)
	}
	if n, m := state(); n != 1 || m != 0 {
		t.Errorf("before: %d wait, %d aside", n, m)
	}
	deliver()
	if n, m := state(); n != 0 || m != 1 {
		t.Errorf("refused: %d wait, %d aside", n, m)
	}
	answer(0)
	for range 4 { // signs of life go on, and tell that one event more was told than came
		deliver()
	}
	if err := ledger.Allows(ctx, w.url, sub, ""); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("the gap is not noticed: %v", err)
	}
	if n, err := w.SendAgain(ctx, "another-client", ""); n != 0 || err != nil {
		t.Errorf("another client: %d %v", n, err)
	}
	if n, err := w.SendAgain(ctx, a.id, "no-such-event"); n != 0 || err != nil {
		t.Errorf("no such event: %d %v", n, err)
	}
	if n, err := w.SendAgain(ctx, a.id, ""); n != 1 || err != nil {
		t.Fatalf("%d %v", n, err)
	}
	deliver()
	deliver()
	if err := ledger.Allows(ctx, w.url, sub, ""); !errors.Is(err, vneid.ErrLocked) {
		t.Errorf("sent again: %v", err)
	}
	if n, m := state(); n+m != 0 {
		t.Errorf("afterwards: %d wait, %d aside", n, m)
	}
	// Two workers may tell one event at once.
	told := slices.DeleteFunc(w.Calls(a.id), func(c Call) bool { return c.Path != "events_uri" || c.Detail != "eid-locked" })
	if len(told) < 2 || told[0].Status != http.StatusAccepted || told[len(told)-1].Status != http.StatusBadRequest || !told[0].Out {
		t.Errorf("the deliveries: %+v", told)
	}
}

// Who polls and reports an error has the same.
func TestAnErrorInAPollSetsAside(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	a := w.asker(nil)
	a.bundle("level2", details(nil))
	if err := w.SetLocks(ctx, "level2", Locks{EID: true}); err != nil {
		t.Fatal(err)
	}
	list, err := w.Events(ctx, a.id)
	if err != nil || len(list) != 1 || list[0].Name != "eid-locked" || list[0].Told != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	body, err := json.Marshal(object{"setErrs": object{list[0].ID: object{"err": "invalid_key"}}})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest("POST", w.url+"/share/v1/events", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+a.assertion(nil, nil))
	if got := a.call(req); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if list, err = w.Events(ctx, a.id); err != nil || len(list) != 1 || list[0].Aside.IsZero() {
		t.Fatalf("%+v %v", list, err)
	}
	w.clock.advance(asideLife)
	if n, err := w.SendAgain(ctx, a.id, ""); n != 0 || err != nil {
		t.Errorf("after ninety days: %d %v", n, err)
	}
	w.clock.advance(-asideLife + time.Hour)
	if n, err := w.SendAgain(ctx, a.id, list[0].ID); n != 1 || err != nil {
		t.Errorf("%d %v", n, err)
	}
}

func TestWhatAClientWillBeToldIsListed(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	w.register(Client{ID: "told", Name: "T", Secret: rpSecret, RedirectURIs: []string{rpBack}, BackchannelLogoutURI: "https://rp.example/out"})
	if list, err := w.Pending(ctx, "told"); err != nil || len(list) != 0 {
		t.Fatalf("%+v %v", list, err)
	}
	w.browser("level2").authorize(request(map[string]string{"client_id": "told", "scope": "openid"}))
	if err := w.EndSessions(ctx, "level2"); err != nil {
		t.Fatal(err)
	}
	list, err := w.Pending(ctx, "told")
	if err != nil || len(list) != 1 || list[0].Kind != "logout" || !list[0].Due.Equal(w.clock.Now()) {
		t.Errorf("%+v %v", list, err)
	}
	if list, err := w.Pending(ctx, "rp"); err != nil || len(list) != 0 {
		t.Errorf("another client: %+v %v", list, err)
	}
}
