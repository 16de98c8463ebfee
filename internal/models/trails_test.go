package models

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

// endsBadly walks a trail in the simplest program that makes the mistake, and reports
// whether what must not be has come to be. It is written apart from the models.
func endsBadly(t *testing.T, trail Trail) bool {
	t.Helper()
	walk, ok := map[string]func(Trail) bool{
		"delivery": badDelivery, "history": badHistory, "once": badOnce, "events": badEvents,
		"outbox": badOutbox, "sticky": badEnds, "guardians": badApprovals,
	}[trail.Model]
	if !ok {
		t.Fatalf("nobody walks trails of %s", trail.Model)
	}
	return walk(trail)
}

func badDelivery(trail Trail) (bad bool) {
	stopped := map[string]bool{}
	for _, s := range trail.Steps {
		switch s.Do {
		case "withdraw":
			stopped["withdrawn"] = true
		case "eid 0", "eid 1", "account 0", "account 1":
			name, on, _ := strings.Cut(s.Do, " ")
			stopped[name] = on == "1"
		case "deliver":
			for _, on := range stopped {
				bad = bad || on
			}
		}
	}
	return bad
}

func badHistory(trail Trail) bool {
	consents, rows, sent := 0, 0, 0
	for _, s := range trail.Steps {
		switch s.Do {
		case "decide":
			consents++
		case "fetch":
			if trail.Broken != "HISTORY_LATER" {
				rows++
			}
		case "history":
			rows++
		case "send":
			sent++
		}
	}
	return sent > rows || sent > 1 || rows > 1 || sent > 0 && consents == 0
}

func badOnce(trail Trail) bool {
	won := 0
	for _, s := range trail.Steps {
		if s.Do == "win" {
			won++
		}
	}
	return won > 1
}

func badOutbox(trail Trail) bool {
	locked, theirs, events, changes := "0", "0", map[string]string{}, 0
	for _, s := range trail.Steps {
		verb, what, _ := strings.Cut(s.Do, " ")
		switch verb {
		case "change":
			locked = what
			if changes++; trail.Broken != "EVENT_LATER" {
				events[fmt.Sprint(changes)] = locked
			}
		case "enter":
			events[what] = locked
		case "apply":
			theirs = events[what]
		}
	}
	return theirs != locked
}

func badEnds(trail Trail) bool {
	ends := map[string]bool{"denied": true, "expired": true, "withdrawn": true, "givenup": true}
	state := "pending"
	for _, s := range trail.Steps {
		if s.Do == "move" {
			if ends[state] && s.Who != state {
				return true
			}
			state = s.Who
		}
	}
	return false
}

func badApprovals(trail Trail) bool {
	by := map[string]bool{}
	for _, s := range trail.Steps {
		switch s.Do {
		case "approve":
			by[s.Who] = true
		case "deliver":
			return len(by) < 2
		}
	}
	return false
}

// facts are the locks and the withdrawal, on either side.
type facts map[string]bool

// change applies a step's word: "eid_on", "withdraw", …
func (f facts) change(word string) {
	switch word {
	case "eid_on", "eid_off":
		f["eid"] = word == "eid_on"
	case "account_on", "account_off":
		f["account"] = word == "account_on"
	case "withdraw":
		f["withdrawn"] = true
	}
}

// said splits a step of events: what, and with which seq.
func said(t Step) (word string, seq int64) {
	fmt.Sscanf(t.Do, "%s %d", &word, &seq)
	return word, seq
}

// truth is where the platform ends.
func truth(trail Trail) facts {
	f := facts{"eid": false, "account": false, "withdrawn": false}
	for _, s := range trail.Steps {
		if word, _ := said(s); s.Who == "platform" {
			f.change(word)
		}
	}
	return f
}

func badEvents(trail Trail) bool {
	f, last, order := facts{"eid": false, "account": false, "withdrawn": false}, int64(0), map[string]int64{}
	for _, s := range trail.Steps {
		word, seq := said(s)
		if s.Who != "relying party" {
			continue
		}
		fact, _, _ := strings.Cut(word, "_")
		switch {
		case trail.Broken == "AS_IT_COMES":
		case trail.Broken == "ONE_SEQ" && seq <= last && word != "withdraw":
			continue
		case trail.Broken == "BUNDLE_LAST" && word == "sealed":
			f["eid"], f["account"] = false, false
		case trail.Broken == "BUNDLE_LAST" && seq < order[fact]:
			continue
		}
		if last = max(last, seq); word == "sealed" && trail.Broken == "ONE_SEQ" {
			f["eid"], f["account"] = false, false
		}
		order[fact] = max(order[fact], seq)
		f.change(word)
	}
	return !maps.Equal(f, truth(trail))
}

func TestKeptTrailsEndBadly(t *testing.T) {
	n := 0
	for _, m := range Models() {
		for _, broken := range m.Broken {
			trail, err := Kept(m.Name, broken)
			if err != nil {
				t.Fatal(err)
			}
			if !endsBadly(t, trail) {
				t.Errorf("%s %s: no bad ending: %v", m.Name, broken, trail.Steps)
			}
			n++
		}
	}
	if n < 15 {
		t.Errorf("only %d trails", n)
	}
}

// The ledger walks the same trails and ends where the platform is.
func TestTheLedgerEndsWell(t *testing.T) {
	const issuer, subject, grant = "https://op.example", "pairwise-1", "g"
	names := map[string]events.Name{
		"eid_on": events.EIDLocked, "eid_off": events.EIDUnlocked, "account_on": events.AccountLocked, "account_off": events.AccountUnlocked,
		"withdraw": events.ConsentWithdrawn,
	}
	for _, broken := range []string{"AS_IT_COMES", "ONE_SEQ", "BUNDLE_LAST"} {
		trail, err := Kept("events", broken)
		if err != nil {
			t.Fatal(err)
		}
		ledger := events.NewMemoryLedger(0, 0, nil)
		arrived := 0
		for _, s := range trail.Steps {
			if s.Who != "relying party" {
				continue
			}
			word, seq := said(s)
			e := events.Event{Name: names[word], Issuer: issuer, Subject: subject, Seq: seq}
			switch {
			case word == "sealed":
				e = events.Delivered(issuer, subject, seq, time.Now())
			case word == "withdraw":
				e.Grant = grant
			case e.Name == "":
				t.Fatalf("no event for %q", word)
			}
			if _, err := ledger.Apply(context.Background(), e); err != nil {
				t.Fatal(err)
			}
			arrived++
		}
		s, err := ledger.State(context.Background(), issuer, subject)
		if got := (facts{"eid": s.EIDLocked, "account": s.AccountLocked, "withdrawn": s.IsWithdrawn(grant)}); err != nil || arrived < 4 || !maps.Equal(got, truth(trail)) {
			t.Errorf("%s: %v after %v, the platform has %v: %v", broken, got, trail.Steps, truth(trail), err)
		}
	}
}
