// Only this module makes answers that nobody signed.
package program

import "github.com/vneid-sdk/vneid-go/vneid/share"

var u share.Unsigned

var named = u.Subject // ok

func make() {
	_, _ = u.Records(share.Request{})       // want "not enough arguments in call"
	_, _ = u.Records(share.Request{}, true) // want "cannot use true"
}
