package crowd

// lot draws numbers that look random and are the same for the same seed: SplitMix64
// (Steele, Lea, Flood, 2014). Nothing here is a secret.
type lot struct{ state uint64 }

// newLot begins a row of draws of its own for each seed and number.
func newLot(seed, number uint64) *lot {
	l := &lot{seed}
	l.state = l.next() ^ number*0xd1342543de82ef95
	l.next()
	return l
}

func (l *lot) next() uint64 {
	l.state += 0x9e3779b97f4a7c15
	z := l.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below draws a number from 0 to n-1.
func (l *lot) below(n int) int { return int(l.next() >> 1 % uint64(n)) }

// between draws a number from a to b.
func (l *lot) between(a, b int) int { return a + l.below(b-a+1) }

// one draws one time in n.
func (l *lot) one(n int) bool { return l.below(n) == 0 }

func pick[T any](l *lot, from []T) T { return from[l.below(len(from))] }
