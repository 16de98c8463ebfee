package words

import (
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

func TestDaysAreCounted(t *testing.T) {
	for n, want := range map[int]string{0: "0 days", 1: "1 day", 30: "30 days"} {
		if got := Days(n); got.En != want {
			t.Errorf("%d: %q", n, got.En)
		}
	}
	often := Terms{&platform.ShareView{Until: "2026-12-23", Frequency: 1}}
	if got := often.PeriodText(); got.En != "Again and again, at least 1 day apart, until 23/12/2026" || got.Vi != "Nhiều lần, cách nhau ít nhất 1 ngày, đến hết ngày 23/12/2026" {
		t.Errorf("%+v", got)
	}
}
