package sharewire

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/viet"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
)

// Advice is limited to what the request itself decides. Whether a claim serves the
// purpose nobody can tell from its words.

// longRetention is how many days are long without a law that asks for them: our own
// measure, since the law names none for relying parties.
const longRetention = 365

func (f *findings) advise(d Details) {
	f.adviseTimes(d)
	if d.Basis.Kind == wire.BasisContract && d.Basis.Citation == "" {
		f.warn("basis.citation", "nên nêu hợp đồng hoặc dịch vụ cần dữ liệu này", "say which contract needs the data")
	}
	for i, w := range d.Documents {
		where := fmt.Sprintf("documents[%d]", i)
		f.adviseWhole(where, w)
		f.adviseNarrower(where, w, d)
		f.adviseSensitive(where, w)
		f.adviseCard(where, w, d.Documents)
	}
}

func (f *findings) adviseTimes(d Details) {
	if d.RetentionDays > longRetention && d.Basis.Kind != wire.BasisLaw {
		f.warn("retention_days", "lưu giữ quá một năm mà không có luật yêu cầu: chỉ lưu trong thời gian cần cho mục đích",
			"kept for more than a year without a law that asks for it: keep data as long as the purpose needs")
	}
	if !d.Store && d.RetentionDays > 0 {
		f.warn("retention_days", "chỉ xem mà lại có thời hạn lưu giữ: hãy chọn một trong hai", "looked at only, and yet with a retention: choose one of the two")
	}
	if d.Periodic != nil && !slices.ContainsFunc(d.Documents, changes) {
		f.warn("mode", "những thông tin này không thay đổi: hãy hỏi một lần", "none of this changes: ask once")
	}
	if d.Periodic != nil && !d.Store {
		f.warn("mode", "lấy định kỳ mà không lưu: nếu mỗi lần cần thì hãy hỏi khi cần", "fetched again and again, and not stored: ask when it is needed")
	}
}

// changes reports whether another fetch could bring something new.
func changes(w Document) bool {
	if w.Kind == document.OldCard {
		return false
	}
	grown := func(p Predicate) bool { return p.Years() > 0 } // whoever is of age stays so
	lasting := func(c Claim) bool {
		return slices.Contains([]string{"id", "birth", "birthplace", "sex", "origin", "father", "mother", "old_id"}, c.Name)
	}
	for _, p := range w.Predicates {
		if !grown(p) {
			return true
		}
	}
	return slices.ContainsFunc(w.Claims, func(c Claim) bool { return !lasting(c) })
}

func (f *findings) adviseWhole(where string, w Document) {
	if known := len(paper.Claims(w.Kind)); known > 3 && len(w.Claims) == known {
		f.warn(where+".claims", "yêu cầu toàn bộ giấy tờ: chỉ yêu cầu thông tin cần cho mục đích", "the whole document is asked for: ask for what the purpose needs")
	}
	needed := func(c Claim) bool { return c.Essential }
	asked := func(p Predicate) bool { return p.Essential }
	if w.Essential && !slices.ContainsFunc(w.Claims, needed) && !slices.ContainsFunc(w.Predicates, asked) {
		f.warn(where+".essential", "giấy tờ bắt buộc mà không có thông tin nào bắt buộc", "the document is essential, and nothing in it is")
	}
}

// narrower says which claims tell less and are often enough.
var narrower = map[document.Kind]map[string][]string{
	document.Residence:       {"permanent": {"province", "commune"}},
	document.Dependants:      {"people": {"count"}},
	document.SocialInsurance: {"periods": {"months", "active"}},
	document.JudicialRecord:  {"convictions": {"convicted"}},
}

