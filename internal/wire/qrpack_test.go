package wire

import (
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestDigitsKeepTheirZerosAndLength(t *testing.T) {
	for _, v := range []struct {
		digits string
		packed uint64
	}{{"001", 1001}, {"0", 10}, {"999090000001", 1999090000001}, {"000000000", 1000000000}, {"999999999999999999", 1999999999999999999}} {
		n, ok := PackDigits(v.digits)
		back, ok2 := UnpackDigits(n)
		if !ok || !ok2 || n != v.packed || back != v.digits {
			t.Errorf("%s is packed as %d and unpacked as %q", v.digits, n, back)
		}
	}
	for _, bad := range []string{"", "12a", "-1", " 1", "１", "0000000000000000000"} {
		if n, ok := PackDigits(bad); ok {
			t.Errorf("%q is packed as %d", bad, n)
		}
	}
	for _, bad := range []uint64{0, 1, 2, 999090000001, 29, 1<<64 - 1, 10000000000000000000} {
		if s, ok := UnpackDigits(bad); ok {
			t.Errorf("%d is unpacked as %q", bad, s)
		}
	}
}

func TestDatesKeepWhatTheyLack(t *testing.T) {
	day := func(y int, m time.Month, d int) vneid.Date {
		t.Helper()
		date, err := vneid.NewDate(y, m, d)
		if err != nil {
			t.Fatal(err)
		}
		return date
	}
	for packed, date := range map[uint64]vneid.Date{
		19900131: day(1990, 1, 31), 19900100: day(1990, 1, 0), 19900000: day(1990, 0, 0), 99999999: vneid.Forever(), 20240229: day(2024, 2, 29),
	} {
		if got := PackDate(date); got != packed {
			t.Errorf("%v is packed as %d, want %d", date, got, packed)
		}
		if got, ok := UnpackDate(packed); !ok || got != date {
			t.Errorf("%d is unpacked as %v", packed, got)
		}
	}
	for _, bad := range []uint64{0, 1, 20230229, 19901301, 19900001, 101, 100000000, 1<<64 - 1, 99999998} {
		if d, ok := UnpackDate(bad); ok {
			t.Errorf("%d is unpacked as %v", bad, d)
		}
	}
}
