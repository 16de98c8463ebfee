package platform

import (
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// Locks are the two locks of an account, or which of the two something is about.
type Locks struct {
	EID     bool `json:"eid,omitempty"`     // khóa căn cước điện tử: ends what needs account level 2
	Account bool `json:"account,omitempty"` // khóa tài khoản định danh: refuses every login
}

func (l Locks) and(m Locks) Locks { return Locks{l.EID && m.EID, l.Account && m.Account} }
func (l Locks) or(m Locks) Locks  { return Locks{l.EID || m.EID, l.Account || m.Account} }

// Ground is a ground to lock (căn cứ khóa), by its letter in Luật Căn cước Art. 34.1.
type Ground string

// The grounds. Those of the account (Decree 69/2024) are the same five, and the request
// of a party that uses the service: that list is known from a secondary source alone.
const (
	GroundHolder Ground = "a" // the holder asks for it
	GroundTerms  Ground = "b" // breach of the application's terms of use
	GroundCard   Ground = "c" // the card is revoked or held
	GroundDeath  Ground = "d" // the holder died
	GroundBody   Ground = "đ" // a body of criminal procedure or another competent one asks for it
	GroundParty  Ground = "p" // a party that uses the service asks for it: of the account alone; the letter is this project's
)

// Placer is who places or lifts a ground.
type Placer string

// The placers. Agency and officer are roles of Staff.
const (
	ByHolder  Placer = "holder"
	ByOfficer Placer = Placer(RoleOfficer)
	ByAgency  Placer = Placer(RoleAgency)
	ByState   Placer = "state"  // a state body's system, by a registered death
	BySystem  Placer = "system" // the review, when a ground has ended
)

// GroundRule is what holds for a ground.
type GroundRule struct {
	Ground Ground
	Text   servicewire.Text
	Of     Locks    // on which lists the ground stands
	Place  []Placer // who may place it
	Lift   []Placer // who may lift it
	Notice bool     // the holder is told at once (Art. 34.2)

	// Working days for a request by another body: to hand it on, and in all.
	Forward, Decide int
}

// GroundRules returns the rules, in the order of the law.
func GroundRules() []GroundRule {
	both := Locks{EID: true, Account: true}
	return []GroundRule{
		{
			Ground: GroundHolder, Of: both, Notice: true,
			Text:  servicewire.Text{Vi: "Chủ thể yêu cầu khóa", En: "The holder asks for it"},
			Place: []Placer{ByHolder, ByOfficer, ByAgency}, Lift: []Placer{ByHolder, ByOfficer, ByAgency},
		},
		{
			Ground: GroundTerms, Of: both, Notice: true,
			Text:  servicewire.Text{Vi: "Vi phạm thỏa thuận sử dụng ứng dụng định danh quốc gia", En: "The terms of the application were broken"},
			Place: []Placer{ByAgency}, Lift: []Placer{ByAgency, BySystem},
		},
		{
			Ground: GroundCard, Of: both, Notice: true,
			Text:  servicewire.Text{Vi: "Thẻ căn cước bị thu hồi hoặc bị giữ", En: "The identity card is revoked or held"},
			Place: []Placer{ByOfficer, ByAgency}, Lift: []Placer{ByAgency, BySystem},
		},
		{
			Ground: GroundDeath, Of: both,
			Text:  servicewire.Text{Vi: "Chủ thể chết", En: "The holder died"},
			Place: []Placer{ByState, ByAgency}, Lift: []Placer{ByAgency}, // a death that was registered wrongly
		},
		{
			Ground: GroundBody, Of: both, Notice: true, Forward: 1, Decide: 3,
			Text:  servicewire.Text{Vi: "Cơ quan tiến hành tố tụng hoặc cơ quan có thẩm quyền khác yêu cầu", En: "A body of procedure or another competent body asks for it"},
			Place: []Placer{ByAgency}, Lift: []Placer{ByAgency, BySystem},
		},
		{
			Ground: GroundParty, Of: Locks{Account: true}, Notice: true, Forward: 1, Decide: 3,
			Text:  servicewire.Text{Vi: "Bên sử dụng dịch vụ yêu cầu", En: "A party that uses the service asks for it"},
			Place: []Placer{ByAgency}, Lift: []Placer{ByAgency, BySystem},
		},
	}
}

// MayPlace reports whether the role of staff places the ground. Their unit is asked for
// when they do.
func (r GroundRule) MayPlace(by Staff) bool {
	return r.Decide == 0 && slices.Contains(r.Place, Placer(by.Role))
}

// MayLift reports whether the role of staff lifts the ground.
func (r GroundRule) MayLift(by Staff) bool { return slices.Contains(r.Lift, Placer(by.Role)) }

// RuleOf returns the rule of a ground; false for what is none.
func RuleOf(g Ground) (GroundRule, bool) {
	for _, r := range GroundRules() {
		if r.Ground == g {
			return r, true
		}
	}
	return GroundRule{}, false
}

// LockPolicy says which locks a ground places at most, from a day on. No published text
// says how the lock of the electronic identity card and that of the account go together,
// so this is the project's reading, and Config.LockPolicies replaces it.
type LockPolicy struct {
	From  time.Time
	Locks map[Ground]Locks

	// Asked are the grounds whose request names the lock; of the others every lock
	// that Locks has is placed.
	Asked []Ground
}

// LockPolicies is our reading, of 2026-11, oldest first. Until 2024-06-30 there was no
// electronic identity card to lock, only the account. Since then: what the holder or
// another body asks for; breach of terms and death, both locks; a card that is revoked or
// held, the electronic one alone, since account level 1 was never granted by the card.
func LockPolicies() []LockPolicy {
	both, eid, account := Locks{EID: true, Account: true}, Locks{EID: true}, Locks{Account: true}
	return []LockPolicy{
		{Locks: map[Ground]Locks{
			GroundHolder: account, GroundTerms: account, GroundCard: account, GroundDeath: account, GroundBody: account, GroundParty: account,
		}},
		{
			From: time.Date(2024, time.July, 1, 0, 0, 0, 0, vietnam),
			Locks: map[Ground]Locks{
				GroundHolder: both, GroundTerms: both, GroundCard: eid, GroundDeath: both, GroundBody: both, GroundParty: account,
			},
			Asked: []Ground{GroundHolder, GroundBody},
		},
	}
}

// LockPolicy returns the policy of now.
func (p *Platform) LockPolicy() LockPolicy {
	all := p.cfg.LockPolicies
	if len(all) == 0 {
		all = LockPolicies()
	}
	found := all[0]
	for _, policy := range all[1:] {
		if !p.now().Before(policy.From) {
			found = policy
		}
	}
	return found
}

// Asks reports whether a request on the ground names the lock.
func (policy LockPolicy) Asks(g Ground) bool { return slices.Contains(policy.Asked, g) }

// locksOf is what a ground places when asked for some locks: nothing is a refusal.
func (policy LockPolicy) locksOf(g Ground, asked Locks) Locks {
	most := policy.Locks[g]
	if policy.Asks(g) {
		return most.and(asked)
	}
	return most
}
