package verdict

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestEveryKindHasItsOwnReasonAndAdvice(t *testing.T) {
	seen := map[string]vneid.Kind{}
	for kind := vneid.ErrMalformed; kind <= vneid.ErrUnavailable; kind++ {
		v := Of(fmt.Errorf("somewhere: %w", kind))
		if v.Reason.Vi == "" || v.Reason.En == "" || v.Advice.Vi == "" || v.Advice.En == "" {
			t.Errorf("%v lacks words", kind)
		}
		if other, ok := seen[v.Reason.Vi]; ok {
			t.Errorf("%v and %v read alike", kind, other)
		}
		seen[v.Reason.Vi] = kind
		if v.Class == "good" || v.Word == verified {
			t.Errorf("%v counts as verified", kind)
		}
		if Status(kind) < 400 {
			t.Errorf("%v has status %d", kind, Status(kind))
		}
	}
}

func TestOnlyNoErrorIsVerified(t *testing.T) {
	if v := Of(nil); v.Word != verified || Status(nil) != 200 {
		t.Errorf("nil is %q", v.Word.Vi)
	}
	if v := Of(errors.New("Config.Keys is nil")); v.Word != unchecked || Status(errors.New("x")) != 500 {
		t.Errorf("a misconfiguration is %q", v.Word.Vi)
	}
	if ReadOnly().Word == verified || Opaque().Word == verified {
		t.Error("what nobody checked counts as verified")
	}
}

func TestWhatCouldNotBeCheckedIsNotRefused(t *testing.T) {
	if Of(vneid.ErrUnavailable).Word != unchecked || Of(vneid.ErrSignature).Word != refused {
		t.Error("unavailable and refused are mixed up")
	}
}

func TestNobodyIsAccused(t *testing.T) {
	for kind := vneid.Kind(0); kind <= vneid.ErrUnavailable; kind++ {
		v := Of(kind)
		for _, s := range []string{v.Word.Vi, v.Reason.Vi, v.Advice.Vi, v.Word.En, v.Reason.En, v.Advice.En} {
			for _, word := range []string{"giả mạo", "thẻ giả", "fake", "fraud"} {
				if strings.Contains(strings.ToLower(s), word) {
					t.Errorf("%v: %q accuses somebody", kind, s)
				}
			}
		}
	}
}
