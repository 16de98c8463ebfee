package qr

import (
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/cbor"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// How VN1 spells values. Each reader answers false for another form.

// small reads a number from 1 to 127: the enumerations fit, and 0 is left out.
func small(v cbor.Value) (uint64, bool) {
	n, ok := v.Uint()
	return n, ok && n > 0 && n < 128
}

func cborTime(v cbor.Value) (time.Time, bool) {
	n, ok := v.Int()
	t, valid := instant(n)
	return t, ok && valid
}

func cborDigits(v cbor.Value) (string, bool) {
	n, ok := v.Uint()
	if !ok {
		return "", false
	}
	return wire.UnpackDigits(n)
}

func cborNumbers(v cbor.Value) ([]string, bool) {
	items, ok := v.Array()
	if !ok || items.Len() == 0 || items.Len() > maxList {
		return nil, false
	}
	var out []string
	for items.Len() > 0 {
		s, ok := cborDigits(items.Next())
		if !ok || len(s) != 12 {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

func cborDate(v cbor.Value) (vneid.Date, bool) {
	n, ok := v.Uint()
	if !ok {
		return vneid.Date{}, false
	}
	return wire.UnpackDate(n)
}

func cborSex(v cbor.Value) (vneid.Sex, bool) {
	switch n, _ := v.Uint(); n {
	case 1:
		return vneid.Male, true
	case 2:
		return vneid.Female, true
	}
	return "", false
}

func cborPlace(v cbor.Value) (vneid.Address, bool) {
	if s, ok := words(v.Text()); ok {
		return vneid.Address{Text: s}, true
	}
	items, ok := v.Array()
	if !ok || items.Len() != 2 {
		return vneid.Address{}, false
	}
	s, ok := words(items.Next().Text())
	d, isDate := cborDate(items.Next())
	return vneid.Address{Text: s, AsOf: d}, ok && isDate && !d.IsForever()
}

func cborStatus(v cbor.Value) (uri string, index uint64, ok bool) {
	items, ok := v.Array()
	if !ok || items.Len() != 2 {
		return "", 0, false
	}
	uri, ok = plain(items.Next().Text())
	index, isInt := items.Next().Uint()
	return uri, index, ok && isURI(uri) && isInt && index < 1<<53
}

// cborClaim finds a claim by its text label or its integer label in decimal.
func cborClaim(v cbor.Value, name string) []byte {
	items, _ := v.Map()
	for items.Len() > 0 {
		key, value := items.Next(), items.Next()
		got, isText := key.Text()
		if !isText {
			n, _ := key.Int()
			got = strconv.FormatInt(n, 10)
		}
		if got == name {
			return []byte(value)
		}
	}
	return nil
}
