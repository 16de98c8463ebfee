package tlv

// A Reader is a cursor over elements; see the package comment. The zero Reader is
// empty. Copies move independently but share their failure.
type Reader struct {
	rest   []byte
	s      *state
	child  bool
	closed bool
}

// state is what a Reader shares with those that Enter made of it.
type state struct {
	der  bool
	open int // Readers from Enter that are not closed
	err  error
}

// DER returns a Reader that takes one spelling of everything.
func DER(b []byte) Reader { return Reader{rest: b, s: &state{der: true}} }

// BER returns a Reader for the data objects of cards.
func BER(b []byte) Reader { return Reader{rest: b, s: &state{}} }

// fail keeps the first failure.
func (r *Reader) fail(err error) {
	if r.s == nil {
		r.s = &state{}
	}
	if r.s.err == nil {
		r.s.err = err
	}
}

// Empty reports whether nothing is left to read, which is so after a failure too.
func (r *Reader) Empty() bool { return len(r.rest) == 0 || r.s == nil || r.s.err != nil }

// Peek returns the next element's tag, 0 if nothing is left or it is not valid.
func (r *Reader) Peek() Tag {
	if r.Empty() {
		return 0
	}
	tag, _, err := readTag(r.rest, r.s.der)
	if err != nil {
		return 0
	}
	return tag
}

// Next reads any element. The tag is 0 if there is none.
func (r *Reader) Next() (tag Tag, content []byte) {
	tag, whole, header := r.take()
	return tag, whole[header:]
}

// Read reads the content of an element with this tag.
func (r *Reader) Read(tag Tag) []byte {
	if !r.expect(tag) {
		return nil
	}
	_, content := r.Next()
	return content
}

// Whole reads an element with this tag and returns all its bytes, tag and length
// included: what a signature was made over.
func (r *Reader) Whole(tag Tag) []byte {
	if !r.expect(tag) {
		return nil
	}
	_, whole, _ := r.take()
	return whole
}

// Enter reads an element with this tag and returns a Reader for the elements in
// it, which must be closed.
func (r *Reader) Enter(tag Tag) Reader {
	content := r.Read(tag)
	if r.s == nil {
		return Reader{}
	}
	r.s.open++
	return Reader{rest: content, s: r.s, child: true}
}

// Rest takes everything that is left without looking at it.
func (r *Reader) Rest() []byte {
	if r.Empty() {
		return nil
	}
	rest := r.rest
	r.rest = nil
	return rest
}

// Close ends reading here: it fails if anything is left, and returns the first
// failure of all Readers that belong together. The one that DER or BER made is
// closed last, and fails also if one from Enter was not closed.
func (r *Reader) Close() error {
	if r.s == nil {
		return nil
	}
	if !r.Empty() {
		r.fail(ErrTrailing)
	}
	if r.child && !r.closed {
		r.closed = true
		r.s.open--
	}
	if !r.child && r.s.open != 0 {
		r.fail(ErrUnread)
	}
	return r.s.err
}

// expect fails unless the next element has this tag.
func (r *Reader) expect(tag Tag) bool {
	if r.Empty() {
		r.fail(ErrMissing)
		return false
	}
	got, _, err := readTag(r.rest, r.s.der)
	switch {
	case err != nil:
		r.fail(err)
	case got != tag:
		r.fail(ErrMissing)
	}
	return r.s.err == nil
}

// take splits off the next element.
func (r *Reader) take() (tag Tag, whole []byte, header int) {
	if r.Empty() {
		r.fail(ErrMissing)
		return 0, nil, 0
	}
	tag, header, length, err := head(r.rest, r.s.der)
	switch {
	case err != nil:
	case length < 0:
		err = ErrIndefinite
	case length > len(r.rest)-header:
		err = ErrTruncated
	}
	if err != nil {
		r.fail(err)
		return 0, nil, 0
	}
	whole = r.rest[: header+length : header+length]
	r.rest = r.rest[header+length:]
	return tag, whole, header
}
