package stays

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Bounds of files.
const (
	maxFile    = 1 << 20
	maxColumns = 40
	maxCell    = 500
)

// column is one column of a file: its headings, and how it is read and written.
type column struct {
	vi, en string
	also   []string // other headings, folded
	read   func(b *builder, cell string) bool
	write  func(i int, s Stay) string
}

// builder is a stay on its way from a file.
type builder struct {
	stay     Stay
	record   vneid.Record
	passport string
	no       string // what STT says; Đi cùng names a row by it
}

// columns is every column, in the order in which they are written.
func columns() []column {
	text := func(to func(*builder) *string) func(*builder, string) bool {
		return func(b *builder, cell string) bool { *to(b) = cell; return servicewire.Plain(cell, 300) }
	}
	rec := func(s Stay) vneid.Record { r, _ := s.Guest.Reveal(); return r }
	return []column{
		{"STT", "No.", []string{"no", "#", "so thu tu"}, func(b *builder, cell string) bool { b.no = cell; return true }, func(i int, _ Stay) string { return strconv.Itoa(i + 1) }},
		{"Cơ sở", "Facility", []string{"ma co so", "facility code"}, text(func(b *builder) *string { return &b.stay.Facility }), func(_ int, s Stay) string { return s.Facility }},
		{"Phòng", "Room", []string{"so phong"}, text(func(b *builder) *string { return &b.stay.Room }), func(_ int, s Stay) string { return s.Room }},
		{"Họ và tên", "Full name", []string{"ho ten", "name", "ho va ten khach"}, text(func(b *builder) *string { return &b.record.Name }), func(_ int, s Stay) string { return rec(s).Name }},
		{"Số định danh", "Number", []string{"so cccd", "cccd", "so dinh danh ca nhan", "so giay to", "id number", "cmnd"}, readNumber, func(_ int, s Stay) string { return number(rec(s)) }},
		{"Số hộ chiếu", "Passport", []string{"ho chieu", "passport number"}, text(func(b *builder) *string { return &b.passport }), func(_ int, s Stay) string { _, p := s.Guest.Reveal(); return p }},
		{"Quốc tịch", "Nationality", nil, text(func(b *builder) *string { return &b.record.Nationality }), func(_ int, s Stay) string { return rec(s).Nationality }},
		{"Ngày sinh", "Birth", []string{"date of birth", "nam sinh"}, readBirth, func(_ int, s Stay) string { return rec(s).Birth.Printed() }},
		{"Giới tính", "Sex", []string{"gender"}, readSex, func(_ int, s Stay) string { return sexWord(rec(s).Sex) }},
		{"Nơi cư trú", "Residence", []string{"dia chi", "address", "noi thuong tru"}, text(func(b *builder) *string { return &b.record.Residence.Text }), func(_ int, s Stay) string { return rec(s).Residence.Text }},
		{"Giờ đến", "Arrival", []string{"thoi gian den", "check-in", "arrive"}, readArrival, func(_ int, s Stay) string { return writeArrival(s.Arrive) }},
		{"Ngày đi", "Leaving", []string{"ngay di du kien", "check-out", "leave"}, readLeave, func(_ int, s Stay) string { return s.Leave.Printed() }},
		{"Lý do", "Reason", []string{"ly do luu tru"}, text(func(b *builder) *string { return &b.stay.Reason }), func(_ int, s Stay) string { return s.Reason }},
		{"Đi cùng", "With", []string{"di cung stt"}, readWith, func(_ int, s Stay) string { return row(s.With) }},
		{"Nguồn", "Source", nil, ignore, func(_ int, s Stay) string { vi, _ := s.Guest.Source().Text(); return vi }},
	}
}

func ignore(*builder, string) bool { return true }

func readNumber(b *builder, cell string) bool {
	switch n := len(cell); {
	case cell == "":
	case strings.Trim(cell, "0123456789") != "": // also 1.09E+09, a spreadsheet's idea of a number
		return false
	case n == 12:
		b.record.ID = cell
	case n == 9:
		b.record.OldID = cell
	default:
		return false
	}
	return true
}

func readBirth(b *builder, cell string) (ok bool) {
	b.record.Birth, ok = readDate(cell)
	return ok
}

func readLeave(b *builder, cell string) (ok bool) {
	b.stay.Leave, ok = readDate(cell)
	return ok && b.stay.Leave.Day() != 0
}

func readDate(cell string) (vneid.Date, bool) {
	if cell == "" {
		return vneid.Date{}, true
	}
	d, err := vneid.ParseDate(cell)
	return d, err == nil && !d.IsForever()
}

func readSex(b *builder, cell string) bool {
	switch viet.Fold(cell) {
	case "":
	case "nam", "male", "m":
		b.record.Sex = vneid.Male
	case "nu", "female", "f":
		b.record.Sex = vneid.Female
	default:
		return false
	}
	return true
}

func sexWord(s vneid.Sex) string {
	switch s {
	case vneid.Male:
		return "Nam"
	case vneid.Female:
		return "Nữ"
	}
	return ""
}

