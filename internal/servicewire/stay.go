package servicewire

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Sources are where a guest's details come from. The first two nobody vouches for.
var Sources = []string{"typed", "printed", "code", "chip", "login"}

// Bounds of stays.
const (
	MaxAge   = 30 * 24 * time.Hour // of an arrival that can still be notified, late
	MaxNight = 30                  // days: from here on it is a temporary residence
	ChildAge = 14                  // below it nobody has to have a card (Law 26/2023 Art. 19)
	Early    = 5 * time.Minute     // how far a hotel's clock may be ahead
)

// Stay is one guest of one night and those that follow.
type Stay struct {
	Key         string     `json:"key"`
	Facility    string     `json:"facility"`
	Room        string     `json:"room,omitempty"`
	Name        string     `json:"name"`
	Number      string     `json:"number,omitempty"`      // personal number, or CMND
	Passport    string     `json:"passport,omitempty"`    // instead of a number
	Nationality string     `json:"nationality,omitempty"` // VNM, or nothing where a number says it
	Birth       vneid.Date `json:"birth,omitzero"`
	Sex         vneid.Sex  `json:"sex,omitempty"`
	Residence   string     `json:"residence,omitempty"`
	Source      string     `json:"source"`
	Arrive      time.Time  `json:"arrive"`
	Leave       vneid.Date `json:"leave"`
	Reason      string     `json:"reason,omitempty"`
	With        string     `json:"with,omitempty"` // the key of the adult whom a child came with
	Family      bool       `json:"family,omitempty"`
}

var stayNames = []string{"key", "facility", "room", "name", "number", "passport", "nationality", "birth", "sex", "residence",
	"source", "arrive", "leave", "reason", "with", "family"}

// ReadStay reads a stay. What its values are worth is for Check to say.
func ReadStay(o jws.Object) (Stay, error) {
	s := Stay{
		Key: o.String("key"), Facility: o.String("facility"), Room: o.String("room"), Name: o.String("name"),
		Number: o.String("number"), Passport: o.String("passport"), Nationality: o.String("nationality"), Sex: vneid.Sex(o.String("sex")),
		Residence: o.String("residence"), Source: o.String("source"), Reason: o.String("reason"), With: o.String("with"), Family: o.Bool("family"),
	}
	if !only(o, stayNames...) || o.Err() != nil ||
		readInto(o, "arrive", &s.Arrive) != nil || readInto(o, "birth", &s.Birth) != nil || readInto(o, "leave", &s.Leave) != nil {
		return Stay{}, ErrShape
	}
	return s, nil
}

// readInto reads one member whose type reads itself; an absent one leaves v.
func readInto(o jws.Object, name string, v any) error {
	raw := o.Raw(name)
	if raw == "" {
		return nil
	}
	return json.Unmarshal([]byte(raw), v)
}

// Foreign reports whether the guest is nobody that Art. 30 is about: of another
// nationality, or with a passport alone and no word of which.
func (s Stay) Foreign() bool {
	return s.Nationality != "" && s.Nationality != "VNM" || s.Passport != "" && s.Number == "" && s.Nationality == ""
}

// Document is the number that the guest is known by, with its sort; empty for a child
// without one.
func (s Stay) Document() (sort, number string) {
	if s.Number != "" {
		return "number", s.Number
	}
	if s.Passport != "" {
		return "passport", s.Passport
	}
	return "", ""
}

// Check returns the code of what is wrong with a stay, and "" for a good one. With is
// for the caller to follow.
func (s Stay) Check(now time.Time) string {
	switch {
	case s.Foreign():
		return Foreigner
	case !s.wellFormed():
		return Malformed
	case s.Arrive.After(now.Add(Early)):
		return Future
	case now.Sub(s.Arrive) > MaxAge:
		return TooOld
	}
	if _, ok := Deadline(s.Arrive); !ok {
		return TooOld
	}
	first := Day(s.Arrive)
	if s.Leave.Before(first) {
		return Malformed
	}
	if limit := Day(s.Arrive.Add(MaxNight * 24 * time.Hour)); !s.Leave.Before(limit) {
		return Residence
	}
	if _, number := s.Document(); number == "" && (s.With == "" || !s.child(first)) {
		return NoNumber
	}
	return ""
}

