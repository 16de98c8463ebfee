package registers

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// shelf is a Source of the invented people, with what a test changes.
type shelf map[Register]map[string]*Entry

func (s shelf) Entry(r Register, number string) (*Entry, error) {
	if number == "trouble" {
		return nil, errors.New("trouble")
	}
	return s[r][number], nil
}

func people(t *testing.T) shelf {
	t.Helper()
	s := shelf{Population: {}, Cards: {}, Immigration: {}}
	for _, p := range personas.All() {
		one := func() *Entry { return &Entry{Record: p.Record} }
		if p.Record.ID == "" {
			e := one()
			e.Permit = date(t, "2028-01-01")
			s[Immigration][p.Username()] = e
			continue
		}
		s[Population][p.Username()], s[Cards][p.Username()] = one(), one()
	}
	return s
}

func date(t *testing.T, s string) vneid.Date {
	t.Helper()
	d, err := vneid.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const an = "999090000001"

func TestARegisterSaysWhatItFinds(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		register Register
		edit     func(*Entry) // of the entry of the person asked about
		ask      func(*Person)
		want     Result
		fields   []string
	}{
		"a match":                         {register: Population, want: Matched},
		"a match of a card":               {register: Cards, want: Matched},
		"a name without diacritics":       {register: Population, ask: func(p *Person) { p.Name = "nguyen van an" }, want: Matched},
		"only the year of birth is said":  {register: Population, ask: func(p *Person) { p.Birth = date(t, "1990") }, want: Matched},
		"nobody":                          {register: Population, ask: func(p *Person) { p.Number = "999090000099" }, want: NotFound},
		"another name":                    {register: Population, ask: func(p *Person) { p.Name = "Nguyễn Văn Ân Ân" }, want: Mismatch, fields: []string{"name"}},
		"another birth date":              {register: Population, ask: func(p *Person) { p.Birth = date(t, "1990-02-15") }, want: Mismatch, fields: []string{"birth"}},
		"the other sex, another state":    {register: Population, ask: func(p *Person) { p.Sex, p.Nationality = vneid.Female, "UTO" }, want: Mismatch, fields: []string{"sex", "nationality"}},
		"a death":                         {register: Population, edit: func(e *Entry) { e.Died = date(t, "2026-11-01") }, want: Dead},
		"a mismatch about who died":       {register: Population, edit: func(e *Entry) { e.Died = date(t, "2026-11-01") }, ask: func(p *Person) { p.Name = "X" }, want: Mismatch, fields: []string{"name"}},
		"no card":                         {register: Cards, edit: func(e *Entry) { e.Record.CardIssued = vneid.Date{} }, want: NoCard},
		"a card that was revoked":         {register: Cards, edit: func(e *Entry) { e.Revoked = true }, want: CardRevoked},
		"a card that ended yesterday":     {register: Cards, edit: func(e *Entry) { e.Record.CardExpires = date(t, "2026-11-21") }, want: CardExpired},
		"a card on its last day":          {register: Cards, edit: func(e *Entry) { e.Record.CardExpires = date(t, "2026-11-22") }, want: Matched},
		"a card without expiry":           {register: Cards, edit: func(e *Entry) { e.Record.CardExpires = vneid.Forever() }, want: Matched},
		"the newest card was shown":       {register: Cards, ask: func(p *Person) { p.CardIssued, p.CardExpires = date(t, "2024-08-15"), date(t, "2030-02-14") }, want: Matched},
		"a former card was shown":         {register: Cards, ask: func(p *Person) { p.CardIssued = date(t, "2021-01-01") }, want: CardOther},
		"a card without expiry was shown": {register: Cards, ask: func(p *Person) { p.CardExpires = vneid.Forever() }, want: CardOther},
		"a citizen among foreigners":      {register: Immigration, want: NotFound},
	} {
		s := people(t)
		if c.edit != nil {
			c.edit(s[c.register][an])
		}
		who := Person{Number: an, Name: "Nguyễn Văn An", Birth: date(t, "1990-02-14"), Sex: vneid.Male, Nationality: "VNM"}
		if c.ask != nil {
			c.ask(&who)
		}
		d := &Desk{Now: func() time.Time { return now }}
		f, err := d.Ask(t.Context(), s, c.register, who)
		if err != nil || f.Result != c.want || !slices.Equal(f.Fields, c.fields) || f.Register != c.register || !f.At.Equal(now) {
			t.Errorf("%s: %+v %v, want %s %v", name, f, err, c.want, c.fields)
		}
		if (f.Entry != nil) != (c.want == Matched) {
			t.Errorf("%s: an entry without a match, or none with one", name)
		}
	}
}

func TestForeignersNeedAResidenceCard(t *testing.T) {
	const john = "99900000000020"
	for permit, want := range map[string]Result{"": NoPermit, "2026-11-21": NoPermit, "2026-11-22": Matched} {
		s := people(t)
		s[Immigration][john].Permit = vneid.Date{}
		if permit != "" {
			s[Immigration][john].Permit = date(t, permit)
		}
		d := &Desk{Now: func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }}
		if f, err := d.Ask(t.Context(), s, Immigration, Person{Number: john, Name: "JOHN EXAMPLE SAMPLE"}); err != nil || f.Result != want {
			t.Errorf("residence card to %q: %+v %v", permit, f, err)
		}
	}
}

func TestARegisterThatIsOffAnswersNothing(t *testing.T) {
	var d Desk
	s := people(t)
	if err := d.Switch(Cards, true); err != nil {
		t.Fatal(err)
	}
	for number, want := range map[string]Result{an: Unavailable, "nobody": Unavailable, "trouble": Unavailable} {
		if f, err := d.Ask(t.Context(), s, Cards, Person{Number: number}); err != nil || f.Result != want {
			t.Errorf("%s: %+v %v", number, f, err)
		}
	}
	if f, err := d.Ask(t.Context(), s, Population, Person{Number: an}); err != nil || f.Result != Matched || d.Off(Population) {
		t.Error("the other registers are off too", f, err)
	}
	if err := d.Switch(Cards, false); err != nil || d.Off(Cards) {
		t.Error("it stays off", err)
	}
	if _, err := d.Ask(t.Context(), s, Cards, Person{Number: "trouble"}); err == nil {
		t.Error("trouble of the source is hidden")
	}
	if d.Switch("library", true) == nil {
		t.Error("a register that is none")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if f, _ := d.Ask(ended, s, Cards, Person{Number: an}); f.Result != Unavailable {
		t.Error("an ended context is answered", f)
	}
}

func TestEveryRegisterHasItsNames(t *testing.T) {
	for _, r := range append(All(), "x") {
		if vi, en := r.Label(); vi == "" || en == "" {
			t.Errorf("%q has no name", r)
		}
	}
}
