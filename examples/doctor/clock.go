package main

import (
	"fmt"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// The SDK lets clocks differ by a minute (sso.Config.Skew); codes of a few seconds
// ask for better.
const (
	tooFar = time.Minute
	far    = 5 * time.Second
)

// drift is how far one answer's clock is ahead of ours, between two bounds: Date has
// whole seconds, and the answer was written some time between sending and getting.
func drift(c call) (least, most time.Duration) {
	return c.date.Sub(c.got), c.date.Add(time.Second).Sub(c.sent)
}

// clock compares this machine's with the Date of every answer.
func (d *doctor) clock() {
	calls, _ := d.tap.since(0)
	var low, high time.Duration // what holds of every answer
	n := 0
	apart := false
	for _, c := range calls {
		if c.date.IsZero() {
			continue
		}
		least, most := drift(c)
		if n == 0 {
			low, high = least, most
		}
		if least > high+far || most < low-far {
			apart = true
		}
		low, high = max(low, least), min(high, most)
		n++
	}
	if n == 0 {
		d.add("clock-unknown", unknown, both("Không câu trả lời nào có ngày giờ để so đồng hồ", "No answer tells its date, so the clocks cannot be compared"),
			both("Kiểm tra NTP của máy này (chronyc tracking, timedatectl).", "Check this machine's NTP (chronyc tracking, timedatectl)."))
		return
	}
	if apart {
		d.add("clock-apart", warn, both("Các máy của nhà cung cấp lệch giờ nhau", "The provider's machines disagree about the time"),
			both("Báo nhà cung cấp; đăng nhập có lúc được lúc không.", "Tell the provider; logins will work now and then."))
		return
	}
	middle := (low + high) / 2
	off := max(low, -high, 0) // the least that the clocks differ by
	detail := fmt.Sprintf("%+.1f s, n = %d", middle.Seconds(), n)
	mend := both("Chỉnh đồng hồ máy này bằng NTP; từ đây không biết bên nào sai.", "Set this machine's clock by NTP; which side is wrong cannot be told from here.")
	switch {
	case off > tooFar:
		d.add("clock-off", bad, both("Đồng hồ lệch với nhà cung cấp quá một phút: mã và token bị từ chối", "The clock differs from the provider's by more than a minute: codes and tokens are refused"), mend, detail)
	case off > far:
		d.add("clock-drifts", warn, both("Đồng hồ lệch với nhà cung cấp vài giây", "The clock differs from the provider's by some seconds"), mend, detail)
	default:
		d.add("clock-ok", good, both("Đồng hồ khớp với nhà cung cấp", "The clock agrees with the provider's"), ui.Text{}, detail)
	}
}
