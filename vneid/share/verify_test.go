package share

import (
	"context"
	"fmt"
	"math/big"
	"sync"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jwe"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

func number(b []byte) *big.Int { return new(big.Int).SetBytes(b) }

func TestAGoodAnswerIsRead(t *testing.T) {
	w := newWorld()
	v := w.verifier()
	r, err := verify(v, w.answer(), expect())
	if err != nil {
		t.Fatal(err)
	}
	if r.Subject() != person || r.Txn() != txn || r.Grant() != grant || r.Sequence() != 7 || r.AccountType() != "organisation" || r.Decision() != "approved" || r.Integrity() != Signed {
		t.Errorf("%v %v %v", r.Subject(), r.Txn(), r.Decision())
	}
	if c := r.Citizen().Reveal(); c.Name != "Nguyễn Thị Mẫu" || c.ID != "999190000001" || c.Birth.String() != "1990-05-06" {
		t.Error("another citizen")
	}
	if d, ok := r.Get(document.DriverLicence); !ok || d.Issuer() != police || d.StatusAt().IsZero() || d.Names()[0] == "" {
		t.Error(d)
	}
	if value, known := r.Holds(AgeAtLeast(18)); !value || !known {
		t.Error("age")
	}
	if _, known := r.Holds(AgeAtLeast(60)); known {
		t.Error("a question that nobody asked")
	}
	if got := r.Receipt(); got.Record != "c-1" || len(got.Granted) != 3 || len(got.Approvals) != 1 || !got.Store {
		t.Errorf("%+v", got)
	}
	if len(r.Documents()) != 3 || len(r.Approvals()) != 1 || len(r.Declined()) != 0 || !r.Verified().Equal(noon) {
		t.Error("not the whole answer")
	}
}

func TestAReceiptMayTellWhereThePlatformsLogStood(t *testing.T) {
	for _, head := range []string{"", sum("the log")} {
		w := newWorld()
		s, want := w.answer(), int64(0)
		if head != "" {
			want, s.receipt["history"] = 7, j{"position": "00000000000000000007", "head": head}
		}
		r, err := verify(w.verifier(), s, expect())
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Receipt(); got.LogPosition != want || got.LogHead != head {
			t.Errorf("position %d, head %q", got.LogPosition, got.LogHead)
		}
	}
}

func TestManyAnswersAtOnce(t *testing.T) {
	w := newWorld()
	v := w.verifier()
	own := newKey("enc-1")
	v.Decrypt = []DecryptKey{{"enc-1", own.priv}}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 8 {
				s, name := w.answer(), fmt.Sprint("Người Thứ ", i, " ", n)
				s.papers[0].hidden["name"], s.papers[1].hidden["name"] = name, name
				text, err := jwe.Seal(s.bundle(), "vneid-bundle+json", jwe.Recipient{ID: "enc-1", Public: &own.priv.PublicKey})
				if err != nil {
					t.Error(err)
				}
				r, err := v.Verify(context.Background(), []byte(text), expect())
				if err != nil || r.Citizen().Name() != name {
					t.Errorf("%v: not whose answer it was", err)
				}
			}
		})
	}
	wg.Wait()
}
