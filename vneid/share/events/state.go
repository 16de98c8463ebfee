package events

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// State is what is known of one person. A durable Ledger stores its JSON; the zero
// State is that of a person of whom nothing was told.
type State struct {
	EIDLocked     bool        `json:"eid_locked,omitempty"`     // khóa căn cước điện tử
	AccountLocked bool        `json:"account_locked,omitempty"` // khóa tài khoản định danh
	Level         vneid.Level `json:"level,omitempty"`          // 0: not told
	Reissued      bool        `json:"reissued,omitempty"`       // the person has another number now: join accounts anew
	Died          bool        `json:"died,omitempty"`

	Withdrawn []string   `json:"withdrawn,omitempty"` // grants, sorted
	Revoked   []Document `json:"revoked,omitempty"`   // sorted

	// Seqs has the seq that decided each fact.
	Seqs map[string]int64 `json:"seqs,omitempty"`

	// Heard is that of the issuer's Stream, which is not the person's: a Ledger keeps
	// it for each issuer and fills it in.
	Heard time.Time `json:"-"`
}

const (
	factEID     = "eid"
	factAccount = "account"
	factLevel   = "level"
)

// maxKept bounds the withdrawn grants, and the revoked documents, of one person.
// What is full refuses: forgetting one would bring it back to life.
const maxKept = 4096

// Seq is the highest of all that were applied.
func (s State) Seq() (seq int64) {
	for _, n := range s.Seqs {
		seq = max(seq, n)
	}
	return seq
}

// Apply joins e to what is known and reports whether it is the newest word on its
// fact, which a repetition is too. It is a join of a semilattice, commutative,
// associative and idempotent, so that every order of arrival ends in one State.
func (s *State) Apply(e Event) (newest bool, err error) {
	fact := e.fact()
	if fact == "" {
		return false, nil
	}
	if err := e.check(); err != nil {
		return false, err
	}
	s.Seqs = maps.Clone(s.Seqs)
	if s.Seqs == nil {
		s.Seqs = make(map[string]int64)
	}
	switch e.Name {
	case EIDLocked, EIDUnlocked:
		newest = lock(s, &s.EIDLocked, factEID, e.Seq, e.Name == EIDLocked)
	case AccountLocked, AccountUnlocked:
		newest = lock(s, &s.AccountLocked, factAccount, e.Seq, e.Name == AccountLocked)
	case delivered:
		eid := lock(s, &s.EIDLocked, factEID, e.Seq, false)
		newest = lock(s, &s.AccountLocked, factAccount, e.Seq, false) && eid
	case LevelChanged:
		newest = s.level(e)
	case ConsentWithdrawn:
		s.Withdrawn, err = insert(s.Withdrawn, e.Grant, cmp.Compare[string])
	case DocumentRevoked:
		s.Revoked, err = insert(s.Revoked, e.Document, compareDocuments)
	case NumberReissued:
		s.Reissued = true
	case HolderDied:
		s.Died = true
	}
	if err != nil {
		return false, err
	}
	if fact != factEID && fact != factAccount && fact != factLevel && e.Name != delivered {
		newest = e.Seq >= s.Seqs[fact] || e.Name == ConsentWithdrawn || e.Name == DocumentRevoked
		s.Seqs[fact] = max(e.Seq, s.Seqs[fact])
	}
	return newest, nil
}

// lock decides a lock: by the higher seq, and by locking where two are equal.
func lock(s *State, locked *bool, fact string, seq int64, to bool) (newest bool) {
	have := s.Seqs[fact]
	if seq > have || seq == have && to {
		*locked, s.Seqs[fact] = to, seq
	}
	return s.Seqs[fact] == seq && *locked == to
}

// level decides the level likewise: of two with one seq the lower one.
func (s *State) level(e Event) (newest bool) {
	have := s.Seqs[factLevel]
	if e.Seq > have || e.Seq == have && e.Level < s.Level {
		s.Level, s.Seqs[factLevel] = e.Level, e.Seq
	}
	return s.Seqs[factLevel] == e.Seq && s.Level == e.Level
}

// insert returns a sorted set with v in it, and leaves the old one alone.
func insert[T any](set []T, v T, compare func(a, b T) int) ([]T, error) {
	at, found := slices.BinarySearchFunc(set, v, compare)
	switch {
	case found:
		return set, nil
	case len(set) >= maxKept:
		return set, fault.New(vneid.ErrUnavailable, "the ledger holds as many withdrawals of the person as it can")
	}
	return slices.Insert(slices.Clone(set), at, v), nil
}

func compareDocuments(a, b Document) int {
	return cmp.Or(cmp.Compare(a.URI, b.URI), cmp.Compare(a.Index, b.Index), cmp.Compare(a.Kind, b.Kind))
}

// clone is a State of its own. What Apply replaces it never changes, but a caller
// may write into what it was given.
func (s State) clone() State {
	s.Withdrawn, s.Revoked, s.Seqs = slices.Clone(s.Withdrawn), slices.Clone(s.Revoked), maps.Clone(s.Seqs)
	return s
}

// IsWithdrawn reports whether the consent behind a grant was taken back.
func (s State) IsWithdrawn(grant string) bool {
	_, found := slices.BinarySearch(s.Withdrawn, grant)
	return found
}

// IsRevoked reports whether the document of an entry in a status list was revoked.
func (s State) IsRevoked(uri string, index int64) bool {
	return slices.ContainsFunc(s.Revoked, func(d Document) bool { return d.URI == uri && d.Index == index })
}

// DefaultMaxSilence is how long a stream may be silent where nothing else is said.
const DefaultMaxSilence = 15 * time.Minute

// Allows is the verdict of a Ledger whose stream may be silent for a time (0:
// DefaultMaxSilence): nil, or ErrRevoked (withdrawn; the holder died), ErrLocked, or
// ErrUnavailable for a silence that is too long. What is never taken back needs no
// fresh word. An empty grant asks about the person alone.
func (s State) Allows(grant string, now time.Time, silence time.Duration) error {
	if silence <= 0 {
		silence = DefaultMaxSilence
	}
	switch {
	case s.Died:
		return fault.New(vneid.ErrRevoked, "the account ended with its holder")
	case grant != "" && s.IsWithdrawn(grant):
		return fault.New(vneid.ErrRevoked, "the consent was withdrawn")
	case s.Heard.IsZero():
		return fault.New(vneid.ErrUnavailable, "nothing was heard of the platform's events yet, so no lock is known")
	case !now.Before(s.Heard.Add(silence)):
		return fault.New(vneid.ErrUnavailable, "the platform's events were silent for too long, so no lock is known")
	case s.EIDLocked, s.AccountLocked:
		return &vneid.LockError{EID: s.EIDLocked, Account: s.AccountLocked}
	}
	return nil
}
