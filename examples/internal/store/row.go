package store

import (
	"math"
	"time"
)

// nano is until as the databases keep it; nil, their NULL, keeps for good, as does
// what is centuries away.
func nano(until time.Time) any {
	if until.IsZero() || until.After(time.Unix(0, math.MaxInt64)) {
		return nil
	}
	return until.UnixNano()
}

// instant undoes nano.
func instant(v any) time.Time {
	n, ok := v.(int64)
	if !ok {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

// behind returns the first key that is behind all that begin with a prefix; nil if
// there is none.
func behind(prefix string) []byte {
	b := []byte(prefix)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < 0xff {
			b[i]++
			return b[:i+1]
		}
	}
	return nil
}
