package chip

import (
	"errors"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// What is remembered of a challenge is its id, so it has one spelling: a second one
// would pass a second time.
func TestAChallengeHasOneSpelling(t *testing.T) {
	const session = "a session"
	now := time.Now()
	v, err := New(Config{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	c, err := v.Challenge(session)
	if err != nil {
		t.Fatal(err)
	}
	if got, reason, _ := v.recall(c.ID, session, now); reason != "" || got.once.ID != c.ID || string(got.nonce) != string(c.Nonce) {
		t.Fatal("the twin:", reason)
	}
	last := c.ID[len(c.ID)-1]
	spellings := map[string]string{
		"a line feed before":           "\n" + c.ID,
		"a line feed behind":           c.ID + "\n",
		"a line feed within":           c.ID[:7] + "\n" + c.ID[7:],
		"a carriage return within":     c.ID[:7] + "\r" + c.ID[7:],
		"many line feeds":              c.ID[:7] + "\r\n\r\n\n" + c.ID[7:],
		"padding":                      c.ID + "=",
		"a space":                      c.ID + " ",
		"a character more":             c.ID + "A",
		"a character less":             c.ID[:len(c.ID)-1],
		"nothing":                      "",
		"line feeds alone":             "\n\n",
		"the other letters of base64":  c.ID[:len(c.ID)-1] + "+",
		"another character at the end": c.ID[:len(c.ID)-1] + string(last^1),
	}
	for name, id := range spellings {
		if got, reason, kind := v.recall(id, session, now); reason != "other-challenge" || !errors.Is(kind, vneid.ErrMismatch) || got.nonce != nil {
			t.Errorf("%s: %q", name, reason)
		}
	}
}
