package share

import (
	"time"

	"github.com/vneid-sdk/vneid-go/internal/ending"
)

const rememberTime = ending.Remember // of how a request ended

// outcomes are those of one client. Requests end once: a callback that comes twice, a
// second poller and a reload get what the first one got, the Records or the refusal.
// Who comes after that is forgotten finds the code spent.
type outcomes = ending.Table[Records, *progress]

// progress is how far a request came. What is in it was paid for with something that
// can be spent once, so it is kept where a later step has to be tried again.
type progress struct {
	spent  bool    // the code or the like was sent, and no answer came that says what became of it
	tokens *tokens // the answer to it …
	got    time.Time
	saved  bool // … and the caller wrote its refresh token down
	bundle []byte
}

// Over implements ending.Progress.
func (p *progress) Over() bool { return p.spent && p.tokens == nil }

// Begun implements ending.Progress.
func (p *progress) Begun() bool { return p.tokens != nil }

// Size implements ending.Progress: an answer takes about as much as its bundle.
func (p *progress) Size() int { return 1<<10 + len(p.bundle) }
