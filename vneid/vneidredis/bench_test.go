package vneidredis_test

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// BenchmarkUse presents different things to this store and to a plain SET NX in
// turn, and tells what the server spent on each (its own count of a command's
// CPU time) and what a caller waited.
func BenchmarkUse(b *testing.B) {
	s := start(b)
	c := s.Client()
	stores := []struct {
		name, command string
		replay        vneid.Replay
		waited        time.Duration
	}{{"ours", "evalsha", s.store(), 0}, {"SET", "set", setNX{c}, 0}}
	ctx := b.Context()
	for i := range stores {
		if err := stores[i].replay.Use(ctx, fresh("warm")); err != nil {
			b.Fatal(err)
		}
	}
	s.Do("CONFIG", "RESETSTAT")
	i := 0
	for b.Loop() {
		o := fresh(fmt.Sprint(i))
		for j := range stores {
			st := &stores[j]
			begin := time.Now()
			if err := st.replay.Use(ctx, o); err != nil {
				b.Fatal(err)
			}
			st.waited += time.Since(begin)
		}
		i++
	}
	stats := s.Do("INFO", "commandstats").(string)
	for _, st := range stores {
		b.ReportMetric(float64(st.waited.Microseconds())/float64(i), st.name+"-µs")
		// SET inside the script is counted too, so that this is the mean of both.
		m := regexp.MustCompile(`cmdstat_` + st.command + `:.*?usec_per_call=([0-9.]+)`).FindStringSubmatch(stats)
		if m == nil {
			b.Fatal("the server does not count")
		}
		spent, _ := strconv.ParseFloat(m[1], 64)
		b.ReportMetric(spent, st.name+"-server-µs")
	}
}