// arrivals are the spellings of a minute, in Vietnam's time.
var arrivals = []string{"02/01/2006 15:04", "02/01/2006 15:04:05", "2/1/2006 15:04", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05"}

func readArrival(b *builder, cell string) bool {
	for _, layout := range arrivals {
		if t, err := time.ParseInLocation(layout, cell, servicewire.Zone); err == nil {
			b.stay.Arrive = t
			return true
		}
	}
	return false
}

func writeArrival(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(servicewire.Zone).Format(arrivals[0])
}

func readWith(b *builder, cell string) bool {
	if cell == "" || cell == "0" {
		return true
	}
	n, err := strconv.Atoi(cell)
	b.stay.With = n
	return err == nil && n > 0 && n <= maxStays
}

func row(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// ReadCSV reads an evening from a file: a line of headings, then a row per guest. The
// separator is a comma, a semicolon or a tab, whichever the headings have. facility is
// the code for rows that name none. A row that cannot be read is in the result, in its
// place, and Submit refuses it with the name of the column; an error, ErrMalformed, is
// for a file that is no such table.
func ReadCSV(r io.Reader, facility string) ([]Stay, error) {
	rows, err := readRows(r)
	if err != nil {
		return nil, fault.Prefix("stays", err)
	}
	if len(rows) == 0 {
		return nil, fault.New(vneid.ErrMalformed, "stays: the file is empty")
	}
	heads, err := headings(rows[0])
	if err != nil {
		return nil, fault.Prefix("stays", err)
	}
	var out []Stay
	var names []string
	for _, cells := range rows[1:] {
		b := readRow(heads, cells, facility)
		out, names = append(out, b.stay), append(names, b.no)
	}
	adults(out, names)
	return out, nil
}

// adults turns the numbers of Đi cùng, which are those that STT shows, into rows. Where
// STT is not filled in they are rows already.
func adults(stays []Stay, names []string) {
	at := map[string]int{}
	for i, name := range names {
		if name == "" {
			return
		}
		if _, twice := at[name]; twice {
			at[name] = 0 // of two rows with one number none is meant
		} else {
			at[name] = i + 1
		}
	}
	for i := range stays {
		if s := &stays[i]; s.With > 0 {
			if s.With = at[strconv.Itoa(s.With)]; s.With == 0 && s.bad == nil {
				s.bad = &Error{Code: servicewire.Malformed, Kind: vneid.ErrMalformed, Cell: "Đi cùng"}
			}
		}
	}
}

func readRows(r io.Reader) ([][]string, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	switch {
	case err != nil:
		return nil, fault.Wrap(vneid.ErrUnavailable, err, "the file cannot be read")
	case len(data) > maxFile:
		return nil, fault.New(vneid.ErrMalformed, "the file is larger than 1 MiB")
	}
	data = bytes.TrimPrefix(data, []byte(bom))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, fault.New(vneid.ErrMalformed, "the file is not UTF-8: save it as CSV UTF-8")
	}
	c := csv.NewReader(bytes.NewReader(data))
	c.Comma, c.FieldsPerRecord = separator(data), -1
	var rows [][]string
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		switch {
		case err != nil:
			return nil, fault.New(vneid.ErrMalformed, "the file is not a table of comma-separated values")
		case len(cells) > maxColumns || len(rows) > maxStays:
			return nil, fault.New(vneid.ErrMalformed, "the file has more than 1,000 rows or 40 columns")
		case strings.TrimSpace(strings.Join(cells, "")) != "":
			rows = append(rows, cells)
		}
	}
}

// separator is what the first line has most of.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', 0
	for _, sep := range ",;\t" {
		if n := strings.Count(string(line), string(sep)); n > most {
			best, most = sep, n
		}
	}
	return best
}

// headings finds the column of every cell of the first line; nil for one that nobody
// reads.
func headings(cells []string) ([]*column, error) {
	all := columns()
	out := make([]*column, len(cells))
	seen := map[string]bool{}
	for i, cell := range cells {
		name := viet.Fold(strings.TrimSpace(viet.NFC(plainCell(cell))))
		for j := range all {
			c := &all[j]
			if name == viet.Fold(c.vi) || name == viet.Fold(c.en) || contains(c.also, name) {
				if seen[c.en] {
					return nil, fault.New(vneid.ErrMalformed, "the file has a column twice: %s", c.en)
				}
				seen[c.en], out[i] = true, c
			}
		}
	}
	for _, need := range []string{"Full name", "Arrival", "Leaving"} {
		if !seen[need] {
			return nil, fault.New(vneid.ErrMalformed, "the file has no column %s", need)
		}
	}
	return out, nil
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// readRow reads a row; what cannot be read is noted in it.
func readRow(heads []*column, cells []string, facility string) *builder {
	b := &builder{stay: Stay{Facility: facility}}
	bad := ""
	for i, cell := range cells {
		cell = strings.TrimSpace(viet.NFC(plainCell(cell)))
		if i >= len(heads) || heads[i] == nil || cell == "" && heads[i].en == "Facility" {
			continue
		}
		if (utf8.RuneCountInString(cell) > maxCell || !heads[i].read(b, cell)) && bad == "" {
			bad = heads[i].vi
		}
	}
	b.stay.Guest = Typed(b.record, b.passport)
	if bad != "" {
		b.stay.bad = &Error{Code: servicewire.Malformed, Kind: vneid.ErrMalformed, Cell: bad}
	}
	return b
}

// Unread returns why a row of a file could not be read, nil for a good one and for one
// that is of no file.
func (s Stay) Unread() error { return s.bad }

// String shows whose it is, masked.
func (s Stay) String() string { return fmt.Sprintf("stay of %v", s.Guest) }
