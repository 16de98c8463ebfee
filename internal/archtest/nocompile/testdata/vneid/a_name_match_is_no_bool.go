// Whether two names agree is not a yes or no.
package program

import "github.com/vneid-sdk/vneid-go/vneid"

func same(a, b string) bool {
	return vneid.CompareNames(a, b) >= vneid.NamesUnaccented // ok
	return vneid.CompareNames(a, b)                          // want "as bool value in return statement"
}
