package decoupled

import "time"

// Bell rings when the provider has something to tell about one request. It hangs
// before the request is sent, since the provider may be faster than its own
// acknowledgement.
type Bell struct {
	rung  chan struct{}
	until time.Time
	id    string // auth_req_id, "" until it is acknowledged
	early string // the auth_req_id of a notification that came before that
	done  bool   // rung is closed
	over  bool   // its request has ended: who rings is heard, and wakes nobody
}

// Hang puts up the bell of a request whose notification token has the hash sum.
func (t *Table) Hang(sum [32]byte, until time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bells == nil {
		t.bells = make(map[[32]byte]*Bell)
	}
	t.bells[sum] = &Bell{rung: make(chan struct{}), until: until}
}

// Unhang takes it down.
func (t *Table) Unhang(sum [32]byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.bells, sum)
}

// Tune tells the bell which request it is for.
func (t *Table) Tune(sum [32]byte, id string, until time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if b := t.bells[sum]; b != nil {
		b.id, b.until = id, until
		if b.early != "" && Same(b.early, id) {
			b.ring()
		}
		b.early = ""
	}
}

func (b *Bell) ring() {
	if !b.done {
		b.done = true
		close(b.rung)
	}
}

// Rung returns the channel that is closed when the request's bell has rung, nil when
// it has none here or has ended.
func (t *Table) Rung(sum *[32]byte) <-chan struct{} {
	if sum == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if b := t.bells[*sum]; b != nil && !b.over {
		return b.rung
	}
	return nil
}

// Find returns the bell of a token, nil if no request of late has that token.
func (t *Table) Find(token string) *Bell {
	sum := Sum(token)
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bells[sum]
}

// Any returns some bell: tests show with it what the token protects.
func (t *Table) Any() *Bell {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, b := range t.bells {
		return b
	}
	return &Bell{rung: make(chan struct{})}
}

// Ring wakes who waits for the request, and answers false if it is not the one that the
// bell is of, unless anyway says to ring all the same.
func (t *Table) Ring(b *Bell, id string, anyway bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case b.id == "":
		b.early = id
	case !Same(b.id, id) && !anyway:
		return false
	default:
		b.ring()
	}
	return true
}
