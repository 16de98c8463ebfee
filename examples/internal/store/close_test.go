package store

import (
	"context"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// A server that is stopped cuts off who takes too long: what they still ask is an error.
func TestAStoreThatIsClosedAnswersWithAnError(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			s, err := Open(t.Context(), kinds[kind](t))
			if err != nil {
				t.Fatal(err)
			}
			if err := put(t, s, "before"); err != nil || !has(t, s, "before") {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
			defer stop()
			if err := s.Update(ctx, func(tx platform.Tx) error { return tx.Put("a", "k", nil, time.Time{}) }); err == nil {
				t.Error("it was updated")
			}
			if err := s.View(ctx, func(tx platform.Tx) error { _, err := tx.Get("a", "k"); return err }); err == nil {
				t.Error("it was read")
			}
			if _, err := s.Get(ctx, "a", "k"); err == nil {
				t.Error("a record was read")
			}
			if _, err := s.Sweep(ctx, time.Now()); err == nil {
				t.Error("it was swept")
			}
			if ctx.Err() != nil {
				t.Error("it does not say so at once")
			}
		})
	}
}
