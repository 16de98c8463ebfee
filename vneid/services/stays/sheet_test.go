package stays_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/services/stays"
)

func read(t *testing.T, file string) []stays.Stay {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := stays.ReadCSV(bytes.NewReader(data), "hotel-1")
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return rows
}

// The files were written by LibreOffice-like tools (testdata/make.py): comma, semicolon
// and tab, Vietnamese and English headings, with and without a byte order mark.
func TestFilesOfSpreadsheetsAreRead(t *testing.T) {
	files, err := filepath.Glob("testdata/accepted/*.csv")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		rel, _ := filepath.Rel("testdata", file)
		rows := read(t, rel)
		if len(rows) != 4 {
			t.Fatalf("%s: %d rows", rel, len(rows))
		}
		first, passport := rows[0].Guest.Reveal()
		child := rows[1]
		if rows[0].Unread() != nil || first.ID != "999090000001" || first.Name != "Nguyễn Văn An" || first.Sex != vneid.Male || first.Birth.String() != "1990-02-28" || passport != "" ||
			rows[0].Room != "302" || rows[0].Facility != "hotel-1" || !rows[0].Arrive.Equal(evening) || rows[0].Leave.String() != "2026-11-24" ||
			rows[0].Guest.Source() != stays.SourceTyped || child.With != 1 || child.Unread() != nil || rows[2].Facility != "hotel-2" || !rows[3].Guest.Foreign() {
			t.Errorf("%s: %v %v, %v", rel, rows, rows[0].Unread(), first.Name)
		}
		w := newWorld(t)
		for i, a := range w.submit(rows...) {
			if want := []string{"", "", "", "foreigner"}[i]; code(a.Err) != want {
				t.Errorf("%s, row %d: %v", rel, a.Row, a.Err)
			}
		}
	}
}

const head = "Họ và tên,Số định danh,Ngày sinh,Giới tính,Giờ đến,Ngày đi,Đi cùng\n"

func sheet(row string) string {
	return head + "Nguyễn Văn An,999090000001,28/02/1990,Nam,22/11/2026 20:00,24/11/2026,\n" + row
}

func TestARowThatCannotBeReadIsRefusedAlone(t *testing.T) {
	for _, c := range []struct{ row, column string }{
		{"Trần Văn Bê,1090000002,01/01/1990,Nam,22/11/2026 20:00,24/11/2026,", "Số định danh"}, // leading zeros lost
		{"Trần Văn Bê,9.9909E+11,01/01/1990,Nam,22/11/2026 20:00,24/11/2026,", "Số định danh"},
		{"Trần Văn Bê,999090000002,31/02/1990,Nam,22/11/2026 20:00,24/11/2026,", "Ngày sinh"},
		{"Trần Văn Bê,999090000002,01/01/1990,x,22/11/2026 20:00,24/11/2026,", "Giới tính"},
		{"Trần Văn Bê,999090000002,01/01/1990,Nam,22/11/2026,24/11/2026,", "Giờ đến"},
		{"Trần Văn Bê,999090000002,01/01/1990,Nam,22/11/2026 25:00,24/11/2026,", "Giờ đến"},
		{"Trần Văn Bê,999090000002,01/01/1990,Nam,22/11/2026 20:00,mai,", "Ngày đi"},
		{"Trần Văn Bê,999090000002,01/01/1990,Nam,22/11/2026 20:00,24/11/2026,-1", "Đi cùng"},
		{"Trần\tVăn Bê,999090000002,01/01/1990,Nam,22/11/2026 20:00,24/11/2026,", "Họ và tên"},
	} {
		rows, err := stays.ReadCSV(strings.NewReader(sheet(c.row+"\n")), "hotel-1")
		if err != nil || len(rows) != 2 {
			t.Fatalf("%s: %v", c.row, err)
		}
		got := newWorld(t).submit(rows...)
		var e *stays.Error
		if got[0].Err != nil {
			t.Fatalf("the twin: %v", got[0].Err)
		}
		if !errors.As(got[1].Err, &e) || e.Cell != c.column || !errors.Is(got[1].Err, vneid.ErrMalformed) {
			t.Errorf("%s: %v", c.row, got[1].Err)
		}
		if vi, _ := vneid.Advice(got[1].Err); !strings.Contains(vi, c.column) {
			t.Errorf("the advice is %s", vi)
		}
	}
}

// Empty lines and a filtered table change which row is which: STT says whom a child came
// with.
func TestAChildIsFoundByTheNumberThatTheTableShows(t *testing.T) {
	lines := func(with string) string {
		return "STT," + head + "\n5,Nguyễn Văn An,999090000001,28/02/1990,Nam,22/11/2026 20:00,24/11/2026,\n,,,,,,,\n7,Nguyễn Thị Bé,,05/05/2020,Nữ,22/11/2026 20:00,24/11/2026," + with + "\n"
	}
	twice := strings.Replace(lines("5"), "\n7,", "\n5,Trần Văn Bê,999090000002,01/01/1990,Nam,22/11/2026 20:00,24/11/2026,\n7,", 1)
	if rows, err := stays.ReadCSV(strings.NewReader(twice), "hotel-1"); err != nil || len(rows) != 3 || rows[2].Unread() == nil {
		t.Errorf("of two rows with one number one is meant: %v %v", rows, err)
	}
	for with, want := range map[string]string{"5": "", "7": "no_number", "1": "malformed", "6": "malformed"} {
		rows, err := stays.ReadCSV(strings.NewReader(lines(with)), "hotel-1")
		if err != nil || len(rows) != 2 {
			t.Fatal(rows, err)
		}
		if got := newWorld(t).submit(rows...); code(got[1].Err) != want {
			t.Errorf("with %s: %v", with, got[1].Err)
		}
	}
}

