package verdict

import (
	"errors"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// OfChip words what a chip.Verifier answered. Two outcomes are no pass and no
// refusal either: nobody here can say who signed, and the data is authentic while
// the chip may be a copy. The latter is an error or a Document that is not genuine,
// as the verifier was configured.
func OfChip(doc *chip.Document, err error) Verdict {
	var failed *chip.VerifyError
	switch {
	case err == nil && doc.Genuine():
		v := Verified()
		v.Reason = ui.Text{Vi: "Chữ ký số hợp lệ, chip thật", En: "The digital signature is valid and the chip is genuine"}
		return v
	case err == nil, errors.As(err, &failed) && failed.Name == "chip-genuine" && authentic(failed):
		return Unchecked(
			ui.Text{Vi: "Dữ liệu gốc, chưa chứng minh chip thật", En: "Authentic data, chip not proven genuine"},
			ui.Text{
				Vi: "Dữ liệu do nơi cấp ký, nhưng có thể nằm trên bản sao. Đọc lại thẻ tại chỗ, hoặc đối chiếu người với ảnh.",
				En: "The issuer signed the data, but it may lie on a copy. Read the card here again, or compare the person with the portrait.",
			})
	case errors.As(err, &failed) && failed.Reason == "no-anchor":
		return Unchecked(
			ui.Text{Vi: "Chưa có chứng thư gốc để đối chiếu", En: "No trust anchor to check against"},
			ui.Text{
				Vi: "Cấu hình chứng thư CSCA của nơi cấp thẻ, rồi kiểm tra lại.",
				En: "Configure the CSCA certificate of the card's issuer, and check again.",
			})
	}
	return Of(err)
}

// authentic reports whether the data's way to an anchor was passed.
func authentic(e *chip.VerifyError) bool {
	return e.Reason == "chip-unproven" || e.Reason == "chip-cannot-prove"
}

// Unchecked is the verdict of what came to no check, or to none that settles it.
func Unchecked(reason, advice ui.Text) Verdict {
	return Verdict{Word: unchecked, Class: "warn", Reason: reason, Advice: advice}
}
