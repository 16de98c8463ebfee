package ec

// blocks is into how many parts the scalar is cut for multiples of the generator:
// each part has its own table of sixteen points, and all share the doublings.
const blocks = 8

// times sets r to k·p for any k as wide as n in constant time: from the top,
// four doublings and one addition from a table of 0·p to 15·p for each window.
func (c *curve) times(r *projective, k *elem, p *projective) {
	var table [16]projective
	c.multiples(&table, p)
	acc := c.infinity()
	var next projective
	for i := c.digits() - 1; i >= 0; i-- {
		for range 4 {
			c.double(&acc, &acc)
		}
		c.choose(&next, &table, window(k, i))
		c.add(&acc, &acc, &next)
	}
	*r = acc
}

// timesG sets r to k·G for any k as wide as n in constant time.
func (c *curve) timesG(r *projective, k *elem) {
	tables := c.windows()
	each := c.blockDigits()
	acc := c.infinity()
	var next projective
	for i := each - 1; i >= 0; i-- {
		if i != each-1 {
			for range 4 {
				c.double(&acc, &acc)
			}
		}
		for j := range tables {
			if at := j*each + i; at < c.digits() {
				c.choose(&next, &tables[j], window(k, at))
				c.add(&acc, &acc, &next)
			}
		}
	}
	*r = acc
}

// digits is how many windows a scalar below 2^(bits of n) has.
func (c *curve) digits() int { return (c.n.bits + 3) / 4 }

func (c *curve) blockDigits() int { return (c.digits() + blocks - 1) / blocks }

// makeWindows prepares the tables of timesG: sixteen multiples of G·2^(4·each·j).
func (c *curve) makeWindows() *[blocks][16]projective {
	tables := new([blocks][16]projective)
	g := c.lift(&affine{c.x, c.y})
	for j := range tables {
		c.multiples(&tables[j], &g)
		for range 4 * c.blockDigits() {
			c.double(&g, &g)
		}
	}
	return tables
}

// multiples fills a table with 0·p to 15·p.
func (c *curve) multiples(table *[16]projective, p *projective) {
	table[0], table[1] = c.infinity(), *p
	for i := 2; i < 16; i++ {
		c.add(&table[i], &table[i-1], p)
	}
}

// choose copies entry i, touching every entry alike.
func (c *curve) choose(r *projective, table *[16]projective, i uint64) {
	*r = projective{}
	n := c.p.n
	for j := range table {
		d := uint64(j) ^ i
		mask := -((d - 1) >> 63) // all ones if j is i
		e := &table[j]
		for w := range n {
			r.x[w] |= e.x[w] & mask
			r.y[w] |= e.y[w] & mask
			r.z[w] |= e.z[w] & mask
		}
	}
}
