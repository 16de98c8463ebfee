package personas

import "github.com/vneid-sdk/vneid-go/vneid"

// date is for the table's own dates alone.
func date(string) vneid.Date { return vneid.Date{} }
