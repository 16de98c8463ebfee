package vneidtest

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// CardText returns what the QR code printed on a person's card says: seven fields
// on a CCCD of 2021, eleven on a Căn cước of 2024, unsigned. It is empty for a
// foreigner, who has no card, and for whom only a year of birth is known, since
// what their cards print is not public. The order of the last four fields is
// inferred.
func (p *Platform) CardText(handle string) string {
	p.t.Helper()
	r := p.Person(handle).Record
	if r.ID == "" || r.Birth.Day() == 0 {
		return ""
	}
	compact := func(d vneid.Date) string { return strings.ReplaceAll(d.Printed(), "/", "") }
	sex := "Nam"
	if r.Sex == vneid.Female {
		sex = "Nữ"
	}
	old := r.OldID
	if len(old) != 9 { // the slot is for the nine-digit CMND
		old = ""
	}
	fields := []string{r.ID, old, r.Name, compact(r.Birth), sex, r.Residence.Text, compact(r.CardIssued)}
	if r.CardIssuer == "Bộ Công an" {
		fields = append(fields, strings.Join(r.FormerIDs, ","), r.Father, r.Mother, "")
	}
	return strings.Join(fields, "|")
}
