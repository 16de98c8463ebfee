package platform

import (
	"slices"
	"strings"
)

// ordered is a set of strings in the order of their bytes, as short sorted blocks one
// after the other: to add one among a million moves a block and not the million. No
// block is empty.
type ordered struct{ blocks [][]string }

const blockLen = 512

// newOrdered takes strings that are sorted, each once.
func newOrdered(sorted []string) *ordered {
	o := &ordered{}
	for some := range slices.Chunk(sorted, blockLen/2) {
		o.blocks = append(o.blocks, slices.Clone(some))
	}
	return o
}

// block is the only one in which a string can be.
func (o *ordered) block(s string) int {
	i, found := slices.BinarySearchFunc(o.blocks, s, func(b []string, s string) int { return strings.Compare(b[0], s) })
	if !found && i > 0 {
		i--
	}
	return i
}

func (o *ordered) add(s string) {
	if len(o.blocks) == 0 {
		o.blocks = [][]string{{s}}
		return
	}
	i := o.block(s)
	at, found := slices.BinarySearch(o.blocks[i], s)
	if found {
		return
	}
	if len(o.blocks[i]) < blockLen {
		o.blocks[i] = slices.Insert(o.blocks[i], at, s)
		return
	}
	half := blockLen / 2
	if at == blockLen { // numbers that count up fill their blocks
		half = blockLen
	}
	rest := append(make([]string, 0, blockLen), o.blocks[i][half:]...)
	if clear(o.blocks[i][half:]); at > half || half == blockLen {
		rest = slices.Insert(rest, at-half, s)
		o.blocks[i] = o.blocks[i][:half]
	} else {
		o.blocks[i] = slices.Insert(o.blocks[i][:half], at, s)
	}
	o.blocks = slices.Insert(o.blocks, i+1, rest)
}

func (o *ordered) remove(s string) {
	if len(o.blocks) == 0 {
		return
	}
	i := o.block(s)
	at, found := slices.BinarySearch(o.blocks[i], s)
	if !found {
		return
	}
	if o.blocks[i] = slices.Delete(o.blocks[i], at, at+1); len(o.blocks[i]) == 0 {
		o.blocks = slices.Delete(o.blocks, i, i+1)
	}
}

// list calls f with the strings that begin with prefix and stand behind after, until it
// answers false.
func (o *ordered) list(prefix, after string, f func(string) bool) {
	if len(o.blocks) == 0 {
		return
	}
	from := max(prefix, after)
	i := o.block(from)
	at, _ := slices.BinarySearch(o.blocks[i], from)
	for ; i < len(o.blocks); i, at = i+1, 0 {
		for _, s := range o.blocks[i][at:] {
			switch {
			case s <= after: // after itself
			case !strings.HasPrefix(s, prefix) || !f(s):
				return
			}
		}
	}
}
