package personas

import "github.com/vneid-sdk/vneid-go/vneid"

// date reads the table's own dates; a test keeps them readable.
func date(s string) vneid.Date {
	d, err := vneid.ParseDate(s)
	if err != nil {
		return vneid.Date{}
	}
	return d
}
