package servicewire

import "time"

// deadlineRule says until when a stay is to be notified, for arrivals from a day on.
type deadlineRule struct {
	from   time.Time
	cut    time.Duration // after midnight: who arrives earlier is notified before it
	next   time.Duration // after the next midnight: the others
	source string
}

// deadlines is the dated table, newest first.
var deadlines = []deadlineRule{
	{time.Date(2021, 7, 1, 0, 0, 0, 0, Zone), 23 * time.Hour, 8 * time.Hour, "Luật Cư trú 68/2020/QH14 Art. 30"},
}

// Deadline returns the instant before which a stay must be notified: 23:00 of the day
// of arrival, or 08:00 of the next day for who arrives at 23:00 or later, in Vietnam's
// time. ok is false for arrivals before the first rule of the table.
func Deadline(arrival time.Time) (until time.Time, ok bool) {
	for _, rule := range deadlines {
		if arrival.Before(rule.from) {
			continue
		}
		y, m, d := arrival.In(Zone).Date()
		midnight := time.Date(y, m, d, 0, 0, 0, 0, Zone)
		if until = midnight.Add(rule.cut); arrival.Before(until) {
			return until, true
		}
		return midnight.Add(24*time.Hour + rule.next), true
	}
	return time.Time{}, false
}
