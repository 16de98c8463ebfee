package events

import (
	"testing"
	"time"
)

func TestWhatBecomesOfWhatIsKept(t *testing.T) {
	now := time.Unix(1796000000, 0)
	later, before := now.Add(time.Hour), now.Add(-time.Hour)
	law := Hold{Basis: "b", Citation: "c", Until: later}
	withdrawn := State{Withdrawn: []string{"g"}}
	for _, test := range []struct {
		name string
		s    State
		k    Kept
		want Fate
	}{
		{"agreed to", State{}, Kept{Grant: "g", Until: later}, Usable},
		{"agreed to, and a law wants it", State{}, Kept{Grant: "g", Until: later, Hold: law}, Usable},
		{"withdrawn", withdrawn, Kept{Grant: "g", Until: later}, Purge},
		{"another's grant withdrawn", withdrawn, Kept{Grant: "h", Until: later}, Usable},
		{"withdrawn, and a law wants it", withdrawn, Kept{Grant: "g", Until: later, Hold: law}, Withheld},
		{"withdrawn, and the law's time is over", withdrawn, Kept{Grant: "g", Until: later, Hold: Hold{"b", "c", now}}, Purge},
		{"withdrawn, a law without citation", withdrawn, Kept{Grant: "g", Until: later, Hold: Hold{"b", "", later}}, Purge},
		{"withdrawn, a law without basis", withdrawn, Kept{Grant: "g", Until: later, Hold: Hold{"", "c", later}}, Purge},
		{"withdrawn, a law without end", withdrawn, Kept{Grant: "g", Until: later, Hold: Hold{"b", "c", time.Time{}}}, Purge},
		{"retention over", State{}, Kept{Grant: "g", Until: now}, Purge},
		{"retention long over", State{}, Kept{Grant: "g", Until: before}, Purge},
		{"retention over, and a law wants it", State{}, Kept{Grant: "g", Until: before, Hold: law}, Withheld},
		{"no retention was agreed to", State{}, Kept{Grant: "g"}, Purge},
		{"died", State{Died: true}, Kept{Grant: "g", Until: later}, Withheld},
		{"died, retention over", State{Died: true}, Kept{Grant: "g", Until: before}, Purge},
		{"locked", State{EIDLocked: true, AccountLocked: true}, Kept{Grant: "g", Until: later}, Usable},
	} {
		if got := test.s.Fate(test.k, now); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}
