package words

import (
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// Locks are what a ground locks.
var Locks = map[platform.Locks]ui.Text{
	{EID: true}:                {Vi: "Căn cước điện tử", En: "Electronic identity card"},
	{Account: true}:            {Vi: "Tài khoản định danh", En: "Account"},
	{EID: true, Account: true}: {Vi: "Căn cước điện tử và tài khoản định danh", En: "Electronic identity card and account"},
}

// By says who placed or lifted a ground. Somebody of an office is worded by whoever asks.
func By(by string, officer ui.Text) ui.Text {
	switch by {
	case "citizen":
		return ui.Text{Vi: "chủ thể, trong ứng dụng", En: "the holder, in the app"}
	case "system":
		return ui.Text{Vi: "hệ thống tự rà soát", En: "the system, by its review"}
	case "client":
		return ui.Text{Vi: "cơ quan nhà nước thông báo", En: "a state body's notification"}
	}
	return officer
}
