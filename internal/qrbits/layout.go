package qrbits

// functions maps the modules that carry no data: 1 dark, -1 light, 2 format or
// version information; 0 elsewhere.
func functions(version int) []int8 {
	n := 17 + 4*version
	m := make([]int8, n*n)
	set := func(x, y int, v int8) {
		if x >= 0 && y >= 0 && x < n && y < n {
			m[y*n+x] = v
		}
	}
	for i := range n { // timing
		set(i, 6, int8(1-2*(i%2)))
		set(6, i, int8(1-2*(i%2)))
	}
	for _, c := range [3][2]int{{3, 3}, {n - 4, 3}, {3, n - 4}} {
		rings(c[0], c[1], 4, [5]int8{1, 1, -1, 1, -1}, set)
	}
	for _, c := range AlignmentPatterns(version) {
		rings(c[0], c[1], 2, [5]int8{1, -1, 1}, set)
	}
	for _, c := range formatPlaces(n) {
		for _, p := range c {
			set(p[0], p[1], 2)
		}
	}
	set(8, n-8, 1) // the dark module
	if version >= 7 {
		for i := range 18 {
			set(n-11+i%3, i/3, 2)
			set(i/3, n-11+i%3, 2)
		}
	}
	return m
}

// rings draws squares around a middle; colour[r] is that of the ring at distance r.
func rings(cx, cy, radius int, colour [5]int8, set func(x, y int, v int8)) {
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			set(cx+dx, cy+dy, colour[max(dx, -dx, dy, -dy)])
		}
	}
}

// zigzag lists the data modules in the order of their bits: pairs of columns from
// the right, up and down in turn, past the vertical timing pattern.
func zigzag(function []int8, n int) []int32 {
	order := make([]int32, 0, n*n)
	up := true
	for right := n - 1; right > 0; right -= 2 {
		if right == 6 {
			right = 5
		}
		for i := range n {
			y := i
			if up {
				y = n - 1 - i
			}
			for x := right; x > right-2; x-- {
				if function[y*n+x] == 0 {
					order = append(order, int32(y*n+x))
				}
			}
		}
		up = !up
	}
	return order
}

// masked reports whether the mask inverts the module in column x and row y.
func masked(mask, x, y int) bool {
	switch mask {
	case 0:
		return (x+y)%2 == 0
	case 1:
		return y%2 == 0
	case 2:
		return x%3 == 0
	case 3:
		return (x+y)%3 == 0
	case 4:
		return (x/3+y/2)%2 == 0
	case 5:
		return x*y%2+x*y%3 == 0
	case 6:
		return (x*y%2+x*y%3)%2 == 0
	}
	return ((x+y)%2+x*y%3)%2 == 0
}
