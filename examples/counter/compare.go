package main

import (
	"slices"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// comparison is all the evidence side by side.
type comparison struct {
	Pieces  []piece
	Rows    []row
	Verdict verdict.Verdict
}

// row is one fact in all the evidence. The first cell's value is the one that counts.
type row struct {
	Label ui.Text
	From  ui.Text // whose value counts
	Cells []cell  // in the order of the pieces
}

// Value is the one that counts, or the first that there is where nothing was verified.
func (r row) Value() (out ui.Text) {
	for _, c := range r.Cells {
		if c.How == counts {
			return c.Value
		}
		if out.Vi == "" {
			out = c.Value
		}
	}
	return out
}

// Said is how many pieces say something, Agreed whether all of them say the same.
func (r row) Said() (n int) {
	for _, c := range r.Cells {
		if c.How != absent {
			n++
		}
	}
	return n
}

func (r row) Agreed() bool {
	return !slices.ContainsFunc(r.Cells, func(c cell) bool { return c.How != absent && c.How != counts && c.How != same })
}

// cell is how one piece's value compares with the one that counts.
type cell struct {
	Value ui.Text
	How   how
}

// how is the outcome of a comparison.
type how int

const (
	absent   how = iota // the piece does not say
	counts              // this is the value that counts
	same                // the same
	nearly              // the same but for diacritics, or cut off: a clerk looks
	former              // a cancelled or old number of the same person
	differs             // another value; the one that counts stands
	stranger            // another person's
	open                // the two cannot be compared
)

// words are what pages call it, with the colour.
var words = map[how]struct {
	Text  ui.Text
	Class string
}{
	absent:   {ui.Text{Vi: "không có", En: "does not say"}, "soft"},
	counts:   {ui.Text{Vi: "được dùng", En: "counts"}, "good"},
	same:     {ui.Text{Vi: "trùng khớp", En: "agrees"}, "good"},
	nearly:   {ui.Text{Vi: "trùng khi bỏ dấu hoặc bị cắt", En: "agrees without diacritics, or cut off"}, "warn"},
	former:   {ui.Text{Vi: "số cũ của cùng người", En: "an old number of the same person"}, "warn"},
	differs:  {ui.Text{Vi: "khác", En: "differs"}, "warn"},
	stranger: {ui.Text{Vi: "của người khác", En: "another person's"}, "problem"},
	open:     {ui.Text{Vi: "ghi khác, chưa so được", En: "worded otherwise; cannot be compared"}, "soft"},
}

// Text and Class are for templates.
func (h how) Text() ui.Text { return words[h].Text }
func (h how) Class() string { return words[h].Class }

// field is one fact: how it is read out of a piece, and compared with the one that counts.
type field struct {
	label ui.Text
	value func(*piece) ui.Text
	match func(base, p *piece) how
}

var fields = []field{
	{ui.Text{Vi: "Số định danh cá nhân", En: "Personal number"}, func(p *piece) ui.Text { return plain(masked(p.record)) }, matchNumber},
	{ui.Text{Vi: "Họ và tên", En: "Full name"}, func(p *piece) ui.Text { return plain(p.record.Name) }, matchName},
	{ui.Text{Vi: "Ngày sinh", En: "Date of birth"}, func(p *piece) ui.Text { return plain(p.record.Birth.Printed()) }, func(b, p *piece) how {
		return either(b.record.Birth.Agrees(p.record.Birth))
	}},
	{ui.Text{Vi: "Giới tính", En: "Sex"}, func(p *piece) ui.Text { return sexes[p.record.Sex] }, func(b, p *piece) how {
		return either(b.record.Sex == p.record.Sex)
	}},
	{ui.Text{Vi: "Nơi cư trú", En: "Residence"}, func(p *piece) ui.Text { return plain(p.record.Residence.Text) }, matchPlace},
	{ui.Text{Vi: "Thẻ có giá trị đến", En: "Card valid until"}, func(p *piece) ui.Text { return plain(p.record.CardExpires.Printed()) }, func(b, p *piece) how {
		return either(b.record.CardExpires == p.record.CardExpires)
	}},
}

func plain(s string) ui.Text { return ui.Text{Vi: s, En: s} }

var sexes = map[vneid.Sex]ui.Text{vneid.Male: {Vi: "Nam", En: "Male"}, vneid.Female: {Vi: "Nữ", En: "Female"}}

func either(equal bool) how {
	if equal {
		return same
	}
	return differs
}

// matchNumber knows the cancelled numbers and the CMND of a person. Two people with the
// same name and day of birth are told apart here and nowhere else.
func matchNumber(base, p *piece) how {
	m, back := base.history.Match(p.record.ID), p.history.Match(base.record.ID)
	switch {
	case m.Current():
		return same
	case !m.None(), !back.None():
		return former
	}
	return stranger
}

func matchName(base, p *piece) how {
	switch vneid.CompareNames(base.record.Name, p.record.Name) {
	case vneid.NamesEqual:
		return same
	case vneid.NamesUnaccented, vneid.NamesTruncated:
		return nearly
	}
	return differs
}

func matchPlace(base, p *piece) how {
	if base.record.Residence.Text == p.record.Residence.Text {
		return same
	}
	if in, known := base.record.Residence.SameProvince(p.record.Residence); known && !in {
		return differs
	}
	return open // the same province, or worded otherwise: nobody moves by a comparison
}

// masked shows the last digits of the number.
func masked(r vneid.Record) string {
	id, err := vneid.ParseCitizenID(r.ID)
	if err != nil {
		return ""
	}
	return id.String()
}

// compare puts the evidence side by side. What was refused takes no part.
func compare(found []piece) *comparison {
	c := &comparison{Pieces: found}
	for _, f := range fields {
		c.Rows = append(c.Rows, f.row(found))
	}
	c.Verdict = c.judge()
	return c
}

// row finds the value that counts, of the highest rank, and compares the others with it.
func (f field) row(found []piece) row {
	r := row{Label: f.label, Cells: make([]cell, len(found))}
	base := -1
	for i := range found {
		p := &found[i]
		r.Cells[i].Value = f.value(p)
		if p.verified && r.Cells[i].Value.Vi != "" && (base < 0 || p.rank < found[base].rank) {
			base = i
		}
	}
	for i := range found {
		switch {
		case r.Cells[i].Value.Vi == "":
		case base < 0:
			r.Cells[i].How = open
		case i == base:
			r.Cells[i].How, r.From = counts, found[i].Name
		default:
			r.Cells[i].How = f.match(&found[base], &found[i])
		}
	}
	return r
}

// judge words the whole. Unsigned text makes nothing better, and worse only where it is
// somebody else's: then a clerk looks at the card.
func (c *comparison) judge() verdict.Verdict {
	verified := func(i int) bool { return c.Pieces[i].verified }
	switch {
	case c.any(0, verified, stranger):
		return verdict.Verdict{Word: notValid, Class: "problem",
			Reason: ui.Text{Vi: "Bằng chứng của nhiều người khác nhau", En: "Evidence of several people"},
			Advice: ui.Text{Vi: "Không gộp các bằng chứng. Hỏi lại xem có cầm nhầm thẻ hoặc điện thoại không.", En: "Do not put it together. Ask whether a card or a telephone was mixed up."}}
	case slices.ContainsFunc(c.Pieces, func(p piece) bool { return p.Verdict.Class == "problem" }):
		return verdict.Verdict{Word: notValid, Class: "problem",
			Reason: ui.Text{Vi: "Một bằng chứng không qua kiểm tra", En: "Some evidence did not pass"},
			Advice: ui.Text{Vi: "Làm theo hướng dẫn của bằng chứng đó; phần còn lại vẫn đúng với chính nó.", En: "Do as that evidence's line says; the others stand for themselves."}}
	case !slices.ContainsFunc(c.Pieces, func(p piece) bool { return p.verified }):
		return verdict.Unchecked(ui.Text{Vi: "Chưa có bằng chứng nào được xác minh", En: "No evidence was verified"},
			ui.Text{Vi: "Đề nghị đăng nhập, mở mã QR định danh hoặc đọc chip.", En: "Ask for a login, for the identification code, or read the chip."})
	case c.any(1, verified, nearly, differs), c.any(2, verified, differs), c.any(3, verified, differs):
		return verdict.Unchecked(ui.Text{Vi: "Cùng số, nhưng họ tên, ngày sinh hoặc giới tính cần được xem lại", En: "One number, but name, birth or sex have to be looked at"},
			ui.Text{Vi: "Dùng giá trị của căn cước điện tử (Luật Căn cước, Điều 33.2) và đề nghị cấp đổi thẻ.", En: "Use the electronic identity card's value (Law 26/2023 Art. 33.2), and have the card exchanged."})
	case slices.ContainsFunc(c.Pieces, func(p piece) bool { return p.Verdict.Class == "warn" && p.rank != printed }):
		return verdict.Unchecked(ui.Text{Vi: "Một bằng chứng chưa xác minh được", En: "Some evidence could not be verified"},
			ui.Text{Vi: "Làm theo hướng dẫn của bằng chứng đó; phần còn lại vẫn đúng với chính nó.", En: "Do as that evidence's line says; the others stand for themselves."})
	}
	if c.any(0, func(int) bool { return true }, stranger) {
		return verdict.Unchecked(ui.Text{Vi: "Chữ in trên thẻ là của người khác", En: "The card's print is another person's"},
			ui.Text{Vi: "Hãy xem lại thẻ: có thể cầm nhầm. Đọc chip để biết chắc.", En: "Look at the card: it may be mixed up. Read its chip to know."})
	}
	v := verdict.Verified()
	v.Reason = ui.Text{Vi: "Cùng một người trong mọi bằng chứng đã xác minh", En: "One person in all verified evidence"}
	v.Advice = ui.Text{Vi: "Hãy đối chiếu khuôn mặt với ảnh: chương trình này không so khuôn mặt.", En: "Compare the face with the portrait: this program compares no faces."}
	if c.any(0, verified, former) || c.any(4, verified, differs) || c.any(5, verified, differs) {
		v.Advice = ui.Text{
			Vi: "Thẻ cũ hơn căn cước điện tử: dùng giá trị của căn cước điện tử (Luật Căn cước, Điều 33.2), đề nghị cấp đổi thẻ. " + v.Advice.Vi,
			En: "The card is older than the electronic identity card: use the latter's values (Law 26/2023 Art. 33.2), and have the card exchanged. " + v.Advice.En,
		}
	}
	return v
}

var notValid = ui.Text{Vi: "Không hợp lệ", En: "Not valid"}

// any reports whether a row has one of some outcomes among the pieces that matter.
func (c *comparison) any(n int, matters func(int) bool, hows ...how) bool {
	for i, one := range c.Rows[n].Cells {
		if matters(i) && slices.Contains(hows, one.How) {
			return true
		}
	}
	return false
}

func (c *comparison) status() int {
	switch c.Verdict.Class {
	case "good":
		return passed
	case "problem":
		return refused
	}
	return unknown
}
