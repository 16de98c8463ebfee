// Package raced lets long tables of one goroutine's work be short under the race
// detector, which makes that work several times slower and sees in some rows what it
// sees in all. Every row is for the run without it: each runs in CI.
package raced

// Some is every eighth of all under the race detector, and otherwise all.
func Some[T any](all []T) []T {
	if !On {
		return all
	}
	var some []T
	for i := 0; i < len(all); i += 8 {
		some = append(some, all[i])
	}
	return some
}
