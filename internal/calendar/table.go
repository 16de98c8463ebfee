package calendar

import "github.com/vneid-sdk/vneid-go/vneid"

// What stands as the source of rows. The Labour Code fixes how many days; which they are
// is the Prime Minister's decision each year, announced by the ministry.
const (
	yearly  = "yearly decision on Tết, Hùng Kings' day and National Day (Bộ luật Lao động 2019 Art. 112), "
	swapped = "yearly decision to exchange a working day, "
)

// table is what is off, or worked in exchange, beyond weekends and fixed days.
func table() []Row {
	off := func(from, to, name, source string, sure Certainty) Row {
		return Row{From: on(from), To: on(to), Name: name, Source: source, Certainty: sure}
	}
	works := func(day, instead string, sure Certainty) Row {
		return Row{From: on(day), To: on(day), Works: true, Name: "Làm bù cho ngày " + on(instead).Printed(), Source: swapped + string(sure), Certainty: sure}
	}
	const tet, hung, national, swap = "Tết Nguyên đán", "Giỗ Tổ Hùng Vương", "Quốc khánh", "Nghỉ hoán đổi"
	return []Row{
		off("2023-01-20", "2023-01-26", tet, yearly+"recalled", Recalled),
		// 29 April was a Saturday, 30 April a Sunday: two days are owed after 1 May.
		off("2023-04-29", "2023-05-03", hung+", 30/4 và 1/5", yearly+"recalled", Recalled),
		off("2023-09-01", "2023-09-04", national, yearly+"recalled", Recalled),

		off("2024-02-08", "2024-02-14", tet, yearly+"recalled", Recalled),
		off("2024-04-18", "2024-04-18", hung, yearly+"recalled", Recalled),
		off("2024-04-29", "2024-04-29", swap, swapped+"recalled", Recalled),
		works("2024-05-04", "2024-04-29", Recalled),
		off("2024-09-02", "2024-09-03", national, yearly+"recalled", Recalled),

		off("2025-01-27", "2025-01-31", tet, yearly+"recalled", Recalled),
		off("2025-04-07", "2025-04-07", hung, yearly+"recalled", Recalled),
		works("2025-04-26", "2025-05-02", Recalled),
		off("2025-05-02", "2025-05-02", swap, swapped+"recalled", Recalled),
		off("2025-09-01", "2025-09-02", national, yearly+"recalled", Recalled),

		off("2026-01-02", "2026-01-02", swap, swapped+"recalled", Recalled),
		works("2026-01-10", "2026-01-02", Recalled),
		off("2026-02-16", "2026-02-20", tet, yearly+"press (giadinh.suckhoedoisong.vn 2026-01-01, congan.com.vn)", Press),
		off("2026-04-27", "2026-04-27", hung+" (nghỉ bù cho 26/4)", yearly+"press (giadinh.suckhoedoisong.vn 2026-01-01)", Press),
		works("2026-08-22", "2026-08-31", Recalled),
		// The press has five days off, 29 August to 2 September; which Saturday is worked
		// instead is recalled.
		off("2026-08-31", "2026-09-02", national, yearly+"press (24hmoney.vn)", Press),

		off("2027-02-04", "2027-02-10", tet, yearly+"assumed after 2024", Assumed),
		off("2027-04-16", "2027-04-16", hung, "10 March of the lunar year; "+yearly+"assumed", Assumed),
		off("2027-09-02", "2027-09-03", national, yearly+"assumed", Assumed),
	}
}

// on reads the table's own dates; a test keeps them readable.
func on(s string) vneid.Date {
	d, err := vneid.ParseDate(s)
	if err != nil {
		return vneid.Date{}
	}
	return d
}
