// Package bench compares what we do with what the standard library must do for
// the same bytes, and with other libraries.
//
// Contenders run interleaved in one process on one thread of Go code. Each round
// gives every contender the same number of operations, over inputs that rotate;
// what counts is the CPU time of the process (getrusage), the median of the
// rounds, and the ratio to the floor. Absolute times are remarks.
package bench

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Contender does one operation on input i, whatever i is.
type Contender struct {
	Name string
	Run  func(i int) error
}

// Result is a contender's median CPU time and its allocations for one operation.
type Result struct {
	Name   string
	CPU    time.Duration
	Allocs float64
}

// Race runs the contenders for that many rounds of ops operations each; the first
// one is the floor.
func Race(contenders []Contender, rounds, ops int) ([]Result, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	times := make([][]time.Duration, len(contenders))
	out := make([]Result, len(contenders))
	for c, contender := range contenders {
		var failed error
		i := 0
		out[c] = Result{Name: contender.Name, Allocs: testing.AllocsPerRun(200, func() {
			if err := contender.Run(i); err != nil {
				failed = err
			}
			i++
		})}
		if failed != nil {
			return nil, fmt.Errorf("%s: %w", contender.Name, failed)
		}
	}
	// Each contender pays for its own garbage: collect before, and let the
	// collector run as it does in a service.
	debug.FreeOSMemory()
	for round := range rounds {
		for k := range contenders {
			c := (k + round) % len(contenders) // nobody always comes first
			begin := cpu()
			for n := range ops {
				if err := contenders[c].Run(round*ops + n); err != nil {
					return nil, fmt.Errorf("%s: %w", contenders[c].Name, err)
				}
			}
			times[c] = append(times[c], (cpu()-begin)/time.Duration(ops))
		}
	}
	for c := range out {
		slices.Sort(times[c])
		out[c].CPU = times[c][rounds/2]
	}
	return out, nil
}

// cpu is the CPU time that the process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Table prints the results with their ratios to the first.
func Table(results []Result) string {
	var b strings.Builder
	for _, r := range results {
		fmt.Fprintf(&b, "%-28s %9v  %5.2fx  %4.0f allocs (%+.0f)\n", r.Name, r.CPU.Round(10*time.Nanosecond),
			float64(r.CPU)/float64(results[0].CPU), r.Allocs, r.Allocs-results[0].Allocs)
	}
	return b.String()
}
