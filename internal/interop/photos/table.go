package main

import (
	"fmt"
	"slices"
	"time"
)

// tally is what one reader did in one class.
type tally struct {
	right, wrong int
	times        []time.Duration
}

type table struct {
	readers []reader
	classes []string
	photos  map[string]int
	tallies map[string][]tally
	misses  bool
}

func newTable(readers []reader, misses bool) *table {
	return &table{readers: readers, photos: make(map[string]int), tallies: make(map[string][]tally), misses: misses}
}

// add lets every reader read the photo.
func (t *table) add(p photo) error {
	if t.photos[p.class] == 0 {
		t.classes = append(t.classes, p.class)
		t.tallies[p.class] = make([]tally, len(t.readers))
	}
	t.photos[p.class]++
	for i, r := range t.readers {
		start := processor()
		payloads, err := r.read(p.img)
		took := processor() - start
		if err != nil {
			return fmt.Errorf("%s: %s: %w", p.name, r.name, err)
		}
		c := &t.tallies[p.class][i]
		c.times = append(c.times, took)
		found := false
		for _, b := range payloads {
			if p.want != "" && string(b) == p.want {
				found = true
			} else {
				c.wrong++
			}
		}
		if found {
			c.right++
		} else if t.misses && p.want != "" {
			fmt.Printf("%s does not read %s (%v)\n", r.name, p.name, took)
		}
	}
	return nil
}

func (t *table) print() {
	fmt.Printf("%-12s %6s", "class", "photos")
	for _, r := range t.readers {
		fmt.Printf(" %12s", r.name)
	}
	fmt.Println()
	for _, c := range append(slices.Clone(t.classes), "all") {
		n := t.photos[c]
		if c == "all" {
			for _, k := range t.classes {
				n += t.photos[k]
			}
		}
		fmt.Printf("%-12s %6d", c, n)
		for i := range t.readers {
			fmt.Printf(" %12d", t.sum(c, i).right)
		}
		fmt.Println()
	}
	for i, r := range t.readers {
		all := t.sum("all", i)
		fmt.Printf("%s: wrong payloads %d", r.name, all.wrong)
		if r.timed {
			fmt.Printf("; processor ms median %.1f, p95 %.1f, worst %.1f; 12 megapixels median %.1f", ms(all.times, 0.5), ms(all.times, 0.95), ms(all.times, 1), ms(t.sum("small12mp", i).times, 0.5))
		}
		fmt.Println()
	}
	t.ratios()
}

// ratios compares our times with gozxing's of the same run.
func (t *table) ratios() {
	if len(t.readers) < 2 {
		return
	}
	a, b := t.sum("all", 0).times, t.sum("all", 1).times
	fmt.Printf("%s ÷ %s: median %.2f, p95 %.2f", t.readers[0].name, t.readers[1].name, ms(a, 0.5)/ms(b, 0.5), ms(a, 0.95)/ms(b, 0.95))
	if c := t.sum("small12mp", 0).times; len(c) > 0 {
		fmt.Printf(", 12 megapixels %.2f", ms(c, 0.5)/ms(t.sum("small12mp", 1).times, 0.5))
	}
	fmt.Println()
}

func (t *table) sum(class string, reader int) (all tally) {
	for _, c := range t.classes {
		if c == class || class == "all" {
			k := t.tallies[c][reader]
			all.right += k.right
			all.wrong += k.wrong
			all.times = append(all.times, k.times...)
		}
	}
	return all
}

func ms(times []time.Duration, q float64) float64 {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Clone(times)
	slices.Sort(sorted)
	return float64(sorted[int(q*float64(len(sorted)-1))].Microseconds()) / 1000
}
