package share

import (
	"context"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jwe"
)

// An encrypted answer of three documents, its status lists known, costs 350
// allocations at most, all checks on. internal/interop/bench compares the time with the
// raw cryptography's.
func TestAnAnswerCostsFewAllocations(t *testing.T) {
	w := newWorld()
	v, own := w.pinnedVerifier(t), newKey("enc-1")
	v.Decrypt, v.Replay = []DecryptKey{{"enc-1", own.priv}}, unlimited{}
	text, err := jwe.Seal(w.answer().bundle(), "vneid-bundle+json", jwe.Recipient{ID: "enc-1", Public: &own.priv.PublicKey})
	if err != nil {
		t.Fatal(err)
	}
	want, bundle := expect(), []byte(text)
	var failed error
	n := testing.AllocsPerRun(100, func() {
		if _, err := v.Verify(context.Background(), bundle, want); err != nil {
			failed = err
		}
	})
	if failed != nil || n > 350 {
		t.Errorf("%.0f allocations, %v", n, failed)
	}
	t.Logf("%.0f allocations", n)
}
