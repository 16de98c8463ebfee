package tlv

import (
	"bytes"
	"testing"
)

// person is SEQUENCE { 1, SEQUENCE { "ab", "c" }, [0] { 5 } }.
func person() []byte {
	return New(Sequence, NewUint([]byte{1}), New(Sequence, New(UTF8String, []byte("ab")), New(UTF8String, []byte("c"))), New(0xA0, NewUint([]byte{5})))
}

// parse reads person; the steps say which it leaves out.
func parse(b []byte, closeInner, readSecond, readOptional bool) (version int64, first, second string, optional int64, err error) {
	r := DER(b)
	outer := r.Enter(Sequence)
	version = outer.Int()
	inner := outer.Enter(Sequence)
	first = string(inner.Read(UTF8String))
	if readSecond {
		second = string(inner.Read(UTF8String))
	}
	if closeInner {
		inner.Close()
	}
	if readOptional && outer.Peek() == 0xA0 {
		o := outer.Enter(0xA0)
		optional = o.Int()
		o.Close()
	}
	outer.Close()
	return version, first, second, optional, r.Close()
}

func TestAStructureIsReadStraightDown(t *testing.T) {
	v, a, b, o, err := parse(person(), true, true, true)
	if v != 1 || a != "ab" || b != "c" || o != 5 || err != nil {
		t.Errorf("%d %q %q %d %v", v, a, b, o, err)
	}
}

func TestNothingCanBePassedOver(t *testing.T) {
	if _, _, _, _, err := parse(person(), true, true, true); err != nil {
		t.Fatalf("the twin is refused: %v", err)
	}
	for _, v := range []struct {
		name                          string
		in                            []byte
		closeInner, second, extension bool
		want                          error
	}{
		{"an inner reader that is never closed", person(), false, true, true, ErrUnread},
		{"bytes left in an inner structure", person(), true, false, true, ErrTrailing},
		{"bytes left in the outer structure", person(), true, true, false, ErrTrailing},
		{"bytes after the structure", append(person(), 0), true, true, true, ErrTrailing},
		{"a structure cut short", person()[:len(person())-1], true, true, true, ErrTruncated},
		{"nothing", nil, true, true, true, ErrMissing},
	} {
		if _, _, _, _, err := parse(v.in, v.closeInner, v.second, v.extension); err != v.want {
			t.Errorf("%s: %v, want %v", v.name, err, v.want)
		}
	}
}

func TestTheFirstFailureStaysAndEndsEverything(t *testing.T) {
	good := New(Sequence, New(OctetString, []byte("a")), New(OctetString, []byte("b")))
	bad := bytes.Clone(good)
	bad[2] = 0x0C // the first element is another type
	for _, b := range [][]byte{good, bad} {
		r := DER(b)
		s := r.Enter(Sequence)
		a, c := s.Read(OctetString), s.Read(OctetString)
		empty := s.Empty() && s.Peek() == 0 && s.Rest() == nil
		loops := 0
		for !s.Empty() {
			loops++
		}
		inner := s.Close()
		err := r.Close()
		if broken := &b[0] == &bad[0]; broken {
			tag, next := s.Next()
			if a != nil || c != nil || tag != 0 || next != nil || !empty || loops != 0 || inner != ErrMissing || err != ErrMissing {
				t.Errorf("after a failure: %q %q %v %v %v", a, c, empty, inner, err)
			}
		} else if string(a) != "a" || string(c) != "b" || !empty || err != nil {
			t.Fatalf("the twin is refused: %q %q %v", a, c, err)
		}
	}
}

func TestWholeGivesTheBytesThatWereSigned(t *testing.T) {
	b := person()
	r := DER(b)
	outer := r.Enter(Sequence)
	outer.Int()
	if got, want := outer.Whole(Sequence), New(Sequence, New(UTF8String, []byte("ab")), New(UTF8String, []byte("c"))); !bytes.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
	if got, want := outer.Rest(), New(0xA0, NewUint([]byte{5})); !bytes.Equal(got, want) {
		t.Errorf("the rest is %x, want %x", got, want)
	}
	outer.Close()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	r = DER(b)
	if r.Whole(Set) != nil || r.Close() != ErrMissing {
		t.Error("another tag is read whole")
	}
}

// What is appended to a content must not grow into the element after it.
func TestContentsDoNotRunIntoEachOther(t *testing.T) {
	b := New(Sequence, New(OctetString, []byte("a")), New(OctetString, []byte("b")))
	r := DER(b)
	s := r.Enter(Sequence)
	_ = append(s.Read(OctetString), 'X', 'Y', 'Z')
	if got := s.Read(OctetString); string(got) != "b" {
		t.Errorf("the next content became %q", got)
	}
}

func TestTheZeroReaderIsEmpty(t *testing.T) {
	var r Reader
	if !r.Empty() || r.Peek() != 0 || r.Rest() != nil || r.Close() != nil {
		t.Error("the zero Reader has something in it")
	}
	if r.Read(Sequence) != nil || r.Close() != ErrMissing {
		t.Error("the zero Reader gives an element")
	}
	var q Reader
	e := q.Enter(Sequence)
	if e.Int() != 0 || e.Uint() != nil || e.OID() != nil || e.Bytes() != nil || e.Flags() != nil || e.Bool() || e.Close() == nil || q.Close() == nil {
		t.Error("something can be read in the zero Reader")
	}
	var n Reader
	if n.Null(); n.Close() == nil {
		t.Error("the zero Reader has a NULL")
	}
}

func TestCloseTwiceIsCloseOnce(t *testing.T) {
	r := DER(New(Sequence, New(Sequence)))
	a := r.Enter(Sequence)
	a.Enter(Sequence) // forgotten
	a.Close()
	a.Close()
	if err := r.Close(); err != ErrUnread {
		t.Errorf("a reader closed twice stands for one never closed: %v", err)
	}
}

func TestReadingAllocatesNothing(t *testing.T) {
	b := person()
	if n := testing.AllocsPerRun(100, func() {
		r := DER(b)
		outer := r.Enter(Sequence)
		outer.Int()
		inner := outer.Enter(Sequence)
		for !inner.Empty() {
			inner.Next()
		}
		inner.Close()
		outer.Whole(0xA0)
		outer.Close()
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
