package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas/crowd"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// The history of a busy citizen is a range scan of as many rows as a page has, however
// many citizens and entries there are. With VNEID_LONG=1 there are 100,000 citizens and
// two million entries, 200,000 of them one citizen's; else a hundredth of it.
func BenchmarkHistoryOfABusyCitizen(b *testing.B) {
	citizens := 1_000
	if os.Getenv("VNEID_LONG") == "1" {
		citizens = 100_000
	}
	ctx := context.Background()
	s, err := Open(ctx, "sqlite:"+filepath.Join(b.TempDir(), "platform.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	p, err := platform.New(platform.Config{Issuer: "http://127.0.0.1", Store: s})
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if _, err := p.Load(ctx, crowd.Crowd{Seed: 1}.People(0, citizens)); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d citizens in %v", citizens, time.Since(began).Round(time.Millisecond))
	busy := crowd.Handle(citizens / 2)
	fill(b, s, citizens, busy)
	for _, at := range []struct {
		name string
		page int
	}{{"newest", 0}, {"later", 50}} {
		b.Run(at.name, func(b *testing.B) {
			after := ""
			for range at.page {
				page, err := p.HistoryPage(ctx, busy, platform.HistoryQuery{After: after})
				if err != nil {
					b.Fatal(err)
				}
				after = page.Next
			}
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				page, err := p.HistoryPage(ctx, busy, platform.HistoryQuery{After: after})
				if err != nil || len(page.Reads) != 20 || page.Next == "" {
					b.Fatal(len(page.Reads), err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs/median")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs/p99")
		})
	}
}

// fill writes twenty entries for each citizen, and two for each citizen for the busy one.
func fill(b *testing.B, s Store, citizens int, busy string) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	entry := func(tx platform.Tx, who string, n int) error {
		at := now.Add(-time.Duration(n) * time.Minute)
		row, err := json.Marshal(platform.Read{At: at, Client: "portal", Name: "Cổng Dịch vụ công quốc gia", Kind: platform.ReadLogin, Scopes: []string{"openid", "profile", "vneid:id"}})
		if err != nil {
			return err
		}
		return tx.Put("history", fmt.Sprintf("%s/%016x%016x-00000000", who, math.MaxInt64-at.UnixNano(), n), row, time.Time{})
	}
	for from := 0; from < citizens; from += 500 {
		err := s.Update(context.Background(), func(tx platform.Tx) error {
			for i := from; i < min(from+500, citizens); i++ {
				for n := range 20 {
					if err := entry(tx, crowd.Handle(i), n); err != nil {
						return err
					}
				}
				for n := range 2 {
					if err := entry(tx, busy, 100+2*i+n); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
