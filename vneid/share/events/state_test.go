package events

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// truth is the platform: it changes first and tells afterwards, one number after the
// other. It is written apart from State, without joining anything.
type truth struct {
	eid, account, died, reissued bool
	level                        vneid.Level
	withdrawn                    map[string]bool
	revoked                      map[int64]bool
	seq                          int64
	told                         []Event
}

func (p *truth) tell(e Event) {
	p.seq++
	e.Issuer, e.Subject, e.Seq = issuer, who, p.seq
	p.told = append(p.told, e)
}

// live makes one random thing happen.
func (p *truth) live(r *rand.Rand) {
	switch n := r.IntN(12); {
	case n < 3:
		if p.eid = !p.eid; p.eid {
			p.tell(Event{Name: EIDLocked})
		} else {
			p.tell(Event{Name: EIDUnlocked})
		}
	case n < 5:
		if p.account = !p.account; p.account {
			p.tell(Event{Name: AccountLocked})
		} else {
			p.tell(Event{Name: AccountUnlocked})
		}
	case n == 5:
		g := "g" + strconv.Itoa(r.IntN(4))
		p.withdrawn[g] = true
		p.tell(Event{Name: ConsentWithdrawn, Grant: g})
	case n == 6:
		i := r.Int64N(4)
		p.revoked[i] = true
		p.tell(Event{Name: DocumentRevoked, Document: Document{"k", "u", i}})
	case n == 7:
		p.level = vneid.Level(1 + r.IntN(2))
		p.tell(Event{Name: LevelChanged, Level: p.level})
	case n == 8:
		p.reissued = true
		p.tell(Event{Name: NumberReissued})
	case n == 9 && r.IntN(4) == 0:
		p.died = true
		p.tell(Event{Name: HolderDied})
	case n == 10:
		p.tell(Event{Name: []Name{PhoneChanged, DeviceChanged, CardReplaced, "hat-changed"}[r.IntN(4)]})
	case !p.eid && !p.account: // a bundle can be sealed, and carries the number as of now
		p.told = append(p.told, Delivered(issuer, who, p.seq, time.Time{}))
	}
}

func (p *truth) same(s State) bool {
	if s.EIDLocked != p.eid || s.AccountLocked != p.account || s.Died != p.died || s.Reissued != p.reissued || s.Level != p.level ||
		len(s.Withdrawn) != len(p.withdrawn) || len(s.Revoked) != len(p.revoked) {
		return false
	}
	for g := range p.withdrawn {
		if !s.IsWithdrawn(g) {
			return false
		}
	}
	for i := range p.revoked {
		if !s.IsRevoked("u", i) {
			return false
		}
	}
	return true
}

// Whatever the order in which events arrive, and however often, the relying party
// ends where the platform is.
func TestEveryOrderEndsWhereThePlatformIs(t *testing.T) {
	const sequences = 10_000
	r := rand.New(rand.NewPCG(1, 2))
	arrived, late, wrong := 0, 0, 0
	for n := range sequences {
		p := &truth{withdrawn: map[string]bool{}, revoked: map[int64]bool{}}
		for range 1 + r.IntN(14) {
			p.live(r)
		}
		arriving := slices.Clone(p.told)
		for _, e := range p.told {
			for range r.IntN(3) { // again
				arriving = append(arriving, e)
			}
		}
		r.Shuffle(len(arriving), func(i, j int) { arriving[i], arriving[j] = arriving[j], arriving[i] })
		var s State
		naive := naiveState{}
		for _, e := range arriving {
			newest, err := s.Apply(e)
			if err != nil {
				t.Fatal(err)
			}
			naive.apply(e)
			arrived++
			if !newest {
				late++
			}
		}
		if !p.same(s) {
			t.Fatalf("sequence %d: %+v after %+v", n, s, arriving)
		}
		if naive.eid != p.eid || naive.account != p.account {
			wrong++
		}
		if s.Seq() > p.seq {
			t.Fatalf("sequence %d: seq %d of %d", n, s.Seq(), p.seq)
		}
	}
	if late < arrived/20 || wrong < sequences/20 {
		t.Errorf("%d of %d came late and %d of %d sequences mislead who applies what comes: too tame", late, arrived, wrong, sequences)
	}
	t.Logf("%d sequences, %d arrivals, %d late; who applies what comes as it comes ends wrong in %d", sequences, arrived, late, wrong)
}

// naiveState believes whatever comes last: the attack that the order stops.
type naiveState struct{ eid, account bool }

