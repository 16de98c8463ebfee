package platform

import (
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestADayOfManyAccountsIsGoneThroughInPages(t *testing.T) {
	w := newWorld(t)
	w.setClock(time.Date(2030, 3, 3, 3, 0, 0, 0, time.UTC)) // no persona's day
	_, err := w.Remind(t.Context())
	w.err(err)
	today := servicewire.Day(w.now())
	const many = 2*remindPage + 7
	for range many {
		_, err := w.Enrol(t.Context(), Account{Level: 1, Type: "citizen", Record: vneid.Record{ForeignerID: random(), Birth: today}})
		w.err(err)
	}
	counted := &biggest{Store: w.store}
	w.store = counted
	sent, err := w.Remind(t.Context())
	if err != nil || sent != many {
		t.Errorf("%d of %d greeted, %v", sent, many, err)
	}
	if counted.most > 2*remindPage {
		t.Errorf("a transaction of %d writes", counted.most)
	}
	if again, err := w.Remind(t.Context()); err != nil || again != 0 {
		t.Errorf("%d greeted twice, %v", again, err)
	}
}
