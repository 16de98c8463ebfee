package qrbits

import (
	"cmp"
	"slices"
)

// formatPlaces returns the modules of the two copies of the format information,
// most significant bit first.
func formatPlaces(n int) (places [2][15][2]int) {
	for i := range 15 {
		switch {
		case i < 6:
			places[0][i] = [2]int{i, 8}
		case i < 8:
			places[0][i] = [2]int{i + 1, 8}
		case i == 8:
			places[0][i] = [2]int{8, 7}
		default:
			places[0][i] = [2]int{8, 14 - i}
		}
		if i < 7 {
			places[1][i] = [2]int{8, n - 1 - i}
		} else {
			places[1][i] = [2]int{n - 15 + i, 8}
		}
	}
	return places
}

// formatBits is the BCH (15, 5) code of five bits, with the standard's mask.
func formatBits(five int) int {
	rem := five << 10
	for i := 14; i >= 10; i-- {
		if rem>>i&1 == 1 {
			rem ^= 0x537 << (i - 10)
		}
	}
	return (five<<10 | rem) ^ 0x5412
}

// versionBits is the BCH (18, 6) code of a version.
func versionBits(version int) int {
	rem := version << 12
	for i := 17; i >= 12; i-- {
		if rem>>i&1 == 1 {
			rem ^= 0x1F25 << (i - 12)
		}
	}
	return version<<12 | rem
}

// levels maps the two bits of the format to L, M, Q, H as 0 to 3.
var levels = [4]int{1, 0, 3, 2}

// likelyFormats returns the formats, level<<3 | mask, that agree best with the
// modules, at most n of them.
func (s *Symbol) likelyFormats(soft []float32, n int) []int {
	type scored struct {
		format int
		score  float32
	}
	places := formatPlaces(s.Size)
	all := make([]scored, 32)
	for five := range 32 {
		bits := formatBits(five)
		var score float32
		for _, copies := range places {
			for i, p := range copies {
				score += agrees(soft[p[1]*s.Size+p[0]], bits>>(14-i)&1)
			}
		}
		all[five] = scored{levels[five>>3]<<3 | five&7, score}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	out := make([]int, n)
	for i := range out {
		out[i] = all[i].format
	}
	return out
}

func agrees(soft float32, bit int) float32 {
	soft = min(max(soft, -1), 1)
	if bit == 0 {
		return -soft
	}
	return soft
}

// LikelyVersion compares eighteen modules of version information, least significant
// bit first, with every version from 7 to 40, and returns the best and its
// agreement from -1 to 1.
func LikelyVersion(soft [18]float32) (version int, agreement float32) {
	agreement = -1
	for v := 7; v <= 40; v++ {
		bits, sum := versionBits(v), float32(0)
		for i, s := range soft {
			sum += agrees(s, bits>>i&1)
		}
		if sum /= 18; sum > agreement {
			version, agreement = v, sum
		}
	}
	return version, agreement
}
