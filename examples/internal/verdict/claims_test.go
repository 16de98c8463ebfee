package verdict

import (
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

func TestClaimsAndQuestionsHaveNames(t *testing.T) {
	for name, want := range map[string]ui.Text{
		"number":          {Vi: "Số giấy tờ", En: "Number"},
		"age>=18":         {Vi: "Đã đủ 18 tuổi", En: "18 years or older"},
		"licence:B":       {Vi: "Được lái xe hạng B", En: "May drive class B"},
		"no-such-claim-x": {Vi: "no-such-claim-x", En: "no-such-claim-x"},
	} {
		if got := Claim(name); got != want {
			t.Errorf("%s is called %+v", name, got)
		}
	}
	if k := Kind(document.DriverLicence); k.Vi != "Giấy phép lái xe" || k.En == "" {
		t.Errorf("%+v", k)
	}
}
