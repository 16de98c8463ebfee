package verdict

import (
	"fmt"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Only a Document of a genuine chip is verified; the programs' own tests show one.
func TestOutcomesOfAChipAreToldApart(t *testing.T) {
	failed := func(kind vneid.Kind, name, reason string) error {
		return fmt.Errorf("chip: %w", &chip.VerifyError{Kind: kind, Name: name, Reason: reason})
	}
	for _, c := range []struct {
		name         string
		err          error
		word, reason string
	}{
		{"a document whose chip proved nothing", nil, "Chưa xác minh được", "Dữ liệu gốc, chưa chứng minh chip thật"},
		{"the same, as an error", failed(vneid.ErrUntrusted, "chip-genuine", "chip-unproven"), "Chưa xác minh được", "Dữ liệu gốc, chưa chứng minh chip thật"},
		{"a card that cannot prove it", failed(vneid.ErrUntrusted, "chip-genuine", "chip-cannot-prove"), "Chưa xác minh được", "Dữ liệu gốc, chưa chứng minh chip thật"},
		{"a chip of nobody knows whom", failed(vneid.ErrUntrusted, "chip-genuine", "not-authentic"), "Không hợp lệ", "Không rõ nơi cấp"},
		{"no anchor", failed(vneid.ErrUntrusted, "certificate-chain", "no-anchor"), "Chưa xác minh được", "Chưa có chứng thư gốc để đối chiếu"},
		{"another chain", failed(vneid.ErrUntrusted, "certificate-chain", "not-a-ca"), "Không hợp lệ", "Không rõ nơi cấp"},
		{"a wrong signature", failed(vneid.ErrSignature, "active-authentication", "bad-signature"), "Không hợp lệ", "Chữ ký số không hợp lệ"},
		{"an expired card", failed(vneid.ErrExpired, "card-expiry", "card-expired"), "Không hợp lệ", "Đã hết hiệu lực"},
	} {
		if v := OfChip(nil, c.err); v.Word.Vi != c.word || v.Reason.Vi != c.reason || v.Advice.Vi == "" || v.Advice.En == "" {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
}
