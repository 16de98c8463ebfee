package platform

import (
	"slices"
	"time"
)

// expiry is when a record may be dropped.
type expiry struct {
	until int64 // as a row has it
	table *memoryTable
	key   string
}

// expiries are the records that may be dropped some day, by the minute: most of a
// platform's end together. A record that is written over or deleted leaves its entry until
// its minute comes.
type expiries struct {
	at      map[int64][]expiry
	minutes []int64 // of at, the earliest last
}

func minuteOf(nanos int64) int64 { return nanos / int64(time.Minute) }

func (e *expiries) push(x expiry) {
	m := minuteOf(x.until)
	if _, known := e.at[m]; !known {
		if e.at == nil {
			e.at = map[int64][]expiry{}
		}
		i, _ := slices.BinarySearchFunc(e.minutes, m, func(a, b int64) int { return int(min(max(b-a, -1), 1)) })
		e.minutes = slices.Insert(e.minutes, i, m)
	}
	e.at[m] = append(e.at[m], x)
}

// take calls f with what is due before an instant, and forgets it.
func (e *expiries) take(before int64, f func(expiry)) {
	for n := len(e.minutes); n > 0 && e.minutes[n-1] <= minuteOf(before); n = len(e.minutes) {
		m := e.minutes[n-1]
		var stay []expiry
		for _, x := range e.at[m] {
			if x.until < before {
				f(x)
			} else {
				stay = append(stay, x)
			}
		}
		if len(stay) > 0 { // the minute that the instant is in
			e.at[m] = stay
			return
		}
		delete(e.at, m)
		e.minutes = e.minutes[:n-1]
	}
}
