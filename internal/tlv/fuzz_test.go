package tlv

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"os"
	"testing"
)

func seeds(f *testing.F) {
	for _, name := range []string{"stream.ber", "stream.der"} {
		b, err := os.ReadFile("testdata/accepted/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b[:min(len(b), 200)])
	}
	f.Add(person())
	f.Add(New(0x60, New(0x5F01, []byte("0107")), New(0x5F36, []byte("040000")), New(0x5C, []byte{0x61, 0x75, 0x6D})))
	f.Add([]byte{0x24, 0x80, 0x24, 0x80, 4, 1, 'A', 0, 0, 0, 0})
	f.Add([]byte{0x30, 0x84, 0, 0, 0, 0})
	f.Add(bytes.Repeat([]byte{0x30, 0x80}, 40))
}

// rebuild reads all elements of a Reader and writes them again.
func rebuild(r *Reader, depth int) (out []byte) {
	for !r.Empty() {
		tag := r.Peek()
		if depth < 40 && tag != 0 && constructed(r.rest[0]) {
			inner := r.Enter(tag)
			content := rebuild(&inner, depth+1)
			inner.Close()
			out = Append(out, tag, content)
			continue
		}
		tag, content := r.Next()
		out = Append(out, tag, content)
	}
	return out
}

// What DER accepts has one spelling, so it comes back byte for byte; the standard
// library, which is less strict, accepts it too.
func FuzzDER(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r := DER(b)
		out := rebuild(&r, 0)
		if r.Close() != nil {
			return
		}
		if !bytes.Equal(out, b) {
			t.Fatalf("%x comes back as %x", b, out)
		}
		for rest := b; len(rest) > 0; {
			var raw asn1.RawValue
			var err error
			if rest, err = asn1.Unmarshal(rest, &raw); err != nil {
				t.Fatalf("%x: the standard library says %v", b, err)
			}
		}
		tag, header, length, err := Header(b)
		if len(b) > 0 && (err != nil || tag == 0 || header+length > len(b)) {
			t.Fatalf("%x: header %x %d %d %v", b, tag, header, length, err)
		}
	})
}

// What BER accepts and is written again is read alike.
func FuzzBER(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r := BER(b)
		out := rebuild(&r, 0)
		if r.Close() != nil {
			return
		}
		again := BER(out)
		if twice := rebuild(&again, 0); again.Close() != nil || !bytes.Equal(twice, out) {
			t.Fatalf("%x, then %x, then %x", b, out, twice)
		}
	})
}

func FuzzToDER(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		out, err := ToDER(b)
		if !bytes.Equal(b, before) {
			t.Fatal("the input was changed")
		}
		if err != nil {
			if out != nil {
				t.Fatalf("%x next to %v", out, err)
			}
			return
		}
		again, err := ToDER(out)
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("%x becomes %x, then %x, %v", b, out, again, err)
		}
		r := BER(out)
		rebuild(&r, 0)
		if err := r.Close(); err != nil {
			t.Fatalf("%x becomes %x: %v", b, out, err)
		}
		if strict := DER(b); len(rebuild(&strict, 0)) == len(b) && strict.Close() == nil && !bytes.Equal(out, b) {
			t.Fatalf("DER %x becomes %x", b, out)
		}
	})
}

// Values are what the standard library reads, and none is accepted that it
// refuses.
func FuzzValues(f *testing.F) {
	for _, s := range []string{"02017f", "0202007f", "0101ff", "030207c0", "06042a80481e", "0500", "02020080", "0209008000000000000000", "0603883703"} {
		f.Add(x(f, s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		check := func(what string, into any, read func(r *Reader) (same func() bool)) {
			r := DER(b)
			same := read(&r)
			if r.Close() != nil {
				return
			}
			if rest, err := asn1.Unmarshal(b, into); err != nil || len(rest) > 0 || !same() {
				t.Fatalf("%s takes %x, the standard library says %v, %v", what, b, into, err)
			}
		}
		var i int64
		check("Int", &i, func(r *Reader) func() bool { n := r.Int(); return func() bool { return n == i } })
		var n *big.Int
		check("Uint", &n, func(r *Reader) func() bool { u := r.Uint(); return func() bool { return bytes.Equal(n.Bytes(), u) } })
		var y bool
		check("Bool", &y, func(r *Reader) func() bool { v := r.Bool(); return func() bool { return v == y } })
		var z asn1.RawValue
		check("Null", &z, func(r *Reader) func() bool {
			r.Null()
			return func() bool { return z.Tag == asn1.TagNull && len(z.Bytes) == 0 }
		})
		var s asn1.BitString
		check("Bytes", &s, func(r *Reader) func() bool {
			v := r.Bytes()
			return func() bool { return bytes.Equal(v, s.Bytes) && s.BitLength == 8*len(v) }
		})
		check("Flags", &s, func(r *Reader) func() bool { v := r.Flags(); return func() bool { return bytes.Equal(v, s.Bytes) } })

		r := DER(b)
		oid := r.OID()
		var o asn1.ObjectIdentifier
		if _, err := asn1.Unmarshal(b, &o); r.Close() == nil && err == nil && Dotted(oid) != o.String() { // it stops at 2³¹
			t.Fatalf("%x is %s, the standard library says %s", b, Dotted(oid), o)
		}
	})
}
