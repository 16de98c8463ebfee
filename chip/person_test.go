package chip

import (
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Two descriptions of one person, field by field. The twin of each is the first row.
func TestWhatDG13MayContradict(t *testing.T) {
	id, err := vneid.ParseCitizenID("999090000001")
	if err != nil {
		t.Fatal(err)
	}
	date := func(s string) vneid.Date {
		d, err := vneid.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	agreed := Details{ID: "999090000001", Name: "Nguyễn Văn An", Birth: date("1990-01-01"), Sex: vneid.Male, Expires: date("2030-02-14")}
	for _, c := range []struct {
		name   string
		change func(*Details)
		want   string
	}{
		{"the same", func(*Details) {}, ""},
		{"nothing said", func(d *Details) { *d = Details{} }, ""},
		{"another number", func(d *Details) { d.ID = "999090000002" }, "number-differs"},
		{"the year of birth alone", func(d *Details) { d.Birth = date("1990") }, ""},
		{"month and year of birth alone", func(d *Details) { d.Birth = date("1990-01") }, ""},
		{"another month of birth", func(d *Details) { d.Birth = date("1990-02") }, "birth-differs"},
		{"another year of birth", func(d *Details) { d.Birth = date("1991") }, "birth-differs"},
		{"another day of birth", func(d *Details) { d.Birth = date("1990-01-02") }, "birth-differs"},
		{"the other sex", func(d *Details) { d.Sex = vneid.Female }, "sex-differs"},
		{"another expiry", func(d *Details) { d.Expires = date("2030-02-15") }, "expiry-differs"},
		{"no expiry ever", func(d *Details) { d.Expires = vneid.Forever() }, "expiry-differs"},
		{"another name", func(d *Details) { d.Name = "Trần Thị Bình" }, "name-differs"},
	} {
		zone, err := MRZFields{ID: id, Birth: agreed.Birth, Expires: agreed.Expires, Sex: vneid.Male, Surname: "Nguyễn", Given: "Văn An"}.Compose()
		if err != nil {
			t.Fatal(err)
		}
		e := &examination{zone: zone, fields: zone.Fields(), details: agreed}
		c.change(&e.details)
		if got := e.differs(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
