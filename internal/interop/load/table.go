package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// row is all batches of one server.
type row struct {
	name     string
	batches  []batch
	floors   []float64 // nanoseconds of raw cryptography for a login, by batch
	did      string    // the operations of one login
	resident float64
}

// median is of one value of each batch.
func (r *row) median(f func(i int) float64) float64 {
	if len(r.batches) == 0 {
		return 0
	}
	all := make([]float64, len(r.batches))
	for i := range all {
		all[i] = f(i)
	}
	slices.Sort(all)
	mid := len(all) / 2
	if len(all)%2 == 0 {
		return (all[mid-1] + all[mid]) / 2
	}
	return all[mid]
}

func (r *row) rate() float64 {
	return r.median(func(i int) float64 { return r.batches[i].perSecond() })
}
func (r *row) cpu() float64 {
	return r.median(func(i int) float64 { return float64(r.batches[i].perLogin()) })
}
func (r *row) overFloor() float64 {
	return r.median(func(i int) float64 { return float64(r.batches[i].perLogin()) / r.floors[i] })
}
func (r *row) quantile(q float64) time.Duration {
	return time.Duration(r.median(func(i int) float64 { return float64(r.batches[i].quantile(q)) }))
}

// printTable prints what was measured, and each ratio beside what it must be.
func printTable(out io.Writer, p plan, rows []row) {
	fmt.Fprintf(out, "%d batches of %d logins, %d at a time; medians; GOGC=%s\n\n", p.batches, p.logins, p.atOnce, p.gogc)
	fmt.Fprintf(out, "%-34s %9s %11s %9s %9s %9s %9s\n", "", "logins/s", "CPU/login", "p50", "p99", "RSS", "RP's CPU")
	for i := range rows {
		r := &rows[i]
		fmt.Fprintf(out, "%-34s %9.0f %11s %9s %9s %6.0f MiB %9s\n", r.name, r.rate(), short(r.cpu()), short(float64(r.quantile(.5))),
			short(float64(r.quantile(.99))), r.resident, short(r.median(func(i int) float64 { return float64(r.batches[i].ownPerLogin()) })))
	}
	own := &rows[0]
	fmt.Fprintf(out, "\n%s: %s; raw %s\n", own.name, own.did, short(own.median(func(i int) float64 { return own.floors[i] })))
	line := func(what string, got float64, must string) { fmt.Fprintf(out, "%-58s %6.2f   %s\n", what, got, must) }
	line("server CPU ÷ its cryptography", own.overFloor(), "must be ≤ 2.0, aim 1.5")
	for i := range rows[1:] {
		peer := &rows[i+1]
		if peer.floors != nil {
			continue // the platform on another store: below
		}
		line("logins/s ÷ "+peer.name, own.ratio(peer, batch.perSecond), "must be ≥ 4, aim 5")
		line("server CPU of "+peer.name+" ÷ ours", peer.ratio(own, batch.cost), "must be ≥ 5")
		for j := range rows[1:] {
			if other := &rows[j+1]; other.floors != nil {
				line("logins/s of "+other.name+" ÷ "+peer.name, other.ratio(peer, batch.perSecond), "must be ≥ 2")
			}
		}
	}
}

// ratio is the median over pairs of batches that ran in one turn.
func (r *row) ratio(to *row, f func(batch) float64) float64 {
	return r.median(func(i int) float64 { return f(r.batches[i]) / f(to.batches[i]) })
}

func short(ns float64) string {
	d := time.Duration(ns)
	if d < time.Millisecond {
		return d.Round(time.Microsecond).String()
	}
	return d.Round(10 * time.Microsecond).String()
}

// perLogin says what a login took, such as "5.00 verify ES256, 1.00 sign ES256".
func perLogin(before, after map[string]uint64, logins int) string {
	var parts []string
	for name, n := range after {
		if n > before[name] {
			parts = append(parts, fmt.Sprintf("%.2f %s", float64(n-before[name])/float64(logins), name))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}
