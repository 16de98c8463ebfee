package platform

import (
	"slices"
	"time"
)

// expiries are the records that may be dropped some day, by the minute: most of a
// platform's end together. A row that is written over or deleted stays in its chain, with
// nothing in it, until its minute comes.
type expiries struct {
	at      map[int64]*memoryRow // the last of each minute, and by next the others
	minutes []int64              // of at, the earliest last
}

func minuteOf(nanos int64) int64 { return nanos / int64(time.Minute) }

func (e *expiries) push(row *memoryRow) {
	m := minuteOf(row.until)
	last, known := e.at[m]
	if !known {
		if e.at == nil {
			e.at = map[int64]*memoryRow{}
		}
		i, _ := slices.BinarySearchFunc(e.minutes, m, func(a, b int64) int { return int(min(max(b-a, -1), 1)) })
		e.minutes = slices.Insert(e.minutes, i, m)
	}
	row.next, e.at[m] = last, row
}

// take calls f with what is due before an instant, and forgets it.
func (e *expiries) take(before int64, f func(*memoryRow)) {
	for n := len(e.minutes); n > 0 && e.minutes[n-1] <= minuteOf(before); n = len(e.minutes) {
		m := e.minutes[n-1]
		var stay *memoryRow
		for row := e.at[m]; row != nil; {
			next := row.next
			switch row.next = nil; {
			case row.value == nil: // gone before
			case row.until < before:
				f(row)
			default:
				row.next, stay = stay, row
			}
			row = next
		}
		if stay != nil { // the minute that the instant is in
			e.at[m] = stay
			return
		}
		delete(e.at, m)
		e.minutes = e.minutes[:n-1]
	}
}
