package events

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/models"
)

// The way to a bad ending that the model of the outbox has when it acknowledges first:
// the relying party crashes between its answer and its ledger. The receiver answers only
// after the ledger, so the platform pushes again what the crash took.
func TestTrailsOfOutbox(t *testing.T) {
	trail, err := models.Kept("outbox", "ACK_FIRST")
	if err != nil {
		t.Fatal(err)
	}
	var changes []Name // by seq, from 1
	var pushed []int64
	applied := map[int64]bool{}
	for _, s := range trail.Steps {
		verb, what, _ := strings.Cut(s.Do, " ")
		var n int64
		fmt.Sscan(what, &n)
		switch verb {
		case "change":
			changes = append(changes, map[int64]Name{0: EIDUnlocked, 1: EIDLocked}[n])
		case "push":
			pushed = append(pushed, n)
		case "apply":
			applied[n] = true
		}
	}
	walk := func(off string) (locked bool, crashes int) {
		w := newWorld(t)
		b := &brittle{Ledger: w.memory}
		w.ledger = b
		r := w.receiver()
		r.off = off
		for _, n := range pushed {
			token := w.set(changes[n-1], n, "{}", nil)
			if !applied[n] { // the crash
				b.apply = errors.New("crash")
				crashes++
			}
			answer := push(r, token)
			b.apply = nil
			if answer.Code != http.StatusAccepted { // it waits, and comes again
				answer = push(r, token)
			}
			if answer.Code != http.StatusAccepted {
				t.Fatal(answer.Code, w.why)
			}
		}
		return w.state().EIDLocked, crashes
	}
	truth := changes[len(changes)-1] == EIDLocked
	if locked, crashes := walk(""); locked != truth || crashes == 0 {
		t.Errorf("locked %v, the platform %v, after %d crashes", locked, truth, crashes)
	}
	if locked, _ := walk("durable"); locked == truth {
		t.Error("the trail ends well for who answers first: it shows nothing")
	}
}
