package crowd

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// The parts of names, by how often families bear them no more than roughly.
var (
	surnames = words(`Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô
		Dương Lý Đào Đoàn Vương Trịnh Trương Đinh Lâm Phùng Mai Hà Tạ Lương Châu Kiều`)
	middles = map[vneid.Sex][]string{
		vneid.Male:   words(`Văn Văn Đức Hữu Công Quốc Gia Thanh Đình Trọng Hoàng Bảo Nhật Mạnh Duy`),
		vneid.Female: words(`Thị Thị Ngọc Thu Thanh Phương Kim Hồng Bích Diệu Khánh Thùy Tường Như Mỹ`),
	}
	givens = map[vneid.Sex][]string{
		vneid.Male: words(`An Bình Cường Đạt Đăng Giang Hải Hiếu Hòa Hùng Huy Khoa Khôi Kiên Long Nam Nghĩa Nhân
			Phong Quân Quý Sơn Tài Thái Thắng Thành Thiện Thịnh Tiến Toàn Trung Tuấn Tùng Việt Vinh`),
		vneid.Female: words(`An Ánh Chi Diễm Dung Duyên Giang Hà Hạnh Hằng Hiền Hoa Huệ Hương Lan Lệ Linh Loan My Nga
			Ngân Nhung Oanh Quyên Quỳnh Sương Thảo Thơ Thủy Trang Trinh Tú Uyên Vân Yến`),
	}

	// Peoples whose names have other parts; the syllables are put together freely.
	highlandFirst = map[vneid.Sex][]string{vneid.Male: words(`Y`), vneid.Female: words(`H`)}
	highlandGiven = words(`Blang Drim Khuên Lươn Ngăr Prưn Srăm Thưm Wer Yuăl`)
	highlandClans = []string{"Niê", "Mlô", "Byă", "Kbuôr", "Ayŭn", "Êban", "Niê Kđăm", "Buôn Mẫu"}
	peoples       = words(`Kinh Kinh Kinh Kinh Kinh Kinh Tày Thái Mường Nùng Khmer Hoa`)

	oneWord = words(`Blang Drim Ngăr Prưn Srăm Thưm`)
	strokes = []string{"Đặng Đình Đạt", "Đoàn Đăng Đức", "Đỗ Đan Điền", "Đào Đức Độ", "Đinh Đông Đô"}

	foreignGivens = words(`ALEX ROBIN SASHA KIM NOA ARI JO LEE`)
	foreignNames  = words(`EXAMPLE SAMPLE SPECIMEN MUSTER MODELLO ESEMPIO`)
	// Specimen states of ICAO Doc 9303: Utopia, and the codes for who has none.
	states = words(`UTO UTO UTO XXA XXB`)
)

func words(s string) []string { return strings.Fields(s) }

// name is of three parts, sometimes four.
func (l *lot) name(surname string, sex vneid.Sex) string {
	n := surname + " " + pick(l, middles[sex]) + " "
	given := pick(l, givens[sex])
	if l.one(5) {
		if first := pick(l, givens[sex]); first != given {
			return n + first + " " + given
		}
	}
	return n + given
}

// longName has more letters than the machine-readable zone of a card holds.
func (l *lot) longName(sex vneid.Sex) string {
	n, letters := "Công Huyền Tôn Nữ", 13
	if sex == vneid.Male {
		n = "Công Tôn Thất Phước"
		letters = 15
	}
	for last := ""; letters < 38; {
		if next := pick(l, givens[sex]); next != last && !strings.Contains(n, next) {
			n, last = n+" "+next, next
			letters += len([]rune(next))
		}
	}
	return n
}

// highlandName is written without the apostrophe or hyphen that other registers have:
// H Blang Niê, Y Drim Mlô.
func (l *lot) highlandName(sex vneid.Sex) string {
	return pick(l, highlandFirst[sex]) + " " + pick(l, highlandGiven) + " " + pick(l, highlandClans)
}
