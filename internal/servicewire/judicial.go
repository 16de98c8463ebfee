package servicewire

import (
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Offer is a day from which judicial records can be asked for in the app, as one
// source has it.
type Offer struct {
	Province string // three digits; empty: the whole country
	From     vneid.Date
	Source   string
}

// JudicialOffers is the dated catalogue. Two sources name two days for Hanoi: the
// start of the trial, and the day that a later text gives; both are kept.
func JudicialOffers() []Offer {
	day := func(m time.Month, d int) vneid.Date { out, _ := vneid.NewDate(2024, m, d); return out }
	return []Offer{
		{"001", day(time.April, 22), "Hà Nội, from 22/4 (press, 2024-07-03)"},
		{"001", day(time.June, 1), "permanent residents of Hanoi, from 1/6/2024 (press, 2024)"},
		{"", day(time.October, 1), "nationwide, as recalled"},
	}
}

// Offered lists the offers that hold for a permanent resident of a province on a day;
// none: not yet, or not there.
func Offered(province string, on vneid.Date) (out []Offer) {
	for _, o := range JudicialOffers() {
		if (o.Province == "" || o.Province == province) && !on.Before(o.From) {
			out = append(out, o)
		}
	}
	return out
}
