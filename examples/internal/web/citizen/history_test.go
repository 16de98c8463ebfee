package citizen

import (
	"testing"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// Questions stand in the history as they stood on the consent page, not as programs write
// them.
func TestTheHistoryWordsQuestions(t *testing.T) {
	registered := purposes{seen: map[string][]platform.Purpose{"rental": {{Code: "car", Vi: "Thuê xe", En: "Car rental"}}}}
	got := registered.detailed(t.Context(), platform.Read{Client: "rental", Kind: platform.ReadShare,
		Share: &platform.ReadDocuments{Purpose: "car", Documents: map[string][]string{"driver-licence": {"number", "age>=18", "licence:B"}}}})
	if len(got.What) != 1 || *got.Why != (ui.Text{Vi: "Thuê xe", En: "Car rental"}) {
		t.Fatalf("%+v", got)
	}
	const en = "Number, Whether you are 18 or older (yes or no, nothing else), Whether you may drive class B (yes or no, nothing else)"
	if what := got.What[0].Items; what.En != en || what.Vi != "Số giấy tờ, Đã đủ 18 tuổi hay chưa (chỉ trả lời có hoặc không), Được lái xe hạng B hay không (chỉ trả lời có hoặc không)" {
		t.Errorf("%+v", what)
	}
}
