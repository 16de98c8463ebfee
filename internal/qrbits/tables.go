package qrbits

// Check symbols of each block, and blocks, by level (L, M, Q, H) and version
// (ISO/IEC 18004, table 9).
var (
	checks = [4][41]uint8{
		{0, 7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
		{0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28},
		{0, 13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
		{0, 17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
	}
	counts = [4][41]uint8{
		{0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25},
		{0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49},
		{0, 1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68},
		{0, 1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81},
	}
)

// misdecode is the standard's p: check symbols of the smallest symbols that detect
// and do not correct (table 9, note b).
func misdecode(version, level int) int {
	switch {
	case version == 1:
		return [4]int{3, 2, 1, 1}[level]
	case version == 2 && level == 0:
		return 2
	case version == 3 && level == 0:
		return 1
	}
	return 0
}

// Alignment returns the rows, and columns, on which alignment patterns have their
// middles (annex E). Version 1 has none.
func Alignment(version int) []int {
	if version < 2 {
		return nil
	}
	n := version/7 + 2
	step := (version*4 + n*2 + 1) / (n*2 - 2) * 2
	if version == 32 {
		step = 26
	}
	at := make([]int, n)
	at[0] = 6
	for i, p := n-1, version*4+10; i > 0; i, p = i-1, p-step {
		at[i] = p
	}
	return at
}

// AlignmentPatterns returns the middles of the patterns, x and y, without the three
// places that finder patterns take.
func AlignmentPatterns(version int) (middles [][2]int) {
	at := Alignment(version)
	last := len(at) - 1
	for i, y := range at {
		for j, x := range at {
			if i == 0 && (j == 0 || j == last) || i == last && j == 0 {
				continue
			}
			middles = append(middles, [2]int{x, y})
		}
	}
	return middles
}
