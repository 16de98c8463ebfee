// A number of an old identity card does not pass for a personal number, whose
// type it shares in all but name.
package program

import "github.com/vneid-sdk/vneid-go/vneid"

func find(vneid.CitizenID) {}

func search(id vneid.CitizenID, old vneid.OldID) {
	find(id)                                                // ok
	find(old)                                               // want "as vneid.CitizenID value"
	_ = vneid.History{Current: id, Old: []vneid.OldID{old}} // ok
	_ = vneid.History{Current: old}                         // want "cannot use old"
}