func (s Stay) wellFormed() bool {
	return len(s.Key) == 43 && Code(s.Key) && Code(s.Facility) && Plain(s.Room, 32) && s.Name != "" && Plain(s.Name, 120) &&
		(s.Number == "" || digits(s.Number, 9, 12)) && (s.Passport == "" || s.Number == "" && len(s.Passport) <= 20 && Code(s.Passport)) && Plain(s.Residence, 300) && Plain(s.Reason, 200) &&
		slices.Contains(Sources, s.Source) && (s.Sex == "" || s.Sex == vneid.Male || s.Sex == vneid.Female) &&
		(s.With == "" || len(s.With) == 43 && Code(s.With) && s.With != s.Key) &&
		!s.Arrive.IsZero() && s.Leave.Day() != 0 && !s.Birth.IsForever()
}

// child reports whether the guest is certainly below ChildAge: a partial date of birth
// counts as its earliest day.
func (s Stay) child(on vneid.Date) bool {
	_, most, ok := s.Birth.Age(on)
	return ok && most < ChildAge
}

// Night is what makes one notice another: the day of arrival, or for close family of a
// household, who are notified once, nothing.
func (s Stay) Night() string {
	if s.Family {
		return "family"
	}
	return Day(s.Arrive).String()
}

// The states of a notice. Cancelled is the last one.
const (
	StateFiled     = "filed"
	StateCorrected = "corrected"
	StateCancelled = "cancelled"
)

// Answer is what became of one row: an error, or a notice.
type Answer struct {
	Key      string
	Error    string
	ID       string
	State    string
	Version  int
	Late     bool
	Again    bool // it was taken before, and this is the answer of then
	Deadline time.Time
	At       time.Time
	Facility string // of a query
	Room     string
	Source   string
	Arrive   time.Time
	Leave    vneid.Date
}

// Members writes an answer.
func (a Answer) Members() []jws.Member {
	out := []jws.Member{{Name: "key", Value: a.Key}}
	if a.Error != "" {
		if out = append(out, jws.Member{Name: "error", Value: a.Error}); a.ID != "" { // of the notice in the way
			out = append(out, jws.Member{Name: "id", Value: a.ID})
		}
		return out
	}
	out = append(out, jws.Member{Name: "id", Value: a.ID}, jws.Member{Name: "state", Value: a.State}, jws.Member{Name: "version", Value: a.Version},
		jws.Member{Name: "late", Value: a.Late}, jws.Member{Name: "again", Value: a.Again},
		jws.Member{Name: "deadline", Value: a.Deadline.UTC().Format(time.RFC3339)}, jws.Member{Name: "at", Value: a.At.UTC().Format(time.RFC3339)})
	if a.Facility != "" {
		out = append(out, jws.Member{Name: "facility", Value: a.Facility}, jws.Member{Name: "room", Value: a.Room}, jws.Member{Name: "source", Value: a.Source},
			jws.Member{Name: "arrive", Value: a.Arrive.UTC().Format(time.RFC3339)}, jws.Member{Name: "leave", Value: a.Leave.String()})
	}
	return out
}

// ReadAnswer reads an answer. Members that it does not know are of a newer platform.
func ReadAnswer(o jws.Object) (Answer, error) {
	a := Answer{Key: o.String("key"), Error: o.String("error"), ID: o.String("id"), State: o.String("state"), Version: int(o.Int("version")),
		Late: o.Bool("late"), Again: o.Bool("again"), Facility: o.String("facility"), Room: o.String("room"), Source: o.String("source")}
	if o.Err() != nil || readInto(o, "deadline", &a.Deadline) != nil || readInto(o, "at", &a.At) != nil ||
		readInto(o, "arrive", &a.Arrive) != nil || readInto(o, "leave", &a.Leave) != nil {
		return Answer{}, ErrShape
	}
	if a.Error != "" {
		if a.ID != "" && !Code(a.ID) {
			return Answer{}, ErrShape
		}
		return Answer{Key: a.Key, Error: a.Error, ID: a.ID}, nil
	}
	known := a.State == StateFiled || a.State == StateCorrected || a.State == StateCancelled
	if !known || !Code(a.ID) || a.Version < 1 || a.Deadline.IsZero() || a.At.IsZero() {
		return Answer{}, ErrShape
	}
	return a, nil
}