func (s *naiveState) apply(e Event) {
	switch e.Name {
	case EIDLocked, EIDUnlocked:
		s.eid = e.Name == EIDLocked
	case AccountLocked, AccountUnlocked:
		s.account = e.Name == AccountLocked
	}
}

// Events of one seq that contradict each other are the platform's mistake; the order
// of arrival must not decide then either, and protection wins.
func TestContradictionsEndOnTheSafeSide(t *testing.T) {
	at := func(name Name, seq int64) Event { return Event{Name: name, Issuer: issuer, Subject: who, Seq: seq} }
	level := func(l vneid.Level) Event {
		e := at(LevelChanged, 3)
		e.Level = l
		return e
	}
	for _, pair := range [][2]Event{
		{at(EIDLocked, 3), at(EIDUnlocked, 3)}, {at(AccountLocked, 3), at(AccountUnlocked, 3)},
		{at(EIDLocked, 3), Delivered(issuer, who, 3, time.Time{})}, {level(1), level(2)},
	} {
		var ends [2]State
		for i, order := range [][2]Event{{pair[0], pair[1]}, {pair[1], pair[0]}} {
			for n, e := range order {
				newest, err := ends[i].Apply(e)
				if err != nil || newest != (n == 0 || i == 1) { // the first of the pair is the one that stands
					t.Errorf("%s as number %d: newest %v, %v", e.Name, n, newest, err)
				}
			}
		}
		ends[1].Seqs, ends[0].Seqs = nil, nil
		if s := ends[0]; !reflect.DeepEqual(ends[0], ends[1]) || !s.EIDLocked && !s.AccountLocked && s.Level != 1 {
			t.Errorf("%s and %s: %+v, %+v", pair[0].Name, pair[1].Name, ends[0], ends[1])
		}
	}
}

// Whoever has a copy of a State keeps what it had.
func TestApplyChangesNoCopy(t *testing.T) {
	var s State
	for i := range 5 { // so that there is room behind the last one
		s.Apply(Event{Name: ConsentWithdrawn, Issuer: issuer, Subject: who, Seq: int64(i + 1), Grant: "g" + strconv.Itoa(2*i)})
	}
	s.Withdrawn = slices.Grow(s.Withdrawn, 8)
	was := s
	if newest, err := s.Apply(Event{Name: ConsentWithdrawn, Issuer: issuer, Subject: who, Seq: 9, Grant: "g1"}); !newest || err != nil {
		t.Fatal(newest, err)
	}
	if was.IsWithdrawn("g1") || !was.IsWithdrawn("g2") || was.Seq() != 5 || !s.IsWithdrawn("g1") || s.Seq() != 9 {
		t.Errorf("the copy has %+v, the State %+v", was, s)
	}
}

func TestABundleOutdatesOlderLocks(t *testing.T) {
	lock := Event{Name: EIDLocked, Issuer: issuer, Subject: who, Seq: 5}
	for _, test := range []struct {
		seq    int64
		locked bool
	}{{4, true}, {6, false}} {
		var first, last State
		for _, e := range []Event{Delivered(issuer, who, test.seq, time.Time{}), lock} {
			first.Apply(e)
		}
		for _, e := range []Event{lock, Delivered(issuer, who, test.seq, time.Time{})} {
			last.Apply(e)
		}
		if first.EIDLocked != test.locked || last.EIDLocked != test.locked {
			t.Errorf("a bundle of seq %d and a lock of seq 5: locked %v, %v", test.seq, first.EIDLocked, last.EIDLocked)
		}
	}
	var s State
	if newest, err := s.Apply(Delivered(issuer, who, 0, time.Time{})); err != nil || !newest || s.EIDLocked {
		t.Errorf("a bundle before any event: %v, %v", newest, err)
	}
}

