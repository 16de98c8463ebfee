package tlv

import (
	"bytes"
	"encoding/asn1"
	"math"
	"math/big"
	"testing"
)

func TestIntegersHaveOneForm(t *testing.T) {
	for _, n := range []int64{0, 1, 127, 128, 255, 256, 32767, 32768, 1<<31 - 1, 1 << 31, math.MaxInt64, -1, -128, -129, -32768, math.MinInt64} {
		b, err := asn1.Marshal(n) // the standard library writes
		if err != nil {
			t.Fatal(err)
		}
		r := DER(b)
		if got := r.Int(); got != n || r.Close() != nil {
			t.Errorf("%d is read as %d, %v", n, got, r.Close())
		}
		r = DER(b)
		got := r.Uint()
		if n < 0 {
			if got != nil || r.Close() != ErrRange {
				t.Errorf("%d is read as %x, %v", n, got, r.Close())
			}
			continue
		}
		if want := big.NewInt(n).Bytes(); !bytes.Equal(got, want) || r.Close() != nil || !bytes.Equal(NewUint(want), b) || !bytes.Equal(NewUint(append([]byte{0, 0}, want...)), b) {
			t.Errorf("%d is read as %x, %v, and written as %x", n, got, r.Close(), NewUint(want))
		}
	}
}

func TestWideNumbersAreForUintAlone(t *testing.T) {
	wide := bytes.Repeat([]byte{0xC3}, 64)
	r := DER(NewUint(wide))
	if got := r.Uint(); !bytes.Equal(got, wide) || r.Close() != nil {
		t.Errorf("%x, %v", got, r.Close())
	}
	r = DER(NewUint(wide))
	if r.Int() != 0 || r.Close() != ErrRange {
		t.Errorf("Int: %v", r.Close())
	}
}

// Each value is malformed in one way and has a twin that is read. What the rules
// differ in is marked by a nil for BER.
func TestMalformedValuesAreRefused(t *testing.T) {
	integer := func(r *Reader) any { return r.Int() }
	natural := func(r *Reader) any { return r.Uint() }
	boolean := func(r *Reader) any { return r.Bool() }
	null := func(r *Reader) any { r.Null(); return nil }
	whole := func(r *Reader) any { return r.Bytes() }
	flags := func(r *Reader) any { return r.Flags() }
	oid := func(r *Reader) any { return r.OID() }
	for _, v := range []struct {
		name      string
		read      func(*Reader) any
		good, bad string
		der, ber  error
	}{
		{"INTEGER without content", integer, "020100", "0200", ErrValue, ErrValue},
		{"INTEGER with zeros in front", integer, "02017f", "0202007f", ErrValue, ErrValue},
		{"INTEGER with ones in front", integer, "020180", "0202ff80", ErrValue, ErrValue},
		{"zero in two bytes", natural, "020100", "02020000", ErrValue, ErrValue},
		{"large INTEGER with zeros in front", natural, "02020080", "0203000080", ErrValue, ErrValue},
		{"negative number", natural, "02020080", "020180", ErrRange, ErrRange},
		{"INTEGER of nine bytes", integer, "02087fffffffffffffff", "0209008000000000000000", ErrRange, ErrRange},
		{"another type for INTEGER", integer, "020101", "0a0101", ErrMissing, ErrMissing},
		{"BOOLEAN 01", boolean, "0101ff", "010101", ErrValue, nil},
		{"BOOLEAN without content", boolean, "010100", "0100", ErrValue, ErrValue},
		{"BOOLEAN of two bytes", boolean, "0101ff", "0102ffff", ErrValue, ErrValue},
		{"NULL with content", null, "0500", "050100", ErrValue, ErrValue},
		{"BIT STRING without content", whole, "030100", "0300", ErrValue, ErrValue},
		{"BIT STRING of bits for bytes", whole, "030200fe", "030201fe", ErrValue, ErrValue},
		{"BIT STRING with eight unused bits", flags, "030207 80", "030208 00", ErrValue, ErrValue},
		{"BIT STRING of nothing with unused bits", flags, "030100", "030101", ErrValue, ErrValue},
		{"BIT STRING with a bit that is not used", flags, "03020780", "030207c0", ErrValue, nil},
		{"OBJECT IDENTIFIER without content", oid, "06012a", "0600", ErrValue, ErrValue},
		{"OBJECT IDENTIFIER cut in a number", oid, "06022a03", "06022a83", ErrValue, ErrValue},
		{"OBJECT IDENTIFIER with a zero in front", oid, "06042a86481e", "06042a80481e", ErrValue, ErrValue},
		{"OBJECT IDENTIFIER that begins with a zero", oid, "06012a", "0602802a", ErrValue, ErrValue},
	} {
		for rules, open := range readers {
			want := v.der
			if rules == "BER" {
				want = v.ber
			}
			r := open(x(t, v.good))
			v.read(&r)
			if err := r.Close(); err != nil {
				t.Fatalf("%s, %s: the twin is refused: %v", rules, v.name, err)
			}
			r = open(x(t, v.bad))
			if got := v.read(&r); r.Close() != want || want != nil && !isZero(got) {
				t.Errorf("%s, %s: %v, %v, want %v", rules, v.name, got, r.Close(), want)
			}
		}
	}
}

func isZero(v any) bool {
	switch v := v.(type) {
	case int64:
		return v == 0
	case []byte:
		return v == nil
	case bool:
		return !v
	}
	return v == nil
}

func TestFlagsAndBytesAreTheBitsOfAString(t *testing.T) {
	for _, v := range []struct {
		in           string
		flags, bytes string
	}{
		{"030100", "", ""}, {"03020780", "80", "–"}, {"03020106", "06", "–"}, {"030200ff", "ff", "ff"}, {"0303050fe0", "0fe0", "–"},
	} {
		r := DER(x(t, v.in))
		if got := r.Flags(); !bytes.Equal(got, x(t, v.flags)) || r.Close() != nil {
			t.Errorf("%s: flags %x, %v", v.in, got, r.Close())
		}
		if v.bytes == "–" {
			continue
		}
		r = DER(x(t, v.in))
		if got := r.Bytes(); !bytes.Equal(got, x(t, v.bytes)) || r.Close() != nil {
			t.Errorf("%s: bytes %x, %v", v.in, got, r.Close())
		}
	}
	in := x(t, "030207ff")
	r := BER(in)
	if got := r.Flags(); !bytes.Equal(got, []byte{0x80}) || in[3] != 0xff {
		t.Errorf("unused bits: %x, input %x", got, in)
	}
}

func TestIdentifiersAreDotted(t *testing.T) {
	for dotted, in := range map[string]string{
		"1.2.840.113549.1.7.2":    "2a864886f70d010702",
		"2.23.136.1.1.1":          "6781080101 01",
		"0.4.0.127.0.7.2.2.4.2.2": "04007f00070202040202",
		"1.0.10646.1.0.8":         "28d316010008",
		"2.999.3":                 "883703",
		"0.39":                    "27", "1.0": "28", "2.0": "50", "2.175": "817f",
		"2.18446744073709551535": "81ffffffffffffffff7f",
		"":                       "",
	} {
		if got := Dotted(x(t, in)); got != dotted {
			t.Errorf("%s is %s, want %s", in, got, dotted)
		}
	}
	for _, odd := range []string{"2a83", "6983ffffffffffffffffff7f", "69c0808080808080808080808001"} {
		if got := Dotted(x(t, odd)); got != odd {
			t.Errorf("%s is %s", odd, got)
		}
	}
}