func (f *findings) adviseNarrower(where string, w Document, d Details) {
	for i, c := range w.Claims {
		at := fmt.Sprintf("%s.claims[%d]", where, i)
		switch {
		case c.Name == "birth" && (d.asks(func(p Predicate) bool { return p.Years() > 0 }) || d.aboutAge()):
			f.warn(at, "mục đích là độ tuổi: hãy hỏi đủ tuổi hay không (age>=n) thay cho ngày sinh", "this is about an age: ask whether it is reached (age>=n) instead of the date of birth")
		case c.Name == "classes" && d.asks(func(p Predicate) bool { return p.Class() != "" }):
			f.warn(at, "đã hỏi giấy phép có hạng cần thiết hay không: không cần danh sách các hạng", "whether the licence includes the class is asked already: the list of classes is not needed")
		case c.Name == "permanent" && d.aboutProvince():
			f.warn(at, "mục đích là cấp tỉnh: hãy hỏi province thay cho địa chỉ đầy đủ", "this is about a province: ask for province instead of the full address")
		}
	}
	for i, c := range w.Claims {
		j := slices.IndexFunc(narrower[w.Kind][c.Name], func(narrow string) bool { return w.index(narrow) >= 0 })
		if j >= 0 {
			narrow := narrower[w.Kind][c.Name][j]
			f.warn(fmt.Sprintf("%s.claims[%d]", where, i), c.Name+" nói nhiều hơn "+narrow+" đã yêu cầu: hãy chọn cái ít hơn nếu đủ",
				c.Name+" says more than "+narrow+", which is asked for too: choose the lesser if it does")
		}
	}
}

func (w Document) index(claim string) int {
	return slices.IndexFunc(w.Claims, func(c Claim) bool { return c.Name == claim })
}

func (d Details) asks(is func(Predicate) bool) bool {
	return slices.ContainsFunc(d.Documents, func(w Document) bool { return slices.ContainsFunc(w.Predicates, is) })
}

// aboutAge reports whether the purpose's own words are about an age.
func (d Details) aboutAge() bool {
	return d.words([]string{"age", "adult", "minor"}, []string{"do tuoi", "du tuoi", "du 18 tuoi", "tuoi toi thieu"})
}

func (d Details) aboutProvince() bool { return d.words([]string{"province"}, []string{"cap tinh"}) }

func (d Details) words(code, vi []string) bool {
	folded := viet.Fold(d.Purpose.VI)
	return slices.ContainsFunc(code, func(w string) bool { return slices.Contains(strings.Split(d.Purpose.Code, "-"), w) }) ||
		slices.ContainsFunc(vi, func(w string) bool { return strings.Contains(folded, w) })
}

// aside are claims that are rarely what a service cannot do without, and some of
// which are sensitive personal data.
var aside = []string{"ethnicity", "religion", "blood", "father", "mother", "spouse", "other_name", "email", "phone"}

func (f *findings) adviseSensitive(where string, w Document) {
	for i, c := range w.Claims {
		if c.Essential && slices.Contains(aside, c.Name) {
			f.warn(fmt.Sprintf("%s.claims[%d].essential", where, i), "thông tin này hiếm khi bắt buộc: hãy để công dân tự chọn", "this is rarely essential: let the citizen choose")
		}
	}
}

// adviseCard knows two rules for those who have seen the card.
func (f *findings) adviseCard(where string, w Document, all []Document) {
	card := w.Kind == document.CitizenCard || w.Kind == document.ElectronicID
	for i, c := range w.Claims {
		at := fmt.Sprintf("%s.claims[%d]", where, i)
		if c.Name == "old_id" {
			f.warn(at, "số CMND cũ có trong mã QR của thẻ: không được yêu cầu xác nhận số CMND (Nghị định 70/2024 Điều 12.1)",
				"the code on the card has the old number: no confirmation of it may be demanded (Decree 70/2024 Art. 12.1)")
		}
		for _, other := range all {
			onCard := other.Kind == document.CitizenCard || other.Kind == document.ElectronicID
			if !card && onCard && other.index(c.Name) >= 0 && common(c.Name) {
				f.warn(at, "thẻ căn cước đã có thông tin này: không yêu cầu lại trên giấy tờ khác (Luật Căn cước Điều 20.3)",
					"the identity card says this already: it is not asked for on another paper (Law 26/2023 Art. 20.3)")
				break
			}
		}
	}
}

// common reports whether a claim means the same on every document; number, issued and
// the like are each document's own.
func common(claim string) bool {
	return slices.Contains([]string{"id", "foreigner_id", "name", "birth", "birthplace", "sex", "nationality", "origin", "residence", "ethnicity", "religion"}, claim)
}
