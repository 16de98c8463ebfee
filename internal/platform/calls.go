package platform

import (
	"slices"
	"sync"
	"time"
)

// Call is one request of a client and how it was answered, or one of the platform's to
// the client, as the client's own console shows it. It holds names and outcomes, and
// nothing that came with either: no value of a parameter, no token, key, code or
// address, nothing about a person. So a copy of it may be sent to whoever helps.
type Call struct {
	N    uint64        // counts all calls of the process
	At   time.Time     // when it began, by the platform's clock
	Took time.Duration // until it was answered

	Out    bool   // the platform called the client, or sent a browser back to it
	Method string // HTTP's
	Path   string // the route, such as /interaction/{id}, or what the client registered an address as
	Status int    // 0: nobody answered
	Error  string // the code of a refusal
	Detail string // why, in a constant text of ours

	Params  []string // names of the parameters that came or went, in the order of the alphabet
	Headers []string // of Authorization and DPoP, those that were there
	Fault   string   // the defect that answered in the platform's place (Break)

	// Unproven calls named the client and could not authenticate as it, so that anybody
	// may have made them.
	Unproven bool
	Try      int // of what the platform tells: the first, the second, …
}

// How much is remembered: keepCalls of each client unless Config.Calls says otherwise,
// and apart from them so many that somebody only claimed were the client's.
const (
	keepCalls    = 200
	keepUnproven = 40
	maxTapes     = 4096
)

// tapes holds the last calls of each client, in this process's memory alone.
type tapes struct {
	mu   sync.Mutex
	n    uint64
	keep int
	of   map[tapeKey]*tape
}

type tapeKey struct {
	client   string
	unproven bool
}

// tape is a ring: next is where the oldest call stands once it is full.
type tape struct {
	calls []heard
	next  int
}

// heard is a Call as it is kept: names of parameters as bits, since a busy platform
// writes many.
type heard struct {
	Call
	client  string
	params  uint64
	headers uint8
}

func newTapes(keep int) *tapes {
	if keep == 0 {
		keep = keepCalls
	}
	return &tapes{keep: keep, of: map[tapeKey]*tape{}}
}

// off reports whether nothing is remembered.
func (t *tapes) off() bool { return t.keep < 0 }

func (t *tapes) add(h heard) {
	if t.off() || h.client == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	key, most := tapeKey{h.client, h.Unproven}, t.keep
	if h.Unproven {
		most = min(keepUnproven, most)
	}
	at := t.of[key]
	if at == nil {
		if len(t.of) >= maxTapes {
			return
		}
		at = &tape{}
		t.of[key] = at
	}
	t.n++
	if h.N = t.n; len(at.calls) < most {
		at.calls = append(at.calls, h)
		return
	}
	at.calls[at.next] = h
	at.next = (at.next + 1) % most
}

// list returns a client's calls, newest first.
func (t *tapes) list(client string) (out []Call) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, unproven := range []bool{false, true} {
		if at := t.of[tapeKey{client, unproven}]; at != nil {
			for _, h := range at.calls {
				c := h.Call
				c.Params, c.Headers = paramNames(h.params), headerNames(h.headers)
				out = append(out, c)
			}
		}
	}
	slices.SortFunc(out, func(a, b Call) int { return int(int64(b.N) - int64(a.N)) })
	return out
}

func (t *tapes) clear(client string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.of, tapeKey{client, false})
	delete(t.of, tapeKey{client, true})
}

func (t *tapes) clearAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.of)
}

// Calls returns the last calls of a client that this process answered, newest first.
// They are the client's own: show them to nobody else.
func (p *Platform) Calls(client string) []Call { return p.tapes.list(client) }

// ForgetCalls empties the list of a client's calls.
func (p *Platform) ForgetCalls(client string) { p.tapes.clear(client) }

// knownParams are the names that a record of a call may hold: any other is a text that a
// stranger chose, and could be a number or a token.
var knownParams = [...]string{
	"acr_values", "auth_req_id", "authorization_details", "binding_message", "claims", "client_assertion", "client_assertion_type",
	"client_id", "client_notification_token", "client_secret", "code", "code_challenge", "code_challenge_method", "code_verifier",
	"day", "display", "dpop_jkt", "encrypt_key", "error", "error_description", "grant_type", "id", "id_token_hint", "iss", "lang",
	"login_hint", "login_hint_token", "logout_hint", "logout_token", "max_age", "nonce", "post_logout_redirect_uri", "prompt",
	"redirect_uri", "refresh_token", "request", "request_uri", "requested_expiry", "resource", "response", "response_mode",
	"response_type", "scope", "state", "token", "token_type_hint", "ui_locales", "user_code",
}

// otherParam stands for every name that is none of knownParams.
const otherParam = "…"

var paramBits = func() map[string]uint64 {
	bits := map[string]uint64{}
	for i, name := range knownParams {
		bits[name] = 1 << i
	}
	return bits
}()

const otherBit = uint64(1) << 63

func paramNames(bits uint64) (out []string) {
	for i, name := range knownParams {
		if bits&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	if bits&otherBit != 0 {
		out = append(out, otherParam)
	}
	return out
}

const (
	sawAuthorization = 1 << iota
	sawDPoP
)

func headerNames(bits uint8) (out []string) {
	if bits&sawAuthorization != 0 {
		out = append(out, "Authorization")
	}
	if bits&sawDPoP != 0 {
		out = append(out, "DPoP")
	}
	return out
}
