package platform

import "time"

const (
	tableLimits = "limit" // keyed hash of (what, whom, day) → how often

	// perDay is how many requests one number, and one telephone or mailbox, can be in
	// within a day: whoever registers needs one.
	perDay = 5
)

// often counts something that strangers do about one thing, and reports whether it was
// too often today.
func (p *Platform) often(tx Tx, what, whom string) (bool, error) {
	now := p.now()
	key := p.mac("limit", what, whom, p.today().String())
	n, err := load[int](tx, tableLimits, key)
	if err != nil {
		return false, err
	}
	count := 1
	if n != nil {
		count += *n
	}
	if count > perDay {
		return true, nil
	}
	return false, save(tx, tableLimits, key, count, now.Add(25*time.Hour))
}
