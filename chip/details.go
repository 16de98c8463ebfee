package chip

import (
	"log/slog"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Details are what DG13 says about the person and the card: sixteen numbered
// fields in Vietnamese, of which a card may lack any. Plain data to store or show;
// having it proves nothing. Every field is personal data, so slog hides it.
type Details struct {
	ID          string     `json:"id,omitempty"`          // 1: số định danh cá nhân
	Name        string     `json:"name,omitempty"`        // 2: họ và tên
	Birth       vneid.Date `json:"birth,omitzero"`        // 3: ngày sinh
	Sex         vneid.Sex  `json:"sex,omitempty"`         // 4: giới tính
	Nationality string     `json:"nationality,omitempty"` // 5: quốc tịch, as worded: Việt Nam
	Ethnicity   string     `json:"ethnicity,omitempty"`   // 6: dân tộc
	Religion    string     `json:"religion,omitempty"`    // 7: tôn giáo
	Origin      string     `json:"origin,omitempty"`      // 8: quê quán
	Residence   string     `json:"residence,omitempty"`   // 9: nơi thường trú
	Features    string     `json:"features,omitempty"`    // 10: đặc điểm nhận dạng
	Issued      vneid.Date `json:"issued,omitzero"`       // 11: ngày cấp
	Expires     vneid.Date `json:"expires,omitzero"`      // 12: ngày hết hạn, or Không thời hạn
	Father      string     `json:"father,omitempty"`      // 13: họ tên cha
	Mother      string     `json:"mother,omitempty"`      // 13: họ tên mẹ
	Spouse      string     `json:"spouse,omitempty"`      // 14: họ tên vợ hoặc chồng
	Field15     string     `json:"field_15,omitempty"`    // readers disagree: the old number on most cards
	Field16     string     `json:"field_16,omitempty"`    // unknown: sixteen hexadecimal characters on some cards

	// OldID is the number of the former card (số CMND cũ): what stands in field 15
	// or 16 if it has nine digits, the one shape that is certain.
	OldID string `json:"old_id,omitempty"`

	// Raw is DG13 as it was read, fields of other numbers included.
	Raw []byte `json:"raw,omitempty"`
}

// LogValue logs that there are details, and nothing of them.
func (d Details) LogValue() slog.Value { return slog.StringValue("chip details") }
