package cbor

// Value is one value that Parse has checked, in its encoded form. The zero Value
// is none: every accessor answers false.
type Value string

// Kind returns the major type.
func (v Value) Kind() Kind {
	if v == "" {
		return simple
	}
	return Kind(v[0] >> 5)
}

// Uint returns an unsigned integer.
func (v Value) Uint() (uint64, bool) {
	n, _, ok := v.open(Uint)
	return n, ok
}

// Int returns an integer that fits an int64.
func (v Value) Int() (int64, bool) {
	if n, _, ok := v.open(Uint); ok {
		return int64(n), n < 1<<63
	}
	n, _, ok := v.open(Negative)
	return -1 - int64(n), ok
}

// Bytes returns the content of a byte string.
func (v Value) Bytes() (string, bool) {
	_, s, ok := v.open(Bytes)
	return s, ok
}

// Text returns the content of a text string.
func (v Value) Text() (string, bool) {
	_, s, ok := v.open(Text)
	return s, ok
}

// Array returns the items of an array.
func (v Value) Array() (Items, bool) {
	n, s, ok := v.open(Array)
	return Items{int(n), s}, ok
}

// Map returns the items of a map: each key, then its value.
func (v Value) Map() (Items, bool) {
	n, s, ok := v.open(Map)
	return Items{2 * int(n), s}, ok
}

// Tag18 returns what tag 18 encloses.
func (v Value) Tag18() (Value, bool) {
	_, s, ok := v.open(Tag)
	return Value(s), ok
}

// open splits a value of the kind into its argument and what follows it.
func (v Value) open(kind Kind) (n uint64, content string, ok bool) {
	if v.Kind() != kind {
		return 0, "", false
	}
	_, n, content, err := head(string(v))
	return n, content, err == nil
}

// Items walks over the items of an array or a map.
type Items struct {
	n    int
	rest string
}

// Len is the number of items left; a map has two for each entry.
func (it *Items) Len() int { return it.n }

// Next returns the next item, the zero Value after the last.
func (it *Items) Next() Value {
	if it.n == 0 {
		return ""
	}
	rest := skip(it.rest)
	v := it.rest[:len(it.rest)-len(rest)]
	it.n, it.rest = it.n-1, rest
	return Value(v)
}

// skip returns what follows the first value. It only counts: Parse has checked
// everything, and what it has not checked ends the walk.
func skip(in string) string {
	for left := uint64(1); left > 0; left-- {
		kind, n, rest, err := head(in)
		if err != nil {
			return ""
		}
		in = rest
		switch kind {
		case Bytes, Text:
			if n > uint64(len(in)) {
				return ""
			}
			in = in[n:]
		case Array:
			left += n
		case Map:
			left += 2 * n
		case Tag:
			left++
		}
	}
	return in
}
