package chip

import "github.com/vneid-sdk/vneid-go/vneid"

// What to tell the person at the counter where the kind of an error says too
// little. Nobody is accused: a card that fails a check may be worn, and a reader
// old.

// Advice implements what vneid.Advice looks for.
func (e *StatusError) Advice() (vi, en string) {
	if e.Denied {
		return "Thẻ không cho đọc: số CAN (6 số cuối của số định danh) hoặc thông tin trên thẻ chưa đúng. Kiểm tra lại số rồi đọc lại.",
			"The card does not let itself be read: the CAN (last six digits of the personal number) or the data from the card is not right. Check it and read again."
	}
	return "Chưa đọc được thẻ. Giữ thẻ yên trên đầu đọc, lấy thẻ ra rồi đặt lại; nếu vẫn không được, dùng cách xác minh khác.",
		"The card could not be read. Hold it still on the reader, take it away and put it back; if that fails, verify in another way."
}

// advices are by the decisive check's reason, or by its name.
var advices = map[string][2]string{
	"no-anchor": {
		"Chưa có chứng thư gốc để đối chiếu nên chưa xác minh được thẻ. Báo người quản trị bổ sung chứng thư; trong lúc chờ, dùng cách xác minh khác.",
		"There is no root certificate here to check the card against, so it cannot be verified yet. Have the administrator add it; meanwhile verify in another way.",
	},
	"chip-unproven": {
		"Dữ liệu gốc, chưa chứng minh chip thật. Đọc lại thẻ tại đây; nếu vẫn vậy, đối chiếu thêm bằng cách khác.",
		"The data is authentic, but the chip has not been proven genuine. Read the card again here; if it stays so, check in another way too.",
	},
	"chip-cannot-prove": {
		"Dữ liệu gốc, nhưng chip của thẻ này không có cách chứng minh. Đối chiếu thêm bằng cách khác.",
		"The data is authentic, but this card's chip has no way to prove itself. Check in another way too.",
	},
	"downgrade": {
		"Thẻ được mở bằng cách kém an toàn hơn cách thẻ hỗ trợ. Lấy thẻ ra, đặt lại và đọc lại; nếu lặp lại, đổi đầu đọc hoặc dùng cách xác minh khác.",
		"The card was opened in a weaker way than it supports. Take it away, put it back and read again; if it happens again, use another reader or another way to verify.",
	},
	"card-expired": {
		"Thẻ đã hết hạn sử dụng theo ngày in trên thẻ. Đề nghị công dân làm thủ tục đổi thẻ; trong lúc chờ, dùng giấy tờ khác.",
		"The card's printed expiry is over. Ask the citizen to have it replaced, and to use another document meanwhile.",
	},
	checkConsent: {
		"Công dân chưa đồng ý cho đọc thẻ. Hỏi lại; nếu không đồng ý, dùng cách khác.",
		"The holder has not agreed to the reading. Ask again; if not, use another way.",
	},
	checkStatus: {
		"Cơ quan cấp cho biết thẻ không còn giá trị sử dụng. Đề nghị công dân liên hệ nơi cấp; trong lúc chờ, dùng giấy tờ khác.",
		"The authority says that the card is no longer in force. Ask the citizen to contact it, and to use another document meanwhile.",
	},
}

// Advice implements what vneid.Advice looks for.
func (e *VerifyError) Advice() (vi, en string) {
	for _, key := range []string{e.Reason, e.Name} {
		if a, ok := advices[key]; ok {
			return a[0], a[1]
		}
	}
	return vneid.Advice(e.Kind)
}
