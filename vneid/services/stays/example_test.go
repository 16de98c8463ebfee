package stays_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

var vietnam = time.FixedZone("UTC+7", 7*60*60)

func ExampleDeadline() {
	for _, arrival := range []time.Time{
		time.Date(2026, 11, 22, 19, 30, 0, 0, vietnam),
		time.Date(2026, 11, 22, 23, 15, 0, 0, vietnam),
	} {
		until, _ := stays.Deadline(arrival)
		fmt.Println(arrival.Format("15:04 02/01"), "→", until.Format("15:04 02/01"))
	}
	// Output:
	// 19:30 22/11 → 23:00 22/11
	// 23:15 22/11 → 08:00 23/11
}

// A row that cannot be read is refused alone; a foreigner goes to a list of their own.
func ExampleReadCSV() {
	file := `Họ và tên;Số định danh;Quốc tịch;Số hộ chiếu;Giờ đến;Ngày đi
Nguyễn Văn An;999090000001;;;22/11/2026 19:30;24/11/2026
JOHN EXAMPLE;;UTO;P0000001;22/11/2026 20:00;23/11/2026
Trần Văn Bê;1090000002;;;22/11/2026 20:10;23/11/2026
`
	rows, err := stays.ReadCSV(strings.NewReader(file), "hotel-1")
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, s := range rows {
		fmt.Println(i+1, s, s.Unread())
	}
	fmt.Println(len(stays.Foreigners(rows)), "foreigner")
	// Output:
	// 1 stay of guest *********001 <nil>
	// 2 stay of guest <nil>
	// 3 stay of guest the row is malformed: column Số định danh
	// 1 foreigner
}
