package events_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

// Before data of a person is used, the ledger is asked.
func ExampleLedger() {
	ctx, now := context.Background(), time.Date(2027, 1, 4, 8, 0, 0, 0, time.UTC)
	var ledger events.Ledger = events.NewMemoryLedger(0, 0, func() time.Time { return now })
	const issuer, subject = "https://vneid.example", "pairwise-1"
	ask := func(when string) {
		err := ledger.Allows(ctx, issuer, subject, "grant-1")
		fmt.Printf("%s: %v, unavailable: %v\n", when, err, errors.Is(err, vneid.ErrUnavailable))
	}

	ask("before the stream was heard")
	ledger.Heard(ctx, events.Event{Name: events.Heartbeat, Issuer: issuer, Issued: now})
	ask("a heartbeat later")
	ledger.Apply(ctx, events.Event{Name: events.EIDLocked, Issuer: issuer, Subject: subject, Seq: 8})
	ledger.Apply(ctx, events.Event{Name: events.EIDUnlocked, Issuer: issuer, Subject: subject, Seq: 7}) // an old one, which comes late
	ask("locked")
	// Output:
	// before the stream was heard: events: nothing was heard of the platform's events yet, so no lock is known, unavailable: true
	// a heartbeat later: <nil>, unavailable: false
	// locked: events: the electronic identity card is locked, unavailable: false
}

// The platform pushes an event; the receiver answers when the ledger has it and the
// program has reacted.
func ExampleReceiver_Push() {
	document, err := os.ReadFile("testdata/jwks.json") // the platform's /share/jwks.json
	if err != nil {
		fmt.Println(err)
		return
	}
	keys, err := jwks.Parse(document, "https://op.example", vneid.UseEvent)
	if err != nil {
		fmt.Println(err)
		return
	}
	ledger := events.NewMemoryLedger(0, 0, nil)
	receiver, err := events.New(events.Config{
		Issuer: "https://op.example", ClientID: "portal-1", Keys: keys, Ledger: ledger,
		On: func(_ context.Context, e events.Event) error {
			if e.Name == events.EIDLocked {
				fmt.Println("ends the sessions of a person: event", e.Seq)
			}
			return nil
		},
		Now: func() time.Time { return time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler := receiver.Push() // http.Handle("/vneid/events", handler)

	var pushed struct{ Tokens map[string]string }
	text, err := os.ReadFile("testdata/accepted.json")
	if err != nil || json.Unmarshal(text, &pushed) != nil {
		fmt.Println("no tokens")
		return
	}
	r := httptest.NewRequest(http.MethodPost, "/vneid/events", strings.NewReader(pushed.Tokens["eid-locked"]))
	r.Header.Set("Content-Type", "application/secevent+jwt")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	state, err := ledger.State(context.Background(), "https://op.example", "pairwise-1")
	fmt.Println(w.Code, "locked:", state.EIDLocked, err)
	// Output:
	// ends the sessions of a person: event 7
	// 202 locked: true <nil>
}

// A withdrawal ends the use of what came under the grant; what a law wants kept stays,
// for that purpose alone, until its time.
func ExampleState_Fate() {
	now := time.Date(2027, 1, 4, 8, 0, 0, 0, time.UTC)
	year := now.AddDate(1, 0, 0)
	law := events.Hold{Basis: "identification data of a bank's customer", Citation: "Luật Phòng, chống rửa tiền 14/2022/QH15, Điều 38", Until: now.AddDate(5, 0, 0)}
	kept := []events.Kept{
		{ID: "licence copy", Grant: "grant-1", Until: year},
		{ID: "customer file", Grant: "grant-1", Until: year, Hold: law},
		{ID: "newsletter", Grant: "grant-2", Until: year},
	}

	var state events.State
	state.Apply(events.Event{Name: events.ConsentWithdrawn, Issuer: "https://vneid.example", Subject: "pairwise-1", Seq: 3, Grant: "grant-1"})
	names := map[events.Fate]string{events.Usable: "goes on", events.Withheld: "is kept for the law alone", events.Purge: "is deleted"}
	for _, k := range kept {
		fmt.Println(k.ID, names[state.Fate(k, now)])
	}
	// Output:
	// licence copy is deleted
	// customer file is kept for the law alone
	// newsletter goes on
}
