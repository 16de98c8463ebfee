package store

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/pgtest"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// BenchmarkUpdate is what one step of a login does: two records read, two written,
// and one that all updates write; eight at a time. Run it with -cpu 2.
func BenchmarkUpdate(b *testing.B) {
	for _, kind := range []string{"memory", "sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			var url string
			if kind == "postgres" {
				url = pgtest.Start(b).URL(b) // with fsync, unlike the tests' own
			} else {
				url = kinds[kind](b)
			}
			s := at(b, url)
			value := []byte(strings.Repeat("x", 600))
			b.SetParallelism(4)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					key, until := rand.Text(), time.Now().Add(time.Hour)
					if err := s.Update(b.Context(), func(tx platform.Tx) error {
						_, err := tx.Get("code", key)
						_, err2 := tx.Get("audit", "head")
						return errors.Join(err, err2, tx.Put("code", key, value, until), tx.Put("token", key, value, until), tx.Put("audit", "head", value, time.Time{}))
					}); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkView reads one record.
func BenchmarkView(b *testing.B) {
	for _, kind := range []string{"memory", "sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			s := at(b, kinds[kind](b))
			value := []byte(strings.Repeat("x", 600))
			if err := s.Update(b.Context(), func(tx platform.Tx) error { return tx.Put("a", "k", value, time.Time{}) }); err != nil {
				b.Fatal(err)
			}
			b.SetParallelism(4)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := s.View(b.Context(), func(tx platform.Tx) error {
						_, err := tx.Get("a", "k")
						return err
					}); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}
