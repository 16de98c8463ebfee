// Package units is the registry of the offices that receive what people hand in: which
// there are, from when until when, and what each may receive on a day. It is data. The
// units are invented: of province 999, Tỉnh Ví Dụ, a code that was never given out.
//
// # What a unit receives
//
//	level 2          the police of communes, wards and (since 2025-07-01) special zones,
//	                 and wherever cards are issued (published texts of 2022 to 2024)
//	first card       wherever cards are issued: Unit.Cards, by the day
//	lock, unlock     the police of communes and wards, the identity card offices of
//	                 provinces and, until 2025-06-30, of districts (published 2024)
//	foreigner        the immigration offices of provinces (Decree 69/2024, recalled)
//	organisation     as level 2 (recalled)
//
// Districts and towns (thị trấn) ended with 2025-06-30, when government went from three
// tiers to two; special zones began on the next day. What was the police of districts
// had ended in March 2025 already (recalled): a registry of one's own may say so.
//
// Kind is free text. Units of a kind that the rules do not know receive what their own
// Receives says, and nothing else.
package units

import (
	"errors"
	"fmt"
	"slices"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// The kinds that the rules know.
const (
	Commune     = "xã"
	Ward        = "phường"
	Town        = "thị trấn"
	SpecialZone = "đặc khu"
	District    = "huyện"
	Province    = "tỉnh"
	Immigration = "quản lý xuất nhập cảnh"
	Agency      = "cơ quan quản lý định danh và xác thực điện tử"
)

// Procedure is what can be handed in.
type Procedure string

// The procedures.
const (
	Level2       Procedure = "level-2"
	FirstCard    Procedure = "first-card"
	Lock         Procedure = "lock"
	Unlock       Procedure = "unlock"
	Foreigner    Procedure = "foreigner"
	Organisation Procedure = "organisation"
)

// Unit is an office.
type Unit struct {
	ID     string
	Name   string
	Kind   string // free text: see the package comment
	Parent string // a unit's id
	From   vneid.Date
	Until  vneid.Date // its last day; zero: none
	Heir   string     // who has its open cases when it is no more

	// Cards is since when the unit issues identity cards (nơi làm thủ tục cấp căn cước).
	// Zero: it does not.
	Cards vneid.Date

	Receives []Procedure // beyond what its kind receives
}

// There reports whether the unit exists on a day.
func (u Unit) There(day vneid.Date) bool {
	return !day.Before(u.From) && (u.Until.IsZero() || !u.Until.Before(day))
}

// Rule says what units of a kind receive from a day on, or until one.
type Rule struct {
	Kind      string
	Procedure Procedure
	From      vneid.Date
	Until     vneid.Date
	Source    string
}

// Why a unit does not receive something.
var (
	ErrNoUnit = errors.New("units: no such unit")
	ErrClosed = errors.New("units: the unit does not exist on that day")
	ErrNot    = errors.New("units: the unit does not receive that")
)

// Registry is some units and the rules for their kinds.
type Registry struct {
	units []Unit
	rules []Rule
	byID  map[string]int
}

// New checks units and rules. A nil list of rules is Rules.
func New(all []Unit, rules []Rule) (*Registry, error) {
	if rules == nil {
		rules = Rules()
	}
	r := &Registry{units: slices.Clone(all), rules: slices.Clone(rules), byID: map[string]int{}}
	for i, u := range r.units {
		if _, twice := r.byID[u.ID]; u.ID == "" || u.Name == "" || u.Kind == "" || twice {
			return nil, fmt.Errorf("units: unit %d lacks its id, name or kind, or is there twice", i)
		}
		if u.From.Day() == 0 || !u.Until.IsZero() && u.Until.Before(u.From) {
			return nil, fmt.Errorf("units: %s has no first day, or ends before it", u.ID)
		}
		r.byID[u.ID] = i
	}
	for _, u := range r.units {
		for _, other := range []string{u.Parent, u.Heir} {
			if _, ok := r.byID[other]; other != "" && !ok || other == u.ID {
				return nil, fmt.Errorf("units: %s names a unit that is not there", u.ID)
			}
		}
	}
	return r, nil
}

// Get returns a unit.
func (r *Registry) Get(id string) (Unit, bool) {
	i, ok := r.byID[id]
	if !ok {
		return Unit{}, false
	}
	return r.units[i], true
}

// All lists the units, those that are no more too.
func (r *Registry) All() []Unit { return slices.Clone(r.units) }

// On lists the units that exist on a day.
func (r *Registry) On(day vneid.Date) (out []Unit) {
	for _, u := range r.units {
		if u.There(day) {
			out = append(out, u)
		}
	}
	return out
}

// May is nil if the unit receives that on the day, else ErrNoUnit, ErrClosed or ErrNot.
func (r *Registry) May(id string, what Procedure, day vneid.Date) error {
	u, ok := r.Get(id)
	switch {
	case !ok:
		return ErrNoUnit
	case !u.There(day):
		return ErrClosed
	case slices.Contains(u.Receives, what):
		return nil
	}
	cards := !u.Cards.IsZero() && !day.Before(u.Cards)
	if cards && (what == FirstCard || what == Level2) {
		return nil
	}
	for _, rule := range r.rules {
		begun, over := !day.Before(rule.From), !rule.Until.IsZero() && rule.Until.Before(day)
		if rule.Kind == u.Kind && rule.Procedure == what && begun && !over {
			return nil
		}
	}
	return ErrNot
}

// Where lists the units that receive something on a day, to tell people.
func (r *Registry) Where(what Procedure, day vneid.Date) (out []Unit) {
	for _, u := range r.units {
		if r.May(u.ID, what, day) == nil {
			out = append(out, u)
		}
	}
	return out
}

// Holder is the unit that has the cases of a unit on a day: itself, or its heir once it
// is no more. It is empty when nobody has them.
func (r *Registry) Holder(id string, day vneid.Date) string {
	for range len(r.units) + 1 {
		u, ok := r.Get(id)
		if !ok {
			return ""
		}
		if u.Until.IsZero() || !u.Until.Before(day) {
			return id
		}
		id = u.Heir
	}
	return ""
}

// Places says in words where level 2 is granted on a day.
func Places(day vneid.Date) (vi, en string) {
	if day.Before(on("2025-07-01")) {
		return "Công an xã, phường, thị trấn hoặc nơi làm thủ tục cấp căn cước",
			"the police of a commune, ward or town, or where identity cards are issued"
	}
	return "Công an xã/phường/đặc khu hoặc nơi làm thủ tục cấp căn cước",
		"the police of a commune, ward or special zone, or where identity cards are issued"
}

// on reads the package's own dates; a test keeps them readable.
func on(s string) vneid.Date {
	if s == "" {
		return vneid.Date{}
	}
	d, err := vneid.ParseDate(s)
	if err != nil {
		return vneid.Date{}
	}
	return d
}
