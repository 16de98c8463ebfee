package platform

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// The rule, written apart from the engine: a lock stands exactly as long as one ground that
// places it does. Ten thousand steps of everybody who may act are held to it.
func TestLocksAreTheirGroundsWhateverHappens(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	officer, agency := w.staff("can-bo-phuong"), w.staff("co-quan")
	type stands struct {
		ground Ground
		locks  Locks
		until  time.Time
	}
	model := map[string]stands{}
	r := rand.New(rand.NewPCG(6, 2026))
	some := []Locks{eidLock, accountLock, bothLocks}
	places := map[Ground]Locks{GroundTerms: bothLocks, GroundCard: eidLock, GroundDeath: bothLocks}
	var changes, lifted int
	for n := range 10_000 {
		before := w.locks("level2")
		ids := []string{}
		for id := range model {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		term := time.Time{}
		if r.IntN(2) == 0 {
			term = w.clock.Now().Add(time.Duration(1+r.IntN(10)) * time.Hour)
		}
		step := ""
		switch k := r.IntN(8); {
		case k == 0: // the holder, or an officer for them
			step = "a"
			asked := some[r.IntN(3)]
			g, err := w.PlaceLock(ctx, officer, "level2", LockOrder{Ground: GroundHolder, Locks: asked})
			if !errors.Is(err, ErrManyLocks) {
				w.err(err)
				model[g.ID] = stands{GroundHolder, asked, time.Time{}}
			}
		case k <= 2:
			ground := []Ground{GroundTerms, GroundCard}[r.IntN(2)]
			step = string(ground)
			g, err := w.PlaceLock(ctx, agency, "level2", LockOrder{Ground: ground, Until: term})
			if !errors.Is(err, ErrManyLocks) {
				w.err(err)
				model[g.ID] = stands{ground, places[ground], term}
			}
		case k <= 4 && len(ids) > 0:
			step = "lift"
			id := ids[r.IntN(len(ids))]
			err := w.LiftLock(ctx, officer, "level2", id)
			if (err == nil) != (model[id].ground == GroundHolder) {
				t.Fatalf("step %d: an officer lifts %s: %v", n, model[id].ground, err)
			}
			if err != nil && r.IntN(2) == 0 {
				err = w.LiftLock(ctx, agency, "level2", id)
				w.err(err)
			}
			if err == nil {
				delete(model, id)
			}
		case k == 5:
			step = "unlock"
			err := w.UnlockOwn(ctx, w.sessionOf("level2", 3), personas.Password)
			own := 0
			for id, s := range model {
				if s.ground == GroundHolder {
					own++
					delete(model, id)
				}
			}
			if (own == 0) != errors.Is(err, ErrNoGround) || err != nil && own > 0 && !errors.Is(err, ErrOtherStand) {
				t.Fatalf("step %d: %d of their own, and %v", n, own, err)
			}
		case k == 6:
			step = "card"
			err := w.ReturnCard(ctx, officer, "level2")
			was := false
			for _, s := range model {
				was = was || s.ground == GroundCard
			}
			if was != (err == nil) {
				t.Fatalf("step %d: a card was held %v, and %v", n, was, err)
			}
			if was {
				for id, s := range model {
					if s.ground == GroundCard || !s.until.IsZero() && !w.clock.Now().Before(s.until) {
						delete(model, id)
					}
				}
			}
		case k == 7:
			step = "review"
			w.clock.advance(time.Hour)
			got, err := w.ReviewLocks(ctx)
			w.err(err)
			ended := 0
			for id, s := range model {
				if !s.until.IsZero() && !w.clock.Now().Before(s.until) {
					ended++
					delete(model, id)
				}
			}
			if got != ended {
				t.Fatalf("step %d: the review took %d of %d", n, got, ended)
			}
			lifted += got
		}
		want := Locks{}
		for _, s := range model {
			want = want.or(s.locks)
		}
		if got := w.locks("level2"); got != want || len(w.grounds("level2")) != len(model) {
			t.Fatalf("step %d, %s: %+v, by %d grounds; the rule says %+v, by %d", n, step, got, len(w.grounds("level2")), want, len(model))
		}
		if want != before {
			changes++
		}
	}
	if changes < 200 || lifted < 200 {
		t.Errorf("only %d changes of the locks, %d grounds that ended", changes, lifted)
	}
	t.Logf("%d changes of the locks, %d grounds that ended by themselves", changes, lifted)
}