func TestTheVerdictInEachState(t *testing.T) {
	now := time.Unix(1796000000, 0)
	fresh := now.Add(-time.Minute)
	for _, test := range []struct {
		name  string
		s     State
		grant string
		want  vneid.Kind // 0: allowed
	}{
		{"nothing was told", State{Heard: fresh}, "g", 0},
		{"nothing was heard", State{}, "g", vneid.ErrUnavailable},
		{"almost silent for too long", State{Heard: now.Add(-15*time.Minute + 1)}, "g", 0},
		{"silent for too long", State{Heard: now.Add(-15 * time.Minute)}, "g", vneid.ErrUnavailable},
		{"locked and silent", State{EIDLocked: true}, "g", vneid.ErrUnavailable},
		{"the card is locked", State{EIDLocked: true, Heard: fresh}, "g", vneid.ErrLocked},
		{"the account is locked", State{AccountLocked: true, Heard: fresh}, "", vneid.ErrLocked},
		{"this grant was withdrawn", State{Withdrawn: []string{"f", "g"}, Heard: fresh}, "g", vneid.ErrRevoked},
		{"another grant was withdrawn", State{Withdrawn: []string{"f", "h"}, Heard: fresh}, "g", 0},
		{"the person alone", State{Withdrawn: []string{"", "g"}, Heard: fresh}, "", 0},
		{"withdrawn and silent", State{Withdrawn: []string{"g"}}, "g", vneid.ErrRevoked},
		{"died", State{Died: true}, "", vneid.ErrRevoked},
		{"died and locked", State{Died: true, EIDLocked: true, Heard: fresh}, "", vneid.ErrRevoked},
		{"level 1", State{Level: 1, Heard: fresh}, "g", 0},
	} {
		err := test.s.Allows(test.grant, now, 0)
		if test.want == 0 && err != nil || test.want != 0 && !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	var lock *vneid.LockError
	if err := (State{EIDLocked: true, Heard: fresh}).Allows("", now, 0); !errors.As(err, &lock) || !lock.EID || lock.Account {
		t.Errorf("which lock: %+v", lock)
	}
}

func TestAStateSurvivesItsStore(t *testing.T) {
	var s State
	for i, e := range []Event{
		{Name: EIDLocked}, {Name: ConsentWithdrawn, Grant: "g"}, {Name: DocumentRevoked, Document: Document{"k", "u", 3}},
		{Name: LevelChanged, Level: 2}, {Name: HolderDied}, {Name: NumberReissued}, {Name: AccountLocked}, {Name: PhoneChanged},
	} {
		e.Issuer, e.Subject, e.Seq = issuer, who, int64(i+1)
		if newest, err := s.Apply(e); err != nil || !newest {
			t.Fatal(e.Name, newest, err)
		}
	}
	b, err := json.Marshal(s)
	var back State
	if err == nil {
		err = json.Unmarshal(b, &back)
	}
	if err != nil || !reflect.DeepEqual(s, back) {
		t.Errorf("%s: %+v, %v", b, back, err)
	}
	if b, _ := json.Marshal(State{}); string(b) != "{}" {
		t.Errorf("the empty state is %s", b)
	}
}

// What is full refuses, since what it forgot would come back to life.
func TestAFullStateForgetsNothing(t *testing.T) {
	var s State
	for i := range maxKept {
		s.Withdrawn = append(s.Withdrawn, strconv.Itoa(10_000+i))
	}
	e := Event{Name: ConsentWithdrawn, Issuer: issuer, Subject: who, Seq: 1, Grant: "10007"}
	if _, err := s.Apply(e); err != nil {
		t.Errorf("one that it holds: %v", err)
	}
	e.Grant = "x"
	if _, err := s.Apply(e); !errors.Is(err, vneid.ErrUnavailable) || len(s.Withdrawn) != maxKept || !s.IsWithdrawn("10007") {
		t.Errorf("one too many: %v, %d", err, len(s.Withdrawn))
	}
	e.Name, e.Grant = EIDLocked, ""
	if _, err := s.Apply(e); err != nil || !s.EIDLocked {
		t.Errorf("a lock: %v", err)
	}
}

func TestWhatLacksItsPartsIsNotApplied(t *testing.T) {
	good := Event{Name: ConsentWithdrawn, Issuer: issuer, Subject: who, Seq: 1, Grant: "g"}
	var s State
	if _, err := s.Apply(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Event){
		"issuer": func(e *Event) { e.Issuer = "" }, "subject": func(e *Event) { e.Subject = "" }, "seq": func(e *Event) { e.Seq = 0 },
		"a lower seq": func(e *Event) { e.Seq = -1 }, "grant": func(e *Event) { e.Grant = "" }, "document": func(e *Event) { e.Name = DocumentRevoked },
		"level": func(e *Event) { e.Name = LevelChanged }, "another level": func(e *Event) { e.Name, e.Level = LevelChanged, 3 },
	} {
		e, s := good, State{}
		change(&e)
		if _, err := s.Apply(e); !errors.Is(err, vneid.ErrMalformed) || len(s.Seqs)+len(s.Withdrawn) > 0 {
			t.Errorf("%s: %v, %+v", name, err, s)
		}
	}
}
