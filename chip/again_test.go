package chip

import (
	"context"
	"testing"
)

type deaf struct{}

func (deaf) Transmit(context.Context, []byte) ([]byte, error) { return []byte{0x6F, 0}, nil }

// What a chip refused in a session that it dropped is not held against the next.
func TestASecondSessionBeginsWithNothing(t *testing.T) {
	r, err := newReading(deaf{}, newAccess(accessCAN, "000001"), ReadOptions{MaxResponse: 65536})
	if err != nil {
		t.Fatal(err)
	}
	r.dump.files = map[string][]byte{fileCardAccess: {0x31, 0}, fileCOM: {0x60, 0}}
	r.dump.claimed.Unread[fileSOD], r.dump.claimed.Chip = "6982", "6A80"
	r.dump.challenge, r.dump.answer = "id", []byte{1}
	r.chipKey, r.proven, r.tooLong = []byte{1}, true, true
	r.again()
	d := newDump(&r.dump)
	if got := d.Files(); len(got) != 1 || got[0] != fileCardAccess || len(d.ClaimedUnread()) != 0 || r.dump.claimed.Chip != "" || d.Challenge() != "" || r.dump.answer != nil {
		t.Errorf("%+v", r.dump)
	}
	if r.chipKey != nil || r.proven || r.tooLong || !r.short || r.room != 256 {
		t.Error("a proof of the first session is left")
	}
}