func TestFilesThatAreNoTableAreRefused(t *testing.T) {
	if _, err := stays.ReadCSV(strings.NewReader(sheet("")), "x"); err != nil {
		t.Fatalf("the twin: %v", err)
	}
	many := sheet(strings.Repeat("Trần Văn Bê,999090000002,01/01/1990,Nam,22/11/2026 20:00,24/11/2026,\n", 1000))
	for name, text := range map[string]string{
		"empty":               "",
		"without names":       strings.Replace(sheet(""), "Họ và tên", "Ghi chú", 1),
		"without arrivals":    strings.Replace(sheet(""), "Giờ đến", "Ghi chú", 1),
		"with a column twice": strings.Replace(sheet(""), "Đi cùng", "Full name", 1),
		"UTF-16":              "\xff\xfeH\x00o\x00",
		"broken UTF-8":        sheet("\xff"),
		"an open quote":       sheet("\"Trần"),
		"of 1,001 rows":       many,
		"of 2 MiB":            sheet(strings.Repeat("x", 2<<20)),
		"of 41 columns":       strings.TrimSpace(head) + strings.Repeat(",x", 41) + "\n",
	} {
		if rows, err := stays.ReadCSV(strings.NewReader(text), "x"); !errors.Is(err, vneid.ErrMalformed) || rows != nil {
			t.Errorf("a file %s: %d rows, %v", name, len(rows), err)
		}
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	s := good(t)
	s.Reason, s.With = "=HYPERLINK(\"http://evil.example\")", 0
	odd := good(t)
	odd.Guest = stays.Typed(vneid.Record{Name: "+Ông “Á, B”", ID: "999090000022", Nationality: "VNM"}, "")
	odd.Room = "@SUM(1)"
	for _, english := range []bool{false, true} {
		var out bytes.Buffer
		if err := stays.WriteCSV(&out, []stays.Stay{s, odd}, english); err != nil {
			t.Fatal(err)
		}
		noFormulas(t, out.String())
		rows, err := stays.ReadCSV(&out, "")
		if err != nil || len(rows) != 2 {
			t.Fatal(rows, err)
		}
		a, _ := rows[0].Guest.Reveal()
		b, _ := rows[1].Guest.Reveal()
		if a.ID != "999090000001" || rows[0].Reason != s.Reason || b.Name != "+Ông “Á, B”" || rows[1].Room != "@SUM(1)" || rows[0].Guest.Source() != stays.SourceTyped || rows[0].Facility != "hotel-1" {
			t.Errorf("%v %v", rows, rows[0].Unread())
		}
	}
}

// noFormulas holds every cell of a file against what spreadsheets calculate.
func noFormulas(t *testing.T, text string) {
	t.Helper()
	if !strings.HasPrefix(text, "\ufeff") {
		t.Error("no byte order mark: Excel would ruin the letters")
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range rows {
		for _, cell := range cells {
			if cell != "" && strings.ContainsAny(string([]rune(cell)[0]), "=+-@\t\r＝＋－＠") {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
}

func TestAnswersAndForeignersAreWritten(t *testing.T) {
	w := newWorld(t)
	foreign := good(t)
	foreign.Guest = stays.Typed(vneid.Record{Name: "=JOHN", Nationality: "UTO", Birth: day(t, "1980-12-24"), Sex: vneid.Male}, "P0000001")
	late := good(t)
	late.Arrive = evening.AddDate(0, 0, -1)
	printed := good(t)
	printed.Guest, printed.Facility = stays.Typed(vneid.Record{Name: "-Không Số"}, ""), "hotel-2"
	rows := []stays.Stay{good(t), foreign, late, printed}
	answers := w.submit(rows...)
	var out bytes.Buffer
	if err := stays.WriteAnswers(&out, rows, answers, false); err != nil {
		t.Fatal(err)
	}
	noFormulas(t, out.String())
	for _, want := range []string{"đã tiếp nhận", answers[0].ID, "người nước ngoài", "Luật 47/2014", "trễ", "bị từ chối", "Thiếu số định danh", "đăng nhập VNeID, đã xác minh", "nhập tay, chưa xác thực"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the answers lack %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "999090000001") {
		t.Error("the answers tell a number")
	}
	if stays.WriteAnswers(&out, rows, answers[:1], false) == nil {
		t.Error("fewer answers than rows")
	}
	out.Reset()
	if err := stays.WriteForeigners(&out, rows, false); err != nil {
		t.Fatal(err)
	}
	noFormulas(t, out.String())
	if n := strings.Count(out.String(), "\r\n"); n != 2 || !strings.Contains(out.String(), "P0000001") || !strings.Contains(out.String(), "24/12/1980") {
		t.Errorf("the foreigners' list: %s", out.String())
	}
	out.Reset()
	if err := stays.WriteAnswers(&out, rows, answers, true); err != nil || !strings.Contains(out.String(), "procedure for foreigners") {
		t.Errorf("in English: %v %s", err, out.String())
	}
}
