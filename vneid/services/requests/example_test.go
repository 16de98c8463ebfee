package requests_test

import (
	"fmt"

	"github.com/vneid-sdk/vneid-go/vneid/services/requests"
)

// A ticket is looked up until it goes nowhere any more.
func ExampleState_Final() {
	for _, s := range []requests.State{requests.Received, requests.Processing, requests.NeedsMore, requests.Done, requests.Verified, requests.Refused} {
		fmt.Println(s, s.Final())
	}
	// Output:
	// received false
	// processing false
	// needs-more false
	// done true
	// verified true
	// refused true
}
