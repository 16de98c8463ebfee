package servicewire

import (
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// The kinds of notifications. Those above the line an authority may send, for the
// others the platform itself has the occasion.
const (
	LinkedBirth   = "lienthong.birth" // khai sinh, thường trú, thẻ BHYT of a child under 6
	LinkedDeath   = "lienthong.death" // khai tử, xóa thường trú, mai táng
	News          = "news"            // to everybody
	CrimeWarning  = "crime-warning"   // to everybody
	AccountLinked = "account-linked"  // a portal's account was joined to this one

	CardExpiry   = "card-expiry"
	Birthday     = "birthday"
	Registration = "registration" // of an account: granted or not
	StayNotified = "stay"
	Procedure    = "procedure" // a ticket went on
	LockChanged  = "lock"      // of the electronic identity card or the account
	Security     = "security"  // device, telephone, address, number, sessions
)

// The procedures that are linked, in their order, and the states of each.
var (
	BirthParts = []string{"birth-registration", "permanent-residence", "health-insurance"}
	DeathParts = []string{"death-registration", "residence-deletion", "funeral-allowance"}
	PartStates = []string{"received", "done", "refused"}
)

// Text is one text in both languages.
type Text struct {
	Vi string `json:"vi"`
	En string `json:"en,omitempty"`
}

// Part is one of the procedures that are linked.
type Part struct {
	Name  string `json:"name"`
	State string `json:"state"`
}

// Notification is what a citizen finds in the app.
type Notification struct {
	ID    string    `json:"id,omitempty"`
	Kind  string    `json:"kind"`
	At    time.Time `json:"at,omitzero"`
	From  string    `json:"from,omitempty"` // who sent it; empty: the platform
	Title Text      `json:"title,omitzero"`
	Body  Text      `json:"body,omitzero"`
	Parts []Part    `json:"parts,omitempty"`
}

// Sending is a notification as an authority sends it.
type Sending struct {
	Notification
	Key      string `json:"key"`
	To       string `json:"to,omitempty"`       // a number; empty only to everybody
	Deceased string `json:"deceased,omitempty"` // of LinkedDeath
}

// ReadSending reads one; false for what is none.
func ReadSending(o jws.Object) (Sending, bool) {
	s := Sending{Key: o.String("key"), To: o.String("to"), Deceased: o.String("deceased"),
		Notification: Notification{Kind: o.String("kind"), Title: text(o.Object("title")), Body: text(o.Object("body"))}}
	for _, part := range o.Objects("parts") {
		s.Parts = append(s.Parts, Part{part.String("name"), part.String("state")})
	}
	if o.Err() != nil || !only(o, "kind", "key", "to", "deceased", "title", "body", "parts") {
		return Sending{}, false
	}
	return s, s.OK()
}

func text(o jws.Object) Text { return Text{o.String("vi"), o.String("en")} }

// OK reports whether a sending is all there and nothing more.
func (s Sending) OK() bool {
	linked := s.linked()
	everybody := s.Kind == News || s.Kind == CrimeWarning
	switch {
	case len(s.Key) != 43 || !Code(s.Key), !Plain(s.Title.Vi, 200) || !Plain(s.Title.En, 200) || !Plain(s.Body.Vi, 2000) || !Plain(s.Body.En, 2000):
		return false
	case everybody:
		return s.To == "" && s.Deceased == "" && len(s.Parts) == 0 && s.Title.Vi != ""
	case s.Kind == AccountLinked:
		return digits(s.To, 12) && s.Deceased == "" && len(s.Parts) == 0
	case linked == nil || !digits(s.To, 12) || (s.Kind == LinkedDeath) != digits(s.Deceased, 12):
		return false
	}
	return s.Kind == LinkedBirth && s.Deceased == "" && inOrder(s.Parts, linked) || s.Kind == LinkedDeath && inOrder(s.Parts, linked)
}

// linked lists the procedures of the kind; nil for another.
func (s Sending) linked() []string {
	switch s.Kind {
	case LinkedBirth:
		return BirthParts
	case LinkedDeath:
		return DeathParts
	}
	return nil
}

// inOrder reports whether the parts are all of those procedures, each once.
func inOrder(parts []Part, names []string) bool {
	for i, p := range parts {
		if i >= len(names) || p.Name != names[i] || !slices.Contains(PartStates, p.State) {
			return false
		}
	}
	return len(parts) == len(names)
}
