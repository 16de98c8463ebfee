package stays

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Stay is one guest of one facility, from an evening on. A family is several stays, in
// one call.
type Stay struct {
	Facility string     // the property's code, as registered: one client may have many
	Room     string     // at most 32 letters
	Guest    Guest      //
	Arrive   time.Time  // when the guest came
	Leave    vneid.Date // the day on which they mean to leave, at most 29 days on
	Reason   string     // lý do lưu trú; at most 200 letters

	// With is the row of the adult whom a child without a number came with, counted
	// from 1 among the rows of one call. 0: nobody.
	With int

	// Family says that the guest is close family of the household that hosts them and
	// comes repeatedly: such a stay is notified once (Luật Cư trú Art. 30). Only
	// households can say so.
	Family bool

	// After is the ID of a cancelled notice of the same guest and night: without it they
	// would count as notified already.
	After string

	bad error // why a row of a file could not be read
}

// Deadline returns the instant before which the stay of somebody who came at arrival
// must be notified: 23:00 of that day, or 08:00 of the next for who came at 23:00 or
// later, in Vietnam (UTC+7; Law 68/2020/QH14 Art. 30). ok is false for arrivals before
// 2021-07-01, the first rule of the table.
func Deadline(arrival time.Time) (until time.Time, ok bool) { return servicewire.Deadline(arrival) }

// nation spells the nationalities that mean Vietnam as VNM. Nothing stays nothing: a
// citizen's number says it.
func nation(s string) string {
	switch viet.Fold(strings.TrimSpace(s)) {
	case "vnm", "vn", "viet nam", "vietnam":
		return "VNM"
	}
	return strings.TrimSpace(s)
}

func number(r vneid.Record) string {
	if r.ID != "" {
		return r.ID
	}
	return r.OldID
}

// row is what travels. keys are those of all the rows of the call.
func (s Stay) row(keys []string, i int) servicewire.Stay {
	r, passport := s.Guest.Reveal()
	w := servicewire.Stay{
		Key: keys[i], Facility: s.Facility, Room: s.Room, Name: viet.NFC(r.Name), Number: number(r), Passport: passport, Nationality: nation(r.Nationality),
		Birth: r.Birth, Sex: r.Sex, Residence: r.Residence.Text, Source: s.Guest.Source().String(),
		Arrive: s.Arrive, Leave: s.Leave, Reason: s.Reason, Family: s.Family,
	}
	if w.Number != "" {
		w.Passport = "" // of a citizen nobody needs it
	}
	if s.With > 0 && s.With <= len(keys) && s.With-1 != i {
		w.With = keys[s.With-1]
	}
	return w
}

// keys makes the idempotency key of every row: a keyed hash, so that it neither tells
// whose it is nor can be made by who knows the number.
func (d *Desk) keys(stays []Stay) []string {
	out := make([]string, len(stays))
	for i, s := range stays {
		r, passport := s.Guest.Reveal()
		sort, document := servicewire.Stay{Number: number(r), Passport: passport}.Document()
		who := []string{sort, document}
		if document == "" {
			who = []string{"child", viet.Fold(r.Name), r.Birth.String()}
			if s.With > 0 && s.With <= len(stays) {
				adult, _ := stays[s.With-1].Guest.Reveal()
				who = append(who, number(adult))
			}
		}
		night := servicewire.Stay{Arrive: s.Arrive, Family: s.Family}.Night()
		out[i] = d.mac(append([]string{"stay", s.Facility, night, s.After}, who...)...)
	}
	return out
}

func (d *Desk) mac(parts ...string) string {
	h := hmac.New(sha256.New, d.secret())
	for _, part := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		h.Write(n[:])
		h.Write([]byte(part))
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
